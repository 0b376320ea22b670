//! The open elements of the walk, those that matter to the text in them.

use std::sync::LazyLock;

use super::display::Display;
use super::{BlockFlags, BlockKind};
use crate::html::names::{Attr, Tag};
use crate::html::tree::{AttrSpan, NodeId, Tree};

/// An open element; the first frame stands for the page.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that what is inside inherits")]
pub(super) struct Frame {
    /// Where its subtree ends.
    pub(super) end: NodeId,
    /// What happens when it ends.
    pub(super) display: Display,
    pub(super) kind: BlockKind,
    pub(super) flags: BlockFlags,
    pub(super) list_depth: u8,
    /// The innermost box, and whether it is this element's own.
    pub(super) inside: u32,
    pub(super) owns_box: bool,
    pub(super) is_link: bool,
    /// White space counts.
    pub(super) is_pre: bool,
    /// A row of data: its cells run on.
    pub(super) is_row: bool,
    /// No text of the page: drawings.
    pub(super) is_mute: bool,
}

impl Frame {
    /// The frame of a whole page.
    pub(super) fn page(tree: &Tree<'_>) -> Self {
        Self {
            end: tree.end(NodeId::ROOT),
            display: Display::Paragraph,
            kind: BlockKind::Paragraph,
            flags: BlockFlags::NONE,
            list_depth: 0,
            inside: 0,
            owns_box: true,
            is_link: false,
            is_pre: false,
            is_row: false,
            is_mute: false,
        }
    }

    /// The frame of an HTML element in this one, before its attributes are looked at.
    pub(super) fn child(&self, tag: Tag, end: NodeId, display: Display) -> Self {
        let mut frame = Self { end, display, owns_box: false, ..*self };
        let (flag, kind) = MEANINGS[tag as usize];
        frame.flags |= flag;
        frame.kind = kind.unwrap_or(self.kind);
        frame.is_pre |= matches!(tag, Tag::Pre | Tag::Listing | Tag::Xmp | Tag::Plaintext);
        frame.list_depth = frame.list_depth.saturating_add(u8::from(flag.intersects(BlockFlags::LIST)));
        frame
    }

    /// Takes in what the attributes say.
    pub(super) fn read_attrs(&mut self, tree: &Tree<'_>, id: NodeId, tag: Tag) {
        let mut is_open = false;
        for attr in tree.attr_spans(id) {
            match attr.name {
                Attr::Href => self.is_link |= tag == Tag::A,
                Attr::Hidden => self.hide_if(!tree.attr_value(attr).eq_ignore_ascii_case("until-found")),
                Attr::Style => self.hide_if(is_display_none(&tree.attr_value(attr))),
                Attr::AriaHidden => self.flag_if(tree.attr_value(attr).trim() == "true", BlockFlags::ARIA_HIDDEN),
                Attr::Role => self.flags |= flag_of_role(&tree.attr_value(attr)),
                Attr::Class => self.caption_if(tree, attr),
                Attr::Unknown if tag == Tag::Dialog => is_open |= tree.span_of_name(attr).eq_ignore_ascii_case("open"),
                _ => {}
            }
        }
        self.hide_if(tag == Tag::Dialog && !is_open);
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.flags.contains(BlockFlags::HIDDEN)
    }

    fn hide_if(&mut self, hide: bool) {
        self.flag_if(hide, BlockFlags::HIDDEN);
    }

    fn flag_if(&mut self, set: bool, flag: BlockFlags) {
        if set {
            self.flags |= flag;
        }
    }

    /// A class of `wp-caption-text` or the like makes a caption of what stands in a figure or says the whole word.
    fn caption_if(&mut self, tree: &Tree<'_>, attr: &AttrSpan) {
        if self.is_caption() || self.flags.contains(BlockFlags::HEADING) {
            return;
        }
        if is_caption_list(&tree.attr_value(attr)) {
            self.kind = BlockKind::Caption;
        }
    }

    fn is_caption(&self) -> bool {
        self.kind == BlockKind::Caption
    }
}

/// Whether one of a list of class names is that of a caption.
pub(in crate::html) fn is_caption_list(names: &str) -> bool {
    names.len() >= SHORTEST_CAPTION_CLASS
        && CAPTION.find(names.as_bytes()).is_some()
        && names.split_ascii_whitespace().any(is_caption_class)
}

/// What the class names of captions have in common.
static CAPTION: LazyLock<memchr::memmem::Finder<'static>> = LazyLock::new(|| memchr::memmem::Finder::new("caption"));

/// Bytes of the shortest class name that is given to captions.
const SHORTEST_CAPTION_CLASS: usize = "figcaption".len();

