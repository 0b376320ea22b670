//! Any text as a page for both parsers: the same tree.
//!
//! The first byte chooses whether scripts run, and whether it is a page or a fragment and of what; `@` is a whole page without scripts.
//! Where html5ever is not where the standard is, and where ours has bounds that html5ever has not, nothing is compared:
//! `docs/parser.md` lists both.

#![no_main]

#[path = "../tree_invariants.rs"]
mod tree_invariants;

use copydesk::html::parse::spec;
use copydesk::html::tree::Dump;
use copydesk::html::{Context, Namespace, Options, Parser, SelectRules, Tag};
use libfuzzer_sys::{Corpus, fuzz_target};
use tree_invariants::check_tree;

/// Pages are short: html5ever is quadratic in places, and long pages find little that short ones don't.
const MOST_BYTES: usize = 4096;
/// More tags might meet the bounds on formatting.
const MOST_TAGS: usize = 96;
/// From here on the fast parser drops attributes.
const MOST_ATTRIBUTES: usize = 256;

/// Elements that fragments are parsed in.
const CONTEXTS: [Tag; 14] = [
    Tag::Div,
    Tag::Td,
    Tag::Tr,
    Tag::Tbody,
    Tag::Table,
    Tag::Template,
    Tag::Button,
    Tag::Title,
    Tag::Style,
    Tag::Script,
    Tag::Body,
    Tag::Head,
    Tag::Html,
    Tag::Frameset,
];

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some((&choice, rest)) = bytes.split_first() else { return Corpus::Reject };
    let Ok(page) = std::str::from_utf8(rest) else { return Corpus::Reject };
    if page.len() > MOST_BYTES || page.matches('<').count() > MOST_TAGS || is_disputed(page) {
        return Corpus::Reject;
    }
    let options = Options { scripting: choice & 1 != 0, select: SelectRules::Current };
    let mut parser = Parser::new(options);
    let (ours, theirs) = if choice & 2 == 0 {
        (parser.parse(page), spec::parse(page, options))
    } else {
        let context = Context { tag: CONTEXTS[usize::from(choice >> 2) % CONTEXTS.len()], namespace: Namespace::Html };
        (parser.parse_fragment(page, context), spec::parse_fragment(page, context, options))
    };
    let (ours, theirs) = (ours.expect("it is short"), theirs.expect("it is short"));
    check_tree(&ours);
    check_tree(&theirs);
    if ours.nodes().any(|id| ours.attrs(id).count() >= MOST_ATTRIBUTES) {
        return Corpus::Reject;
    }
    assert_eq!(Dump(&ours).to_string(), Dump(&theirs).to_string(), "another tree than html5ever's of {page:?}");
    assert_eq!(ours.quirks(), theirs.quirks(), "another mode than html5ever's of {page:?}");
    Corpus::Keep
});

/// Whether a page has one of those pieces with which html5ever differs from the standard.
fn is_disputed(page: &str) -> bool {
    let page = page.to_ascii_lowercase();
    let has = |piece: &str| page.contains(piece);
    let foreign = (has("<svg") && (has("title") || has("desc") || has("foreignobject")))
        || (has("<math") && ["<mi", "<mo", "<mn", "<ms", "<mtext", "annotation-xml"].into_iter().any(has));
    let doctype = has("<table") && has("<!doctype");
    let line_feed = has("</>") && (has("<pre") || has("<textarea") || has("<listing"));
    foreign || doctype || line_feed || has("<search") || has("</search") || has("<thead")
}
