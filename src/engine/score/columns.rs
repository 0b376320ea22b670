//! What the line score goes by: the columns of a line.
//!
//! Lines that rules took are left out of the sequence, so that a cleaned text has the columns that it had before, but for those that count
//! what was taken. More of that may only raise a score (the training script sees to it), so that cleaning a text again finds nothing new.

use super::build::{Build, begins};
use super::hashes::Hashes;
use crate::document::{Document, Standing};
use crate::engine::facts::{Scratch, hash};
use crate::rules::{Category, Shape};
use crate::text::words;

macro_rules! columns {
    ($($name:literal)*) => {
        /// Names of the columns, in order.
        pub const NAMES: &[&str] = &[$($name),*];
    };
}

columns! {
    "words" "bytes" "word_bytes" "capitals" "digits" "commas" "small_first" "ellipsis" "digit_groups" "colon_inside"
    "closed" "question" "colon" "upper" "title" "name" "bracketed" "bullet" "quoted" "numeric" "blank" "link" "piped" "glued" "twice" "again"
    "headline" "known" "known_words" "in_headline" "author" "known_next" "known_near"
    "before1_words" "before1_prose" "before1_closed" "before1_title" "before1_known" "before1_capitals"
    "before2_words" "before2_prose" "before2_closed"
    "after1_words" "after1_prose" "after1_closed" "after1_title" "after1_known" "after1_capitals"
    "after2_words" "after2_prose" "after2_closed"
    "run_before" "run_after" "run_words" "run_closed" "run_known" "run_title" "run_longest" "run_alike"
    "prose_before" "prose_after" "prose" "lines_before" "lines_after" "lines" "place" "lines_share"
    "from_headline" "words_before" "words_after" "long_before" "long_after" "prose_above" "prose_below"
    "subheads" "subhead_words" "subhead_capitals" "capitals_over_subheads"
    "gap_before" "gap_after" "same_before" "same_after"
    "taken_before" "taken_after" "taken_near" "taken_run" "taken" "taken_heading"
    "taken_above" "taken_lists" "taken_words_before" "taken_words_after"
}

/// Words before the name of a writer.
const AUTHOR_WORDS: &[&str] = &[
    "by", "von", "por", "par", "di", "de", "door", "av", "af", "tekst", "text", "texte", "texto", "testo", "autor", "autora", "autorin",
    "auteur", "author", "written", "words", "reporter", "foto", "fotos", "photo", "photos",
];

/// Those that also stand inside a line ("translated by").
const INNER_AUTHOR_WORDS: &[&str] = &["by", "von", "por"];

/// Lines that are looked at on each side for what was taken.
const NEAR: usize = 5;

/// Furniture that must be known before lines are judged by it.
const LEAST_TAKEN: usize = 2;

/// Longest run of lines that is measured, to each side.
const RUN: usize = 40;

/// Lines that are looked at on each side for some of the same build.
const ALIKE: usize = 8;

/// Words of prose that is no teaser.
const LONG_PROSE: u32 = 25;

/// Long words of a paragraph that are compared with the lines beside it.
const COMPARED: usize = 200;

/// Times as much room as the words of lines need, so that nearly all others are told from them at the first look.
const SPARSE: usize = 4;

/// Lines between paragraphs that make a custom of how a text writes its subheadings.
const LEAST_SUBHEADS: u32 = 2;

/// Blocks to each side in which what was taken is looked for, and most words of open lines on the way.
const TAKEN_REACH: usize = 30;
const TAKEN_WORDS: i16 = 100;

/// The headline is nowhere.
const NO_HEADLINE: i16 = 30;

/// Either the line has no word that could be a capital, or the text no subheadings.
const NO_DIFFERENCE: i16 = -101;

