//! Regular expressions of rules: how they are completed and compiled, and which literals they cannot match without.
//!
//! `{{months}}` is replaced by `(?:september|march|…)`: the phrases of the list, escaped, longest first, so that `sept` never
//! hides `september`. Nothing else is changed. Matching takes linear time whatever the pattern; [`SIZE_LIMIT`] bounds memory.

use std::ops::Range;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::{Ast, ClassSet, ClassSetItem, RepetitionKind, RepetitionRange};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

use super::lists::{Lists, is_name};
use crate::rules::Fold;
use crate::text::{fold, masks};

/// Most bytes of a pattern as written.
pub const LENGTH_LIMIT: usize = 1000;

/// Most bytes of a compiled pattern; the `regex` crate's own limit, so that what compiles elsewhere compiles here.
pub const SIZE_LIMIT: usize = 10 << 20;

/// Compiles a pattern of a [`Rule`](super::Rule), the same way everywhere.
///
/// # Errors
/// When it is malformed or too large.
pub fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(SIZE_LIMIT).build()
}

/// A pattern with its lists put in.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    /// What is compiled.
    pub(super) pattern: String,
    /// Pairs of places, in the expanded and in the written pattern, from which both run alike or a list begins.
    borders: Vec<(usize, usize)>,
    /// Lists that do not exist, with their places in the written pattern.
    pub(super) undefined: Vec<(String, Range<usize>)>,
}

impl Expanded {
    /// The place in the written pattern for one in the expanded.
    pub(super) fn written(&self, at: usize) -> usize {
        let border = self.borders.partition_point(|&(expanded, _)| expanded <= at);
        let Some(&(expanded, written)) = border.checked_sub(1).and_then(|border| self.borders.get(border)) else { return at };
        let limit = self.borders.get(border).map_or(usize::MAX, |&(_, next)| next);
        (written + (at - expanded)).min(limit)
    }
}

/// Puts lists into a pattern.
pub(super) fn expand(written: &str, lists: &Lists) -> Expanded {
    let mut out = Expanded { borders: vec![(0, 0)], ..Expanded::default() };
    let mut at = 0;
    while let Some((range, name)) = next_list(written, at) {
        out.pattern.push_str(&written[at..range.start]);
        out.borders.push((out.pattern.len(), range.start));
        match lists.written(name) {
            Some(phrases) => out.pattern.push_str(&alternatives(phrases)),
            None => out.undefined.push((name.to_owned(), range.clone())),
        }
        out.borders.push((out.pattern.len(), range.end));
        at = range.end;
    }
    out.pattern.push_str(&written[at..]);
    out
}

/// Names of the lists in a pattern.
pub(super) fn lists_in(written: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut at = 0;
    while let Some((range, name)) = next_list(written, at) {
        names.push(name);
        at = range.end;
    }
    names
}

/// The next `{{name}}` at or after `from`. Braces around anything else, such as `\{{2}`, are part of the pattern.
fn next_list(written: &str, from: usize) -> Option<(Range<usize>, &str)> {
    let mut at = from;
    loop {
        let start = at + written[at..].find("{{")?;
        let name_start = start + 2;
        if let Some(length) = written[name_start..].find("}}") {
            let name = &written[name_start..name_start + length];
            if is_name(name) {
                return Some((start..name_start + length + 2, name));
            }
        }
        at = start + 1;
    }
}

/// A group of the escaped phrases, longest first.
fn alternatives(mut phrases: Vec<&str>) -> String {
    phrases.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    phrases.dedup();
    let escaped: Vec<String> = phrases.into_iter().map(regex::escape).collect();
    format!("(?:{})", escaped.join("|"))
}

