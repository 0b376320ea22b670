//! An article as `copydesk.article/1`.

use std::io::Write;

use super::json::string::write_string;
use super::print::RichField;
use super::record::Record;
use crate::article::{Article, Caption, Comment, Dropped};
use crate::document::{About, PageKind};
use crate::render::Rich;
use crate::span::ByteSpan;

/// Name of the format.
pub(super) const SCHEMA: &str = "copydesk.article/1";

/// Fields that only copydesk writes.
pub(super) const OURS: [&str; 7] = ["schema", "text", "captions", "removed", "status", "error", "copydesk"];

/// Fields with the story in another form: the input's do not come out where ours do.
const RICH: [&str; 2] = ["markdown", "html"];

/// The comments of a page. In a table they have no column of their own, since they are rarely asked for.
const COMMENTS: Shared = Shared::list("comments");

/// What is known of a text beside itself: its name, and the record that it came in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Head<'r> {
    pub(super) id: Option<&'r str>,
    pub(super) url: Option<&'r str>,
    /// Heading in plain text, where several texts follow each other.
    pub(super) heading: &'r str,
    pub(super) record: Record<'r>,
    /// The field of the record that was cleaned.
    pub(super) consumed: &'r str,
}

impl<'r> Head<'r> {
    /// A text by itself, such as a file with its name.
    pub fn named(id: &'r str) -> Self {
        Self { id: Some(id), heading: id, ..Self::default() }
    }

    /// A text without a name, such as standard input; `heading` stands above it where several texts follow each other.
    pub fn unnamed(heading: &'r str) -> Self {
        Self { heading, ..Self::default() }
    }

    /// The same, with the address of its page.
    #[must_use]
    pub fn with_url(self, url: &'r str) -> Self {
        Self { url: Some(url), ..self }
    }
}

/// What is written beside the article.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extras<'p> {
    pub(super) removed: bool,
    pub(super) rules: &'p str,
    pub(super) field: Option<RichField>,
    pub(super) rich: Rich,
}

/// Appends an article as one line of JSON without a line end.
pub(super) fn write_article(out: &mut Vec<u8>, head: &Head<'_>, article: &Article<'_>, extras: Extras<'_>) {
    let mut object = Object::start(out);
    object.text("schema", SCHEMA);
    let given = pass_on(&mut object, head, &Found::of(head, article), extras.field);
    let lacks = |name: &str| !given.contains(&name);
    write_optional(&mut object, "id", head.id, lacks);
    write_optional(&mut object, "url", head.url, lacks);
    write_optional(&mut object, "title", article.title.as_deref(), lacks);
    object.text("text", &article.text);
    match extras.field {
        Some(RichField::Markdown) => object.text(RICH[0], &article.to_markdown(&extras.rich)),
        Some(RichField::Html) => object.text(RICH[1], &article.to_html(&extras.rich)),
        None => {}
    }
    write_optional(&mut object, "language", article.language.as_deref(), lacks);
    write_list(&mut object, "authors", &article.authors, lacks);
    write_about(&mut object, &article.about, lacks);
    write_list(&mut object, "agency", &article.agency, lacks);
    write_optional(&mut object, "dateline", article.dateline.as_deref(), lacks);
    write_list(&mut object, "timestamps", &article.timestamps, lacks);
    object.array("captions", &article.captions, write_caption);
    if !article.comments.is_empty() && lacks(COMMENTS.name) {
        object.array(COMMENTS.name, &article.comments, write_comment);
    }
    if extras.removed && !article.dropped.is_empty() {
        object.array("removed", &article.dropped, write_dropped);
    }
    object.text("status", article.status.as_str());
    write_versions(&mut object, extras);
    object.end();
}

/// Writes what a page says of its article.
fn write_about(object: &mut Object<'_>, about: &About, lacks: impl Fn(&str) -> bool + Copy) {
    write_optional(object, "date_published", about.published.as_deref(), lacks);
    write_optional(object, "date_modified", about.modified.as_deref(), lacks);
    write_optional(object, "page_kind", about.kind.map(PageKind::as_str), lacks);
    write_optional(object, "site_name", about.site_name.as_deref(), lacks);
    write_optional(object, "canonical_url", about.canonical_url.as_deref(), lacks);
    write_optional(object, "image", about.image.as_deref(), lacks);
    write_optional(object, "description", about.description.as_deref(), lacks);
    write_list(object, "tags", &about.tags, lacks);
}

