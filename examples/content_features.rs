//! Prints what the model of the main content is trained on.
//!
//! Reads lines of `{id, url, html}` from stdin. Writes to the folder given: `pages.jsonl`, a line a page with its blocks and boxes,
//! `features.i16`, a row a block in the order of `names.txt`. A second argument names a file with the weights of class names: a list of
//! lists of pairs of hash and weight, and for each page by its id which list is its own.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;

use copydesk::html::content::{ContentScratch, TokenWeights, each_box, each_feature};
use copydesk::html::{Blocks, Parser};
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).expect("name a folder"));
    std::fs::create_dir_all(&folder)?;
    let mut pages = BufWriter::new(File::create(folder.join("pages.jsonl"))?);
    let mut rows = BufWriter::new(File::create(folder.join("features.i16"))?);
    let weights = weights(std::env::args().nth(2))?;
    let (mut parser, mut blocks, mut scratch, mut names) = (Parser::default(), Blocks::default(), ContentScratch::default(), Vec::new());
    let none = TokenWeights::default();
    for line in std::io::stdin().lock().lines() {
        let page: Value = serde_json::from_str(&line?)?;
        let tree = parser.parse(page["html"].as_str().unwrap_or_default())?;
        blocks.read(&tree);
        let mut values: Vec<u8> = Vec::new();
        let own = weights.of_page.get(page["id"].as_str().unwrap_or_default()).map_or(&none, |&list| &weights.lists[list]);
        each_feature(&tree, &blocks, own, &mut scratch, |block, name, value| {
            if block == 0 && names.len() < 100_000 && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
            values.extend(value.to_le_bytes());
        });
        rows.write_all(&values)?;
        let list: Vec<_> = blocks
            .list()
            .iter()
            .map(|block| json!([blocks.text_of(block), format!("{:?}", block.kind), format!("{:?}", block.flags), block.container]))
            .collect();
        let mut boxes: Vec<Value> = Vec::new();
        each_box(&tree, &blocks, |b| boxes.push(json!([b.parent, b.first, b.end, b.tag, b.tokens])));
        serde_json::to_writer(&mut pages, &json!({"id": page["id"], "url": page["url"], "blocks": list, "boxes": boxes}))?;
        pages.write_all(b"\n")?;
        parser.recycle(tree);
    }
    std::fs::write(folder.join("names.txt"), names.join("\n"))?;
    Ok(())
}

/// Weights of class names, and which of them a page has.
#[derive(Default)]
struct Weights {
    lists: Vec<TokenWeights>,
    of_page: HashMap<String, usize>,
}

fn weights(path: Option<String>) -> anyhow::Result<Weights> {
    let Some(path) = path else { return Ok(Weights::default()) };
    let (lists, of_page): (Vec<Vec<(u32, i16)>>, _) = serde_json::from_reader(BufReader::new(File::open(path)?))?;
    Ok(Weights { lists: lists.into_iter().map(|list| list.into_iter().collect()).collect(), of_page })
}
