//! What only web pages know: data about the article, and pictures by their markup.

use std::sync::Arc;

/// What a page says of its article outside of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The headline.
    pub title: Option<String>,
    /// Names of the authors.
    pub authors: Vec<String>,
    /// When it was published, in ISO 8601, with the offset from UTC where the page gives one.
    pub published: Option<String>,
    /// When it was last changed, in the same form.
    pub modified: Option<String>,
    /// What kind of page it is, where it says so.
    pub kind: Option<PageKind>,
    /// Name of the site.
    pub site_name: Option<String>,
    /// Address by which the page wants to be known.
    pub canonical_url: Option<String>,
    /// Address of the picture that stands for the article.
    pub image: Option<String>,
    /// Summary in one or two sentences.
    pub description: Option<String>,
    /// Topics.
    pub tags: Vec<String>,
    /// Language that the page says it is in, as an ISO 639-1 code. Templates are wrong about it now and then, so the text decides
    /// where the two disagree.
    pub language: Option<String>,
}

/// What kind of page it is, as it says itself: by its structured data, by Open Graph, or by the name of the software that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// A story, a post, a report.
    Article,
    /// A thread of a forum, or a question with its answers.
    Forum,
    /// Something that is sold.
    Product,
    /// A group of products, or of pages on one subject.
    Collection,
    /// Results of a search.
    Listing,
    /// A reference or a manual.
    Documentation,
    /// A service or a programme that somebody offers.
    Service,
}

impl PageKind {
    /// The word used in results.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Forum => "forum",
            Self::Product => "product",
            Self::Collection => "collection",
            Self::Listing => "listing",
            Self::Documentation => "documentation",
            Self::Service => "service",
        }
    }
}

/// What a reader wrote below the story.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Comment {
    /// Who wrote it.
    pub author: Option<String>,
    /// When: in ISO 8601 where the page's date can be read, else as written.
    pub date: Option<String>,
    /// What it says; a line break between lines, two between paragraphs.
    pub text: String,
    /// The comment that it replies to, as an index into the list; only where the page has it in or below that one.
    pub reply_to: Option<usize>,
}

/// A picture of the story, with what the markup says about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// What it is.
    pub kind: PictureKind,
    /// The block with its caption, else the block that follows it; may be one past the last.
    pub block: usize,
    /// Whether [`block`](Self::block) is its caption.
    pub has_caption: bool,
    /// The credit as written, where the markup tells it from the caption.
    pub credit: Option<String>,
    /// Alternative text.
    pub alt: Option<String>,
    /// Address of the picture.
    pub url: Option<String>,
}

/// Which blocks the selectors of rules select.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    /// The selectors, as the rules have them.
    pub(crate) texts: Arc<[String]>,
    /// Blocks, and the places of selectors that select them or an element around them; sorted, each pair once.
    pub(crate) pairs: Vec<(u32, u32)>,
}

/// What a caption belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PictureKind {
    /// A photograph, or nothing said otherwise.
    #[default]
    Photo,
    /// A video.
    Video,
    /// A chart, map or drawing.
    Graphic,
    /// One of a gallery.
    Gallery,
}

impl PictureKind {
    /// The word used in results.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Graphic => "graphic",
            Self::Gallery => "gallery",
        }
    }
}
