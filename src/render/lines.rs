//! An article as plain text.

use super::CaptionPlace;
use crate::article::{Article, Caption};

/// Appends the story as text that ends in a line end; captions as lines in brackets where they are asked for.
pub(crate) fn write_text(out: &mut Vec<u8>, article: &Article<'_>, place: CaptionPlace) {
    let text: &str = &article.text;
    match place {
        CaptionPlace::Data => push(out, text),
        CaptionPlace::Inline => {
            let mut captions = Placed::new(article);
            let mut at = 0;
            for line in text.split_inclusive('\n') {
                for caption in captions.up_to(at) {
                    push(out, &bracketed(caption));
                    push(out, "\n");
                }
                push(out, line);
                at += line.chars().count();
            }
            end_line(out, text);
            captions.rest().for_each(|caption| push(out, &(bracketed(caption) + "\n")));
            return;
        }
        CaptionPlace::End => {
            push(out, text);
            end_line(out, text);
            if !article.captions.is_empty() && !text.is_empty() {
                push(out, "\n");
            }
            article.captions.iter().for_each(|caption| push(out, &(bracketed(caption) + "\n")));
            return;
        }
    }
    end_line(out, text);
}

/// `[photo: A man waves a flag. (AAP)]`
fn bracketed(caption: &Caption) -> String {
    let text = one_line(words(caption));
    let credit = caption.credit.as_deref().map(one_line);
    let parts = [text, credit.map_or_else(String::new, |credit| format!("({credit})"))];
    let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
    format!("[{}: {}]", caption.kind.as_str(), parts.join(" "))
}

/// The caption, or else what the picture shows.
pub(super) fn words(caption: &Caption) -> &str {
    if caption.text.is_empty() { caption.alt.as_deref().unwrap_or_default() } else { &caption.text }
}

/// Words with one space between them.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Captions in the order of their places.
struct Placed<'a> {
    captions: Vec<&'a Caption>,
    next: usize,
}

impl<'a> Placed<'a> {
    fn new(article: &'a Article<'_>) -> Self {
        let mut captions: Vec<_> = article.captions.iter().collect();
        captions.sort_by_key(|caption| caption.offset);
        Self { captions, next: 0 }
    }

    /// Those not yet given whose place is at or before `offset`.
    fn up_to(&mut self, offset: usize) -> impl Iterator<Item = &'a Caption> + use<'a, '_> {
        let start = self.next;
        self.next += self.captions[start..].iter().take_while(|caption| caption.offset <= offset).count();
        self.captions[start..self.next].iter().copied()
    }

    fn rest(&mut self) -> impl Iterator<Item = &'a Caption> + use<'a, '_> {
        self.up_to(usize::MAX)
    }
}

fn end_line(out: &mut Vec<u8>, text: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        push(out, "\n");
    }
}

fn push(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::CaptionKind;
    use crate::render::made::{article, caption};

    fn text(article: &Article<'_>, place: CaptionPlace) -> String {
        let mut out = Vec::new();
        write_text(&mut out, article, place);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_ends_in_one_line_end_and_is_otherwise_as_it_is() {
        for (story, expected) in [("a", "a\n"), ("a\n", "a\n"), (" a\r\n\n", " a\r\n\n"), ("", "")] {
            assert_eq!(text(&article(story, Vec::new()), CaptionPlace::Data), expected);
        }
    }

    #[test]
    fn captions_stand_where_they_stood_or_at_the_end() {
        // Offsets count characters: the title has twelve bytes and eleven characters.
        let mut story = article("The é title\nOne.\nTwo.", vec![caption("A flag.", "AAP", 12), caption("", "Reuters", 22)]);
        story.captions[1].kind = CaptionKind::Video;
        let expected = "The é title\n[photo: A flag. (AAP)]\nOne.\nTwo.\n[video: (Reuters)]\n";
        assert_eq!(text(&story, CaptionPlace::Inline), expected);
        let expected = "The é title\nOne.\nTwo.\n\n[photo: A flag. (AAP)]\n[video: (Reuters)]\n";
        assert_eq!(text(&story, CaptionPlace::End), expected);
    }
}
