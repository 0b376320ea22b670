//! From tree to main content: each stage after the parser, against the parsers, in one run.
//!
//! The pages are every tenth of the development sets where these are present (all of them with `COPYDESK_ALL`), else a small made-up
//! page. Rates are by bytes of HTML, so that stages compare.

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use copydesk::html::content::{ContentScratch, choose};
use copydesk::html::{Blocks, Parser};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    support::each_page(|page| pages.push(page.html.clone()));
    if pages.is_empty() {
        let story = "<div class='post-body'><p class=story>Some text with an <a href='/x'>address</a> &amp; more.</p></div>\n";
        pages.push(format!("<!DOCTYPE html><title>Made up</title><body>{}", story.repeat(2000)));
    }
    pages
}

fn time(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Stages in turns, so that what else the machine does falls on all; medians of the rounds.
fn report_rates(pages: &[String], bytes: usize) {
    let mut parser = Parser::default();
    let (mut blocks, mut scratch) = (Blocks::default(), ContentScratch::default());
    let mut rounds: [Vec<Duration>; 4] = Default::default();
    for _ in 0..7 {
        let mut spent = [Duration::ZERO; 4];
        for page in pages {
            let start = Instant::now();
            let tree = parser.parse(page).expect("pages are short");
            spent[0] += start.elapsed();
            spent[1] += time(|| blocks.read(&tree));
            spent[2] += time(|| {
                black_box(choose(&tree, &blocks, &mut scratch).len());
            });
            parser.recycle(tree);
            spent[3] += time(|| drop(black_box(scraper::Html::parse_document(page))));
        }
        for (round, spent) in rounds.iter_mut().zip(spent) {
            round.push(spent);
        }
    }
    for (name, round) in ["parse", "blocks", "content", "scraper's parse"].into_iter().zip(&mut rounds) {
        round.sort();
        eprintln!("{name}: {:.0} MB/s", bytes as f64 / 1e6 / round[round.len() / 2].as_secs_f64());
    }
}

fn content(criterion: &mut Criterion) {
    let pages = pages();
    let bytes: usize = pages.iter().map(String::len).sum();
    report_rates(&pages, bytes);
    if std::env::var_os("COPYDESK_RATIO_ONLY").is_some() {
        return;
    }
    let mut group = criterion.benchmark_group("content");
    group.throughput(Throughput::Bytes(bytes as u64)).sample_size(10);
    let mut parser = Parser::default();
    let (mut blocks, mut scratch) = (Blocks::default(), ContentScratch::default());
    group.bench_function("parse, blocks and content", |bench| {
        bench.iter(|| {
            for page in &pages {
                let tree = parser.parse(page).expect("pages are short");
                blocks.read(&tree);
                black_box(choose(&tree, &blocks, &mut scratch).len());
                parser.recycle(tree);
            }
        });
    });
    group.finish();
}

criterion_group!(benches, content);
criterion_main!(benches);
