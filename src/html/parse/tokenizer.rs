//! From the page to tokens, without copying a byte.
//!
//! A token is spans of the source. The scanner steps from `<` to `<` with `memchr` and looks at single
//! bytes only inside tags; script, style, comments and quoted values are jumped over. All the states
//! of the standard are here, but as places in straight-line code: that a comment may end with `--!>`
//! is one more needle to look for, not another state.
//!
//! What the tree builder must decide is asked of it: whether `<![CDATA[` is what it says (only
//! inside SVG and `MathML`), and when raw text begins.

mod attributes;
mod markup;
mod raw;
mod words;

#[cfg(test)]
mod html5lib;

pub(super) use attributes::MAX_ATTRIBUTES;
pub(super) use raw::RawText;
use words::blank_until_tag;

use memchr::memchr;

use crate::html::names::{Attr, Tag};
use crate::html::tree::{AttrSpan, NONE, flag, offset};

/// A run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) start: u32,
    pub(super) stop: u32,
    /// Of [`flag`]: what occurs in it.
    pub(super) flags: u16,
}

/// A start or an end tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TagToken {
    pub(super) tag: Tag,
    pub(super) is_self_closing: bool,
    /// From its `<` ...
    pub(super) start: u32,
    /// ... to behind its `>`.
    pub(super) stop: u32,
    /// Where its name ends; it starts behind `<` or `</`.
    pub(super) name_stop: u32,
    /// Index of its first attribute, or [`NONE`].
    pub(super) attrs: u32,
}

/// A comment's content or a whole document type declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) stop: u32,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Text(Text),
    Start(TagToken),
    End(TagToken),
    Comment(Span),
    Doctype(Span),
    Eof,
}

/// A place in a page.
#[derive(Debug)]
pub(super) struct Tokenizer<'s> {
    source: &'s str,
    bytes: &'s [u8],
    at: usize,
    /// Where the tag starts whose attributes are being read.
    tag_start: u32,
    /// Where the tag started that each known attribute was last seen in.
    last_seen: [u32; Attr::COUNT],
}

/// Bytes of names: 0 ends the name of a tag, anything else is the byte in lower case.
static NAME: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    loop {
        if !crate::html::names::is_name_end(byte) {
            // A NUL is part of a name, though of none that we know.
            table[byte as usize] = if byte == 0 { 1 } else { byte.to_ascii_lowercase() };
        }
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

/// What a byte of a text is; of [`flag`].
static TEXT: [u16; 256] = {
    let mut table = [flag::INK; 256];
    table[b'\t' as usize] = 0;
    table[b'\n' as usize] = 0;
    table[b'\x0C' as usize] = 0;
    table[b' ' as usize] = 0;
    table[b'\r' as usize] = flag::CR;
    table[b'&' as usize] = flag::INK | flag::ENTITY;
    table[0] = flag::NUL;
    table
};

/// White space of HTML.
#[inline]
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ')
}

