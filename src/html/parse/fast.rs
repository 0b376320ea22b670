//! The fast parser: one pass over the page, no allocation once its memory has grown.

use std::borrow::Cow;

use super::builder::{Builder, Memory};
use super::{Context, Options, TooLong, check_length};
use crate::html::tree::Tree;

/// A parser with memory of its own that goes from page to page.
///
/// It follows the tree construction of the HTML standard, misnested formatting, foster parents,
/// templates, SVG and `MathML` included. Time is linear in the length of the page. Four bounds are
/// there for hostile pages, and no text is ever lost to them:
///
/// - elements nest 512 deep, deeper ones stand side by side at that depth, as in browsers;
/// - an element has 256 attributes, further ones are dropped;
/// - 96 formatting elements wait to be opened again, the oldest are forgotten;
/// - formatting elements are opened again 4,096 times plus once for each 64 bytes of the page; then
///   those that overlap are closed as if they did not.
#[derive(Debug, Default)]
pub struct Parser {
    options: Options,
    memory: Memory,
}

impl Parser {
    /// Makes a parser.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, memory: Memory::default() }
    }

    /// Parses a whole page.
    ///
    /// # Errors
    /// Pages of 4 GiB and more are refused.
    pub fn parse<'s>(&mut self, page: &'s str) -> Result<Tree<'s>, TooLong> {
        self.run(page, None)
    }

    /// Parses the content of an element, such as the body of a feed's item. The content hangs right
    /// below the root.
    ///
    /// # Errors
    /// Pages of 4 GiB and more are refused.
    pub fn parse_fragment<'s>(&mut self, fragment: &'s str, context: Context) -> Result<Tree<'s>, TooLong> {
        self.run(fragment, Some(context))
    }

    /// Takes back the memory of a tree that is no longer needed.
    pub fn recycle(&mut self, tree: Tree<'_>) {
        let (nodes, attrs) = tree.into_parts();
        self.memory.draft.recycle(nodes, attrs);
    }

    fn run<'s>(&mut self, source: &'s str, context: Option<Context>) -> Result<Tree<'s>, TooLong> {
        check_length(source)?;
        let memory = std::mem::take(&mut self.memory);
        let mut builder = Builder::new(source, self.options, context, memory);
        builder.run();
        let quirks = builder.quirks();
        self.memory = builder.into_memory();
        let (nodes, attrs) = self.memory.draft.finish();
        Ok(Tree::new(Cow::Borrowed(source), nodes, attrs, quirks))
    }
}
