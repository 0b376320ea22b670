//! A feed with cleaned bodies, and everything else as it was.
//!
//! A body from which nothing goes stays as it is, markup and all. One from which something goes is written anew, with its links, lists
//! and pictures; XHTML, which knows fewer names of characters, as paragraphs. What is
//! known of its pictures is added to its entry: in XML as `caption` elements of the namespace [`NAMESPACE`], in JSON Feed as
//! `captions` in the extension `_copydesk`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::value::RawValue;

use crate::article::{Article, Caption, Dropped, Status};
use crate::html::charset;
use crate::io::json::scan;
use crate::io::json::string::{unescape, write_string};
use crate::io::problem::ProblemKind;
use crate::io::write::write_caption;
use crate::render::{CaptionPlace, Rich};

/// The namespace of the elements that are added to feeds in XML.
pub(in crate::io) const NAMESPACE: &str = "urn:copydesk:article:1";

/// A body as it stands in an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::io) enum Kind {
    /// Plain text.
    Text,
    /// A piece of a page.
    Html,
}

/// Cleans one body: its text, what it is, the address of its entry. Calls back with the article.
pub(in crate::io) type Clean<'c> = dyn FnMut(&str, Kind, Option<&str>, &mut dyn FnMut(&Article<'_>)) + 'c;

/// The feed with its bodies cleaned.
pub(in crate::io) fn rewrite(feed: &[u8], clean: &mut Clean<'_>) -> Result<Vec<u8>, ProblemKind> {
    let is_json = feed.strip_prefix(b"\xef\xbb\xbf").unwrap_or(feed).trim_ascii_start().first() == Some(&b'{');
    let edited = if is_json {
        let feed = std::str::from_utf8(feed).map_err(|error| malformed(&error))?;
        json(feed, clean)?
    } else {
        let decoded = charset::decode(feed, declared(feed).as_deref());
        xml(&in_utf8(&decoded.text), clean)?
    };
    Ok(edited.into_bytes())
}

fn malformed(error: &dyn std::fmt::Display) -> ProblemKind {
    ProblemKind::Malformed(format!("not a feed: {error}; it comes out as it went in"))
}

/// Replacements in a text, in order.
struct Edits<'f> {
    source: &'f str,
    out: String,
    at: usize,
}

impl<'f> Edits<'f> {
    fn new(source: &'f str) -> Self {
        Self { source, out: String::with_capacity(source.len()), at: 0 }
    }

    fn put(&mut self, span: Range<usize>, text: &str) {
        self.out.push_str(&self.source[self.at..span.start]);
        self.out.push_str(text);
        self.at = span.end;
    }

    fn finish(mut self) -> String {
        self.out.push_str(&self.source[self.at..]);
        self.out
    }
}

/// The encoding that an XML declaration names; UTF-8 when there is none.
fn declared(feed: &[u8]) -> Option<String> {
    let head = &feed[..feed.len().min(200)];
    let head = String::from_utf8_lossy(&head[..memchr::memchr(b'>', head).unwrap_or(head.len())]).into_owned();
    let (_, rest) = head.split_once("encoding").filter(|_| head.contains("<?xml")).unwrap_or(("", "=\"utf-8\""));
    let quoted = rest.trim_start().strip_prefix('=')?.trim_start();
    let mark = quoted.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    Some(quoted[1..].split(mark).next()?.to_owned())
}

/// The text with a declaration that says what it is in now.
fn in_utf8(text: &str) -> Cow<'_, str> {
    let Some(end) = text.find("?>").filter(|_| text.starts_with("<?xml")) else { return Cow::Borrowed(text) };
    let Some(name) = declared(&text.as_bytes()[..end]).filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("utf-8")) else {
        return Cow::Borrowed(text);
    };
    let Some(at) = text[..end].rfind(&name) else { return Cow::Borrowed(text) };
    Cow::Owned(format!("{}utf-8{}", &text[..at], &text[at + name.len()..]))
}

/// A body in XML.
struct Place {
    /// What stands between its tags.
    inner: Range<usize>,
    /// `None` where the type is to be told from the text.
    kind: Option<Kind>,
    /// Whether it is markup and not text that means markup.
    is_xhtml: bool,
}