impl<'s> Tokenizer<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        let bytes = source.as_bytes();
        Self { source, bytes, at: 0, tag_start: NONE, last_seen: [NONE; Attr::COUNT] }
    }

    /// Skips a byte order mark, which is no part of the page.
    pub(super) fn skip_byte_order_mark(&mut self) {
        if self.source.starts_with('\u{FEFF}') {
            self.at = '\u{FEFF}'.len_utf8();
        }
    }

    pub(super) fn source(&self) -> &'s str {
        self.source
    }

    /// Reads the next token. The attributes of a start tag are added to `attrs`; `<![CDATA[` is a
    /// comment unless `is_cdata_allowed`.
    #[inline]
    pub(super) fn next(&mut self, attrs: &mut Vec<AttrSpan>, is_cdata_allowed: bool) -> Token {
        loop {
            let start = self.at;
            let Some(&first) = self.bytes.get(start) else {
                return Token::Eof;
            };
            if first != b'<' {
                return self.text(start);
            }
            let token = match self.bytes.get(start + 1) {
                Some(b) if b.is_ascii_alphabetic() => self.start_tag(attrs),
                Some(b'/') => match self.bytes.get(start + 2) {
                    Some(b) if b.is_ascii_alphabetic() => self.end_tag(attrs),
                    Some(b'>') => {
                        self.at = start + 3;
                        None
                    }
                    Some(_) => Some(self.bogus_comment(start + 2)),
                    None => return self.text(start),
                },
                Some(b'!') => self.declaration(is_cdata_allowed),
                Some(b'?') => Some(self.bogus_comment(start + 1)),
                _ => return self.text(start),
            };
            if let Some(token) = token {
                return token;
            }
        }
    }

    /// Text from `start`, which is no markup even if it is a `<`, to the next markup.
    #[inline]
    fn text(&mut self, start: usize) -> Token {
        if let Some(blank) = blank_until_tag(&self.bytes[start..])
            && blank > 0
            && self.is_markup(start + blank)
        {
            return self.text_token(start, start + blank, 0);
        }
        let mut from = start + 1;
        let stop = loop {
            match self.bytes.get(from..).and_then(|rest| memchr(b'<', rest)) {
                None => break self.bytes.len(),
                Some(ahead) if self.is_markup(from + ahead) => break from + ahead,
                Some(ahead) => from += ahead + 1,
            }
        };
        let flags = scan_text(&self.bytes[start..stop]);
        self.text_token(start, stop, flags)
    }

    #[inline]
    fn text_token(&mut self, start: usize, stop: usize, flags: u16) -> Token {
        self.at = stop;
        Token::Text(Text { start: offset(start), stop: offset(stop), flags })
    }

    /// Whether the `<` at `at` starts something other than text.
    #[inline]
    fn is_markup(&self, at: usize) -> bool {
        match self.bytes.get(at + 1) {
            Some(b'/') => at + 2 < self.bytes.len(),
            Some(&b) => b.is_ascii_alphabetic() || b == b'!' || b == b'?',
            None => false,
        }
    }

    /// A start tag, or nothing if the page ends in it.
    #[inline]
    fn start_tag(&mut self, attrs: &mut Vec<AttrSpan>) -> Option<Token> {
        let first = attrs.len();
        let mut tag = self.tag(self.at + 1, attrs)?;
        if let Some(last) = attrs[first..].last_mut() {
            last.flags |= flag::LAST;
            tag.attrs = offset(first);
        }
        Some(Token::Start(tag))
    }

    /// An end tag, or nothing if the page ends in it. What attributes it has nobody wants.
    #[inline]
    fn end_tag(&mut self, attrs: &mut Vec<AttrSpan>) -> Option<Token> {
        let first = attrs.len();
        let tag = self.tag(self.at + 2, attrs);
        attrs.truncate(first);
        Some(Token::End(tag?))
    }

    /// Reads a tag whose name starts at `name_start`.
    #[inline]
    fn tag(&mut self, name_start: usize, attrs: &mut Vec<AttrSpan>) -> Option<TagToken> {
        let start = self.at;
        let mut packed = 0_u64;
        let mut at = name_start;
        let end = loop {
            let Some(&byte) = self.bytes.get(at) else {
                self.at = at;
                return None;
            };
            let lower = NAME[byte as usize];
            if lower == 0 {
                break byte;
            }
            packed = packed << 8 | u64::from(lower);
            at += 1;
        };
        let tag = Tag::find(packed, &self.bytes[name_start..at]);
        let name_stop = offset(at);
        let mut is_self_closing = false;
        self.tag_start = offset(start);
        if end == b'>' {
            self.at = at + 1;
        } else {
            is_self_closing = self.attributes(at, attrs)?;
        }
        let stop = offset(self.at);
        Some(TagToken { tag, is_self_closing, start: offset(start), stop, name_stop, attrs: NONE })
    }
}

/// Notes what occurs in a text; of [`flag`].
#[inline]
pub(super) fn scan_text(bytes: &[u8]) -> u16 {
    let (chunks, rest) = bytes.as_chunks::<32>();
    let mut found = 0_u8;
    // Written so that the compiler can take a whole chunk at a time.
    for byte in chunks.as_flattened() {
        let is_ink = *byte > b' ' || !matches!(byte, 0 | 9 | 10 | 12 | 13 | 32);
        found |= u8::from(*byte == b'&') | (u8::from(*byte == b'\r') << 1) | (u8::from(*byte == 0) << 2) | (u8::from(is_ink) << 3);
    }
    rest.iter().fold(u16::from(found), |found, &byte| found | TEXT[byte as usize])
}

const _: () = assert!(flag::ENTITY == 1 && flag::CR == 2 && flag::NUL == 4 && flag::INK == 8);
