//! Emphasis, code and links within a line.
//!
//! A `*` marks something only where white space and punctuation around it allow it: `**Note:**text` is no emphasis. Where they don't, the
//! mark is left out and the text stays.

use unicode_normalization::char::is_combining_mark;

use super::escape;
use crate::document::Style;
use crate::render::emphasis::{Mark, Token, tokens};
use crate::render::story::Stretch;

/// Where a line stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) in_heading: bool,
    pub(super) in_cell: bool,
    /// The line is a term, which is strong as a whole.
    pub(super) is_term: bool,
}

/// A line of Markdown.
pub(super) fn line(line: &[Stretch<'_>], place: Place) -> String {
    let not_marked = Style::ABOVE.with(Style::BELOW);
    let without = if place.in_heading || place.is_term { not_marked.with(Style::STRONG) } else { not_marked };
    // Within code nothing is marked, and code spans must not touch. A bracket in the code of a link might end the link's text.
    let plain_code = |stretch: &Stretch<'_>| {
        let is_bracketed = stretch.link.is_some() && stretch.text.contains(['[', ']']);
        match stretch.style {
            style if !style.has(Style::CODE) => style,
            _ if is_bracketed => Style::default(),
            _ => Style::CODE,
        }
    };
    let line: Vec<_> = line.iter().map(|stretch| Stretch { style: plain_code(stretch), ..*stretch }).collect();
    let mut tokens = tokens(&line, without);
    if place.is_term {
        tokens.insert(0, Token::Open(Mark::Style(Style::STRONG)));
        tokens.push(Token::Close(Mark::Style(Style::STRONG)));
    }
    let works = working(&tokens);
    let mut out = String::new();
    // What has been read of a code span, white space between its parts included.
    let mut code: Option<String> = None;
    for (token, works) in tokens.iter().zip(works) {
        match token {
            Token::Text(text) => match &mut code {
                Some(code) => code.push_str(text),
                None => escape::push(&mut out, text, place.in_cell),
            },
            Token::Open(Mark::Style(Style::CODE)) => code = Some(String::new()),
            Token::Close(Mark::Style(Style::CODE)) => push_code(&mut out, &code.take().unwrap_or_default(), place),
            Token::Open(Mark::Link(_)) => out.push('['),
            Token::Close(Mark::Link(target)) => {
                out.push_str("](");
                out.push_str(&escape::address(target.address, place.in_cell));
                out.push(')');
            }
            Token::Open(Mark::Style(style)) | Token::Close(Mark::Style(style)) if works => out.push_str(sign(*style)),
            Token::Open(_) | Token::Close(_) => {}
        }
    }
    out
}

fn sign(style: Style) -> &'static str {
    match style {
        Style::STRONG => "**",
        Style::EMPHASIS => "*",
        _ => "~~",
    }
}

/// Text between as many backticks as it takes.
fn push_code(out: &mut String, text: &str, place: Place) {
    let text = text.replace(['\n', '\r'], " ");
    let text = if place.in_cell { text.replace('|', "\\|") } else { text };
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    out.extend([&ticks, pad, &text, pad, &ticks]);
}

fn is_emphasis(token: &Token<'_>) -> bool {
    matches!(token, Token::Open(Mark::Style(style)) | Token::Close(Mark::Style(style)) if *style != Style::CODE)
}

/// Which tokens can be written so that they mean what they are for; all but those of emphasis can.
fn working(tokens: &[Token<'_>]) -> Vec<bool> {
    let mut works = vec![true; tokens.len()];
    let (before, after) = (before(tokens), after(tokens));
    let mut open = Vec::new();
    let mut two_way = Vec::new();
    let mut nests = false;
    for (index, token) in tokens.iter().enumerate().filter(|(_, token)| is_emphasis(token)) {
        if matches!(token, Token::Open(_)) {
            nests |= !open.is_empty();
            open.push(index);
            continue;
        }
        let Some(start) = open.pop() else { continue };
        let opens = before[start].is_space() || before[start].is_sign() || after[start] == Kind::Letter;
        let closes = after[index].is_space() || after[index].is_sign() || before[index] == Kind::Letter;
        // Signs that touch run together.
        let touches = tokens[..start].iter().rev().take_while(|token| is_emphasis(token)).any(|token| matches!(token, Token::Close(_)));
        if !(opens && closes) || touches {
            (works[start], works[index]) = (false, false);
        } else if before[start].is_open_to(after[start]) || after[index].is_open_to(before[index]) {
            two_way.push((start, index));
        }
    }
    // Which sign closes which is a matter of rare rules when several might open and close.
    if nests {
        for (start, index) in two_way {
            (works[start], works[index]) = (false, false);
        }
    }
    works
}

/// What stands beside a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Space,
    /// Punctuation or a symbol.
    Sign,
    Letter,
    /// Something that belongs to what stands before it, or that nobody sees.
    Other,
}

