//! Blocks from plain text.
//!
//! Scrapers leave text in many forms: a line a paragraph, with or without blank lines between; lines wrapped at 72 columns, as mail
//! and wire copy are; everything on one line. A block is what its author would call a line or a paragraph, so wrapped lines are
//! joined and one giant line is split at sentence ends. The source is never changed: a block is a span of it.

use super::{Block, Standing};
use crate::span::ByteSpan;

/// Widest column at which mail and wire copy is wrapped.
const WIDEST_WRAP: usize = 100;

/// Narrowest column.
const NARROWEST_WRAP: usize = 40;

/// Pairs of lines that must look wrapped before a text counts as such.
const WRAPPED_PAIRS: usize = 5;

/// Bytes from which a text on one line is split into sentences.
const GIANT_LINE: usize = 1_000;

/// Splits `source` into blocks.
pub(super) fn blocks(source: &str) -> Vec<Block> {
    let lines = line_blocks(source);
    match lines.as_slice() {
        [only] if only.span.len() >= GIANT_LINE => sentences(source, only.span),
        _ => {
            let blocks = match wrap_width(source, &lines) {
                Some(width) => join_wrapped(source, &lines, width),
                None => lines,
            };
            with_own_paragraphs(blocks)
        }
    }
}

/// One block a line that is not blank. Lines end at LF, CR, form feed, vertical tab and the Unicode line and paragraph separators.
fn line_blocks(source: &str) -> Vec<Block> {
    // Prose runs to some 150 bytes a line, blank lines included.
    let mut blocks = Vec::with_capacity(source.len() / 128 + 4);
    let mut paragraph = 0;
    let mut blank = false;
    let mut start = 0;
    let bytes = source.as_bytes();
    let mut push = |from: usize, to: usize| {
        let text = &source[from..to];
        let trimmed = text.trim();
        if trimmed.is_empty() {
            blank = true;
            return;
        }
        if blank && !blocks.is_empty() {
            paragraph += 1;
        }
        blank = false;
        let begin = from + (text.len() - text.trim_start().len());
        blocks.push(Block { span: ByteSpan::new(begin, begin + trimmed.len()), paragraph, standing: Standing::Story });
    };
    let is_broken = has_rare_breaks(bytes);
    let mut line = |start: usize, end: usize| if is_broken { rare_breaks(source, start, end, &mut push) } else { push(start, end) };
    for newline in memchr::memchr_iter(b'\n', bytes) {
        line(start, if newline > start && bytes[newline - 1] == b'\r' { newline - 1 } else { newline });
        start = newline + 1;
    }
    line(start, source.len());
    blocks
}

/// Passes on the parts of a line between line ends other than LF.
fn rare_breaks(source: &str, start: usize, end: usize, push: &mut impl FnMut(usize, usize)) {
    let line = &source[start..end];
    if !has_rare_breaks(line.as_bytes()) {
        push(start, end);
        return;
    }
    let mut from = start;
    for (at, c) in line.char_indices() {
        if matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            push(from, start + at);
            from = start + at + c.len_utf8();
        }
    }
    push(from, end);
}

/// Whether a line end other than LF occurs.
fn has_rare_breaks(bytes: &[u8]) -> bool {
    memchr::memchr3(b'\r', 0x0c, 0x0b, bytes).is_some() || has_separator(bytes)
}

/// Whether U+2028, U+2029 or U+0085 occurs.
fn has_separator(bytes: &[u8]) -> bool {
    ["\u{2028}", "\u{2029}", "\u{85}"].iter().any(|separator| memchr::memmem::find(bytes, separator.as_bytes()).is_some())
}

/// The column at which the text was wrapped, if it was: nearly every line that goes on in the next one is so long that the next
/// word had no place on it.
fn wrap_width(source: &str, lines: &[Block]) -> Option<usize> {
    let pairs = || lines.windows(2).filter(|pair| pair[0].paragraph == pair[1].paragraph);
    let width = pairs().map(|pair| columns(source, pair[0])).max()?;
    if !(NARROWEST_WRAP..=WIDEST_WRAP).contains(&width) {
        return None;
    }
    let all = pairs().count();
    let full = pairs().filter(|pair| is_full(source, pair[0], pair[1], width)).count();
    (full >= WRAPPED_PAIRS && full * 10 >= all * 9).then_some(width)
}

/// Characters of a line.
fn columns(source: &str, line: Block) -> usize {
    // Lines too long to be wrapped are not counted to their end.
    line.span.of(source).chars().take(WIDEST_WRAP + 1).count()
}

/// Whether the first word of `next` had no place on `line`.
fn is_full(source: &str, line: Block, next: Block, width: usize) -> bool {
    let word = next.span.of(source).split_whitespace().next().map_or(0, |word| word.chars().take(WIDEST_WRAP).count());
    // Two columns of grace: some tools count a line end or break before a hyphen.
    columns(source, line) + 1 + word + 2 > width
}

