//! Ways through a tree; none of them recursive, none of them allocating.

use std::borrow::Cow;

use super::{NONE, NodeId, Tree};
use crate::html::names::Tag;

impl Tree<'_> {
    /// Returns all nodes but the root, in document order.
    #[must_use]
    pub fn nodes(&self) -> Descendants {
        self.descendants(NodeId::ROOT)
    }

    /// Returns the nodes below `id` in document order, without `id`.
    #[must_use]
    pub fn descendants(&self, id: NodeId) -> Descendants {
        Descendants { next: id.0 + 1, end: self.node(id).end }
    }

    /// Returns the children of `id`.
    #[must_use]
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { tree: self, next: id.0 + 1, end: self.node(id).end }
    }

    /// Returns the parents of `id`, the nearest first, the root last.
    #[must_use]
    pub fn ancestors(&self, id: NodeId) -> Ancestors<'_> {
        Ancestors { tree: self, next: self.node(id).parent }
    }

    /// Returns the node that `id` is a child of; the root has none.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.node(id).parent;
        (parent != NONE).then_some(NodeId(parent))
    }

    /// Returns the first child.
    #[must_use]
    pub fn first_child(&self, id: NodeId) -> Option<NodeId> {
        self.children(id).next()
    }

    /// Returns the next node with the same parent.
    #[must_use]
    pub fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        let node = self.node(id);
        let end = if node.parent == NONE { 0 } else { self.node(NodeId(node.parent)).end };
        (node.end < end).then_some(NodeId(node.end))
    }

    /// Returns the first id after the subtree of `id`: where to go on to skip it.
    #[must_use]
    pub fn end(&self, id: NodeId) -> NodeId {
        NodeId(self.node(id).end)
    }

    /// Says whether `inner` is in the subtree of `outer`, which includes `outer` itself.
    #[must_use]
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        outer <= inner && inner.0 < self.node(outer).end
    }

    /// Finds the first element `tag` of the page, whatever its vocabulary.
    #[must_use]
    pub fn find_any(&self, tag: Tag) -> Option<NodeId> {
        self.nodes().find(|&id| self.tag(id) == tag)
    }

    /// Finds the first HTML element `tag` of the page.
    #[must_use]
    pub fn find(&self, tag: Tag) -> Option<NodeId> {
        self.nodes().find(|&id| self.is_html(id, tag))
    }
}

/// The nodes of a subtree; from [`Tree::descendants`].
#[derive(Clone, Debug)]
pub struct Descendants {
    next: u32,
    end: u32,
}

impl Iterator for Descendants {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = self.next;
        (id < self.end).then(|| {
            self.next += 1;
            NodeId(id)
        })
    }
}

/// The children of a node; from [`Tree::children`].
#[derive(Clone, Debug)]
pub struct Children<'t> {
    tree: &'t Tree<'t>,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = NodeId(self.next);
        (id.0 < self.end).then(|| {
            self.next = self.tree.node(id).end;
            id
        })
    }
}

/// The parents of a node; from [`Tree::ancestors`].
#[derive(Clone, Debug)]
pub struct Ancestors<'t> {
    tree: &'t Tree<'t>,
    next: u32,
}

impl Iterator for Ancestors<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = NodeId(self.next);
        (id.0 != NONE).then(|| {
            self.next = self.tree.node(id).parent;
            id
        })
    }
}

/// The class names of an element; from [`Tree::classes`].
#[derive(Clone, Debug)]
pub struct Classes<'t> {
    value: Cow<'t, str>,
    at: usize,
}

impl<'t> Classes<'t> {
    pub(super) fn new(value: Cow<'t, str>) -> Self {
        Self { value, at: 0 }
    }
}

impl<'t> Iterator for Classes<'t> {
    type Item = Cow<'t, str>;

    fn next(&mut self) -> Option<Cow<'t, str>> {
        let bytes = self.value.as_bytes();
        let is_space = |b: &u8| b.is_ascii_whitespace();
        let start = self.at + bytes[self.at..].iter().position(|b| !is_space(b))?;
        let stop = bytes[start..].iter().position(is_space).map_or(bytes.len(), |len| start + len);
        self.at = stop;
        Some(match &self.value {
            Cow::Borrowed(value) => Cow::Borrowed(&value[start..stop]),
            Cow::Owned(value) => Cow::Owned(value[start..stop].to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::parse::Parser;

    #[test]
    fn walks_see_what_they_should() {
        let page = "<div><p>a<b>b</b></p><p>c</p></div><hr>";
        let tree = Parser::default().parse(page).expect("it is short");
        let div = tree.find(Tag::Div).expect("it is there");
        let tags = |ids: &mut dyn Iterator<Item = NodeId>| ids.map(|id| tree.tag(id)).collect::<Vec<_>>();
        assert_eq!(tags(&mut tree.children(div)), [Tag::P, Tag::P]);
        let below = [Tag::P, Tag::Text, Tag::B, Tag::Text, Tag::P, Tag::Text];
        assert_eq!(tags(&mut tree.descendants(div)), below);
        let b = tree.find(Tag::B).expect("it is there");
        let above = [Tag::P, Tag::Div, Tag::Body, Tag::Html, Tag::Document];
        assert_eq!(tags(&mut tree.ancestors(b)), above);
        assert!(tree.contains(div, b) && !tree.contains(b, div));
        assert_eq!(tree.next_sibling(b), None);
        let first = tree.first_child(div).expect("it is there");
        assert_eq!(tree.next_sibling(first).map(|id| tree.text_content(id)).as_deref(), Some("c"));
        assert_eq!(tree.next_sibling(div).map(|id| tree.tag(id)), Some(Tag::Hr));
        assert_eq!(tree.parent(NodeId::ROOT), None);
        assert_eq!(tree.next_sibling(NodeId::ROOT), None);
    }

    #[test]
    fn visible_text_skips_what_is_not_shown() {
        let page = "<title>t</title><p>a<script>s</script><template>u</template><b>b</b><style>v</style>c";
        let tree = Parser::default().parse(page).expect("it is short");
        let visible: String = tree.visible_text(NodeId::ROOT).map(|id| tree.text(id)).collect();
        assert_eq!(visible, "abc");
    }

    #[test]
    fn trees_and_parsers_go_from_thread_to_thread() {
        fn is_fit<T: Send + Sync>() {}
        is_fit::<Tree<'static>>();
        is_fit::<Parser>();
    }
}