/// Appends a record that could not be cleaned.
pub(super) fn write_failure(out: &mut Vec<u8>, head: &Head<'_>, error: &str, extras: Extras<'_>) {
    let mut object = Object::start(out);
    object.text("schema", SCHEMA);
    let given = pass_on(&mut object, head, &Found(Vec::new()), None);
    write_optional(&mut object, "id", head.id, |name| !given.contains(&name));
    object.text("text", "");
    object.array("captions", &[], write_caption);
    object.text("status", "error");
    object.text("error", error);
    write_versions(&mut object, extras);
    object.end();
}

/// Appends a line with everything that was dropped from an article.
pub(super) fn write_removed(out: &mut Vec<u8>, name: &str, article: &Article<'_>) {
    let mut object = Object::start(out);
    object.text("id", name);
    object.array("removed", &article.dropped, write_dropped);
    object.end();
    out.push(b'\n');
}

fn write_versions(object: &mut Object<'_>, extras: Extras<'_>) {
    object.name("copydesk");
    let mut versions = Object::start(object.out);
    versions.text("version", env!("CARGO_PKG_VERSION"));
    if !extras.rules.is_empty() {
        versions.text("rules", extras.rules);
    }
    versions.end();
}

fn write_optional(object: &mut Object<'_>, name: &'static str, text: Option<&str>, lacks: impl Fn(&str) -> bool) {
    if let Some(text) = text.filter(|text| !text.is_empty() && lacks(name)) {
        object.text(name, text);
    }
}

fn write_list<T: AsRef<str>>(object: &mut Object<'_>, name: &'static str, texts: &[T], lacks: impl Fn(&str) -> bool) {
    if !texts.is_empty() && lacks(name) {
        object.array(name, texts, |out, text| write_string(out, text.as_ref()));
    }
}

/// A field that the input may have as well.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    name: &'static str,
    is_list: bool,
}

impl Shared {
    const ALL: [Self; 16] = [
        Self::text("id"),
        Self::text("url"),
        Self::text("title"),
        Self::text("language"),
        Self::list("authors"),
        Self::text("date_published"),
        Self::text("date_modified"),
        Self::text("page_kind"),
        Self::text("site_name"),
        Self::text("canonical_url"),
        Self::text("image"),
        Self::text("description"),
        Self::list("tags"),
        Self::list("agency"),
        Self::text("dateline"),
        Self::list("timestamps"),
    ];

    /// Names of these fields and of the text, in the order in which they are written.
    pub(super) fn names_and_text() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().flat_map(|shared| [Some(shared.name), (shared.name == "title").then_some("text")]).flatten()
    }

    /// Whether the field of this name is a list; `None` when it is none of these.
    #[cfg(feature = "parquet")]
    pub(super) fn is_list(name: &str) -> Option<bool> {
        Self::ALL.iter().find(|shared| shared.name == name).map(|shared| shared.is_list)
    }

    const fn text(name: &'static str) -> Self {
        Self { name, is_list: false }
    }

    const fn list(name: &'static str) -> Self {
        Self { name, is_list: true }
    }

    /// Whether the input's value is worth more than ours.
    fn stands(self, value: &str) -> bool {
        match value.as_bytes() {
            [b'"', .., b'"'] => !self.is_list && value.len() > 2,
            [b'[', inner @ .., b']'] => self.is_list && !inner.trim_ascii().is_empty(),
            // An `id` may be of any type.
            _ => self.name == "id" && value != "null",
        }
    }
}

