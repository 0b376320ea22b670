//! The text of a caption: what of an element is read, joined as a browser shows it.

use super::words::Hints;
use crate::html::{NodeId, Tag, Tree};

/// A control with more text than this, in bytes, is no control.
const LONGEST_CONTROL: usize = 40;

/// Whether nothing in this element is part of a text: what is never shown, controls, text for screen readers only.
pub(super) fn is_silent(tree: &Tree<'_>, id: NodeId) -> bool {
    is_silent_by(tree, id, if tree.has_attrs(id) { Hints::of(tree, id) } else { Hints::default() })
}

/// The same for an element of which it is known what its class says.
pub(super) fn is_silent_by(tree: &Tree<'_>, id: NodeId, hints: Hints) -> bool {
    if tree.is_unseen(id) || hints.has(Hints::SPOKEN) {
        return true;
    }
    match tree.tag(id) {
        Tag::Noscript | Tag::Svg | Tag::Textarea | Tag::Select | Tag::Video | Tag::Audio | Tag::Object => true,
        // A whole figure may be a button that opens the picture.
        Tag::Button => is_short(tree, id),
        Tag::Figure => false,
        _ => hints.has(Hints::BUTTON) && is_short(tree, id),
    }
}

fn is_short(tree: &Tree<'_>, id: NodeId) -> bool {
    let mut left = LONGEST_CONTROL;
    tree.descendants(id).filter(|&node| tree.is_text(node) && tree.has_ink(node)).all(|node| {
        let span = tree.source_span(node);
        let fits = span.len() <= left;
        left = left.saturating_sub(span.len());
        fits
    })
}

/// Whether an element begins and ends a line.
pub(super) fn breaks_line(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Address
            | Tag::Article
            | Tag::Aside
            | Tag::Blockquote
            | Tag::Br
            | Tag::Dd
            | Tag::Div
            | Tag::Dl
            | Tag::Dt
            | Tag::Figcaption
            | Tag::Figure
            | Tag::Footer
            | Tag::H1
            | Tag::H2
            | Tag::H3
            | Tag::H4
            | Tag::H5
            | Tag::H6
            | Tag::Header
            | Tag::Hr
            | Tag::Li
            | Tag::Main
            | Tag::Ol
            | Tag::P
            | Tag::Pre
            | Tag::Section
            | Tag::Table
            | Tag::Td
            | Tag::Th
            | Tag::Tr
            | Tag::Ul
    )
}

/// The text from `from` up to `end`, without the subtrees that begin at `skip` (in order); white space is joined to one space.
pub(super) fn joined(tree: &Tree<'_>, from: NodeId, end: NodeId, skip: &[NodeId]) -> String {
    let mut text = String::new();
    let mut spaced = false;
    // Ends of open elements that end a line; nesting is bounded by the tree.
    let mut open: Vec<u32> = Vec::new();
    let mut id = from;
    while id < end {
        while open.last().is_some_and(|&stop| stop <= id.0) {
            open.pop();
            spaced = true;
        }
        if tree.is_text(id) {
            push(&mut text, &tree.text(id), &mut spaced);
        } else if tree.is_element(id) {
            if skip.binary_search(&id).is_ok() || is_silent(tree, id) {
                spaced |= breaks_line(tree.tag(id));
                id = tree.end(id);
                continue;
            }
            if breaks_line(tree.tag(id)) {
                spaced = true;
                open.push(tree.end(id).0);
            }
        }
        id.0 += 1;
    }
    text
}

/// Adds `piece` with its white space joined.
fn push(text: &mut String, piece: &str, spaced: &mut bool) {
    for c in piece.chars() {
        if c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}' {
            *spaced = true;
        } else if c != '\u{ad}' {
            if *spaced && !text.is_empty() {
                text.push(' ');
            }
            *spaced = false;
            text.push(c);
        }
    }
}

/// Whether a text has the three words, or in scripts without spaces the eight letters, that the shortest captions have.
pub(super) fn is_long_enough(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() >= 3
        || letters.filter(|c| !c.is_lowercase()).count() >= 8
}

