//! Everything that is counted on a page before its blocks are judged.

use super::boxes::{BoxFacts, PageHints, survey_boxes};
use super::counts::Counts;
use super::facts::Facts;
use super::features::{Shown, Wide, shown, wide};
use super::model::TokenWeights;
use super::page::Page;
use crate::html::blocks::{BlockFlags, BlockKind, Blocks};
use crate::html::tree::Tree;

/// Sums over the blocks before one; the difference of two is the sum over a range.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) words: u32,
    pub(super) free: u32,
    pub(super) prose: u32,
    pub(super) prose_blocks: u32,
    pub(super) stops: u32,
    pub(super) commas: u32,
    pub(super) headings: u32,
}

impl std::ops::Sub for Sums {
    type Output = Self;

    #[inline]
    fn sub(self, before: Self) -> Self {
        Self {
            words: self.words - before.words,
            free: self.free - before.free,
            prose: self.prose - before.prose,
            prose_blocks: self.prose_blocks - before.prose_blocks,
            stops: self.stops - before.stops,
            commas: self.commas - before.commas,
            headings: self.headings - before.headings,
        }
    }
}

/// All blocks of a page that stand in elements of the same names.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Group {
    pub(super) blocks: u32,
    pub(super) words: u32,
    pub(super) free: u32,
    pub(super) prose: u32,
    pub(super) first: u32,
    pub(super) last: u32,
}

/// What is known of a block besides the counts over its text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// Index of its group.
    pub(super) group: u32,
    /// How often its text stands on the page, and how often before it.
    pub(super) repeats: u32,
    pub(super) copy: u32,
    /// The block of the heading before it and after it, and of the prose; the number of blocks where there is none.
    pub(super) heading_before: u32,
    pub(super) heading_after: u32,
    pub(super) prose_before: u32,
    pub(super) prose_after: u32,
    pub(super) title: (i16, i16),
    pub(super) story: i16,
}

/// The survey of a page; its memory is used again for the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    pub(super) page: Page,
    pub(super) facts: Vec<Facts>,
    pub(super) places: Vec<Place>,
    pub(super) sums: Vec<Sums>,
    pub(super) boxes: Vec<BoxFacts>,
    /// For each box that has several blocks or begins a section what is said of it to its blocks.
    pub(super) wide: Vec<Wide>,
    /// What each block's neighbours are told of it.
    pub(super) shown: Vec<Shown>,
    pub(super) groups: Vec<Group>,
    /// The box with the most prose close below it.
    pub(super) best: u32,
    /// The densest run of blocks: from, up to.
    pub(super) dense: (u32, u32),
    /// The block with the page's headline.
    pub(super) title: Option<u32>,
    /// Headings of the first level.
    pub(super) h1: u32,
    pub(super) articles: u32,
    pub(super) hints: PageHints,
    /// Words in lists, tables, listings, cards, and not shown.
    pub(super) words_in: [u32; 5],
    /// Blocks with a sum of money.
    pub(super) money: u32,
    counts: Counts,
    /// Hashes of the words of all blocks, and how many come before each block.
    words: Vec<u32>,
    words_before: Vec<usize>,
}

/// Longest block that is compared with the title, in bytes.
const LONGEST_HEADING: usize = 400;

impl Survey {
    pub(super) fn read(&mut self, tree: &Tree<'_>, blocks: &Blocks, tokens: &TokenWeights) {
        self.page.read(tree, blocks.digest());
        self.read_facts(blocks);
        survey_boxes(tree, blocks, tokens, &mut self.hints, &mut self.counts, &mut self.boxes);
        self.read_wide(blocks);
        self.read_places(blocks);
        self.read_neighbours();
        self.find_best(blocks);
        self.find_dense();
        self.title = self.find_title(blocks);
    }

    pub(super) fn len(&self) -> usize {
        self.facts.len()
    }

    /// The sums over a range of blocks.
    #[inline]
    pub(super) fn sum(&self, first: u32, end: u32) -> Sums {
        self.sums[end as usize] - self.sums[first as usize]
    }

