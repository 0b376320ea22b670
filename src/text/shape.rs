//! Shapes: what a line looks like, whatever its words say.
//!
//! Most residue of a page carries no telling phrase: headlines of other stories, menus, names, counters. What gives it away is
//! that it does not end like a sentence, that every word is a capital, that words run together. `Chelsea vs Tottenham: Premier
//! League - LIVE!` is short and in title case; `He said no.` is short and closed.

use crate::rules::{Shape, Shapes};

use super::words;

/// Words from which a closed block is prose.
pub(crate) const PROSE_WORDS: u32 = 8;

/// Most words of a question that is no prose.
const QUESTION_WORDS: u32 = 20;

/// Words from which a block is long.
const LONG_WORDS: u32 = 40;

/// Blocks above this many bytes are paragraphs; only how they begin and end is looked at.
const DETAIL_BYTES: usize = 400;

/// Words and shapes of one block. Shapes that need its neighbours are left out.
pub(crate) fn measure(text: &str) -> (u32, Shapes) {
    let mut shapes = Shapes::default();
    let words = if text.len() <= DETAIL_BYTES || !text.is_ascii() {
        words::count(text)
    } else {
        memchr::memchr_iter(b' ', text.as_bytes()).count() as u32 + 1
    };
    ending(text, words, &mut shapes);
    beginning(text, &mut shapes);
    if words >= LONG_WORDS {
        shapes.insert(Shape::Long);
    }
    if text.len() <= DETAIL_BYTES {
        inside(text, words, &mut shapes);
    }
    (words, shapes)
}

/// How the block ends.
fn ending(text: &str, words: u32, shapes: &mut Shapes) {
    let end = text.trim_end_matches(is_closing);
    let last = end.chars().next_back();
    let ellipsis = end.ends_with("..") || last == Some('…');
    let closed = !ellipsis && last.is_some_and(|c| matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '．' | '؟' | '।' | '۔'));
    shapes.insert(if closed { Shape::Closed } else { Shape::Open });
    // A headline may be a question, and so may a prompt: short questions are no prose.
    let asks = words <= QUESTION_WORDS && matches!(last, Some('?' | '？' | '؟'));
    if closed && words >= PROSE_WORDS && !asks {
        shapes.insert(Shape::Prose);
    }
    if text.trim_end_matches(['.', ' ', ';']).ends_with([')', ']', '）', '】']) {
        shapes.insert(Shape::Bracketed);
    }
    match last {
        Some('?' | '？' | '؟') => shapes.insert(Shape::Question),
        Some(':' | '：') => shapes.insert(Shape::Colon),
        _ => {}
    }
}

/// Quotes and brackets that may stand after the end of a sentence.
fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '“' | '‘' | '»' | '«' | '›' | ')' | ']' | '）' | '】' | '」' | '』' | '*') || c.is_whitespace()
}

/// How the block begins.
fn beginning(text: &str, shapes: &mut Shapes) {
    match text.chars().next() {
        Some('"' | '“' | '„' | '«' | '»' | '‘' | '「' | '『') => shapes.insert(Shape::Quoted),
        Some('•' | '·' | '▪' | '●' | '■' | '►' | '▶' | '‣' | '◦' | '○' | '→' | '›' | '※') => {
            shapes.insert(Shape::Bullet);
        }
        Some('-' | '*' | '–' | '—' | '+') if text.chars().nth(1) == Some(' ') => shapes.insert(Shape::Bullet),
        Some('0'..='9') => {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
            if text.len() - rest.len() <= 3 && (rest.starts_with(". ") || rest.starts_with(") ")) {
                shapes.insert(Shape::Bullet);
            }
        }
        _ => {}
    }
}

/// What stands inside a short block.
fn inside(text: &str, words: u32, shapes: &mut Shapes) {
    let (mut upper, mut lower, mut letters, mut digits, mut glued) = (0u32, 0u32, 0u32, 0u32, 0u32);
    // Signs that the slower searches below need; most blocks have none.
    let (mut bars, mut at_signs, mut colons, mut dots) = (false, false, false, false);
    let mut titles = Titles::default();
    // Small letters in a row up to here.
    let mut small = 0u32;
    for c in text.chars() {
        match c {
            'a'..='z' => {
                lower += 1;
                letters += 1;
                small += 1;
                titles.letter(false);
                continue;
            }
            ' ' => titles.end(),
            'A'..='Z' => {
                upper += 1;
                letters += 1;
                // `FacebookTwitter`: a capital after two small letters; `McDonald` and `iPhone` have one or none.
                glued += u32::from(small >= 2);
                titles.letter(true);
            }
            '0'..='9' => {
                digits += 1;
                titles.letter(true);
            }
            '\'' | '’' => titles.letter(false),
            '\0'..='\x7f' => {
                bars |= matches!(c, '|' | '/');
                at_signs |= c == '@';
                colons |= c == ':';
                dots |= c == '.';
                titles.end();
            }
            _ => {
                bars |= matches!(c, '·' | '•' | '｜');
                let (is_upper, is_lower, is_letter, is_number) = (c.is_uppercase(), c.is_lowercase(), c.is_alphabetic(), c.is_numeric());
                upper += u32::from(is_upper);
                glued += u32::from(is_upper && small >= 2);
                lower += u32::from(is_lower && !is_upper);
                digits += u32::from(is_number && !is_upper && !is_lower);
                letters += u32::from(is_letter);
                if is_letter || is_number {
                    titles.letter(is_upper || is_number);
                } else {
                    titles.end();
                }
                if is_lower {
                    small += 1;
                    continue;
                }
            }
        }
        small = 0;
    }
    titles.end();
    if digits > 0 {
        shapes.insert(Shape::Digits);
    }
    if letters == 0 {
        shapes.insert(if digits > 0 { Shape::Numeric } else { Shape::Blank });
    }
    if upper > 1 && lower == 0 {
        shapes.insert(Shape::Upper);
    }
    if glued > 0 {
        shapes.insert(Shape::Glued);
    }
    if words >= 2 && titles.hold() {
        shapes.insert(Shape::Title);
    }
    if digits == 0 && is_name(text) {
        shapes.insert(Shape::Name);
    }
    if (at_signs || colons || dots) && has_link(text) {
        shapes.insert(Shape::Link);
    }
    if bars && [" | ", " · ", " • ", " / ", " ｜ ", "| "].iter().any(|separator| text.contains(separator)) {
        shapes.insert(Shape::Piped);
    }
}

