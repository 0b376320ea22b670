//! Lines that come again: what is known of them is kept.
//!
//! The furniture of a site is the same on all its pages, and large collections are mostly of large sites; corpora are cleaned of boilerplate by
//! dropping what repeats ("`CCNet`", Wenzek et al., 2020). What a line is made of, and which rules match it but for their place, depends on
//! nothing but the line; so short lines that come for the second time are kept, a bounded number of them, and from then on looked up. What is
//! decided about them is the same, line by line.

use std::sync::Arc;

use super::compile::CompiledRules;
use super::facts::{self, Facts, Scratch};
use super::matching::Found;
use super::trial::Hit;
use crate::document::Document;
use crate::rules::{Media, Shapes};
use crate::span::ByteSpan;

/// Most bytes of a line that is kept. Nine in ten lines of furniture of the development articles are no longer, and three in four of their
/// story are, which do not come again.
const MOST_BYTES: usize = 128;

/// Most lines that are kept at a time: some three hundred bytes each.
const LINES: usize = 1 << 14;

/// Places that a line may be kept at; with one alone, lines that come again would drive each other out.
const WAYS: usize = 4;

/// Marks of lines that came once. A mark is four bytes.
const MARKS: usize = 1 << 16;

/// Sets of shapes under which the verdicts on a line are kept: what stands elsewhere in a text gives lines the shape `twice` and its like.
const MOST_VERDICTS: usize = 2;

/// Blocks from which on a text is long enough to have lines of its own that come again.
const MANY_BLOCKS: usize = 200;

/// What hits are the rules', and what text is read as: the same line means other things in another language.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Context {
    language: u32,
    media: Media,
}

impl Context {
    /// Hash of a line.
    fn hash(self, text: &str) -> u64 {
        let own = u64::from(self.language) << 1 | self.media as u64;
        (facts::hash(text.as_bytes()) ^ own).wrapping_mul(facts::MIX)
    }
}

/// The lines that came again in the texts that one engine cleaned, with one set of buffers.
#[derive(Default)]
pub(super) struct Memo {
    /// The engine's mark: what is kept was decided by its rules.
    owner: Option<Arc<()>>,
    /// Of the document at hand, where lines are looked up in it.
    context: Option<Context>,
    /// Documents so far, so that no line is given up in the document that it was looked up for.
    documents: u32,
    /// Parts of the hashes of lines that came once, by other parts of them; empty until lines are looked up.
    marks: Vec<u32>,
    lines: Vec<Option<Box<Line>>>,
}

/// A line that is kept.
struct Line {
    hash: u64,
    context: Context,
    text: Box<str>,
    folded: Box<str>,
    /// Without shapes that other lines give it, and placed at the beginning of a text.
    facts: Facts,
    verdicts: Vec<Verdict>,
    /// The last document that it was looked up for.
    document: u32,
}

/// Which rules match a line that has these shapes, but for their place.
struct Verdict {
    shapes: Shapes,
    /// Rules and what they matched in the line.
    hits: Box<[(u32, Found)]>,
    /// Rules that are tried each time anew: those that wait for others, and those for some sites.
    untried: Box<[u32]>,
}

/// What is kept of a line.
pub(super) enum Seen<'m> {
    /// It came before: its folded text, its facts at the beginning of a text, and its place here.
    Before(&'m str, &'m Facts, u32),
    /// It comes again and is to be kept at this place.
    Again(u32),
    /// Nothing, and nothing is to be kept.
    Nothing,
}

impl Memo {
    /// Goes on to another document, whose lines are looked up. `owner` is the mark of the engine, and `language` the number of the
    /// language whose rules are in force.
    pub(super) fn begin(&mut self, owner: &Arc<()>, language: u32, media: Media, blocks: usize) {
        if !self.owner.as_ref().is_some_and(|known| Arc::ptr_eq(known, owner)) {
            *self = Self { owner: Some(owner.clone()), ..Self::default() };
        }
        self.documents = self.documents.wrapping_add(1);
        // One short text has few lines that come again, and these buffers may serve no other.
        let is_worth_it = self.documents > 1 || blocks >= MANY_BLOCKS;
        self.context = is_worth_it.then_some(Context { language, media });
        if is_worth_it && self.marks.is_empty() {
            self.marks.resize(MARKS, 0);
            self.lines.resize_with(LINES, || None);
        }
    }

    /// Leaves the document: lines of the next one are not looked up, unless it is begun too.
    pub(super) fn end(&mut self) {
        self.context = None;
    }

