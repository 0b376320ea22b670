//! An article in the forms that people read: plain text, Markdown and HTML.
//!
//! ```
//! use copydesk::{Engine, Rich};
//!
//! let page = "<article><h1>Ferry back in service</h1>
//!   <p>The first ferry in eleven weeks left the harbour on Friday morning, with <a href='/list'>212 passengers</a> on board.</p>
//!   <p>The terminal was closed after waves tore <em>two</em> of the four fenders from the pier, the harbour board said.</p></article>";
//! let engine = Engine::builder().build()?;
//! let article = engine.clean_html(page, Some("https://news.example/ferry"))?;
//! let markdown = article.to_markdown(&Rich { links: true, ..Rich::default() });
//! assert!(markdown.contains("[212 passengers](https://news.example/list)"));
//! assert!(markdown.contains("waves tore *two* of the four fenders"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every form is made of the article's text and of notes on how it was marked up, so that all of them have the same words: what a rule took
//! out of the text is in none of them. What an author wrote that looks like Markdown, such as a line that begins with `#`, is escaped
//! where the source was a page. Plain text is taken to mean what it says, since many scrapers write Markdown.
//!
//! HTML is made from a short list of elements and then passes through a sanitiser ([`ammonia`]), which alone decides what is safe to
//! show. No address but one of `http`, `https`, `mailto` or `tel` is written in any form.

mod emphasis;
mod html;
mod lines;
mod markdown;
mod story;
mod table;

use crate::article::Article;
pub(crate) use lines::write_text;
use story::Story;

/// Where captions go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaptionPlace {
    /// Nowhere: they are data.
    #[default]
    Data,
    /// Where they stood.
    Inline,
    /// Behind the story.
    End,
}

/// What Markdown and HTML have beside headings, paragraphs, lists, quotations, listings and emphasis. The default is nothing.
///
/// ```
/// let rich = copydesk::Rich { links: true, ..Default::default() };
/// assert!(!rich.tables);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rich {
    /// Links lead somewhere; otherwise only their words stay. Addresses are whole.
    pub links: bool,
    /// Tables are tables; otherwise each row is a line.
    pub tables: bool,
    /// Pictures stand where they stood, each with its caption and credit, whatever [`captions`](Self::captions) says of others.
    pub images: bool,
    /// Where captions go.
    pub captions: CaptionPlace,
}

impl Article<'_> {
    /// The article as Markdown (`CommonMark`; tables and struck text as GitHub writes them), which ends in a line end.
    ///
    /// The title is a heading of the first level: above the story, or where it stands in it. Headings, lists and the like
    /// are there when the source was a page whose reader kept them: see [`Engine::clean_html`](crate::Engine::clean_html) and
    /// [`PageReader::with_markup`](crate::html::PageReader::with_markup). Otherwise each block of the text is a paragraph.
    pub fn to_markdown(&self, rich: &Rich) -> String {
        markdown::write(&Story::of(self, *rich), self)
    }

    /// The article as an `<article>` of HTML that is safe to show, with the same parts as [`to_markdown`](Self::to_markdown).
    ///
    /// ```
    /// let article = copydesk::Engine::builder().build()?.clean("The vote was close: 51 < 52, the office said on Friday.");
    /// let html = article.to_html(&copydesk::Rich::default());
    /// assert_eq!(html, "<article>\n<p>The vote was close: 51 &lt; 52, the office said on Friday.</p>\n</article>\n");
    /// # Ok::<(), copydesk::BuildError>(())
    /// ```
    pub fn to_html(&self, rich: &Rich) -> String {
        html::write(&Story::of(self, *rich), self)
    }
}

/// Articles made by hand.
#[cfg(test)]
mod made {
    use crate::article::{Article, Caption, Status};
    use crate::document::About;

    pub(super) fn caption(text: &str, credit: &str, offset: usize) -> Caption {
        let credit = Some(credit.to_owned()).filter(|credit| !credit.is_empty());
        Caption { text: text.to_owned(), credit, offset, ..Caption::default() }
    }

    pub(super) fn article(text: &str, captions: Vec<Caption>) -> Article<'_> {
        Article {
            text: text.into(),
            title: Some("The é title".into()),
            language: None,
            authors: Vec::new(),
            agency: Vec::new(),
            dateline: None,
            timestamps: Vec::new(),
            captions,
            comments: Vec::new(),
            dropped: Vec::new(),
            about: About::default(),
            status: Status::Ok,
            markup: None,
        }
    }
}
