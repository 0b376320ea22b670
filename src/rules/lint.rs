//! Lints: rules that are well formed and still unwise.
//!
//! [`check`] looks at files: everything that parsing reports, and removals that nothing bounds, rules that are slow to find,
//! phrases that two rules look for, overrides without a target. [`run_tests`] runs the tests inside the rules; for that it asks a
//! [`Judge`], so that this module knows nothing of engines.

#[cfg(test)]
mod golden;
mod judge;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::alphabet;
use super::clues::{self, Clues, Literal};
use super::diagnostics::{self, Code, Diagnostic, RulesError, Severity};
use super::lists::{self, Lists};
use super::overrides::{self, Documents};
use super::parse::{self, ParseOptions};
use super::pattern;
use super::raw::{self, RawFile, RawOverride, RawRule, Text};
use super::rule::{Action, Category, Layer, Rule, Shape, Status, Tag, Target, Where, Zone};
use super::set::{RuleSetBuilder, check_ids, sort_by_id};
use super::source::RuleFile;
use super::suggest::nearest;
use super::{Fold, builtin};
use crate::text::{fold, words};

pub use judge::{Judge, TestReport, run_tests};

/// Fewest bytes of a literal by which the engine finds blocks with its fastest search.
const FAST_LITERAL: usize = 7;

/// Fewest bytes of a literal that is looked for at all.
const SHORT_LITERAL: usize = 3;

/// Bytes of a character of a script without spaces, mostly.
const UNSPACED_BYTES: usize = 3;

/// Blocks up to this many words are searched for short literals at little cost.
const SHORT_BLOCK: u32 = 16;

impl RuleSetBuilder {
    /// Lints the files that were added, or the built-in packs when none were. Errors and warnings come in the order of files and
    /// lines.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn lint(&self) -> Result<Vec<Diagnostic>, RulesError> {
        let files = self.read()?;
        let packs = if self.has_builtin() { builtin::files() } else { Vec::new() };
        Ok(if files.is_empty() { check(&packs, &[]) } else { check(&files, &packs) })
    }
}

/// Lints `files`, which may use lists and change rules of `known` files. What is wrong in those is not reported.
pub fn check(files: &[RuleFile], known: &[RuleFile]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut ignored = Vec::new();
    let known_raws: Vec<RawFile<'_>> = known.iter().filter_map(|file| raw::read(file, &mut ignored)).collect();
    let own_raws: Vec<RawFile<'_>> = files.iter().filter_map(|file| raw::read(file, &mut found)).collect();
    let mut lists = Lists::above(None);
    for raw in &known_raws {
        lists.add_file(raw, &mut ignored);
    }
    for raw in &own_raws {
        lists.add_file(raw, &mut found);
    }
    lists.check(&mut found);
    found.retain(|diagnostic| files.iter().any(|file| file.name() == *diagnostic.file && file.is_builtin() == diagnostic.is_builtin()));

    let mut linter = Linter { items: Vec::new(), changes: Vec::new(), found };
    linter.read(&known_raws, &lists, false, &mut ignored);
    linter.read(&own_raws, &lists, true, &mut ignored);
    linter.items.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    linter.each_rule();
    linter.ids(files, known);
    linter.equal_phrases();
    linter.cycles();
    linter.overrides();
    linter.unused_lists(&lists, &own_raws, &known_raws);
    let mut found = linter.found;
    diagnostics::sort(&mut found);
    found
}

/// A rule with what its author wrote.
struct Item<'r> {
    rule: Rule,
    raw: &'r RawRule<'r>,
    file: &'r RuleFile,
    /// Whether it is linted, or only known.
    own: bool,
}

struct Linter<'r> {
    items: Vec<Item<'r>>,
    changes: Vec<(overrides::Override, &'r RawOverride<'r>, bool)>,
    found: Vec<Diagnostic>,
}

