//! Stories about newsletters, subscriptions, tips and lists come through whole, and hostile pages end.
//!
//! Each line of `fixtures/stories` shares its words with furniture that rules remove: a sentence in which the police warn of letters
//! that say `thanks for signing up`, a subheading `Newsletters`, a list under `Popular:`.

use copydesk::rules::{Category, RuleSet};
use copydesk::{Document, Engine};

fn story(language: &str) -> String {
    let path = format!("{}/fixtures/stories/{language}.txt", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("the fixture is shipped")
}

#[test]
fn stories_about_furniture_come_through_whole() {
    let engine = Engine::builder().build().expect("built-in rules");
    for language in [
        "ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "hi", "hu", "id", "it", "ja", "ko", "nl", "no", "pl", "pt", "ro", "ru", "sv",
        "tr", "uk", "vi", "zh",
    ] {
        let story = story(language);
        let document = Document::from_text(&story).with_language(language);
        let article = engine.clean_document(&document);
        let lost: Vec<_> = article.dropped.iter().map(|dropped| (dropped.rule.as_str(), &*dropped.text)).collect();
        assert!(lost.is_empty(), "{language}: {lost:?}");
        assert_eq!(article.text, story);
    }
}

/// Sentences that a rule has among its misses and that another takes rightly: furniture of another kind.
const OF_ANOTHER_KIND: &[&str] =
    &["The shares rose, according to the filing, opens new tab.", "Tune in to the live broadcast at noon; it is on demand after that."];

/// Words of the shortest sentence that is tried; two characters where words have no spaces between them.
const WORDS: usize = 8;

/// The tests in the packs say that a rule leaves its own misses alone. Here these stand within a story, and no other rule takes them either.
#[test]
fn a_sentence_that_one_rule_spares_no_other_takes() {
    let engine = Engine::builder().build().expect("built-in rules");
    let set = RuleSet::builder().keep_tests(true).build().expect("built-in rules");
    let words = |text: &str| if text.contains(' ') { text.split(' ').count() } else { text.chars().count() / 2 };
    let is_sentence = |text: &&str| text.ends_with(['.', '!', '?', '。']) && words(text) >= WORDS;
    // What is not protected may go, and captions are told apart among each other.
    let is_told = |category: Category| !matches!(category, Category::Caption | Category::Protect);
    let (mut tried, mut lost) = (0, Vec::new());
    for rule in set.all().expect("built-in rules").iter().filter(|rule| is_told(rule.category)) {
        let language = rule.scope.lang.first().map_or("en", |code| code.as_str());
        let story = story(language);
        let around: Vec<&str> = story.lines().filter(is_sentence).take(4).collect();
        for miss in rule.tests.miss.iter().map(|test| test.text.trim()).filter(is_sentence).filter(|miss| !miss.contains('\n')) {
            for place in [2, around.len()] {
                let mut paragraphs = around.clone();
                paragraphs.insert(place, miss);
                let text = paragraphs.join("\n\n");
                let article = engine.clean_document(&Document::from_text(&text).with_language(language));
                tried += 1;
                if !article.text.contains(miss) && !OF_ANOTHER_KIND.contains(&miss) {
                    let takers: Vec<&str> = article.dropped.iter().map(|dropped| dropped.rule.as_str()).collect();
                    lost.push(format!("{miss} (spared by {}, taken by {takers:?})", rule.id));
                }
            }
        }
    }
    lost.dedup();
    assert!(tried > 1000, "{tried}");
    assert!(lost.is_empty(), "{} of {tried}:\n{}", lost.len(), lost.join("\n"));
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
