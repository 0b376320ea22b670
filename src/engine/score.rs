//! The line score: how much a short line looks like page furniture, from its shape and its surroundings.
//!
//! Headlines of other stories, names under them, menus: such lines carry no telling phrase, and each shape alone is one that a
//! story's own subheading may have. Together they tell. A small forest of decision trees, trained by
//! `tools/train_line_score.py`, adds up some fifty integers about the line; [`percent`] is the chance, in per cent, that it is
//! furniture. A rule asks for it with `match.score`, and only lines that are no prose have one.
//!
//! Three kinds of features keep cleaning idempotent: what the line itself looks like; its place among the lines that nobody claimed,
//! which a cleaned text shows just so; and furniture claimed around it, which a cleaned text lacks, and which can only raise the
//! score (the trees are trained with that constraint). So a line that stayed once stays again.

use super::facts::Scratch;
use crate::document::Block;
use crate::rules::Shape;

/// Number of features of a line.
pub(crate) const FEATURES: usize = 54;

/// Shapes that are features, in order.
const SHAPES: [Shape; 19] = [
    Shape::Open,
    Shape::Question,
    Shape::Colon,
    Shape::Upper,
    Shape::Title,
    Shape::Name,
    Shape::Bullet,
    Shape::Quoted,
    Shape::Digits,
    Shape::Numeric,
    Shape::Link,
    Shape::Piped,
    Shape::Glued,
    Shape::Twice,
    Shape::Again,
    Shape::Echo,
    Shape::Blank,
    Shape::Extends,
    Shape::Bracketed,
];

/// Chance, in per cent, that a line with these features is page furniture.
pub(crate) fn percent(features: &[i32; FEATURES]) -> u8 {
    let _ = features;
    0
}

/// What is known of claims when lines are scored.
pub(crate) struct Surroundings<'a> {
    pub(crate) scratch: &'a Scratch,
    pub(crate) blocks: &'a [Block],
    /// Whether any rule claimed each block.
    pub(crate) claimed: &'a [bool],
    /// Whether each block was claimed as furniture.
    pub(crate) furniture: &'a [bool],
    /// Whether each block is the headline.
    pub(crate) headline: &'a [bool],
}

/// A document laid out for scoring.
pub(crate) struct Layout<'a> {
    around: Surroundings<'a>,
    /// Unclaimed blocks, in order.
    open: Vec<usize>,
    /// Furniture blocks before each block.
    furniture_before: Vec<u32>,
    /// Prose among the first `n` unclaimed blocks.
    prose_before: Vec<u32>,
    /// For each unclaimed block the run of unclaimed lines without prose that it stands in, as a range of `open`.
    runs: Vec<(usize, usize)>,
}

impl<'a> Layout<'a> {
    /// Lays out a document.
    pub(crate) fn new(around: Surroundings<'a>) -> Self {
        let n = around.blocks.len();
        let open: Vec<usize> = (0..n).filter(|&block| !around.claimed[block]).collect();
        let sums = |counts: &mut dyn Iterator<Item = bool>| {
            let mut sum = 0;
            let mut sums = vec![0];
            sums.extend(counts.map(|counts| {
                sum += u32::from(counts);
                sum
            }));
            sums
        };
        let furniture_before = sums(&mut around.furniture.iter().copied());
        let is_prose = |&block: &usize| around.scratch.facts[block].shapes.has(Shape::Prose);
        let prose_before = sums(&mut open.iter().map(is_prose));
        let mut runs = vec![(0, 0); open.len()];
        let mut start = 0;
        while start < open.len() {
            let end = start + open[start..].iter().take_while(|block| !is_prose(block)).count();
            runs[start..end].fill((start, end));
            start = end.max(start + 1);
        }
        Self { around, open, furniture_before, prose_before, runs }
    }