/// What is known of the lines of a document once all other rules have run.
pub(in crate::engine) struct Lines<'a> {
    document: &'a Document<'a>,
    pub(super) scratch: &'a Scratch,
    /// Blocks of the story that nobody claimed.
    open: Vec<usize>,
    /// Place of the first of `open` at or after each block.
    place: Vec<u32>,
    /// What the words of each of `open` say.
    words: Vec<OfWords>,
    /// What stands among `open` before each, and in all.
    sums: Vec<Sums>,
    /// What each of `open` is made of; of prose nothing is known.
    builds: Vec<Build>,
    /// Place of the first prose at or after each of `open`, and past all.
    next_prose: Vec<u32>,
    /// One more than the place of the last prose before each of `open`; 0 where there is none.
    last_prose: Vec<u32>,
    /// Of the long words of each prose of `open` those that lines have, sorted: where they end in `prose_words`.
    prose_ends: Vec<u32>,
    prose_words: Vec<u64>,
    /// How the text writes its subheadings.
    subheads: Subheads,
    /// Furniture taken before each block, and in all.
    taken: Vec<u32>,
    /// What was taken as a list of links, in all.
    taken_lists: u32,
    /// The headline, and whether each block says it.
    headline: (Option<usize>, Vec<bool>),
}

/// What the long words of a line say.
#[derive(Clone, Copy)]
struct OfWords {
    /// Share of them that stand in the prose, in hundredths; -1 without long words.
    known: i16,
    /// How many do.
    count: i16,
    /// Share of them, each once, that the headline has too.
    in_headline: f32,
    /// Shares of them, each once, in hundredths, that the next two paragraphs have, and the last two or the next two; -1 without long words.
    known_next: i16,
    known_near: i16,
}

/// The lines that stand alone between two paragraphs, most of which are subheadings.
#[derive(Clone, Copy, Default)]
struct Subheads {
    count: u32,
    words: i16,
    capitals: i16,
}

/// Sums over lines.
#[derive(Clone, Copy, Default)]
struct Sums {
    prose: u32,
    /// Prose of [`LONG_PROSE`] words or more.
    long: u32,
    words: u32,
    prose_words: u32,
    closed: u32,
    title: u32,
    /// Of lines with long words: their shares of known ones, and how many lines.
    known: u32,
    knowing: u32,
}

impl std::ops::Sub for Sums {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            prose: self.prose - before.prose,
            long: self.long - before.long,
            words: self.words - before.words,
            prose_words: self.prose_words - before.prose_words,
            closed: self.closed - before.closed,
            title: self.title - before.title,
            known: self.known - before.known,
            knowing: self.knowing - before.knowing,
        }
    }
}

/// The bits of categories in the names of a block; the rest are tags.
const CATEGORIES: u64 = (1 << 40) - 1;

/// Categories that are of the story: what is taken under them says nothing about furniture.
const OF_STORY: u64 = 1 << Category::Caption as u64
    | 1 << Category::Byline as u64
    | 1 << Category::Dateline as u64
    | 1 << Category::DatelineTimestamp as u64
    | 1 << Category::Agency as u64;

/// Categories of lists of links.
const OF_LISTS: u64 = 1 << Category::RelatedLinks as u64 | 1 << Category::Navigation as u64 | 1 << Category::TagsTopics as u64;

/// Which blocks went as furniture.
fn taken(claimed: &[bool], names: &[u64]) -> impl Iterator<Item = bool> {
    claimed.iter().zip(names).map(|(&claimed, names)| claimed && names & CATEGORIES & !OF_STORY != 0)
}

/// Whether rules took enough for there to be company that gives lines away: where they took nothing, or a single line, two in five of the
/// lines with a high score at the ends are to stay (see `docs/line-score.md`).
pub(in crate::engine) fn have_company(claimed: &[bool], names: &[u64]) -> bool {
    taken(claimed, names).filter(|&taken| taken).nth(LEAST_TAKEN - 1).is_some()
}

