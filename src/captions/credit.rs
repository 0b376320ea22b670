//! Names out of credits: `(Photo by Jane Doe/Getty Images)` is `Jane Doe/Getty Images`.

use crate::rules::Fold;
use crate::text::fold;

/// Words that join a label to the name after it.
const JOINTS: &[&str] = &["by", "credit", "credits", "source", "via", "von", "par", "de", "di", "do", "da", "av", "af", "door"];

/// Labels that say how a picture came to the paper, and are part of the credit where a name follows behind a slash: `Reprodução/TV`.
const ORIGINS: &[&str] = &["reprodução", "divulgação"];

/// Most labels, or pairs of brackets, that are taken off a credit; real ones have two or three.
const MOST_LAYERS: usize = 8;

/// Characters at the start of a credit in which its label is looked for.
const LONGEST_LABEL: usize = 64;

/// The words before a credit, as rules list them (`photo`, `foto`, `source`), by their first byte and longest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels(Vec<String>);

impl Labels {
    /// Takes the folded words of a list.
    pub(crate) fn new(words: &[String]) -> Self {
        let mut words: Vec<String> = words.iter().map(|word| fold::phrase(word, Fold::Full)).filter(|word| !word.is_empty()).collect();
        words.sort_unstable_by(|one, other| first_byte(one).cmp(&first_byte(other)).then(other.len().cmp(&one.len())).then(one.cmp(other)));
        words.dedup();
        Self(words)
    }

    /// The name in a credit: without brackets, labels, copyright signs and stray separators. The credit itself, trimmed, when
    /// nothing else is left.
    pub(crate) fn name(&self, raw: &str) -> String {
        let mut rest = trim(raw);
        for _ in 0..MOST_LAYERS {
            let Some(shorter) = self.without_label(rest) else { break };
            rest = shorter;
        }
        let name = if rest.is_empty() { trim(raw) } else { rest };
        let spaced = name.split_whitespace().collect::<Vec<_>>().join(" ");
        spaced.replace(" / ", "/").replace(" | ", "/")
    }

    /// `text` without one leading label and what joins it to the name.
    fn without_label<'t>(&self, text: &'t str) -> Option<&'t str> {
        if let Some(rest) = ["©", "(c)", "(C)", "℗", "ⓒ", "Ⓒ", "（Ｃ）", "（C）"].iter().find_map(|sign| text.strip_prefix(sign))
        {
            return Some(trim(rest));
        }
        // A label stands at the start; a credit as long as a page is not folded whole for it.
        let start = text.char_indices().nth(LONGEST_LABEL).map_or(text, |(at, _)| &text[..at]);
        let (folded, map) = fold::fold_with_map(start);
        let first = first_byte(&folded);
        let alike = &self.0[self.0.partition_point(|label| first_byte(label) < first)..];
        let label = alike.iter().take_while(|label| first_byte(label) == first).find(|label| {
            folded
                .strip_prefix(label.as_str())
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() && !crate::text::words::is_unspaced(c)))
        })?;
        let behind = text[map[label.len()]..].trim_start();
        if ORIGINS.contains(&label.as_str()) && behind.starts_with('/') {
            return None;
        }
        let mut rest = trim(behind);
        let labelled = behind.starts_with([':', '：', '/', '／', '|', '=', '＝', '-', '–', '.', '©']);
        if let Some((joint, after)) = rest.split_once(char::is_whitespace)
            && JOINTS.contains(&joint.trim_end_matches([':', '.']).to_lowercase().as_str())
        {
            rest = trim(after);
        } else if !labelled && !label.contains(' ') && rest.starts_with(char::is_lowercase) {
            // `source close to the firm`: no label after all.
            return None;
        }
        Some(rest).filter(|rest| !rest.is_empty())
    }
}

fn first_byte(text: &str) -> Option<u8> {
    text.bytes().next()
}

/// Trims white space, brackets and separators around a credit.
fn trim(text: &str) -> &str {
    let mut text = trim_signs(text);
    for _ in 0..MOST_LAYERS {
        let inner = trim_signs(without_bracket(text));
        if inner.len() == text.len() {
            break;
        }
        text = inner;
    }
    text
}

/// `text` without a bracket whose partner is not inside: `(AP)` and `AP)` lose theirs, `APA (dpa)` does not.
fn without_bracket(text: &str) -> &str {
    const OPEN: [char; 2] = ['(', '（'];
    const CLOSE: [char; 2] = [')', '）'];
    let balanced = |text: &str| text.matches(OPEN).count() == text.matches(CLOSE).count();
    match text.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE)) {
        Some(inner) if balanced(inner) && !inner.starts_with(CLOSE) => inner,
        _ if balanced(text) => text,
        _ if text.starts_with(OPEN) => text.trim_start_matches(OPEN),
        _ => text.trim_end_matches(CLOSE),
    }
}

/// `text` without white space and separators around it.
fn trim_signs(text: &str) -> &str {
    const SIGNS: &str = "[]［］【】;,|/／·•・–—-:：=＝.*<>";
    text.trim_matches(|c: char| c.is_whitespace() || SIGNS.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credit_becomes_a_name() {
        let words = [
            "photo",
            "photos",
            "photograph",
            "source",
            "image",
            "images",
            "image credits",
            "foto",
            "picture",
            "credit",
            "crédit photo",
            "courtesy of",
            "courtesy",
            "copyright",
            "写真",
            "supplied",
            "reprodução",
        ];
        let labels = Labels::new(&words.map(str::to_owned));
        let cases = [
            ("Source: AAP", "AAP"),
            ("(Photo by Jane Doe/Getty Images)", "Jane Doe/Getty Images"),
            ("[SpaceX via Nasa]", "SpaceX via Nasa"),
            ("Photograph by Ann Roe/AFP/Getty Images", "Ann Roe/AFP/Getty Images"),
            ("Photo: Samuel Doe, AP", "Samuel Doe, AP"),
            ("© APA/APA (dpa)/Jens Doe", "APA/APA (dpa)/Jens Doe"),
            ("Image: Getty Images/Plain RF)", "Getty Images/Plain RF"),
            ("Crédit photo : LD / Hameau", "LD/Hameau"),
            ("(Robert F. Doe / AP)", "Robert F. Doe/AP"),
            ("Photo Illustration by Jo Roe", "Illustration by Jo Roe"),
            ("写真：共同通信", "共同通信"),
            ("［写真＝共同］", "共同"),
            ("（Ｃ）共同", "共同"),
            ("ⓒ연합뉴스", "연합뉴스"),
            ("Supplied", "Supplied"),
            ("( REUTERS/Peter Doe/Reuters )", "REUTERS/Peter Doe/Reuters"),
            ("Courtesy of the artist", "the artist"),
            ("Image Credits: Townfolk", "Townfolk"),
            ("(Foto: Reprodução/TV Porto)", "Reprodução/TV Porto"),
            ("AP", "AP"),
        ];
        for (raw, name) in cases {
            assert_eq!(labels.name(raw), name, "{raw}");
        }
    }

    #[test]
    fn a_credit_of_labels_or_brackets_alone_ends() {
        let labels = Labels::new(&["photo".to_owned()]);
        assert!(labels.name(&"Photo/".repeat(50_000)).len() > 100_000);
        assert!(!labels.name(&format!("{}AP{}", "(".repeat(50_000), ")".repeat(50_000))).is_empty());
    }
}