impl Kind {
    fn of(c: char) -> Self {
        if c.is_whitespace() {
            Self::Space
        } else if is_combining_mark(c)
            || c.is_control()
            || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
        {
            Self::Other
        } else if c.is_alphanumeric() {
            Self::Letter
        } else {
            Self::Sign
        }
    }

    fn is_space(self) -> bool {
        self == Self::Space
    }

    fn is_sign(self) -> bool {
        self == Self::Sign
    }

    /// Whether a sign between this, outside of what it marks, and what is inside might as well be meant the other way round.
    fn is_open_to(self, inside: Self) -> bool {
        match self {
            Self::Space => false,
            Self::Sign => inside == Self::Sign,
            Self::Letter | Self::Other => true,
        }
    }
}

/// For each token, what stands before it and the signs that touch it.
fn before(tokens: &[Token<'_>]) -> Vec<Kind> {
    let mut kind = Kind::Space;
    let one = |token: &Token<'_>| {
        let before = kind;
        kind = match token {
            Token::Text(text) => text.chars().next_back().map_or(kind, Kind::of),
            token if is_emphasis(token) => kind,
            _ => Kind::Sign,
        };
        before
    };
    tokens.iter().map(one).collect()
}

/// For each token, what stands after it and the signs that touch it.
fn after(tokens: &[Token<'_>]) -> Vec<Kind> {
    let mut kind = Kind::Space;
    let one = |token: &Token<'_>| {
        let after = kind;
        kind = match token {
            Token::Text(text) => text.chars().next().map_or(kind, Kind::of),
            token if is_emphasis(token) => kind,
            _ => Kind::Sign,
        };
        after
    };
    let mut kinds: Vec<_> = tokens.iter().rev().map(one).collect();
    kinds.reverse();
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::story::Link;

    const PLAIN: Style = Style(0);
    const STRONG: Style = Style::STRONG;
    const BOTH: Style = Style::STRONG.with(Style::EMPHASIS);

    fn written(stretches: &[(&str, Style)]) -> String {
        let stretches: Vec<_> = stretches.iter().map(|&(text, style)| Stretch { text, style, link: None }).collect();
        line(&stretches, Place::default())
    }

    #[test]
    fn emphasis_is_marked_where_it_can_be() {
        assert_eq!(written(&[("The ", PLAIN), ("old", STRONG), (" ", PLAIN), ("pier", BOTH), (".", PLAIN)]), "The **old *pier***.");
        assert_eq!(written(&[("a", STRONG), (" ", PLAIN), ("b", Style::EMPHASIS)]), "**a** *b*");
        assert_eq!(written(&[("un", PLAIN), ("likely", Style::EMPHASIS)]), "un*likely*");
        assert_eq!(written(&[("这是", PLAIN), ("重要", STRONG), ("的", PLAIN)]), "这是**重要**的");
        assert_eq!(written(&[("x", Style::STRUCK), (" y", PLAIN)]), "~~x~~ y");
    }

    #[test]
    fn emphasis_that_would_not_be_read_as_such_is_left_out() {
        assert_eq!(written(&[("Note:", STRONG), ("text", PLAIN)]), "Note:text");
        assert_eq!(written(&[("重要。", STRONG), ("的", PLAIN)]), "重要。的");
        assert_eq!(written(&[("a", STRONG), ("b", Style::EMPHASIS)]), "**a**b");
    }

    #[test]
    fn code_has_as_many_backticks_as_it_takes() {
        assert_eq!(written(&[("a*b", Style::CODE)]), "`a*b`");
        assert_eq!(written(&[("a", Style::CODE), (" ", PLAIN), ("b", Style::CODE)]), "`a b`");
        assert_eq!(written(&[("a", Style::CODE), ("b", Style::CODE.with(STRONG))]), "`ab`");
        assert_eq!(written(&[("``", Style::CODE), (" x", PLAIN)]), "``` `` ``` x");
    }

    #[test]
    fn links_hold_what_is_emphasised() {
        let link = Some(Link { id: 0, address: "https://x.example/(a)" });
        let stretch = |text, style| Stretch { text, style, link };
        let text = line(&[stretch("see ", PLAIN), stretch("[this]", STRONG)], Place::default());
        assert_eq!(text, r"[see **\[this\]**](https://x.example/\(a\))");
    }
}
