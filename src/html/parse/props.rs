//! What the standard says of each element, as bits.
//!
//! Half of the algorithm's questions are of the kind "is there a `p` in button scope?": go up the
//! stack of open elements until a `p` is found or a boundary such as `button` or `td`. Asked at
//! every block on a page that nests deeply, that is quadratic. Here each open element carries, in
//! one `u64`, which of the elements that anyone asks for are in scope as seen from it: the set of
//! the element below, without what this element hides ([`Props::hides`]), with what it is
//! ([`Props::shows`]). Pushing is two operations, popping is free, a question is one.

use crate::html::names::Tag;

/// The lists of the standard that an element is in.
pub(super) mod list {
    /// "Special": stops the search for the element that an end tag closes.
    pub(in crate::html::parse) const SPECIAL: u8 = 1;
    /// A boundary of every scope but that of tables.
    pub(in crate::html::parse) const SCOPE: u8 = 1 << 1;
    /// Its end tag is implied by that of others.
    pub(in crate::html::parse) const IMPLIED_END: u8 = 1 << 2;
    /// The same at the end of a template.
    pub(in crate::html::parse) const IMPLIED_END_THOROUGHLY: u8 = 1 << 3;
    /// Formatting: `b`, `i`, `a` and so on, which may overlap.
    pub(in crate::html::parse) const FORMATTING: u8 = 1 << 4;
    /// Where nothing but rows and cells may stand: `table`, `tbody`, `tr`.
    pub(in crate::html::parse) const TABLE_PART: u8 = 1 << 5;
    /// A boundary of table scope.
    pub(in crate::html::parse) const TABLE_SCOPE: u8 = 1 << 6;
}

/// Bits of the set of what is in scope.
pub(super) mod scope {
    use super::{IN_SCOPE, Tag};

    /// `p` in button scope.
    pub(in crate::html::parse) const P: u64 = 1 << 44;
    /// `li` in list item scope.
    pub(in crate::html::parse) const LI: u64 = 1 << 45;
    /// `li`, `dd` and `dt` that a new one would close.
    pub(in crate::html::parse) const LI_TO_CLOSE: u64 = 1 << 46;
    pub(in crate::html::parse) const DD_TO_CLOSE: u64 = 1 << 47;
    pub(in crate::html::parse) const DT_TO_CLOSE: u64 = 1 << 48;
    /// `select` in select scope, which only the classic rules know.
    pub(in crate::html::parse) const SELECT: u64 = 1 << 49;
    /// Any of `h1` to `h6` in scope.
    pub(in crate::html::parse) const HEADING: u64 = 1 << 50;
    /// In table scope.
    pub(in crate::html::parse) const TABLE: u64 = 1 << 51;
    pub(in crate::html::parse) const CAPTION: u64 = 1 << 52;
    pub(in crate::html::parse) const TBODY: u64 = 1 << 53;
    pub(in crate::html::parse) const THEAD: u64 = 1 << 54;
    pub(in crate::html::parse) const TFOOT: u64 = 1 << 55;
    pub(in crate::html::parse) const TR: u64 = 1 << 56;
    pub(in crate::html::parse) const TD: u64 = 1 << 57;
    pub(in crate::html::parse) const TH: u64 = 1 << 58;
    /// Open at all: a `template`.
    pub(in crate::html::parse) const TEMPLATE: u64 = 1 << 59;

    /// The bit of an element in scope by name; none for those that nobody asks for.
    pub(in crate::html::parse) const fn of(tag: Tag) -> u64 {
        let mut i = 0;
        while i < IN_SCOPE.len() {
            if IN_SCOPE[i] as u8 == tag as u8 {
                return 1 << i;
            }
            i += 1;
        }
        0
    }
}

