//! The result of cleaning: the story, its captions, and everything that left it.
//!
//! Nothing is lost: [`Article::source`] puts the source text back together from the kept text and what was dropped.

use std::borrow::Cow;
use std::sync::Arc;

use crate::document::{About, Markup};
pub use crate::document::{Comment, PictureKind as CaptionKind};
use crate::rules::{Category, RuleId};
use crate::span::ByteSpan;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Cleaned.
    Ok,
    /// Nothing of a story was found.
    Empty,
    /// More prose would have gone than the guard allows: the text comes back whole.
    Refused,
}

impl Status {
    /// The word used in results.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Empty => "empty",
            Self::Refused => "refused",
        }
    }
}

/// A piece of the source that is not in the text: removed, cut, or tagged and taken out.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropped<'s> {
    /// Why it went.
    pub category: Category,
    /// The rule that decided.
    pub rule: RuleId,
    /// Where it stood in the source, in bytes.
    pub span: ByteSpan,
    /// The text itself.
    pub text: Cow<'s, str>,
    /// White space before it that went with it.
    pub lead: Cow<'s, str>,
    /// White space after it that went with it.
    pub trail: Cow<'s, str>,
    /// Index into [`Article::captions`] when the piece lives on there.
    pub caption: Option<usize>,
}

/// A caption, with what was said about the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Caption {
    /// The caption without its credit; empty when only a credit or an alternative text was found.
    pub text: String,
    /// The credit as a name: `AAP`, `Jane Doe/Getty Images`.
    pub credit: Option<String>,
    /// The credit as written: `Source: AAP`.
    pub credit_raw: Option<String>,
    /// Alternative text of the picture.
    pub alt: Option<String>,
    /// Address of the picture, where the input was a page.
    pub image_url: Option<String>,
    /// `photo`, `video`, `graphic` or `gallery`.
    pub kind: CaptionKind,
    /// How often the same caption stands in the source, 1 or more. Galleries repeat theirs.
    pub count: u32,
    /// The caption that this one repeats, as an index into [`Article::captions`]. A reader who wants each picture once leaves these out.
    pub repeats: Option<usize>,
    /// Paragraphs of the text before it.
    pub after_paragraph: usize,
    /// Where in the text it stood, in Unicode code points.
    pub offset: usize,
    /// The rule that found it.
    pub rule: Option<RuleId>,
}

/// A cleaned article. Texts borrow from the source where they can.
#[derive(Clone, Debug, PartialEq)]
pub struct Article<'s> {
    /// The story. Borrowed when nothing was dropped.
    pub text: Cow<'s, str>,
    /// The headline, where one was recognised.
    pub title: Option<Cow<'s, str>>,
    /// ISO 639-1 code, given or guessed.
    pub language: Option<String>,
    /// Names from bylines.
    pub authors: Vec<String>,
    /// Agencies that the story comes from.
    pub agency: Vec<String>,
    /// Place that the story was written from.
    pub dateline: Option<String>,
    /// Lines that say when it was published or changed, as written.
    pub timestamps: Vec<Cow<'s, str>>,
    /// Captions, in the order of the source.
    pub captions: Vec<Caption>,
    /// What readers wrote below the story, where the input was a page whose reader kept that; not in the text.
    pub comments: Vec<Comment>,
    /// Everything that is not in the text, in the order of the source.
    pub dropped: Vec<Dropped<'s>>,
    /// What the page says of the article, where the input was one; title and authors stand in their own fields.
    pub about: About,
    /// What became of it.
    pub status: Status,
    /// How the source was marked up, where it was a page whose reader kept that.
    pub markup: Option<Arc<Markup>>,
}

impl Article<'_> {
    /// The source text, put back together from the kept text and everything that was dropped.
    ///
    /// ```
    /// let source = "Advertisement\n\nThe vote was close, the office said.\n";
    /// let article = copydesk::Engine::builder().build()?.clean(source);
    /// assert_ne!(article.text, source);
    /// assert_eq!(article.source(), source);
    /// # Ok::<(), copydesk::BuildError>(())
    /// ```
    pub fn source(&self) -> String {
        let dropped: usize = self.dropped.iter().map(Dropped::len).sum();
        let mut source = String::with_capacity(self.text.len() + dropped);
        let mut kept: &str = &self.text;
        for piece in &self.dropped {
            let before = piece.start().saturating_sub(source.len());
            let (text, rest) = kept.split_at_checked(before).unwrap_or((kept, ""));
            kept = rest;
            source.extend([text, &piece.lead, &piece.text, &piece.trail]);
        }
        source.push_str(kept);
        source
    }
}

impl Article<'_> {
    /// The same article with texts of its own, so that it outlives the source.
    ///
    /// ```
    /// let engine = copydesk::Engine::builder().build()?;
    /// let article = {
    ///     let source = String::from("Advertisement\n\nThe vote was close, the office said.");
    ///     engine.clean(&source).into_owned()
    /// };
    /// assert_eq!(article.text, "The vote was close, the office said.");
    /// assert_eq!(article.dropped[0].text, "Advertisement");
    /// # Ok::<(), copydesk::BuildError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Article<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Article {
            text: own(self.text),
            title: self.title.map(own),
            timestamps: self.timestamps.into_iter().map(own).collect(),
            dropped: self.dropped.into_iter().map(Dropped::into_owned).collect(),
            language: self.language,
            authors: self.authors,
            agency: self.agency,
            dateline: self.dateline,
            captions: self.captions,
            comments: self.comments,
            about: self.about,
            status: self.status,
            markup: self.markup,
        }
    }
}

impl Dropped<'_> {
    /// The same with texts of its own.
    #[must_use]
    pub fn into_owned(self) -> Dropped<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Dropped { text: own(self.text), lead: own(self.lead), trail: own(self.trail), ..self }
    }

    /// Where its white space begins in the source.
    fn start(&self) -> usize {
        self.span.start.saturating_sub(self.lead.len())
    }

    /// Bytes with its white space.
    fn len(&self) -> usize {
        self.lead.len() + self.text.len() + self.trail.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped<'s>(source: &'s str, start: usize, text: &'s str, lead: &'s str, trail: &'s str) -> Dropped<'s> {
        let span = ByteSpan::new(start, start + text.len());
        assert_eq!(span.of(source), text);
        Dropped {
            category: Category::AdMarker,
            rule: RuleId::new("en.x"),
            span,
            text: text.into(),
            lead: lead.into(),
            trail: trail.into(),
            caption: None,
        }
    }

    fn article<'s>(text: &'s str, dropped: Vec<Dropped<'s>>) -> Article<'s> {
        Article {
            text: text.into(),
            title: None,
            language: None,
            authors: Vec::new(),
            agency: Vec::new(),
            dateline: None,
            timestamps: Vec::new(),
            captions: Vec::new(),
            comments: Vec::new(),
            dropped,
            about: About::default(),
            status: Status::Ok,
            markup: None,
        }
    }

    #[test]
    fn the_source_is_put_back_together() {
        let source = "Ad\n\nOne é two. Cut. Three.\nAd\n";
        let pieces = vec![dropped(source, 0, "Ad", "", "\n\n"), dropped(source, 16, "Cut.", " ", ""), dropped(source, 28, "Ad", "\n", "")];
        assert_eq!(article("One é two. Three.\n", pieces).source(), source);
        assert_eq!(article(source, Vec::new()).source(), source);
    }
}
