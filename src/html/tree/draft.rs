//! A tree while it is being built.
//!
//! Almost every page can be built by appending: the new node's parent is an element that is still
//! open at the end of the vector. Then document order comes by itself, and all there is to do is to
//! close the elements that the next node is not in.
//!
//! A few things put a node elsewhere: content that belongs before a table, formatting elements that
//! overlap, a `<script>` after `</head>`. The first of them turns the draft into a linked tree
//! (parent, siblings, first and last child of each node), and at the end the nodes are copied once
//! into document order. Only pages that need it pay for it.

use super::{AttrSpan, MAX_DEPTH, NONE, Node, attr_list, flag};
use crate::html::names::Tag;

/// The links of a node in a draft that has lost its order.
#[derive(Clone, Copy, Debug)]
struct Link {
    previous: u32,
    next: u32,
    first: u32,
    last: u32,
}

impl Link {
    const NEW: Self = Self { previous: NONE, next: NONE, first: NONE, last: NONE };
}

/// A tree under construction. Node 0 is the document.
#[derive(Debug, Default)]
pub(in crate::html) struct Draft {
    nodes: Vec<Node>,
    attrs: Vec<AttrSpan>,
    /// The deepest element that may still be appended to without losing the order; [`NONE`] when
    /// the draft is linked.
    open: u32,
    is_linked: bool,
    links: Vec<Link>,
    /// The vector that a linked draft is copied into.
    spare: Vec<Node>,
}

impl Draft {
    /// Empties the draft, keeping its memory, and puts the document node in.
    pub(in crate::html) fn clear(&mut self) {
        self.nodes.clear();
        self.attrs.clear();
        self.links.clear();
        self.spare.clear();
        self.is_linked = false;
        self.open = 0;
        let mut root = Node::new(Tag::Document, 0, 0, 0);
        root.end = 1;
        self.nodes.push(root);
    }

    /// Takes the vectors of a tree that is no longer needed.
    pub(in crate::html) fn recycle(&mut self, nodes: Vec<Node>, attrs: Vec<AttrSpan>) {
        self.nodes = nodes;
        self.attrs = attrs;
    }

    /// Sets room aside for a page of `bytes`.
    pub(in crate::html) fn reserve(&mut self, bytes: usize) {
        // Real pages have a node every 80 bytes or so and an attribute as often.
        self.nodes.reserve(bytes / 96);
        self.attrs.reserve(bytes / 96);
    }

    pub(in crate::html) fn node(&self, id: u32) -> &Node {
        &self.nodes[id as usize]
    }

    pub(in crate::html) fn node_mut(&mut self, id: u32) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    pub(in crate::html) fn attrs(&mut self) -> &mut Vec<AttrSpan> {
        &mut self.attrs
    }

    /// The attributes of an element.
    pub(in crate::html) fn attrs_of(&self, id: u32) -> &[AttrSpan] {
        self.attrs_from(self.node(id).attrs)
    }

    /// The attributes from `first` to the last of its element.
    pub(in crate::html) fn attrs_from(&self, first: u32) -> &[AttrSpan] {
        attr_list(&self.attrs, first)
    }

    /// Adds a node as the last child of `parent`.
    #[inline]
    pub(in crate::html) fn append(&mut self, parent: u32, mut node: Node) -> u32 {
        if parent != self.open {
            self.close_down_to(parent);
        }
        let id = offset(self.nodes.len());
        node.parent = parent;
        node.end = id + 1;
        self.nodes.push(node);
        if self.is_linked {
            self.links.push(Link::NEW);
            self.link_last(parent, id);
        } else if node.is_element() {
            self.open = id;
        }
        id
    }

    /// Adds text as the last child of `parent`.
    #[inline]
    pub(in crate::html) fn append_text(&mut self, parent: u32, mut node: Node) {
        if parent != self.open {
            self.close_down_to(parent);
        }
        if self.last_child_if_text(parent) != NONE {
            node.flags |= flag::CONTINUES;
        }
        self.append(parent, node);
    }

    /// The last child of `parent` if it is a text, else [`NONE`].
    #[inline]
    pub(in crate::html) fn last_child_if_text(&self, parent: u32) -> u32 {
        let last = if self.is_linked {
            self.links[parent as usize].last
        } else {
            // A text has no children: if it is the last child, it is the last node.
            offset(self.nodes.len() - 1)
        };
        let is_it = last != NONE && {
            let node = self.node(last);
            node.tag == Tag::Text && node.parent == parent
        };
        if is_it { last } else { NONE }
    }

    /// Adds a node right before another.
    pub(in crate::html) fn insert_before(&mut self, sibling: u32, mut node: Node) -> u32 {
        self.link_up();
        if node.tag == Tag::Text && self.is_text(self.links[sibling as usize].previous) {
            node.flags |= flag::CONTINUES;
        }
        let id = offset(self.nodes.len());
        node.end = id + 1;
        self.nodes.push(node);
        self.links.push(Link::NEW);
        self.link_before(sibling, id);
        id
    }

    /// The text right before `id`, or [`NONE`].
    pub(in crate::html) fn text_before(&mut self, id: u32) -> u32 {
        self.link_up();
        let before = self.links[id as usize].previous;
        if self.is_text(before) { before } else { NONE }
    }

    /// The last child of `parent`, or [`NONE`].
    pub(in crate::html) fn last_child(&mut self, parent: u32) -> u32 {
        self.link_up();
        self.links[parent as usize].last
    }

    fn is_text(&self, id: u32) -> bool {
        id != NONE && self.node(id).tag == Tag::Text
    }