/// Names of the groups of a pattern, read off its text: right for every pattern that compiles, unless it has `(?<` in a class.
pub(super) fn named_groups(pattern: &str) -> Vec<&str> {
    let names = pattern.split("(?").skip(1).filter_map(|rest| {
        let name = rest.strip_prefix('P').unwrap_or(rest).strip_prefix('<')?;
        name.split_once('>').map(|(name, _)| name)
    });
    names.filter(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_')).collect()
}

/// Where and why a pattern is malformed.
pub(super) fn syntax_error(pattern: &str) -> Option<(Range<usize>, String)> {
    let offsets = |span: &regex_syntax::ast::Span| span.start.offset..span.end.offset;
    match regex_syntax::Parser::new().parse(pattern) {
        Ok(_) => None,
        Err(regex_syntax::Error::Parse(error)) => Some((offsets(error.span()), error.kind().to_string())),
        Err(regex_syntax::Error::Translate(error)) => Some((offsets(error.span()), error.kind().to_string())),
        Err(error) => Some((0..pattern.len(), error.to_string())),
    }
}

/// Longest match of a pattern in characters or bytes, roughly; `None` when there is no limit. Repeated white space and
/// punctuation count as short: they bound themselves in real text.
pub(super) fn longest_match(pattern: &str) -> Option<usize> {
    longest(&regex_syntax::parse(pattern).ok()?)
}

fn longest(hir: &Hir) -> Option<usize> {
    if let Some(length) = hir.properties().maximum_len() {
        return Some(length);
    }
    match hir.kind() {
        HirKind::Repetition(repetition) if repetition.max.is_none() => is_filler(&repetition.sub).then_some(8),
        HirKind::Repetition(repetition) => Some(longest(&repetition.sub)?.saturating_mul(repetition.max? as usize)),
        HirKind::Capture(capture) => longest(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(longest).try_fold(0usize, |sum, part| Some(sum.saturating_add(part?))),
        HirKind::Alternation(parts) => parts.iter().map(longest).try_fold(0usize, |most, part| Some(most.max(part?))),
        _ => None,
    }
}

/// Whether a class has no letters and no digits.
fn is_filler(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let samples = ['a', 'z', 'A', '0', '9', 'é', 'ß', 'я', '中', 'の', '한', 'ا'];
            !class.ranges().iter().any(|range| samples.iter().any(|&sample| range.start() <= sample && sample <= range.end()))
        }
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).is_ok_and(|text| !text.contains(char::is_alphanumeric)),
        HirKind::Capture(capture) => is_filler(&capture.sub),
        _ => false,
    }
}

/// Literals of which one occurs in the folded text wherever the pattern matches, chosen so that the shortest is as long as can
/// be. `None` when there are none, or the pattern is malformed.
///
/// ```
/// use copydesk::rules::pattern::literals;
/// let found = literals(r"(?i)(?:story|article)\s+continues\b").unwrap();
/// assert_eq!(found, ["article continues", "story continues"]);
/// assert_eq!(literals(r"\d+ \w+"), None);
/// ```
pub fn literals(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut found = analyse(&hir);
    found.consider_exact();
    found.required
}

/// What a text must have for a pattern to match it, told without running it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Demands {
    /// Literals of which one stands in the folded text; none when nothing is known.
    pub(crate) literals: Vec<String>,
    /// What the first characters of the text are, which has no white space before them.
    pub(super) lead: Vec<ClassUnicode>,
}

/// Characters at the start of a text that are looked at.
const LEAD: usize = 4;

impl Demands {
    /// The demands of a pattern, and the pattern parsed; none where it is malformed.
    pub(crate) fn of(pattern: &str) -> (Self, Option<Hir>) {
        let Ok(hir) = regex_syntax::parse(pattern) else { return (Self::default(), None) };
        let mut found = analyse(&hir);
        found.consider_exact();
        let literals = found.required.unwrap_or_default();
        (Self { literals, lead: anchored_lead(&hir) }, Some(hir))
    }

    /// The same of the first characters that are ASCII.
    pub(crate) fn ascii_lead(&self) -> Lead {
        let bits = |class: &ClassUnicode| (0..0x80).filter(|&byte: &u8| has(class, byte.into())).fold(0, |bits, byte| bits | 1 << byte);
        let mut lead = Lead { classes: [0; LEAD], count: self.lead.len() };
        lead.classes.iter_mut().zip(&self.lead).for_each(|(bits_of, class)| *bits_of = bits(class));
        lead
    }

