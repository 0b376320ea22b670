//! The selectors of rules, looked up on a page for all of its blocks.

use std::sync::Arc;

use super::selector::{Scratch, SelectorError, SelectorSet};
use super::tree::{NodeId, Tree};
use crate::document::Selected;

/// The selectors of an engine's rules, to be given to a [`PageReader`](super::PageReader); see
/// [`Engine::selectors`](crate::Engine::selectors).
#[derive(Debug)]
pub struct Selectors {
    texts: Arc<[String]>,
    set: SelectorSet,
}

impl Selectors {
    /// Compiles selectors.
    ///
    /// # Errors
    /// When one of them is wrong.
    pub fn new(texts: Vec<String>) -> Result<Self, SelectorError> {
        let set = SelectorSet::new(texts.iter().map(String::as_str))?;
        Ok(Self { texts: texts.into(), set })
    }

    /// Says which blocks lie in an element that is selected. `firsts` are the blocks' first nodes, in order.
    pub(in crate::html) fn select(&self, tree: &Tree<'_>, firsts: &[NodeId], scratch: &mut Scratch) -> Selected {
        let mut hits = self.set.matches(tree, scratch);
        hits.sort_unstable();
        let mut pairs = Vec::new();
        // An element inside of a selected one adds nothing.
        let mut done = (usize::MAX, NodeId::ROOT);
        for (selector, node) in hits {
            let end = tree.end(node);
            if done.0 == selector && end <= done.1 {
                continue;
            }
            done = (selector, end);
            let inside = firsts.partition_point(|&first| first < node)..firsts.partition_point(|&first| first < end);
            pairs.extend(inside.map(|block| (block as u32, selector as u32)));
        }
        pairs.sort_unstable();
        Selected { texts: Arc::clone(&self.texts), pairs }
    }
}
