//! Names of authors as pages write them: without "By", one by one, without addresses.

use crate::text::dates;

/// Words before a name, in lower case.
const BEFORE: &[&str] = &[
    "by",
    "written by",
    "posted by",
    "author:",
    "authors:",
    "words by",
    "story by",
    "reviewed by",
    "von",
    "par",
    "por",
    "door",
    "di",
    "av",
    "af",
    "af:",
    "tekst:",
    "text:",
    "text von",
    "autor:",
    "ein gastbeitrag von",
    "eine analyse von",
    "ein kommentar von",
    "from",
    "reported by",
    "published by",
    "created by",
    "article by",
    "por:",
    "par:",
    "od",
    "przez",
    "autorka:",
    "autore:",
    "auteur:",
    "oleh",
    "oleh:",
    "yazan:",
    "text av",
];

/// What stands between names; each begins with a space, a comma or a semicolon of some kind.
const BETWEEN: &[&str] =
    &[", ", " and ", " & ", " und ", " et ", " y ", " och ", " og ", " en ", "; ", ";", " | ", " • ", " · ", "，", "、", " / ", ","];

/// Most letters of a name, and most names of a story.
const LONGEST: usize = 80;
const MOST: usize = 30;

/// Adds the names in `text` that are not yet in `names`. A text that is what a page shows (`shown`) may have a date, a task or a
/// biography behind the name, and must read as a name.
pub(super) fn add(names: &mut Vec<String>, text: &str, shown: bool) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = if shown { byline(&text) } else { &text };
    let mut open = vec![without_label(text)];
    while let Some(piece) = open.pop()
        && names.len() < MOST
    {
        if let Some((first, rest)) = split(piece) {
            open.push(rest);
            open.push(first);
            continue;
        }
        let is_edge = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '•' | '-' | '–' | '/' | ':');
        let name = without_sign(without_label(piece.trim_matches(is_edge)));
        let fits = is_name(name) && (!shown || is_person(name) && reads_as_name(name));
        if fits && !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name.to_owned());
        }
    }
}

/// What a shown byline begins with, up to a date or the like.
fn byline(text: &str) -> &str {
    const STOPS: [&str; 20] = [
        " | ",
        " • ",
        " · ",
        " - ",
        " – ",
        " — ",
        " on ",
        " in ",
        "Published",
        "Updated",
        "Posted",
        "Last ",
        "Reviewed",
        "Follow",
        "More ",
        "Medically",
        "View ",
        "@",
        "(",
        "Fact",
    ];
    let start = text.len() - without_label(text).len();
    let ends = STOPS.iter().filter_map(|stop| text[start..].find(stop)).filter(|&at| at > 0).map(|at| start + at);
    // `June 12` ends the name before the month, `Roe, 12 June` before the number.
    let digit = text.find(|c: char| c.is_ascii_digit()).map(|at| {
        let before = text[..at].trim_end();
        before.rfind(' ').filter(|&word| dates::is_of_day(&before[word..])).unwrap_or(at)
    });
    let digit = digit.filter(|&at| at >= start);
    &text[..ends.chain(digit).min().unwrap_or(text.len())]
}

/// The name without the signature of newspapers: `Ann Roe (roe)`.
fn without_sign(name: &str) -> &str {
    match name.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
        Some((before, sign)) if sign.len() <= 6 && sign.chars().all(|c| c.is_lowercase() || c == '.') => before,
        _ => name,
    }
}

/// Whether a shown text is short and written as names are.
fn reads_as_name(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let small = words.iter().filter(|word| word.starts_with(char::is_lowercase)).count();
    words.len() <= 5
        && small * 3 <= words.len()
        && !text.ends_with(['.', '!', '?'])
        && !NO_NAMES.iter().any(|known| known.eq_ignore_ascii_case(text))
        && !text.ends_with(" says")
        && !dates::is_of_day(text)
}

/// What stands in the place of a name.
const NO_NAMES: &[&str] = &[
    "author",
    "authors",
    "written by",
    "by",
    "about",
    "the author",
    "about the author",
    "editor",
    "name",
    "your name",
    "full bio",
    "bio",
    "read more",
    "email",
];

/// The names in a line that begins with a word for "by": `By Ann Roe | Staff writer`.
pub(super) fn in_byline(line: &str) -> Vec<String> {
    const SURE: &[&str] = &[
        "by ",
        "by: ",
        "written by",
        "posted by",
        "words by",
        "story by",
        "author:",
        "von ",
        "von: ",
        "autor:",
        "text:",
        "par ",
        "por ",
        "door ",
        "tekst:",
        "text av",
    ];
    let mut names = Vec::new();
    if SURE.iter().any(|label| line.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label))) {
        add(&mut names, line, true);
    }
    names.retain(|name| name.split(' ').nth(1).is_some());
    names
}

/// Whether a name can be a person's, and not the one of an account: `ann.roe`, `roe42`.
pub(super) fn is_person(name: &str) -> bool {
    let is_account = !name.contains(' ') && (name.contains(['.', '_']) || name.contains(|c: char| c.is_ascii_digit()));
    !is_account
}