/// Counts words of four letters or more, and those of them that begin with a capital or digit.
#[derive(Default)]
struct Titles {
    /// Letters, digits and apostrophes of the word so far.
    length: u32,
    /// Whether the word began with a capital or digit.
    capital: bool,
    long: u32,
    capitals: u32,
}

impl Titles {
    fn letter(&mut self, capital: bool) {
        self.capital = if self.length == 0 { capital } else { self.capital };
        self.length += 1;
    }

    fn end(&mut self) {
        if self.length >= 4 {
            self.long += 1;
            self.capitals += u32::from(self.capital);
        }
        self.length = 0;
    }

    /// Whether most of the words of four letters or more begin with a capital.
    fn hold(&self) -> bool {
        self.long > 0 && self.capitals * 10 >= self.long * 7
    }
}

/// Small words inside names.
const PARTICLES: &[&str] = &[
    "de", "del", "della", "di", "da", "dos", "das", "do", "la", "le", "el", "al", "bin", "ibn", "van", "von", "der", "den", "ter", "ten",
    "zu", "af", "and", "und", "et", "y", "e", "och", "og", "en", "i", "&", "of", "the", "du", "des", "d", "ve",
];

/// Whether a block reads like a list of names.
fn is_name(text: &str) -> bool {
    if text.ends_with([':', '.']) {
        return false;
    }
    let mut capitals = 0;
    for (number, token) in text.split_whitespace().enumerate() {
        let bare = token.trim_end_matches([',', '.', ':']);
        let Some(first) = bare.chars().next() else { return false };
        if number >= 5 {
            return false;
        }
        if first.is_uppercase() && bare.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.' | '‘')) {
            capitals += 1;
        } else if !PARTICLES.contains(&bare) {
            return false;
        }
    }
    capitals > 0
}

/// Whether a block has a web address, an e-mail address or a handle.
fn has_link(text: &str) -> bool {
    if text.contains("://") || text.contains("www.") {
        return true;
    }
    memchr::memchr_iter(b'@', text.as_bytes()).any(|at| text[at + 1..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_its_shapes() {
        use Shape::{Blank, Bullet, Closed, Colon, Glued, Link, Name, Numeric, Open, Piped, Prose, Question, Quoted, Title, Upper};
        let cases: &[(&str, &[Shape], &[Shape])] = &[
            ("He said that the count would go on until Friday.", &[Closed, Prose], &[Open, Title]),
            ("“The count goes on,” he said of it all today.”", &[Closed, Prose, Quoted], &[Open]),
            ("Rovers hold off Albion 3-2", &[Open], &[Closed, Prose]),
            ("Ferry fares to …", &[Open], &[Closed]),
            ("What happened to the old mill?", &[Closed, Question], &[Open]),
            ("OPENING HOURS", &[Upper, Open], &[]),
            ("Jane van der Meer", &[Name, Title], &[]),
            ("Joan Walsh and John Roe", &[Name], &[]),
            ("The year 2024", &[], &[Name]),
            ("FacebookTwitterEmail", &[Glued], &[]),
            ("McDonald eats an iPhone", &[], &[Glued]),
            ("Home | News | Sport", &[Piped], &[]),
            ("• Terms of Service", &[Bullet], &[]),
            ("- Advertisement -", &[Bullet], &[]),
            ("1. Soak the beans the night before", &[Bullet], &[]),
            ("2024 was a good year", &[], &[Bullet]),
            ("Follow @copydesk", &[Link], &[]),
            ("1 / 9", &[Numeric], &[Blank]),
            ("___", &[Blank], &[Numeric]),
            ("Tags:", &[Colon, Open], &[]),
            ("気象庁は13日、津波注意報を出した。", &[Closed], &[Open]),
        ];
        for (text, has, lacks) in cases {
            let (_, shapes) = measure(text);
            for &shape in *has {
                assert!(shapes.has(shape), "{text:?} lacks {shape}");
            }
            for &shape in *lacks {
                assert!(!shapes.has(shape), "{text:?} has {shape}");
            }
        }
    }
}
