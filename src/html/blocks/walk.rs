//! The walk over the nodes of a page.

use super::display::{Display, display};
use super::frames::Frame;
use super::line::{Border, Gap, Line, from_first_ink, is_blank};
use super::{BlockFlags, BlockKind, Blocks, PageBlock, PageBox, Piece};
use crate::html::digest::{Digest, Says};
use crate::html::names::{Namespace, Tag};
use crate::html::tree::{NodeId, Tree};
use crate::span::ByteSpan;

/// A row of a table with more source than this is for layout.
const ROW_BYTES: usize = 2000;
/// Hidden inline elements with less source than this are labels for machines, and left out.
const HIDDEN_BYTES: usize = 200;

/// A walk: what is open, and the line at the end of the text.
pub(super) struct Walk<'w, 's> {
    tree: &'w Tree<'s>,
    digest: &'w Digest,
    blocks: &'w mut Blocks,
    /// The innermost frame; those around it are on the stack.
    top: Frame,
    line: Option<Line>,
    border: Border,
    container: u32,
    /// Where the last link ended, if nothing came after it.
    after_link: NodeId,
}

impl<'w, 's> Walk<'w, 's> {
    pub(super) fn new(tree: &'w Tree<'s>, digest: &'w Digest, blocks: &'w mut Blocks) -> Self {
        blocks.boxes.push(PageBox { node: NodeId::ROOT, tag: Tag::Document, parent: 0, first: 0, end: 0, depth: 0 });
        let top = Frame::page(tree);
        Self { tree, digest, blocks, top, line: None, border: Border::None, container: 0, after_link: NodeId::ROOT }
    }

    pub(super) fn run(mut self) {
        let end = self.tree.end(NodeId::ROOT);
        let mut id = NodeId::ROOT.next();
        while id < end {
            while self.top.end <= id {
                self.close();
            }
            id = match self.tree.tag(id) {
                Tag::Text => self.text(id),
                Tag::Comment | Tag::Doctype => id.next(),
                tag => self.element(id, tag),
            };
        }
        while !self.blocks.frames.is_empty() {
            self.close();
        }
        self.end_line();
        self.blocks.boxes[0].end = position(self.blocks.list.len());
    }

    /// Reads a text node and returns the node to go on with.
    fn text(&mut self, id: NodeId) -> NodeId {
        if self.top.is_mute {
            return id.next();
        }
        if !self.tree.has_ink(id) && !self.top.is_pre {
            if let Some(line) = &mut self.line {
                line.owe(Gap::Space);
            }
            return id.next();
        }
        let content = self.tree.text(id);
        let rest = if self.line.is_some() { Some(&*content) } else { from_first_ink(&content, self.top.is_pre) };
        if let Some(rest) = rest {
            self.push(rest, id);
        }
        id.next()
    }

    fn push(&mut self, content: &str, id: NodeId) {
        if self.line.is_none() {
            self.start_line(id);
        }
        if let Some(line) = &mut self.line {
            let text = &mut self.blocks.text;
            let start = text.len();
            if self.top.is_pre {
                line.push_pre(text, content, id, self.top.is_link);
            } else {
                line.push(text, content, id, self.top.is_link);
            }
            if self.blocks.notes_pieces {
                self.blocks.pieces.push(Piece { span: ByteSpan::new(start, text.len()), node: id });
            }
        }
    }

    fn start_line(&mut self, id: NodeId) {
        if !self.blocks.list.is_empty() {
            self.container += u32::from(self.border == Border::Paragraph);
            self.blocks.text.push_str(if self.border == Border::Paragraph { "\n\n" } else { "\n" });
        }
        self.border = Border::None;
        self.line = Some(Line::new(self.blocks.text.len(), id));
        let kind = if self.top.is_row { BlockKind::TableRow } else { self.top.kind };
        self.blocks.list.push(PageBlock {
            span: ByteSpan::new(self.blocks.text.len(), self.blocks.text.len()),
            node: self.blocks.boxes[self.top.inside as usize].node,
            first: id,
            last: id,
            kind,
            container: self.container,
            flags: self.top.flags,
            link_bytes: 0,
            list_depth: self.top.list_depth,
            inside: self.top.inside,
        });
    }

