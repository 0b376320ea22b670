//! Any text in any language and mode: the article keeps its promises.
//!
//! The first byte chooses language and mode, the rest is the text: `@` and then an article is English in standard mode.

#![no_main]

#[path = "../invariants.rs"]
mod invariants;

use std::sync::LazyLock;

use copydesk::rules::Mode;
use copydesk::{Document, Engine};
use libfuzzer_sys::{Corpus, fuzz_target};

/// `@` chooses the first, `B` the second and so on, every second letter; `und` leaves it to be guessed.
const LANGUAGES: [&str; 8] = ["en", "de", "fr", "ja", "zh", "ru", "tr", "und"];

static ENGINES: LazyLock<[Engine; 2]> = LazyLock::new(|| [Mode::Standard, Mode::Thorough].map(engine));

fn engine(mode: Mode) -> Engine {
    Engine::builder().mode(mode).guard(1.0).build().expect("the built-in rules are well formed")
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some((&choice, rest)) = bytes.split_first() else { return Corpus::Reject };
    let Ok(text) = std::str::from_utf8(rest) else { return Corpus::Reject };
    let engine = &ENGINES[usize::from(choice & 1)];
    let document = Document::from_text(text).with_language(LANGUAGES[usize::from(choice >> 1) % LANGUAGES.len()]);
    let article = engine.clean_document(&document);
    invariants::check_article(text, &article);
    let explanation = engine.explain(&document);
    assert_eq!(explanation.article, article, "explained otherwise than cleaned: {text:?}");
    invariants::check_explanation(text, &explanation);
    Corpus::Keep
});
