//! The line score: short lines that nothing but their company gives away.

use copydesk::rules::Mode;
use copydesk::{Document, Engine};

/// A story with furniture below it, and a line there that no phrase tells.
const STORY: &str = "\
The mill by the old bridge will open its doors again in May, the council said on Friday, more than half a century after its wheel was taken out and left to stand in a field by the river.
The council has set aside two million for the work, and more is to come from the state. The plan was drawn up by a firm from the capital that has built two mills before, one of them on an island.
Residents had asked for a cinema and were told that the walls would not stand it. The roof comes first, then the floors, and the wheel last of all, the architect said at a meeting in the town hall.
What the council wants
Her office has twelve people, and four of them come from families of millers. The last miller died in 1971 and left his tools to the school, where they still hang on the wall beside the stairs.
Pupils will be the first to see the stones turn, on a morning that is yet to be named. The council hopes for ten thousand visitors a year, about as many as the castle has had since its tower was closed.
Bread will be baked in the yard on Sundays if the fire brigade agrees, and flour will be sold by the bag. Whoever wants to help may come on any Saturday, with gloves and with boots that can stand some water.
Share this article
Follow us on Facebook
Sign up for our newsletter
Wine
Gardens and homes
Ships in harbour
Advertisement
Terms of use
Privacy policy
All rights reserved
";

const TOLD_BY_NOTHING: &str = "Ships in harbour";

fn engine() -> Engine {
    Engine::builder().build().expect("the built-in rules are well formed")
}

fn document(text: &str) -> Document<'_> {
    Document::from_text(text).with_language("en")
}

#[test]
fn a_line_among_furniture_goes_and_says_its_score() {
    let document = document(STORY);
    let explanation = engine().explain(&document);
    let block = explanation.blocks.iter().find(|block| block.span.of(STORY) == TOLD_BY_NOTHING).expect("it is a block");
    assert!(!block.kept);
    let decision = &block.decisions[0];
    assert!(decision.rule.as_str().starts_with("any.line."), "{decision:?}");
    let score = decision.because.iter().find(|(key, _)| *key == "where.score").expect("the score is told");
    assert!(score.1.parse::<f32>().is_ok_and(|score| (0.8..=1.0).contains(&score)), "{score:?}");
}

#[test]
fn a_subheading_stays() {
    let article = engine().clean_document(&document(STORY));
    assert!(article.text.contains("What the council wants"));
}

#[test]
fn careful_cleaning_does_not_guess() {
    let careful = Engine::builder().mode(Mode::Careful).build().expect("the built-in rules are well formed");
    assert!(careful.clean_document(&document(STORY)).text.contains(TOLD_BY_NOTHING));
}

#[test]
fn what_a_rule_protects_stays_whatever_its_score() {
    let own = "format = 1\n[pack]\nid = 'my'\nabout = 'x'\nlayer = 'user'\n[[rule]]\nid = 'my.ships'\ncategory = 'protect'\nabout = 'x'\n\
               action = 'protect'\nmatch.has = ['ships']\n";
    let engine = Engine::builder().rules_text("my.toml", own).build().expect("the rule is well formed");
    assert!(engine.clean_document(&document(STORY)).text.contains(TOLD_BY_NOTHING));
}

#[test]
fn a_rule_with_a_phrase_and_a_score_takes_lines_with_both() {
    let own = "format = 1\n[pack]\nid = 'my'\nabout = 'x'\n[[rule]]\nid = 'my.line'\ncategory = 'other'\nabout = 'x'\naction = 'remove'\n\
               match.is = ['wine', 'what the council wants']\nscope.media = 'text'\nwhere.score = 0.3\n";
    let engine = Engine::builder().rules_text("my.toml", own).build().expect("the rule is well formed");
    let article = engine.clean_document(&document(STORY));
    let taken: Vec<&str> = article.dropped.iter().filter(|gone| gone.rule.as_str() == "my.line").map(|gone| gone.text.as_ref()).collect();
    assert_eq!(taken, ["Wine"]);
}

#[test]
fn the_score_of_a_line_that_stays_is_told_too() {
    let document = document(STORY);
    let near = engine().why_not(&document, "any.line.likely").expect("the rule takes part");
    let subheading = near.iter().find(|near| near.span.of(STORY) == "What the council wants").expect("it is a block");
    let (key, found) = subheading.failed.as_ref().expect("it does not match");
    assert_eq!(*key, "where.score");
    assert!(found.parse::<f32>().is_ok_and(|score| score < 0.8), "{found}");
}

#[test]
fn no_rule_takes_prose_by_its_score() {
    let greedy = "format = 1\n[pack]\nid = 'my'\nabout = 'x'\nwithout_language = true\n[[rule]]\nid = 'my.greedy'\ncategory = 'other'\n\
                  about = 'x'\naction = 'remove'\nscope.media = 'text'\nwhere.score = 0\nwhere.max_words = 50\nmatch.not_shape = ['blank']\n";
    let engine = Engine::builder().rules_text("my.toml", greedy).guard(1.0).build().expect("the rule is well formed");
    let text = engine.clean_document(&document(STORY)).text.to_string();
    assert!(!text.contains("What the council wants"), "{text}");
    for line in STORY.lines().filter(|line| line.ends_with('.')) {
        assert!(text.contains(line), "{line}");
    }
}

#[test]
fn a_rule_of_the_user_changes_how_sure_it_has_to_be() {
    let surer = "format = 1\n[pack]\nid = 'my'\nabout = 'x'\n[[override]]\nrule = 'any.line.*'\nabout = 'x'\nwhere.score = 1\n";
    let engine = Engine::builder().rules_text("my.toml", surer).build().expect("the override is well formed");
    assert!(engine.clean_document(&document(STORY)).text.contains(TOLD_BY_NOTHING));
}

/// Letters after a character of an unspaced script make a pair each, of which a text of this length once held more than its table had room for.
#[test]
fn more_pairs_than_a_text_has_room_for_are_no_trouble() {
    let mut pairs = (0..1296_u32).map(|at| char::from_digit(at * 577 % 1296 / 36, 36).into_iter().chain(char::from_digit(at % 36, 36)));
    let word = |_| format!("\u{6a4b}{}", pairs.by_ref().take(6).flatten().collect::<String>());
    let sentence = (0..31).map(word).collect::<Vec<_>>().join(" ");
    let text = format!("Advertisement\nFollow us on Facebook\n{sentence}.\nGardens\nShare this article\n");
    let article = engine().clean_document(&document(&text)).into_owned();
    assert!(article.text.contains(&sentence), "{}", article.text);
}
