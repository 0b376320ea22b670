//! Raw text: what stands in `<script>`, `<style>`, `<title>` and the like, up to their end tag.

use memchr::{memchr, memchr2};

use super::{Text, Tokenizer, is_space, scan_text};
use crate::html::tree::{flag, offset};

/// The kinds of raw text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::html::parse) enum RawText {
    /// With character references: `title`, `textarea`.
    Rcdata,
    /// Without: `style`, `xmp`, `iframe`, `noembed`, `noframes`.
    Plain,
    /// Where a comment may hide an end tag.
    Script,
}

/// How deep in `<!-- <script>` a script is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hiding {
    None,
    /// In a comment.
    Comment,
    /// In a script in a comment, where `</script>` does not count.
    Script,
}

impl Tokenizer<'_> {
    /// Reads raw text up to the end tag `name`, which is the next token, or to the end of the page.
    pub(in crate::html::parse) fn raw_text(&mut self, kind: RawText, name: &str) -> Text {
        let start = self.at;
        let stop = match kind {
            RawText::Script => self.script_end(name),
            RawText::Rcdata | RawText::Plain => self.raw_text_end(name),
        };
        self.at = stop;
        // Scripts are long and seldom read: that they may have anything in them is enough.
        let flags = match kind {
            RawText::Rcdata => scan_text(&self.bytes[start..stop]),
            _ => flag::CR | flag::NUL | flag::INK,
        };
        Text { start: offset(start), stop: offset(stop), flags: flags | flag::SHOW_NUL }
    }

    /// Takes all that is left as text, as `<plaintext>` does.
    pub(in crate::html::parse) fn rest_as_text(&mut self, has_entities: bool) -> Text {
        let (start, stop) = (self.at, self.bytes.len());
        self.at = stop;
        let mut flags = scan_text(&self.bytes[start..stop]) | flag::SHOW_NUL;
        if !has_entities {
            flags &= !flag::ENTITY;
        }
        Text { start: offset(start), stop: offset(stop), flags }
    }

    fn raw_text_end(&self, name: &str) -> usize {
        let mut at = self.at;
        while let Some(ahead) = memchr(b'<', &self.bytes[at..]) {
            at += ahead;
            if self.is_tag(at, b"</", name) {
                return at;
            }
            at += 1;
        }
        self.bytes.len()
    }

    fn script_end(&self, name: &str) -> usize {
        let mut hiding = Hiding::None;
        let mut at = self.at;
        loop {
            let rest = &self.bytes[at..];
            let found = match hiding {
                Hiding::None => memchr(b'<', rest),
                _ => memchr2(b'<', b'-', rest),
            };
            let Some(ahead) = found else {
                return self.bytes.len();
            };
            at += ahead;
            let rest = &self.bytes[at..];
            match hiding {
                Hiding::None if rest.starts_with(b"<!--") => {
                    hiding = Hiding::Comment;
                    // The two dashes may be those of a `-->` as well.
                    at += 2;
                    continue;
                }
                Hiding::None | Hiding::Comment if self.is_tag(at, b"</", name) => return at,
                Hiding::Comment if self.is_tag(at, b"<", "script") => hiding = Hiding::Script,
                Hiding::Script if self.is_tag(at, b"</", "script") => hiding = Hiding::Comment,
                Hiding::Comment | Hiding::Script if rest.starts_with(b"-->") => {
                    hiding = Hiding::None;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Whether the tag `name` starts at `at`, in any case and with its name ended.
    #[inline]
    fn is_tag(&self, at: usize, start: &[u8], name: &str) -> bool {
        let Some(rest) = self.bytes[at..].strip_prefix(start) else {
            return false;
        };
        let Some(end) = rest.get(name.len()) else {
            return false;
        };
        (is_space(*end) || matches!(end, b'/' | b'>')) && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
    }
}