/// The elements that are asked for by "in scope".
const IN_SCOPE: [Tag; 39] = [
    Tag::Address,
    Tag::Applet,
    Tag::Article,
    Tag::Aside,
    Tag::Blockquote,
    Tag::Body,
    Tag::Button,
    Tag::Center,
    Tag::Dd,
    Tag::Details,
    Tag::Dialog,
    Tag::Dir,
    Tag::Div,
    Tag::Dl,
    Tag::Dt,
    Tag::Fieldset,
    Tag::Figcaption,
    Tag::Figure,
    Tag::Footer,
    Tag::Form,
    Tag::Header,
    Tag::Hgroup,
    Tag::Listing,
    Tag::Main,
    Tag::Marquee,
    Tag::Menu,
    Tag::Nav,
    Tag::Nobr,
    Tag::Object,
    Tag::Ol,
    Tag::Optgroup,
    Tag::Option,
    Tag::Pre,
    Tag::Ruby,
    Tag::Search,
    Tag::Section,
    Tag::Select,
    Tag::Summary,
    Tag::Ul,
];

const ALL_IN_SCOPE: u64 = ((1 << IN_SCOPE.len()) - 1) | scope::P | scope::LI | scope::HEADING;
const ALL_IN_TABLE_SCOPE: u64 =
    scope::TABLE | scope::CAPTION | scope::TBODY | scope::THEAD | scope::TFOOT | scope::TR | scope::TD | scope::TH;
const ALL_TO_CLOSE: u64 = scope::LI_TO_CLOSE | scope::DD_TO_CLOSE | scope::DT_TO_CLOSE;

/// The bits of one element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Props {
    /// Of [`list`].
    pub(super) lists: u8,
    /// What is in scope because of it.
    pub(super) shows: u64,
    /// What is in scope no longer.
    pub(super) hides: u64,
}

impl Props {
    /// A foreign element, or one that HTML doesn't know.
    pub(super) const ORDINARY: Self = Self { lists: 0, shows: 0, hides: scope::SELECT };

    /// A foreign element that HTML may stand in again, and its like.
    pub(super) const FOREIGN_BOUNDARY: Self =
        Self { lists: list::SPECIAL | list::SCOPE, shows: 0, hides: ALL_IN_SCOPE | ALL_TO_CLOSE | scope::SELECT };

    /// The bits of an HTML element.
    #[inline]
    pub(super) fn of(tag: Tag) -> &'static Self {
        &PROPS[tag as usize]
    }
}

static PROPS: [Props; Tag::COUNT] = {
    let mut props = [Props::ORDINARY; Tag::COUNT];
    let mut i = 0;
    while i < Tag::COUNT {
        let tag = Tag::ALL[i];
        let lists = lists(tag);
        props[i] = Props { lists, shows: shows(tag), hides: hides(tag, lists) };
        i += 1;
    }
    props
};

const fn shows(tag: Tag) -> u64 {
    let more = match tag {
        Tag::P => scope::P,
        Tag::Li => scope::LI | scope::LI_TO_CLOSE,
        Tag::Dd => scope::DD_TO_CLOSE,
        Tag::Dt => scope::DT_TO_CLOSE,
        Tag::Select => scope::SELECT,
        Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => scope::HEADING,
        Tag::Table => scope::TABLE,
        Tag::Caption => scope::CAPTION,
        Tag::Tbody => scope::TBODY,
        Tag::Thead => scope::THEAD,
        Tag::Tfoot => scope::TFOOT,
        Tag::Tr => scope::TR,
        Tag::Td => scope::TD,
        Tag::Th => scope::TH,
        Tag::Template => scope::TEMPLATE,
        _ => 0,
    };
    scope::of(tag) | more
}

