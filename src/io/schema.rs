//! The JSON Schema of a result, from types that say what [`super::write`] writes.

use schemars::{JsonSchema, generate::SchemaSettings};

/// The JSON Schema of `copydesk.article/1`, indented.
#[expect(clippy::missing_panics_doc, reason = "a schema is plain JSON")]
pub fn article_schema() -> String {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Article>();
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text.push('\n');
    text
}

/// An article cleaned by copydesk. Fields of the input that are not named here pass through unchanged.
#[derive(JsonSchema)]
#[schemars(title = "copydesk.article/1")]
#[expect(dead_code, reason = "only their schema is used")]
struct Article {
    /// Name and version of this format.
    schema: SchemaName,
    /// The record's name, as it came in; the name of the file for texts that came by themselves.
    id: Option<serde_json::Value>,
    /// Address of the page.
    url: Option<String>,
    /// The headline, where one was recognised.
    title: Option<String>,
    /// The story.
    text: String,
    /// The story as Markdown; only when asked for.
    markdown: Option<String>,
    /// The story as HTML that is safe to show; only when asked for.
    html: Option<String>,
    /// ISO 639-1 code, given or guessed.
    language: Option<String>,
    /// Names from bylines.
    authors: Option<Vec<String>>,
    /// When it was published: in ISO 8601 from a page, else as the input had it.
    date_published: Option<String>,
    /// When it was last changed, from a page.
    date_modified: Option<String>,
    /// What kind of page it is, where the page says so.
    page_kind: Option<PageKind>,
    /// Name of the site, from a page.
    site_name: Option<String>,
    /// Address by which the page wants to be known.
    canonical_url: Option<String>,
    /// Address of the picture that stands for the article, from a page.
    image: Option<String>,
    /// Summary in one or two sentences, from a page.
    description: Option<String>,
    /// Topics, from a page.
    tags: Option<Vec<String>>,
    /// Agencies that the story comes from.
    agency: Option<Vec<String>>,
    /// Place that the story was written from.
    dateline: Option<String>,
    /// Lines that say when it was published or changed, as written.
    timestamps: Option<Vec<String>>,
    /// Captions in the order of the source. They are not in `text`.
    captions: Vec<Caption>,
    /// What readers wrote below the story, in the order of the page; only when asked for. It is not in `text`.
    comments: Option<Vec<Comment>>,
    /// Everything that is not in `text`, in the order of the source; only when asked for. With it the source can be rebuilt.
    removed: Option<Vec<Removed>>,
    /// What became of the record.
    status: Status,
    /// What is wrong with the record, when `status` is `error`.
    error: Option<String>,
    /// What cleaned it.
    copydesk: Versions,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only their schema is used")]
enum SchemaName {
    #[schemars(rename = "copydesk.article/1")]
    Article,
}

/// `refused`: more prose would have gone than the guard allows, the text comes back whole. `error`: it could not be cleaned.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[expect(dead_code, reason = "only their schema is used")]
enum Status {
    Ok,
    Empty,
    Refused,
    Error,
}

/// A caption, with what was said about the picture.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only their schema is used")]
struct Caption {
    /// What it belongs to.
    #[schemars(rename = "type")]
    kind: Kind,
    /// The caption without its credit; empty when only a credit or an alternative text was found.
    text: String,
    /// The credit as a name.
    credit: Option<String>,
    /// The credit as written.
    credit_raw: Option<String>,
    /// Alternative text of the picture.
    alt: Option<String>,
    /// Address of the picture.
    image_url: Option<String>,
    /// Paragraphs of `text` before it.
    after_paragraph: usize,
    /// Where in `text` it stood, in Unicode code points.
    offset: usize,
    /// How often it stood in the source, when more than once.
    count: Option<u32>,
    /// Index of the caption that this one repeats.
    repeats: Option<usize>,
    /// The rule that found it.
    rule: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[expect(dead_code, reason = "only their schema is used")]
enum Kind {
    Photo,
    Video,
    Graphic,
    Gallery,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[expect(dead_code, reason = "only their schema is used")]
enum PageKind {
    Article,
    Forum,
    Product,
    Collection,
    Listing,
    Documentation,
    Service,
}

/// What a reader wrote below the story.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only their schema is used")]
struct Comment {
    /// Who wrote it.
    author: Option<String>,
    /// When: in ISO 8601 where the page's date can be read, else as written.
    date: Option<String>,
    /// What it says.
    text: String,
    /// Index of the comment that it replies to.
    reply_to: Option<usize>,
}

/// A piece of the source that is not in `text`.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only their schema is used")]
struct Removed {
    /// Why it went.
    category: String,
    /// The rule that decided.
    rule: String,
    /// Where it stood in the source, in bytes of UTF-8.
    span: [usize; 2],
    /// The text itself.
    text: String,
    /// White space before it that went with it.
    lead: Option<String>,
    /// White space after it that went with it.
    trail: Option<String>,
    /// Index into `captions` when it lives on there.
    caption: Option<usize>,
}

/// Version and rules.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only their schema is used")]
struct Versions {
    /// Version of copydesk.
    version: String,
    /// Hash of the rules that were used.
    rules: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_always_written_is_required() {
        let schema: serde_json::Value = serde_json::from_str(&article_schema()).unwrap();
        assert_eq!(schema["required"], serde_json::json!(["schema", "text", "captions", "status", "copydesk"]));
    }
}
