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
