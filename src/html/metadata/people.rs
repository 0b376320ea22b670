//! Names of authors as pages write them: without "By", one by one, without addresses.

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

/// What stands between names.
const BETWEEN: &[&str] =
    &[", ", " and ", " & ", " und ", " et ", " y ", " och ", " og ", " en ", "; ", ";", " | ", " • ", " · ", "，", "、", " / ", ","];

/// Most letters of a name, and most names of a story.
const LONGEST: usize = 80;
const MOST: usize = 30;

/// Adds the names in `text` that are not yet in `names`.
pub(super) fn add(names: &mut Vec<String>, text: &str) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut open = vec![without_label(&text)];
    while let Some(piece) = open.pop() {
        if let Some((first, rest)) = split(piece) {
            open.push(rest);
            open.push(first);
            continue;
        }
        let name = without_label(piece.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '•' | '-' | '–' | '/')));
        if is_name(name) && names.len() < MOST && !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name.to_owned());
        }
    }
}

/// The text up to the first mark between names, and what follows it.
fn split(text: &str) -> Option<(&str, &str)> {
    let (at, mark) =
        BETWEEN.iter().filter_map(|mark| Some((text.find(mark)?, *mark))).min_by_key(|&(at, mark)| (at, std::cmp::Reverse(mark.len())))?;
    let (first, rest) = (&text[..at], &text[at + mark.len()..]);
    // `Ann Roe, Jr.` and `Ann Roe, MD` are one name.
    let next = rest.split(',').next().unwrap_or_default().trim();
    let is_title = mark.starts_with(',')
        && ["jr", "jr.", "sr", "sr.", "md", "m.d.", "phd", "ph.d.", "rd", "esq.", "ii", "iii"].contains(&next.to_lowercase().as_str());
    (!is_title || rest.len() > next.len() + 1).then_some((first, rest))
}

fn without_label(text: &str) -> &str {
    let label = BEFORE.iter().filter_map(|label| {
        let start = text.get(..label.len())?;
        let rest = &text[label.len()..];
        let ends = rest.starts_with([' ', ':']) || label.ends_with(':');
        (start.to_lowercase() == *label && ends).then_some(rest)
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
        ];
        for (text, expected) in cases {
            let mut names = Vec::new();
            add(&mut names, text);
            assert_eq!(names, *expected, "{text}");
        }
    }

    #[test]
    fn long_lists_take_linear_time() {
        let mut names = Vec::new();
        add(&mut names, &"Roe,".repeat(2_000));
        assert_eq!(names, ["Roe"]);
    }
}