    /// The innermost element with several blocks that a block is in; `inside` is the innermost of all.
    pub(super) fn widen(&self, blocks: &Blocks, inside: u32) -> u32 {
        let page_box = &blocks.boxes()[inside as usize];
        if page_box.end - page_box.first < 2 { self.boxes[inside as usize].wider } else { inside }
    }

    fn read_facts(&mut self, blocks: &Blocks) {
        self.facts.clear();
        self.sums.clear();
        self.words.clear();
        self.words_before.clear();
        self.words_before.push(0);
        let mut sums = Sums::default();
        self.sums.push(sums);
        for block in blocks.list() {
            let text = blocks.text_of(block);
            // Words are compared with those of the page's title, if a block is short, and with its copy of the story.
            let are_compared = !self.page.story.is_empty() || !self.page.title.is_empty() && text.len() <= LONGEST_HEADING;
            let facts = Facts::read(text, block.link_bytes, are_compared.then_some(&mut self.words));
            self.words_before.push(self.words.len());
            sums.words += facts.words;
            sums.free += facts.free_words;
            if facts.is_prose() {
                sums.prose += facts.free_words;
                sums.prose_blocks += 1;
            }
            sums.stops += facts.stops;
            sums.commas += facts.commas;
            sums.headings += u32::from(matches!(block.kind, BlockKind::Heading(_)));
            self.sums.push(sums);
            self.facts.push(facts);
        }
    }

    fn read_wide(&mut self, blocks: &Blocks) {
        let mut all = std::mem::take(&mut self.wide);
        all.clear();
        all.extend(blocks.boxes().iter().zip(&self.boxes).enumerate().map(|(index, (page_box, facts))| {
            let is_asked = page_box.end - page_box.first >= 2 || facts.section as usize == index;
            if is_asked { wide(self, page_box.first, page_box.end, facts.weight_sum) } else { Wide::default() }
        }));
        self.wide = all;
        self.shown.clear();
        let blocks = blocks.list().iter().zip(&self.facts);
        self.shown.extend(blocks.map(|(block, facts)| shown(facts, block.kind, self.boxes[block.inside as usize].weight_sum)));
    }

    fn read_places(&mut self, blocks: &Blocks) {
        self.places.clear();
        self.groups.clear();
        self.counts.clear(self.len());
        for (index, (block, facts)) in blocks.list().iter().zip(&self.facts).enumerate() {
            let copies = self.counts.at(facts.hash);
            *copies += 1;
            let copy = *copies - 1;
            let words = &self.words[self.words_before[index]..self.words_before[index + 1]];
            let is_short = blocks.text_of(block).len() <= LONGEST_HEADING;
            let (of_block, of_title) = if is_short { self.page.title_overlap(words) } else { (0, 0) };
            let story = self.page.story_overlap(words) as i16;
            self.places.push(Place { title: (of_block as i16, of_title as i16), story, copy, ..Place::default() });
        }
        for (place, facts) in self.places.iter_mut().zip(&self.facts) {
            place.repeats = *self.counts.at(facts.hash);
        }
        self.counts.clear(self.len());
        for (index, block) in blocks.list().iter().enumerate() {
            let group = self.counts.at(self.boxes[block.inside as usize].path);
            if *group == 0 {
                self.groups.push(Group { first: index as u32, ..Group::default() });
                *group = self.groups.len() as u32;
            }
            let index_of_group = *group - 1;
            self.places[index].group = index_of_group;
            let (group, facts) = (&mut self.groups[index_of_group as usize], &self.facts[index]);
            group.blocks += 1;
            group.words += facts.words;
            group.free += facts.free_words;
            group.prose += if facts.is_prose() { facts.free_words } else { 0 };
            group.last = index as u32;
        }
        self.words_in = [0; 5];
        for (block, facts) in blocks.list().iter().zip(&self.facts) {
            let is_card = self.boxes[block.inside as usize].repeated != 0;
            let is_in = [
                block.flags.contains(BlockFlags::LIST),
                block.flags.contains(BlockFlags::TABLE),
                block.kind == BlockKind::Code,
                is_card,
                block.flags.contains(BlockFlags::HIDDEN),
            ];
            for (words, is_in) in self.words_in.iter_mut().zip(is_in) {
                *words += if is_in { facts.words } else { 0 };
            }
        }
        self.money = self.facts.iter().filter(|facts| facts.money > 0).count() as u32;
        self.h1 = blocks.list().iter().filter(|block| block.kind == BlockKind::Heading(1)).count() as u32;
        self.articles = blocks.boxes().iter().filter(|b| b.tag == crate::html::Tag::Article).count() as u32;
    }

