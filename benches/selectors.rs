//! Three hundred selectors over pages from memory, against parsing the same pages, in one run.
//!
//! The pages are every tenth of the development sets where these are present (all of them with `COPYDESK_ALL`), else a small made-up
//! page.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Instant;

use copydesk::html::selector::{Scratch, SelectorSet};
use copydesk::html::{Parser, Tree};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Words that classes and ids of what is no story are made of.
const WORDS: [&str; 50] = [
    "related",
    "newsletter",
    "share",
    "social",
    "promo",
    "teaser",
    "sidebar",
    "footer",
    "header",
    "nav",
    "menu",
    "breadcrumb",
    "ad",
    "advert",
    "banner",
    "sponsored",
    "outbrain",
    "taboola",
    "comments",
    "comment",
    "tags",
    "author",
    "byline",
    "bio",
    "subscribe",
    "paywall",
    "cookie",
    "consent",
    "popup",
    "modal",
    "overlay",
    "gallery",
    "caption",
    "credit",
    "video",
    "player",
    "widget",
    "trending",
    "popular",
    "recommended",
    "more",
    "readmore",
    "poll",
    "signup",
    "search",
    "login",
    "toolbar",
    "print",
    "follow",
    "copyright",
];

fn selectors() -> Vec<String> {
    let shapes: [fn(&str) -> String; 6] = [
        |word| format!(".{word}"),
        |word| format!("#{word}"),
        |word| format!("div.{word}-box > a"),
        |word| format!("aside .{word} li:not(.keep)"),
        |word| format!("[data-type={word}] p:first-of-type"),
        |word| format!(".{word} + p, section > .{word}s"),
    ];
    WORDS.iter().flat_map(|word| shapes.iter().map(move |shape| shape(word))).collect()
}

fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    support::each_page(|page| pages.push(page.html.clone()));
    if pages.is_empty() {
        let story = "<aside class='related box'><ul><li>Some text with an <a href='/x'>address</a></ul></aside><p class=story>More.\n";
        pages.push(format!("<!DOCTYPE html><title>Made up</title><body>{}", story.repeat(2000)));
    }
    pages
}

fn match_all(set: &SelectorSet, scratch: &mut Scratch, trees: &[Tree<'_>]) -> usize {
    trees.iter().map(|tree| set.matches(tree, scratch).len()).sum()
}

/// Parsing and matching in turns, so that what else the machine does falls on both; medians of the rounds.
fn report_ratio(pages: &[String], trees: &[Tree<'_>], set: &SelectorSet) {
    let (mut parser, mut scratch) = (Parser::default(), Scratch::default());
    let (mut parsing, mut matching) = (Vec::new(), Vec::new());
    let mut hits = 0;
    for _ in 0..9 {
        let start = Instant::now();
        for page in pages {
            let tree = parser.parse(page).expect("pages are short");
            parser.recycle(tree);
        }
        parsing.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        hits = match_all(set, &mut scratch, trees);
        matching.push(start.elapsed().as_secs_f64());
    }
    parsing.sort_by(f64::total_cmp);
    matching.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "a rounded figure is printed")]
    let megabytes = pages.iter().map(String::len).sum::<usize>() as f64 / 1e6;
    eprintln!(
        "{} pages, {megabytes:.0} MB, {} selectors, {hits} hits: parsing {:.0} MB/s, matching {:.0} MB/s, {:.2} of the parse",
        pages.len(),
        set.len(),
        megabytes / parsing[4],
        megabytes / matching[4],
        matching[4] / parsing[4]
    );
}

fn selecting(criterion: &mut Criterion) {
    let pages = pages();
    let selectors = selectors();
    let set = SelectorSet::new(selectors.iter().map(String::as_str)).expect("they are right");
    let trees: Vec<Tree<'_>> = pages.iter().map(|page| Parser::default().parse(page).expect("pages are short")).collect();
    report_ratio(&pages, &trees, &set);
    if std::env::var_os("COPYDESK_RATIO_ONLY").is_some() {
        return;
    }
    let bytes: usize = pages.iter().map(String::len).sum();
    let mut group = criterion.benchmark_group("selectors");
    group.throughput(Throughput::Bytes(bytes as u64)).sample_size(10);
    let mut scratch = Scratch::default();
    group.bench_function("match", |bench| bench.iter(|| match_all(&set, &mut scratch, &trees)));
    group.bench_function("compile", |bench| {
        bench.iter(|| SelectorSet::new(selectors.iter().map(String::as_str)).map_or(0, |set| set.len()));
    });
    group.finish();
}

criterion_group!(benches, selecting);
criterion_main!(benches);