    /// Whether a text without white space before it begins as every match does.
    pub(crate) fn may_begin(&self, text: &str) -> bool {
        let mut characters = text.chars();
        self.lead.iter().all(|class| characters.next().is_some_and(|c| has(class, c)))
    }
}

/// What the first characters of a text are where they are ASCII, a bit each.
#[derive(Clone, Debug)]
pub(crate) struct Lead {
    classes: [u128; LEAD],
    count: usize,
}

impl Lead {
    /// Whether a text may begin as every match does; others than ASCII characters may do so.
    #[inline]
    pub(crate) fn may_begin(&self, text: &str) -> bool {
        let text = text.as_bytes();
        for (at, class) in self.classes[..self.count].iter().enumerate() {
            match text.get(at) {
                None => return false,
                Some(byte) if !byte.is_ascii() => return true,
                Some(byte) if class >> byte & 1 == 0 => return false,
                Some(_) => {}
            }
        }
        true
    }
}

fn has(class: &ClassUnicode, c: char) -> bool {
    let ranges = class.ranges();
    ranges.get(ranges.partition_point(|range| range.end() < c)).is_some_and(|range| range.start() <= c)
}

/// The first characters of a pattern that matches at the start of a text only.
fn anchored_lead(hir: &Hir) -> Vec<ClassUnicode> {
    let mut classes = Vec::new();
    if let HirKind::Concat(parts) = hir.kind()
        && let [first, rest @ ..] = parts.as_slice()
        && matches!(first.kind(), HirKind::Look(Look::Start))
    {
        let spaces = rest.iter().take_while(|part| is_optional_space(part)).count();
        lead_of_all(&rest[spaces..], &mut classes);
    }
    classes.truncate(LEAD);
    classes
}

/// Whether a part matches white space alone, or nothing.
fn is_optional_space(hir: &Hir) -> bool {
    let HirKind::Repetition(repetition) = hir.kind() else { return false };
    let is_space = match repetition.sub.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().iter().all(|range| range.len() <= 16 && (range.start()..=range.end()).all(char::is_whitespace))
        }
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).is_ok_and(|text| text.trim().is_empty()),
        _ => false,
    };
    is_space && repetition.min == 0
}

/// Adds the characters that a part begins with; true when the part matches as many as it adds, so that the next one follows them.
fn lead(hir: &Hir, classes: &mut Vec<ClassUnicode>) -> bool {
    match hir.kind() {
        HirKind::Empty => true,
        HirKind::Literal(literal) => {
            let Ok(text) = std::str::from_utf8(&literal.0) else { return false };
            classes.extend(text.chars().map(|c| ClassUnicode::new([ClassUnicodeRange::new(c, c)])));
            true
        }
        HirKind::Class(Class::Unicode(class)) => {
            classes.push(class.clone());
            true
        }
        HirKind::Capture(capture) => lead(&capture.sub, classes),
        HirKind::Concat(parts) => lead_of_all(parts, classes),
        HirKind::Repetition(repetition) => {
            let turns = repetition.min.min(LEAD as u32);
            (0..turns).all(|_| lead(&repetition.sub, classes)) && repetition.max == Some(turns)
        }
        HirKind::Alternation(parts) => lead_of_any(parts, classes),
        HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => false,
    }
}

/// The same for parts in a row. One that may be missing is an alternative to what follows it.
fn lead_of_all(parts: &[Hir], classes: &mut Vec<ClassUnicode>) -> bool {
    for (at, part) in parts.iter().enumerate() {
        if classes.len() >= LEAD {
            return false;
        }
        if let HirKind::Repetition(repetition) = part.kind()
            && repetition.min == 0
        {
            let (mut with, mut without) = (Vec::new(), Vec::new());
            lead(&repetition.sub, &mut with);
            lead_of_all(&parts[at + 1..], &mut without);
            with.truncate(without.len());
            with.iter_mut().zip(&without).for_each(|(with, without)| with.union(without));
            classes.extend(with);
            return false;
        }
        if !lead(part, classes) {
            return false;
        }
    }
    true
}

