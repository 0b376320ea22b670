//! Main content of whole pages: each page in `fixtures/content` beside the text that is to be chosen from it.
//!
//! `COPYDESK_BLESS=1` writes the texts anew, after a new model; read the difference before it is kept.

use std::fs;
use std::path::{Path, PathBuf};

use copydesk::html::content::{ContentScratch, choose};
use copydesk::html::{BlockKind, Blocks, Parser};

/// The chosen text: one line a block, a blank line between paragraphs.
fn chosen(page: &str, scratch: &mut ContentScratch) -> String {
    let mut parser = Parser::default();
    let tree = parser.parse(page).expect("it is short");
    let mut blocks = Blocks::default();
    blocks.read(&tree);
    let kept = choose(&tree, &blocks, scratch);
    let mut text = String::new();
    let mut last = None;
    for (block, _) in blocks.list().iter().zip(kept).filter(|(_, kept)| **kept) {
        if last.is_some_and(|last| last != block.container) {
            text.push('\n');
        }
        text.push_str(blocks.text_of(block));
        text.push('\n');
        last = Some(block.container);
    }
    text
}

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/content");
    let mut pages: Vec<_> = fs::read_dir(folder)
        .expect("it is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "html"))
        .collect();
    pages.sort();
    assert!(pages.len() >= 5);
    pages
}

#[test]
fn pages_of_every_kind_give_their_content() {
    let mut scratch = ContentScratch::default();
    for path in pages() {
        let text = chosen(&fs::read_to_string(&path).expect("it is UTF-8"), &mut scratch);
        let expected = path.with_extension("txt");
        if std::env::var_os("COPYDESK_BLESS").is_some() {
            fs::write(&expected, &text).expect("it can be written");
        }
        assert_eq!(text, fs::read_to_string(&expected).expect("it is there"), "{}", path.display());
    }
}

#[test]
fn the_order_of_pages_changes_nothing() {
    let sources: Vec<_> = pages().iter().map(|path| fs::read_to_string(path).expect("it is UTF-8")).collect();
    let mut scratch = ContentScratch::default();
    let forwards: Vec<_> = sources.iter().map(|page| chosen(page, &mut scratch)).collect();
    let mut backwards: Vec<_> = sources.iter().rev().map(|page| chosen(page, &mut scratch)).collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
    let fresh: Vec<_> = sources.iter().map(|page| chosen(page, &mut ContentScratch::default())).collect();
    assert_eq!(forwards, fresh);
}

#[test]
fn the_headline_is_a_field_of_its_own() {
    let page = fs::read_to_string(&pages()[0]).expect("it is UTF-8");
    let mut parser = Parser::default();
    let tree = parser.parse(&page).expect("it is short");
    let (mut blocks, mut scratch) = (Blocks::default(), ContentScratch::default());
    blocks.read(&tree);
    choose(&tree, &blocks, &mut scratch);
    let title = &blocks.list()[scratch.title().expect("there is one")];
    assert_eq!(title.kind, BlockKind::Heading(1));
    assert_eq!(blocks.text_of(title), "Lighthouse keeper's log found behind a wall");
}

#[test]
fn pages_without_content_give_none() {
    let mut scratch = ContentScratch::default();
    for page in ["", "<p>", "<title>x</title>", "<nav><a href=/>Home</a></nav>", "<select><option>Red<option>Blue</select>"] {
        assert_eq!(chosen(page, &mut scratch), "", "{page}");
    }
}

#[test]
fn hostile_pages_take_linear_time() {
    let mut scratch = ContentScratch::default();
    let shapes = [
        "<div>".repeat(200_000) + "deep",
        "<p>a".repeat(200_000),
        "<div>a".repeat(200_000),
        "<ul><li>a b c d e f g. ".repeat(100_000),
        "<table><tr><td>a".repeat(50_000),
        format!("<div class=\"{}\">a", "post-body ".repeat(200_000)),
        format!("<script type=application/ld+json>{}</script>a", "\"articleBody\":\"a".repeat(50_000)),
    ];
    for shape in shapes {
        chosen(&shape, &mut scratch);
    }
}