/// An entry in XML.
#[derive(Default)]
struct Item {
    bodies: Vec<Place>,
    link: Option<String>,
    /// Whether an earlier run has added what is known of its pictures.
    has_captions: bool,
}

fn xml(feed: &str, clean: &mut Clean<'_>) -> Result<String, ProblemKind> {
    let mut reader = Reader::from_str(feed);
    let mut edits = Edits::new(feed);
    let mut path: Vec<String> = Vec::new();
    let mut item: Option<Item> = None;
    let mut is_feed = false;
    loop {
        let before = position(&reader);
        let event = reader.read_event().map_err(|error| malformed(&format_args!("{error} at byte {}", reader.error_position())))?;
        let after = position(&reader);
        match event {
            Event::Start(start) => {
                let name = local(&start);
                let depth = path.len();
                is_feed |= depth == 0 && matches!(name.as_str(), "rss" | "feed" | "RDF");
                if item.is_none() && matches!(name.as_str(), "item" | "entry") && depth <= 2 {
                    item = Some(Item::default());
                } else if let Some(item) = &mut item {
                    let is_child = matches!(path.last().map(String::as_str), Some("item" | "entry"));
                    if is_child && is_body(&start) {
                        let inner = inside(&mut reader, &start, after)?;
                        item.add(&start, inner);
                        continue;
                    } else if is_child && name == "link" {
                        let inner = inside(&mut reader, &start, after)?;
                        item.link = item.link.take().or_else(|| href(&start)).or_else(|| Some(text_of(&feed[inner])));
                        continue;
                    }
                    item.has_captions |= is_child && name == "caption" && attribute(&start, "xmlns").is_some_and(|own| own == NAMESPACE);
                }
                path.push(name);
            }
            Event::Empty(start) if local(&start) == "link" => {
                if let Some(item) = &mut item {
                    item.link = item.link.take().or_else(|| href(&start));
                }
            }
            Event::End(_) => {
                let name = path.pop().unwrap_or_default();
                if matches!(name.as_str(), "item" | "entry") && path.len() <= 2 {
                    item.take().unwrap_or_default().clean(before, feed, &mut edits, clean);
                }
            }
            Event::Eof if !path.is_empty() => return Err(malformed(&"it ends early")),
            Event::Eof if !is_feed => return Err(malformed(&"no element that feeds begin with")),
            Event::Eof => return Ok(edits.finish()),
            _ => {}
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).expect("the feed is in memory")
}

fn local(start: &BytesStart<'_>) -> String {
    start.local_name().into_inner().to_owned()
}

/// Whether an element of an entry holds a body.
fn is_body(start: &BytesStart<'_>) -> bool {
    matches!(start.name().into_inner(), "description" | "content:encoded" | "content" | "summary" | "atom:content" | "atom:summary")
}

/// What stands up to the end of an element.
fn inside(reader: &mut Reader<&[u8]>, start: &BytesStart<'_>, from: usize) -> Result<Range<usize>, ProblemKind> {
    let span = reader.read_to_end(start.name()).map_err(|error| malformed(&error))?;
    let end = usize::try_from(span.end).expect("the feed is in memory");
    Ok(from..end)
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(text_of(&attribute.value))
}

fn href(start: &BytesStart<'_>) -> Option<String> {
    let is_page = attribute(start, "rel").is_none_or(|rel| rel == "alternate");
    attribute(start, "href").filter(|_| is_page)
}

impl Item {
    fn add(&mut self, start: &BytesStart<'_>, inner: Range<usize>) {
        let of_rss = matches!(start.name().into_inner(), "description" | "content:encoded");
        let declared = attribute(start, "type").map(|kind| kind.to_ascii_lowercase());
        let (kind, is_xhtml) = match declared.as_deref() {
            _ if of_rss => (None, false),
            Some("xhtml" | "application/xhtml+xml") => (Some(Kind::Html), true),
            Some("html" | "text/html") => (Some(Kind::Html), false),
            None | Some("text" | "text/plain") => (Some(Kind::Text), false),
            // A picture or something else that is no text.
            Some(_) => return,
        };
        self.bodies.push(Place { inner, kind, is_xhtml });
    }

    fn clean(self, end: usize, feed: &str, edits: &mut Edits<'_>, clean: &mut Clean<'_>) {
        let mut captions: Vec<Caption> = Vec::new();
        for place in self.bodies {
            let raw = &feed[place.inner.clone()];
            let text = if place.is_xhtml { raw.to_owned() } else { text_of(raw) };
            let kind = place.kind.unwrap_or(if super::looks_like_html(&text) { Kind::Html } else { Kind::Text });
            clean(&text, kind, self.link.as_deref().map(str::trim), &mut |article| {
                if article.captions.len() > captions.len() {
                    captions.clone_from(&article.captions);
                }
                if let Some(body) = cleaned(article, kind, place.is_xhtml) {
                    edits.put(place.inner.clone(), &written(&body, raw, place.is_xhtml));
                }
            });
        }
        if !captions.is_empty() && !self.has_captions {
            edits.put(end..end, &captions.iter().map(element).collect::<String>());
        }
    }
}

/// The new body; `None` when nothing has gone.
fn cleaned(article: &Article<'_>, kind: Kind, is_xhtml: bool) -> Option<String> {
    const ALL: Rich = Rich { links: true, tables: true, images: true, captions: CaptionPlace::Data };
    // The caption of a picture stays with it.
    let stays = |piece: &Dropped<'_>| {
        let at_picture = |at: usize| article.captions.get(at).is_some_and(|caption| caption.image_url.is_some());
        kind == Kind::Html && !is_xhtml && piece.caption.is_some_and(at_picture)
    };
    if article.dropped.iter().all(stays) || article.status == Status::Refused {
        return None;
    }
    Some(match kind {
        Kind::Text => article.text.trim_end().to_owned(),
        Kind::Html if is_xhtml => {
            let lines = article.text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(|line| format!("<p>{}</p>", escape(line))).collect::<Vec<_>>().join("\n")
        }
        Kind::Html => {
            let html = article.to_html(&ALL);
            let inner = html.trim().strip_prefix("<article").and_then(|html| html.strip_suffix("</article>"));
            inner.and_then(|html| html.split_once('>')).map_or(&*html, |(_, inner)| inner).trim().to_owned()
        }
    })
}

