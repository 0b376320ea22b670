//! How elements are laid out, going by their names alone.

use crate::html::names::Tag;

/// What an element does to the flow of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Display {
    /// Nothing: its text runs on.
    Inline,
    /// Words before and after it are apart: an image, a control.
    Apart,
    /// Its content is a line of its own, in the paragraph or list around it.
    Line,
    /// Its content is a paragraph of its own.
    Paragraph,
    /// A line break.
    Break,
    /// Its content is never text of the page.
    Unseen,
}

/// Returns the display of an HTML element.
#[inline]
pub(super) fn display(tag: Tag) -> Display {
    DISPLAYS[tag as usize]
}

/// Elements follow each other in no order that a processor could guess, so what is asked of each stands in a table.
static DISPLAYS: [Display; Tag::COUNT] = {
    let mut displays = [Display::Inline; Tag::COUNT];
    let mut at = 0;
    while at < Tag::COUNT {
        displays[at] = display_by_name(Tag::ALL[at]);
        at += 1;
    }
    displays
};

const fn display_by_name(tag: Tag) -> Display {
    match tag {
        Tag::Br => Display::Break,
        Tag::Head | Tag::Iframe | Tag::Noembed | Tag::Noframes | Tag::Script | Tag::Style | Tag::Title | Tag::Rp | Tag::Datalist => {
            Display::Unseen
        }
        Tag::Li | Tag::Tr | Tag::Td | Tag::Th | Tag::Dt | Tag::Dd | Tag::Button | Tag::Summary | Tag::Select | Tag::Textarea => {
            Display::Line
        }
        Tag::Img | Tag::Picture | Tag::Input | Tag::Video | Tag::Audio | Tag::Canvas | Tag::Object | Tag::Option | Tag::Optgroup => {
            Display::Apart
        }
        _ if is_paragraph(tag) => Display::Paragraph,
        _ => Display::Inline,
    }
}

const fn is_paragraph(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Address
            | Tag::Article
            | Tag::Aside
            | Tag::Blockquote
            | Tag::Body
            | Tag::Caption
            | Tag::Center
            | Tag::Details
            | Tag::Dialog
            | Tag::Dir
            | Tag::Div
            | Tag::Dl
            | Tag::Fieldset
            | Tag::Figcaption
            | Tag::Figure
            | Tag::Footer
            | Tag::Form
            | Tag::Frameset
            | Tag::H1
            | Tag::H2
            | Tag::H3
            | Tag::H4
            | Tag::H5
            | Tag::H6
            | Tag::Header
            | Tag::Hgroup
            | Tag::Hr
            | Tag::Html
            | Tag::Legend
            | Tag::Listing
            | Tag::Main
            | Tag::Menu
            | Tag::Nav
            | Tag::Noscript
            | Tag::Ol
            | Tag::P
            | Tag::Plaintext
            | Tag::Pre
            | Tag::Search
            | Tag::Section
            | Tag::Table
            | Tag::Tbody
            | Tag::Template
            | Tag::Tfoot
            | Tag::Thead
            | Tag::Ul
            | Tag::Xmp
    )
}