    /// Finds for each block the nearest heading and the nearest prose on either side.
    fn read_neighbours(&mut self) {
        let n = self.len();
        let none = n as u32;
        let (mut heading, mut prose) = (none, none);
        for index in 0..n {
            self.places[index].heading_before = heading;
            self.places[index].prose_before = prose;
            self.note(index, &mut heading, &mut prose);
        }
        (heading, prose) = (none, none);
        for index in (0..n).rev() {
            self.places[index].heading_after = heading;
            self.places[index].prose_after = prose;
            self.note(index, &mut heading, &mut prose);
        }
    }

    fn note(&self, index: usize, heading: &mut u32, prose: &mut u32) {
        if self.sums[index + 1].headings > self.sums[index].headings {
            *heading = index as u32;
        }
        if self.facts[index].is_prose() {
            *prose = index as u32;
        }
    }

    /// Prose counts for the element that holds its paragraph, and half for the one around that, as readers' modes have it.
    fn find_best(&mut self, blocks: &Blocks) {
        let boxes = blocks.boxes();
        for (block, facts) in blocks.list().iter().zip(&self.facts) {
            if facts.is_prose() && !block.flags.intersects(BlockFlags::HIDDEN) {
                let around = boxes[block.inside as usize].parent;
                let beyond = boxes[around as usize].parent;
                let points = facts.free_words.min(200) + 4 * facts.commas.min(20);
                self.boxes[around as usize].points += points * 2;
                self.boxes[beyond as usize].points += points;
            }
        }
        let best = (0..boxes.len()).max_by_key(|&index| {
            let sum = self.sum(boxes[index].first, boxes[index].end);
            let share = u64::from(sum.free) * 1000 / u64::from(sum.words.max(1));
            (u64::from(self.boxes[index].points) * share, std::cmp::Reverse(index))
        });
        self.best = best.unwrap_or(0) as u32;
    }

    /// The run of blocks with the greatest sum of free words, less a price for each block.
    fn find_dense(&mut self) {
        let (mut sum, mut start, mut best) = (0_i64, 0, (0, 0, 0));
        for (index, facts) in self.facts.iter().enumerate() {
            let linked = i64::from(facts.words - facts.free_words);
            sum += i64::from(facts.free_words) - linked - 7;
            if sum <= 0 {
                (sum, start) = (0, index + 1);
            } else if sum > best.0 {
                best = (sum, start, index + 1);
            }
        }
        self.dense = (best.1 as u32, best.2 as u32);
    }

    /// The headline: the heading that has most in common with the page's title; the upper one of two.
    fn find_title(&self, blocks: &Blocks) -> Option<u32> {
        let candidates = blocks.list().iter().enumerate().filter_map(|(index, block)| {
            let BlockKind::Heading(level) = block.kind else { return None };
            let (of_block, of_title) = self.places[index].title;
            let shared = i32::from(of_block) + i32::from(of_title);
            let points = shared + if level == 1 { 600 } else { 0 };
            let is_fit = !block.flags.intersects(BlockFlags::HIDDEN | BlockFlags::NAV) && points >= 800;
            is_fit.then_some((points, std::cmp::Reverse(index as u32)))
        });
        candidates.max().map(|(_, std::cmp::Reverse(index))| index)
    }
}
