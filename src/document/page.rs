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