impl<'r> Linter<'r> {
    fn read(&mut self, raws: &'r [RawFile<'r>], lists: &Lists, own: bool, ignored: &mut Vec<Diagnostic>) {
        let options = ParseOptions { keep_tests: true, check_regex: own };
        for raw in raws {
            let errors = if own { &mut self.found } else { &mut *ignored };
            let parsed = parse::parse(raw, lists, options, errors);
            let rules = parsed.rules.into_iter().zip(&raw.rules);
            self.items.extend(rules.filter_map(|(rule, (_, raw_rule))| Some(Item { rule: rule?, raw: raw_rule, file: raw.file, own })));
            for change in parsed.overrides {
                if let Some((_, written)) = raw.overrides.iter().find(|(_, written)| written.rule.span() == change.span) {
                    self.changes.push((change, written, own));
                }
            }
        }
    }

    fn each_rule(&mut self) {
        for item in self.items.iter().filter(|item| item.own) {
            self.found.extend(slow_pattern(item));
            self.found.extend(large_pattern(item));
            self.found.extend(broad_remove(item));
            self.found.extend(no_tests(item));
            self.found.extend(unreachable(item));
        }
    }

    /// Names that two rules share, or that one has and another had.
    fn ids(&mut self, files: &[RuleFile], known: &[RuleFile]) {
        let mut rules: Vec<Rule> = self.items.iter().map(|item| item.rule.clone()).collect();
        sort_by_id(&mut rules);
        let file_of = |rule: &Rule| files.iter().chain(known).find(|file| file.name() == *rule.origin.file).cloned();
        check_ids(&rules, &file_of, &mut self.found);
        let names: BTreeSet<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        for item in self.items.iter().filter(|item| item.own) {
            for was in item.raw.was.iter().flatten().filter(|was| names.contains(was.as_str())) {
                let message = format!("`{}` is the name of a rule, so it cannot be a former one", was.as_str());
                self.found.push(Diagnostic::error(Code::DuplicateId, item.file, was.span(), message));
            }
        }
    }

    /// Phrases that a rule looks for in vain, since another without any condition finds them all.
    fn equal_phrases(&mut self) {
        let mut by_phrase: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, item) in self.items.iter().enumerate() {
            if item.rule.matcher.fold == Fold::Full && item.rule.status == Status::Stable {
                // What comes out of a list is there for others too.
                let texts = item.raw.r#match.iter().filter_map(|raw| raw.is.as_ref()).flatten();
                let written: BTreeSet<String> = texts.map(|text| fold::phrase(text.as_str(), Fold::Full)).collect();
                let phrases = item.rule.matcher.is.iter().map(String::as_str);
                let phrases: BTreeSet<&str> = phrases.filter(|phrase| written.contains(*phrase)).collect();
                for phrase in phrases {
                    by_phrase.entry(phrase).or_default().push(index);
                }
            }
        }
        // Pairs of the rule that finds and the one that looks in vain, with the phrases.
        let mut pairs: BTreeMap<(usize, usize), Vec<&str>> = BTreeMap::new();
        for (phrase, rules) in &by_phrase {
            for (at, &first) in rules.iter().enumerate() {
                for &second in &rules[at + 1..] {
                    let (one, other) = (&self.items[first].rule, &self.items[second].rule);
                    if makes_vain(one, other) {
                        pairs.entry((first, second)).or_default().push(phrase);
                    } else if makes_vain(other, one) {
                        pairs.entry((second, first)).or_default().push(phrase);
                    }
                }
            }
        }
        for ((finder, vain), phrases) in pairs {
            let (finder, vain) = (&self.items[finder], &self.items[vain]);
            if vain.own {
                let place = phrase_place(vain, phrases[0]);
                let message = match phrases.len() {
                    1 => format!("`{}` finds this phrase already", finder.rule.id),
                    count => format!("`{}` finds this phrase and {} more of this rule already", finder.rule.id, count - 1),
                };
                let mut warning = Diagnostic::warning(Code::EqualPhrases, vain.file, place, message);
                if phrases.len() > 1 {
                    warning = warning.note(format!("they are {}", phrases.join(", ")));
                }
                self.found.push(warning.related(finder.file, finder.raw.id.span(), "this rule has no other condition"));
            }
        }
    }

    /// Rules that lean on something that nothing claims before they do.
    fn cycles(&mut self) {
        let mut claimed: Vec<Target> = Vec::new();
        let mut waiting: Vec<&Item<'_>> = self.items.iter().filter(|item| item.rule.status != Status::Off).collect();
        loop {
            let before = waiting.len();
            let (ready, rest): (Vec<&Item<'_>>, Vec<&Item<'_>>) = waiting.into_iter().partition(|item| can_start(&item.rule, &claimed));
            claimed.extend(ready.iter().flat_map(|item| claims(&item.rule)));
            waiting = rest;
            if waiting.len() == before {
                break;
            }
        }
        for item in waiting.into_iter().filter(|item| item.own) {
            let message = "this rule leans on a category that nothing claims before it does";
            let warning = Diagnostic::warning(Code::Cycle, item.file, item.raw.id.span(), message);
            self.found.push(warning.help("`where.before` and `where.after` need a rule that claims one of theirs by itself"));
        }
    }

    fn overrides(&mut self) {
        let mut rules: Vec<Rule> = self.items.iter().map(|item| item.rule.clone()).collect();
        let names: Vec<String> = rules.iter().map(|rule| rule.id.to_string()).collect();
        let changes: Vec<overrides::Override> = self.changes.iter().map(|(change, _, _)| change.clone()).collect();
        let outcomes = overrides::apply(&mut rules, &changes, Documents::All);
        for ((change, written, own), outcome) in self.changes.iter().zip(outcomes) {
            if !own {
                continue;
            }
            if !outcome.aimed {
                let message = format!("no rule is called `{}`", change.target);
                let warning = Diagnostic::warning(Code::DeadOverride, &change.file, change.span.clone(), message);
                self.found.push(warning.suggest(nearest(&change.target, names.iter().map(String::as_str))));
            } else if change.drop != overrides::Phrases::default() && !outcome.dropped {
                let message = "the rule has none of the phrases that this override drops";
                self.found.push(Diagnostic::warning(Code::DeadOverride, &change.file, written.rule.span(), message));
            }
        }
    }

    fn unused_lists(&mut self, lists: &Lists, own: &[RawFile<'_>], known: &[RawFile<'_>]) {
        let mut used: BTreeSet<&str> = builtin::ENGINE_LISTS.into_iter().collect();
        for raw in own.iter().chain(known) {
            for (_, rule) in &raw.rules {
                used.extend(rule_texts(rule).filter_map(|text| lists::reference(text.as_str())));
                used.extend(rule.r#match.iter().filter_map(|raw| raw.regex.as_ref()).flat_map(|regex| pattern::lists_in(regex.as_str())));
            }
            for (_, change) in &raw.overrides {
                used.extend(change_texts(change).filter_map(|text| lists::reference(text.as_str())));
            }
            used.extend(raw.lists.iter().flat_map(|list| &list.entries).filter_map(|text| lists::reference(text.as_str())));
        }
        for raw in own {
            for list in raw.lists.iter().filter(|list| !used.contains(list.name.as_str()) && lists.get(&list.name).is_some()) {
                let message = format!("nothing uses the list `{}`", list.name);
                self.found.push(Diagnostic::warning(Code::UnusedList, raw.file, list.span.clone(), message));
            }
        }
    }
}

