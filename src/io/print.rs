//! Articles in the form that was asked for.

use std::sync::Arc;

use super::json::write_pretty;
use super::output::Output;
use super::table::Table;
use super::write::{Extras, Head, write_article, write_failure};
use crate::article::Article;
use crate::render::{CaptionPlace, Rich, write_text};

/// A form in which articles are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// The story as plain text.
    #[default]
    Text,
    /// The story as Markdown.
    Markdown,
    /// The story as HTML that is safe to show.
    Html,
    /// `copydesk.article/1`, indented; several are an array.
    Json,
    /// `copydesk.article/1`, one object a line.
    JsonLines,
    /// Comma-separated values; see [`Printer::columns`].
    Csv,
    /// Tab-separated values; see [`Printer::columns`].
    Tsv,
    /// Columns of Apache Parquet; see `ParquetSink`.
    #[cfg(feature = "parquet")]
    Parquet,
    /// Feeds as they came in, with cleaned bodies. What came from elsewhere is written as `copydesk.article/1`.
    Feed,
}

/// A form of the story beside its plain text in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RichField {
    /// The field `markdown`.
    Markdown,
    /// The field `html`.
    Html,
}

/// Writes articles in one form. What it writes of one article depends on no other, so that several may work side by side.
#[derive(Clone, Debug)]
pub struct Printer {
    format: Format,
    rich: Rich,
    field: Option<RichField>,
    removed: bool,
    headings: bool,
    rules: String,
    table: Option<Arc<Table>>,
    #[cfg(feature = "parquet")]
    schema: Option<arrow_schema::SchemaRef>,
}

impl Printer {
    /// Writes in this form; `rules` is the hash of the rules that were used.
    pub fn new(format: Format, rules: &str) -> Self {
        let printer = Self {
            format,
            rich: Rich::default(),
            field: None,
            removed: false,
            headings: false,
            rules: rules.to_owned(),
            table: None,
            #[cfg(feature = "parquet")]
            schema: None,
        };
        printer.columns(&[], &[])
    }

    /// Columns of the input that go into a table before those of copydesk. The text stands where the first of `consumed`, the fields
    /// that are cleaned, stood. Fields without a column of their own go into the last one, `other_fields`, as JSON.
    #[must_use]
    pub fn columns(self, input: &[String], consumed: &[&str]) -> Self {
        let delimiter = match self.format {
            Format::Csv => b',',
            Format::Tsv => b'\t',
            _ => return self,
        };
        Self { table: Some(Arc::new(Table::new(input, consumed, delimiter))), ..self }
    }

    /// Columns of the input that go into a Parquet file before those of copydesk, without `consumed`, the fields that are cleaned.
    #[cfg(feature = "parquet")]
    #[must_use]
    pub fn parquet_columns(self, input: Option<&arrow_schema::Schema>, consumed: &[&str]) -> Self {
        let schema = super::parquet::result_schema(input, consumed, self.removed);
        Self { schema: Some(Arc::new(schema)), ..self }
    }

    /// The columns of a Parquet file.
    #[cfg(feature = "parquet")]
    pub(super) fn schema(&self) -> Option<&arrow_schema::SchemaRef> {
        self.schema.as_ref()
    }

    /// The hash of the rules that were used.
    #[cfg(feature = "parquet")]
    pub(super) fn rules(&self) -> &str {
        &self.rules
    }

    /// Where captions go in text, Markdown and HTML.
    #[must_use]
    pub fn captions(self, captions: CaptionPlace) -> Self {
        Self { rich: Rich { captions, ..self.rich }, ..self }
    }

    /// What Markdown and HTML have; where captions go is part of it.
    #[must_use]
    pub fn rich(self, rich: Rich) -> Self {
        Self { rich, ..self }
    }

    /// A further field of JSON with the story in another form.
    #[must_use]
    pub fn rich_field(self, field: Option<RichField>) -> Self {
        Self { field, ..self }
    }

    /// Whether how a page was marked up is needed; see [`PageReader::with_markup`](crate::html::PageReader::with_markup). Whoever reads pages
    /// for this printer does as it says, as [`Batch`](super::Batch) and [`JsonLines`](super::JsonLines) do.
    pub fn needs_markup(&self) -> bool {
        match self.format {
            Format::Markdown | Format::Html | Format::Feed => true,
            Format::Json | Format::JsonLines => self.field.is_some(),
            _ => false,
        }
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
                write_text(out, article, self.rich.captions);
            }
            Format::Markdown => {
                self.write_heading(out, head);
                out.extend_from_slice(article.to_markdown(&self.rich).as_bytes());
            }
            Format::Html => out.extend_from_slice(article.to_html(&self.rich).as_bytes()),
            _ => {
                self.write_json(out, |out| write_article(out, head, article, self.extras()));
            }
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
        !matches!(self.format, Format::Text | Format::Markdown | Format::Html)
    }

    /// Writes into `out` what stands between and around articles of this form; see [`Output::begin`].
    pub fn output<W: std::io::Write>(&self, out: W, several: bool) -> Output<W> {
        Output::new(out, self.format, several, self.table.as_ref().map(|table| table.head()).unwrap_or_default())
    }

    fn extras(&self) -> Extras<'_> {
        Extras { removed: self.removed, rules: &self.rules, field: self.field, rich: self.rich }
    }

    fn write_heading(&self, out: &mut Vec<u8>, head: &Head<'_>) {
        if self.headings {
            out.extend_from_slice(format!("==> {} <==\n", head.heading).as_bytes());
        }
    }

    fn write_json(&self, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
        if matches!(self.format, Format::JsonLines | Format::Feed) {
            write(out);
            out.push(b'\n');
            return;
        }
        let mut line = Vec::new();
        write(&mut line);
        #[cfg(feature = "parquet")]
        if let Some(schema) = &self.schema {
            return super::parquet::write_line(std::str::from_utf8(&line).expect("only text is written"), schema, out);
        }
        match &self.table {
            Some(table) => table.write(std::str::from_utf8(&line).expect("only text is written"), out),
            None => write_pretty(out, &line, 0),
        }
    }
}
