//! Parsing pages from memory: the fast parser against `scraper`, in one run.
//!
//! The pages are every tenth of the development sets where these are present (all of them with
//! `COPYDESK_ALL`), else a small made-up page.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use copydesk::html::parse::spec;
use copydesk::html::{Options, Parser};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    support::each_page(|page| pages.push(page.html.clone()));
    if pages.is_empty() {
        let story = "<p class=story>Some text with an <a href='/x'>address</a> &amp; more.</p>\n";
        pages.push(format!("<!DOCTYPE html><title>Made up</title><body>{}", story.repeat(2000)));
    }
    pages
}

fn parse_all(parser: &mut Parser, pages: &[String]) -> usize {
    let mut nodes = 0;
    for page in pages {
        let tree = parser.parse(page).expect("pages are short");
        nodes += tree.len();
        parser.recycle(tree);
    }
    nodes
}

fn time(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Contenders in turns, so that what else the machine does falls on both; medians of the rounds.
fn report_ratio(pages: &[String], bytes: usize) {
    let mut parser = Parser::default();
    parse_all(&mut parser, pages);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        for _ in 0..5 {
            ours.push(time(|| {
                std::hint::black_box(parse_all(&mut parser, pages));
            }));
        }
        theirs.push(time(|| {
            for page in pages {
                std::hint::black_box(scraper::Html::parse_document(page));
            }
        }));
    }
    ours.sort();
    theirs.sort();
    let (ours, theirs) = (ours[ours.len() / 2].as_secs_f64(), theirs[theirs.len() / 2].as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "a rounded figure is printed")]
    let megabytes = bytes as f64 / 1e6;
    eprintln!(
        "{} pages, {megabytes:.0} MB: ours {:.0} MB/s, scraper {:.0} MB/s, ratio {:.1}",
        pages.len(),
        megabytes / ours,
        megabytes / theirs,
        theirs / ours
    );
}

fn parse(criterion: &mut Criterion) {
    let pages = pages();
    let bytes: usize = pages.iter().map(String::len).sum();
    report_ratio(&pages, bytes);
    if std::env::var_os("COPYDESK_RATIO_ONLY").is_some() {
        return;
    }
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(bytes as u64)).sample_size(10);
    let mut parser = Parser::default();
    group.bench_function("fast", |bench| {
        bench.iter(|| parse_all(&mut parser, &pages));
    });
    group.bench_function("spec", |bench| {
        bench.iter(|| pages.iter().map(|page| spec::parse(page, Options::default()).map_or(0, |t| t.len())).sum::<usize>());
    });
    group.bench_function("scraper", |bench| {
        bench.iter(|| {
            for page in &pages {
                std::hint::black_box(scraper::Html::parse_document(page));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