/// Words that announce a credit, in lower case.
const LABELS: &[&str] = &[
    "photo",
    "photos",
    "foto",
    "fotos",
    "bild",
    "bilder",
    "image",
    "images",
    "picture",
    "pictures",
    "credit",
    "credits",
    "source",
    "quelle",
    "fonte",
    "fuente",
    "crédit",
    "crédits",
    "crédito",
    "copyright",
    "grafik",
    "graphic",
    "video",
    "imagen",
    "imagem",
    "kuva",
    "källa",
    "kilde",
    "zdjęcie",
    "fot",
    "fotó",
    "фото",
    "illustration",
    "montage",
    "photograph",
    "photographer",
    "fotograf",
    "fotoğraf",
    "courtesy",
    "写真",
    "사진",
    "bildquelle",
    "fotoquelle",
    "bildrechte",
    "rechte",
    "image source",
    "image credit",
    "photo credit",
    "crédit photo",
    "ảnh",
    "slika",
];

/// Agencies that write their names small.
const AGENCIES: &[&str] = &[
    "dpa", "epa", "apa", "picture", "alliance", "imago", "images", "ddp", "afp", "ap", "belga", "keystone", "pa", "tt", "ntb", "ansa",
    "efe",
];

/// Whether a text says by itself that it is a credit: `Foto: A. Doe`, `© Northern Wire`, `(Photo by Ann Roe)`.
pub(super) fn is_labelled_credit(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '|' | '–' | '—' | '-' | '/' | '•' | '·'));
    if text.starts_with(['©', '℗', 'Ⓒ']) || text.starts_with("(c)") || text.starts_with("(C)") {
        return true;
    }
    let Some((at, sign)) = text.char_indices().take(24).find(|&(_, c)| matches!(c, ':' | '：' | '/' | '=' | '|')) else {
        return [
            "Photo by ",
            "Photos by ",
            "Photograph by ",
            "Image by ",
            "Picture by ",
            "Foto von ",
            "Courtesy of ",
            "Photo courtesy",
            "Image courtesy",
        ]
        .iter()
        .any(|start| text.starts_with(start));
    };
    let label = text[..at].trim().to_lowercase();
    LABELS.contains(&label.as_str()) && !(sign == '/' && text[at + 1..].starts_with(' ') && label.len() > 6)
}

/// Where the credit at the end of a caption begins, and where the caption before it ends, if the text itself says that it is one:
/// `Fans wait. (Foto: Roe)`, `Fans wait. Foto: Roe`, `Fans wait — © Roe`, `Fans wait (Ann Roe/Wire)`.
pub(super) fn trailing_credit(text: &str) -> Option<(usize, usize)> {
    bracketed_credit(text).or_else(|| labelled_credit(text))
}

/// The same for a name behind a bar that no label announces: `Fans wait. | Ann Roe/Wire`.
pub(super) fn trailing_name(text: &str) -> Option<(usize, usize)> {
    let (before, name) = text.rsplit_once(" | ")?;
    let before = before.trim_end();
    let is_closed = before.ends_with(['.', '!', '?', '”', '"', '»', ')', '。']);
    (is_closed && name.len() > 3 && is_name_like(name)).then(|| (text.len() - name.len(), before.len()))
}

/// A credit in brackets at the end, with a label or a slash between names.
fn bracketed_credit(text: &str) -> Option<(usize, usize)> {
    let body = text.trim_end_matches(|c: char| c.is_whitespace() || c == '.');
    let (open, close) = [('(', ')'), ('[', ']'), ('（', '）')].into_iter().find(|&(_, close)| body.ends_with(close))?;
    // The bracket's partner; brackets in it are matched.
    let mut depth = 0_usize;
    let start = body.char_indices().rev().take(LONGEST_CREDIT).find_map(|(at, c)| {
        depth = if c == close {
            depth + 1
        } else if c == open {
            depth.saturating_sub(1)
        } else {
            depth
        };
        (depth == 0).then_some(at)
    })?;
    let inner = body[start + open.len_utf8()..body.len() - close.len_utf8()].trim();
    let names = inner.contains('/') && is_name_like(inner) && inner.chars().filter(|c| c.is_alphabetic()).count() > 3;
    let is_archive = inner.len() > 3 && inner.chars().all(|c| c.is_uppercase() || c == '.');
    (is_labelled_credit(inner) || names || is_archive || is_stamped(inner)).then(|| (start, text[..start].trim_end().len()))
}

/// `AP Photo`, `Dok.Roe`, `via Wire`: how agencies and archives begin or end what they are named in brackets.
fn is_stamped(inner: &str) -> bool {
    let lower = inner.to_lowercase();
    ["ap photo", "afp photo", "dok.", "dok ", "supplied", "courtesy", "handout", "getty images", "reuters"]
        .iter()
        .any(|start| lower.starts_with(start))
}

