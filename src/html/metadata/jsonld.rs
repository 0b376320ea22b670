//! JSON-LD: what a page says of itself in scripts, read as far as it can be read.
//!
//! Much of it is broken: comments of HTML around it, raw line ends in strings, commas before closing brackets, several objects in a row,
//! the whole escaped as HTML. A script that does not parse is mended once, by a pass that knows what is a string, and parsed again; what
//! is broken still is reported in [`Problem`] and left out.

use serde_json::{Map, Value};

use super::Problem;
use crate::html::{Attr, NodeId, Tag, Tree};

/// An object of JSON-LD.
pub(super) type Object = Map<String, Value>;

/// Most scripts that are read.
const MOST_SCRIPTS: usize = 64;

/// Most objects that are looked at; a page with more lists its archive.
const MOST_OBJECTS: usize = 20_000;

/// Longest name, list of keywords or address that is taken, in bytes, and most of them for one key. What objects refer to by `@id` is
/// taken anew for each of them.
const LONGEST: usize = 10_000;
const MOST_TEXTS: usize = 200;

/// Reads all scripts of JSON-LD.
pub(super) fn scripts(tree: &Tree<'_>, ids: &[NodeId], problems: &mut Vec<Problem>) -> Vec<Value> {
    let mut values = Vec::new();
    for &id in ids.iter().take(MOST_SCRIPTS) {
        let text = tree.text_content(id);
        if let Err(error) = parse(&text, &mut values) {
            problems.push(Problem { node: id, message: format!("JSON-LD is left out: {error}") });
        }
    }
    values
}

/// Whether an element is a script of JSON-LD.
pub(super) fn is_script(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.tag(id) == Tag::Script
        && tree.attr(id, Attr::Type).is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/ld+json") || kind.eq_ignore_ascii_case("application/json+ld")
        })
}

/// Adds the values of a script; one that is broken is mended first.
fn parse(text: &str, values: &mut Vec<Value>) -> Result<(), serde_json::Error> {
    let text = without_comment(text);
    if text.is_empty() {
        return Ok(());
    }
    let before = values.len();
    let read = |text: &str, values: &mut Vec<Value>| {
        for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            values.push(value?);
        }
        Ok(())
    };
    read(text, values).or_else(|error: serde_json::Error| {
        values.truncate(before);
        let done = read(&mended(text), values);
        // What is told is where the page's own script breaks.
        if done.is_err() && values.len() == before { Err(error) } else { Ok(()) }
    })
}

/// The script without what hides it from old browsers and XML.
fn without_comment(text: &str) -> &str {
    const AROUND: [&str; 9] = ["<!--", "-->", "//<![CDATA[", "//]]>", "<![CDATA[", "]]>", "/*<![CDATA[*/", "/*]]>*/", "//"];
    let mut text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == ';');
    loop {
        let shorter = AROUND.iter().fold(text, |text, mark| {
            let text = text.strip_prefix(mark).unwrap_or(text).trim_start();
            text.strip_suffix(mark).unwrap_or(text).trim_end()
        });
        if shorter.len() == text.len() {
            return text.trim_end_matches(';');
        }
        text = shorter;
    }
}

