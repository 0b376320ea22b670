//! The numbers that a block is judged by.
//!
//! Each is a whole number that fits sixteen bits, so that every machine counts the same. The order of the `put`s is the order of the
//! columns; a model file names columns by it, so a change here needs a new model (`tools/content/`).

use super::facts::Facts;
use super::survey::{Place, Sums, Survey};
use crate::html::blocks::{BlockFlags, BlockKind, Blocks, PageBlock};

/// Takes the values of one block, one column after another.
pub(super) trait Sink {
    fn put(&mut self, name: &str, value: i32);
}

/// Names of the columns of one neighbour.
macro_rules! names {
    ($who:literal) => {
        [
            concat!($who, "_words"),
            concat!($who, "_free"),
            concat!($who, "_link_share"),
            concat!($who, "_kind"),
            concat!($who, "_same_path"),
            concat!($who, "_weight"),
        ]
    };
}
/// Names of the columns of one element around the block.
macro_rules! wider {
    ($who:literal) => {
        [
            concat!($who, "_blocks"),
            concat!($who, "_words"),
            concat!($who, "_free_share"),
            concat!($who, "_prose_share"),
            concat!($who, "_mean"),
            concat!($who, "_page_share"),
            concat!($who, "_at"),
            concat!($who, "_headings"),
            concat!($who, "_weight"),
        ]
    };
}
/// Blocks looked at on either side, one by one.
static NEAR: [(isize, [&str; 6]); 6] =
    [(-3, names!("prev3")), (-2, names!("prev2")), (-1, names!("prev1")), (1, names!("next1")), (2, names!("next2")), (3, names!("next3"))];

/// Runs of blocks around the block, with their reach on either side.
static WINDOWS: [(u32, [&str; 4]); 3] = [
    (2, ["win2_words", "win2_free", "win2_prose", "win2_stops"]),
    (5, ["win5_words", "win5_free", "win5_prose", "win5_stops"]),
    (12, ["win12_words", "win12_free", "win12_prose", "win12_stops"]),
];

/// Elements around the block, each wider than the one before.
static WIDER: [[&str; 9]; 5] = [wider!("w1"), wider!("w2"), wider!("w3"), wider!("w4"), wider!("w5")];

static FLAGS: [(BlockFlags, &str); 18] = [
    (BlockFlags::HIDDEN, "hidden"),
    (BlockFlags::ARIA_HIDDEN, "aria_hidden"),
    (BlockFlags::NAV, "nav"),
    (BlockFlags::ASIDE, "aside"),
    (BlockFlags::FOOTER, "footer"),
    (BlockFlags::HEADER, "header"),
    (BlockFlags::FORM, "form"),
    (BlockFlags::FIGURE, "figure"),
    (BlockFlags::TABLE, "table"),
    (BlockFlags::LIST, "list"),
    (BlockFlags::QUOTE, "quote"),
    (BlockFlags::ARTICLE, "article"),
    (BlockFlags::MAIN, "main"),
    (BlockFlags::CONTROL, "control"),
    (BlockFlags::DETAILS, "details"),
    (BlockFlags::DIALOG, "dialog"),
    (BlockFlags::SECTION, "section"),
    (BlockFlags::HEADING, "heading"),
];

/// Writes the values of one block but for those that all blocks of a page have in common.
pub(super) fn put_block(survey: &Survey, blocks: &Blocks, index: usize, sink: &mut impl Sink) {
    let row = Row { survey, blocks, index, block: &blocks.list()[index], facts: &survey.facts[index], place: &survey.places[index] };
    row.put_text(sink);
    row.put_markup(sink);
    row.put_position(sink);
    row.put_near(sink);
    row.put_windows(sink);
    row.put_landmarks(sink);
    row.put_wider(sink);
    row.put_groups(sink);
}

