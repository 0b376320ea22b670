//! Rules: what to look for, read from TOML files into types that cannot be wrong.
//!
//! A [`RuleFile`] is a name and a text. [`RuleSet`] reads the built-in packs and the user's files and gives the [`Rule`]s that
//! hold for a language. What a user wrote wrong becomes a [`Diagnostic`] that points at the place. [`lint`] looks for rules
//! that are well formed and still unwise.
//!
//! ```
//! use copydesk::rules::RuleSet;
//!
//! let rules = RuleSet::builder()
//!     .builtin(false)
//!     .add_text("mine.toml", r#"
//!         format = 1
//!         [pack]
//!         id = "mine"
//!         [[rule]]
//!         id = "mine.ad.marker"
//!         category = "ad_marker"
//!         about = "A line that says only `Advertisement`."
//!         action = "remove"
//!         match.is = ["advertisement"]
//!     "#)
//!     .build_for(Some("en"))?;
//! assert_eq!(rules[0].id.as_str(), "mine.ad.marker");
//! # Ok::<(), copydesk::rules::RulesError>(())
//! ```
//!
//! Inside, data moves one way: `source` (files) → `raw` (shapes with places) → `lists` and `parse` (rules) → `clues` → `overrides` → `set`.
//! Built-in files have gone through most of that when the library was built, and come out of `packed`.

pub(crate) mod alphabet;
pub mod builtin;
pub(crate) mod clues;
mod diagnostics;
mod embedded;
mod host;
mod language;
pub mod lint;
mod lists;
mod overrides;
pub(crate) mod packed;
mod parse;
pub mod pattern;
mod raw;
mod rule;
mod schema;
mod set;
mod source;
mod suggest;
pub(crate) mod threads;

pub use diagnostics::{Code, Diagnostic, Place, RulesError, Severity};
pub use host::{HostPattern, HostPatternError, host_of};
pub use language::canonical_language;
pub use parse::ParseOptions;
pub use rule::*;
pub use schema::schema;
pub use set::{RuleSet, RuleSetBuilder};
pub use source::RuleFile;