    /// Ends the line, if there is one.
    fn end_line(&mut self) {
        let (Some(line), Some(block)) = (self.line.take(), self.blocks.list.last_mut()) else { return };
        let text = &mut self.blocks.text;
        text.truncate(line.start + text[line.start..].trim_end_matches(is_blank).len());
        block.span = ByteSpan::new(line.start, text.len());
        // White space that is gone comes from no node.
        let end = text.len();
        while self.blocks.pieces.pop_if(|piece| piece.span.start >= end).is_some() {}
        if let Some(last) = self.blocks.pieces.last_mut() {
            last.span.end = last.span.end.min(end);
        }
        block.first = line.first;
        block.last = line.last;
        block.link_bytes = position(line.link_bytes.min(block.span.len()));
    }

    fn end_line_with(&mut self, border: Border) {
        self.end_line();
        self.border = self.border.max(border);
    }

    /// Reads an element and returns the node to go on with.
    fn element(&mut self, id: NodeId, tag: Tag) -> NodeId {
        match self.tree.namespace(id) {
            Namespace::Html => self.html_element(id, tag),
            _ => self.foreign_element(id, tag),
        }
    }

    /// Drawings have no text; HTML inside of them has, and so have formulas.
    fn foreign_element(&mut self, id: NodeId, tag: Tag) -> NodeId {
        let is_mute = match tag {
            Tag::Svg | Tag::AnnotationXml => true,
            Tag::ForeignObject => false,
            Tag::Unknown => self.top.is_mute || self.tree.name(id) == "annotation",
            _ => return id.next(),
        };
        if is_mute != self.top.is_mute {
            self.open(Frame { end: self.tree.end(id), display: Display::Apart, owns_box: false, is_mute, ..self.top });
        }
        id.next()
    }

    fn html_element(&mut self, id: NodeId, tag: Tag) -> NodeId {
        let end = self.tree.end(id);
        match self.display_of(id, tag) {
            Display::Unseen => return end,
            Display::Break => self.line_break(),
            Display::Inline if self.is_as_around(id, tag) => {}
            display => return self.open_element(id, tag, display),
        }
        id.next()
    }

    /// Whether text in an inline element is as the text around it.
    fn is_as_around(&self, id: NodeId, tag: Tag) -> bool {
        match tag {
            Tag::Td | Tag::Th => false,
            // Two links side by side are apart.
            Tag::A => !self.tree.has_attrs(id),
            // Perhaps an icon.
            Tag::I if self.top.flags.contains(BlockFlags::ARIA_HIDDEN) => !self.tree.has_attrs(id),
            _ => !self.digest.of(id).has(Says::LAYOUT),
        }
    }

    fn display_of(&self, id: NodeId, tag: Tag) -> Display {
        match display(tag) {
            // A lazy picture's stand-in must not part the text around it.
            Display::Paragraph if tag == Tag::Noscript && !self.top.flags.contains(BlockFlags::NOSCRIPT) && !self.has_ink_below(id) => {
                Display::Unseen
            }
            Display::Inline if tag == Tag::Unknown && self.tree.name(id).contains('-') => Display::Apart,
            Display::Line if self.top.is_row && matches!(tag, Tag::Td | Tag::Th) => Display::Inline,
            Display::Break if self.top.is_row || self.top.flags.contains(BlockFlags::HEADING) => Display::Apart,
            display => display,
        }
    }

    fn open_element(&mut self, id: NodeId, tag: Tag, display: Display) -> NodeId {
        let end = self.tree.end(id);
        let mut frame = self.top.child(tag, end, display);
        if self.digest.of(id).has(Says::LAYOUT) {
            frame.read_attrs(self.tree, id, tag);
        }
        if frame.is_hidden() && !self.top.is_hidden() && matches!(display, Display::Inline | Display::Apart) {
            if self.source_bytes(id) < HIDDEN_BYTES {
                return end;
            }
            frame.display = Display::Line;
        }
        if tag == Tag::I && frame.flags.contains(BlockFlags::ARIA_HIDDEN) {
            // An icon; its text is the name of a glyph.
            return end;
        }
        frame.is_row = self.top.is_row || tag == Tag::Tr && self.is_row_of_data(id);
        self.border_before(id, tag, &frame);
        if matches!(frame.display, Display::Line | Display::Paragraph) {
            self.open_box(id, tag, &mut frame);
        }
        self.open(frame);
        id.next()
    }

