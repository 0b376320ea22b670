//! The parts of a story in order, each with how it is marked up: what Markdown and HTML are made of.

use std::ops::Range;

use super::table::{self, Table};
use super::{CaptionPlace, Rich};
use crate::article::{Article, Caption, Dropped};
use crate::document::{Cell, Document, EnclosureKind, Markup, Run, Shape, Style};
use crate::span::ByteSpan;

/// A story in parts.
pub(super) struct Story<'a> {
    pub(super) parts: Vec<Part<'a>>,
    /// The source was a page; its text is no Markdown.
    pub(super) is_page: bool,
    /// Captions that are listed behind the story.
    pub(super) at_end: Vec<&'a Caption>,
}

/// One part.
pub(super) enum Part<'a> {
    Block(Paragraph<'a>),
    Table(Table<'a>),
    Picture(Picture<'a>),
}

impl Part<'_> {
    /// What it stands in, the outermost first.
    pub(super) fn path(&self) -> &[Step] {
        match self {
            Self::Block(paragraph) => &paragraph.path,
            Self::Table(table) => &table.path,
            Self::Picture(_) => &[],
        }
    }
}

/// An enclosure on the way to a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) id: u32,
    pub(super) kind: EnclosureKind,
}

/// A heading, a paragraph or a listing: one or more lines.
pub(super) struct Paragraph<'a> {
    pub(super) path: Vec<Step>,
    /// The level of a heading, else 0.
    pub(super) level: u8,
    /// The number of the paragraph in the source.
    of: u32,
    pub(super) lines: Vec<Vec<Stretch<'a>>>,
    pub(super) cells: Option<InTable>,
}

/// Where a block stands in a table.
#[derive(Clone, Debug)]
pub(super) struct InTable {
    pub(super) table: u32,
    pub(super) row: u32,
    /// Its cells, and where each is in the text of the block.
    pub(super) cells: Vec<(Range<usize>, Cell)>,
}

impl Paragraph<'_> {
    pub(super) fn is_code(&self) -> bool {
        self.path.last().is_some_and(|step| step.kind == EnclosureKind::Code)
    }
}

/// Text that looks the same from one end to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch<'a> {
    pub(super) text: &'a str,
    pub(super) style: Style,
    pub(super) link: Option<Link<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link<'a> {
    /// Two links to one place side by side are two.
    pub(super) id: u32,
    pub(super) address: &'a str,
}

/// A picture, or a caption without one.
#[derive(Clone, Copy)]
pub(super) struct Picture<'a> {
    pub(super) address: Option<&'a str>,
    pub(super) caption: Option<&'a Caption>,
}

impl Picture<'_> {
    pub(super) fn alt(&self) -> &str {
        self.caption.and_then(|caption| caption.alt.as_deref()).unwrap_or_default()
    }
}

impl<'a> Story<'a> {
    pub(super) fn of(article: &'a Article<'_>, rich: Rich) -> Self {
        let (placed, at_end) = captions(article, rich);
        let mut builder = Builder { parts: Vec::new(), placed: placed.into_iter().peekable(), bytes: 0, points: 0, text: &article.text };
        let markup = article.markup.as_deref();
        match markup {
            Some(markup) => builder.marked(article, markup, rich),
            None => builder.plain(article),
        }
        builder.place(usize::MAX);
        let mut parts = builder.parts;
        if let Some(title) = article.title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
            set_title(&mut parts, title, markup.is_some());
        }
        if rich.tables {
            parts = table::gather(parts);
        }
        // A block of plain text is a paragraph, whatever stands around it.
        let parts = if markup.is_some() { joined(parts) } else { parts };
        Self { parts, is_page: markup.is_some(), at_end }
    }
}