const fn hides(tag: Tag, lists: u8) -> u64 {
    let mut hidden = match tag {
        Tag::Button => scope::P,
        Tag::Ol | Tag::Ul => scope::LI,
        _ => 0,
    };
    if lists & list::SCOPE != 0 {
        hidden |= ALL_IN_SCOPE;
    }
    if lists & list::TABLE_SCOPE != 0 {
        hidden |= ALL_IN_TABLE_SCOPE;
    }
    if lists & list::SPECIAL != 0 && !matches!(tag, Tag::Address | Tag::Div | Tag::P) {
        hidden |= ALL_TO_CLOSE;
    }
    if !matches!(tag, Tag::Optgroup | Tag::Option) {
        hidden |= scope::SELECT;
    }
    hidden
}

const fn lists(tag: Tag) -> u8 {
    special(tag) | formatting(tag) | implied_end(tag) | boundary(tag)
}

#[rustfmt::skip]
const fn special(tag: Tag) -> u8 {
    match tag {
        Tag::Address | Tag::Applet | Tag::Area | Tag::Article | Tag::Aside | Tag::Base
        | Tag::Basefont | Tag::Bgsound | Tag::Blockquote | Tag::Body | Tag::Br | Tag::Button
        | Tag::Caption | Tag::Center | Tag::Col | Tag::Colgroup | Tag::Dd | Tag::Details
        | Tag::Dir | Tag::Div | Tag::Dl | Tag::Dt | Tag::Embed | Tag::Fieldset
        | Tag::Figcaption | Tag::Figure | Tag::Footer | Tag::Form | Tag::Frame | Tag::Frameset
        | Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 | Tag::Head | Tag::Header
        | Tag::Hgroup | Tag::Hr | Tag::Html | Tag::Iframe | Tag::Img | Tag::Input | Tag::Keygen
        | Tag::Li | Tag::Link | Tag::Listing | Tag::Main | Tag::Marquee | Tag::Menu | Tag::Meta
        | Tag::Nav | Tag::Noembed | Tag::Noframes | Tag::Noscript | Tag::Object | Tag::Ol
        | Tag::P | Tag::Param | Tag::Plaintext | Tag::Pre | Tag::Script | Tag::Search
        | Tag::Section | Tag::Select | Tag::Source | Tag::Style | Tag::Summary | Tag::Table
        | Tag::Tbody | Tag::Td | Tag::Template | Tag::Textarea | Tag::Tfoot | Tag::Th
        | Tag::Thead | Tag::Title | Tag::Tr | Tag::Track | Tag::Ul | Tag::Wbr
        | Tag::Xmp => list::SPECIAL,
        _ => 0,
    }
}

#[rustfmt::skip]
const fn formatting(tag: Tag) -> u8 {
    match tag {
        Tag::A | Tag::B | Tag::Big | Tag::Code | Tag::Em | Tag::Font | Tag::I | Tag::Nobr
        | Tag::S | Tag::Small | Tag::Strike | Tag::Strong | Tag::Tt | Tag::U => list::FORMATTING,
        _ => 0,
    }
}

#[rustfmt::skip]
const fn implied_end(tag: Tag) -> u8 {
    match tag {
        Tag::Dd | Tag::Dt | Tag::Li | Tag::Optgroup | Tag::Option | Tag::P | Tag::Rb | Tag::Rp
        | Tag::Rt | Tag::Rtc => list::IMPLIED_END | list::IMPLIED_END_THOROUGHLY,
        Tag::Caption | Tag::Colgroup | Tag::Tbody | Tag::Td | Tag::Tfoot | Tag::Th | Tag::Thead
        | Tag::Tr => list::IMPLIED_END_THOROUGHLY,
        _ => 0,
    }
}

const fn boundary(tag: Tag) -> u8 {
    match tag {
        Tag::Html | Tag::Template => list::SCOPE | list::TABLE_SCOPE,
        Tag::Table => list::SCOPE | list::TABLE_SCOPE | list::TABLE_PART,
        Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr => list::TABLE_PART,
        Tag::Applet | Tag::Caption | Tag::Marquee | Tag::Object | Tag::Select | Tag::Td | Tag::Th => list::SCOPE,
        _ => 0,
    }
}
