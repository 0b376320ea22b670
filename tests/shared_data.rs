//! Floors on the development set of labelled articles, which is not part of the project.
//!
//! The set lies in `$COPYDESK_SHARED`, or in `shared` beside the project's folder; without it these tests say so and pass. Scores
//! are the scorer's business: what stands here must hold for every article, however good the rules are.

#[path = "../fuzz/invariants.rs"]
mod invariants;

use std::fs;
use std::path::{Path, PathBuf};

use copydesk::{Article, Document, Engine, Status};
use serde_json::Value;

/// Labels of lines that are the story.
const STORY: [&str; 3] = ["body", "headline", "subhead"];

/// Rules that take a part of a line which the labels count as story: "(text continues below the photo)".
const TAKES_MORE_THAN_LABELS: [&str; 1] = ["nl.ad.continues-inline"];

/// An article with a label for every line.
struct Labelled {
    id: String,
    language: String,
    host: String,
    lines: Vec<Line>,
}

struct Line {
    text: String,
    label: String,
    blank_before: usize,
    /// Whether a part of the line is no story.
    has_spans: bool,
}

impl Labelled {
    fn read(json: &str) -> Self {
        let value: Value = serde_json::from_str(json).expect("the set is JSON Lines");
        let lines = value["lines"].as_array().expect("an article has lines");
        Self {
            id: text(&value["id"]),
            language: text(&value["lang"]),
            host: text(&value["url_host"]),
            lines: lines.iter().map(Line::read).collect(),
        }
    }

    /// The text as the scraper left it.
    fn source(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| "\n".repeat(line.blank_before) + &line.text).collect();
        lines.join("\n")
    }

    fn is_all_story(&self) -> bool {
        self.lines.iter().all(|line| STORY.contains(&line.label.as_str()) && !line.has_spans)
    }
}

impl Line {
    fn read(value: &Value) -> Self {
        let blank_before = value["blank_before"].as_u64().unwrap_or_default();
        let has_spans = value["spans"].as_array().is_some_and(|spans| !spans.is_empty());
        let blank_before = usize::try_from(blank_before).expect("few blank lines");
        Self { text: text(&value["text"]), label: text(&value["label"]), blank_before, has_spans }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Where the set lies, if it is there.
fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("COPYDESK_SHARED").map_or_else(beside, PathBuf::from);
    Some(shared.join("data/text-gold")).filter(|folder| folder.is_dir())
}

/// All articles of the set; none, with a message, where it is absent.
fn articles() -> Vec<Labelled> {
    let Some(folder) = folder() else {
        eprintln!("skipped: no development set in $COPYDESK_SHARED or ../shared");
        return Vec::new();
    };
    let entries = fs::read_dir(&folder).expect("the folder can be read");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry of the folder can be read").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).expect("a file of the set can be read")).collect();
    let articles: Vec<Labelled> = texts.iter().flat_map(|text| text.lines()).map(Labelled::read).collect();
    assert!(!articles.is_empty(), "{} has no articles", folder.display());
    articles
}

/// Cleans every article as a caller does who knows language and host, and as one who knows nothing.
fn for_each(mut each: impl FnMut(&Labelled, &str, &Article<'_>)) {
    let engine = Engine::builder().build().expect("the built-in rules are well formed");
    for labelled in articles() {
        let source = labelled.source();
        let document = Document::from_text(&source).with_language(&labelled.language).with_host(&labelled.host);
        let explanation = engine.explain(&document);
        invariants::check_explanation(&source, &explanation);
        each(&labelled, &source, &explanation.article);
        each(&labelled, &source, &engine.clean(&source));
    }
}

/// Fails with all that was found, so that one run shows everything.
fn assert_none(found: &[String], claim: &str) {
    assert!(found.is_empty(), "{claim}, but for {}:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_article_is_cleaned() {
    let mut refused = Vec::new();
    for_each(|labelled, source, article| {
        invariants::check_article(source, article);
        if article.status != Status::Ok {
            refused.push(format!("{}: {}", labelled.id, article.status.as_str()));
        }
    });
    assert_none(&refused, "no article is refused or empty");
}

#[test]
fn articles_that_are_all_story_come_back_whole() {
    let mut lost = Vec::new();
    for_each(|labelled, _, article| {
        if labelled.is_all_story() {
            let pieces = article.dropped.iter().filter(|piece| !TAKES_MORE_THAN_LABELS.contains(&piece.rule.as_str()));
            let pieces = pieces.map(|piece| format!("{}: {} took {:?}", labelled.id, piece.rule, piece.text));
            lost.extend(pieces);
        }
    });
    lost.dedup();
    assert_none(&lost, "nothing is taken from them");
}
