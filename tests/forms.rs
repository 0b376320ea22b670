//! One story as good HTML, as flat lines of HTML and as plain text: the same body, captions and labels.

use copydesk::html::PageReader;
use copydesk::{Article, Document, Engine, Scratch};

const PAGE: &str = include_str!("../fixtures/articles/harbour.html");
const FLAT: &str = include_str!("../fixtures/articles/harbour-flat.html");
const TEXT: &str = include_str!("../fixtures/articles/harbour.txt");

/// The paragraphs of the story, without what a page has in fields of its own or a text cannot tell from a paragraph.
fn story(article: &Article<'_>) -> Vec<String> {
    let lines = article.text.lines().filter(|line| line.split_whitespace().count() > 12);
    lines.map(str::to_owned).collect()
}

fn captions<'a>(article: &'a Article<'_>) -> Vec<(&'a str, Option<&'a str>)> {
    article.captions.iter().map(|caption| (caption.text.as_str(), caption.credit.as_deref())).collect()
}

/// The alternative texts, which flat lines have lost.
fn alts<'a>(article: &'a Article<'_>) -> Vec<Option<&'a str>> {
    article.captions.iter().map(|caption| caption.alt.as_deref()).collect()
}

/// Whether a line of this text went under a rule of this category.
fn went(article: &Article<'_>, text: &str) -> Option<String> {
    article.dropped.iter().find(|piece| piece.text == text).map(|piece| piece.rule.as_str().to_owned())
}

#[test]
fn a_story_is_the_same_in_every_form() {
    let engine = Engine::builder().build().unwrap();
    let mut scratch = Scratch::default();
    let text = engine.clean_with(&Document::from_text(TEXT), &mut scratch).into_owned();
    let mut reader = PageReader::default();
    for (form, source) in [("page", PAGE), ("flat", FLAT)] {
        let document = reader.read(source, Some("https://northernwire.example/islands/ferry-back")).unwrap();
        let page = engine.clean_with(&document, &mut scratch);
        assert_eq!(story(&page), story(&text), "{form}");
        assert_eq!(captions(&page), captions(&text), "{form}");
        assert_eq!(page.agency, text.agency, "{form}");
        assert!(form == "flat" || alts(&page) == alts(&text), "{form}");
        for label in ["Advertisement", "(Story continues below advertisement)", "Read more: Storm damage to island piers put at £14m"] {
            assert_eq!(went(&page, label), went(&text, label), "{form}: {label}");
        }
        let furniture = ["Subscribe", "story tip", "Follow us", "Related articles", "How to book", "Island council", "All rights reserved"];
        for furniture in furniture {
            assert!(!page.text.contains(furniture), "{form}: {furniture}");
        }
    }
}

#[test]
fn a_page_says_what_it_is() {
    let engine = Engine::builder().build().unwrap();
    let article = engine.clean_html(PAGE, Some("https://northernwire.example/islands/ferry-back")).unwrap();
    assert_eq!(article.title.as_deref(), Some("Ferry back in service at Port Ellen after pier repairs"));
    assert_eq!(article.authors, ["Moira Calder", "Tom Reyes"]);
    assert_eq!(article.about.published.as_deref(), Some("2025-03-14T07:40:00Z"));
    assert_eq!(article.about.site_name.as_deref(), Some("Northern Wire"));
    assert_eq!(article.captions[0].image_url.as_deref(), Some("https://northernwire.example/pictures/pier.jpg"));
}