/// Writes the values that all blocks of a page have; they come after those of the block.
pub(super) fn put_page(survey: &Survey, sink: &mut impl Sink) {
    let n = survey.len() as u32;
    let all = survey.sums[survey.len()];
    sink.put("page_blocks", clip(n));
    sink.put("page_words", clip(all.words));
    sink.put("page_free_share", share(all.free, all.words));
    sink.put("page_prose", clip(all.prose));
    sink.put("page_prose_share", share(all.prose, all.words));
    sink.put("page_prose_blocks", clip(all.prose_blocks));
    sink.put("page_headings", clip(all.headings));
    sink.put("page_h1", clip(survey.h1));
    sink.put("page_articles", clip(survey.articles));
    sink.put("page_og", survey.page.og_type);
    for (bit, name) in ["page_article", "page_product", "page_forum", "page_list", "page_service"].into_iter().enumerate() {
        sink.put(name, i32::from(survey.page.kinds >> bit & 1 == 1));
    }
    sink.put("page_story_words", clip(survey.page.story_words));
    for (name, words) in ["page_lists", "page_tables", "page_code", "page_cards", "page_hidden"].into_iter().zip(survey.words_in) {
        sink.put(name, share(words, all.words));
    }
    sink.put("page_money", clip(survey.money));
    for (kind, (name, body)) in HINTS.iter().enumerate() {
        sink.put(name, clip(survey.hints.names[kind]));
        sink.put(body, clip(survey.hints.body[kind]) * 2 + i32::from(survey.page.address.kinds >> kind & 1 == 1));
    }
    sink.put("address_parts", survey.page.address.parts);
    sink.put("address_words", survey.page.address.words);
    sink.put("address_digits", survey.page.address.digits);
}

struct Row<'r> {
    survey: &'r Survey,
    blocks: &'r Blocks,
    index: usize,
    block: &'r PageBlock,
    facts: &'r Facts,
    place: &'r Place,
}

