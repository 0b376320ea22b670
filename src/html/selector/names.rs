//! What a parsed selector holds: names and values, as the `selectors` crate asks for them.

use std::fmt;

use cssparser::ToCss;
use precomputed_hash::PrecomputedHash;
use selectors::parser::{self, SelectorParseErrorKind};

use crate::html::{Attr, Tag};

/// The kinds of names in selectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Names;

impl parser::SelectorImpl for Names {
    type AttrValue = Value;
    type Identifier = Value;
    type LocalName = Local;
    type NamespacePrefix = Value;
    type NamespaceUrl = Value;
    type BorrowedNamespaceUrl = Value;
    type BorrowedLocalName = Local;
    type NonTSPseudoClass = NoPseudo;
    type PseudoElement = NoPseudo;
    type ExtraMatchingData<'a> = ();
}

/// A class, an id or the value of an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Value(pub(super) Box<str>);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl AsRef<str> for Value {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl ToCss for Value {
    fn to_css<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        cssparser::serialize_string(&self.0, out)
    }
}

impl PrecomputedHash for Value {
    fn precomputed_hash(&self) -> u32 {
        hash(self.0.as_bytes())
    }
}

/// The name of an element or an attribute, looked up once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Local {
    pub(super) name: Box<str>,
    pub(super) tag: Tag,
    pub(super) attr: Attr,
}

impl From<&str> for Local {
    fn from(name: &str) -> Self {
        Self { name: name.into(), tag: Tag::from_name(name), attr: Attr::from_name(name) }
    }
}

impl ToCss for Local {
    fn to_css<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        cssparser::serialize_identifier(&self.name, out)
    }
}

impl PrecomputedHash for Local {
    fn precomputed_hash(&self) -> u32 {
        hash(self.name.as_bytes())
    }
}

/// FNV-1a.
pub(super) fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Pseudo-classes of state and pseudo-elements: a page at rest has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoPseudo {}

impl ToCss for NoPseudo {
    fn to_css<W: fmt::Write>(&self, _: &mut W) -> fmt::Result {
        match *self {}
    }
}

impl parser::NonTSPseudoClass for NoPseudo {
    fn is_active_or_hover(&self) -> bool {
        match *self {}
    }

    fn is_user_action_state(&self) -> bool {
        match *self {}
    }
}

impl parser::PseudoElement for NoPseudo {}

/// Which parts of the language of selectors are read.
pub(super) struct Language;

impl parser::Parser<'_> for Language {
    type Impl = Names;
    type Error = SelectorParseErrorKind;

    fn parse_is_and_where(&self) -> bool {
        true
    }

    fn parse_has(&self) -> bool {
        true
    }

    fn parse_nth_child_of(&self) -> bool {
        true
    }

    /// A part of `:is(...)` that is wrong is an error and not silence.
    fn allow_forgiving_selectors(&self) -> bool {
        false
    }
}