/// The same for alternatives: as many characters as the shortest of them tells.
fn lead_of_any(parts: &[Hir], classes: &mut Vec<ClassUnicode>) -> bool {
    let mut shared: Option<Vec<ClassUnicode>> = None;
    let mut exact = true;
    for part in parts {
        let mut own = Vec::new();
        exact &= lead(part, &mut own);
        own.truncate(LEAD);
        match &mut shared {
            None => shared = Some(own),
            Some(shared) => {
                exact &= shared.len() == own.len();
                shared.truncate(own.len());
                shared.iter_mut().zip(&own).for_each(|(shared, own)| shared.union(own));
            }
        }
    }
    let shared = shared.unwrap_or_default();
    let is_cut = shared.len() == LEAD;
    classes.extend(shared);
    exact && !is_cut
}

/// ASCII signs that stand in the folded text of every match, as a set of bits.
pub(crate) fn required_signs(pattern: &str) -> u128 {
    sign_sets(pattern).into_iter().filter(|set| set.is_power_of_two()).fold(0, |all, set| all | set)
}

/// Sets of signs, as the bits of [`masks::signs`]: of each one stands in the folded text of every match. Read off the syntax alone, which is quick.
pub(crate) fn sign_sets(pattern: &str) -> Vec<u128> {
    let mut sets = regex_syntax::ast::parse::Parser::new().parse(pattern).map(|ast| signs(&ast)).unwrap_or_default();
    sets.sort_unstable();
    sets.dedup();
    sets
}

fn signs(ast: &Ast) -> Vec<u128> {
    match ast {
        Ast::Literal(literal) => sign(literal.c).into_iter().collect(),
        Ast::ClassBracketed(class) if !class.negated => class_signs(&class.kind).into_iter().collect(),
        Ast::Group(group) => signs(&group.ast),
        Ast::Repetition(repetition) if is_required(&repetition.op.kind) => signs(&repetition.ast),
        Ast::Concat(parts) => parts.asts.iter().flat_map(signs).collect(),
        Ast::Alternation(parts) => signs_of_any(parts.asts.iter().map(signs)),
        _ => Vec::new(),
    }
}

/// What all alternatives share, or else a set that has one sign of each.
fn signs_of_any(mut alternatives: impl Iterator<Item = Vec<u128>>) -> Vec<u128> {
    let Some(first) = alternatives.next() else { return Vec::new() };
    let others: Vec<Vec<u128>> = alternatives.collect();
    let shared: Vec<u128> = first.iter().copied().filter(|set| others.iter().all(|other| other.contains(set))).collect();
    if !shared.is_empty() {
        return shared;
    }
    let smallest = |sets: &Vec<u128>| sets.iter().copied().min_by_key(|set| set.count_ones());
    std::iter::once(&first).chain(&others).map(smallest).try_fold(0, |all, own| own.map(|own| all | own)).into_iter().collect()
}

/// The sign that a character folds to, as a bit, when it folds to one.
fn sign(c: char) -> Option<u128> {
    if c == '©' {
        return Some(masks::COPYRIGHT);
    }
    let folded = fold::fold(c.encode_utf8(&mut [0; 4]), Fold::Full);
    let byte = folded.bytes().next().filter(u8::is_ascii_punctuation)?;
    folded.bytes().all(|other| other == byte).then(|| 1 << byte)
}

/// The signs of a class that has nothing else.
fn class_signs(class: &ClassSet) -> Option<u128> {
    let item = |item: &ClassSetItem| match item {
        ClassSetItem::Literal(literal) => sign(literal.c),
        _ => None,
    };
    match class {
        ClassSet::Item(ClassSetItem::Union(union)) => union.items.iter().map(item).try_fold(0, |all, own| own.map(|own| all | own)),
        ClassSet::Item(only) => item(only),
        ClassSet::BinaryOp(_) => None,
    }
}

/// Whether what is repeated stands at least once.
fn is_required(kind: &RepetitionKind) -> bool {
    match kind {
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => false,
        RepetitionKind::OneOrMore => true,
        RepetitionKind::Range(RepetitionRange::Exactly(least) | RepetitionRange::AtLeast(least) | RepetitionRange::Bounded(least, _)) => {
            *least > 0
        }
    }
}

