//! Stories about newsletters, subscriptions, tips and lists come through whole, and hostile pages end.
//!
//! Each line of `fixtures/stories` shares its words with furniture that rules remove: a sentence in which the police warn of letters
//! that say `thanks for signing up`, a subheading `Newsletters`, a list under `Popular:`.

use copydesk::{Document, Engine};

#[test]
fn stories_about_furniture_come_through_whole() {
    let engine = Engine::builder().build().expect("built-in rules");
    for language in [
        "ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "hi", "hu", "id", "it", "ja", "ko", "nl", "no", "pl", "pt", "ro", "ru", "sv",
        "tr", "uk", "vi", "zh",
    ] {
        let path = format!("{}/fixtures/stories/{language}.txt", env!("CARGO_MANIFEST_DIR"));
        let story = std::fs::read_to_string(path).expect("the fixture is shipped");
        let document = Document::from_text(&story).with_language(language);
        let article = engine.clean_document(&document);
        let lost: Vec<_> = article.dropped.iter().map(|dropped| (dropped.rule.as_str(), &*dropped.text)).collect();
        assert!(lost.is_empty(), "{language}: {lost:?}");
        assert_eq!(article.text, story);
    }
}

/// Each of these once took time that grew with the square of its size, or could have.
#[test]
fn pages_of_headings_credits_and_cuts_end() {
    let engine = Engine::builder().guard(1.0).build().expect("built-in rules");
    let captions = |number: usize| format!("The keeper climbs the stairs number {number} of the tower. (Photo: Jane Doe/AP)\n\n");
    let turns = |number: usize| format!("Getty Images\nThe keeper climbs stairs {number} of the tower\n");
    let pages = [
        "Related\n\n".repeat(50_000),
        "Tags\n\nSport\n\n".repeat(25_000),
        "The vote was close on that day... Read More\n\n".repeat(25_000),
        (0..25_000).map(captions).collect(),
        (0..25_000).map(turns).collect(),
        format!("{}Getty Images", "Photo/".repeat(100_000)),
        format!("{}Photo: AP{}", "(".repeat(100_000), ")".repeat(100_000)),
    ];
    for page in pages {
        let article = engine.clean_document(&Document::from_text(&page).with_language("en"));
        assert_eq!(article.source(), page);
    }
}
