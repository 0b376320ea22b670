//! copydesk takes raw copy and makes it fit to print.
//!
//! (crate manual: to be written)

mod article;
mod captions;
mod clean;
#[doc(hidden)]
pub mod cli;
mod document;
mod engine;
pub mod html;
pub mod io;
pub mod rules;
mod span;
mod text;

pub use article::{Article, Caption, CaptionKind, Dropped, Status};
pub use document::{Block, Document};
pub use engine::{BlockTrace, BuildError, DEFAULT_GUARD, Decision, Engine, EngineBuilder, Explanation, Near, Scratch};
pub use span::ByteSpan;
