//! White space at the start of texts, written as such or as references.
//!
//! Before the body, in tables and in framesets white space is one thing and other text another. A
//! run of text is one token here, so these places split it; and since references are not decoded
//! while parsing, `&#32;` must be known for a space.

use super::Builder;
use crate::html::entities;
use crate::html::parse::tokenizer::{Text, is_space};
use crate::html::tree::{flag, offset};

impl Builder<'_> {
    /// The length of the line feed that a text starts with.
    pub(super) fn newline_length(&self, text: &Text) -> usize {
        let rest = self.text_of(text);
        match rest.as_bytes() {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            [b'&', ..] if text.flags & flag::ENTITY != 0 => {
                entities::read(rest, false).filter(|reference| reference.as_space() == Some('\n')).map_or(0, |reference| reference.length)
            }
            _ => 0,
        }
    }

    /// Splits the white space off a text's start, as spans and as references.
    pub(super) fn split_space(&self, text: &mut Text) -> Text {
        let source = self.text_of(text);
        let bytes = source.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if is_space(byte) {
                at += 1;
            } else if byte == b'&' && text.flags & flag::ENTITY != 0 {
                match entities::read(&source[at..], false) {
                    Some(reference) if reference.as_space().is_some() => at += reference.length,
                    _ => break,
                }
            } else {
                break;
            }
        }
        let border = text.start + offset(at);
        let space = Text { stop: border, ..*text };
        text.start = border;
        space
    }

    /// Whether a text is nothing but white space.
    pub(super) fn is_all_space(&self, text: &Text) -> bool {
        if text.flags & (flag::ENTITY | flag::NUL) == 0 {
            return text.flags & flag::INK == 0;
        }
        let mut rest = *text;
        self.split_space(&mut rest);
        rest.start == rest.stop
    }

    /// Whether a text has a character that rules out framesets: neither white space nor NUL.
    pub(super) fn rules_out_frameset(&self, text: &Text) -> bool {
        if text.flags & flag::INK == 0 {
            return false;
        }
        let mut rest = *text;
        loop {
            self.split_space(&mut rest);
            if self.text_of(&rest).as_bytes().first() != Some(&0) {
                return rest.start != rest.stop;
            }
            rest.start += 1;
        }
    }
}
