//! What a file holds: told by its first bytes, then by its name.

use std::ffi::OsStr;
use std::path::Path;

use super::compress::Compression;

/// Bytes that are looked at.
pub(super) const HEAD: usize = 4096;

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One article of plain text.
    Text,
    /// One web page.
    Html,
    /// One JSON object a line.
    JsonLines,
    /// An array of JSON objects, or objects one after the other over any number of lines.
    Json,
    /// Comma-separated values with a line of names; semicolons do as well.
    Csv,
    /// The same with tabs.
    Tsv,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A WARC or WET archive.
    Warc,
    /// Apache Parquet.
    Parquet,
}

impl Form {
    /// Names that files of a form have.
    const NAMED: [(&'static str, Self); 22] = [
        ("jsonl", Self::JsonLines),
        ("ndjson", Self::JsonLines),
        ("jl", Self::JsonLines),
        ("json", Self::Json),
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("tab", Self::Tsv),
        ("rss", Self::Feed),
        ("atom", Self::Feed),
        ("rdf", Self::Feed),
        ("xml", Self::Feed),
        ("warc", Self::Warc),
        ("wet", Self::Warc),
        ("parquet", Self::Parquet),
        ("html", Self::Html),
        ("htm", Self::Html),
        ("xhtml", Self::Html),
        ("shtml", Self::Html),
        ("txt", Self::Text),
        ("text", Self::Text),
        ("md", Self::Text),
        ("markdown", Self::Text),
    ];

    /// What a file's name says, whatever it is compressed with.
    pub fn of_name(path: &Path) -> Option<Self> {
        let extension = Compression::of_name(path).1.extension().and_then(OsStr::to_str)?.to_ascii_lowercase();
        Self::NAMED.iter().find(|(name, _)| *name == extension).map(|&(_, form)| form)
    }

    /// What a file is by its first bytes, unpacked, and its name.
    ///
    /// ```
    /// use copydesk::io::Form;
    /// assert_eq!(Form::of(b"{\"text\": \"a\"}\n", "in".as_ref()), Form::JsonLines);
    /// assert_eq!(Form::of(b"<?xml version='1.0'?><rss version='2.0'>", "in".as_ref()), Form::Feed);
    /// assert_eq!(Form::of(b"a,b\n1,2\n", "in.csv".as_ref()), Form::Csv);
    /// assert_eq!(Form::of(b"A story.", "in".as_ref()), Form::Text);
    /// ```
    pub fn of(head: &[u8], path: &Path) -> Self {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        match head {
            [b'P', b'A', b'R', b'1', ..] => return Self::Parquet,
            [b'W', b'A', b'R', b'C', b'/', b'0'..=b'9', ..] => return Self::Warc,
            _ => {}
        }
        match Self::of_name(path) {
            // A name that says one of several things.
            Some(Self::Json) => Self::of_json(head),
            Some(Self::Feed) if head.first() == Some(&b'<') => Self::of_markup(head).unwrap_or(Self::Feed),
            Some(form) => form,
            None => match head.first() {
                Some(b'{') => Self::of_json(head),
                // A line in brackets is no array.
                Some(b'[') if matches!(head[1..].trim_ascii_start().first(), Some(b'{' | b']')) => Self::Json,
                Some(b'<') => Self::of_markup(head).unwrap_or(Self::Text),
                _ => Self::Text,
            },
        }
    }

    fn of_json(head: &[u8]) -> Self {
        if memchr::memmem::find(head, b"jsonfeed.org/version").is_some() {
            return Self::Feed;
        }
        match head {
            // An array, or an object that goes over several lines.
            [b'[', ..] | [b'{', b'\n' | b'\r', ..] => Self::Json,
            _ => Self::JsonLines,
        }
    }

    fn of_markup(head: &[u8]) -> Option<Self> {
        let head = String::from_utf8_lossy(head).to_ascii_lowercase();
        let at = |words: &[&str]| words.iter().filter_map(|word| head.find(word)).min();
        match (at(&["<rss", "<feed", "<rdf:rdf"]), at(&["<!doctype html", "<html", "<head", "<body"])) {
            (Some(feed), page) if page.is_none_or(|page| feed < page) => Some(Self::Feed),
            (_, Some(_)) => Some(Self::Html),
            _ => None,
        }
    }
}

/// Whether more bytes than these are needed to tell what they are.
pub(super) fn needs_more(head: &[u8]) -> bool {
    match head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start() {
        [] | [b'[' | b'{'] => true,
        [b'<', ..] => head.len() < 512,
        _ => head.len() < 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(head: &str, name: &str) -> Form {
        Form::of(head.as_bytes(), Path::new(name))
    }

    #[test]
    fn first_bytes_count_before_names_and_names_before_looks() {
        assert_eq!(form("WARC/1.0\r\n", "in.txt"), Form::Warc);
        assert_eq!(form("PAR1", "-"), Form::Parquet);
        assert_eq!(form("<html>", "in.txt"), Form::Text);
        assert_eq!(form("{", "in.txt"), Form::Text);
        assert_eq!(form("a;b", "in.TSV.gz"), Form::Tsv);
    }

    #[test]
    fn json_is_lines_an_array_or_a_feed() {
        assert_eq!(form("{\"a\":1}\n", "in.json"), Form::JsonLines);
        assert_eq!(form("\u{feff} [\n{", "in.json"), Form::Json);
        assert_eq!(form("[ {", "-"), Form::Json);
        assert_eq!(form("[Advertisement]", "-"), Form::Text);
        assert_eq!(form("{\n  \"a\": 1", "-"), Form::Json);
        assert_eq!(form("{\"version\": \"https://jsonfeed.org/version/1.1\"", "-"), Form::Feed);
    }

    #[test]
    fn markup_is_a_feed_a_page_or_text() {
        assert_eq!(form("<?xml?><feed xmlns='http://www.w3.org/2005/Atom'>", "-"), Form::Feed);
        assert_eq!(form("<!-- x --><!DOCTYPE html><p>", "-"), Form::Html);
        assert_eq!(form("<!DOCTYPE html><p>", "in.xml"), Form::Html);
        assert_eq!(form("<sigh> he said", "-"), Form::Text);
    }
}