impl<'a> Lines<'a> {
    /// Looks over a document. `claimed` and `names` are those of its blocks.
    pub(in crate::engine) fn new(
        document: &'a Document<'a>,
        scratch: &'a Scratch,
        claimed: &[bool],
        names: &[u64],
        headline: Vec<bool>,
    ) -> Self {
        let blocks = document.blocks();
        let open: Vec<usize> = (0..blocks.len()).filter(|&block| !claimed[block] && blocks[block].standing == Standing::Story).collect();
        let mut lines = Self {
            document,
            scratch,
            place: Vec::with_capacity(blocks.len()),
            words: Vec::with_capacity(open.len()),
            sums: Vec::with_capacity(open.len() + 1),
            builds: Vec::with_capacity(open.len()),
            next_prose: vec![open.len() as u32; open.len() + 1],
            last_prose: Vec::with_capacity(open.len()),
            prose_ends: vec![0],
            prose_words: Vec::new(),
            subheads: Subheads::default(),
            taken: Vec::with_capacity(blocks.len() + 1),
            taken_lists: taken(claimed, names).zip(names).filter(|&(taken, names)| taken && names & OF_LISTS != 0).count() as u32,
            headline: (headline.iter().position(|&is| is), headline),
            open,
        };
        lines.taken.push(0);
        for (block, taken) in taken(claimed, names).enumerate() {
            lines.taken.push(lines.taken[block] + u32::from(taken));
        }
        lines.read_words();
        lines.read_builds();
        lines.number();
        lines.find_subheads();
        lines
    }

    /// Compares the words of lines with those of the prose and of the headline. Lines have few words and the prose many, so those of the prose
    /// are passed by that no line has.
    fn read_words(&mut self) {
        let scratch = self.scratch;
        let is_prose = |block: usize| scratch.facts[block].shapes.has(Shape::Prose);
        let lines = || self.open.iter().filter(|&&block| !is_prose(block));
        let read = |block: usize, into: &mut Vec<u64>| words::each_long(scratch.folded(block), |word| into.push(hash(word.as_bytes())));
        let (mut own, mut ends) = (Vec::new(), vec![0]);
        for &block in lines() {
            read(block, &mut own);
            ends.push(own.len());
        }
        let [wanted, story] = &scratch.hashes;
        let mut wanted = Hashes::with_room_for(own.len() * SPARSE, wanted.borrow_mut());
        for &hash in &own {
            wanted.add(hash);
        }
        let mut story = Hashes::with_room_for(own.len(), story.borrow_mut());
        for &block in self.open.iter().filter(|&&block| is_prose(block)) {
            let start = self.prose_words.len();
            let mut count = 0;
            words::each_long(scratch.folded(block), |word| {
                let hash = hash(word.as_bytes());
                count += 1;
                if wanted.has(hash) {
                    story.add(hash);
                    if count <= COMPARED {
                        self.prose_words.push(hash);
                    }
                }
            });
            self.prose_words[start..].sort_unstable();
            self.prose_ends.push(self.prose_words.len() as u32);
        }
        let mut headline = Vec::new();
        if let Some(block) = self.headline.0 {
            read(block, &mut headline);
            headline.sort_unstable();
            headline.dedup();
        }
        let mut ends = ends.windows(2);
        let (mut prose, mut each) = (0, Vec::new());
        for &block in &self.open {
            let mut of_words = OfWords { known: -1, count: 0, in_headline: 0.0, known_next: -1, known_near: -1 };
            if is_prose(block) {
                prose += 1;
            } else {
                let own = ends.next().map_or(&[][..], |ends| &own[ends[0]..ends[1]]);
                let known = own.iter().filter(|&&hash| story.has(hash)).count();
                if let Some(share) = (100 * known).checked_div(own.len()) {
                    of_words.known = clip(share, 100);
                    of_words.count = clip(known, 20);
                }
                each.clear();
                each.extend_from_slice(own);
                each.sort_unstable();
                each.dedup();
                if self.headline.0 != Some(block) {
                    of_words.in_headline = words::overlap_of(&each, &headline);
                }
                (of_words.known_next, of_words.known_near) = self.known_beside(prose, &each);
            }
            self.words.push(of_words);
        }
    }