/// All phrases of a rule as written.
fn rule_texts<'r>(rule: &'r RawRule<'r>) -> impl Iterator<Item = &'r Text<'r>> {
    rule.r#match.iter().flat_map(|raw| {
        let lists = [&raw.is, &raw.starts, &raw.ends, &raw.has, &raw.not, &raw.anchor];
        let flat = lists.into_iter().flatten().flatten();
        flat.chain(raw.all.iter().flatten().flatten()).chain(raw.count.iter().flat_map(|count| &count.of))
    })
}

/// All phrases of an override as written.
fn change_texts<'r>(change: &'r RawOverride<'r>) -> impl Iterator<Item = &'r Text<'r>> {
    let parts = change.r#match.iter().flat_map(|change| change.add.iter().chain(&change.drop));
    parts.flat_map(|phrases| [&phrases.is, &phrases.starts, &phrases.ends, &phrases.has]).flatten().flatten()
}

/// Where a phrase of `is` was written; the rule's name if it came out of a list.
fn phrase_place(item: &Item<'_>, phrase: &str) -> Range<usize> {
    let written = item.raw.r#match.iter().filter_map(|raw| raw.is.as_ref()).flatten();
    let place = written.filter(|text| fold::phrase(text.as_str(), Fold::Full) == phrase).map(Text::span).next();
    place.unwrap_or_else(|| item.raw.id.span())
}

