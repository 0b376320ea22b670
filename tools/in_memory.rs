//! What the library does in memory on one thread, to hold the whole program against.
//!
//! ```sh
//! cargo run --release --example in_memory -- articles.jsonl 10 known
//! ```
//!
//! Reads the texts of a file of JSON Lines, cleans them all as often as asked for, and prints how fast that was: in bytes of text and in bytes of the
//! file that they came from. Each round begins with new buffers, as if its lines had never come before, unless `known` says otherwise.

use std::time::Instant;

use copydesk::{Document, Engine, Scratch};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("a file of JSON Lines is needed")?;
    let rounds: usize = arguments.next().map_or(Ok(5), |rounds| rounds.parse())?;
    let keeps_lines = arguments.next().is_some_and(|last| last == "known");
    let file = std::fs::read_to_string(path)?;
    let records: Vec<Value> = file.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let engine = Engine::builder().build()?;
    let mut scratch = Scratch::default();
    let (mut bytes, mut kept) = (0, 0);
    let mut clean = |scratch: &mut Scratch| {
        for record in &records {
            let text = record["text"].as_str().unwrap_or_default();
            let mut document = Document::from_text(text);
            if let Some(lang) = record["lang"].as_str() {
                document = document.with_language(lang);
            }
            if let Some(host) = record["url_host"].as_str() {
                document = document.with_host(host);
            }
            bytes += text.len();
            kept += engine.clean_with(&document, scratch).text.len();
        }
    };
    // Rules are compiled for a language when its first text comes.
    clean(&mut scratch);
    let began = Instant::now();
    for _ in 0..rounds {
        if !keeps_lines {
            scratch = Scratch::default();
        }
        clean(&mut scratch);
    }
    let seconds = began.elapsed().as_secs_f64();
    let texts = bytes as f64 * rounds as f64 / (rounds + 1) as f64;
    let lines = (file.len() * rounds) as f64;
    let speed = |bytes: f64| bytes / seconds / 1e6;
    eprintln!("{:.1} MB/s of text, {:.1} MB/s of the file, {:.1} % kept", speed(texts), speed(lines), 100.0 * kept as f64 / bytes as f64);
    Ok(())
}