/// The text with what is often wrong put right: raw control characters and wrong escapes in strings, comments and superfluous commas
/// outside of them, commas missing between objects, all quotation marks as references.
fn mended(text: &str) -> String {
    let decoded;
    let text = if text.trim_start_matches(['{', '[', ' ', '\n', '\t', '\r']).starts_with("&quot;") {
        decoded = text
            .replace("&quot;", "\"")
            .replace("&#039;", "'")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        decoded.as_str()
    } else {
        text
    };
    let mut out = String::with_capacity(text.len() + 16);
    let mut chars = text.char_indices().peekable();
    let mut in_string = false;
    while let Some((at, c)) = chars.next() {
        if in_string {
            match c {
                '"' => in_string = false,
                '\\' => {
                    escape(&mut out, text, &mut chars, at);
                    continue;
                }
                c if c < ' ' => {
                    out.push_str(match c {
                        '\n' => "\\n",
                        '\r' => "\\r",
                        '\t' => "\\t",
                        _ => " ",
                    });
                    continue;
                }
                _ => {}
            }
            out.push(c);
            continue;
        }
        match c {
            '"' => in_string = true,
            '/' if text[at..].starts_with("/*") || text[at..].starts_with("//") => {
                let stop = if text[at..].starts_with("/*") { "*/" } else { "\n" };
                let end = text[at + 2..].find(stop).map_or(text.len(), |found| at + 2 + found + stop.len());
                while chars.peek().is_some_and(|&(next, _)| next < end) {
                    chars.next();
                }
                continue;
            }
            '}' | ']' => {
                let kept = out.trim_end().len();
                if out[..kept].ends_with(',') {
                    out.truncate(kept - 1);
                }
            }
            '{' if out.trim_end().ends_with('}') => out.push(if out.trim_start().starts_with('[') { ',' } else { ' ' }),
            ',' if out.trim_end().ends_with([',', '[', '{']) => continue,
            // One space is enough, and looking back over it costs nothing.
            c if c.is_whitespace() && out.ends_with(' ') => continue,
            c if c.is_whitespace() => {
                out.push(' ');
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// Copies an escape of a string if it is one; else only the character that was escaped.
fn escape(out: &mut String, text: &str, chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>, at: usize) {
    let Some((_, next)) = chars.next() else { return };
    let is_right = match next {
        '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => true,
        'u' => text.get(at + 2..at + 6).is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit())),
        _ => false,
    };
    if is_right {
        out.push('\\');
    }
    if !next.is_control() {
        out.push(next);
    }
}

/// The objects of a page that describe it or a part of it, in order: those at the top, in `@graph`, and what they are about.
#[derive(Debug, Default)]
pub(super) struct Graph<'v> {
    /// All objects at the top or in a `@graph`, or the main entity of one.
    pub(super) tops: Vec<&'v Object>,
    /// Objects that say more than their name, by `@id`, sorted.
    named: Vec<(&'v str, &'v Object)>,
    /// All objects of the type `ImageObject`.
    pub(super) images: Vec<&'v Object>,
}

impl<'v> Graph<'v> {
    pub(super) fn new(values: &'v [Value]) -> Self {
        let mut graph = Self::default();
        // What is still to be looked at, with whether it is at the top; the last first, so pushed in reverse.
        let mut open: Vec<(&Value, bool)> = values.iter().rev().map(|value| (value, true)).collect();
        let mut count = 0;
        while let Some((value, is_top)) = open.pop() {
            match value {
                Value::Array(items) => open.extend(items.iter().rev().map(|item| (item, is_top))),
                Value::Object(object) => {
                    count += 1;
                    if count > MOST_OBJECTS {
                        break;
                    }
                    graph.add(object, is_top);
                    for (key, inner) in object.iter().rev() {
                        // A list of main entities is a list of questions and answers, not what the page is.
                        let leads_on = key == "@graph" || matches!(key.as_str(), "mainEntity" | "mainEntityOfPage") && inner.is_object();
                        open.push((inner, is_top && leads_on));
                    }
                }
                _ => {}
            }
        }
        graph.named.sort_by_key(|(id, _)| *id);
        graph
    }

    fn add(&mut self, object: &'v Object, is_top: bool) {
        if let Some(Value::String(id)) = object.get("@id")
            && object.len() > 1
        {
            self.named.push((id, object));
        }
        if is_top && !object.contains_key("@graph") {
            self.tops.push(object);
        }
        if types(object).any(|kind| kind == "ImageObject") {
            self.images.push(object);
        }
    }

    /// The object itself, or the one that it refers to by `@id`.
    pub(super) fn resolve(&self, object: &'v Object) -> &'v Object {
        let Some(Value::String(id)) = object.get("@id") else { return object };
        if object.len() > 2 {
            return object;
        }
        let from = self.named.partition_point(|(known, _)| *known < id.as_str());
        self.named.get(from).filter(|(known, _)| known == id).map_or(object, |&(_, object)| object)
    }

    /// The texts under a key: strings, and the names of objects; no more and no longer than can be of use.
    pub(super) fn texts(&self, object: &'v Object, key: &str) -> Vec<String> {
        let mut texts = Vec::new();
        let mut open: Vec<&Value> = object.get(key).into_iter().collect();
        let mut add = |text: &str| {
            if text.len() <= LONGEST {
                texts.push(text.to_owned());
            }
        };
        for _ in 0..MOST_TEXTS {
            let Some(value) = open.pop() else { break };
            match value {
                Value::String(text) => add(text),
                Value::Array(items) => open.extend(items.iter().take(MOST_TEXTS).rev()),
                Value::Object(inner) => {
                    let inner = self.resolve(inner);
                    let given = || Some(format!("{} {}", inner.get("givenName")?.as_str()?, inner.get("familyName")?.as_str()?));
                    match inner.get("name").or_else(|| inner.get("@value")) {
                        Some(Value::String(name)) => add(name),
                        Some(Value::Array(names)) => names.iter().take(MOST_TEXTS).filter_map(Value::as_str).for_each(&mut add),
                        _ => given().iter().for_each(|name| add(name)),
                    }
                }
                _ => {}
            }
        }
        texts
    }

    /// The first address under a key: a string, or the `url` of an object.
    pub(super) fn address(&self, object: &'v Object, key: &str) -> Option<String> {
        let mut value = object.get(key)?;
        for _ in 0..4 {
            match value {
                Value::String(text) => return (text.len() <= LONGEST).then(|| text.clone()),
                Value::Array(items) => value = items.first()?,
                Value::Object(inner) => {
                    let inner = self.resolve(inner);
                    value = inner.get("url").or_else(|| inner.get("contentUrl")).or_else(|| inner.get("@id"))?;
                }
                _ => return None,
            }
        }
        None
    }
}

/// The types of an object, without the address of the vocabulary.
pub(super) fn types(object: &Object) -> impl Iterator<Item = &str> {
    let (one, many) = match object.get("@type") {
        Some(Value::String(kind)) => (Some(kind.as_str()), None),
        Some(Value::Array(kinds)) => (None, Some(kinds.iter().filter_map(Value::as_str))),
        _ => (None, None),
    };
    one.into_iter().chain(many.into_iter().flatten()).map(|kind| kind.rsplit(['/', '#', ':']).next().unwrap_or(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Value>, String> {
        let mut values = Vec::new();
        parse(text, &mut values).map_err(|error| error.to_string())?;
        Ok(values)
    }

    #[test]
    fn broken_scripts_are_mended() {
        let name = |text: &str| read(text).expect(text)[0]["name"].as_str().expect(text).to_owned();
        let cases = [
            (r#"{"name": "A"}"#, "A"),
            ("<!-- {\"name\": \"A\"} -->", "A"),
            ("//<![CDATA[\n{\"name\": \"A\"}\n//]]>", "A"),
            ("{\"name\": \"A\nB\"}", "A\nB"),
            ("{\"name\": \"A\tB\u{1}\"}", "A\tB "),
            (r#"{"name": "A", }"#, "A"),
            (r#"{"name": "A", "list": [1, 2, ], }"#, "A"),
            (r#"{"name": "A",, "x": 1}"#, "A"),
            (r#"{"name": "it\'s"}"#, "it's"),
            (r#"{"name": "a\xb"}"#, "axb"),
            (
                r#"{/* c */ "name": "A" // c
             }"#,
                "A",
            ),
            (r#"{"name": "http://a // b"}"#, "http://a // b"),
            ("{&quot;name&quot;: &quot;A&quot;}", "A"),
            (r#"{"name": "A"};"#, "A"),
            (r#"{"name": "A"} {"name": "B"}"#, "A"),
        ];
        for (text, expected) in cases {
            assert_eq!(name(text), expected, "{text}");
        }
        assert_eq!(read(r#"[{"name": "A"} {"name": "B"}]"#).map(|values| values[0][1]["name"] == "B"), Ok(true));
        assert_eq!(read("  "), Ok(vec![]));
    }

    #[test]
    fn what_cannot_be_mended_is_an_error() {
        for text in ["{", "{\"name\": ", "name: 1", "\"\\", &"[".repeat(100_000), &"{\"a\":".repeat(100_000)] {
            assert!(read(text).is_err(), "{}", &text[..text.len().min(20)]);
        }
    }

    #[test]
    fn graphs_are_walked() {
        let values = read(
            r##"{"@graph": [{"@type": "WebPage", "mainEntity": {"@type": "https://schema.org/Question"}},
                {"@type": ["Article", "Thing"], "author": {"@id": "#p"}, "image": [{"@id": "#i"}],
                 "isPartOf": {"@type": "NewsArticle"}},
                {"@id": "#p", "@type": "Person", "name": "Ann Roe"},
                {"@id": "#i", "@type": "ImageObject", "url": "a.jpg"}]}"##,
        )
        .expect("it is right");
        let graph = Graph::new(&values);
        let kinds: Vec<_> = graph.tops.iter().map(|top| types(top).next().unwrap_or_default()).collect();
        assert_eq!(kinds, ["WebPage", "Question", "Article", "Person", "ImageObject"]);
        assert_eq!(graph.texts(graph.tops[2], "author"), ["Ann Roe"]);
        assert_eq!(graph.address(graph.tops[2], "image").as_deref(), Some("a.jpg"));
        assert_eq!(graph.images.len(), 1);
    }
}
