//! Where nodes go, and what goes with them.

use super::{Builder, Mode};
use crate::html::names::{Namespace, Tag};
use crate::html::parse::formatting::Active;
use crate::html::parse::props::list;
use crate::html::parse::stack::Open;
use crate::html::parse::tokenizer::{RawText, Span, TagToken, Text};
use crate::html::tree::{MAX_DEPTH, NONE, Node, flag, offset};

/// A place in the tree.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// Behind the last child of a node.
    LastIn(u32),
    /// Right before a node.
    Before(u32),
}

impl Builder<'_> {
    /// The place for a node that belongs into the current one.
    #[inline]
    pub(super) fn place(&self) -> Place {
        if self.is_fostering
            && let Some(top) = self.stack.top()
            && top.lists & list::TABLE_PART != 0
        {
            return self.foster_place();
        }
        Place::LastIn(self.parent())
    }

    /// The node that children of the current node go to: itself, unless it is too deep.
    #[inline]
    fn parent(&self) -> u32 {
        let Some(last) = self.stack.len().checked_sub(1) else {
            return 0;
        };
        // The root is at depth 0, the stack's first element at 1, and nothing deeper than the limit.
        self.stack.get(last.min(MAX_DEPTH - 2)).map_or(0, |open| open.node)
    }

    /// The place for what may not stand in a table: before it.
    #[cold]
    pub(super) fn foster_place(&self) -> Place {
        for (index, open) in self.stack.walk() {
            match open.tag {
                Tag::Template => return Place::LastIn(open.node),
                Tag::Table if self.draft.node(open.node).parent != NONE => {
                    return Place::Before(open.node);
                }
                Tag::Table => {
                    let above = index.checked_sub(1).and_then(|above| self.stack.get(above));
                    return Place::LastIn(above.map_or(0, |open| open.node));
                }
                _ => {}
            }
        }
        Place::LastIn(self.stack.get(0).map_or(0, |open| open.node))
    }

    pub(super) fn insert_at(&mut self, place: Place, node: Node) -> u32 {
        match place {
            Place::LastIn(parent) => self.draft.append(parent, node),
            Place::Before(sibling) => self.draft.insert_before(sibling, node),
        }
    }

    /// Adds an element to the tree without opening it.
    #[inline]
    fn add_element(&mut self, tag: &TagToken, flags: u16) -> u32 {
        let mut node = Node::new(tag.tag, flags, tag.start, tag.stop);
        node.attrs = tag.attrs;
        let place = self.place();
        self.insert_at(place, node)
    }

    /// Adds and opens an HTML element.
    #[inline]
    pub(super) fn insert_html(&mut self, tag: &TagToken) -> u32 {
        let node = self.add_element(tag, 0);
        self.stack.push(Open::html(node, tag.tag));
        node
    }

    /// Adds an HTML element that has no content.
    #[inline]
    pub(super) fn insert_void(&mut self, tag: &TagToken) {
        self.add_element(tag, 0);
    }

    /// Adds and opens an HTML element that the page only implies.
    pub(super) fn insert_implied(&mut self, tag: Tag) -> u32 {
        let node = Node::new(tag, 0, 0, 0);
        let place = self.place();
        let id = self.insert_at(place, node);
        self.stack.push(Open::html(id, tag));
        id
    }

    /// Adds an element of SVG or `MathML` and opens it, unless it closes itself.
    pub(super) fn insert_foreign(&mut self, tag: &TagToken, namespace: Namespace) {
        let flags = match namespace {
            Namespace::Html => 0,
            Namespace::Svg => flag::SVG,
            Namespace::MathMl => flag::MATHML,
        };
        let node = self.add_element(tag, flags);
        if !tag.is_self_closing {
            let kind = self.foreign_kind(namespace, tag);
            self.stack.push(Open::foreign(node, namespace, kind));
        }
    }

    /// Adds a formatting element and remembers it.
    pub(super) fn insert_formatting(&mut self, tag: &TagToken) {
        let node = self.insert_html(tag);
        self.draft.node_mut(node).flags |= flag::OPEN;
        let (draft, tokens) = (&self.draft, &self.tokens);
        self.formatting.push(node, tag.tag, |other| super::adoption::have_same_attrs(draft, tokens.source(), node, other));
    }

    /// Adds a text to the current node.
    #[inline]
    pub(super) fn insert_text(&mut self, text: &Text) {
        if text.start == text.stop {
            return;
        }
        let node = Node::new(Tag::Text, text.flags, text.start, text.stop);
        match self.place() {
            Place::LastIn(parent) => self.draft.append_text(parent, node),
            Place::Before(sibling) => {
                self.draft.insert_before(sibling, node);
            }
        }
    }

    /// Adds a text to a given node.
    pub(super) fn append_text_to(&mut self, parent: u32, text: Text) {
        if text.start != text.stop {
            let node = Node::new(Tag::Text, text.flags, text.start, text.stop);
            self.draft.append_text(parent, node);
        }
    }

    /// Adds a comment to the current node.
    pub(super) fn insert_comment(&mut self, comment: Span) {
        let place = self.place();
        self.insert_at(place, comment_node(comment));
    }

    /// Adds a comment to a given node.
    pub(super) fn append_comment_to(&mut self, parent: u32, comment: Span) {
        self.draft.append(parent, comment_node(comment));
    }

    /// The kind of text that is all an element may have.
    pub(super) fn raw_text_kind(&self, tag: Tag) -> Option<RawText> {
        match tag {
            Tag::Title | Tag::Textarea => Some(RawText::Rcdata),
            Tag::Script => Some(RawText::Script),
            Tag::Style | Tag::Xmp | Tag::Iframe | Tag::Noembed | Tag::Noframes => Some(RawText::Plain),
            Tag::Noscript if self.options.scripting => Some(RawText::Plain),
            _ => None,
        }
    }

    /// Adds an element together with its raw text, up to and including its end tag.
    pub(super) fn insert_raw_text(&mut self, tag: &TagToken, kind: RawText) {
        let node = self.add_element(tag, 0);
        let mut text = self.tokens.raw_text(kind, tag.tag.name());
        if tag.tag == Tag::Textarea {
            text.start += offset(self.newline_length(&text));
        }
        let is_too_deep = self.stack.len() >= MAX_DEPTH;
        let parent = if is_too_deep { self.draft.node(node).parent } else { node };
        self.append_text_to(parent, text);
        // What comes next is the end tag or the end of the page.
        self.tokens.next(self.draft.attrs(), false);
    }

    /// Closes the current node.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Open> {
        let open = self.stack.pop()?;
        if open.lists & list::FORMATTING != 0 {
            self.draft.node_mut(open.node).flags &= !flag::OPEN;
        }
        Some(open)
    }

    /// Closes elements up to and including an HTML element `tag`.
    #[inline]
    pub(super) fn pop_until(&mut self, tag: Tag) {
        while let Some(open) = self.pop() {
            if open.tag == tag && !open.is_foreign() {
                return;
            }
        }
    }

    /// Closes elements up to and including one of those.
    pub(super) fn pop_until_any(&mut self, is_it: impl Fn(Tag) -> bool) {
        while let Some(open) = self.pop() {
            if !open.is_foreign() && is_it(open.tag) {
                return;
            }
        }
    }

    /// Closes elements until the current node is one of those, or the first.
    pub(super) fn clear_back_to(&mut self, is_it: impl Fn(Tag) -> bool) {
        while self.stack.len() > 1 && !is_it(self.current()) {
            self.pop();
        }
    }

    /// Closes what has its end implied.
    #[inline]
    pub(super) fn close_implied(&mut self) {
        self.close_implied_but(Tag::Document);
    }

    /// Closes what has its end implied, but not `tag`.
    #[inline]
    pub(super) fn close_implied_but(&mut self, tag: Tag) {
        while self.stack.top().is_some_and(|top| top.lists & list::IMPLIED_END != 0 && top.tag != tag) {
            self.pop();
        }
    }

    /// Closes what has its end implied by the end of a template.
    pub(super) fn close_implied_thoroughly(&mut self) {
        let is_implied = |open: &Open| open.lists & list::IMPLIED_END_THOROUGHLY != 0;
        while self.stack.top().is_some_and(is_implied) {
            self.pop();
        }
    }

    /// Closes the paragraph that is open.
    pub(super) fn close_p(&mut self) {
        self.close_implied_but(Tag::P);
        self.pop_until(Tag::P);
    }

    /// Opens again the formatting elements that were closed by something else.
    #[inline]
    pub(super) fn reopen_formatting(&mut self) {
        if let Some(Active::Element { node, .. }) = self.formatting.last()
            && self.draft.node(node).flags & flag::OPEN == 0
        {
            self.reopen_closed_formatting();
        }
    }

    fn reopen_closed_formatting(&mut self) {
        let mut first = self.formatting.len() - 1;
        while let Some(before) = first.checked_sub(1)
            && let Some(Active::Element { node, .. }) = self.formatting.get(before)
            && self.draft.node(node).flags & flag::OPEN == 0
        {
            first = before;
        }
        for index in first..self.formatting.len() {
            let Some(Active::Element { node, tag }) = self.formatting.get(index) else {
                return;
            };
            let Some(left) = self.reopenings.checked_sub(1) else {
                return;
            };
            self.reopenings = left;
            let place = self.place();
            let copy = self.copy_of(node);
            let copy = self.insert_at(place, copy);
            self.stack.push(Open::html(copy, tag));
            self.formatting.replace_node(index, copy);
        }
    }

    /// A new node like another, to be opened.
    pub(super) fn copy_of(&self, node: u32) -> Node {
        let original = self.draft.node(node);
        let mut copy = Node::new(original.tag, flag::OPEN, original.start, original.stop);
        copy.attrs = original.attrs;
        copy
    }

    /// Goes on in another mode.
    pub(super) fn switch_to(&mut self, mode: Mode) {
        self.mode = mode;
    }
}

fn comment_node(comment: Span) -> Node {
    // Whether there is anything to decode is seen when the comment is read, which it seldom is.
    let flags = flag::CR | flag::NUL | flag::SHOW_NUL;
    Node::new(Tag::Comment, flags, comment.start, comment.stop)
}
