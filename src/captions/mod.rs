//! From tagged lines to captions: which alternative text, caption and credit belong to one picture.
//!
//! A page that lost its markup says about a picture, in one to four lines next to each other, what it shows (for those who cannot
//! see it), what the editors write below it, and who took it, in any order:
//!
//! ```text
//! A man holds a flag in front of a building.        alternative text
//! A supporter waves a flag in the capital.          caption
//! Photo: Jane Doe / Getty Images                    credit
//! ```
//!
//! Rules tag the lines; here neighbours are joined. A gallery repeats its captions: the first is counted,
//! the others say which one they repeat.

mod credit;

pub(crate) use credit::Labels;

use std::collections::HashMap;

use crate::article::{Caption, CaptionKind};
use crate::rules::RuleId;

/// One tagged line.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Text of a caption, without credit and widget words.
    pub(crate) caption: Option<String>,
    /// A credit, as written.
    pub(crate) credit: Option<String>,
    /// An alternative text.
    pub(crate) alt: Option<String>,
    /// Whether nothing that stays in the text lies between this line and the tagged line before it.
    pub(crate) beside_previous: bool,
    /// Paragraphs of the text before it.
    pub(crate) after_paragraph: usize,
    /// Code points of the text before it.
    pub(crate) offset: usize,
    /// The rule that tagged it.
    pub(crate) rule: RuleId,
    /// What the markup says, when it is not a line of text but a picture of a page.
    pub(crate) picture: Option<Markup>,
}

/// What the markup of a page says about a picture beside texts.
#[derive(Clone, Debug)]
pub(crate) struct Markup {
    pub(crate) kind: CaptionKind,
    pub(crate) url: Option<String>,
}

/// Joins tagged lines to captions. The second list says for each line the caption that it went into.
pub(crate) fn join(parts: &[Part], labels: &Labels) -> (Vec<Caption>, Vec<usize>) {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut home = Vec::with_capacity(parts.len());
    let have_own_credit = have_own_credit(parts);
    for (at, part) in parts.iter().enumerate() {
        let fits = drafts
            .last()
            .is_some_and(|draft| part.beside_previous && draft.takes(part) && !(draft.is_bare_credit() && have_own_credit[at]));
        if !fits {
            drafts.push(Draft::at(part));
        }
        let draft = drafts.last_mut().expect("one was pushed");
        draft.add(part);
        home.push(drafts.len() - 1);
    }
    let mut captions: Vec<Caption> = Vec::with_capacity(drafts.len());
    let mut firsts: HashMap<String, usize> = HashMap::new();
    for draft in drafts {
        let mut caption = draft.finish(labels);
        let first = *firsts.entry(picture(&caption)).or_insert(captions.len());
        if first < captions.len() && agrees(&captions[first], &caption) {
            merge(&mut captions[first], &caption);
            caption.repeats = Some(first);
        }
        captions.push(caption);
    }
    (captions, home)
}

/// Of each part, whether it is a caption that has its credit below: captions and credits take turns from there on, and the last one is a credit.
/// A credit above then belongs to a caption that no rule knew.
fn have_own_credit(parts: &[Part]) -> Vec<bool> {
    let is_only = |part: &Part, caption: bool| {
        part.alt.is_none() && part.picture.is_none() && part.caption.is_some() == caption && part.credit.is_some() != caption
    };
    let mut own = vec![false; parts.len()];
    // Whether the turns from the next part on end in a credit, and whether they begin with one; none where they are broken.
    let mut next: Option<(bool, bool)> = None;
    for (at, part) in parts.iter().enumerate().rev() {
        let is_credit = is_only(part, false);
        next = (is_credit || is_only(part, true)).then(|| {
            let ends = next.filter(|&(_, begins)| begins != is_credit && parts[at + 1].beside_previous).map_or(is_credit, |(ends, _)| ends);
            (ends, is_credit)
        });
        own[at] = next == Some((true, false));
    }
    own
}

/// A caption in the making.
#[derive(Debug)]
struct Draft {
    text: Option<String>,
    credit: Option<String>,
    alt: Option<String>,
    after_paragraph: usize,
    offset: usize,
    rule: RuleId,
    picture: Option<Markup>,
}

impl Draft {
    fn at(part: &Part) -> Self {
        Self {
            text: None,
            credit: None,
            alt: None,
            after_paragraph: part.after_paragraph,
            offset: part.offset,
            rule: part.rule.clone(),
            picture: part.picture.clone(),
        }
    }

    /// Whether a line can belong to the same picture: it brings what is still missing.
    fn takes(&self, part: &Part) -> bool {
        let credit_goes_on = self.credit.as_deref().is_some_and(|credit| credit.trim_end().ends_with([':', '(', '/', ',']));
        let free = |own: &Option<String>, new: &Option<String>| own.is_none() || new.is_none();
        if part.picture.is_some() {
            return false;
        }
        // An alternative text stands before its caption; after one, it is the next picture's.
        let alt_fits = part.alt.is_none() || (self.alt.is_none() && self.text.is_none() && self.credit.is_none());
        free(&self.text, &part.caption) && (free(&self.credit, &part.credit) || credit_goes_on && part.caption.is_none()) && alt_fits
    }

    /// Whether it is a credit and no more.
    fn is_bare_credit(&self) -> bool {
        self.credit.is_some() && self.text.is_none() && self.alt.is_none() && self.picture.is_none()
    }

    fn add(&mut self, part: &Part) {
        if let Some(caption) = &part.caption {
            self.text = Some(caption.clone());
            self.rule = part.rule.clone();
        }
        if let Some(credit) = &part.credit {
            self.credit = Some(match self.credit.take() {
                Some(first) => format!("{first} {credit}"),
                None => credit.clone(),
            });
        }
        if let Some(alt) = &part.alt {
            self.alt = Some(alt.clone());
        }
    }