impl Row<'_> {
    fn put_text(&self, sink: &mut impl Sink) {
        let facts = self.facts;
        sink.put("words", clip(facts.words));
        sink.put("free", clip(facts.free_words));
        sink.put("link_share", link_share(facts));
        sink.put("stops", clip(facts.stops));
        sink.put("stop_rate", share(facts.stops, facts.words));
        sink.put("commas", clip(facts.commas));
        sink.put("comma_rate", share(facts.commas, facts.words));
        sink.put("dividers", clip(facts.dividers));
        sink.put("digit_share", share(facts.digits, facts.digits + facts.letters));
        sink.put("capital_share", share(facts.capitals, facts.letters));
        sink.put("capital_rate", share(facts.capitals, facts.words));
        sink.put("letters_word", share(facts.letters, facts.words));
        sink.put("ends_stop", i32::from(facts.ends_stop));
        sink.put("ends_ellipsis", i32::from(facts.ends_ellipsis));
        sink.put("at", i32::from(facts.has_at));
        sink.put("repeats", clip(self.place.repeats));
        sink.put("copy", clip(self.place.copy));
        sink.put("bytes_word", clip(self.block.span.len() as u32 / facts.words.max(1)));
        sink.put("title_of_block", i32::from(self.place.title.0));
        sink.put("title_of_title", i32::from(self.place.title.1));
        sink.put("story", i32::from(self.place.story));
    }

    fn put_markup(&self, sink: &mut impl Sink) {
        let inside = &self.survey.boxes[self.block.inside as usize];
        sink.put("kind", kind_number(self.block.kind));
        sink.put("heading_level", heading_level(self.block));
        for (flag, name) in &FLAGS {
            sink.put(name, i32::from(self.block.flags.contains(*flag)));
        }
        sink.put("list_depth", i32::from(self.block.list_depth));
        sink.put("tag", self.blocks.boxes()[self.block.inside as usize].tag as i32);
        sink.put("depth", i32::from(self.blocks.boxes()[self.block.inside as usize].depth));
        sink.put("weight", inside.weight);
        sink.put("weight_sum", inside.weight_sum);
        sink.put("weight_min", inside.weight_min);
        sink.put("weight_max", inside.weight_max);
        sink.put("siblings", clip(inside.siblings));
        sink.put("sibling", clip(inside.sibling));
    }

    fn put_position(&self, sink: &mut impl Sink) {
        let n = self.survey.len();
        let before = self.survey.sums[self.index];
        let all = self.survey.sums[n];
        sink.put("index", clip(self.index as u32));
        sink.put("index_left", clip((n - self.index) as u32));
        sink.put("index_share", share(self.index as u32, n as u32));
        sink.put("words_before", clip(before.words));
        sink.put("words_after", clip(all.words - before.words));
        sink.put("words_share", share(before.words, all.words));
        sink.put("prose_before_share", share(before.prose, all.prose));
        sink.put("prose_before", clip(before.prose));
        sink.put("prose_after", clip(all.prose - self.survey.sums[self.index + 1].prose));
    }

    fn put_near(&self, sink: &mut impl Sink) {
        for (offset, names) in &NEAR {
            let other = self.index.checked_add_signed(*offset).filter(|&other| other < self.survey.len());
            let values = other.map_or([-1; 6], |other| self.near(other));
            for (name, value) in names.iter().zip(values) {
                sink.put(name, value);
            }
        }
        sink.put("steps_before", self.steps_to(self.index.checked_sub(1)));
        sink.put("steps_after", self.steps_to(Some(self.index + 1)));
    }

    fn near(&self, other: usize) -> [i32; 6] {
        let [words, free, link_share, kind, weight] = self.survey.shown[other];
        let is_same = self.survey.places[other].group == self.place.group;
        [words.into(), free.into(), link_share.into(), kind.into(), is_same.into(), weight.into()]
    }

    /// How far up the tree is the element that holds this block and another.
    fn steps_to(&self, other: Option<usize>) -> i32 {
        let Some(other) = other.filter(|&other| other < self.survey.len()) else { return 20 };
        let boxes = self.blocks.boxes();
        let mut at = self.block.inside as usize;
        let mut steps = 0;
        while steps < 20 && !(boxes[at].first as usize..boxes[at].end as usize).contains(&other) {
            at = boxes[at].parent as usize;
            steps += 1;
        }
        steps
    }

    fn put_windows(&self, sink: &mut impl Sink) {
        let (index, n) = (self.index as u32, self.survey.len() as u32);
        for &(reach, ref names) in &WINDOWS {
            let sum = self.survey.sum(index.saturating_sub(reach), (index + reach + 1).min(n));
            for (name, value) in names.iter().zip([sum.words, sum.free, sum.prose, sum.stops]) {
                sink.put(name, clip(value));
            }
        }
    }

    /// Distances to headings, prose, the headline and the places where the story is likely to be.
    fn put_landmarks(&self, sink: &mut impl Sink) {
        let survey = self.survey;
        let (n, index) = (survey.len() as u32, self.index as u32);
        let Place { heading_before, heading_after, prose_before, prose_after, .. } = *self.place;
        let gap = |from: u32, to: u32| if from == n || to == n { 9999 } else { clip(to - from) };
        sink.put("to_heading_before", gap(heading_before, index));
        sink.put("to_heading_after", gap(index, heading_after));
        sink.put("to_prose_before", gap(prose_before, index));
        sink.put("to_prose_after", gap(index, prose_after));
        let section = survey.sum(if heading_before == n { 0 } else { heading_before }, heading_after);
        sink.put("part_words", clip(section.words));
        sink.put("part_free_share", share(section.free, section.words));
        sink.put("part_prose_share", share(section.prose, section.words));
        let level = if heading_before == n { 0 } else { heading_level(&self.blocks.list()[heading_before as usize]) };
        sink.put("part_level", level);
        sink.put("from_title", survey.title.map_or(-9999, |title| signed_gap(title, index)));
        let words_from_title = survey.title.map_or(0, |title| survey.sum(title.min(index), title.max(index)).words);
        sink.put("words_from_title", clip(words_from_title));
        let (start, end) = survey.dense;
        let from_dense = match index {
            _ if start == end => 0,
            _ if index < start => signed_gap(start, index),
            _ if index >= end => signed_gap(end - 1, index),
            _ => 0,
        };
        sink.put("dense", from_dense);
        sink.put("dense_words", clip(survey.sum(start, end).words));
        let best = &self.blocks.boxes()[survey.best as usize];
        let outside =
            if index < best.first { signed_gap(best.first, index) } else { i32::from(index >= best.end) * signed_gap(best.end, index + 1) };
        sink.put("best", outside);
        sink.put("best_steps", self.steps_to(Some(best.first as usize)));
        let best_sum = survey.sum(best.first, best.end);
        sink.put("best_words", clip(best_sum.words));
        sink.put("best_share", share(best_sum.prose, survey.sums[n as usize].prose));
    }

    fn put_wider(&self, sink: &mut impl Sink) {
        let mut at = self.survey.widen(self.blocks, self.block.inside);
        for names in &WIDER {
            for (name, value) in names.iter().zip(self.around(at)) {
                sink.put(name, value);
            }
            at = self.survey.boxes[at as usize].wider;
        }
    }

    fn around(&self, at: u32) -> [i32; 9] {
        let page_box = &self.blocks.boxes()[at as usize];
        let [count, words, free, prose, mean, of_page, headings, weight] = self.survey.wide[at as usize];
        let place = share(self.index as u32 - page_box.first, page_box.end - page_box.first);
        [count.into(), words.into(), free.into(), prose.into(), mean.into(), of_page.into(), place, headings.into(), weight.into()]
    }

    /// Elements that come in numbers: cards, comments, paragraphs.
    fn put_groups(&self, sink: &mut impl Sink) {
        let survey = self.survey;
        let group = &survey.groups[self.place.group as usize];
        let all = survey.sums[survey.len()];
        sink.put("group_blocks", clip(group.blocks));
        sink.put("group_words", clip(group.words));
        sink.put("group_free_share", share(group.free, group.words));
        sink.put("group_prose_share", share(group.prose, group.words));
        sink.put("group_mean", clip(group.words / group.blocks.max(1)));
        sink.put("group_page_share", share(group.words, all.words));
        sink.put("group_prose_of_page", share(group.prose, all.prose));
        sink.put("group_at", share(self.index as u32 - group.first, group.last - group.first));
        let repeated = survey.boxes[self.block.inside as usize].repeated;
        let (facts, page_box) = (&survey.boxes[repeated as usize], &self.blocks.boxes()[repeated as usize]);
        let sum = if repeated == 0 { Sums::default() } else { survey.sum(page_box.first, page_box.end) };
        sink.put("card_siblings", if repeated == 0 { 0 } else { clip(facts.siblings) });
        sink.put("card_sibling", if repeated == 0 { -1 } else { clip(facts.sibling) });
        sink.put("card_blocks", if repeated == 0 { 0 } else { clip(page_box.end - page_box.first) });
        sink.put("card_words", clip(sum.words));
        sink.put("card_free_share", share(sum.free, sum.words));
        sink.put("card_prose", clip(sum.prose));
        sink.put("card_at", if repeated == 0 { -1 } else { clip(self.index as u32 - page_box.first) });
        let around = if repeated == 0 { 0 } else { page_box.parent };
        let row = &self.blocks.boxes()[around as usize];
        let row_sum = survey.sum(row.first, row.end);
        sink.put("cards_words", clip(row_sum.words));
        sink.put("cards_prose_share", share(row_sum.prose, row_sum.words));
        sink.put("cards_page_share", share(row_sum.words, all.words));
        let section = survey.boxes[self.block.inside as usize].section;
        for (name, value) in SECTION.iter().zip(self.around(section)) {
            sink.put(name, value);
        }
    }
}