/// Class names that are given to captions of pictures, whole names only: a bare `caption` is as often the text of a card.
fn is_caption_class(name: &str) -> bool {
    matches!(
        name,
        "wp-caption-text"
            | "figcaption"
            | "figure-caption"
            | "image-caption"
            | "img-caption"
            | "photo-caption"
            | "picture-caption"
            | "media-caption"
            | "caption-text"
    )
}

/// Finds `display: none` among the declarations of a `style` attribute.
fn is_display_none(style: &str) -> bool {
    style.split(';').filter_map(|declaration| declaration.split_once(':')).any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("display") && value.trim().get(..4).is_some_and(|start| start.eq_ignore_ascii_case("none"))
    })
}

/// What an element says of the blocks in it: a flag, and what they are.
static MEANINGS: [(BlockFlags, Option<BlockKind>); Tag::COUNT] = {
    let mut meanings = [(BlockFlags::NONE, None); Tag::COUNT];
    let mut at = 0;
    while at < Tag::COUNT {
        meanings[at] = (flag_of(Tag::ALL[at]), kind_of(Tag::ALL[at]));
        at += 1;
    }
    meanings
};

const fn kind_of(tag: Tag) -> Option<BlockKind> {
    Some(match tag {
        Tag::H1 => BlockKind::Heading(1),
        Tag::H2 => BlockKind::Heading(2),
        Tag::H3 => BlockKind::Heading(3),
        Tag::H4 => BlockKind::Heading(4),
        Tag::H5 => BlockKind::Heading(5),
        Tag::H6 => BlockKind::Heading(6),
        Tag::Li | Tag::Dt | Tag::Dd => BlockKind::ListItem,
        Tag::Blockquote => BlockKind::Quote,
        Tag::Pre | Tag::Listing | Tag::Xmp | Tag::Plaintext => BlockKind::Code,
        Tag::Td | Tag::Th => BlockKind::TableCell,
        Tag::Figcaption => BlockKind::Caption,
        Tag::Article | Tag::Section | Tag::Main | Tag::Aside | Tag::Nav | Tag::Header | Tag::Footer | Tag::Form | Tag::Table => {
            BlockKind::Paragraph
        }
        _ => return None,
    })
}

const fn flag_of(tag: Tag) -> BlockFlags {
    match tag {
        Tag::Nav | Tag::Menu => BlockFlags::NAV,
        Tag::Aside => BlockFlags::ASIDE,
        Tag::Footer => BlockFlags::FOOTER,
        Tag::Header => BlockFlags::HEADER,
        Tag::Form => BlockFlags::FORM,
        Tag::Figure => BlockFlags::FIGURE,
        Tag::Table => BlockFlags::TABLE,
        Tag::Ul | Tag::Ol | Tag::Dl | Tag::Dir => BlockFlags::LIST,
        Tag::Blockquote => BlockFlags::QUOTE,
        Tag::Article => BlockFlags::ARTICLE,
        Tag::Main => BlockFlags::MAIN,
        Tag::Section => BlockFlags::SECTION,
        Tag::Button | Tag::Select | Tag::Textarea => BlockFlags::CONTROL,
        Tag::Details => BlockFlags::DETAILS,
        Tag::Dialog => BlockFlags::DIALOG,
        Tag::Address => BlockFlags::ADDRESS,
        Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => BlockFlags::HEADING,
        Tag::Template | Tag::Video | Tag::Audio | Tag::Canvas | Tag::Object => BlockFlags::HIDDEN,
        Tag::Noscript => BlockFlags::HIDDEN.with(BlockFlags::NOSCRIPT),
        _ => BlockFlags::NONE,
    }
}

fn flag_of_role(role: &str) -> BlockFlags {
    match role.trim() {
        "navigation" | "menu" | "menubar" => BlockFlags::NAV,
        "complementary" => BlockFlags::ASIDE,
        "contentinfo" => BlockFlags::FOOTER,
        "banner" => BlockFlags::HEADER,
        "search" => BlockFlags::FORM,
        "main" => BlockFlags::MAIN,
        "article" => BlockFlags::ARTICLE,
        "button" => BlockFlags::CONTROL,
        "dialog" | "alertdialog" => BlockFlags::DIALOG,
        _ => BlockFlags::NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_none_is_a_declaration_of_its_own() {
        for style in ["display:none", "color: red; DISPLAY : None !important", "display:none;x"] {
            assert!(is_display_none(style), "{style}");
        }
        for style in ["display:block", "--display:none-such:1", "flex-display:none", "background:url(display:none)", "", "display"] {
            assert!(!is_display_none(style), "{style}");
        }
    }
}
