//! What a string is: folding, words, shapes.
//!
//! Everything here looks at one string and knows nothing of documents or rules. `fold` makes spellings alike
//! (`“Photo:”` and `"photo:"`), `words` counts, `shape` says what a line looks like whatever its words mean, `dates` reads days.

pub(crate) mod dates;
pub(crate) mod fold;
pub(crate) mod masks;
pub(crate) mod plain;
pub(crate) mod shape;
pub(crate) mod words;
