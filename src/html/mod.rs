//! HTML: from bytes to a tree.
//!
//! ```text
//! bytes ──charset──> &str ──parse (fast | spec)──> Tree ──blocks──> Blocks ──content──> which of them
//! ```
//!
//! [`charset`] decides what the bytes mean, [`parse`] has two parsers that build the same tree, and
//! [`tree`] is that tree: all nodes of a page in one vector in document order, text and attributes
//! as spans of the source. Everything downstream works on the tree alone and can't tell which
//! parser has filled it: [`blocks`] lists what a reader sees, line by line, and
//! [`content`] says which of it the page is about.

pub mod blocks;
pub mod charset;
pub mod comments;
pub mod content;
mod digest;
pub mod entities;
pub mod figures;
mod markup;
mod memo;
pub mod metadata;
pub mod names;
mod page;
pub mod parse;
pub mod selector;
mod selectors;
pub mod tree;

pub use blocks::{BlockFlags, BlockKind, Blocks, PageBlock};
pub use names::{Attr, Namespace, Tag};
pub use page::PageReader;
pub use parse::{Context, Options, Parser, SelectRules, TooLong};
pub use selectors::Selectors;
pub use tree::{NodeId, Quirks, Tree};
