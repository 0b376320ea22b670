//! Articles in the form that was asked for.

use super::json::write_pretty;
use super::output::Output;
use super::render::{write_markdown, write_text};
use super::write::{Extras, Head, write_article, write_failure};
use crate::article::Article;

/// A form in which articles are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// The story as plain text.
    #[default]
    Text,
    /// The story as Markdown.
    Markdown,
    /// `copydesk.article/1`, indented; several are an array.
    Json,
    /// `copydesk.article/1`, one object a line.
    JsonLines,
}

/// Where captions go in text and Markdown.
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

/// Writes articles in one form. What it writes of one article depends on no other, so that several may work side by side.
#[derive(Clone, Debug)]
pub struct Printer {
    format: Format,
    captions: CaptionPlace,
    removed: bool,
    headings: bool,
    rules: String,
}

impl Printer {
    /// Writes in this form; `rules` is the hash of the rules that were used.
    pub fn new(format: Format, rules: &str) -> Self {
        Self { format, captions: CaptionPlace::Data, removed: false, headings: false, rules: rules.to_owned() }
    }

    /// Where captions go in text and Markdown.
    #[must_use]
    pub fn captions(self, captions: CaptionPlace) -> Self {
        Self { captions, ..self }
    }

    /// Whether everything that was dropped is listed in JSON.
    #[must_use]
    pub fn removed(self, removed: bool) -> Self {
        Self { removed, ..self }
    }

    /// Whether a line with its name stands above each text.
    #[must_use]
    pub fn headings(self, headings: bool) -> Self {
        Self { headings, ..self }
    }

    /// The form.
    pub fn format(&self) -> Format {
        self.format
    }

    /// One article as a string.
    #[expect(clippy::missing_panics_doc, reason = "only whole strings are written")]
    pub fn print(&self, head: &Head<'_>, article: &Article<'_>) -> String {
        let mut out = Vec::new();
        self.write(&mut out, head, article);
        String::from_utf8(out).expect("only text is written")
    }

    /// Appends one article.
    pub fn write(&self, out: &mut Vec<u8>, head: &Head<'_>, article: &Article<'_>) {
        match self.format {
            Format::Text => {
                self.write_heading(out, head);
                write_text(out, article, self.captions);
            }
            Format::Markdown => {
                self.write_heading(out, head);
                write_markdown(out, article, self.captions);
            }
            Format::Json | Format::JsonLines => self.write_json(out, |out| write_article(out, head, article, self.extras())),
        }
    }

    /// Appends a record that could not be cleaned, where the form has a place for it.
    pub fn write_failure(&self, out: &mut Vec<u8>, head: &Head<'_>, error: &str) {
        if self.has_failures() {
            self.write_json(out, |out| write_failure(out, head, error, self.extras()));
        }
    }

    /// Whether records that could not be cleaned are written.
    pub fn has_failures(&self) -> bool {
        matches!(self.format, Format::Json | Format::JsonLines)
    }

    /// Writes into `out` what stands between and around articles of this form; see [`Output::begin`].
    pub fn output<W: std::io::Write>(&self, out: W, several: bool) -> Output<W> {
        Output::new(out, self.format, several)
    }

    fn extras(&self) -> Extras<'_> {
        Extras { removed: self.removed, rules: &self.rules }
    }

    fn write_heading(&self, out: &mut Vec<u8>, head: &Head<'_>) {
        if self.headings {
            out.extend_from_slice(format!("==> {} <==\n", head.heading).as_bytes());
        }
    }

    fn write_json(&self, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
        if self.format == Format::JsonLines {
            write(out);
            out.push(b'\n');
        } else {
            let mut line = Vec::new();
            write(&mut line);
            write_pretty(out, &line, 0);
        }
    }
}