/// A label and what follows it, after the end of a sentence or a dash.
fn labelled_credit(text: &str) -> Option<(usize, usize)> {
    let borders = text.char_indices().rev().take(LONGEST_CREDIT).filter(|&(_, c)| {
        matches!(
            c,
            '.' | '!'
                | '?'
                | '…'
                | '”'
                | '"'
                | '»'
                | ')'
                | '|'
                | '–'
                | '—'
                | '。'
                | '，'
                | '＝'
                | '／'
                | '©'
                | '•'
                | '·'
                | '’'
                | '\''
        )
    });
    for (at, border) in borders {
        let after = at + border.len_utf8();
        let start = if border == '©' { at } else { after };
        let rest = text[start..].trim_start();
        // `＝` itself is the label in Japanese captions.
        let is_short_name = border == '＝' && !rest.is_empty() && rest.chars().count() <= 24 && !rest.contains(['。', '、']);
        if is_labelled_credit(rest) && rest.len() > 3 || is_short_name {
            let end = if matches!(border, '|' | '–' | '—' | '＝' | '©' | '•' | '·') { at } else { after };
            return Some((text.len() - rest.len(), text[..end].trim_end_matches(is_joint).len()));
        }
    }
    None
}

/// Most characters from the end of a caption in which its credit is looked for.
const LONGEST_CREDIT: usize = 160;

/// Whether a short text can be a name of a person or an agency: few words, capitals where names have them, no full stop.
pub(super) fn is_name_like(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || words.len() > 8 || text.len() > 90 || text.ends_with(['.', '!', '?', ':', '…']) && words.len() > 3 {
        return false;
    }
    let joins = |word: &str| {
        matches!(
            word,
            "by" | "via"
                | "de"
                | "von"
                | "van"
                | "der"
                | "den"
                | "di"
                | "da"
                | "del"
                | "la"
                | "le"
                | "for"
                | "of"
                | "the"
                | "and"
                | "und"
                | "et"
                | "y"
                | "e"
                | "i"
                | "og"
                | "&"
                | "/"
                | "-"
                | "–"
                | "|"
                | "+"
        )
    };
    let capital = |word: &&str| {
        let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        bare.is_empty()
            || bare.starts_with(|c: char| !c.is_lowercase())
            || bare.contains('/')
            || AGENCIES.contains(&bare.trim_end_matches([')', ',']))
    };
    words.iter().all(|word| joins(word) || capital(word))
}

/// The label that a caption ends in after its credit was taken out: `Fans wave flags. Foto:` gives `Foto:`.
pub(super) fn trailing_label(text: &str) -> Option<usize> {
    let bare = text.trim_end();
    let before = bare.strip_suffix([':', '：', '/', '|', '=', '©']).unwrap_or(bare);
    let has_sign = before.len() < bare.len();
    let start = before.rfind(['.', '!', '?', ')', '(', '[', '|', '–', '—', '”', '"', '»', '©']);
    let start = start.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let label = before[start..].trim().to_lowercase();
    let is_label =
        LABELS.contains(&label.as_str()) || has_sign && LABELS.iter().any(|known| label.split_whitespace().last() == Some(known));
    let by = ["photo by", "photos by", "picture by", "image by", "photograph by", "foto von", "photo courtesy", "courtesy of", "foto de"];
    (is_label && has_sign || by.contains(&label.as_str())).then(|| start + before[start..].len() - before[start..].trim_start().len())
}

/// `text` without the counter of a gallery before it: `2 of 12 | Fans wave flags`, `[1/5]Fans wave flags`.
pub(super) fn without_counter(text: &str) -> &str {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let start = text.trim_start_matches(['[', '(']);
    let (first, rest) = start.split_at(digits(start));
    let rest = rest.trim_start();
    let Some(rest) = ["/", "of ", "von ", "sur ", "de ", "di "].iter().find_map(|joint| rest.strip_prefix(joint)) else { return text };
    let rest = rest.trim_start();
    let (second, rest) = rest.split_at(digits(rest));
    let after = rest.trim_start().trim_start_matches([']', ')', '|', ':', '–', '-']).trim_start();
    let counts = (1..=3).contains(&first.len()) && (1..=3).contains(&second.len());
    let is_set_apart = text.len() > start.len() || rest.trim_start().starts_with(['|', ':', '–', '-']);
    if counts && is_set_apart && !after.is_empty() { after } else { text }
}

