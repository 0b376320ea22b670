//! What begins with `<!` and `<?`: comments with all their odd endings, document types, CDATA.

use memchr::memchr;
use memchr::memmem;

use super::{Span, Text, Token, Tokenizer, scan_text};
use crate::html::tree::{flag, offset};

impl Tokenizer<'_> {
    /// Reads what starts with `<!`; an empty CDATA section is no token at all.
    pub(super) fn declaration(&mut self, is_cdata_allowed: bool) -> Option<Token> {
        let start = self.at;
        let rest = &self.bytes[start + 2..];
        if rest.starts_with(b"--") {
            return Some(self.comment(start + 4));
        }
        if rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype")) {
            // Even inside quotes a `>` ends the declaration.
            let stop = memchr(b'>', rest).map_or(self.bytes.len(), |at| start + 2 + at + 1);
            self.at = stop;
            return Some(Token::Doctype(Span { start: offset(start), stop: offset(stop) }));
        }
        if is_cdata_allowed && rest.starts_with(b"[CDATA[") {
            return self.cdata(start + 2 + 7);
        }
        Some(self.bogus_comment(start + 2))
    }

    /// A comment whose content starts at `start`.
    fn comment(&mut self, start: usize) -> Token {
        let rest = &self.bytes[start..];
        let (stop, next) = if rest.starts_with(b">") {
            (start, start + 1)
        } else if rest.starts_with(b"->") {
            (start, start + 2)
        } else {
            self.comment_end(start)
        };
        self.at = next;
        Token::Comment(Span { start: offset(start), stop: offset(stop) })
    }

    /// Finds `-->` or `--!>`; at the end of the page, what there is of them is cut off.
    fn comment_end(&self, start: usize) -> (usize, usize) {
        let mut at = start;
        while let Some(ahead) = memmem::find(&self.bytes[at..], b"--") {
            // `--->` ends with the last two dashes of its row.
            let dashes = &self.bytes[at + ahead..];
            let row = dashes.iter().position(|&b| b != b'-').unwrap_or(dashes.len());
            let stop = at + ahead + row - 2;
            match self.bytes.get(stop + 2..) {
                Some([b'>', ..]) => return (stop, stop + 3),
                Some([b'!', b'>', ..]) => return (stop, stop + 4),
                _ => at = stop + 2,
            }
        }
        let rest = &self.bytes[start..];
        let unfinished: [&[u8]; 3] = [b"--!", b"--", b"-"];
        let cut = unfinished.iter().find(|end| rest.ends_with(end)).map_or(0, |end| end.len());
        (self.bytes.len() - cut, self.bytes.len())
    }

    /// A comment that was not meant as one; it ends at the first `>`.
    pub(super) fn bogus_comment(&mut self, start: usize) -> Token {
        let stop = memchr(b'>', &self.bytes[start..]).map_or(self.bytes.len(), |at| start + at);
        self.at = (stop + 1).min(self.bytes.len());
        Token::Comment(Span { start: offset(start), stop: offset(stop) })
    }

    /// The text of a CDATA section.
    pub(super) fn cdata(&mut self, start: usize) -> Option<Token> {
        let end = memmem::find(&self.bytes[start..], b"]]>");
        let stop = end.map_or(self.bytes.len(), |at| start + at);
        self.at = (stop + 3).min(self.bytes.len());
        let flags = scan_text(&self.bytes[start..stop]) & !flag::ENTITY;
        let text = Text { start: offset(start), stop: offset(stop), flags };
        (start < stop).then_some(Token::Text(text))
    }
}
