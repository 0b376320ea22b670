//! JSON, as much of it as records need: cut an object into its fields, read one string, write strings.
//!
//! A record of a data set is a line of a few fields of which one is looked at. So nothing is built in memory: [`scan::object`]
//! walks the line once and notes where each field stands, and what is not looked at goes out again as the very bytes that came
//! in, numbers and nested values included.
//!
//! ```text
//! {"id": 7, "text": "Caf\u00e9.", "score": 1.50}
//!  ^^^^^^^  ^^^^^^^^^^^^^^^^^^^^^  ^^^^^^^^^^^^^
//!  a field  the one to be cleaned  a field
//! ```
//!
//! Limits: everything is checked as RFC 8259 has it, except that half of a surrogate pair counts as U+FFFD. Work is linear in
//! the length of the line and nesting costs one byte of heap a level, no stack: a line of a hundred million brackets is read.

mod pretty;
pub(crate) mod scan;
pub(crate) mod string;

pub(crate) use pretty::write_pretty;