    /// Shares of words, each once, that stand in the next two paragraphs, and in those or the last two. So many paragraphs came before.
    fn known_beside(&self, prose: usize, own: &[u64]) -> (i16, i16) {
        let paragraph = |number: usize| {
            let ends = self.prose_ends.get(number..number + 2);
            ends.map_or(&[][..], |ends| &self.prose_words[ends[0] as usize..ends[1] as usize])
        };
        let next = [paragraph(prose), paragraph(prose + 1)];
        let last = [1, 2].map(|steps| prose.checked_sub(steps).map_or(&[][..], paragraph));
        let has = |paragraphs: &[&[u64]; 2], word: &u64| paragraphs.iter().any(|words| words.binary_search(word).is_ok());
        let in_next = own.iter().filter(|word| has(&next, word)).count();
        let in_near = own.iter().filter(|word| has(&next, word) || has(&last, word)).count();
        let share = |count: usize| (100 * count).checked_div(own.len()).map_or(-1, |share| clip(share, 100));
        (share(in_next), share(in_near))
    }

    /// Notes what lines begin with and how many capitals they have.
    fn read_builds(&mut self) {
        for &block in &self.open {
            let text = self.document.blocks()[block].span.of(self.document.source());
            self.builds.push(Build::of(text, self.is_prose(block)));
        }
    }

    /// Measures the lines that stand alone between two paragraphs.
    fn find_subheads(&mut self) {
        let is_prose = |at: usize| self.is_prose(self.open[at]);
        let (mut words, mut capitals, mut with_capitals) = (0, 0, 0);
        let mut count = 0;
        for at in (1..self.open.len().saturating_sub(1)).filter(|&at| !is_prose(at) && is_prose(at - 1) && is_prose(at + 1)) {
            count += 1;
            words += self.scratch.facts[self.open[at]].words;
            if let Ok(share) = u32::try_from(self.builds[at].capitals) {
                capitals += share;
                with_capitals += 1;
            }
        }
        let mean = |sum: u32, of: u32| if of < LEAST_SUBHEADS { -1 } else { clip(sum / of, i16::MAX) };
        self.subheads = Subheads { count, words: mean(words, count), capitals: mean(capitals, with_capitals) };
    }

    /// Notes the places of the open lines and what stands before them.
    fn number(&mut self) {
        let (mut sums, mut last_prose) = (Sums::default(), 0);
        self.sums.push(sums);
        for (at, &block) in self.open.iter().enumerate() {
            self.place.resize(block + 1, at as u32);
            let facts = &self.scratch.facts[block];
            let has = |shape| u32::from(facts.shapes.has(shape));
            let known = u32::try_from(self.words[at].known);
            let prose = has(Shape::Prose);
            self.last_prose.push(last_prose);
            if prose > 0 {
                last_prose = at as u32 + 1;
            }
            sums.prose += prose;
            sums.long += prose * u32::from(facts.words >= LONG_PROSE);
            sums.words += facts.words;
            sums.prose_words += prose * facts.words;
            sums.closed += has(Shape::Closed);
            sums.title += has(Shape::Title);
            sums.known += known.unwrap_or(0);
            sums.knowing += u32::from(known.is_ok());
            self.sums.push(sums);
        }
        self.place.resize(self.document.blocks().len(), self.open.len() as u32);
        for at in (0..self.open.len()).rev() {
            self.next_prose[at] = if self.is_prose(self.open[at]) { at as u32 } else { self.next_prose[at + 1] };
        }
    }

    fn is_prose(&self, block: usize) -> bool {
        self.scratch.facts[block].shapes.has(Shape::Prose)
    }

    /// Whether a block may be scored: nobody claimed it, and it is no prose.
    pub(in crate::engine) fn may_score(&self, block: usize) -> bool {
        let place = self.place[block] as usize;
        self.open.get(place) == Some(&block) && !self.is_prose(block)
    }

    /// The columns of a line, in the order of [`NAMES`].
    pub(in crate::engine) fn columns(&self, block: usize, out: &mut Vec<i16>) {
        out.clear();
        let at = self.place[block] as usize;
        // Steps to the lines that follow prose, and that prose follows.
        let before = self.open[..at].iter().rev().take(RUN).take_while(|&&block| !self.is_prose(block)).count();
        let after = (self.next_prose[at] as usize - at - 1).min(RUN);
        self.own(block, at, out);
        self.neighbours(at, out);
        self.run(at, before, after, out);
        self.standing(block, at, out);
        self.evidence(block, at, before, after, out);
        debug_assert_eq!(out.len(), NAMES.len());
    }