/// Names of the shared fields for which there is something to write.
struct Found(Vec<&'static str>);

impl Found {
    fn of(head: &Head<'_>, article: &Article<'_>) -> Self {
        let found = [
            ("id", head.id.is_some()),
            ("url", head.url.is_some()),
            ("title", article.title.is_some()),
            ("language", article.language.is_some()),
            ("authors", !article.authors.is_empty()),
            ("date_published", article.about.published.is_some()),
            ("date_modified", article.about.modified.is_some()),
            ("page_kind", article.about.kind.is_some()),
            ("site_name", article.about.site_name.is_some()),
            ("canonical_url", article.about.canonical_url.is_some()),
            ("image", article.about.image.is_some()),
            ("description", article.about.description.is_some()),
            ("tags", !article.about.tags.is_empty()),
            ("agency", !article.agency.is_empty()),
            ("dateline", article.dateline.is_some()),
            ("timestamps", !article.timestamps.is_empty()),
            (COMMENTS.name, !article.comments.is_empty()),
        ];
        Self(found.into_iter().filter_map(|(name, is_found)| is_found.then_some(name)).collect())
    }
}

/// Writes the fields that came in; answers with the shared fields among them, which are not to be written again.
fn pass_on(object: &mut Object<'_>, head: &Head<'_>, found: &Found, field: Option<RichField>) -> Vec<&'static str> {
    let rich = field.map(|field| RICH[usize::from(field == RichField::Html)]);
    let mut given = Vec::new();
    for (name, value, whole) in head.record.fields() {
        if name == head.consumed || OURS.contains(&&*name) || rich == Some(&*name) {
            continue;
        }
        if let Some(shared) = Shared::ALL.iter().chain([&COMMENTS]).find(|shared| shared.name == name) {
            if !shared.stands(value) && found.0.contains(&shared.name) {
                continue;
            }
            given.push(shared.name);
        }
        object.raw(whole);
    }
    given
}

/// Appends a caption as an object.
pub(super) fn write_caption(out: &mut Vec<u8>, caption: &Caption) {
    let always = |_: &str| true;
    let mut object = Object::start(out);
    object.text("type", caption.kind.as_str());
    object.text("text", &caption.text);
    write_optional(&mut object, "credit", caption.credit.as_deref(), always);
    write_optional(&mut object, "credit_raw", caption.credit_raw.as_deref(), always);
    write_optional(&mut object, "alt", caption.alt.as_deref(), always);
    write_optional(&mut object, "image_url", caption.image_url.as_deref(), always);
    object.number("after_paragraph", caption.after_paragraph);
    object.number("offset", caption.offset);
    if caption.count > 1 {
        object.number("count", caption.count as usize);
    }
    if let Some(first) = caption.repeats {
        object.number("repeats", first);
    }
    if let Some(rule) = &caption.rule {
        object.text("rule", rule.as_str());
    }
    object.end();
}

fn write_comment(out: &mut Vec<u8>, comment: &Comment) {
    let always = |_: &str| true;
    let mut object = Object::start(out);
    write_optional(&mut object, "author", comment.author.as_deref(), always);
    write_optional(&mut object, "date", comment.date.as_deref(), always);
    object.text("text", &comment.text);
    if let Some(before) = comment.reply_to {
        object.number("reply_to", before);
    }
    object.end();
}

fn write_dropped(out: &mut Vec<u8>, dropped: &Dropped<'_>) {
    let always = |_: &str| true;
    let mut object = Object::start(out);
    object.text("category", dropped.category.as_str());
    object.text("rule", dropped.rule.as_str());
    object.span("span", dropped.span);
    object.text("text", &dropped.text);
    write_optional(&mut object, "lead", Some(&dropped.lead), always);
    write_optional(&mut object, "trail", Some(&dropped.trail), always);
    if let Some(caption) = dropped.caption {
        object.number("caption", caption);
    }
    object.end();
}

/// An object that is being written.
struct Object<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
}

