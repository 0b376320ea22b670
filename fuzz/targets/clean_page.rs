//! Any bytes as a web page, all the way: decoded, parsed, read into blocks, cleaned.
//!
//! The first byte chooses the language, the encoding declared from outside, and the address; `@` leaves all of it to the page.

#![no_main]

#[path = "../invariants.rs"]
mod invariants;

use std::sync::LazyLock;

use copydesk::html::{PageReader, charset};
use copydesk::{Document, Engine, Scratch};
use libfuzzer_sys::fuzz_target;

const LANGUAGES: [&str; 4] = ["und", "en", "de", "ja"];
const ENCODINGS: [Option<&str>; 4] = [None, Some("utf-8"), Some("windows-1252"), Some("shift_jis")];
const ADDRESSES: [Option<&str>; 4] = [None, Some("https://www.example.com/news/ferry?page=2"), Some("yahoo.com"), Some("no address:")];

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builder().guard(1.0).build().expect("the built-in rules are well formed"));

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let pick = |shift: u8| usize::from(choice >> shift) % 4;
    let page = charset::decode(rest, ENCODINGS[pick(2)]);
    assert!(std::str::from_utf8(rest).is_err() || !page.had_errors || page.encoding != "UTF-8", "good UTF-8 has no errors");
    let (mut reader, mut scratch) = (PageReader::default(), Scratch::default());
    let source = {
        let document = read(&mut reader, &page.text, &choice, ADDRESSES[pick(4)]);
        check_document(&document);
        let article = ENGINE.clean_with(&document, &mut scratch);
        invariants::check_article(document.source(), &article);
        let explanation = ENGINE.explain(&document);
        assert_eq!(explanation.article, article, "explained otherwise than cleaned: {:?}", page.text);
        invariants::check_explanation(document.source(), &explanation);
        (document.source().to_owned(), format!("{article:?}"))
    };
    // Nothing of one page stays in the memory for the next.
    let document = read(&mut reader, &page.text, &choice, ADDRESSES[pick(4)]);
    assert_eq!(document.source(), source.0, "read otherwise the second time: {:?}", page.text);
    let again = format!("{:?}", ENGINE.clean_with(&document, &mut scratch));
    assert_eq!(again, source.1, "cleaned otherwise the second time: {:?}", page.text);
});

fn read<'r>(reader: &'r mut PageReader, page: &str, choice: &u8, url: Option<&str>) -> Document<'r> {
    let document = reader.read(page, url).expect("it is short");
    match usize::from(*choice) % 4 {
        0 => document,
        language => document.with_language(LANGUAGES[language]),
    }
}

/// Blocks stand in order, in the text, with nothing but white space between them; pictures stand at blocks.
fn check_document(document: &Document<'_>) {
    let (source, blocks) = (document.source(), document.blocks());
    let (mut at, mut paragraph) = (0, 0);
    for block in blocks {
        let text = source.get(block.span.start..block.span.end).expect("a block is a slice of the text");
        // Listings keep the indent of their first line.
        assert!(!text.is_empty() && text.trim_end() == text, "a block has text and no white space after it: {text:?}");
        assert!(block.span.start >= at, "blocks do not overlap: {text:?}");
        assert!(source[at..block.span.start].trim().is_empty(), "text between blocks: {:?}", &source[at..block.span.start]);
        assert!(block.paragraph >= paragraph, "paragraphs are counted upwards");
        (at, paragraph) = (block.span.end, block.paragraph);
    }
    assert!(source[at..].trim().is_empty(), "text behind the last block: {:?}", &source[at..]);
    let mut last = 0;
    for picture in document.pictures() {
        assert!(picture.block >= last && picture.block <= blocks.len(), "{picture:?} of {} blocks", blocks.len());
        assert!(!picture.has_caption || picture.block < blocks.len(), "{picture:?} has no block for its caption");
        last = picture.block;
    }
}
