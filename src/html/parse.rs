//! Two parsers, one tree.
//!
//! [`Parser`] is the fast one: it follows the HTML standard's algorithm, with memory of its own that
//! goes from page to page. [`spec`] fills the same tree from html5ever, the reference that the fast
//! one is held to.
//!
//! ```
//! use copydesk::html::{Parser, Tag};
//!
//! let mut parser = Parser::default();
//! let tree = parser.parse("<p>Fish &amp; chips")?;
//! let p = tree.find(Tag::P).expect("the page has one");
//! assert_eq!(tree.text_content(p), "Fish & chips");
//! parser.recycle(tree);
//! # Ok::<(), copydesk::html::TooLong>(())
//! ```

mod builder;
mod doctype;
mod fast;
mod formatting;
mod props;
pub mod spec;
mod stack;
mod tokenizer;

pub use doctype::Doctype;
pub use fast::Parser;

use super::names::{Namespace, Tag};

/// What the page is parsed for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether scripts would run. Without them, which is the default, the content of `<noscript>`
    /// is elements like any other; with them it is text that nobody sees.
    pub scripting: bool,
    /// Which rules hold inside `<select>`.
    pub select: SelectRules,
}

/// The standard has changed what may stand inside a `<select>`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SelectRules {
    /// Any content, as since 2025.
    #[default]
    Current,
    /// Only options and separators; other tags are ignored, their text stays.
    Classic,
}

/// The element that a fragment is parsed as the content of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The element.
    pub tag: Tag,
    /// Its vocabulary.
    pub namespace: Namespace,
}

impl Default for Context {
    /// The content of a `<div>`.
    fn default() -> Self {
        Self { tag: Tag::Div, namespace: Namespace::Html }
    }
}

/// The page has 4 GiB or more, which is more than a span can point into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("page of {bytes} bytes is too long, the limit is 4 GiB")]
pub struct TooLong {
    /// How long it is.
    pub bytes: usize,
}

/// Refuses pages whose positions would not fit.
fn check_length(source: &str) -> Result<(), TooLong> {
    let bytes = source.len();
    if u32::try_from(bytes).is_ok_and(|bytes| bytes != u32::MAX) { Ok(()) } else { Err(TooLong { bytes }) }
}
