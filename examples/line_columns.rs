//! Prints what the line score is trained on.
//!
//! Reads lines of `{id, text, lang?, url_host?}` from stdin. Writes to the folder given: `lines.jsonl`, a line a text with all its blocks
//! and which of them have columns, and `columns.i16`, a row for each of those in the order of `names.txt`.

use std::fs::File;
use std::io::{BufRead, BufWriter, Write};
use std::path::PathBuf;

use copydesk::{Document, Engine};
use copydesk::{LINE_COLUMNS, Scratch};
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).expect("name a folder"));
    std::fs::create_dir_all(&folder)?;
    let mut texts = BufWriter::new(File::create(folder.join("lines.jsonl"))?);
    let mut rows = BufWriter::new(File::create(folder.join("columns.i16"))?);
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
        let mut scored = Vec::new();
        engine.each_line(&document, &mut scratch, |block, columns| {
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
