//! The inside of a tag: names, values, and what people write instead.

use super::words::{find_near, is_verbatim};
use super::{NAME, Tokenizer, is_space};
use crate::html::names::Attr;
use crate::html::tree::{AttrSpan, flag, fold_name, offset};

/// How many attributes of one element are kept. No page needs a tenth of it, and a bound keeps the
/// search for duplicates short.
pub(in crate::html::parse) const MAX_ATTRIBUTES: usize = 256;

/// The value of an attribute as a span.
type Value = std::ops::Range<usize>;

impl Tokenizer<'_> {
    /// Reads from behind a tag's name to behind its `>`; says whether it closes itself, or nothing
    /// if the page ends first.
    pub(super) fn attributes(&mut self, mut at: usize, attrs: &mut Vec<AttrSpan>) -> Option<bool> {
        let first = attrs.len();
        // Until the tag is over, the end of the page means that there is no tag.
        self.at = self.bytes.len();
        let end = loop {
            let Some(&byte) = self.bytes.get(at) else {
                break None;
            };
            match byte {
                b'>' => break Some((at + 1, false)),
                b'/' if self.bytes.get(at + 1) == Some(&b'>') => break Some((at + 2, true)),
                b'/' => at += 1,
                _ if is_space(byte) => at += 1,
                _ => match self.attribute(at, first, attrs) {
                    Some(next) => at = next,
                    None => break None,
                },
            }
        };
        let Some((stop, is_self_closing)) = end else {
            attrs.truncate(first);
            return None;
        };
        self.at = stop;
        Some(is_self_closing)
    }

    /// Reads one attribute and returns the position behind it.
    #[inline]
    fn attribute(&mut self, start: usize, first: usize, attrs: &mut Vec<AttrSpan>) -> Option<usize> {
        let (name_stop, packed) = self.attribute_name(start)?;
        let (value, at) = self.attribute_value(name_stop)?;
        let name = &self.bytes[start..name_stop];
        let known = Attr::find(packed, name);
        if attrs.len() - first >= MAX_ATTRIBUTES {
            return Some(at);
        }
        let is_new = match known {
            Attr::Unknown => self.is_new_name(name, &attrs[first..]),
            // An attribute was seen in this tag if it was last seen in a tag that starts here.
            known => std::mem::replace(&mut self.last_seen[known as usize], self.tag_start) != self.tag_start,
        };
        if is_new {
            // What nearly every reader of a page asks for, and more than once.
            let is_asked_for = matches!(known, Attr::Class | Attr::Id | Attr::Itemprop | Attr::Style | Attr::Role | Attr::DataTestid);
            let is_verbatim = is_asked_for && is_verbatim(&self.bytes[value.clone()]);
            attrs.push(AttrSpan {
                name: known,
                flags: if is_verbatim { flag::VERBATIM } else { 0 },
                name_len: u16::try_from(name.len()).unwrap_or_else(|_| self.cut_name(start)),
                name_start: offset(start),
                value_start: offset(value.start),
                value_stop: offset(value.end),
            });
        }
        Some(at)
    }

    /// Finds the end of a name. Its first byte may be a `=`.
    #[inline]
    fn attribute_name(&self, start: usize) -> Option<(usize, u64)> {
        let mut packed = u64::from(NAME[self.bytes[start] as usize]);
        for (ahead, &byte) in self.bytes[start + 1..].iter().enumerate() {
            let lower = NAME[byte as usize];
            if lower == 0 || byte == b'=' {
                return Some((start + 1 + ahead, packed));
            }
            packed = (packed << 8) | u64::from(lower);
        }
        None
    }

    /// Reads what follows a name: a value, if there is a `=`.
    #[inline]
    fn attribute_value(&self, name_stop: usize) -> Option<(Value, usize)> {
        let mut at = name_stop;
        if *self.bytes.get(at)? != b'=' {
            at = self.skip_space(at)?;
            if self.bytes[at] != b'=' {
                return Some((name_stop..name_stop, at));
            }
        }
        at += 1;
        if is_space(*self.bytes.get(at)?) {
            at = self.skip_space(at)?;
        }
        match self.bytes[at] {
            quote @ (b'"' | b'\'') => {
                let start = at + 1;
                let stop = start + find_near(quote, &self.bytes[start..])?;
                Some((start..stop, stop + 1))
            }
            b'>' => Some((at..at, at)),
            _ => {
                let ends = |&b: &u8| b == b'>' || is_space(b);
                let stop = at + self.bytes[at..].iter().position(ends)?;
                Some((at..stop, stop))
            }
        }
    }

    fn skip_space(&self, at: usize) -> Option<usize> {
        Some(at + self.bytes.get(at..)?.iter().position(|&b| !is_space(b))?)
    }

    /// Whether an unlisted name is the first of its kind; the second is dropped.
    fn is_new_name(&self, name: &[u8], attrs: &[AttrSpan]) -> bool {
        if memchr::memchr2(0, 0xEF, name).is_some() {
            return self.is_new_odd_name(name, attrs);
        }
        attrs.iter().all(|attr| {
            attr.name != Attr::Unknown
                || usize::from(attr.name_len) != name.len()
                || !self.bytes[attr.name_start as usize..][..name.len()].eq_ignore_ascii_case(name)
        })
    }

    /// The same for a name with a NUL, which becomes U+FFFD: names may be one that are written in several ways.
    #[cold]
    fn is_new_odd_name(&self, name: &[u8], attrs: &[AttrSpan]) -> bool {
        let folded = |name: &[u8]| fold_name(&String::from_utf8_lossy(name)).into_owned();
        let name = folded(name);
        attrs.iter().all(|attr| {
            let start = attr.name_start as usize;
            attr.name != Attr::Unknown || folded(&self.bytes[start..start + usize::from(attr.name_len)]) != name
        })
    }

    /// The length that is left of a name of 64 KiB or more, so that it ends between characters.
    #[cold]
    fn cut_name(&self, start: usize) -> u16 {
        let longest = usize::from(u16::MAX);
        let stop = (start..=start + longest).rev().find(|&at| self.source.is_char_boundary(at));
        stop.and_then(|stop| u16::try_from(stop - start).ok()).unwrap_or(0)
    }
}