    /// What is known of a line.
    pub(super) fn look_up(&mut self, text: &str) -> Seen<'_> {
        let Some(context) = self.context.filter(|_| text.len() <= MOST_BYTES) else { return Seen::Nothing };
        let hash = context.hash(text);
        let first = (hash >> 32) as usize % LINES / WAYS * WAYS;
        let is_own = |line: &Line| line.hash == hash && line.context == context && *line.text == *text;
        if let Some(place) = (first..first + WAYS).find(|&place| self.lines[place].as_deref().is_some_and(is_own)) {
            let line = self.lines[place].as_mut().expect("it is there");
            line.document = self.documents;
            return Seen::Before(&line.folded, &line.facts, place as u32);
        }
        let mark = &mut self.marks[(hash >> 46) as usize % MARKS];
        if std::mem::replace(mark, hash as u32) != hash as u32 {
            return Seen::Nothing;
        }
        // In the stead of the line that did not come for longest, unless all are of this document.
        let age = |place: &usize| self.lines[*place].as_ref().map_or(u32::MAX, |line| self.documents.wrapping_sub(line.document));
        let oldest = (first..first + WAYS).max_by_key(age).filter(|place| age(place) > 0);
        oldest.map_or(Seen::Nothing, |place| Seen::Again(place as u32))
    }

    /// Keeps a line at its place.
    pub(super) fn keep(&mut self, place: u32, text: &str, folded: &str, facts: Facts) {
        let Some(context) = self.context else { return };
        let line = Line {
            hash: context.hash(text),
            context,
            text: text.into(),
            folded: folded.into(),
            facts,
            verdicts: Vec::new(),
            document: self.documents,
        };
        self.lines[place as usize] = Some(Box::new(line));
    }

    fn line(&self, place: u32) -> Option<&Line> {
        self.lines.get(place as usize).and_then(Option::as_deref)
    }

    fn verdict(&self, place: u32, shapes: Shapes) -> Option<&Verdict> {
        self.line(place)?.verdicts.iter().find(|verdict| verdict.shapes == shapes)
    }

    /// Whether it is known which rules match the line at a place, when it has these shapes.
    pub(super) fn is_decided(&self, place: u32, shapes: Shapes) -> bool {
        self.verdict(place, shapes).is_some()
    }

    /// The rules that are yet to be tried on the line at a place.
    pub(super) fn untried(&self, place: u32, shapes: Shapes) -> &[u32] {
        self.verdict(place, shapes).map_or(&[], |verdict| &verdict.untried)
    }

    /// The hits of rules on the line at a place, which is a block that begins at `start`.
    pub(super) fn hits(&self, place: u32, shapes: Shapes, block: usize, start: usize) -> impl Iterator<Item = Hit> {
        let known = self.verdict(place, shapes).map_or(&[][..], |verdict| &verdict.hits);
        known.iter().map(move |(rule, found)| {
            let found = moved(found, |at| at + start);
            Hit { block, rule: *rule as usize, found, fired: false, heading: None, score: None }
        })
    }

    /// Keeps which rules match the line at a place, which is a block that begins at `start`, and which are yet to be tried.
    pub(super) fn decide<'h>(
        &mut self,
        place: u32,
        shapes: Shapes,
        start: usize,
        hits: impl Iterator<Item = &'h Hit>,
        untried: impl Iterator<Item = u32>,
    ) {
        let Some(line) = self.lines.get_mut(place as usize).and_then(Option::as_deref_mut) else { return };
        if line.verdicts.iter().any(|verdict| verdict.shapes == shapes) {
            return;
        }
        line.verdicts.truncate(MOST_VERDICTS - 1);
        let hits = hits.map(|hit| (hit.rule as u32, moved(&hit.found, |at| at - start))).collect();
        line.verdicts.push(Verdict { shapes, hits, untried: untried.collect() });
    }
}

/// What was found, with all places moved.
fn moved(found: &Found, by: impl Fn(usize) -> usize) -> Found {
    let own = |span: ByteSpan| ByteSpan::new(by(span.start), by(span.end));
    Found { span: own(found.span), groups: found.groups.iter().map(|&(tag, span)| (tag, own(span))).collect() }
}

impl Scratch {
    /// Adds the candidates that are tried each time, on lines of which all else is known.
    pub(super) fn add_untried(&self, candidates: &mut Vec<(u32, u32)>) {
        for (block, facts, place) in self.decided() {
            candidates.extend(self.memo.untried(place, facts.shapes).iter().map(|&rule| (block as u32, rule)));
        }
    }

    /// Adds the hits on lines of which they are known.
    pub(super) fn add_known_hits(&self, document: &Document<'_>, hits: &mut Vec<Hit>) {
        let tried = hits.len();
        for (block, facts, place) in self.decided() {
            hits.extend(self.memo.hits(place, facts.shapes, block, document.blocks()[block].span.start));
        }
        if hits.len() > tried {
            hits.sort_by_key(|hit| (hit.block, hit.rule));
        }
    }

    /// Blocks of which it is known which rules match them.
    fn decided(&self) -> impl Iterator<Item = (usize, &Facts, u32)> {
        let own = self.facts.iter().enumerate().filter(|(_, facts)| facts.is_decided);
        own.filter_map(|(block, facts)| Some((block, facts, facts.kept?)))
    }