static HINTS: [(&str, &str); 6] = [
    ("names_article", "body_article"),
    ("names_product", "body_product"),
    ("names_forum", "body_forum"),
    ("names_docs", "body_docs"),
    ("names_list", "body_list"),
    ("names_service", "body_service"),
];

static SECTION: [&str; 9] = wider!("section");

/// What is said of an element around blocks, for all of them: blocks and words in it, its shares of free words and prose, words a block,
/// its share of the page, headings, and the weight of its names.
pub(super) type Wide = [i16; 8];

/// What its neighbours are told of a block: words, free words, links, kind, and the weight of the names around it.
pub(super) type Shown = [i16; 5];

/// Tells of a block to its neighbours; `weight` is that of the names around it.
pub(super) fn shown(facts: &Facts, kind: BlockKind, weight: i32) -> Shown {
    [clip(facts.words) as i16, clip(facts.free_words) as i16, link_share(facts) as i16, kind_number(kind) as i16, weight as i16]
}

/// Describes an element with the blocks from `first` up to `end`.
pub(super) fn wide(survey: &Survey, first: u32, end: u32, weight: i32) -> Wide {
    let (count, sum) = (end - first, survey.sum(first, end));
    let (free, prose) = (share(sum.free, sum.words) as i16, share(sum.prose, sum.words) as i16);
    let mean = clip(sum.words / count.max(1)) as i16;
    let of_page = share(sum.words, survey.sums[survey.len()].words) as i16;
    [clip(count) as i16, clip(sum.words) as i16, free, prose, mean, of_page, clip(sum.headings) as i16, weight as i16]
}

/// A count as a column holds it.
fn clip(count: u32) -> i32 {
    count.min(9999).cast_signed()
}

/// A share or rate in thousandths.
fn share(part: u32, whole: u32) -> i32 {
    if whole == 0 { 0 } else { (u64::from(part) * 1000 / u64::from(whole)).min(30_000) as i32 }
}

fn link_share(facts: &Facts) -> i32 {
    share(facts.words - facts.free_words, facts.words)
}

/// From one block to another: negative where it comes before.
fn signed_gap(from: u32, to: u32) -> i32 {
    (i64::from(to) - i64::from(from)).clamp(-9998, 9999) as i32
}

fn heading_level(block: &PageBlock) -> i32 {
    if let BlockKind::Heading(level) = block.kind { i32::from(level) } else { 0 }
}

fn kind_number(kind: BlockKind) -> i32 {
    match kind {
        BlockKind::Paragraph => 0,
        BlockKind::Heading(_) => 1,
        BlockKind::ListItem => 2,
        BlockKind::Quote => 3,
        BlockKind::Code => 4,
        BlockKind::TableRow => 5,
        BlockKind::TableCell => 6,
        BlockKind::Caption => 7,
    }
}