/// Joins each full line with the one after it.
fn join_wrapped(source: &str, lines: &[Block], width: usize) -> Vec<Block> {
    let mut joined: Vec<Block> = Vec::with_capacity(lines.len() / 4);
    for (at, &line) in lines.iter().enumerate() {
        let goes_on = at > 0 && lines[at - 1].paragraph == line.paragraph && is_full(source, lines[at - 1], line, width);
        match joined.last_mut() {
            Some(last) if goes_on => last.span.end = line.span.end,
            _ => joined.push(line),
        }
    }
    joined
}

/// Where no blank line stands between any two blocks, blank lines tell nothing, and each block is a paragraph.
fn with_own_paragraphs(mut blocks: Vec<Block>) -> Vec<Block> {
    if blocks.last().is_some_and(|last| last.paragraph == 0) {
        blocks.iter_mut().zip(0..).for_each(|(block, paragraph)| block.paragraph = paragraph);
    }
    blocks
}

/// Splits a giant line after each sentence: a full stop, exclamation or question mark, closing quotes, a space, and then no small
/// letter; or a CJK full stop. All sentences are of one paragraph.
fn sentences(source: &str, line: ByteSpan) -> Vec<Block> {
    let text = line.of(source);
    let mut blocks = Vec::new();
    let mut start = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        match c {
            '。' | '！' | '？' | '.' | '!' | '?' | '…' => ended = true,
            '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '）' if ended => {}
            _ if c.is_whitespace() && ended => {
                let next = text[at..].trim_start();
                if next.starts_with(char::is_lowercase) {
                    ended = false;
                } else {
                    push_sentence(&mut blocks, line.start, text, start, at);
                    start = at + c.len_utf8();
                    ended = false;
                }
            }
            _ => {
                if ended && text[..at].ends_with(['。', '！', '？', '」']) {
                    push_sentence(&mut blocks, line.start, text, start, at);
                    start = at;
                }
                ended = false;
            }
        }
    }
    push_sentence(&mut blocks, line.start, text, start, text.len());
    blocks
}

/// Adds the sentence between two offsets of `text`, without the white space around it.
fn push_sentence(blocks: &mut Vec<Block>, base: usize, text: &str, from: usize, to: usize) {
    let part = &text[from..to];
    let trimmed = part.trim();
    if trimmed.is_empty() {
        return;
    }
    let start = base + from + (part.len() - part.trim_start().len());
    blocks.push(Block { span: ByteSpan::new(start, start + trimmed.len()), paragraph: 0, standing: Standing::Story });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<(&str, u32)> {
        blocks(source).into_iter().map(|block| (block.span.of(source), block.paragraph)).collect()
    }

    #[test]
    fn a_line_is_a_block_and_a_blank_line_ends_a_paragraph() {
        for source in ["a\nb\n\nc", "a\r\nb\r\n\r\nc\r\n", "a\rb\r\rc", "\n\n  a \n\tb\n \t \nc\n\n", "a\u{2028}b\u{2028}\u{2028}c"] {
            assert_eq!(texts(source), [("a", 0), ("b", 0), ("c", 1)], "{source:?}");
        }
        assert_eq!(texts(" \n\u{a0}\n"), []);
    }

    #[test]
    fn wrapped_lines_are_one_block() {
        let source = "Subject: the count\n\nThe votes were counted again on Friday, after the court had\nruled that the first count could not stand, and the result was\nthe same as before, the office said in a statement on Saturday.\n\nThe second paragraph of the wire copy also runs over more than\none line, so that the text as a whole looks wrapped at some\ncolumn near sixty, which is what the scraper was given to\nread, one line after another.\n\nAnd more.";
        let blocks = texts(source);
        assert_eq!(blocks.len(), 4);
        assert!(blocks[1].0.starts_with("The votes") && blocks[1].0.ends_with("Saturday."));
        assert_eq!(blocks[3].0, "And more.");
    }

    #[test]
    fn lists_of_short_lines_stay_lines() {
        let source = "Ingredients\nflour\nsugar\ntwo eggs\nmilk\nbutter\nsalt\nlemon";
        assert_eq!(texts(source).len(), 8);
    }

    #[test]
    fn a_giant_line_is_split_into_sentences() {
        let sentence = "The minister said on Monday that the talks with the U.S. delegation would go on. ";
        let source = sentence.repeat(20);
        let blocks = texts(&source);
        assert_eq!(blocks.len(), 20);
        assert!(blocks.iter().all(|&(text, paragraph)| text == sentence.trim() && paragraph == 0));
    }
}
