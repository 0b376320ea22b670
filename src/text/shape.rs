//! Shapes: what a line looks like, whatever its words say.
//!
//! Most residue of a page carries no telling phrase: headlines of other stories, menus, names, counters. What gives it away is
//! that it does not end like a sentence, that every word is a capital, that words run together. `Chelsea vs Tottenham: Premier
//! League - LIVE!` is short and in title case; `He said no.` is short and closed.

use crate::rules::{Shape, Shapes};

use super::masks::{Chunk, Words};
use super::plain::{self, Kinds};
use super::words;

/// Words from which a closed block is prose.
pub(crate) const PROSE_WORDS: u32 = 8;

/// Most words of a question that is no prose.
const QUESTION_WORDS: u32 = 20;

/// Words from which a block is long.
const LONG_WORDS: u32 = 40;

/// Blocks above this many bytes are paragraphs; only how they begin and end is looked at.
const DETAIL_BYTES: usize = 400;

/// Words and shapes of one block. Shapes that need its neighbours are left out. `buffer` is used for a [`plain`] copy.
pub(crate) fn measure(text: &str, buffer: &mut Vec<u8>) -> (u32, Shapes) {
    let mut shapes = Shapes::default();
    let plain = plain::of(text, buffer);
    let words = if text.len() <= DETAIL_BYTES {
        inside(text, plain, &mut shapes)
    } else if text.is_ascii() {
        memchr::memchr_iter(b' ', plain).count() as u32 + 1
    } else {
        words::count_plain(plain)
    };
    ending(text, words, &mut shapes);
    beginning(text, &mut shapes);
    if words >= LONG_WORDS {
        shapes.insert(Shape::Long);
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

/// What stands inside a short block, and how many words.
fn inside(text: &str, plain: &[u8], shapes: &mut Shapes) -> u32 {
    let mut sums = Sums::default();
    Chunk::each(plain, |chunk| sums.add(chunk));
    let unspaced = sums.unspaced;
    let words = sums.words.count() + u32::div_ceil(unspaced, words::CHARS_A_WORD);
    if sums.digits {
        shapes.insert(Shape::Digits);
    }
    if !sums.letters {
        shapes.insert(if sums.digits { Shape::Numeric } else { Shape::Blank });
    }
    if sums.upper > 1 && !sums.lower {
        shapes.insert(Shape::Upper);
    }
    if sums.glued && text.split_whitespace().any(is_glued) {
        shapes.insert(Shape::Glued);
    }
    // Most of the words of four letters or more begin with a capital.
    if words >= 2 && sums.long > 0 && sums.capitals * 10 >= sums.long * 7 {
        shapes.insert(Shape::Title);
    }
    if !sums.digits && (words <= NAME_TOKENS as u32 || unspaced > 0) && is_name(text) {
        shapes.insert(Shape::Name);
    }
    if sums.www || sums.at_signs_or_colons && (sums.bars && text.contains("://") || has_handle(text)) {
        shapes.insert(Shape::Link);
    }
    if sums.bars && [" | ", " · ", " • ", " / ", " ｜ ", "| "].iter().any(|separator| text.contains(separator)) {
        shapes.insert(Shape::Piped);
    }
    words
}

/// What a block has, summed over its chunks.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a chunk has or not, and shapes ask for them one by one")]
struct Sums {
    words: Words,
    unspaced: u32,
    upper: u32,
    lower: bool,
    letters: bool,
    digits: bool,
    /// A capital after two small letters, as in `FacebookTwitter`; `McDonald` and `iPhone` have one or none.
    glued: bool,
    /// Words of four letters, digits and apostrophes or more, and those of them that begin with a capital or digit.
    long: u32,
    capitals: u32,
    /// Signs that slower searches need; most blocks have none.
    bars: bool,
    at_signs_or_colons: bool,
    www: bool,
    /// Of the chunk before: small letters, what words of titles are made of, what they begin with, and `w`.
    before: [u64; 4],
}

impl Sums {
    #[inline]
    fn add(&mut self, chunk: Chunk) {
        let kinds = Kinds::of(chunk);
        self.words.add(kinds.spaces, kinds.words);
        self.unspaced += kinds.unspaced.count_ones();
        self.upper += kinds.upper.count_ones();
        self.lower |= kinds.lower != 0;
        self.letters |= kinds.letters != 0;
        self.digits |= kinds.digits != 0;
        let word = kinds.letters | kinds.digits | chunk.equal(b'\'');
        let w = chunk.equal(b'w');
        let back = |mask: u64, which: usize, by: u32| mask << by | self.before[which] >> (64 - by);
        self.glued |= kinds.upper & back(kinds.lower, 0, 1) & back(kinds.lower, 0, 2) != 0;
        let fourth = word & back(word, 1, 1) & back(word, 1, 2) & back(word, 1, 3) & !back(word, 1, 4);
        self.long += fourth.count_ones();
        self.capitals += (fourth & back(kinds.capitals, 2, 3)).count_ones();
        let dots = chunk.equal(b'.');
        self.www |= dots & back(w, 3, 1) & back(w, 3, 2) & back(w, 3, 3) != 0;
        self.bars |= chunk.has_either(b'|', b'/');
        self.at_signs_or_colons |= chunk.has_either(b'@', b':');
        self.before = [kinds.lower, word, kinds.capitals, w];
    }
}

/// Names that are written with a capital inside, in small letters. Those with fewer than two small letters before it are told by that.
const CAPITALS_INSIDE: &str = "airpods airtag alphago bittorrent blackrock buzzfeed bytedance carplay chatgpt deepmind doordash dreamworks easyjet facetime \
    fedex github gitlab homekit homepod javascript linkedin mastercard microsd moviepass netapp nordvpn oneplus openai paypal \
    playstation postgresql powerpoint protonmail quicktime sharepoint soundcloud spacex starcraft techcrunch tiktok typescript \
    wechat wework whatsapp wikileaks wordpress worldcom youtube";

/// Whether a word is several, run together. No tag (`#OldPier`), no handle, no name that is written so (`WhatsApp`), nor one after `Mac`.
fn is_glued(word: &str) -> bool {
    if word.starts_with(['#', '@']) {
        return false;
    }
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let name = word.split(['\'', '’', '-']).next().unwrap_or(word);
    let (mut small, mut joins) = (0, false);
    for c in word.chars() {
        joins |= small > 1 && c.is_uppercase();
        small = if c.is_lowercase() { small + 1 } else { 0 };
    }
    let is_known = || CAPITALS_INSIDE.split(' ').any(|known| known.eq_ignore_ascii_case(name));
    joins && !name.starts_with("Mac") && !is_known()
}

/// Small words inside names.
const PARTICLES: &[&str] = &[
    "de", "del", "della", "di", "da", "dos", "das", "do", "la", "le", "el", "al", "bin", "ibn", "van", "von", "der", "den", "ter", "ten",
    "zu", "af", "and", "und", "et", "y", "e", "och", "og", "en", "i", "&", "of", "the", "du", "des", "d", "ve",
];

/// Most words of a list of names, signs included.
const NAME_TOKENS: usize = 5;

/// Whether a block reads like a list of names.
fn is_name(text: &str) -> bool {
    if text.ends_with([':', '.']) {
        return false;
    }
    let mut capitals = 0;
    for (number, token) in text.split_whitespace().enumerate() {
        let bare = token.trim_end_matches([',', '.', ':']);
        let Some(first) = bare.chars().next() else { return false };
        if number >= NAME_TOKENS {
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

/// Whether a block has an e-mail address or a handle.
fn has_handle(text: &str) -> bool {
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
            ("FacebookWhatsApp", &[Glued], &[]),
            ("McDonald eats an iPhone", &[], &[Glued]),
            ("Fotos per WhatsApp, YouTube’s oder WhatsApp-Gruppen von MacDonald", &[], &[Glued]),
            ("They wrote #OldPierOpen for @OldPier", &[], &[Glued]),
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
            let (_, shapes) = measure(text, &mut Vec::new());
            for &shape in *has {
                assert!(shapes.has(shape), "{text:?} lacks {shape}");
            }
            for &shape in *lacks {
                assert!(!shapes.has(shape), "{text:?} has {shape}");
            }
        }
    }
}
