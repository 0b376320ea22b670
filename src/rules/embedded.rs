//! What the build puts into the binary: the built-in files and their packed forms.

/// A built-in file.
pub(super) struct File {
    /// Below `rules/`.
    pub(super) path: &'static str,
    pub(super) text: &'static str,
    /// Its packed form; none of files with errors, and of those with overrides.
    pub(super) packed: Option<&'static str>,
}

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));
