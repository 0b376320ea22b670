//! Main content: which blocks of a page are what the page is about.
//!
//! Each block is judged by some two hundred numbers: its own text (length, links, stops), its markup, the words in the class names
//! around it, its neighbours, the elements that it stands in and how much prose they have, the blocks that look the same, and the page as
//! a whole. A small model of decision trees, trained on pages of many kinds, turns them into a chance, and the blocks are chosen that
//! make the best text by these chances. No element is "the" container: the posts of a forum or the parts of a landing page are chosen
//! one by one.
//!
//! The model knows no language: it never sees a word of the text, only counts. It has its limits where people differ too: whether
//! a product's reviews or a shop's list of goods are its main content is a matter of taste.
//!
//! ```
//! use copydesk::html::content::{ContentScratch, choose};
//! use copydesk::html::{Blocks, Parser};
//!
//! let page = "<nav><a href=/>Home</a> <a href=/news>News</a></nav><article><h1>Fire out</h1><p>The fire in the old mill is out, the \
//!     brigade said on Friday. Nobody was hurt, and the cause is not known yet.</p></article><footer><a href=/x>Contact</a></footer>";
//! let mut parser = Parser::default();
//! let tree = parser.parse(page)?;
//! let mut blocks = Blocks::default();
//! blocks.read(&tree);
//! let mut scratch = ContentScratch::default();
//! let kept = choose(&tree, &blocks, &mut scratch);
//! let text: Vec<_> = blocks.list().iter().zip(kept).filter(|(_, kept)| **kept).map(|(block, _)| blocks.text_of(block)).collect();
//! assert!(text.concat().contains("Nobody was hurt"));
//! assert!(!text.concat().contains("Contact"));
//! # Ok::<(), copydesk::html::TooLong>(())
//! ```

mod boxes;
mod counts;
mod decide;
mod facts;
mod features;
mod hints;
mod model;
mod page;
mod survey;
mod tokens;

use super::blocks::{BlockKind, Blocks};
use super::names::Tag;
use super::tree::Tree;
use crate::forest::{CHUNK, STRIDE};
use counts::Counts;
use features::{Sink, put_block, put_page};
use model::Model;
pub use model::TokenWeights;
use survey::Survey;

/// Memory for [`choose`], used again from page to page, and what it found out besides the choice.
#[derive(Clone, Debug, Default)]
pub struct ContentScratch {
    survey: Survey,
    columns: Vec<[i16; STRIDE]>,
    of_page: Vec<i16>,
    chances: Vec<u16>,
    copies: Counts,
    kept: Vec<bool>,
}

impl ContentScratch {
    /// Returns for each block of the last page the chance that it is main content, in thousandths.
    pub fn chances(&self) -> &[u16] {
        &self.chances
    }

    /// Returns the block with the last page's headline, whether it was chosen or not.
    pub fn title(&self) -> Option<usize> {
        self.survey.title.map(|block| block as usize)
    }
}

/// Says of each block whether it belongs to the main content.
pub fn choose<'c>(tree: &Tree<'_>, blocks: &Blocks, scratch: &'c mut ContentScratch) -> &'c [bool] {
    let model = Model::built_in();
    scratch.survey.read(tree, blocks, &model.tokens);
    judge(model, blocks, scratch);
    let ContentScratch { survey, chances, copies, kept, .. } = scratch;
    rule_out(blocks, chances);
    decide::keep(survey, chances, copies, kept);
    kept
}

/// Fills the chances of all blocks, chunk by chunk.
fn judge(model: &Model, blocks: &Blocks, scratch: &mut ContentScratch) {
    let ContentScratch { survey, columns, of_page, chances, .. } = scratch;
    columns.resize(model.forest.columns(), [0; STRIDE]);
    of_page.clear();
    put_page(survey, of_page);
    let own = model.forest.columns() - of_page.len();
    chances.clear();
    let n = survey.len();
    for start in (0..n).step_by(CHUNK) {
        let count = CHUNK.min(n - start);
        for (row, block) in (0..=u8::MAX).zip(start..start + count) {
            put_block(survey, blocks, block, &mut Row { columns: columns.iter_mut(), row });
        }
        for (column, &value) in columns.iter_mut().skip(own).zip(&*of_page) {
            column[..count].fill(value);
        }
        let mut scores = [0; CHUNK];
        model.forest.score(columns, &mut scores[..count]);
        chances.extend(scores[..count].iter().map(|&score| model.forest.chance(score)));
    }
}

