//! One line of text while it is being put together.

use crate::html::tree::NodeId;

/// What stands between two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Border {
    /// Nothing yet.
    None,
    /// The next line is of the same paragraph.
    Line,
    /// The next line is of another.
    Paragraph,
}

/// White space that is owed: written only if more text follows on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// None.
    None,
    /// A space.
    Space,
    /// The border of two cells.
    Tab,
}

/// The line at the end of the text; a line has at least one visible character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Where it starts in the text.
    pub(super) start: usize,
    pub(super) first: NodeId,
    pub(super) last: NodeId,
    pub(super) link_bytes: usize,
    pub(super) gap: Gap,
}

impl Line {
    pub(super) fn new(start: usize, first: NodeId) -> Self {
        Self { start, first, last: first, link_bytes: 0, gap: Gap::None }
    }

    /// Adds inline text with its white space collapsed.
    pub(super) fn push(&mut self, text: &mut String, content: &str, id: NodeId, is_link: bool) {
        let before = text.len();
        let inner = content.trim_ascii();
        let mut rest = content;
        if !inner.is_empty() && is_collapsed(inner.as_bytes()) {
            // The common case in one piece; what is left is white space.
            let start = inner.as_ptr() as usize - content.as_ptr() as usize;
            if start > 0 {
                self.owe(Gap::Space);
            }
            self.push_word(text, inner);
            rest = &content[start + inner.len()..];
        }
        loop {
            let word = rest.trim_ascii_start();
            if word.len() < rest.len() {
                self.owe(Gap::Space);
            }
            if word.is_empty() {
                break;
            }
            let end = word.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(word.len());
            self.push_word(text, &word[..end]);
            rest = &word[end..];
        }
        self.note(id, is_link, text.len() - before);
    }

    /// Adds text as it stands.
    pub(super) fn push_pre(&mut self, text: &mut String, content: &str, id: NodeId, is_link: bool) {
        self.pay(text);
        text.push_str(content);
        self.note(id, is_link, content.len());
    }

    pub(super) fn owe(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn push_word(&mut self, text: &mut String, word: &str) {
        self.pay(text);
        text.push_str(word);
    }

    fn pay(&mut self, text: &mut String) {
        let gap = std::mem::replace(&mut self.gap, Gap::None);
        match gap {
            _ if text.len() == self.start => {}
            Gap::None => {}
            Gap::Space => text.push(' '),
            Gap::Tab => text.push('\t'),
        }
    }

    fn note(&mut self, id: NodeId, is_link: bool, bytes: usize) {
        if bytes > 0 {
            self.last = id;
        }
        if is_link {
            self.link_bytes += bytes;
        }
    }
}

/// Says whether a text without white space around it has no other inside than single spaces, which is how most text is written.
fn is_collapsed(bytes: &[u8]) -> bool {
    const STEP: usize = 16;
    let is_odd = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r');
    let are_spaces = |one: u8, two: u8| [one, two] == *b"  ";
    let mut at = 0;
    // A step looks one byte ahead, so that a pair of spaces across the border of two steps is seen.
    while let Some(window) = bytes.get(at..=at + STEP) {
        let found = (0..STEP).fold(false, |found, i| found | is_odd(window[i]) | are_spaces(window[i], window[i + 1]));
        if found {
            return false;
        }
        at += STEP;
    }
    let rest = &bytes[at..];
    !rest.iter().any(|&byte| is_odd(byte)) && !rest.windows(2).any(|two| are_spaces(two[0], two[1]))
}

/// Says whether nobody would see this character: white space of any kind, and characters without width.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' | '\u{202A}'..='\u{202E}' | '\u{180E}')
}

/// Returns what is left of `content` for the start of a line, or nothing where it has no visible character.
pub(super) fn from_first_ink(content: &str, is_pre: bool) -> Option<&str> {
    let ink = content.find(|c| !is_blank(c))?;
    // The first line of a listing keeps its indentation.
    let start = if is_pre { content[..ink].rfind('\n').map_or(0, |at| at + 1) } else { ink };
    Some(&content[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_in_at_once_or_word_by_word_alike() {
        for white in [" ", "  ", "\n", " \t", "\u{A0}"] {
            for words in 1..12 {
                for (lead, trail) in [("", ""), (white, ""), ("", white), (" ", "\n ")] {
                    let content = format!("{lead}{}{trail}", vec!["Häfen"; words].join(white));
                    let mut text = String::from("|");
                    let mut line = Line::new(0, NodeId::ROOT);
                    line.push(&mut text, &content, NodeId::ROOT, true);
                    let collapsed: Vec<&str> = content.split_ascii_whitespace().collect();
                    let gap = if content.starts_with(|c: char| c.is_ascii_whitespace()) { " " } else { "" };
                    assert_eq!(text, format!("|{gap}{}", collapsed.join(" ")), "{content:?}");
                    assert_eq!(line.gap == Gap::Space, content.ends_with(|c: char| c.is_ascii_whitespace()), "{content:?}");
                }
            }
        }
    }
}
