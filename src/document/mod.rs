//! Documents: a flat list of blocks in reading order over one source text.
//!
//! Plain text and web pages fill the same list; nothing downstream knows which it was, except rules that ask.

mod markup;
mod page;
mod plain;

#[cfg(test)]
pub(crate) use markup::MarkedBlock;
pub use markup::Markup;
pub(crate) use markup::{Cell, EnclosureKind, Run, Shape, Style};
pub(crate) use page::Selected;
pub use page::{About, Comment, PageKind, Picture, PictureKind};

use std::sync::Arc;

use crate::rules::Media;
use crate::span::ByteSpan;

/// One line of plain text, or one block-level leaf of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its text in the source, without white space around it; never empty.
    pub span: ByteSpan,
    /// Blocks of one paragraph have no blank line between them. Counts from zero, never falls.
    pub paragraph: u32,
    /// Where it stands on its page.
    pub standing: Standing,
}

/// Where a block stands on its page. Plain text has only [`Story`](Self::Story) blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// In the main content, or nothing is known.
    #[default]
    Story,
    /// Outside the main content: it goes, whether a rule knows it or not, unless a rule protects it.
    Outside,
    /// Part of a caption by its markup.
    Figure,
    /// Part of a reader's comment: it goes as what stands outside goes.
    Comment,
}

/// What only pages have.
#[derive(Clone, Debug)]
struct Page {
    about: About,
    pictures: Vec<Picture>,
    comments: Vec<Comment>,
    problems: Vec<String>,
    is_whole: bool,
}

/// A text and what is known of it.
///
/// ```
/// use copydesk::Document;
/// let document = Document::from_text("Advertisement\n\nThe story.").with_language("en").with_host("news.example.com");
/// assert_eq!(document.blocks().len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Document<'s> {
    source: &'s str,
    blocks: Vec<Block>,
    media: Media,
    language: Option<String>,
    host: Option<String>,
    /// What only pages have.
    page: Option<Box<Page>>,
    markup: Option<Arc<Markup>>,
    /// What the selectors of rules select.
    selected: Option<Arc<Selected>>,
}

impl<'s> Document<'s> {
    /// Splits plain text into blocks: a line is a block, a blank line ends a paragraph.
    pub fn from_text(source: &'s str) -> Self {
        Self {
            source,
            blocks: plain::blocks(source),
            media: Media::Text,
            language: None,
            host: None,
            page: None,
            markup: None,
            selected: None,
        }
    }

    /// Takes what was read of a page: its visible text, the blocks of that in order, what the page says of itself, and its
    /// pictures in the order of their blocks.
    pub(crate) fn from_page(source: &'s str, blocks: Vec<Block>, about: About, pictures: Vec<Picture>) -> Self {
        debug_assert!(pictures.is_sorted_by_key(|picture| picture.block), "pictures in the order of the page");
        Self {
            source,
            blocks,
            media: Media::Html,
            language: None,
            host: None,
            page: Some(Box::new(Page { about, pictures, comments: Vec::new(), problems: Vec::new(), is_whole: false })),
            markup: None,
            selected: None,
        }
    }

    /// Sets the language, as an ISO 639-1 code or BCP 47 tag (`en`, `pt-BR`); unknown codes count as not given.
    #[must_use]
    pub fn with_language(mut self, tag: &str) -> Self {
        self.language = primary_language(tag);
        self
    }

    /// Sets the host of the page, as a bare host name or a whole address.
    #[must_use]
    pub fn with_host(mut self, host_or_url: &str) -> Self {
        self.host = crate::rules::host_of(host_or_url);
        self
    }

    /// The same with the comments of its page.
    pub(crate) fn with_comments(mut self, comments: Vec<Comment>) -> Self {
        if let Some(page) = &mut self.page {
            page.comments = comments;
        }
        self
    }

    /// The same with what could not be read of its page.
    pub(crate) fn with_problems(mut self, problems: Vec<String>) -> Self {
        if let Some(page) = &mut self.page {
            page.problems = problems;
        }
        self
    }

    /// The same, of a page that was taken for the story as a whole, with nothing chosen from it by its markup.
    pub(crate) fn with_whole(mut self, is_whole: bool) -> Self {
        if let Some(page) = &mut self.page {
            page.is_whole = is_whole;
        }
        self
    }

    /// The same with notes on how its blocks were marked up; `origins` names for each block the page's block that it is.
    pub(crate) fn with_markup(mut self, mut markup: Markup, origins: &[Option<usize>]) -> Self {
        markup.arrange(&self.blocks, origins, self.pictures());
        self.markup = Some(Arc::new(markup));
        self
    }

    /// The same with what the selectors of rules select.
    pub(crate) fn with_selected(mut self, selected: Selected) -> Self {
        self.selected = Some(Arc::new(selected));
        self
    }

    /// Which blocks the selectors of rules select, with the selectors.
    pub(crate) fn selected(&self) -> impl Iterator<Item = (usize, &str)> {
        let selected = self.selected.as_deref();
        selected.into_iter().flat_map(|own| own.pairs.iter().map(|&(block, at)| (block as usize, own.texts[at as usize].as_str())))
    }

    /// Whether a selector selects a block, or an element that it stands in.
    pub(crate) fn is_selected(&self, block: usize, selector: &str) -> bool {
        let Some(own) = self.selected.as_deref() else { return false };
        let first = own.pairs.partition_point(|pair| (pair.0 as usize) < block);
        own.pairs[first..].iter().take_while(|pair| pair.0 as usize == block).any(|pair| own.texts[pair.1 as usize] == selector)
    }

    /// The source text.
    pub fn source(&self) -> &'s str {
        self.source
    }

    /// Its blocks.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// What it was made from.
    pub fn media(&self) -> Media {
        self.media
    }

    /// What rules take it for: of a page from which nothing was chosen they have to tell the story from the rest as in plain text.
    pub(crate) fn reads_as(&self) -> Media {
        if self.page.as_deref().is_some_and(|page| page.is_whole) { Media::Text } else { self.media }
    }

    /// ISO 639-1 code, where given.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// Host name in lower case, where given.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// What its page says of itself; nothing for plain text.
    pub fn about(&self) -> Option<&About> {
        self.page.as_deref().map(|page| &page.about)
    }

    /// How its blocks were marked up, where the reader of the page was told to keep it; see
    /// [`PageReader::with_markup`](crate::html::PageReader::with_markup).
    pub fn markup(&self) -> Option<&Arc<Markup>> {
        self.markup.as_ref()
    }

    /// What readers wrote on its page, where the reader of the page was told to keep it; see
    /// [`PageReader::with_comments`](crate::html::PageReader::with_comments).
    pub fn comments(&self) -> &[Comment] {
        self.page.as_deref().map_or(&[], |page| &page.comments)
    }

    /// What could not be read of the page's own data, such as broken JSON-LD; the rest was read without it.
    pub fn problems(&self) -> &[String] {
        self.page.as_deref().map_or(&[], |page| &page.problems)
    }

    /// Its pictures by markup, in the order of the page; none for plain text.
    pub fn pictures(&self) -> &[Picture] {
        self.page.as_deref().map_or(&[], |page| &page.pictures)
    }
}

/// The primary language of a BCP 47 tag in lower case; `None` when it says that nothing is known.
pub(crate) fn primary_language(tag: &str) -> Option<String> {
    let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match primary.as_str() {
        "" | "und" | "mul" | "zxx" => None,
        "nb" | "nn" => Some("no".to_owned()),
        _ => Some(primary),
    }
}