/// A body in the way in which the one that it replaces is written.
fn written(body: &str, old: &str, is_xhtml: bool) -> String {
    if is_xhtml {
        format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{body}</div>")
    } else if old.trim_start().starts_with("<![CDATA[") {
        format!("<![CDATA[{}]]>", body.replace("]]>", "]]]]><![CDATA[>"))
    } else {
        escape(body)
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text that a piece of XML means: CDATA sections as they are, references resolved. Those that XML does not know stay, for
/// feeds often have those of HTML.
fn text_of(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    loop {
        let (plain, section) = rest.split_once("<![CDATA[").map_or((rest, None), |(plain, section)| (plain, Some(section)));
        let plain = if plain.trim().is_empty() && (section.is_some() || !text.is_empty()) { "" } else { plain };
        text.push_str(&resolved(plain));
        let Some(section) = section else { return text };
        let (inside, after) = section.split_once("]]>").unwrap_or((section, ""));
        text.push_str(inside);
        rest = after;
    }
}

fn resolved(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // The longest reference has eight digits.
        let end = after.as_bytes().iter().take(12).position(|&byte| byte == b';');
        let char = end.and_then(|end| reference(&after[..end]));
        if let (Some(char), Some(end)) = (char, end) {
            out.push(char);
            rest = &after[end + 1..];
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn reference(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

/// A caption as an element of an entry.
fn element(caption: &Caption) -> String {
    let mut out =
        format!("<caption xmlns=\"{NAMESPACE}\" type=\"{}\" after_paragraph=\"{}\"", caption.kind.as_str(), caption.after_paragraph);
    for (name, value) in [("credit", &caption.credit), ("alt", &caption.alt), ("image_url", &caption.image_url)] {
        if let Some(value) = value {
            let _ = write!(out, " {name}=\"{}\"", escape(value).replace('"', "&quot;"));
        }
    }
    out + ">" + &escape(&caption.text) + "</caption>"
}

fn json(feed: &str, clean: &mut Clean<'_>) -> Result<String, ProblemKind> {
    let mut fields = Vec::new();
    let feed = feed.strip_prefix('\u{feff}').unwrap_or(feed);
    scan::object(feed, &mut fields, &mut Vec::new()).map_err(|error| malformed(&error))?;
    let items = fields.iter().rfind(|field| &feed[field.name.clone()] == "items").ok_or_else(|| malformed(&"it has no items"))?;
    let value = &feed[items.value.clone()];
    let list: Vec<&RawValue> = serde_json::from_str(value).map_err(|error| malformed(&error))?;
    let mut edits = Edits::new(feed);
    for item in list {
        let start = items.value.start + (item.get().as_ptr() as usize - value.as_ptr() as usize);
        json_item(item.get(), start, &mut edits, clean)?;
    }
    Ok(edits.finish())
}

fn json_item(item: &str, start: usize, edits: &mut Edits<'_>, clean: &mut Clean<'_>) -> Result<(), ProblemKind> {
    let mut fields = Vec::new();
    scan::object(item, &mut fields, &mut Vec::new()).map_err(|error| malformed(&error))?;
    let string = |name: &str| {
        let field = fields.iter().rfind(|field| &item[field.name.clone()] == name)?;
        let inside = item[field.value.clone()].strip_prefix('"')?.strip_suffix('"')?;
        let mut text = String::with_capacity(inside.len());
        unescape(inside, &mut text);
        Some((text, field.value.clone()))
    };
    let url = string("url").map(|(url, _)| url);
    let mut bodies = vec![(string("content_html"), Kind::Html), (string("content_text"), Kind::Text)];
    bodies.retain(|(found, _)| found.is_some());
    bodies.sort_by_key(|(found, _)| found.as_ref().map(|(_, span)| span.start));
    let mut captions: Vec<Caption> = Vec::new();
    for (found, kind) in bodies {
        let Some((text, span)) = found else { continue };
        clean(&text, kind, url.as_deref(), &mut |article| {
            if article.captions.len() > captions.len() {
                captions.clone_from(&article.captions);
            }
            if let Some(body) = cleaned(article, kind, false) {
                let mut out = Vec::new();
                write_string(&mut out, &body);
                edits.put(start + span.start..start + span.end, &String::from_utf8_lossy(&out));
            }
        });
    }
    let has_captions = fields.iter().any(|field| &item[field.name.clone()] == "_copydesk");
    if !captions.is_empty() && !has_captions {
        let mut out = b",\"_copydesk\":{\"captions\":[".to_vec();
        for (index, caption) in captions.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write_caption(&mut out, caption);
        }
        out.extend_from_slice(b"]}");
        let end = start + item.len() - 1;
        edits.put(end..end, &String::from_utf8_lossy(&out));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;
    use crate::document::Document;
    use crate::html::PageReader;

    const RULES: &str = "format = 1\n[pack]\nid = \"mine\"\n[[rule]]\nid = \"mine.ad\"\ncategory = \"ad_marker\"\nabout = \"A marker.\"\n\
        action = \"remove\"\nmatch.is = [\"advertisement\"]\ntest.hit = [\"Advertisement\"]\ntest.miss = [\"A story.\"]\n\
        [[rule]]\nid = \"mine.credit\"\ncategory = \"caption\"\nabout = \"A caption.\"\naction = \"tag\"\ntag = \"caption\"\n\
        match.regex = '''^(?P<caption>.{1,99}) Source: (?P<credit>[A-Z]{2,20})$'''\nwhere.max_words = 20\n\
        test.hit = [\"A flag. Source: AAP\"]\ntest.miss = [\"Source code.\"]\n";

    fn rewritten(feed: &str) -> String {
        let engine = Engine::builder().builtin(false).rules_text("r", RULES).build().unwrap();
        let mut reader = PageReader::default().with_markup(true);
        let mut clean = |text: &str, kind: Kind, url: Option<&str>, then: &mut dyn FnMut(&Article<'_>)| match kind {
            Kind::Text => then(&engine.clean_document(&Document::from_text(text))),
            Kind::Html => then(&engine.clean_document(&reader.read(text, url).unwrap())),
        };
        String::from_utf8(rewrite(feed.as_bytes(), &mut clean).unwrap()).unwrap()
    }

    #[test]
    fn what_stays_of_a_body_keeps_its_links_and_lists() {
        let body = "<p>Advertisement</p><p>One <b>story</b> of <a href='/x'>many</a>.<script>x()</script></p><ul><li>One<li>Two</ul>";
        let feed = format!(
            "<rss><channel><item><link>https://a.example/1</link><description><![CDATA[{body}]]></description></item></channel></rss>"
        );
        let out = rewritten(&feed);
        for part in ["<strong>story</strong>", "href=\"https://a.example/x\"", "<li>One</li>"] {
            assert!(out.contains(part), "{part}: {out}");
        }
        assert!(!out.contains("Advertisement") && !out.contains("x()"), "{out}");
    }

    #[test]
    fn only_bodies_from_which_something_goes_are_touched() {
        let before = "<?xml version=\"1.0\"?>\n<rss version='2.0'><!-- odd  --><channel><title>A &amp; b</title>\n<description>Advertisement</description>\n\
            <item >\n<title>Advertisement</title><x:y a='1'/>";
        let kept = "<description><![CDATA[<p>One <b>story</b>.]]></description></item>";
        let after = "<media:text>Advertisement</media:text></item></channel></rss>\n";
        let feed = format!("{before}{kept}<item><description>&lt;p>Advertisement&lt;p>A &amp;amp; b.</description>{after}");
        let expected = format!("{before}{kept}<item><description>&lt;p&gt;A &amp;amp; b.&lt;/p&gt;</description>{after}");
        assert_eq!(rewritten(&feed), expected);
    }

    #[test]
    fn captions_are_added_to_their_entry() {
        let feed = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One story.</p>\
            <p>A &lt;flag&gt;. Source: AAP</p></div></content><id>1</id></entry></feed>";
        let expected = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>One story.</p></div>\
            </content><id>1</id><caption xmlns=\"urn:copydesk:article:1\" type=\"photo\" after_paragraph=\"1\" credit=\"AAP\">A &lt;flag&gt;.</caption></entry></feed>";
        assert_eq!(rewritten(feed), expected);
    }

    #[test]
    fn json_feeds_keep_their_other_fields_byte_for_byte() {
        let feed = "{\"version\":\"https://jsonfeed.org/version/1.1\", \"items\":[ {\"id\":1.0,\"content_text\":\"Advertisement\\n\\nOne story.\\n\\nA flag. Source: AAP\",\"x\":[ ]} ,{\"content_html\":\"<p>as <i>is</i>\"}]}";
        let out = rewritten(feed);
        let expected = "{\"version\":\"https://jsonfeed.org/version/1.1\", \"items\":[ {\"id\":1.0,\"content_text\":\"One story.\",\"x\":[ ],\"_copydesk\":{\"captions\":[{\"type\":\"photo\",\"text\":\"A flag.\",\"credit\":\"AAP\",";
        assert!(out.starts_with(expected), "{out}");
        assert!(out.ends_with("]}} ,{\"content_html\":\"<p>as <i>is</i>\"}]}"), "{out}");
    }

    #[test]
    fn other_encodings_come_out_as_utf8_and_say_so() {
        let feed = b"<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><item><title>caf\xe9</title></item></channel></rss>";
        let out = rewrite(feed, &mut |_, _, _, _| ()).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>café</title></item></channel></rss>"
        );
    }

    #[test]
    fn a_broken_feed_is_an_error() {
        for feed in ["<rss><channel><item><title>x", "<rss></channel></rss>", "<html></html>", "{\"items\":1}", "{}", ""] {
            assert!(rewrite(feed.as_bytes(), &mut |_, _, _, _| ()).is_err(), "{feed}");
        }
    }
}
