//! Records that are no line of JSON: a text, a page, or a line of another table with the text in one of its cells.

use super::decode::{decode, utf8};
use super::feed::rewrite::{Kind, rewrite};
use super::http;
use super::json::string::write_string;
use super::jsonl::{LARGE, Place, Watch, Worker, cleaned};
use super::pages::Pages;
use super::problem::ProblemKind;
use super::record::Record;
use super::write::Head;
use crate::document::Document;
use crate::html::charset;

/// A record as a reader gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Raw {
    /// Its number in its file, from 1; `None` where the file is the record.
    pub(super) number: Option<u64>,
    /// What comes with it, as an object of JSON; empty is no field.
    pub(super) fields: Vec<u8>,
    pub(super) body: Body,
}

/// What is to be cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Body {
    /// One of the fields.
    #[default]
    Field,
    /// A text.
    Text(Vec<u8>),
    /// A page, with the encoding or content type that was declared for it.
    Html { bytes: Vec<u8>, charset: Option<String> },
    /// An answer to an HTTP request, as archives keep it.
    Http(Vec<u8>),
    /// Nothing: the reader has found something wrong.
    Failed(ProblemKind),
}

impl Raw {
    /// About as many bytes as it takes up.
    pub(super) fn size(&self) -> usize {
        let body = match &self.body {
            Body::Text(bytes) | Body::Html { bytes, .. } | Body::Http(bytes) => bytes.len(),
            Body::Field | Body::Failed(_) => 0,
        };
        self.fields.len() + body
    }
}

/// Fields of a record in the making.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<u8>);

impl Fields {
    /// Adds a field.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        write_string(&mut self.0, name);
        self.0.push(b':');
        write_string(&mut self.0, value);
    }

    /// Adds a field that has something in it.
    pub(super) fn some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.text(name, value);
        }
    }

    /// Adds a list that has something in it.
    pub(super) fn list(&mut self, name: &str, values: &[&str]) {
        if values.is_empty() {
            return;
        }
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        write_string(&mut self.0, name);
        for (index, value) in values.iter().enumerate() {
            self.0.extend_from_slice(if index == 0 { b":[" } else { b"," });
            write_string(&mut self.0, value);
        }
        self.0.push(b']');
    }

    /// The object.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if !self.0.is_empty() {
            self.0.push(b'}');
        }
        self.0
    }
}

impl Worker {
    /// Cleans a record of any kind and adds it to `pages`.
    pub(super) fn raw(&mut self, place: Place<'_>, raw: &Raw, pages: &mut Pages, watch: &mut dyn Watch) {
        let fields = utf8(&raw.fields);
        if fields.replaced > 0 {
            watch.problem(&place.problem(None, ProblemKind::InvalidUtf8 { count: fields.replaced }));
        }
        match &raw.body {
            Body::Field => self.record(place, &fields.text, pages, watch),
            Body::Text(bytes) => {
                let decoded = decode(bytes);
                if decoded.replaced > 0 {
                    watch.problem(&place.problem(None, ProblemKind::InvalidUtf8 { count: decoded.replaced }));
                }
                self.text(place, &fields.text, &decoded.text, pages, watch);
            }
            Body::Html { bytes, charset } => {
                let decoded = charset::decode(bytes, charset.as_deref());
                self.page(place, &fields.text, &decoded.text, pages, watch);
            }
            Body::Http(bytes) => match http::page(bytes, self.opener.max_page) {
                Ok(Some(http::Page { body, content_type })) => {
                    let decoded = charset::decode(&body, Some(&content_type));
                    self.page(place, &fields.text, &decoded.text, pages, watch);
                }
                Ok(None) => {}
                Err(kind) => self.failed(place, &fields.text, kind, pages, watch),
            },
            Body::Failed(kind) => self.failed(place, &fields.text, kind.clone(), pages, watch),
        }
    }

