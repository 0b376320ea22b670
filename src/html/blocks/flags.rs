//! What a block stands in, as a set of bits.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// What a block stands in. A flag set by an element holds for everything below it.
///
/// ```
/// use copydesk::html::BlockFlags;
/// let flags = BlockFlags::NAV | BlockFlags::LIST;
/// assert!(flags.contains(BlockFlags::NAV));
/// assert!(!flags.contains(BlockFlags::NAV | BlockFlags::ASIDE));
/// assert!(flags.intersects(BlockFlags::NAV | BlockFlags::ASIDE));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockFlags(u32);

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident = $bit:literal,)*) => {
        impl BlockFlags {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)*
        }

        const NAMES: &[(BlockFlags, &str)] = &[$((BlockFlags::$name, stringify!($name)),)*];
    };
}

flags! {
    /// Not shown: `hidden`, `display: none` in a `style`, `<template>`, a `<dialog>` that is not open, `<noscript>`, and what
    /// stands in for a video or an object that can't be played.
    HIDDEN = 0,
    /// In an element with `aria-hidden`; readers see it, screen readers don't.
    ARIA_HIDDEN = 1,
    /// In `<noscript>`.
    NOSCRIPT = 2,
    /// In `<nav>`, `<menu>` or the like.
    NAV = 3,
    /// In `<aside>`.
    ASIDE = 4,
    /// In `<footer>`.
    FOOTER = 5,
    /// In `<header>`.
    HEADER = 6,
    /// In `<form>`.
    FORM = 7,
    /// In `<figure>`.
    FIGURE = 8,
    /// In a table.
    TABLE = 9,
    /// In a list.
    LIST = 10,
    /// In a block quote.
    QUOTE = 11,
    /// In `<article>`.
    ARTICLE = 12,
    /// In `<main>`.
    MAIN = 13,
    /// In a button, a drop-down list or another control.
    CONTROL = 14,
    /// In `<details>`.
    DETAILS = 15,
    /// In a dialog, open or not.
    DIALOG = 16,
    /// In `<section>`.
    SECTION = 17,
    /// In a heading.
    HEADING = 18,
    /// In `<address>`.
    ADDRESS = 19,
}

impl BlockFlags {
    /// No flag.
    pub const NONE: Self = Self(0);

    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Says whether all of `other`'s flags are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Says whether any of `other`'s flags is set.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for BlockFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

impl BitOrAssign for BlockFlags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for BlockFlags {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(NAMES.iter().filter(|(flag, _)| self.contains(*flag)).map(|(_, name)| name)).finish()
    }
}