/// Takes all chance from what is never part of a text: captions, and the choices of a form.
fn rule_out(blocks: &Blocks, chances: &mut [u16]) {
    for (block, chance) in blocks.list().iter().zip(chances) {
        let tag = blocks.boxes()[block.inside as usize].tag;
        if block.kind == BlockKind::Caption || matches!(tag, Tag::Select | Tag::Textarea) {
            *chance = 0;
        }
    }
}

/// Writes one value after another into the columns, at the same row.
struct Row<'c> {
    columns: std::slice::IterMut<'c, [i16; STRIDE]>,
    row: u8,
}

const _: () = assert!(CHUNK == u8::MAX as usize + 1);

impl Sink for Row<'_> {
    #[inline]
    fn put(&mut self, _name: &str, value: i32) {
        if let Some(column) = self.columns.next() {
            column[usize::from(self.row)] = value as i16;
        }
    }
}

/// Keeps one value after another.
impl Sink for Vec<i16> {
    fn put(&mut self, _name: &str, value: i32) {
        self.push(value as i16);
    }
}

/// Hands each value to a function, with its block and its name.
struct Named<F>(F, usize);

impl<F: FnMut(usize, &str, i16)> Sink for Named<F> {
    fn put(&mut self, name: &str, value: i32) {
        (self.0)(self.1, name, value as i16);
    }
}

/// Calls `value` with block, name and value of each number that blocks are judged by, by these weights of class names; this is what a
/// model is trained on.
pub fn each_feature(
    tree: &Tree<'_>,
    blocks: &Blocks,
    weights: &TokenWeights,
    scratch: &mut ContentScratch,
    mut value: impl FnMut(usize, &str, i16),
) {
    scratch.survey.read(tree, blocks, weights);
    for index in 0..blocks.list().len() {
        let mut named = Named(&mut value, index);
        put_block(&scratch.survey, blocks, index, &mut named);
        put_page(&scratch.survey, &mut named);
    }
}

/// A block-level element as [`each_box`] shows it.
#[derive(Clone, Copy, Debug)]
pub struct BoxNames<'n> {
    /// The number of the element around it.
    pub parent: u32,
    /// Its first block.
    pub first: u32,
    /// The first block after it.
    pub end: u32,
    /// Its tag.
    pub tag: &'n str,
    /// Hash and spelling of the words in its class and id.
    pub tokens: &'n [(u32, String)],
}

/// Calls `found` with each block-level element that has blocks; this is what the weights of class names are trained on.
pub fn each_box(tree: &Tree<'_>, blocks: &Blocks, mut found: impl FnMut(BoxNames<'_>)) {
    let mut tokens = Vec::new();
    for page_box in blocks.boxes() {
        tokens.clear();
        tokens::each_list(tree, page_box.node, |names| {
            tokens::each_token(&names, |hash, word, _| tokens.push((hash, word.to_ascii_lowercase())));
        });
        let (parent, first, end) = (page_box.parent, page_box.first, page_box.end);
        found(BoxNames { parent, first, end, tag: page_box.tag.name(), tokens: &tokens });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Parser;

    #[test]
    fn the_model_has_a_column_for_each_number() {
        let tree = Parser::default().parse("<p>One.").expect("it is short");
        let (mut blocks, mut numbers) = (Blocks::default(), 0);
        blocks.read(&tree);
        each_feature(&tree, &blocks, &TokenWeights::default(), &mut ContentScratch::default(), |_, _, _| numbers += 1);
        assert_eq!(numbers, Model::built_in().forest.columns());
    }
}
