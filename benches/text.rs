//! Speed of cleaning text from memory, one thread, all built-in packs. `docs/performance.md` quotes the ratios.
//!
//! The development articles are read from `$COPYDESK_SHARED` (or `../shared`); without them the fixtures are used.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;

use copydesk::{Document, Engine, Scratch};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// A text and its language.
struct Text {
    text: String,
    lang: String,
}

/// The folder of company data, where present.
fn shared() -> Option<PathBuf> {
    let folder =
        std::env::var_os("COPYDESK_SHARED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    folder.join("data/text-gold").is_dir().then_some(folder)
}

/// The development articles: whole, and their story paragraphs alone.
fn corpus() -> (Vec<Text>, Vec<Text>) {
    let Some(shared) = shared() else {
        eprintln!("no development data: the fixtures stand in for it");
        let text =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/articles/harbour.txt")).expect("the fixture is shipped");
        let prose = text.lines().filter(|line| line.len() > 80).collect::<Vec<_>>().join("\n\n");
        let lang = || "en".to_owned();
        return (vec![Text { text, lang: lang() }], vec![Text { text: prose, lang: lang() }]);
    };
    let mut whole = Vec::new();
    let mut prose = Vec::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(shared.join("data/text-gold"))
        .expect("the folder is there")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    for file in files {
        for line in std::fs::read_to_string(file).expect("readable").lines() {
            let document: serde_json::Value = serde_json::from_str(line).expect("valid");
            let lang = document["lang"].as_str().unwrap_or_default().to_owned();
            let mut text = String::new();
            let mut story = String::new();
            for row in document["lines"].as_array().into_iter().flatten() {
                let blank = row["blank_before"].as_u64().unwrap_or(0) as usize;
                let own = row["text"].as_str().unwrap_or_default();
                let _ = writeln!(text, "{}{own}", "\n".repeat(blank));
                if row["label"] == "body" && own.len() > 80 {
                    let _ = write!(story, "{own}\n\n");
                }
            }
            whole.push(Text { text, lang: lang.clone() });
            if lang == "en" && !story.is_empty() {
                prose.push(Text { text: story, lang });
            }
        }
    }
    (whole, prose)
}

fn bytes(texts: &[Text]) -> u64 {
    texts.iter().map(|text| text.text.len() as u64).sum()
}

/// Cleans all texts with new buffers, which know no line from before.
fn clean_all_afresh(engine: &Engine, texts: &[Text], given: bool) -> usize {
    clean_all(engine, texts, given, &mut Scratch::default())
}

/// Cleans all texts; languages are given, or guessed.
fn clean_all(engine: &Engine, texts: &[Text], given: bool, scratch: &mut Scratch) -> usize {
    texts
        .iter()
        .map(|text| {
            let document = Document::from_text(&text.text);
            let document = if given { document.with_language(&text.lang) } else { document };
            black_box(engine.clean_with(&document, scratch)).text.len()
        })
        .sum()
}

fn cleaning(c: &mut Criterion) {
    let engine = Engine::builder().build().expect("built-in rules");
    let (whole, prose) = corpus();
    let mut group = c.benchmark_group("clean");
    group.sample_size(20);
    for (name, texts) in [("prose", &prose), ("development", &whole)] {
        group.throughput(Throughput::Bytes(bytes(texts)));
        for (how, given) in [("language given", true), ("language guessed", false)] {
            group.bench_function(BenchmarkId::new(name, how), |b| b.iter(|| clean_all_afresh(&engine, texts, given)));
        }
    }
    // All short lines came before: no collection repeats those of its stories, but a site's furniture it does.
    let mut scratch = Scratch::default();
    group.bench_function(BenchmarkId::new("development", "lines known"), |b| b.iter(|| clean_all(&engine, &whole, true, &mut scratch)));
    group.finish();
}

/// The floor: what copying the text, walking its lines and splitting it into blocks costs.
fn floor(c: &mut Criterion) {
    let (_, prose) = corpus();
    let mut group = c.benchmark_group("floor");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(bytes(&prose)));
    group.bench_function("copy", |b| {
        let mut copy = Vec::new();
        b.iter(|| {
            for text in &prose {
                copy.clear();
                copy.extend_from_slice(black_box(text.text.as_bytes()));
            }
            copy.len()
        });
    });
    group.bench_function("lines", |b| {
        b.iter(|| prose.iter().map(|text| black_box(text.text.lines().map(str::len).sum::<usize>())).sum::<usize>());
    });
    group.bench_function("blocks", |b| {
        b.iter(|| prose.iter().map(|text| black_box(Document::from_text(&text.text).blocks().len())).sum::<usize>());
    });
    group.finish();
}

/// Start-up: from nothing to the first cleaned text.
fn start(c: &mut Criterion) {
    c.bench_function("start-up, English", |b| {
        b.iter(|| {
            let engine = Engine::builder().build().expect("built-in rules");
            let document = Document::from_text("Advertisement\n\nThe vote was close, the office said on Friday.").with_language("en");
            black_box(engine.clean_document(&document)).text.len()
        });
    });
}

/// Rules once more under other names and phrases: what twice the rules cost.
fn twice_the_rules(c: &mut Criterion) {
    let (_, prose) = corpus();
    let mut more = String::from("format = 1\n[pack]\nid = \"more\"\n");
    let words =
        ["harvest", "lantern", "quarry", "saddle", "thimble", "vessel", "walnut", "yonder", "zephyr", "cobbler", "dovetail", "ember"];
    let rules = copydesk::rules::RuleSet::builder().build().and_then(|set| set.build_for(Some("en"))).map_or(0, |rules| rules.len());
    for number in 0..rules {
        let phrase =
            |at: usize| format!("{} {} {}", words[number % 12], words[(number / 12 + at) % 12], words[(number / 144 + 2 * at) % 12]);
        let _ = write!(
            more,
            "[[rule]]\nid = \"more.rule.n{number}\"\ncategory = \"other\"\nabout = \"One more.\"\naction = \"remove\"\nmatch.all = [[\"{}\", \"{}\"], [\"{}\", \"{}\"]]\nwhere.max_words = 60\n",
            phrase(0),
            phrase(1),
            phrase(2),
            phrase(3)
        );
    }
    let once = Engine::builder().build().expect("built-in rules");
    let twice = Engine::builder().rules_text("more.toml", &more).build().expect("made-up rules");
    let mut group = c.benchmark_group("rules");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(bytes(&prose)));
    group.bench_function("once", |b| b.iter(|| clean_all_afresh(&once, &prose, true)));
    group.bench_function("twice", |b| b.iter(|| clean_all_afresh(&twice, &prose, true)));
    group.finish();
}

/// Hostile sizes: time grows with the input and no faster.
fn sizes(c: &mut Criterion) {
    let engine = Engine::builder().build().expect("built-in rules");
    let mut group = c.benchmark_group("size");
    group.sample_size(10);
    for size in [1_000_000usize, 2_000_000, 4_000_000] {
        let line = "the count went on and on ".repeat(size / 25);
        let words = "word\n".repeat(size / 5);
        let shares = "Facebook\nShare\n12\n".repeat(size / 18);
        for (name, text) in [("one line", &line), ("one-word lines", &words), ("share lines", &shares)] {
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new(name, size), text, |b, text| {
                b.iter(|| black_box(engine.clean_document(&Document::from_text(text).with_language("en"))).text.len());
            });
        }
    }
    group.finish();
}

criterion_group!(benches, cleaning, floor, start, twice_the_rules, sizes);
criterion_main!(benches);
