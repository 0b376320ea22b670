//! Blocks: what a reader of the page sees, line by line.
//!
//! ```text
//! <h1>Fire <em>out</em></h1>          Heading(1)   "Fire out"
//! <div>It took two days.              Paragraph    "It took two days."
//!   <ul><li>No one was hurt</ul>      ListItem     "No one was hurt"
//! The cause is unknown.</div>         Paragraph    "The cause is unknown."
//! ```
//!
//! A block is a run of inline content between two borders, and every block-level element has a border
//! at either end, whether its text is wrapped in `<p>` or stands straight in a `<div>`. A `<br>` ends a
//! line, two of them a paragraph. Inside a block, white space is what a browser's `innerText` makes of
//! it; two blocks never touch.
//!
//! A row of a table of data is one block, its cells parted by tabs; a row of a table that only lays out
//! the page, with blocks in its cells, is no block but holds them.
//!
//! What a browser would not show (`hidden`, `display: none`, closed dialogs, `<noscript>`) makes blocks
//! too, with [`BlockFlags::HIDDEN`]: some pages have their story there until a script shows it.
//!
//! One walk over the nodes does it all, with a stack of the open elements; time is linear in the page.

mod display;
mod flags;
mod frames;
mod line;
mod walk;

pub use flags::BlockFlags;
pub(in crate::html) use frames::is_caption_list;

use super::digest::Digest;
use super::names::Tag;
use super::tree::{NodeId, Tree};
use crate::span::ByteSpan;
use frames::Frame;

/// What a block is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BlockKind {
    /// Running text, and whatever is nothing else.
    #[default]
    Paragraph,
    /// A heading, with its level from 1 to 6.
    Heading(u8),
    /// A line of a list.
    ListItem,
    /// A line of a block quote.
    Quote,
    /// Text whose white space counts; the only kind with line breaks inside.
    Code,
    /// A row of a table of data; tabs stand between its cells.
    TableRow,
    /// A line of a table cell that is no part of a row of data.
    TableCell,
    /// A caption, as the markup says.
    Caption,
}

/// One block of a page; see the [module's documentation](self).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageBlock {
    /// Where it stands in [`Blocks::text`].
    pub span: ByteSpan,
    /// The block-level element that it stands in.
    pub node: NodeId,
    /// The first text node in it.
    pub first: NodeId,
    /// The last text node in it.
    pub last: NodeId,
    /// What it is.
    pub kind: BlockKind,
    /// The number of its paragraph; lines of one paragraph, items of one list and rows of one table
    /// share it. Counts from zero, never falls.
    pub container: u32,
    /// What it stands in.
    pub flags: BlockFlags,
    /// Bytes of its text that are in links.
    pub link_bytes: u32,
    /// How many lists it is in, up to 255.
    pub list_depth: u8,
    /// The innermost of [`Blocks::boxes`] around it.
    pub(in crate::html) inside: u32,
}

/// A block-level element with the blocks in it.
#[derive(Clone, Copy, Debug)]
pub(in crate::html) struct PageBox {
    pub(in crate::html) node: NodeId,
    pub(in crate::html) tag: Tag,
    /// The box around it; the first box is its own parent.
    pub(in crate::html) parent: u32,
    /// The blocks in it: from here ...
    pub(in crate::html) first: u32,
    /// ... up to here, not included.
    pub(in crate::html) end: u32,
    /// How many elements are around it, inline ones not counted.
    pub(in crate::html) depth: u16,
}

/// Text of the page and the node that it comes from.
#[derive(Clone, Copy, Debug)]
pub(in crate::html) struct Piece {
    /// Where it stands in [`Blocks::text`], with the white space before it.
    pub(in crate::html) span: ByteSpan,
    pub(in crate::html) node: NodeId,
}

/// The blocks of a page. One value can read page after page and keeps its memory.
///
/// ```
/// use copydesk::html::{BlockKind, Blocks, Parser};
///
/// let mut parser = Parser::default();
/// let tree = parser.parse("<h2>Tea</h2>For two<br>or three<p>And <b>mil</b>k")?;
/// let mut blocks = Blocks::default();
/// blocks.read(&tree);
/// assert_eq!(blocks.text(), "Tea\n\nFor two\nor three\n\nAnd milk");
/// assert_eq!(blocks.list()[0].kind, BlockKind::Heading(2));
/// assert_eq!(blocks.list()[1].container, blocks.list()[2].container);
/// # Ok::<(), copydesk::html::TooLong>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    text: String,
    list: Vec<PageBlock>,
    boxes: Vec<PageBox>,
    frames: Vec<Frame>,
    pieces: Vec<Piece>,
    notes_pieces: bool,
    digest: Digest,
}

impl Blocks {
    /// Says whether [`pieces`](Self::pieces) are wanted.
    pub(in crate::html) fn note_pieces(&mut self, yes: bool) {
        self.notes_pieces = yes;
    }

    /// Reads the blocks of a page; those of the page before are gone.
    pub fn read(&mut self, tree: &Tree<'_>) {
        self.text.clear();
        self.list.clear();
        self.boxes.clear();
        self.frames.clear();
        self.pieces.clear();
        let mut digest = std::mem::take(&mut self.digest);
        digest.read(tree);
        walk::Walk::new(tree, &digest, self).run();
        self.digest = digest;
    }

    /// Returns the text of all blocks in reading order, hidden ones included: one line break between blocks of one paragraph, two
    /// between paragraphs.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the blocks in reading order.
    pub fn list(&self) -> &[PageBlock] {
        &self.list
    }

    /// Returns the text of one of the blocks.
    pub fn text_of(&self, block: &PageBlock) -> &str {
        block.span.of(&self.text)
    }

    /// Returns what the elements of the page say.
    pub(in crate::html) fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Returns which text comes from which node, in order; nothing unless it was asked for.
    pub(in crate::html) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Returns the block-level elements in document order, those without text left out where possible.
    pub(in crate::html) fn boxes(&self) -> &[PageBox] {
        &self.boxes
    }
}

#[cfg(test)]
mod tests;