impl<'o> Object<'o> {
    fn start(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    fn end(self) {
        self.out.push(b'}');
    }

    fn comma(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
    }

    /// A name that needs no escapes.
    fn name(&mut self, name: &'static str) {
        self.comma();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn text(&mut self, name: &'static str, text: &str) {
        self.name(name);
        write_string(self.out, text);
    }

    fn number(&mut self, name: &'static str, number: usize) {
        self.name(name);
        write_number(self.out, number);
    }

    fn span(&mut self, name: &'static str, span: ByteSpan) {
        self.name(name);
        self.out.push(b'[');
        write_number(self.out, span.start);
        self.out.push(b',');
        write_number(self.out, span.end);
        self.out.push(b']');
    }

    fn array<T>(&mut self, name: &'static str, items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
        self.name(name);
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            write(self.out, item);
        }
        self.out.push(b']');
    }

    /// Name and value as they came in.
    fn raw(&mut self, field: &str) {
        self.comma();
        self.out.extend_from_slice(field.as_bytes());
    }
}

fn write_number(out: &mut Vec<u8>, number: usize) {
    write!(out, "{number}").expect("writing to memory does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Status;
    use crate::io::record::Splitter;
    use crate::render::CaptionPlace;
    use crate::rules::{Category, RuleId};

    const EXTRAS: Extras<'_> = Extras {
        removed: true,
        rules: "00ff",
        field: None,
        rich: Rich { links: false, tables: false, images: false, captions: CaptionPlace::Data },
    };

    fn article(text: &str) -> Article<'_> {
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
            dropped: Vec::new(),
            about: About::default(),
            status: Status::Ok,
            markup: None,
        }
    }

    fn written(input: &str, article: &Article<'_>) -> String {
        let mut splitter = Splitter::default();
        let record = splitter.split(input).unwrap();
        let mut out = Vec::new();
        write_article(&mut out, &Head { record, consumed: "text", ..Head::default() }, article, EXTRAS);
        let line = String::from_utf8(out).unwrap();
        serde_json::from_str::<serde_json::Value>(&line).expect("valid JSON");
        line.strip_suffix(r#","status":"ok","copydesk":{"version":"0.1.0","rules":"00ff"}}"#).unwrap().to_owned()
    }

    #[test]
    fn keys_stand_in_their_order_and_empty_ones_do_not_stand() {
        let mut full = article("A b.");
        full.title = Some("T".into());
        full.language = Some("en".to_owned());
        full.authors = vec!["J. Doe".to_owned()];
        full.agency = vec!["AFP".to_owned()];
        full.dateline = Some("Port Ellen".to_owned());
        full.timestamps = vec!["1 May".into()];
        full.captions = vec![Caption {
            text: "C".to_owned(),
            credit: Some("AAP".to_owned()),
            credit_raw: Some("Source: AAP".to_owned()),
            alt: Some("D".to_owned()),
            count: 2,
            after_paragraph: 1,
            offset: 4,
            rule: Some(RuleId::new("any.caption")),
            ..Caption::default()
        }];
        full.dropped = vec![Dropped {
            category: Category::Caption,
            rule: RuleId::new("any.caption"),
            span: ByteSpan::new(2, 3),
            text: "C".into(),
            lead: "\n\n".into(),
            trail: "".into(),
            caption: Some(0),
        }];
        assert_eq!(
            written("{}", &full),
            concat!(
                r#"{"schema":"copydesk.article/1","title":"T","text":"A b.","language":"en","authors":["J. Doe"],"agency":["AFP"],"#,
                r#""dateline":"Port Ellen","timestamps":["1 May"],"captions":[{"type":"photo","text":"C","credit":"AAP","#,
                r#""credit_raw":"Source: AAP","alt":"D","after_paragraph":1,"offset":4,"count":2,"rule":"any.caption"}],"#,
                r#""removed":[{"category":"caption","rule":"any.caption","span":[2,3],"text":"C","lead":"\n\n","caption":0}]"#,
            )
        );
        assert_eq!(written("{}", &article("")), r#"{"schema":"copydesk.article/1","text":"","captions":[]"#);
    }

    #[test]
    fn other_fields_pass_byte_for_byte() {
        let input = r#"{"n" : 1.50e+03,"text":"x","big":123456789012345678901234567890,"o":{"b":1,"a":[ ]},"caf\u00e9":"\u00e9\/"}"#;
        assert_eq!(
            written(input, &article("x")),
            concat!(
                r#"{"schema":"copydesk.article/1","n" : 1.50e+03,"big":123456789012345678901234567890,"o":{"b":1,"a":[ ]},"#,
                r#""caf\u00e9":"\u00e9\/","text":"x","captions":[]"#,
            )
        );
    }

    #[test]
    fn what_the_input_says_of_itself_stays_and_our_own_names_are_ours() {
        let mut found = article("x");
        found.title = Some("ours".into());
        found.authors = vec!["ours".to_owned()];
        found.language = Some("en".to_owned());
        let input = r#"{"title":"theirs","authors":"not a list","language":"","status":200,"schema":"x","captions":1,"id":7}"#;
        assert_eq!(
            written(input, &found),
            concat!(
                r#"{"schema":"copydesk.article/1","title":"theirs","id":7,"text":"x","language":"en","authors":["ours"],"#,
                r#""captions":[]"#,
            )
        );
        // Nothing better is known: as it came in.
        let bare = written(r#"{"authors":"not a list","title":null}"#, &article("x"));
        assert_eq!(bare, r#"{"schema":"copydesk.article/1","authors":"not a list","title":null,"text":"x","captions":[]"#);
    }
}
