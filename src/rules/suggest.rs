//! "Did you mean …?": the known word nearest to one that is not known.

/// The word of `known` that `word` was most likely meant to be, if one is near enough: at most a third of its letters differ.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let limit = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= limit || is_plural(word, candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether the two differ by a final `s` alone.
fn is_plural(one: &str, other: &str) -> bool {
    one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one)
}

/// Edits (insert, delete, replace, swap of neighbours) that lead from one word to the other; `-` and `_` are alike.
fn distance(from: &str, to: &str) -> usize {
    let letters =
        |word: &str| -> Vec<char> { word.chars().take(64).map(|c| if c == '-' { '_' } else { c.to_ascii_lowercase() }).collect() };
    let (from, to) = (letters(from), letters(to));
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let mut best = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[to.len()]
}

/// `a`, `b` or `c`, each in back-quotes.
pub(super) fn one_of<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_suggested() {
        let known = ["match", "where", "about", "category", "max_words"];
        let cases = [
            ("mach", Some("match")),
            ("max-words", Some("max_words")),
            ("wehre", Some("where")),
            ("catgory", Some("category")),
            ("About", Some("about")),
            ("zebra", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, known), expected, "{word:?}");
        }
    }

    #[test]
    fn words_are_listed_in_a_sentence() {
        assert_eq!(one_of(["a"]), "`a`");
        assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(one_of([]), "");
    }
}