/// What stands between a caption and its credit.
fn is_joint(c: char) -> bool {
    c.is_whitespace() || matches!(c, '|' | '–' | '—' | '-' | '/' | '·' | '•' | '(' | '[' | '©' | ',' | ';')
}

/// `text` without what stood between it and its credit.
pub(super) fn trim_joint(text: &str) -> &str {
    let is_joint_before = |c: char| c.is_whitespace() || matches!(c, '|' | '–' | '—' | '/' | '·' | '•' | ')' | ']');
    text.trim_end_matches(is_joint).trim_start_matches(is_joint_before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Parser;

    #[test]
    fn text_is_joined_as_it_is_shown() {
        let cases = [
            ("a<b>b</b> c", "ab c"),
            ("<div>one</div><div>two</div>", "one two"),
            ("one<br>two<p>three", "one two three"),
            (" a \n b&nbsp;c ", "a b c"),
            ("<button>Open</button>text<svg><title>t</title></svg>", "text"),
            ("<span class=sr-only>Image caption, </span>A boat", "A boat"),
            ("<p><script>x</script><noscript>y</noscript>z", "z"),
            ("hy\u{ad}phen", "hyphen"),
        ];
        for (page, expected) in cases {
            let tree = Parser::default().parse(page).expect("it is short");
            assert_eq!(joined(&tree, NodeId::ROOT, tree.end(NodeId::ROOT), &[]), expected, "{page}");
        }
    }

    #[test]
    fn labels_tell_credits() {
        for credit in ["Foto: A. Doe", "© Northern Wire", "(Photo by Ann Roe)", "Bild/Echo", "| Image: Roe", "Photo courtesy of the port"]
        {
            assert!(is_labelled_credit(credit), "{credit}");
        }
        for text in ["Photos show the pier after the storm", "The mayor: no comment", "Source close to the firm", ""] {
            assert!(!is_labelled_credit(text), "{text}");
        }
    }

    #[test]
    fn credits_at_the_end_are_found() {
        let cases = [
            ("Fans wait. (Archive) (Quelle: Roe/Wire)", Some(("Fans wait. (Archive)", "(Quelle: Roe/Wire)"))),
            ("Fans wait on Friday. Foto: Privat", Some(("Fans wait on Friday.", "Foto: Privat"))),
            ("Fans wait — © Roe", Some(("Fans wait", "© Roe"))),
            ("Fans wait in the rain. — Picture by Ann Roe", Some(("Fans wait in the rain.", "Picture by Ann Roe"))),
            ("Fans wait (Ann Roe/Wire)", Some(("Fans wait", "(Ann Roe/Wire)"))),
            ("Fans wait (Ann Roe (Wire)/Echo).", Some(("Fans wait", "(Ann Roe (Wire)/Echo)."))),
            ("港の船（北区で、３日）＝共同", Some(("港の船（北区で、３日）", "共同"))),
            ("Fans wait (left) for the band (right)", None),
            ("Fans wait. He said: no.", None),
            ("Fans wait and/or sing", None),
            ("", None),
            (")))", None),
        ];
        for (text, expected) in cases {
            assert_eq!(trailing_credit(text).map(|(start, end)| (&text[..end], &text[start..])), expected, "{text}");
        }
    }

    #[test]
    fn names_are_short_and_capital() {
        for name in ["Ann Roe/Northern Wire", "AP", "Ann van der Roe", "Wire via Echo"] {
            assert!(is_name_like(name), "{name}");
        }
        for text in ["", "The pier after the storm", "He said so. She did not.", "A B C D E F G H I J"] {
            assert!(!is_name_like(text), "{text}");
        }
    }

    #[test]
    fn counters_are_no_text() {
        assert_eq!(without_counter("2 of 12 | Fans wave flags"), "Fans wave flags");
        assert_eq!(without_counter("[1/5]Fans wave flags"), "Fans wave flags");
        for text in ["1 of 3 houses burnt down", "2/3 of the town", "2 of 12 |", "", "12"] {
            assert_eq!(without_counter(text), text);
        }
    }

    #[test]
    fn a_label_left_behind_is_found() {
        let label = |text: &'static str| trailing_label(text).map(|at| &text[at..]);
        assert_eq!(label("Fans wave flags. Foto:"), Some("Foto:"));
        assert_eq!(label("Fans wave flags (Photo by"), Some("Photo by"));
        assert_eq!(label("Foto:"), Some("Foto:"));
        assert_eq!(label("Fans wave flags."), None);
        assert_eq!(label("They took a photo"), None);
        assert_eq!(label(""), None);
    }
}