    fn own(&self, block: usize, at: usize, out: &mut Vec<i16>) {
        let facts = &self.scratch.facts[block];
        let text = self.document.blocks()[block].span.of(self.document.source());
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let groups = text.as_bytes().split(|byte| !byte.is_ascii_digit()).filter(|group| !group.is_empty()).count();
        let small = begins(text, char::is_lowercase);
        out.extend([
            clip(facts.words, 60),
            clip(text.len(), 400),
            clip(text.len() / facts.words.max(1) as usize, 30),
            self.builds[at].capitals,
            clip(100 * digits / text.len().max(1), 100),
            clip(text.bytes().filter(|&byte| byte == b',').count(), 10),
            i16::from(small),
            i16::from(text.ends_with("...") || text.ends_with('…')),
            clip(groups, 9),
            i16::from(text.find(':').is_some_and(|place| place + 1 < text.len())),
        ]);
        let shapes = [
            Shape::Closed,
            Shape::Question,
            Shape::Colon,
            Shape::Upper,
            Shape::Title,
            Shape::Name,
            Shape::Bracketed,
            Shape::Bullet,
            Shape::Quoted,
            Shape::Numeric,
            Shape::Blank,
            Shape::Link,
            Shape::Piped,
            Shape::Glued,
            Shape::Twice,
            Shape::Again,
        ];
        out.extend(shapes.map(|shape| i16::from(facts.shapes.has(shape))));
        let words = self.words[at];
        let author = names_author(self.scratch.folded(block));
        out.extend([i16::from(self.headline.1[block]), words.known, words.count, (words.in_headline * 100.0) as i16, i16::from(author)]);
        out.extend([words.known_next, words.known_near]);
    }

    fn neighbours(&self, at: usize, out: &mut Vec<i16>) {
        for (place, near) in [(at.checked_sub(1), true), (at.checked_sub(2), false), (Some(at + 1), true), (Some(at + 2), false)] {
            let Some((place, &block)) = place.and_then(|place| Some((place, self.open.get(place)?))) else {
                out.extend(&[-1; 6][..if near { 6 } else { 3 }]);
                continue;
            };
            let facts = &self.scratch.facts[block];
            let has = |shape| i16::from(facts.shapes.has(shape));
            out.extend([clip(facts.words, 60), has(Shape::Prose), has(Shape::Closed)]);
            if near {
                out.extend([has(Shape::Title), self.words[place].known, self.builds[place].capitals]);
            }
        }
    }

    /// The run of lines around a line, to the prose on both sides.
    fn run(&self, at: usize, before: usize, after: usize, out: &mut Vec<i16>) {
        let (start, end) = (at - before, at + after + 1);
        let run = self.sums[end] - self.sums[start];
        let count = (end - start) as u32;
        let longest = self.open[start..end].iter().map(|&block| self.scratch.facts[block].words).max();
        out.extend([
            clip(before, i16::MAX),
            clip(after, i16::MAX),
            clip(run.words.saturating_mul(4) / count, 240),
            clip(100 * run.closed / count, 100),
            run.known.checked_div(run.knowing).map_or(-1, |mean| mean as i16),
            clip(100 * run.title / count, 100),
            clip(longest.unwrap_or(0), 60),
            self.alike(at, start.max(at.saturating_sub(ALIKE))..end.min(at + 1 + ALIKE)),
        ]);
    }

    /// How many other lines are built as a line is: about as long, and alike in their capitals, first and last signs.
    fn alike(&self, at: usize, others: std::ops::Range<usize>) -> i16 {
        let facts = |at: usize| &self.scratch.facts[self.open[at]];
        let own = facts(at);
        let is_alike = |other: usize| {
            let (shorter, longer) = (own.words.min(facts(other).words), own.words.max(facts(other).words));
            let same = |shape| own.shapes.has(shape) == facts(other).shapes.has(shape);
            10 * u64::from(longer) <= 17 * u64::from(shorter) + 10
                && same(Shape::Title)
                && same(Shape::Closed)
                && self.builds[at].first == self.builds[other].first
        };
        clip(others.filter(|&other| other != at && is_alike(other)).count(), i16::MAX)
    }

