//! What holds for every tree that comes out of a parser, whatever page went in.
//!
//! Shared by the fuzz targets and by `tests/html_properties.rs`. Each function panics when its claim does not hold.

use std::ops::Range;

use copydesk::html::tree::MAX_DEPTH;
use copydesk::html::{NodeId, Tag, Tree, entities};

/// What is true of the trees of both parsers: ranges nest, nothing is too deep, everything can be read.
pub(crate) fn check_tree(tree: &Tree<'_>) {
    let mut depth = vec![0; tree.len()];
    for id in tree.nodes() {
        let parent = tree.parent(id).expect("only the root has none");
        assert!(parent < id, "a parent comes before its children");
        assert!(tree.contains(parent, id), "a child is in its parent's range");
        assert!(tree.end(id) <= tree.end(parent), "ranges nest");
        assert!(id < tree.end(id), "a range holds its own node");
        depth[id.index()] = depth[parent.index()] + 1;
        assert!(depth[id.index()] <= MAX_DEPTH, "nothing is deeper than the limit");
        let span = tree.source_span(id);
        assert!(tree.source().get(span).is_some(), "spans end between characters");
        if tree.is_text(id) {
            assert_eq!(tree.children(id).count(), 0, "texts have no children");
        }
        // Reading must not panic, whatever the tags look like.
        let _ = (tree.name(id), tree.text(id), tree.attrs(id).count(), tree.classes(id).count(), tree.doctype(id));
    }
    assert_eq!(tree.end(NodeId::ROOT).index(), tree.len());
    let mut last = NodeId::ROOT;
    for id in tree.visible_text(NodeId::ROOT) {
        assert!(tree.is_text(id) && id > last, "what is visible is text, in order");
        last = id;
    }
}

/// What is true of the fast parser's trees besides: their spans are those of the page, and their size is bounded by its length.
#[allow(dead_code, reason = "the differential target has the reference instead")]
pub(crate) fn check_spans(page: &str, tree: &Tree<'_>) {
    assert_eq!(tree.source(), page);
    // A tag makes a few nodes at most (`<td>` in a table its row and body, an overlap its copies), and formatting is opened again
    // 4,096 times plus once for each 64 bytes.
    let most = 64 + 2 * page.len() + 2 * (4096 + page.len() / 64);
    assert!(tree.len() <= most, "{} nodes of {} bytes", tree.len(), page.len());
    let mut texts: Vec<Range<usize>> = tree.nodes().filter(|&id| tree.is_text(id)).map(|id| tree.source_span(id)).collect();
    texts.sort_by_key(|text| (text.start, text.end));
    // By the standard, framesets have no text, nor have templates after a `<col>`.
    let may_drop = tree.find(Tag::Frameset).is_some() || (tree.find(Tag::Template).is_some() && tree.find_any(Tag::Col).is_some());
    // A byte order mark at the start is no text.
    let mut at = page.len() - page.strip_prefix('\u{feff}').unwrap_or(page).len();
    for text in texts.into_iter().chain(std::iter::once(page.len()..page.len())) {
        assert!(text.start >= at, "no text is there twice: {} of {page:?}", &page[text]);
        let gap = &page[at..text.start];
        assert!(may_drop || is_markup(gap, text.start == page.len()), "{gap:?} is lost from {page:?}");
        at = text.end;
    }
}

/// Whether what lies between two texts can be markup: white space and NUL may go, else it begins and ends as tags, comments and the
/// like do.
#[allow(dead_code, reason = "used by `check_spans`")]
fn is_markup(gap: &str, ends_the_page: bool) -> bool {
    let gap = without_space(gap);
    let (begins, ends) = (gap.starts_with('<') || gap.starts_with("]]>"), gap.ends_with('>') || gap.ends_with("<![CDATA["));
    gap.is_empty() || (begins && (ends || ends_the_page))
}

/// A piece of a page without its white space, NUL, and references to white space.
#[allow(dead_code, reason = "used by `is_markup`")]
fn without_space(piece: &str) -> String {
    let mut rest = piece;
    let mut kept = String::new();
    while let Some(first) = rest.chars().next() {
        let reference = (first == '&').then(|| entities::read(rest, false)).flatten().filter(|reference| reference.as_space().is_some());
        let skipped = reference.map_or(0, |reference| reference.length);
        if skipped == 0 && !matches!(first, '\0' | '\t' | '\n' | '\x0C' | '\r' | ' ') {
            kept.push(first);
        }
        rest = &rest[skipped.max(first.len_utf8())..];
    }
    kept
}