/// Most literals that are kept apart.
const MOST_LITERALS: usize = 64;

/// What is known of the folded text of a match.
#[derive(Clone, Debug, Default)]
struct Found {
    /// All texts that match, when they are few.
    exact: Option<Vec<String>>,
    /// Texts of which one occurs.
    required: Option<Vec<String>>,
}

impl Found {
    fn exact(texts: Vec<String>) -> Self {
        Self { exact: Some(texts), required: None }
    }

    fn consider(&mut self, mut candidate: Vec<String>) {
        candidate.sort();
        candidate.dedup();
        if candidate.is_empty() || candidate.iter().any(String::is_empty) {
            return;
        }
        if self.required.as_ref().is_none_or(|best| shortest(best) < shortest(&candidate)) {
            self.required = Some(candidate);
        }
    }

    fn consider_exact(&mut self) {
        if let Some(texts) = &self.exact {
            self.consider(trimmed(texts));
        }
    }
}

fn shortest(texts: &[String]) -> usize {
    texts.iter().map(String::len).min().unwrap_or(0)
}

fn analyse(hir: &Hir) -> Found {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Found::exact(vec![String::new()]),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => Found::exact(vec![fold::fold(text, Fold::Full)]),
            Err(_) => Found::default(),
        },
        HirKind::Class(class) => class_texts(class).map(Found::exact).unwrap_or_default(),
        HirKind::Capture(capture) => analyse(&capture.sub),
        HirKind::Repetition(repetition) => repeated(&analyse(&repetition.sub), repetition.min, repetition.max),
        HirKind::Concat(parts) => concatenated(parts),
        HirKind::Alternation(parts) => alternated(parts),
    }
}

/// The folded characters of a class, when they are few. White space folds to one space.
fn class_texts(class: &Class) -> Option<Vec<String>> {
    let Class::Unicode(class) = class else { return None };
    // What most letters of a pattern that minds no case are.
    if let [capital, small] = class.ranges()
        && capital.len() == 1
        && small.len() == 1
        && capital.start().is_ascii_uppercase()
        && small.start() == capital.start().to_ascii_lowercase()
    {
        return Some(vec![small.start().to_string()]);
    }
    let size: usize = class.ranges().iter().map(regex_syntax::hir::ClassUnicodeRange::len).sum();
    if size > MOST_LITERALS {
        return None;
    }
    let characters = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    let mut texts: Vec<String> = characters.map(|c| fold::fold(c.encode_utf8(&mut [0; 4]), Fold::Full)).collect();
    texts.sort();
    texts.dedup();
    (texts.len() <= 8).then_some(texts)
}

fn repeated(sub: &Found, min: u32, max: Option<u32>) -> Found {
    let is_space = sub.exact.as_ref().is_some_and(|texts| texts.len() == 1 && texts[0] == " ");
    match (min, max) {
        (1, Some(1)) => sub.clone(),
        // Folding makes one space of many.
        (1.., _) if is_space => Found::exact(vec![" ".to_owned()]),
        (0, _) if is_space => Found::exact(vec![String::new(), " ".to_owned()]),
        (0, Some(1)) => match &sub.exact {
            Some(texts) => Found::exact(texts.iter().cloned().chain([String::new()]).collect()),
            None => Found::default(),
        },
        (0, _) => Found::default(),
        _ => {
            let mut found = sub.clone();
            found.consider_exact();
            found.exact = None;
            found
        }
    }
}

fn concatenated(parts: &[Hir]) -> Found {
    let mut found = Found::default();
    let mut run = vec![String::new()];
    let mut whole = true;
    for part in parts {
        let part = analyse(part);
        match part.exact {
            Some(texts) if texts.len() == 1 => run.iter_mut().for_each(|head| append(head, &texts[0])),
            Some(texts) if run.len() * texts.len() <= MOST_LITERALS => {
                run = run.iter().flat_map(|head| texts.iter().map(move |tail| joined(head, tail))).collect();
            }
            exact => {
                whole = false;
                found.consider(trimmed(&run));
                found.consider(part.required.unwrap_or_default());
                run = exact.filter(|texts| texts.len() <= MOST_LITERALS).unwrap_or_else(|| vec![String::new()]);
            }
        }
    }
    if whole {
        found.exact = Some(run);
    } else {
        found.consider(trimmed(&run));
    }
    found
}