/// Whether `finder` claims each phrase of `is` wherever `other` would: it is as sure, holds everywhere, and does the same under the same
/// name, which rules beside it may wait for.
fn makes_vain(finder: &Rule, other: &Rule) -> bool {
    finder.action == other.action
        && finder.category == other.category
        && finder.tag == other.tag
        && finder.layer == other.layer
        && finder.level <= other.level
        && is_unconditional(finder)
        && (finder.section.is_some() || other.section.is_none())
        && (finder.scope.lang.is_empty()
            || (!other.scope.lang.is_empty() && other.scope.lang.iter().all(|code| finder.scope.lang.contains(code))))
        && finder.scope.hosts.is_empty()
        && finder.scope.not_hosts.is_empty()
        && (finder.scope.media.is_none() || finder.scope.media == other.scope.media)
}

/// Whether `is` is all that a rule asks for.
fn is_unconditional(rule: &Rule) -> bool {
    let matcher = &rule.matcher;
    is_anywhere(&rule.place)
        && matcher.starts.is_empty()
        && matcher.ends.is_empty()
        && matcher.has.is_empty()
        && matcher.all.is_empty()
        && matcher.not.is_empty()
        && matcher.count.is_none()
        && matcher.regex.is_none()
        && matcher.css.is_none()
        && matcher.shape.is_empty()
        && matcher.not_shape.is_empty()
}

/// Whether the place of a block does not matter. Limits of words do not count: `is` has its own.
fn is_anywhere(place: &Where) -> bool {
    place.zone == Zone::Any && place.before.is_empty() && place.after.is_empty() && place.run.is_none()
}

/// What blocks that a rule claims are claimed as.
fn claims(rule: &Rule) -> Vec<Target> {
    let groups = rule.matcher.regex.iter().flat_map(|regex| pattern::named_groups(regex)).filter_map(Tag::from_word);
    let tags = rule.tag.into_iter().chain(groups).map(Target::Tag);
    std::iter::once(Target::Category(rule.category)).chain(tags).collect()
}

/// Whether a rule can claim a block when others have claimed `claimed`.
fn can_start(rule: &Rule, claimed: &[Target]) -> bool {
    let always = [Target::Prose, Target::Category(Category::Protect)];
    let holds = |targets: &[Target]| targets.is_empty() || targets.iter().any(|target| claimed.contains(target) || always.contains(target));
    holds(&rule.place.before) && holds(&rule.place.after)
}

/// Errors in packs, where they would reach everyone; warnings in files of users.
fn severity(file: &RuleFile, rule: &Rule) -> Severity {
    if file.is_builtin() || rule.layer != Layer::User { Severity::Error } else { Severity::Warning }
}

/// What must be found for a rule to be looked at.
enum Entry {
    /// A table look-up.
    LookUp,
    /// The shortest of the literals that may stand within a word, in bytes.
    Literals(usize),
    /// Nothing.
    None,
}

/// How the engine finds the blocks that a rule may match.
fn entry(rule: &Rule) -> Entry {
    if clues::entry(rule).is_some() {
        return Entry::LookUp;
    }
    // Where a literal stands between the edges of words it is looked for from word to word, however short it is. In scripts without spaces
    // each character is a word of its own.
    let is_fast = |text: &str| text.len() >= 2 * UNSPACED_BYTES && text.starts_with(words::is_unspaced);
    let length = |literal: &Literal| {
        let is_fast = literal.is_edged || is_fast(&literal.text);
        if is_fast { literal.text.len().max(FAST_LITERAL) } else { literal.text.len() }
    };
    let literals = Clues::of(rule).literals.unwrap_or_default();
    literals.iter().map(length).min().map_or(Entry::None, Entry::Literals)
}

