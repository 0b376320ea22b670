//! How the blocks of a page were marked up, kept beside their plain text.
//!
//! A document's text has no markup in it, so that rules need not know of any. What the markup said is noted in positions of that text:
//!
//! ```text
//! <ul><li>The <b>old</b> pier      block   "The old pier"   paragraph, in item 1 of list 0
//!                                  run     4..7             strong
//! ```
//!
//! So whatever a rule takes out of the text is gone from every form of it: a form is the text and these notes.

use std::ops::Range;

use super::{Block, Picture};
use crate::span::ByteSpan;

/// "In nothing" and "not of the page itself" in the indices below.
const NONE: u32 = u32::MAX;

/// How the blocks of a page were marked up. A page keeps it when [`PageReader::with_markup`](crate::html::PageReader::with_markup) asks for
/// it; [`Article::to_markdown`](crate::Article::to_markdown) and [`Article::to_html`](crate::Article::to_html) read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup {
    /// The blocks of the document.
    pub(crate) blocks: Vec<MarkedBlock>,
    /// What blocks stand in; an enclosure comes after the one around it.
    pub(crate) enclosures: Vec<Enclosure>,
    /// Addresses of links.
    pub(crate) links: Vec<String>,
    /// Pictures of which nothing is said: the block that each stands before, and its address.
    pub(crate) pictures: Vec<(usize, String)>,
    shapes: Vec<Shape>,
    runs: Vec<Run>,
    cells: Vec<Cell>,
}

/// A block of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MarkedBlock {
    pub(crate) span: ByteSpan,
    pub(crate) paragraph: u32,
    /// Its shape; [`NONE`] for text that the page has in no block of its own.
    shape: u32,
}

/// What a block of the page looks like. Runs and cells count bytes from the start of the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The level of a heading, from 1; 0 for all else.
    pub(crate) level: u8,
    /// The innermost enclosure, or [`NONE`].
    inside: u32,
    /// The table and the row that it stands in.
    pub(crate) row: Option<(u32, u32)>,
    runs: Range<u32>,
    cells: Range<u32>,
}

/// Something that blocks stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Enclosure {
    pub(crate) kind: EnclosureKind,
    /// The one around it, or [`NONE`].
    parent: u32,
}

/// What blocks stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnclosureKind {
    Quote,
    /// A list without an order.
    Bullets,
    /// A list in which items are counted.
    Numbers,
    /// An item of a list, with its number.
    Item(u32),
    /// A list of terms and what they mean.
    Terms,
    Term,
    Meaning,
    /// Text whose white space counts.
    Code,
}

impl EnclosureKind {
    pub(crate) const fn is_list(self) -> bool {
        matches!(self, Self::Bullets | Self::Numbers)
    }
}

/// What a stretch of text looks like, as a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style(pub(crate) u8);

impl Style {
    pub(crate) const STRONG: Self = Self(1);
    pub(crate) const EMPHASIS: Self = Self(1 << 1);
    pub(crate) const STRUCK: Self = Self(1 << 2);
    pub(crate) const ABOVE: Self = Self(1 << 3);
    pub(crate) const BELOW: Self = Self(1 << 4);
    pub(crate) const CODE: Self = Self(1 << 5);

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// A stretch of a block that looks like something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) style: Style,
    /// Index of its link, if it is one.
    pub(crate) link: Option<u32>,
}

/// A cell of a table with text in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Counted from 0.
    pub(crate) column: u16,
    pub(crate) is_header: bool,
}

impl Markup {
    /// Adds an enclosure and returns its index.
    pub(crate) fn enclose(&mut self, kind: EnclosureKind, parent: Option<u32>) -> u32 {
        self.enclosures.push(Enclosure { kind, parent: parent.unwrap_or(NONE) });
        (self.enclosures.len() - 1) as u32
    }

    /// Adds the shape of the page's next block.
    pub(crate) fn add(&mut self, level: u8, inside: Option<u32>, row: Option<(u32, u32)>) {
        let (runs, cells) = (self.runs.len() as u32, self.cells.len() as u32);
        self.shapes.push(Shape { level, inside: inside.unwrap_or(NONE), row, runs: runs..runs, cells: cells..cells });
    }

    /// Adds a run to the last shape; one that goes on where the last one stopped and looks the same makes it longer.
    pub(crate) fn add_run(&mut self, run: Run) {
        let Some(shape) = self.shapes.last_mut() else { return };
        match self.runs[shape.runs.start as usize..].last_mut() {
            Some(last) if last.end == run.start && last.style == run.style && last.link == run.link => last.end = run.end,
            _ => self.runs.push(run),
        }
        shape.runs.end = self.runs.len() as u32;
    }

    /// Adds text of a cell to the last shape.
    pub(crate) fn add_cell(&mut self, cell: Cell) {
        let Some(shape) = self.shapes.last_mut() else { return };
        match self.cells[shape.cells.start as usize..].last_mut() {
            Some(last) if last.column == cell.column => last.end = cell.end,
            _ => self.cells.push(cell),
        }
        shape.cells.end = self.cells.len() as u32;
    }

    /// Says which blocks and pictures the document has; `origins` names for each block the page's block that it is.
    pub(crate) fn arrange(&mut self, blocks: &[Block], origins: &[Option<usize>], pictures: &[Picture]) {
        let shape = |origin: Option<usize>| origin.filter(|&origin| origin < self.shapes.len()).map_or(NONE, |origin| origin as u32);
        let origins = origins.iter().copied().chain(std::iter::repeat(None));
        let marked = |(block, origin): (&Block, _)| MarkedBlock { span: block.span, paragraph: block.paragraph, shape: shape(origin) };
        self.blocks = blocks.iter().zip(origins).map(marked).collect();
        let is_bare = |picture: &&Picture| !picture.has_caption && picture.credit.is_none() && picture.alt.is_none();
        let bare = pictures.iter().filter(is_bare);
        self.pictures = bare.filter_map(|picture| Some((picture.block, picture.url.clone()?))).collect();
    }

    /// The shape of a block, where the page has it as one.
    pub(crate) fn shape(&self, block: &MarkedBlock) -> Option<&Shape> {
        self.shapes.get(block.shape as usize)
    }

    pub(crate) fn runs(&self, shape: &Shape) -> &[Run] {
        &self.runs[shape.runs.start as usize..shape.runs.end as usize]
    }

    pub(crate) fn cells(&self, shape: &Shape) -> &[Cell] {
        &self.cells[shape.cells.start as usize..shape.cells.end as usize]
    }

    /// The enclosures around a block, the innermost first.
    pub(crate) fn around(&self, shape: &Shape) -> impl Iterator<Item = (u32, EnclosureKind)> {
        let find = |id: u32| self.enclosures.get(id as usize).map(|enclosure| (id, *enclosure));
        std::iter::successors(find(shape.inside), move |(_, enclosure)| find(enclosure.parent)).map(|(id, enclosure)| (id, enclosure.kind))
    }
}
