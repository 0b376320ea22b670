//! Prints the main content of pages: reads lines of `{id, url, html}` from stdin, writes lines of `{id, text}`.

use std::io::{BufRead, BufWriter, Write};

use copydesk::html::content::{ContentScratch, choose};
use copydesk::html::{Blocks, Parser};
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut parser, mut blocks, mut scratch) = (Parser::default(), Blocks::default(), ContentScratch::default());
    for line in std::io::stdin().lock().lines() {
        let page: Value = serde_json::from_str(&line?)?;
        let tree = parser.parse(page["html"].as_str().unwrap_or_default())?;
        blocks.read(&tree);
        let kept = choose(&tree, &blocks, &mut scratch);
        let chosen = blocks.list().iter().zip(kept).filter(|(_, kept)| **kept);
        let text = chosen.map(|(block, _)| blocks.text_of(block)).collect::<Vec<_>>().join("\n");
        writeln!(out, "{}", json!({"id": page["id"], "text": text}))?;
        parser.recycle(tree);
    }
    Ok(())
}