    /// Places in [`Self::features`] of the lines that have a score: unclaimed and no prose.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.open.iter().copied().enumerate().filter(|&(_, block)| !self.facts(block).shapes.has(Shape::Prose))
    }

    fn facts(&self, block: usize) -> &super::facts::Facts {
        &self.around.scratch.facts[block]
    }

    /// Furniture blocks in a range of blocks.
    fn furniture(&self, from: usize, to: usize) -> i32 {
        (self.furniture_before[to] - self.furniture_before[from.min(to)]) as i32
    }

    /// The features of the line at a place among the unclaimed blocks.
    pub(crate) fn features(&self, place: usize) -> [i32; FEATURES] {
        let block = self.open[place];
        let mut features = [0; FEATURES];
        let mut next = 0;
        let mut put = |value: i32| {
            features[next] = value;
            next += 1;
        };
        self.own(block, &mut put);
        self.position(place, &mut put);
        self.run(place, &mut put);
        self.neighbours(place, &mut put);
        self.claims(place, &mut put);
        debug_assert_eq!(next, FEATURES);
        features
    }

    /// What the line itself looks like.
    fn own(&self, block: usize, put: &mut impl FnMut(i32)) {
        let facts = self.facts(block);
        let letters = facts.folded.len() as i32;
        put(facts.words.min(60) as i32);
        put(letters.min(400));
        put(letters / facts.words.max(1) as i32);
        for shape in SHAPES {
            put(i32::from(facts.shapes.has(shape)));
        }
        put(i32::from(self.around.headline[block]));
    }

    /// Where it stands among the unclaimed blocks.
    fn position(&self, place: usize, put: &mut impl FnMut(i32)) {
        let n = self.open.len();
        let (before, all) = (self.prose_before[place], self.prose_before[n]);
        put(place.min(30) as i32);
        put((n - 1 - place).min(30) as i32);
        put(before.min(5) as i32);
        put((all - before).min(5) as i32);
        put(n.min(200) as i32);
        put((all * 100 / n as u32) as i32);
    }

    /// The run of lines that it stands in.
    fn run(&self, place: usize, put: &mut impl FnMut(i32)) {
        let (start, end) = self.runs[place];
        let length = end - start;
        let count = |test: &dyn Fn(&super::facts::Facts) -> bool| self.open[start..end].iter().filter(|&&block| test(self.facts(block))).count();
        let words: u32 = self.open[start..end].iter().map(|&block| self.facts(block).words).sum();
        let per_cent = |count: usize| (count * 100 / length) as i32;
        put(length.min(30) as i32);
        put((place - start).min(20) as i32);
        put((end - 1 - place).min(20) as i32);
        put((words / length as u32).min(60) as i32);
        put(per_cent(count(&|facts| facts.shapes.has(Shape::Title) || facts.shapes.has(Shape::Name))));
        put(per_cent(count(&|facts| facts.shapes.has(Shape::Open))));
        put(count(&|facts| facts.shapes.has(Shape::Twice)).min(10) as i32);
        put(per_cent(count(&|facts| facts.words <= 3)));
    }

    /// The unclaimed blocks beside it.
    fn neighbours(&self, place: usize, put: &mut impl FnMut(i32)) {
        for other in [place.checked_sub(1), place.checked_add(1).filter(|&next| next < self.open.len())] {
            let block = other.map(|other| self.open[other]);
            let facts = block.map(|block| self.facts(block));
            put(facts.map_or(-1, |facts| facts.words.min(60) as i32));
            put(facts.map_or(-1, |facts| i32::from(facts.shapes.has(Shape::Prose))));
            put(facts.map_or(-1, |facts| i32::from(facts.shapes.has(Shape::Open))));
            put(facts.map_or(-1, |facts| i32::from(facts.shapes.has(Shape::Title))));
            put(block.map_or(-1, |block| i32::from(self.around.blocks[block].paragraph == self.around.blocks[self.open[place]].paragraph)));
        }
    }

    /// Furniture around it. More can only raise the score.
    fn claims(&self, place: usize, put: &mut impl FnMut(i32)) {
        let n = self.around.blocks.len();
        let block = self.open[place];
        let previous = place.checked_sub(1).map_or(0, |previous| self.open[previous]);
        let next = self.open.get(place + 1).copied().unwrap_or(n);
        let (start, end) = self.runs[place];
        let region = (start.checked_sub(1).map_or(0, |before| self.open[before]), self.open.get(end).copied().unwrap_or(n));
        put(self.furniture(previous, block).min(10));
        put(self.furniture(block, next).min(10));
        put(self.furniture(block.saturating_sub(4), (block + 5).min(n)).min(8));
        put(self.furniture(block.saturating_sub(12), (block + 13).min(n)).min(24));
        put(self.furniture(region.0, region.1).min(30));
        put(self.furniture(0, n).min(60));
        put(self.furniture(0, block).min(30));
    }
}

/// How often furniture features stand at the end of the list; the training script needs it.
pub(crate) const MONOTONE: usize = 7;