/// The text up to the first mark between names, and what follows it.
fn split(text: &str) -> Option<(&str, &str)> {
    // No further than the first mark is looked, or a long list would be read anew for each name.
    let mark_at = |at: usize| BETWEEN.iter().copied().filter(|mark| text[at..].starts_with(mark)).max_by_key(|mark| mark.len());
    let mut starts = text.char_indices().filter(|(_, c)| matches!(c, ' ' | ',' | ';' | '，' | '、'));
    let (at, mark) = starts.find_map(|(at, _)| Some((at, mark_at(at)?)))?;
    let (first, rest) = (&text[..at], &text[at + mark.len()..]);
    // `Ann Roe, Jr.` and `Ann Roe, MD` are one name.
    let next = || rest.split(',').next().unwrap_or_default().trim();
    let is_title = |next: &str| {
        ["jr", "jr.", "sr", "sr.", "md", "m.d.", "phd", "ph.d.", "rd", "esq.", "ii", "iii"].contains(&next.to_lowercase().as_str())
            && rest.len() <= next.len() + 1
    };
    if mark.starts_with(',') && is_title(next()) {
        return None;
    }
    // A name on each side of a word for "and": `Ann Roe and Bo Lee`, not `Food and Drugs`.
    let is_word = mark.trim().chars().all(|c| c.is_alphabetic() || c == '&');
    let has_two = |text: &str| text.split_whitespace().nth(1).is_some();
    (!is_word || has_two(first) && has_two(rest)).then_some((first, rest))
}

fn without_label(text: &str) -> &str {
    let label = BEFORE.iter().filter_map(|label| {
        let start = text.get(..label.len())?;
        let rest = &text[label.len()..];
        let ends = rest.starts_with([' ', ':']) || label.ends_with(':');
        (ends && start.eq_ignore_ascii_case(label)).then_some(rest)
    });
    label.min_by_key(|rest| rest.len()).map_or(text, |rest| rest.trim_start_matches([':', ' ']))
}

/// Whether a text can be a name: no address, no user name, some letters, not a sentence.
fn is_name(text: &str) -> bool {
    let is_address = text.contains("://") || text.starts_with("www.") || text.contains('@') || text.starts_with('/');
    let is_empty = ["null", "undefined", "none", "n/a", "admin", "author", "unknown", "guest"].contains(&text.to_lowercase().as_str());
    !is_address
        && !is_empty
        && text.chars().count() <= LONGEST
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && text.split(' ').count() <= 8
        && !text.contains(['{', '<', '='])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_one_by_one() {
        let cases: &[(&str, &[&str])] = &[
            ("By Ann Roe", &["Ann Roe"]),
            ("  Written by:  Ann\n Roe ", &["Ann Roe"]),
            ("Ann Roe, Bo Lee and Cy Doe", &["Ann Roe", "Bo Lee", "Cy Doe"]),
            ("Von Ann Roe und Bo Lee", &["Ann Roe", "Bo Lee"]),
            ("Ann Roe;Bo Lee", &["Ann Roe", "Bo Lee"]),
            ("Ann Roe, MD", &["Ann Roe, MD"]),
            ("Ann Roe, ann roe", &["Ann Roe"]),
            ("https://a.example/roe", &[]),
            ("@roe", &[]),
            ("admin", &[]),
            ("", &[]),
            ("Byron Roe", &["Byron Roe"]),
            ("Ann Roe (roe)", &["Ann Roe"]),
            ("Board of Food and Drugs", &["Board of Food and Drugs"]),
        ];
        for (text, expected) in cases {
            let mut names = Vec::new();
            add(&mut names, text, false);
            assert_eq!(names, *expected, "{text}");
        }
    }

    #[test]
    fn shown_bylines_end_where_the_name_does() {
        let cases: &[(&str, &[&str])] = &[
            ("By Ann Roe - June 12, 2025", &["Ann Roe"]),
            ("Ann Roe Jun 12, 2025 7 min read", &["Ann Roe"]),
            ("Written by Ann Roe and Bo Lee Last updated on Friday", &["Ann Roe", "Bo Lee"]),
            ("About the people who make this site what it is", &[]),
            ("Author", &[]),
            ("12 May", &[]),
            ("August", &[]),
            ("Full Bio", &[]),
            ("Ann Roe says", &[]),
        ];
        for (text, expected) in cases {
            let mut names = Vec::new();
            add(&mut names, text, true);
            assert_eq!(names, *expected, "{text}");
        }
    }

    #[test]
    fn lines_that_begin_with_by_have_names() {
        assert_eq!(in_byline("By Ann Roe and Bo Lee | Staff writers"), ["Ann Roe", "Bo Lee"]);
        assert_eq!(in_byline("Von Ann Roe, 3. Mai 2024"), ["Ann Roe"]);
        for line in ["Ann Roe", "By the sea", "By", "By law no boat may leave", "Byron Roe", "Par avion"] {
            assert!(in_byline(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn marks_between_names_begin_as_they_are_looked_for() {
        for mark in BETWEEN {
            assert_eq!(split(&format!("Ann Roe{mark}Bo Lee")), Some(("Ann Roe", "Bo Lee")), "{mark}");
        }
    }

    #[test]
    fn long_lists_take_linear_time() {
        let mut names = Vec::new();
        add(&mut names, &"Roe,".repeat(200_000), false);
        assert_eq!(names, ["Roe"]);
        add(&mut names, &"Ann Roe and Bo Lee and ".repeat(50_000), false);
        assert_eq!(names[..3], ["Roe", "Ann Roe", "Bo Lee"]);
    }
}
