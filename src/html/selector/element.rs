//! Our tree as the `selectors` crate sees it.

use std::cell::Cell;

use selectors::attr::{AttrSelectorOperation, CaseSensitivity, NamespaceConstraint};
use selectors::bloom::BloomFilter;
use selectors::matching::{ElementSelectorFlags, MatchingContext};
use selectors::{Element, OpaqueElement};

use super::names::{Local, Names, NoPseudo, Value};
use crate::html::{Attr, Namespace, NodeId, Tag, Tree};

/// Bytes of a value that are read in the time of a step.
const BYTES_A_STEP: usize = 16;

/// What all elements of a page share while selectors are matched.
#[derive(Debug)]
pub(super) struct Page<'p> {
    pub(super) tree: &'p Tree<'p>,
    /// The element before each node with the same parent, by index; the node itself if there is none.
    pub(super) before: &'p [u32],
    /// Steps from element to element that were taken.
    pub(super) steps: Cell<u64>,
}

impl Page<'_> {
    fn step(&self) {
        self.steps.set(self.steps.get() + 1);
    }

    /// Notes that a value is read, which costs steps where it is long: a class of a box is asked for by each element in it.
    fn read(&self, value: &str) {
        self.steps.set(self.steps.get() + (value.len() / BYTES_A_STEP) as u64);
    }
}

/// An element of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here<'p> {
    pub(super) page: &'p Page<'p>,
    pub(super) id: NodeId,
}

impl Here<'_> {
    fn at(&self, id: NodeId) -> Self {
        Self { id, ..*self }
    }

    fn tree(&self) -> &Tree<'_> {
        self.page.tree
    }
}

impl Element for Here<'_> {
    type Impl = Names;

    fn opaque(&self) -> OpaqueElement {
        OpaqueElement::new(self.page.tree.node(self.id))
    }

    fn parent_element(&self) -> Option<Self> {
        self.page.step();
        let parent = self.tree().parent(self.id)?;
        self.tree().is_element(parent).then(|| self.at(parent))
    }

    fn parent_node_is_shadow_root(&self) -> bool {
        false
    }

    fn containing_shadow_host(&self) -> Option<Self> {
        None
    }

    fn is_pseudo_element(&self) -> bool {
        false
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.page.step();
        let before = NodeId(*self.page.before.get(self.id.index())?);
        (before != self.id).then(|| self.at(before))
    }

    fn next_sibling_element(&self) -> Option<Self> {
        let mut id = self.id;
        loop {
            self.page.step();
            id = self.tree().next_sibling(id)?;
            if self.tree().is_element(id) {
                return Some(self.at(id));
            }
        }
    }

    fn first_element_child(&self) -> Option<Self> {
        let tree = self.tree();
        tree.children(self.id).inspect(|_| self.page.step()).find(|&child| tree.is_element(child)).map(|child| self.at(child))
    }

    fn is_html_element_in_html_document(&self) -> bool {
        self.tree().namespace(self.id) == Namespace::Html
    }

    fn has_local_name(&self, name: &Local) -> bool {
        let tag = self.tree().tag(self.id);
        tag == name.tag && (tag != Tag::Unknown || self.tree().name(self.id) == *name.name)
    }

    fn has_namespace(&self, _: &Value) -> bool {
        true
    }

    fn is_same_type(&self, other: &Self) -> bool {
        let tree = self.tree();
        let tag = tree.tag(self.id);
        tag == tree.tag(other.id)
            && tree.namespace(self.id) == tree.namespace(other.id)
            && (tag != Tag::Unknown || tree.name(self.id) == tree.name(other.id))
    }

    fn attr_matches(&self, _: &NamespaceConstraint<&Value>, name: &Local, operation: &AttrSelectorOperation<&Value>) -> bool {
        let value = match name.attr {
            Attr::Unknown => self.tree().attr_named(self.id, &name.name),
            known => self.tree().attr(self.id, known),
        };
        value.is_some_and(|value| {
            self.page.read(&value);
            operation.eval_str(&value)
        })
    }

    fn match_non_ts_pseudo_class(&self, class: &NoPseudo, _: &mut MatchingContext<'_, Names>) -> bool {
        match *class {}
    }

    fn match_pseudo_element(&self, element: &NoPseudo, _: &mut MatchingContext<'_, Names>) -> bool {
        match *element {}
    }

    fn apply_selector_flags(&self, _: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        matches!(self.tree().tag(self.id), Tag::A | Tag::Area) && self.tree().attr(self.id, Attr::Href).is_some()
    }

    fn is_html_slot_element(&self) -> bool {
        self.tree().is_html(self.id, Tag::Slot)
    }

    fn has_id(&self, id: &Value, case: CaseSensitivity) -> bool {
        self.tree().id_attr(self.id).is_some_and(|own| case.eq(own.as_bytes(), id.0.as_bytes()))
    }

    fn has_class(&self, name: &Value, case: CaseSensitivity) -> bool {
        self.tree().attr(self.id, Attr::Class).is_some_and(|names| {
            self.page.read(&names);
            names.split_ascii_whitespace().any(|own| case.eq(own.as_bytes(), name.0.as_bytes()))
        })
    }

    fn has_custom_state(&self, _: &Value) -> bool {
        false
    }

    fn imported_part(&self, _: &Value) -> Option<Value> {
        None
    }

    fn is_part(&self, _: &Value) -> bool {
        false
    }

    fn is_empty(&self) -> bool {
        let tree = self.tree();
        let mut children = tree.children(self.id).inspect(|_| self.page.step());
        !children.any(|child| tree.is_element(child) || tree.is_text(child))
    }

    fn is_root(&self) -> bool {
        self.tree().tag(self.id) == Tag::Html && self.tree().parent(self.id) == Some(NodeId::ROOT)
    }

    fn add_element_unique_hashes(&self, _: &mut BloomFilter) -> bool {
        false
    }
}