    /// Adds a whole feed with its bodies cleaned to `pages`; one that cannot be read as it is.
    pub(super) fn feed(&mut self, place: Place<'_>, feed: &[u8], pages: &mut Pages, watch: &mut dyn Watch) {
        let Self { press, opener } = self;
        // Should the page be too much for it, or very large, one like it is there for the next.
        let fresh = opener.pages.afresh();
        let mut reader = std::mem::replace(&mut opener.pages, fresh);
        let (lang, host) = (opener.lang.clone(), opener.host.clone());
        let result = rewrite(feed, &mut |text, kind, url, then| {
            let document = match kind {
                Kind::Text => Ok(Document::from_text(text)),
                Kind::Html => reader.read(text, url),
            };
            // A body of four gigabytes stays as it is.
            let Ok(mut document) = document else { return };
            if let Some(lang) = &lang {
                document = document.with_language(lang);
            }
            if let Some(host) = url.or(host.as_deref()) {
                document = document.with_host(host);
            }
            let article = cleaned(&press.engine, &document, &mut press.scratch);
            watch.article(url.unwrap_or(place.file), &document, &article);
            then(&article);
        });
        if feed.len() <= LARGE {
            self.opener.pages = reader;
        }
        let written = result.unwrap_or_else(|kind| {
            watch.problem(&place.problem(None, kind));
            feed.to_vec()
        });
        pages.add(|out| out.extend_from_slice(&written));
    }

    fn text(&mut self, place: Place<'_>, fields: &str, text: &str, pages: &mut Pages, watch: &mut dyn Watch) {
        self.with_fields(fields, place, |worker, record, known| {
            worker.document(place, record, known, Document::from_text(text), pages, watch);
        });
    }

    fn page(&mut self, place: Place<'_>, fields: &str, page: &str, pages: &mut Pages, watch: &mut dyn Watch) {
        // Should the page be too much for it, or very large, one like it is there for the next.
        let fresh = self.opener.pages.afresh();
        let mut reader = std::mem::replace(&mut self.opener.pages, fresh);
        self.with_fields(fields, place, |worker, record, known| match reader.read(page, known.url.as_deref()) {
            Ok(document) => worker.document(place, record, known, document, pages, watch),
            Err(error) => worker.failure(place, record, known, error.into(), pages, watch),
        });
        if page.len() <= LARGE {
            self.opener.pages = reader;
        }
    }

    fn failed(&mut self, place: Place<'_>, fields: &str, kind: ProblemKind, pages: &mut Pages, watch: &mut dyn Watch) {
        self.with_fields(fields, place, |worker, record, known| worker.failure(place, record, known, kind, pages, watch));
    }

    /// Reads the fields, which are known to be an object or nothing.
    fn with_fields(&mut self, fields: &str, place: Place<'_>, then: impl FnOnce(&mut Self, Record<'_>, &Known)) {
        let mut splitter = std::mem::take(&mut self.opener.splitter);
        let record = splitter.split(fields).unwrap_or_default();
        then(self, record, &Known::of(record, self, place));
        self.opener.splitter = splitter;
    }

    fn document(
        &mut self,
        place: Place<'_>,
        record: Record<'_>,
        known: &Known,
        mut document: Document<'_>,
        pages: &mut Pages,
        watch: &mut dyn Watch,
    ) {
        if let Some(lang) = &known.lang {
            document = document.with_language(lang);
        }
        if let Some(host) = &known.host {
            document = document.with_host(host);
        }
        self.press.write(place, &known.head(record), &document, pages, watch);
    }

    fn failure(
        &mut self,
        place: Place<'_>,
        record: Record<'_>,
        known: &Known,
        kind: ProblemKind,
        pages: &mut Pages,
        watch: &mut dyn Watch,
    ) {
        self.press.write_failure(&known.head(record), &kind.to_string(), pages);
        watch.problem(&place.problem(record.id().as_deref(), kind));
    }
}

/// What is known of a record beside its text.
struct Known {
    heading: String,
    url: Option<String>,
    lang: Option<String>,
    host: Option<String>,
}

impl Known {
    fn of(record: Record<'_>, worker: &Worker, place: Place<'_>) -> Self {
        let opener = &worker.opener;
        let first = |names: &[String]| record.first_string(names).map(std::borrow::Cow::into_owned);
        Self {
            heading: record.id().map_or_else(|| place.to_string(), std::borrow::Cow::into_owned),
            url: first(&opener.names.url),
            lang: first(&opener.names.lang).or_else(|| opener.lang.clone()),
            host: first(&opener.names.host).or_else(|| opener.host.clone()),
        }
    }

    fn head<'r>(&'r self, record: Record<'r>) -> Head<'r> {
        Head { id: None, url: self.url.as_deref(), heading: &self.heading, record, consumed: "" }
    }
}
