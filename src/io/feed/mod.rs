//! Feeds: RSS, Atom and JSON Feed, entry by entry, and back out with cleaned bodies.
//!
//! Reading and writing back are two jobs. As records, entries are read by `feed-rs`, which knows the many ways of saying the same;
//! the body is the content or else the summary. Written back, a feed is never built anew: [`rewrite`] finds the places of the
//! bodies and puts cleaned ones there, so that everything else stays byte for byte what it was.

pub(super) mod rewrite;

use feed_rs::model::{Content, Entry, Text};

use super::job::{Body, Fields, Raw};
use super::problem::ProblemKind;

/// The entries of a feed as records.
pub(super) fn entries(feed: &[u8]) -> Result<Vec<Raw>, ProblemKind> {
    let feed = feed_rs::parser::parse(feed).map_err(|error| ProblemKind::Malformed(format!("not a feed: {error}")))?;
    let language = feed.language;
    let raw = |(index, entry): (usize, Entry)| Raw {
        number: Some(index as u64 + 1),
        fields: fields(&entry, language.as_deref()),
        body: body(entry),
    };
    Ok(feed.entries.into_iter().enumerate().map(raw).collect())
}

fn fields(entry: &Entry, language: Option<&str>) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.some("id", Some(&entry.id));
    fields.some("url", entry.links.first().map(|link| link.href.as_str()));
    fields.some("title", entry.title.as_ref().map(|title| title.content.trim()));
    let authors: Vec<&str> = entry.authors.iter().filter_map(|author| author.name.as_deref()).filter(|name| !name.is_empty()).collect();
    fields.list("authors", &authors);
    fields.some("date_published", entry.published.map(|time| time.to_rfc3339()).as_deref());
    fields.some("date_modified", entry.updated.map(|time| time.to_rfc3339()).as_deref());
    let tags: Vec<&str> = entry.categories.iter().map(|category| category.term.as_str()).collect();
    fields.list("tags", &tags);
    fields.some("language", language);
    fields.finish()
}

fn body(entry: Entry) -> Body {
    let content = entry.content.and_then(|Content { body, content_type, .. }| Some((body?, content_type.subty().to_string())));
    let summary = || entry.summary.map(|Text { content, content_type, .. }| (content, content_type.subty().to_string()));
    match content.or_else(summary) {
        Some((text, kind)) if kind.contains("html") || looks_like_html(&text) => {
            Body::Html { bytes: text.into_bytes(), charset: Some("utf-8".to_owned()) }
        }
        Some((text, _)) => Body::Text(text.into_bytes()),
        None => Body::Text(Vec::new()),
    }
}

/// Whether a text has a tag in it: many feeds declare pages as plain text.
fn looks_like_html(text: &str) -> bool {
    ["</p>", "</a>", "</div>", "<br", "<p>", "<img ", "</li>", "</b>", "</em>", "</strong>"].iter().any(|tag| text.contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(feed: &str) -> Vec<String> {
        let text = |raw: Raw| {
            let body = match raw.body {
                Body::Html { bytes, .. } => format!("html {}", String::from_utf8(bytes).unwrap()),
                Body::Text(bytes) => format!("text {}", String::from_utf8(bytes).unwrap()),
                body => format!("{body:?}"),
            };
            format!("{} {body}", String::from_utf8(raw.fields).unwrap())
        };
        entries(feed.as_bytes()).unwrap().into_iter().map(text).collect()
    }

    #[test]
    fn content_counts_before_the_summary() {
        let feed = r#"<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>t</title><language>en</language>
            <item><guid>a</guid><link>https://news.example/a</link><title>A</title><description>short</description>
            <content:encoded><![CDATA[<p>long]]></content:encoded></item>
            <item><guid>b</guid><description>&lt;p&gt;only this&lt;/p&gt;</description></item></channel></rss>"#;
        assert_eq!(
            shown(feed),
            [
                r#"{"id":"a","url":"https://news.example/a","title":"A","language":"en"} html <p>long"#,
                r#"{"id":"b","language":"en"} html <p>only this</p>"#,
            ]
        );
    }

    #[test]
    fn bodies_are_text_or_html_as_declared() {
        let feed = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>f</id><updated>2026-01-02T03:04:05Z</updated>
            <entry><id>a</id><title>A</title><updated>2026-01-02T03:04:05Z</updated><author><name>J. Doe</name></author>
            <content type="text">a &lt; b</content></entry></feed>"#;
        let fields = r#"{"id":"a","title":"A","authors":["J. Doe"],"date_modified":"2026-01-02T03:04:05+00:00"}"#;
        assert_eq!(shown(feed), [format!("{fields} text a < b")]);
        let feed = r#"{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","content_html":"<p>x"},{"id":"2","content_text":"y"}]}"#;
        assert_eq!(shown(feed).iter().map(|entry| entry.rsplit_once("} ").unwrap().1).collect::<Vec<_>>(), ["html <p>x", "text y"]);
    }

    #[test]
    fn what_is_no_feed_is_told() {
        assert!(entries(b"<html>").unwrap_err().to_string().starts_with("not a feed: "));
    }
}