/// The captions that have a place in the story, in order of it, and those behind it.
fn captions<'a>(article: &'a Article<'_>, rich: Rich) -> (Vec<(usize, Picture<'a>)>, Vec<&'a Caption>) {
    let (mut placed, mut at_end) = (Vec::new(), Vec::new());
    for caption in &article.captions {
        let address = caption.image_url.as_deref().filter(|address| rich.images && is_address(address));
        match (address, rich.captions) {
            (Some(_), _) if caption.repeats.is_some() => {}
            (Some(_), _) | (None, CaptionPlace::Inline) => placed.push((caption.offset, Picture { address, caption: Some(caption) })),
            (None, CaptionPlace::End) => at_end.push(caption),
            (None, CaptionPlace::Data) => {}
        }
    }
    placed.sort_by_key(|placed| placed.0);
    (placed, at_end)
}

fn is_address(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

struct Builder<'a> {
    text: &'a str,
    parts: Vec<Part<'a>>,
    placed: std::iter::Peekable<std::vec::IntoIter<(usize, Picture<'a>)>>,
    /// How far code points have been counted.
    bytes: usize,
    points: usize,
}

impl<'a> Builder<'a> {
    /// Puts the captions whose place is before this one, in code points.
    fn place(&mut self, points: usize) {
        while let Some((_, picture)) = self.placed.next_if(|placed| placed.0 <= points) {
            self.parts.push(Part::Picture(picture));
        }
    }

    /// Puts the captions before a byte of the text.
    fn place_before(&mut self, byte: usize) {
        self.points += self.text[self.bytes..byte].chars().count();
        self.bytes = byte;
        self.place(self.points);
    }

    /// Blocks of plain text.
    fn plain(&mut self, article: &Article<'_>) {
        for block in Document::from_text(&article.text).blocks() {
            self.place_before(block.span.start);
            let line = |line: &'a str| vec![Stretch { text: line.trim(), style: Style::default(), link: None }];
            let lines = block.span.of(self.text).lines().map(line).collect();
            self.parts.push(Part::Block(Paragraph { path: Vec::new(), level: 0, of: block.paragraph, lines, cells: None }));
        }
    }

    /// Blocks of a page.
    fn marked(&mut self, article: &Article<'_>, markup: &'a Markup, rich: Rich) {
        let mut kept = Kept { dropped: &article.dropped, at: 0, gone: 0 };
        let mut bare = markup.pictures.iter().filter(|picture| rich.images && is_address(&picture.1)).peekable();
        for (index, block) in markup.blocks.iter().enumerate() {
            let start = kept.place(block.span.start);
            let inner = kept.clone();
            let end = kept.place(block.span.end);
            while let Some((_, address)) = bare.next_if(|picture| picture.0 <= index) {
                self.parts.push(Part::Picture(Picture { address: Some(address), caption: None }));
            }
            if self.text[start..end].trim().is_empty() {
                continue;
            }
            self.place_before(start);
            let shape = markup.shape(block);
            let runs = shape.map_or(&[][..], |shape| markup.runs(shape));
            let line = self.stretches(block.span, start..end, runs, inner.clone(), markup, rich);
            self.parts.push(Part::Block(Paragraph {
                path: shape.map_or_else(Vec::new, |shape| path(markup, shape)),
                level: shape.map_or(0, |shape| shape.level),
                of: block.paragraph,
                lines: vec![line],
                cells: shape.and_then(|shape| cells(markup, shape, block.span, start, inner)),
            }));
        }
        self.parts.extend(bare.map(|(_, address)| Part::Picture(Picture { address: Some(address), caption: None })));
    }

    /// The text of a block by how it looks.
    fn stretches(
        &self,
        span: ByteSpan,
        place: Range<usize>,
        runs: &[Run],
        mut kept: Kept<'_>,
        markup: &'a Markup,
        rich: Rich,
    ) -> Vec<Stretch<'a>> {
        let text = self.text;
        let mut stretches = Vec::with_capacity(2 * runs.len() + 1);
        let mut push = |from: usize, to: usize, style: Style, link: Option<Link<'a>>| {
            if from < to {
                stretches.push(Stretch { text: &text[from..to], style, link });
            }
        };
        let mut at = place.start;
        for run in runs {
            let from = kept.place(span.start + run.start as usize);
            let to = kept.place(span.start + run.end as usize);
            let link = run.link.filter(|_| rich.links).map(|id| Link { id, address: &markup.links[id as usize] });
            push(at, from, Style::default(), None);
            push(from, to, run.style, link);
            at = to;
        }
        push(at, place.end, Style::default(), None);
        stretches
    }
}