    fn standing(&self, block: usize, at: usize, out: &mut Vec<i16>) {
        let prose = self.sums[self.open.len()].prose as usize;
        let before = self.sums[at].prose as usize;
        let lines = self.open.len();
        out.extend([
            clip(before, 30),
            clip(prose - before, 30),
            clip(prose, 60),
            clip(at, 60),
            clip(lines - 1 - at, 60),
            clip(lines, 200),
            clip(100 * at / lines, 100),
            clip(100 * (lines - prose) / lines, 100),
        ]);
        self.prose_around(at, out);
        let blocks = self.document.blocks();
        let paragraph = |place: Option<usize>| place.and_then(|place| self.open.get(place)).map(|&other| blocks[other].paragraph);
        let own = blocks[block].paragraph;
        let (previous, next) = (paragraph(at.checked_sub(1)), paragraph(Some(at + 1)));
        let gap = |other: Option<u32>| other.map_or(-1, |other| i16::from(other != own));
        let same = |other: &&usize| blocks[**other].paragraph == own;
        out.extend([
            gap(previous),
            gap(next),
            clip(self.open[..at].iter().rev().take(20).take_while(same).count(), 20),
            clip(self.open[at + 1..].iter().take(20).take_while(same).count(), 20),
        ]);
    }

    /// The headline and the prose before and after a line, and how its capitals compare with those of the subheadings.
    fn prose_around(&self, at: usize, out: &mut Vec<i16>) {
        let (before, all) = (self.sums[at], self.sums[self.open.len()]);
        let after = all - before;
        let headline = self.headline.0.map_or(NO_HEADLINE, |block| {
            let place = self.place[block] as usize;
            clip(at.saturating_sub(place), 20) - clip(place.saturating_sub(at), 20)
        });
        let words = |place: Option<usize>| place.map_or(-1, |place| clip(self.scratch.facts[self.open[place]].words, 100));
        let next = self.next_prose[at] as usize;
        let Subheads { count, words: subhead_words, capitals } = self.subheads;
        let own = self.builds[at].capitals;
        out.extend([
            headline,
            clip(before.prose_words / 5, 400),
            clip(after.prose_words / 5, 400),
            clip(before.long, 30),
            clip(after.long, 30),
            words(self.last_prose[at].checked_sub(1).map(|place| place as usize)),
            words(Some(next).filter(|&next| next < self.open.len())),
            clip(count, 20),
            subhead_words,
            capitals,
            if own < 0 || capitals < 0 { NO_DIFFERENCE } else { own - capitals },
        ]);
    }

    /// What rules took around a line. More of it may only raise the score.
    fn evidence(&self, block: usize, at: usize, before: usize, after: usize, out: &mut Vec<i16>) {
        let end = self.document.blocks().len();
        let is_taken = |other: usize| self.taken[other + 1] > self.taken[other];
        let count = |places: std::ops::Range<usize>| self.taken[places.end] - self.taken[places.start];
        let far = 20 - 1;
        let last = (block.saturating_sub(far)..block).rev().position(is_taken).map_or(0, |steps| far - steps);
        let next = (block + 1..end.min(block + 1 + far)).position(is_taken).map_or(0, |steps| far - steps);
        // Between the prose before the line and the prose after it; from the beginning and to the end where there is none near.
        let from = match at - before {
            0 => 0,
            _ if before == RUN => block,
            start => self.open[start - 1],
        };
        let to = match self.open.get(at + after + 1) {
            None => end,
            Some(_) if after == RUN => block,
            Some(&prose) => prose,
        };
        // The block right above the line, claimed or not, is one that was taken.
        let heading = block.checked_sub(1).is_some_and(is_taken);
        out.extend([
            clip(last, 20),
            clip(next, 20),
            clip(count(block.saturating_sub(NEAR)..end.min(block + 1 + NEAR)), 10),
            clip(count(from.min(block)..to.max(block)), 20),
            clip(self.taken[end], 40),
            i16::from(heading),
            clip(self.taken[block], 40),
            clip(self.taken_lists, 40),
        ]);
        // Words of open lines between the line and what was taken above and below it.
        let words = |from: usize, to: usize| TAKEN_WORDS - clip(self.sums[to].words - self.sums[from].words, TAKEN_WORDS);
        let above = (block.saturating_sub(TAKEN_REACH - 1)..block).rev().find(|&other| is_taken(other));
        let below = (block + 1..end.min(block + TAKEN_REACH)).find(|&other| is_taken(other));
        out.extend([
            above.map_or(0, |other| words(self.place[other] as usize, at)),
            below.map_or(0, |other| words(at + 1, self.place[other] as usize)),
        ]);
    }
}

