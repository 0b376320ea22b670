//! Any text as a page for the fast parser: a tree in order, of bounded size, with all text.
//!
//! The first byte chooses the options and the element that a fragment is parsed in; `@` is a whole page without scripts.

#![no_main]

#[path = "../tree_invariants.rs"]
mod tree_invariants;

use copydesk::html::tree::Dump;
use copydesk::html::{Context, Namespace, Options, Parser, SelectRules, Tag};
use libfuzzer_sys::{Corpus, fuzz_target};
use tree_invariants::{check_spans, check_tree};

/// Elements with rules of their own for what is in them.
const CONTEXTS: [Tag; 8] = [Tag::Div, Tag::Td, Tag::Tr, Tag::Table, Tag::Template, Tag::Select, Tag::Title, Tag::AnnotationXml];

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some((&choice, rest)) = bytes.split_first() else { return Corpus::Reject };
    let Ok(page) = std::str::from_utf8(rest) else { return Corpus::Reject };
    let select = if choice & 2 == 0 { SelectRules::Current } else { SelectRules::Classic };
    let mut parser = Parser::new(Options { scripting: choice & 1 != 0, select });
    let tree = parser.parse(page).expect("it is short");
    check_tree(&tree);
    check_spans(page, &tree);
    let first = Dump(&tree).to_string();
    parser.recycle(tree);

    // A fragment, for its own sake and to leave traces in the parser's memory.
    let namespace = [Namespace::Html, Namespace::Svg, Namespace::MathMl, Namespace::Html][usize::from(choice >> 2) % 4];
    let fragment = parser.parse_fragment(page, Context { tag: CONTEXTS[usize::from(choice >> 4) % 8], namespace }).expect("it is short");
    check_tree(&fragment);
    parser.recycle(fragment);

    let again = parser.parse(page).expect("it is short");
    assert_eq!(Dump(&again).to_string(), first, "memory of another page leaves traces: {page:?}");
    Corpus::Keep
});
