//! The tree of a page: one vector of nodes in document order.
//!
//! ```text
//! <p>Hello <b>you</b></p><hr>        id  tag       parent  end
//!                                    4   p         3       8
//!                                    5   "Hello "  4       6
//!                                    6   b         4       8
//!                                    7   "you"     6       8
//!                                    8   hr        3       9
//! ```
//!
//! A node's subtree is the range from it to its `end`: walking a subtree is counting, skipping one
//! is an assignment, and asking whether one node is inside another is two comparisons. Nothing is
//! recursive, so a million nested elements are no danger to anyone.
//!
//! A node is 24 bytes and owns nothing. Its text is a span of the source and stays as written there;
//! [`Tree::text`] decodes character references when asked, and borrows when there are none. A tree's
//! vectors can be used for the next page: see [`Parser::recycle`](super::Parser::recycle).
//!
//! Text that the standard would gather into one node may be several nodes side by side here, because
//! a span can't have a hole: `a</x>b` gives two. Each but the first says so: [`Tree::continues`].

mod attrs;
mod draft;
mod dump;
mod text;
mod walk;

use std::borrow::Cow;

use super::names::{Attr, Namespace, Tag, svg_name};
use super::parse::Doctype;

pub(in crate::html) use attrs::attr_list;
pub(in crate::html) use draft::{Draft, offset};
pub use dump::Dump;
pub use text::VisibleText;
pub(in crate::html) use text::decode_attr;
#[cfg(test)]
pub(in crate::html) use text::{Decoding, Nul, decode};
pub use walk::{Ancestors, Children, Classes, Descendants};

/// How deep elements nest; what is deeper stands at this depth, as in browsers.
pub const MAX_DEPTH: usize = 512;

/// "No such node" or "no attributes" in a field of a node.
pub(in crate::html) const NONE: u32 = u32::MAX;

/// The place of a node in its tree; ids follow document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(in crate::html) u32);

impl NodeId {
    /// The document node, the root of every tree.
    pub const ROOT: Self = Self(0);

    /// Returns the id as an index, to keep something beside the tree for each node.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The node after this one in document order, if there is one.
    pub(in crate::html) fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// How far a browser would imitate the mistakes of old browsers; it decides whether a table may
/// stand in a paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quirks {
    /// The page follows the standard.
    #[default]
    No,
    /// Almost standard: table cells are sized as of old.
    Limited,
    /// An old page, or one without a document type.
    Yes,
}

/// One node; see the module's documentation.
#[derive(Clone, Copy, Debug)]
pub(in crate::html) struct Node {
    pub(in crate::html) tag: Tag,
    pub(in crate::html) flags: u16,
    pub(in crate::html) parent: u32,
    /// The first id after this node's subtree.
    pub(in crate::html) end: u32,
    /// Text: its span; comment: its content; doctype: all of it; element: its start tag, empty
    /// where the element is implied.
    pub(in crate::html) start: u32,
    pub(in crate::html) stop: u32,
    /// Index of the first attribute, or [`NONE`].
    pub(in crate::html) attrs: u32,
}

const _: () = assert!(size_of::<Node>() == 24);

/// The bits of [`Node::flags`] and [`AttrSpan::flags`].
pub(in crate::html) mod flag {
    /// There is a `&`.
    pub(in crate::html) const ENTITY: u16 = 1;
    /// There is a carriage return.
    pub(in crate::html) const CR: u16 = 1 << 1;
    /// There is a NUL.
    pub(in crate::html) const NUL: u16 = 1 << 2;
    /// There is something other than white space (a `&` counts).
    pub(in crate::html) const INK: u16 = 1 << 3;
    /// NULs of this text become U+FFFD; elsewhere they are dropped.
    pub(in crate::html) const SHOW_NUL: u16 = 1 << 4;
    /// This text continues that of the sibling before it.
    pub(in crate::html) const CONTINUES: u16 = 1 << 5;
    /// An element of SVG.
    pub(in crate::html) const SVG: u16 = 1 << 6;
    /// An element of `MathML`.
    pub(in crate::html) const MATHML: u16 = 1 << 7;
    /// A formatting element that is on the stack of open elements; only while building.
    pub(in crate::html) const OPEN: u16 = 1 << 8;
    /// The last attribute of its element.
    pub(in crate::html) const LAST: u8 = 1 << 7;
    /// An attribute whose value has no references left to decode.
    pub(in crate::html) const VERBATIM: u8 = 1 << 6;
}

/// One attribute: spans of the source, decoded when read.
#[derive(Clone, Copy, Debug)]
pub(in crate::html) struct AttrSpan {
    pub(in crate::html) name: Attr,
    pub(in crate::html) flags: u8,
    /// Length of the name; names are cut at 65,535 bytes.
    pub(in crate::html) name_len: u16,
    pub(in crate::html) name_start: u32,
    pub(in crate::html) value_start: u32,
    pub(in crate::html) value_stop: u32,
}

impl AttrSpan {
    /// Bytes of the value as the page writes it.
    pub(in crate::html) fn len(self) -> u32 {
        self.value_stop - self.value_start
    }
}

/// A parsed page; see the [module's documentation](self).
#[derive(Debug)]
pub struct Tree<'s> {
    source: Cow<'s, str>,
    nodes: Vec<Node>,
    attrs: Vec<AttrSpan>,
    quirks: Quirks,
}