    /// Does what the start of an element does to the line.
    fn border_before(&mut self, id: NodeId, tag: Tag, frame: &Frame) {
        match frame.display {
            Display::Line => self.end_line_with(Border::Line),
            Display::Paragraph => self.end_line_with(self.paragraph()),
            Display::Apart => self.owe(Gap::Space),
            _ if matches!(tag, Tag::Td | Tag::Th) => self.owe(Gap::Tab),
            _ if tag == Tag::A && self.after_link == id => self.owe(Gap::Space),
            _ => {}
        }
    }

    /// In a listing, blocks are lines.
    fn paragraph(&self) -> Border {
        if self.top.is_pre { Border::Line } else { Border::Paragraph }
    }

    fn open_box(&mut self, id: NodeId, tag: Tag, frame: &mut Frame) {
        let depth = self.blocks.boxes[self.top.inside as usize].depth + 1;
        let first = position(self.blocks.list.len());
        frame.inside = position(self.blocks.boxes.len());
        frame.owns_box = true;
        self.blocks.boxes.push(PageBox { node: id, tag, parent: self.top.inside, first, end: first, depth });
    }

    fn open(&mut self, frame: Frame) {
        self.blocks.frames.push(std::mem::replace(&mut self.top, frame));
    }

    /// Ends the innermost element.
    fn close(&mut self) {
        let Some(outer) = self.blocks.frames.pop() else { return };
        let frame = std::mem::replace(&mut self.top, outer);
        match frame.display {
            Display::Line => self.end_line_with(Border::Line),
            Display::Paragraph => self.end_line_with(self.paragraph()),
            Display::Apart => self.owe(Gap::Space),
            _ => {}
        }
        if frame.is_link && !self.top.is_link {
            self.after_link = frame.end;
        }
        if frame.owns_box {
            self.close_box(frame.inside as usize);
        }
    }

    /// A box without blocks is dropped, and with it those in it, which have none either.
    fn close_box(&mut self, index: usize) {
        let end = position(self.blocks.list.len());
        if self.blocks.boxes[index].first == end {
            self.blocks.boxes.truncate(index);
        } else {
            self.blocks.boxes[index].end = end;
        }
    }

    /// One break ends the line, another the paragraph.
    fn line_break(&mut self) {
        if self.top.is_pre {
            if let Some(line) = &mut self.line {
                line.push_pre(&mut self.blocks.text, "\n", line.last, false);
            }
            return;
        }
        let border = if self.line.is_some() || self.border == Border::None { Border::Line } else { Border::Paragraph };
        self.end_line_with(border);
    }

    fn owe(&mut self, gap: Gap) {
        if let Some(line) = &mut self.line {
            line.owe(gap);
        }
    }

    fn has_ink_below(&self, id: NodeId) -> bool {
        self.tree.descendants(id).any(|id| self.tree.is_text(id) && self.tree.has_ink(id))
    }

    /// The source from the start of an element to that of what follows its last node, roughly.
    fn source_bytes(&self, id: NodeId) -> usize {
        let last = NodeId(self.tree.end(id).0 - 1);
        self.tree.source_span(last).end.saturating_sub(self.tree.source_span(id).start)
    }

    /// A row of data has cells of inline content, at least two, and is short. The search stops at the first block, so that rows in
    /// rows are not searched twice.
    fn is_row_of_data(&self, row: NodeId) -> bool {
        let mut cells = 0;
        let mut breaks = 0;
        for id in self.tree.descendants(row) {
            match self.tree.tag(id) {
                Tag::Td | Tag::Th => cells += 1,
                Tag::Text | Tag::Comment => {}
                tag => match display(tag) {
                    Display::Break => breaks += 1,
                    Display::Line | Display::Paragraph => return false,
                    _ => {}
                },
            }
        }
        cells >= 2 && breaks <= 2 * cells && self.source_bytes(row) <= ROW_BYTES
    }
}

fn position(index: usize) -> u32 {
    index as u32
}
