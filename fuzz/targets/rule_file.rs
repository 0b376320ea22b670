//! Any text as a rule file: it is read or refused with a message, and rules that are read can be run.

#![no_main]

#[path = "../invariants.rs"]
mod invariants;

use copydesk::rules::{Mode, RuleSet};
use copydesk::{Document, Engine};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Text for the rules to work on.
const ARTICLE: &str = "Cracked bridge to close\n\nBy Jonas Ek\n\nThe council voted nine to four on Tuesday night to close the bridge for a year.\n\n\
    Advertisement 3\n\nThe bridge on Monday.\nPhoto: Jonas Ek/AAP\n\nAsked why, the mayor said that the piers had cracks, é, 橋.\n\n\
    Related\nFerry strike over\nTen bridges\n\nShare on Facebook | Twitter\n";

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else { return Corpus::Reject };
    let linted = RuleSet::builder().builtin(false).add_text("fuzz.toml", text).lint();
    if let Ok(found) = linted {
        found.iter().for_each(|diagnostic| drop(diagnostic.render(true)));
    }
    let engine = Engine::builder().builtin(false).guard(1.0).mode(Mode::Thorough).rules_text("fuzz.toml", text).build();
    match engine {
        Ok(engine) => run(&engine),
        Err(error) => assert!(!error.to_string().is_empty(), "a rule file is refused without a word"),
    }
    Corpus::Keep
});

fn run(engine: &Engine) {
    for (language, host) in [("en", "news.example.com"), ("de", ""), ("und", "")] {
        let document = Document::from_text(ARTICLE).with_language(language).with_host(host);
        let explanation = engine.explain(&document);
        invariants::check_article(ARTICLE, &explanation.article);
        invariants::check_explanation(ARTICLE, &explanation);
    }
}