fn slow_pattern(item: &Item<'_>) -> Option<Diagnostic> {
    let Item { rule, raw, file, .. } = item;
    let (matcher, place) = (&rule.matcher, &rule.place);
    let is_scoped = matcher.css.is_some() || !rule.scope.hosts.is_empty();
    let is_small = place.max_words.is_some_and(|most| most <= SHORT_BLOCK);
    let regex = raw.r#match.as_ref().and_then(|raw| raw.regex.as_ref());
    let span = regex.map_or_else(|| raw.id.span(), Text::span);
    match entry(rule) {
        Entry::LookUp => None,
        // Nor is a rule slow with a short literal that may go without any.
        Entry::Literals(length) if length >= FAST_LITERAL || is_small || is_scoped || is_bounded(rule) => None,
        Entry::Literals(length) if length >= SHORT_LITERAL => {
            let message = format!("the shortest literal that this rule needs has {length} bytes and may stand within a word");
            let warning = Diagnostic::warning(Code::SlowPattern, file, raw.id.span(), message);
            let help = format!(
                "give it anchors that begin and end with a space or a sign, phrases of {FAST_LITERAL} bytes or more, or bound the block: `where.max_words = {SHORT_BLOCK}` or less"
            );
            Some(warning.help(help))
        }
        _ if is_scoped || is_bounded(rule) => None,
        _ => {
            let message = format!("this rule has no literal of {SHORT_LITERAL} bytes by which it could be found");
            let found = Diagnostic::error(Code::SlowPattern, file, span, message).severity(severity(file, rule));
            Some(found.help("add phrases, or bound it by `match.shape` and `where.max_words`"))
        }
    }
}

/// Whether a rule without literals needs more than a glance at few blocks: shapes or a place, and a size.
fn is_bounded(rule: &Rule) -> bool {
    let (matcher, place) = (&rule.matcher, &rule.place);
    let is_placed = !is_anywhere(place) || !matcher.shape.is_empty() || !matcher.not_shape.is_empty();
    let is_rare = [Shape::Blank, Shape::Numeric, Shape::Name].into_iter().any(|shape| matcher.shape.has(shape));
    is_rare || (is_placed && place.max_words.is_some())
}

fn large_pattern(item: &Item<'_>) -> Option<Diagnostic> {
    let regex = item.raw.r#match.as_ref()?.regex.as_ref()?;
    item.rule.matcher.regex.as_deref().filter(|pattern| alphabet::is_large(pattern))?;
    let message =
        format!("this pattern is a graph of more than {} kB, which delays the first text that needs it", alphabet::LARGE_GRAPH >> 10);
    let warning = Diagnostic::warning(Code::SlowPattern, item.file, regex.span(), message);
    Some(warning.help("counted repetitions take the most room, above all one within another"))
}

fn broad_remove(item: &Item<'_>) -> Option<Diagnostic> {
    let Item { rule, raw, file, .. } = item;
    let (matcher, place) = (&rule.matcher, &rule.place);
    match rule.action {
        Action::Remove => {
            let bounded = !matcher.is.is_empty()
                || place.zone != Zone::Any
                || place.max_words.is_some()
                || place.run.is_some()
                || !rule.scope.hosts.is_empty()
                || matcher.css.is_some()
                || rule.section.is_some()
                || matcher.shape.has(Shape::Blank)
                || matcher.shape.has(Shape::Name);
            let error = || Diagnostic::error(Code::BroadRemove, file, raw.id.span(), "nothing bounds what this rule removes");
            (!bounded).then(|| error().help("give it `where.max_words`, a `where.zone`, or phrases in `match.is`"))
        }
        Action::Cut => {
            let regex = raw.r#match.as_ref()?.regex.as_ref()?;
            if pattern::longest_match(matcher.regex.as_deref()?).is_some() {
                return None;
            }
            let error = Diagnostic::error(Code::BroadRemove, file, regex.span(), "what this pattern cuts has no longest length");
            Some(error.help("write `{0,20}` or the like instead of `*` and `+` after letters and `.`"))
        }
        Action::Tag | Action::Protect => None,
    }
}