impl<'s> Tree<'s> {
    /// Puts the parts together; `nodes` are in document order with their ends set.
    pub(in crate::html) fn new(source: Cow<'s, str>, nodes: Vec<Node>, attrs: Vec<AttrSpan>, quirks: Quirks) -> Self {
        Self { source, nodes, attrs, quirks }
    }

    /// Gives back the vectors for another page.
    pub(in crate::html) fn into_parts(self) -> (Vec<Node>, Vec<AttrSpan>) {
        (self.nodes, self.attrs)
    }

    /// Returns what the spans are spans of: the page itself from the fast parser, a buffer of the
    /// tree's own from the reference parser.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns how the page's document type is to be taken.
    #[must_use]
    pub fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// Counts the nodes, the root included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Says whether the page has no node but the root.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// Returns the bytes that the tree itself holds, source and spare room not counted.
    #[must_use]
    pub fn memory(&self) -> usize {
        size_of_val(self.nodes.as_slice()) + size_of_val(self.attrs.as_slice())
    }

    pub(in crate::html) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    fn span(&self, start: u32, stop: u32) -> &str {
        &self.source[start as usize..stop as usize]
    }

    /// Returns what the node is: a known element, or `Text`, `Comment` and so on.
    #[must_use]
    pub fn tag(&self, id: NodeId) -> Tag {
        self.node(id).tag
    }

    /// Says whether the node is text.
    #[must_use]
    pub fn is_text(&self, id: NodeId) -> bool {
        self.node(id).tag == Tag::Text
    }

    /// Says whether the node is an element.
    #[must_use]
    pub fn is_element(&self, id: NodeId) -> bool {
        self.node(id).is_element()
    }

    /// Says whether the node is the HTML element `tag`, and not one of SVG by the same name.
    #[must_use]
    pub fn is_html(&self, id: NodeId, tag: Tag) -> bool {
        let node = self.node(id);
        node.tag == tag && node.flags & (flag::SVG | flag::MATHML) == 0
    }

    /// Returns the vocabulary that an element belongs to.
    #[must_use]
    pub fn namespace(&self, id: NodeId) -> Namespace {
        self.node(id).namespace()
    }

    /// Returns an element's name as the standard has it: lower case in HTML, `foreignObject` in
    /// SVG; `""` for what is not an element.
    #[must_use]
    pub fn name(&self, id: NodeId) -> Cow<'_, str> {
        let node = self.node(id);
        let name = match node.tag {
            Tag::Unknown => self.written_name(node),
            tag => Cow::Borrowed(tag.name()),
        };
        if node.flags & flag::SVG != 0
            && let Some(adjusted) = svg_name(&name)
        {
            return Cow::Borrowed(adjusted);
        }
        name
    }

    /// The name in a start tag of the source, in lower case.
    fn written_name(&self, node: &Node) -> Cow<'_, str> {
        let tag = self.span(node.start, node.stop).trim_start_matches('<');
        let end = tag.bytes().position(super::names::is_name_end).unwrap_or(tag.len());
        fold_name(&tag[..end])
    }

    /// Returns the span in the source: of a text its text, of a comment its content, of an element
    /// its start tag (empty where the page has none).
    #[must_use]
    pub fn source_span(&self, id: NodeId) -> std::ops::Range<usize> {
        let node = self.node(id);
        node.start as usize..node.stop as usize
    }

    /// Says whether a text has anything in it but white space; a character reference counts, even
    /// if it stands for a space.
    #[must_use]
    pub fn has_ink(&self, id: NodeId) -> bool {
        self.node(id).flags & flag::INK != 0
    }

    /// Says whether a text goes on where the text before it stopped.
    #[must_use]
    pub fn continues(&self, id: NodeId) -> bool {
        self.node(id).flags & flag::CONTINUES != 0
    }

    /// Returns the name and identifiers of a document type node.
    #[must_use]
    pub fn doctype(&self, id: NodeId) -> Option<Doctype> {
        let node = self.node(id);
        (node.tag == Tag::Doctype).then(|| Doctype::parse(self.span(node.start, node.stop)))
    }
}

/// Lower-cases a name's ASCII letters and shows its NULs.
pub(in crate::html) fn fold_name(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase() || b == 0) {
        Cow::Owned(name.to_ascii_lowercase().replace('\0', "\u{FFFD}"))
    } else {
        Cow::Borrowed(name)
    }
}

impl Node {
    /// A node that has no parent yet.
    pub(in crate::html) fn new(tag: Tag, flags: u16, start: u32, stop: u32) -> Self {
        Self { tag, flags, parent: NONE, end: 0, start, stop, attrs: NONE }
    }

    #[inline]
    pub(in crate::html) fn is_element(&self) -> bool {
        !matches!(self.tag, Tag::Document | Tag::Text | Tag::Comment | Tag::Doctype)
    }

    pub(in crate::html) fn namespace(&self) -> Namespace {
        if self.flags & flag::SVG != 0 {
            Namespace::Svg
        } else if self.flags & flag::MATHML != 0 {
            Namespace::MathMl
        } else {
            Namespace::Html
        }
    }
}