    /// A caption that is its alternative text and a few more words has a credit without a label: `Fans wave flags Local News`.
    fn split_credit(&mut self) {
        let (Some(text), Some(alt), None) = (&self.text, &self.alt, &self.credit) else { return };
        let Some(rest) = text.strip_prefix(alt.as_str()) else { return };
        let credit = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | '|' | '/'));
        if credit.starts_with(char::is_uppercase) && credit.split_whitespace().count() <= 6 {
            self.credit = Some(credit.to_owned());
            self.text = Some(alt.clone());
        }
    }

    fn finish(mut self, labels: &Labels) -> Caption {
        self.split_credit();
        Caption {
            text: self.text.unwrap_or_default(),
            credit: self.credit.as_deref().map(|raw| labels.name(raw)),
            credit_raw: self.credit.map(|raw| raw.trim().to_owned()),
            alt: self.alt,
            kind: self.picture.as_ref().map_or(CaptionKind::Photo, |picture| picture.kind),
            image_url: self.picture.and_then(|picture| picture.url),
            count: 1,
            repeats: None,
            after_paragraph: self.after_paragraph,
            offset: self.offset,
            rule: Some(self.rule),
        }
    }
}

/// What makes two captions those of one picture that the page shows twice: the same text, or, without a text, the same words
/// otherwise.
fn picture(caption: &Caption) -> String {
    match caption {
        Caption { text, .. } if !text.is_empty() => text.clone(),
        Caption { credit, alt, .. } => format!("\n{}\n{}", credit.as_deref().unwrap_or_default(), alt.as_deref().unwrap_or_default()),
    }
}

/// Whether the credits of two captions do not contradict each other.
fn agrees(one: &Caption, other: &Caption) -> bool {
    one.credit == other.credit || one.credit.is_none() || other.credit.is_none()
}

/// Counts a repeated caption and takes over what the first lacked.
fn merge(first: &mut Caption, again: &Caption) {
    first.count += 1;
    if first.credit.is_none() {
        first.credit.clone_from(&again.credit);
        first.credit_raw.clone_from(&again.credit_raw);
    }
    if first.alt.is_none() {
        first.alt.clone_from(&again.alt);
    }
    if first.image_url.is_none() {
        first.image_url.clone_from(&again.image_url);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: &str, text: &str) -> Part {
        let some = |wanted: &str| (kind == wanted).then(|| text.to_owned());
        Part {
            caption: some("caption"),
            credit: some("credit"),
            alt: some("alt"),
            beside_previous: true,
            after_paragraph: 0,
            offset: 0,
            rule: RuleId::new("any.test"),
            picture: None,
        }
    }

    fn joined(lines: &[(&str, &str)]) -> Vec<(String, Option<String>, Option<String>, u32)> {
        let parts: Vec<Part> = lines.iter().map(|(kind, text)| part(kind, text)).collect();
        let labels = Labels::new(&["image".to_owned(), "photo".to_owned()]);
        join(&parts, &labels).0.into_iter().map(|caption| (caption.text, caption.credit, caption.alt, caption.count)).collect()
    }

    fn row(text: &str, credit: &str, alt: &str, count: u32) -> (String, Option<String>, Option<String>, u32) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (text.to_owned(), some(credit), some(alt), count)
    }

    #[test]
    fn neighbours_are_joined_in_any_order() {
        assert_eq!(joined(&[("alt", "A man"), ("caption", "Mr Doe"), ("credit", "Photo: AP")]), [row("Mr Doe", "AP", "A man", 1)]);
        assert_eq!(
            joined(&[("credit", "AP"), ("caption", "One"), ("credit", "AFP"), ("caption", "Two")]),
            [row("One", "AP", "", 1), row("Two", "AFP", "", 1)]
        );
        assert_eq!(joined(&[("caption", "One"), ("credit", "AP"), ("caption", "Two")]), [row("One", "AP", "", 1), row("Two", "", "", 1)]);
        assert_eq!(joined(&[("alt", "A"), ("alt", "B"), ("caption", "Two")]), [row("", "", "A", 1), row("Two", "", "B", 1)]);
    }

    #[test]
    fn a_credit_may_be_split_over_lines() {
        assert_eq!(joined(&[("caption", "Ivy"), ("credit", "Image:"), ("credit", "Getty Images)")]), [row("Ivy", "Getty Images", "", 1)]);
    }

    #[test]
    fn a_credit_of_an_unknown_caption_is_not_the_next_ones() {
        assert_eq!(
            joined(&[("credit", "AP"), ("caption", "One"), ("credit", "AFP"), ("caption", "Two"), ("credit", "dpa")]),
            [row("", "AP", "", 1), row("One", "AFP", "", 1), row("Two", "dpa", "", 1)]
        );
    }

    #[test]
    fn a_gallery_counts_its_captions() {
        let lines = [("caption", "One"), ("credit", "AP"), ("caption", "One"), ("credit", "AP"), ("caption", "Two"), ("credit", "AP")];
        assert_eq!(joined(&lines), [row("One", "AP", "", 2), row("One", "AP", "", 1), row("Two", "AP", "", 1)]);
        let parts: Vec<Part> = lines.iter().map(|(kind, text)| part(kind, text)).collect();
        assert_eq!(join(&parts, &Labels::default()).0[1].repeats, Some(0));
    }

    #[test]
    fn what_a_caption_adds_to_its_alternative_text_is_the_credit() {
        assert_eq!(
            joined(&[("alt", "The baker with her bread"), ("caption", "The baker with her bread Local News")]),
            [row("The baker with her bread", "Local News", "The baker with her bread", 1)]
        );
    }
}