    /// Keeps which rules match the lines that came again and were tried. The hits are sorted by block.
    pub(super) fn keep_hits(&mut self, rules: &CompiledRules, document: &Document<'_>, hits: &[Hit]) {
        let (mut hits, mut candidates) = (hits, self.candidates.as_slice());
        for (block, facts) in self.facts.iter().enumerate() {
            let Some(place) = facts.kept.filter(|_| !facts.is_decided) else { continue };
            hits = &hits[hits.partition_point(|hit| hit.block < block)..];
            candidates = &candidates[candidates.partition_point(|entry| (entry.0 as usize) < block)..];
            let own = hits.iter().take_while(|hit| hit.block == block).filter(|hit| !rules.gates[hit.rule].is_tried_anew);
            let untried = candidates.iter().take_while(|entry| entry.0 as usize == block).map(|entry| entry.1);
            let untried = untried.filter(|&rule| rules.gates[rule as usize].is_tried_anew);
            self.memo.decide(place, facts.shapes, document.blocks()[block].span.start, own, untried);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    const PAGE: &str = include_str!("../../fixtures/articles/harbour.txt");

    fn decided(engine: &Engine, text: &str, scratch: &mut Scratch) -> usize {
        let document = Document::from_text(text).with_language("en");
        assert_eq!(engine.clean_with(&document, scratch), engine.clean_document(&document));
        scratch.decided().count()
    }

    #[test]
    fn lines_that_come_again_are_not_tried_again() {
        let engine = Engine::builder().build().expect("built-in rules");
        let mut scratch = Scratch::default();
        let tried: Vec<usize> = (0..4).map(|_| decided(&engine, PAGE, &mut scratch)).collect();
        let short = Document::from_text(PAGE).blocks().iter().filter(|block| block.span.len() <= MOST_BYTES).count();
        assert!(short > 10);
        assert_eq!(tried, [0, 0, 0, short]);
    }

    #[test]
    fn what_stands_elsewhere_in_a_text_may_decide_otherwise() {
        let engine = Engine::builder().build().expect("built-in rules");
        let mut scratch = Scratch::default();
        let story = "The first ferry in eleven weeks left the harbour on Friday morning, the board said, and it was full.";
        let again = "Sixty people waited at the pier";
        let texts = [
            format!("{again}\n\n{story}\n\nShare"),
            format!("{again}\n\n{again}\n\n{story}\n\nShare\nShare"),
            format!("{again}\n\n{story}\n\n{again}\n\n{story}\n\n{again}\nShare"),
            format!("{again}\n{again} by the sea\n\n{story}\n\nShare\n{again}"),
        ];
        for turn in 0..40 {
            decided(&engine, &texts[turn * 7 % 4], &mut scratch);
            decided(&engine, &texts[turn % 4], &mut scratch);
        }
    }

    #[test]
    fn another_engine_decides_for_itself() {
        let rule = "format = 1\n[pack]\nid = \"mine\"\nlayer = \"user\"\n[[rule]]\nid = \"mine.pier\"\ncategory = \"other\"\n\
            about = \"x\"\naction = \"remove\"\nmatch.is = [\"at the pier\"]\n";
        let plain = Engine::builder().build().expect("built-in rules");
        let own = Engine::builder().rules_text("mine.toml", rule).build().expect("the rule is well formed");
        let document =
            Document::from_text("At the pier\n\nThe first ferry in eleven weeks left on Friday, the board said.\n").with_language("en");
        let mut scratch = Scratch::default();
        for turn in 0..20 {
            let engine = if turn / 5 % 2 == 0 { &plain } else { &own };
            let kept = engine.clean_with(&document, &mut scratch).text.contains("At the pier");
            assert_eq!(kept, turn / 5 % 2 == 0, "{turn}");
        }
    }

    #[test]
    fn rules_for_a_site_hold_on_that_site_alone() {
        let rule = "format = 1\n[pack]\nid = \"mine\"\nlayer = \"user\"\n[[rule]]\nid = \"mine.pier\"\ncategory = \"other\"\n\
            about = \"x\"\naction = \"remove\"\nscope.hosts = [\"a.example\"]\nmatch.is = [\"at the pier\"]\n";
        let engine = Engine::builder().rules_text("mine.toml", rule).build().expect("the rule is well formed");
        let mut scratch = Scratch::default();
        for turn in 0..12 {
            let host = if turn % 3 == 0 { "a.example" } else { "b.example" };
            let document = Document::from_text("At the pier\n\nThe first ferry in eleven weeks left on Friday, the board said.\n");
            let kept = engine.clean_with(&document.with_language("en").with_host(host), &mut scratch).text.contains("At the pier");
            assert_eq!(kept, turn % 3 != 0, "{turn}");
        }
    }

    #[test]
    fn no_more_lines_are_kept_than_there_are_places() {
        let engine = Engine::builder().builtin(false).build().expect("no rules");
        let mut scratch = Scratch::default();
        let text = (0..3 * LINES).fold(String::new(), |text, line| text + "line " + &line.to_string() + "\n");
        for _ in 0..3 {
            decided(&engine, &text, &mut scratch);
        }
        let kept = scratch.memo.lines.iter().filter(|line| line.is_some()).count();
        assert!(kept > LINES / 2 && scratch.memo.lines.len() == LINES);
    }
}
