//! What is counted on the block-level elements.

use super::counts::Counts;
use super::hints::{Hints, KINDS};
use super::model::TokenWeights;
use super::tokens::{each_token, has_names};
use crate::html::blocks::{Blocks, PageBox};
use crate::html::names::{Attr, Tag};
use crate::html::tree::Tree;

/// What is known of a block-level element.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BoxFacts {
    /// Hash of its tag and class.
    pub(super) signature: u32,
    /// Hash of its signature and those of two elements around it.
    pub(super) path: u32,
    /// How many of its siblings have its signature, itself included, and how many of them come before it.
    pub(super) siblings: u32,
    pub(super) sibling: u32,
    /// The nearest element around it with more blocks than it has.
    pub(super) wider: u32,
    /// The nearest element, itself included, that is one of three siblings alike with several blocks each; 0 is none.
    pub(super) repeated: u32,
    /// The nearest `<article>`, `<main>` or `<section>`, itself included; 0 is none.
    pub(super) section: u32,
    /// The weight of its tokens, and sum, least and greatest weight from the root to here.
    pub(super) weight: i32,
    pub(super) weight_sum: i32,
    pub(super) weight_min: i32,
    pub(super) weight_max: i32,
    /// Prose close below it.
    pub(super) points: u32,
}

/// How often the names on a page hint at each kind of page: those of its parts, and those of the whole.
#[derive(Clone, Debug, Default)]
pub(super) struct PageHints {
    words: Hints,
    pub(super) names: [u32; KINDS],
    pub(super) body: [u32; KINDS],
}

/// A token of a name and what is known of it.
#[derive(Clone, Copy, Debug)]
struct Name {
    token: u32,
    weight: i32,
    /// The kind of page that it hints at.
    kind: Option<usize>,
    /// Whether it is part of a signature; names with a number in them differ between things that are alike.
    is_counted: bool,
}

/// The tokens of the lists of names that a page has; those of classes are read once.
#[derive(Default)]
struct Names {
    /// Where the tokens of each list of class names stand, from and up to; nowhere if it was not read.
    lists: Vec<Option<(u32, u32)>>,
    all: Vec<Name>,
}

impl Names {
    /// Tokens of a list of names, which may be known by its number.
    fn read(&mut self, list: Option<usize>, names: impl FnOnce(&mut Vec<Name>)) -> &[Name] {
        let Self { lists, all } = self;
        let make = || {
            let start = all.len() as u32;
            names(all);
            (start, all.len() as u32)
        };
        let (start, end) = match list {
            Some(list) => *lists[list].get_or_insert_with(make),
            None => make(),
        };
        &self.all[start as usize..end as usize]
    }
}

/// Fills the facts of all boxes.
pub(super) fn survey_boxes(
    tree: &Tree<'_>,
    blocks: &Blocks,
    tokens: &TokenWeights,
    hints: &mut PageHints,
    counts: &mut Counts,
    facts: &mut Vec<BoxFacts>,
) {
    let boxes = blocks.boxes();
    facts.clear();
    hints.names = [0; KINDS];
    hints.body = [0; KINDS];
    counts.clear(boxes.len());
    let digest = blocks.digest();
    let mut known = Names { lists: vec![None; digest.class_lists()], all: Vec::new() };
    for (index, page_box) in boxes.iter().enumerate() {
        let around = if index == 0 { BoxFacts::default() } else { facts[page_box.parent as usize] };
        let mut signature = page_box.tag as u32;
        let mut weight = 0;
        // What the names of the whole page say tells no block from another.
        let is_page = matches!(page_box.tag, Tag::Html | Tag::Body);
        for attr in tree.attr_spans(page_box.node).iter().filter(|attr| has_names(attr)) {
            let list = if attr.name == Attr::Class { digest.class_list(page_box.node) } else { None };
            let names = known.read(list, |all| {
                each_token(&tree.attr_value(attr), |token, _, has_digit| {
                    all.push(Name { token, weight: tokens.weight(token), kind: hints.words.kind(token), is_counted: !has_digit });
                });
            });
            let kinds = if is_page { &mut hints.body } else { &mut hints.names };
            for name in names {
                if let Some(kind) = name.kind {
                    kinds[kind] += 1;
                }
                weight += if is_page { 0 } else { name.weight };
                if name.is_counted {
                    signature = mix(signature, name.token);
                }
            }
        }
        let weight = weight.clamp(-4000, 4000);
        let siblings = counts.at(mix(signature, page_box.parent));
        *siblings += 1;
        facts.push(BoxFacts {
            signature,
            path: mix(mix(signature, around.signature), around.path >> 8),
            sibling: *siblings - 1,
            weight,
            weight_sum: (around.weight_sum + weight).clamp(-16000, 16000),
            weight_min: around.weight_min.min(weight),
            weight_max: around.weight_max.max(weight),
            ..BoxFacts::default()
        });
    }
    for index in 0..boxes.len() {
        link_up(boxes, counts, facts, index);
    }
}

/// Finds the elements around one that matter to it.
fn link_up(boxes: &[PageBox], counts: &mut Counts, facts: &mut [BoxFacts], index: usize) {
    let page_box = &boxes[index];
    let parent = page_box.parent as usize;
    let around = facts[parent];
    let siblings = *counts.at(mix(facts[index].signature, page_box.parent));
    let is_same = (boxes[parent].first, boxes[parent].end) == (page_box.first, page_box.end);
    let is_section = matches!(page_box.tag, Tag::Article | Tag::Main | Tag::Section);
    let is_repeated = siblings >= 3 && page_box.end - page_box.first >= 2;
    let facts = &mut facts[index];
    facts.siblings = siblings;
    facts.wider = if is_same { around.wider } else { page_box.parent };
    facts.repeated = if is_repeated { index as u32 } else { around.repeated };
    facts.section = if is_section { index as u32 } else { around.section };
}

fn mix(hash: u32, more: u32) -> u32 {
    (hash.rotate_left(5) ^ more).wrapping_mul(0x9E37_79B1)
}