/// The enclosures around a block, the outermost first.
fn path(markup: &Markup, shape: &Shape) -> Vec<Step> {
    let mut path: Vec<_> = markup.around(shape).map(|(id, kind)| Step { id, kind }).collect();
    path.reverse();
    path
}

/// Where the cells of a block that begins at `start` stand in its text.
fn cells(markup: &Markup, shape: &Shape, span: ByteSpan, start: usize, mut kept: Kept<'_>) -> Option<InTable> {
    let (table, row) = shape.row?;
    let cell = |cell: &Cell| {
        let from = kept.place(span.start + cell.start as usize) - start;
        let to = kept.place(span.start + cell.end as usize) - start;
        (from..to, *cell)
    };
    Some(InTable { table, row, cells: markup.cells(shape).iter().map(cell).collect() })
}

/// Finds places of the source in the text. Places are asked for in order.
#[derive(Clone)]
struct Kept<'a> {
    dropped: &'a [Dropped<'a>],
    at: usize,
    /// Bytes of the source that are not in the text, up to here.
    gone: usize,
}

impl Kept<'_> {
    /// Where a byte of the source is in the text; for what is not there, where it would stand.
    fn place(&mut self, byte: usize) -> usize {
        while let Some(piece) = self.dropped.get(self.at) {
            let start = piece.span.start - piece.lead.len();
            let end = piece.span.end + piece.trail.len();
            if byte < end {
                return byte.min(start).saturating_sub(self.gone);
            }
            self.gone += end - start;
            self.at += 1;
        }
        byte - self.gone
    }
}

/// Makes the title a heading: where it stands in the story, else above it. In plain text it is in the story or nowhere.
fn set_title<'a>(parts: &mut Vec<Part<'a>>, title: &'a str, is_page: bool) {
    let is_title = |paragraph: &Paragraph<'_>| {
        let words = |text: &str| text.trim() == title;
        match paragraph.lines.as_slice() {
            [line] => matches!(line.as_slice(), [only] if words(only.text)) || words(&whole(line)),
            lines => words(&lines.iter().map(|line| whole(line)).collect::<Vec<_>>().join("\n")),
        }
    };
    // Only the first time; a repeated headline is story.
    for part in parts.iter_mut() {
        if let Part::Block(paragraph) = part
            && is_title(paragraph)
        {
            paragraph.level = 1;
            paragraph.path.clear();
            return;
        }
    }
    if is_page && !parts.is_empty() {
        let line = vec![Stretch { text: title, style: Style::default(), link: None }];
        parts.insert(0, Part::Block(Paragraph { path: Vec::new(), level: 1, of: u32::MAX, lines: vec![line], cells: None }));
    }
}

pub(super) fn whole(line: &[Stretch<'_>]) -> String {
    line.iter().map(|stretch| stretch.text).collect()
}

/// Puts lines of one paragraph, and lines of one listing, together.
fn joined(parts: Vec<Part<'_>>) -> Vec<Part<'_>> {
    let mut joined: Vec<Part<'_>> = Vec::with_capacity(parts.len());
    for part in parts {
        match (joined.last_mut(), part) {
            (Some(Part::Block(last)), Part::Block(next)) if goes_on(last, &next) => last.lines.extend(next.lines),
            (_, part) => joined.push(part),
        }
    }
    joined
}

fn goes_on(last: &Paragraph<'_>, next: &Paragraph<'_>) -> bool {
    let is_text = last.level == 0 && next.level == 0 && last.path == next.path;
    is_text && (last.is_code() || last.of == next.of)
}