/// Whether a folded line has a word that stands before the name of a writer, as the first or in the middle.
fn names_author(folded: &str) -> bool {
    let first = folded.split([' ', ':']).next().unwrap_or_default();
    let inner = folded.split_once(' ').and_then(|(_, rest)| rest.rsplit_once(' ')).map_or("", |(inner, _)| inner);
    AUTHOR_WORDS.contains(&first) || inner.split(' ').any(|word| INNER_AUTHOR_WORDS.contains(&word))
}

/// A number as a column, at most `most`.
fn clip(number: impl TryInto<i16>, most: i16) -> i16 {
    number.try_into().map_or(most, |number| number.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    /// The columns of the first line that says something, by their names, where only rules of phrases took lines.
    fn columns_of(text: &str, line: &str) -> impl Fn(&str) -> i16 {
        let document = Document::from_text(text).with_language("en");
        let (engine, mut found) = (Engine::builder().build().expect("the packs are sound"), Vec::new());
        engine.each_line(
            &document,
            &mut Scratch::default(),
            |rule| !rule.as_str().starts_with("any."),
            |block, columns| {
                if document.blocks()[block].span.of(document.source()) == line && found.is_empty() {
                    found = columns.to_vec();
                }
            },
        );
        move |name| found[NAMES.iter().position(|other| *other == name).expect("it is a column")]
    }

    const STORY: &str = "Old mill to open again
The mill by the old bridge will open its doors again in May, the council said on Friday.
What the council wants
Its wheel was taken out in 1968 and stood in a field for half a century.
Who pays for the wheel
The council has set aside two million for the work, and more is to come from the state, which owns the bridge.
Share on Facebook
Gardens and homes
Sign up for our newsletter";

    #[test]
    fn words_of_the_paragraphs_beside_a_line_are_known() {
        let subhead = columns_of(STORY, "What the council wants");
        assert_eq!((subhead("known_next"), subhead("known_near")), (50, 50));
        let last = columns_of(STORY, "Gardens and homes");
        assert_eq!((last("known_next"), last("known_near")), (0, 0));
    }

    #[test]
    fn prose_and_the_headline_are_measured_from_a_line() {
        let column = columns_of(STORY, "Who pays for the wheel");
        let names = ["from_headline", "words_before", "words_after", "long_before", "long_after", "prose_above", "prose_below"];
        assert_eq!(names.map(&column), [4, 6, 4, 0, 0, 16, 22]);
    }

    #[test]
    fn subheadings_set_the_custom_of_a_text() {
        let column = columns_of(STORY, "Gardens and homes");
        let names = ["subheads", "subhead_words", "subhead_capitals", "capitals_over_subheads"];
        assert_eq!(names.map(&column), [2, 4, 0, 0]);
    }

    #[test]
    fn what_was_taken_is_near_by_words_of_open_lines() {
        let column = columns_of(STORY, "Gardens and homes");
        assert_eq!(["taken_above", "taken_words_before", "taken_words_after"].map(column), [1, 100, 100]);
        let column = columns_of(STORY, "Who pays for the wheel");
        assert_eq!(["taken_above", "taken_words_before", "taken_words_after"].map(column), [0, 0, 78]);
    }
}