    /// Adds a node that is in no place yet.
    pub(in crate::html) fn add_detached(&mut self, mut node: Node) -> u32 {
        self.link_up();
        let id = offset(self.nodes.len());
        node.end = id + 1;
        self.nodes.push(node);
        self.links.push(Link::NEW);
        id
    }

    /// Moves a node to the end of `parent`'s children.
    pub(in crate::html) fn move_to(&mut self, parent: u32, id: u32) {
        self.detach(id);
        self.link_last(parent, id);
    }

    /// Moves a node right before another.
    pub(in crate::html) fn move_before(&mut self, sibling: u32, id: u32) {
        self.detach(id);
        self.link_before(sibling, id);
    }

    /// Moves all children of one node to the end of another's.
    pub(in crate::html) fn move_children(&mut self, from: u32, to: u32) {
        self.link_up();
        loop {
            let child = self.links[from as usize].first;
            if child == NONE {
                return;
            }
            self.move_to(to, child);
        }
    }

    /// Takes a node and its subtree out of the tree.
    pub(in crate::html) fn detach(&mut self, id: u32) {
        self.link_up();
        let parent = self.node(id).parent;
        if parent == NONE {
            return;
        }
        let Link { previous, next, .. } = self.links[id as usize];
        match previous {
            NONE => self.links[parent as usize].first = next,
            _ => self.links[previous as usize].next = next,
        }
        match next {
            NONE => self.links[parent as usize].last = previous,
            _ => self.links[next as usize].previous = previous,
        }
        self.node_mut(id).parent = NONE;
    }

    /// Closes what is open below `parent`; a parent that is closed itself ends the order.
    #[inline]
    fn close_down_to(&mut self, parent: u32) {
        if self.is_linked {
            return;
        }
        let end = offset(self.nodes.len());
        let mut open = self.open;
        while open != parent {
            let node = &mut self.nodes[open as usize];
            node.end = end;
            open = node.parent;
            if open == NONE {
                self.link_up();
                return;
            }
        }
        self.open = open;
    }

    /// Turns the draft into a linked one, once.
    #[cold]
    fn link_up(&mut self) {
        if self.is_linked {
            return;
        }
        self.is_linked = true;
        self.open = NONE;
        self.links.resize(self.nodes.len(), Link::NEW);
        for id in 1..offset(self.nodes.len()) {
            let parent = self.node(id).parent;
            self.link_last(parent, id);
        }
    }

    fn link_last(&mut self, parent: u32, id: u32) {
        let last = std::mem::replace(&mut self.links[parent as usize].last, id);
        match last {
            NONE => self.links[parent as usize].first = id,
            _ => self.links[last as usize].next = id,
        }
        let link = &mut self.links[id as usize];
        link.previous = last;
        link.next = NONE;
        self.node_mut(id).parent = parent;
    }

    fn link_before(&mut self, sibling: u32, id: u32) {
        let parent = self.node(sibling).parent;
        let previous = std::mem::replace(&mut self.links[sibling as usize].previous, id);
        match previous {
            NONE => self.links[parent as usize].first = id,
            _ => self.links[previous as usize].next = id,
        }
        let link = &mut self.links[id as usize];
        link.previous = previous;
        link.next = sibling;
        self.node_mut(id).parent = parent;
    }

    /// Ends the building and gives the nodes, in document order and with their ends, and the
    /// attributes.
    pub(in crate::html) fn finish(&mut self) -> (Vec<Node>, Vec<AttrSpan>) {
        if self.is_linked {
            self.put_in_order();
        } else {
            self.close_all();
        }
        (std::mem::take(&mut self.nodes), std::mem::take(&mut self.attrs))
    }

    fn close_all(&mut self) {
        let end = offset(self.nodes.len());
        let mut open = self.open;
        while open != NONE {
            let node = &mut self.nodes[open as usize];
            node.end = end;
            open = node.parent;
        }
    }

    /// Copies the nodes of a linked draft in document order. What hangs deeper than [`MAX_DEPTH`]
    /// is put there.
    fn put_in_order(&mut self) {
        let mut ordered = std::mem::take(&mut self.spare);
        ordered.clear();
        ordered.reserve(self.nodes.len());
        // The copies of the ancestors of the node at hand.
        let mut path: Vec<u32> = Vec::new();
        let mut id = 0;
        while id != NONE {
            let copy = offset(ordered.len());
            let mut node = *self.node(id);
            node.parent = match path.len() {
                0 => NONE,
                depth => path[(depth - 1).min(MAX_DEPTH - 1)],
            };
            node.end = copy + 1;
            ordered.push(node);
            let first = self.links[id as usize].first;
            if first != NONE {
                path.push(copy);
                id = first;
                continue;
            }
            while id != NONE && self.links[id as usize].next == NONE {
                id = self.node(id).parent;
                path.pop();
            }
            if id != NONE {
                id = self.links[id as usize].next;
            }
        }
        for id in (1..ordered.len()).rev() {
            let Node { parent, end, .. } = ordered[id];
            let parent = &mut ordered[parent as usize];
            parent.end = parent.end.max(end);
        }
        self.spare = std::mem::replace(&mut self.nodes, ordered);
    }
}

/// An index or position as the tree stores it.
#[expect(clippy::cast_possible_truncation, reason = "parsers refuse sources of 4 GiB and more, and no source has more nodes than bytes")]
#[inline]
pub(in crate::html) fn offset(position: usize) -> u32 {
    position as u32
}
