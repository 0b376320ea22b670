//! Text that Markdown takes for text.

use std::fmt::Write;

/// Escapes what would be a mark anywhere in a line.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    push(&mut out, text, false);
    out
}

/// Appends text with marks escaped; in a cell of a table, bars too.
pub(super) fn push(out: &mut String, text: &str, in_cell: bool) {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied();
        let is_mark = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' => true,
            // Within a word it marks nothing.
            '_' => !(before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)),
            '&' => after.is_none_or(|after| after.is_ascii_alphanumeric() || after == '#'),
            '|' => in_cell,
            '!' => after.is_none(),
            _ => false,
        };
        if is_mark {
            out.push('\\');
        }
        out.push(match c {
            '\n' | '\r' => ' ',
            '\0' => '\u{FFFD}',
            c => c,
        });
        before = Some(c);
    }
}

/// Escapes what would be a mark at the start of a line; the rest of it is Markdown already.
pub(super) fn line_start(line: &str) -> String {
    let ends_mark = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    let hashes = line.len() - line.trim_start_matches('#').len();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_rule = !line.is_empty() && line.chars().all(|c| matches!(c, '-' | '=' | '+' | '|' | ':' | ' ' | '\t'));
    let is_mark = is_rule
        || (1..=6).contains(&hashes) && ends_mark(&line[hashes..])
        || line.starts_with('>')
        || line.starts_with(['-', '+']) && ends_mark(&line[1..]);
    if is_mark {
        return format!("\\{line}");
    }
    if (1..=9).contains(&digits) && line[digits..].starts_with(['.', ')']) && ends_mark(&line[digits + 1..]) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    line.to_owned()
}

/// Escapes a `#` at the end of a heading, which would be taken for a fence.
pub(super) fn heading(text: &str) -> String {
    let bare = text.trim_end_matches('#');
    if bare.len() == text.len() {
        return text.to_owned();
    }
    format!("{bare}\\{}", &text[bare.len()..])
}

/// An address as the target of a link.
pub(super) fn address(address: &str, in_cell: bool) -> String {
    let mut out = String::with_capacity(address.len());
    let mut rest = address.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '(' | ')' | '\\' => out.extend(['\\', c]),
            '&' if rest.peek().is_some_and(|after| after.is_ascii_alphanumeric() || *after == '#') => out.push_str("\\&"),
            '<' | '>' | '|' if c != '|' || in_cell => percent(&mut out, c),
            c if c.is_whitespace() || c.is_control() => percent(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

fn percent(out: &mut String, c: char) {
    let mut bytes = [0; 4];
    for byte in c.encode_utf8(&mut bytes).bytes() {
        write!(out, "%{byte:02X}").expect("writing to memory does not fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_in_a_line_are_escaped_and_words_are_not() {
        let cases = [
            ("a*b _c_ snake_case `d`", r"a\*b \_c\_ snake_case \`d\`"),
            ("[x](y) <b> &amp; AT&T, R & D", r"\[x\](y) \<b> \&amp; AT\&T, R & D"),
            ("~~a~~ c:\\d!", r"\~\~a\~\~ c:\\d\!"),
            ("a|b\0", "a|b\u{FFFD}"),
        ];
        for (plain, expected) in cases {
            assert_eq!(text(plain), expected);
        }
    }

    #[test]
    fn marks_at_the_start_of_a_line_are_escaped() {
        let cases = [
            ("# a", r"\# a"),
            ("#a", "#a"),
            ("####### a", "####### a"),
            ("> a", r"\> a"),
            ("- a", r"\- a"),
            ("-a", "-a"),
            ("+", r"\+"),
            ("1. a", r"1\. a"),
            ("12) a", r"12\) a"),
            ("1.5 a", "1.5 a"),
            ("1234567890. a", "1234567890. a"),
            ("---", r"\---"),
            ("===", r"\==="),
            ("| --- | :-: |", r"\| --- | :-: |"),
            ("", ""),
        ];
        for (plain, expected) in cases {
            assert_eq!(line_start(plain), expected);
        }
    }

    #[test]
    fn addresses_end_where_they_end() {
        assert_eq!(address("https://x.example/a(b)?c=1&copy=2|3", true), r"https://x.example/a\(b\)?c=1\&copy=2%7C3");
        assert_eq!(address("mailto:a b>c", false), "mailto:a%20b%3Ec");
    }

    #[test]
    fn signs_at_the_end_of_a_heading_are_text() {
        assert_eq!(heading("In C#"), r"In C\#");
        assert_eq!(heading("In C"), "In C");
    }
}
