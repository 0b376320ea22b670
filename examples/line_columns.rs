//! Prints what the line score is trained on.
//!
//! Reads lines of `{id, text, lang?, url_host?}` from stdin. Writes to the folder given: `lines.jsonl`, a line a text with all its blocks
//! and which of them have columns, and `columns.i16`, a row for each of those in the order of `names.txt`.
//!
//! A second argument is the share of the rules that is left out, drawn anew for each text: what other sites print, rules know less well.

use std::fs::File;
use std::io::{BufRead, BufWriter, Write};
use std::path::PathBuf;

use copydesk::rules::RuleId;
use copydesk::{Document, Engine};
use copydesk::{LINE_COLUMNS, Scratch};
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).expect("name a folder"));
    std::fs::create_dir_all(&folder)?;
    let mut texts = BufWriter::new(File::create(folder.join("lines.jsonl"))?);
    let mut rows = BufWriter::new(File::create(folder.join("columns.i16"))?);
    let left_out: f64 = std::env::args().nth(2).map_or(Ok(0.0), |share| share.parse())?;
    let (engine, mut scratch) = (Engine::builder().build()?, Scratch::default());
    for line in std::io::stdin().lock().lines() {
        let record: Value = serde_json::from_str(&line?)?;
        let mut document = Document::from_text(record["text"].as_str().unwrap_or_default());
        if let Some(language) = record["lang"].as_str() {
            document = document.with_language(language);
        }
        if let Some(host) = record["url_host"].as_str() {
            document = document.with_host(host);
        }
        let text = record["id"].as_str().unwrap_or_default();
        let is_known = |rule: &RuleId| draw(text, rule.as_str()) >= left_out;
        let mut scored = Vec::new();
        engine.each_line(&document, &mut scratch, is_known, |block, columns| {
            scored.push(block);
            for column in columns {
                rows.write_all(&column.to_le_bytes()).expect("the folder has room");
            }
        });
        let blocks: Vec<_> = document.blocks().iter().map(|block| block.span.of(document.source())).collect();
        serde_json::to_writer(&mut texts, &json!({"id": record["id"], "blocks": blocks, "scored": scored}))?;
        texts.write_all(b"\n")?;
    }
    std::fs::write(folder.join("names.txt"), LINE_COLUMNS.join("\n"))?;
    Ok(())
}

/// A number from 0 to 1 that is the same for a text and a rule every time.
fn draw(text: &str, rule: &str) -> f64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let bytes = text.bytes().chain([0]).chain(rule.bytes());
    let sum = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(PRIME));
    let mixed = (sum ^ sum >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed >> 40) as f64 / (1_u64 << 24) as f64
}