/// The texts of a run without outer spaces, whose number in the folded text depends on what stands beside them.
fn trimmed(run: &[String]) -> Vec<String> {
    run.iter().map(|text| text.trim_matches(' ').to_owned()).collect()
}

/// Two folded texts, one after the other; two spaces fold to one.
fn joined(head: &str, tail: &str) -> String {
    let mut text = String::with_capacity(head.len() + tail.len());
    text.push_str(head);
    append(&mut text, tail);
    text
}

fn append(head: &mut String, tail: &str) {
    head.push_str(if head.ends_with(' ') { tail.trim_start_matches(' ') } else { tail });
}

fn alternated(parts: &[Hir]) -> Found {
    let mut exact = Some(Vec::new());
    let mut required = Some(Vec::new());
    for part in parts {
        let mut part = analyse(part);
        exact = exact.zip(part.exact.clone()).map(|(mut all, texts)| {
            all.extend(texts);
            all
        });
        part.consider_exact();
        required = required.zip(part.required).map(|(mut all, texts)| {
            all.extend(texts);
            all
        });
    }
    let exact = exact.filter(|texts: &Vec<String>| texts.len() <= MOST_LITERALS);
    let mut found = Found { exact, required: None };
    found.consider(required.unwrap_or_default());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::lists::List;
    use crate::rules::source::RuleFile;

    fn lists(entries: &[(&str, &[&str])]) -> Lists {
        let file = RuleFile::new("lists.toml", "");
        let mut lists = Lists::above(None);
        for (name, phrases) in entries {
            let phrases = phrases.iter().map(|&phrase| (phrase.to_owned(), 0..0)).collect();
            lists.insert(name, List::new(file.clone(), 0..0, phrases));
        }
        lists
    }

    #[test]
    fn demands_are_met_by_every_match() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            (r"^\s*(?P<a>[A-Z]{2,}) - .*", &["LONDON - He", "NY - x"], &["London - he", "\u{c9}A - x", "L"]),
            (r"(?i)^(?:by|from)\s", &["By X", "FROM y"], &["Xy", "Fb"]),
            (r"^(?:a|bc)d?", &["a", "ad", "bc"], &["c", "d"]),
            (r"^x{0,2}y", &["xxy", "y", "xy"], &[]),
            (r"(?m)^b", &["a\nb"], &[]),
            (r"(?i)^(?:enlarge\s*|image )?[(\[]photo", &["(Photo", "Image [photo", "ENLARGE(PHOTO"], &["photo", "a photo"]),
            (r"^a*b?c", &["c", "abc", "aac", "bc"], &["d"]),
            (r"^a?", &["x", "a", ""], &[]),
            (r"^\p{Lu}\S+ said", &["Éa said"], &["é said"]),
            (r"^(?:Photo|Foto)(?: by)?: ", &["Photo: ", "Foto by: "], &["Fot: ", "photo"]),
        ];
        for (pattern, begin, others) in cases {
            let (demands, _) = Demands::of(pattern);
            for text in *begin {
                assert!(regex::Regex::new(pattern).is_ok_and(|re| re.is_match(text)), "{pattern} {text}");
                assert!(demands.may_begin(text), "{pattern} {text}");
            }
            for text in *others {
                assert!(!demands.may_begin(text), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn lists_are_put_in_escaped_and_longest_first() {
        let lists = lists(&[("months", &["sept", "september", "a.b"]), ("more", &["@months", "x"])]);
        let cases = [
            (r"\b{{months}}\b", r"\b(?:september|sept|a\.b)\b"),
            (r"{{more}}", r"(?:september|sept|a\.b|x)"),
            (r"a{2} \{{2} x{{1,2}}", r"a{2} \{{2} x{{1,2}}"),
        ];
        for (written, expanded) in cases {
            assert_eq!(expand(written, &lists).pattern, expanded);
        }
        assert_eq!(expand("a{{none}}b", &lists).undefined, [("none".to_owned(), 1..9)]);
        assert_eq!(lists_in("{{a}} {{b}} {{1}}"), ["a", "b"]);
    }

    #[test]
    fn places_lead_back_to_the_written_pattern() {
        let lists = lists(&[("l", &["long", "words"])]);
        let expanded = expand("ab{{l}}cd", &lists);
        assert_eq!(expanded.pattern, "ab(?:words|long)cd");
        assert_eq!([0, 1, 2, 16, 17].map(|at| expanded.written(at)), [0, 1, 2, 7, 8]);
        assert!((2..=7).contains(&expanded.written(9)));
    }

    #[test]
    fn literals_are_those_without_which_nothing_matches() {
        let cases: [(&str, Option<&[&str]>); 13] = [
            ("(?i)Advertisement", Some(&["advertisement"])),
            (r"(?i)^\W*(?:story|article) continues", Some(&["article continues", "story continues"])),
            (r"(?i)source:?\s*\w+", Some(&["source", "source:"])),
            (r"\d+ shares", Some(&["shares"])),
            (r"\w+@\w+", Some(&["@"])),
            (r"(?:a|\d)", None),
            (r"x*", None),
            (r"(?:abc)?", None),
            (r"(?:abc)+d", Some(&["abc"])),
            (r"[Pp]hoto\s+by\b", Some(&["photo by"])),
            (r"(?i)straße", Some(&["straße"])),
            (r"“quoted”", Some(&["\"quoted\""])),
            ("(", None),
        ];
        for (pattern, expected) in cases {
            let found = literals(pattern);
            assert_eq!(found.as_ref().map(|found| found.iter().map(String::as_str).collect::<Vec<_>>()).as_deref(), expected, "{pattern}");
        }
    }

    #[test]
    fn signs_are_required_where_every_match_has_them() {
        let has = |pattern: &str, sign: u8| required_signs(pattern) & (1 << sign) != 0;
        assert!(has(r"^\w+ \((?:ap|afp)\)", b'(') && has("(?:a-b|c-d)+", b'-'));
        assert!(!has(r"a\(?", b'(') && !has("(?:a-b|c)", b'-') && !has("(", b'('));
        let set = |signs: &str| signs.bytes().fold(0u128, |set, byte| set | 1 << byte);
        assert_eq!(sign_sets(r"a\s*[:：/=]\s*\S"), [set("/:=")]);
        assert_eq!(sign_sets(r"(?:\(a|\[b)c?[^-]"), [set("([")]);
        assert_eq!(sign_sets(r"(?:\(a|b)[a:]"), []);
    }

    #[test]
    fn cuts_have_a_longest_match_when_nothing_wide_repeats() {
        let cases = [
            (r"abc", true),
            (r"a{2,5}\s*b", true),
            (r"\W*a[.!]*", true),
            (r"a.*", false),
            (r"a\w+", false),
            (r"(?:a+|b)", false),
            (r"[^.]{1,200}", true),
        ];
        for (pattern, bounded) in cases {
            assert_eq!(longest_match(pattern).is_some(), bounded, "{pattern}");
        }
    }

    #[test]
    fn syntax_errors_say_where() {
        let (range, message) = syntax_error("ab(c").expect("malformed");
        assert_eq!(range, 2..3);
        assert_eq!(message, "unclosed group");
        assert!(syntax_error(r"\p{Nonsense}").is_some());
        assert!(syntax_error("fine").is_none());
    }

    #[test]
    fn large_patterns_do_not_compile() {
        assert!(compile(r"(?:\w{50}){50}").is_err());
        assert!(compile("fine").is_ok());
    }

    #[test]
    fn named_groups_are_seen() {
        let cases: [(&str, &[&str]); 4] =
            [("(?P<byline>x)|(?<agency>y)", &["byline", "agency"]), ("(?:x)", &[]), ("(x)", &[]), ("(?P<", &[])];
        for (pattern, names) in cases {
            assert_eq!(named_groups(pattern), names, "{pattern}");
        }
    }
}
