//! Prints the features of all lines that have a line score, for `tools/train_line_score.py`.
//!
//! Reads JSON Lines `{id, lang, url_host, text}` on standard input; writes `{id, span: [a, b], features: [...]}`, a line each.

use std::io::{BufRead, Write};

use copydesk::{Document, Engine};

fn main() -> anyhow::Result<()> {
    let engine = Engine::builder().build()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let record: serde_json::Value = serde_json::from_str(&line?)?;
        let field = |name: &str| record[name].as_str().unwrap_or_default();
        let document = Document::from_text(field("text")).with_language(field("lang")).with_host(field("url_host"));
        for (span, features) in engine.line_features(&document) {
            let row = serde_json::json!({ "id": field("id"), "span": [span.start, span.end], "features": features });
            writeln!(out, "{row}")?;
        }
    }
    Ok(())
}