fn no_tests(item: &Item<'_>) -> Option<Diagnostic> {
    let Item { rule, raw, file, .. } = item;
    let missing = match (rule.tests.hit.is_empty(), rule.tests.miss.is_empty()) {
        (false, false) => return None,
        (true, true) => "neither `test.hit` nor `test.miss`",
        (true, false) => "no `test.hit`",
        (false, true) => "no `test.miss`",
    };
    let error = Diagnostic::error(Code::NoTests, file, raw.id.span(), format!("this rule has {missing}"));
    Some(error.severity(severity(file, rule)))
}

/// Shapes that no block has both of.
const OPPOSITES: [(Shape, Shape); 10] = [
    (Shape::Open, Shape::Closed),
    (Shape::Open, Shape::Prose),
    (Shape::Open, Shape::Question),
    (Shape::Numeric, Shape::Upper),
    (Shape::Numeric, Shape::Title),
    (Shape::Numeric, Shape::Name),
    (Shape::Blank, Shape::Digits),
    (Shape::Blank, Shape::Numeric),
    (Shape::Blank, Shape::Prose),
    (Shape::Name, Shape::Prose),
];

fn unreachable(item: &Item<'_>) -> Vec<Diagnostic> {
    let Item { rule, raw, file, .. } = item;
    let (matcher, place) = (&rule.matcher, &rule.place);
    let mut found = Vec::new();
    let mut report = |span: Range<usize>, message: String| found.push(Diagnostic::warning(Code::Unreachable, file, span, message));
    if let (Some(least), Some(most)) = (place.min_words, place.max_words)
        && least > most
    {
        report(raw.id.span(), format!("no block has {least} words or more and {most} or fewer"));
    }
    for &shape in Shape::ALL.iter().filter(|&&shape| matcher.shape.has(shape) && matcher.not_shape.has(shape)) {
        report(raw.id.span(), format!("`{shape}` is asked for and ruled out"));
    }
    for (one, other) in OPPOSITES.into_iter().filter(|&(one, other)| matcher.shape.has(one) && matcher.shape.has(other)) {
        report(raw.id.span(), format!("no block is both `{one}` and `{other}`"));
    }
    let least = if matcher.shape.has(Shape::Long) {
        40
    } else if matcher.shape.has(Shape::Prose) {
        8
    } else {
        0
    };
    if let Some(most) = place.max_words.filter(|&most| most < least) {
        report(raw.id.span(), format!("its shapes ask for {least} words or more, `where.max_words` for {most} or fewer"));
    }
    for phrase in &matcher.is {
        let count = words::count(&phrase.replace('#', "0"));
        if let Some(most) = place.max_words.filter(|&most| count > most) {
            report(phrase_place(item, phrase), format!("`{phrase}` has more words than `where.max_words`, {most}"));
        } else if let Some(least) = place.min_words.filter(|&least| count < least) {
            report(phrase_place(item, phrase), format!("`{phrase}` has fewer words than `where.min_words`, {least}"));
        } else if let Some(not) = matcher.not.iter().find(|not| has_phrase(phrase, not)) {
            report(phrase_place(item, phrase), format!("`match.not` has `{not}`, which rules `{phrase}` out"));
        }
    }
    found
}

/// Whether `phrase` stands in `text` between borders of words.
fn has_phrase(text: &str, phrase: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(phrase).any(|(at, _)| {
        let end = at + phrase.len();
        let free = |at: usize| !(joins(text[..at].chars().next_back()) && joins(text[at..].chars().next()));
        free(at) && free(end)
    })
}
