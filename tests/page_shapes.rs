//! Hostile pages all the way: read into a document and cleaned, nothing is lost and nothing panics.
//!
//! `tests/html_shapes.rs` asks the same of the parser alone. What these pages cost is for `cargo bench --bench shapes` to say; a
//! shape that takes more than linear time takes minutes here.

#[path = "../fuzz/invariants.rs"]
#[expect(dead_code, reason = "explanations are not looked at here")]
mod invariants;
#[path = "support/shapes.rs"]
mod shapes;
mod support;

use std::sync::LazyLock;

use copydesk::html::{PageReader, charset};
use copydesk::{Engine, Scratch};
use invariants::check_article;
use shapes::{SHAPES, numbered};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builder().build().expect("the built-in rules are well formed"));

/// Reads and cleans a page and counts the `x` that its document has.
fn letters(page: &str) -> usize {
    let (mut reader, mut scratch) = (PageReader::default(), Scratch::default());
    let document = reader.read(page, Some("https://www.example.com/news")).expect("it is below 4 GiB").with_language("en");
    let article = ENGINE.clean_with(&document, &mut scratch);
    check_article(document.source(), &article);
    document.source().matches('x').count()
}

#[test]
fn hostile_pages_keep_their_text() {
    let mut lost = Vec::new();
    for shape in SHAPES {
        let pieces = shape.pieces / 20;
        let (found, wanted) = (letters(&(shape.page)(pieces)), (shape.letters)(pieces));
        if found != wanted {
            lost.push(format!("{}: {found} instead of {wanted} letters", shape.name));
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn nesting_of_any_depth_keeps_its_text() {
    for depth in [260, 5_000, 20_000, 1_000_000] {
        assert_eq!(letters(&format!("{}x{}", "<div>".repeat(depth), "</div>x".repeat(depth))), depth + 1, "{depth} divs");
    }
}

#[test]
fn a_tag_of_ten_megabytes_keeps_the_text_around_it() {
    let long = "v".repeat(10_000_000);
    for (before, after) in
        [("<p title='", "'>x"), ("<p class='", "'>x"), ("<p ", ">x"), ("<p", ">x"), ("<!--", "-->x"), ("<a href='", "'>x</a>")]
    {
        assert_eq!(letters(&format!("x{before}{long}{after}")), 2, "{before}");
    }
    assert_eq!(letters(&format!("x<p {}>x", "ab ".repeat(3_300_000))), 2, "names of attributes");
    assert_eq!(letters(&format!("x<img alt='{long}' src='{long}'><p>x")), 2, "a picture");
}

#[test]
fn a_hundred_thousand_attributes_keep_the_text_around_them() {
    let many = numbered(100_000, |number| format!(" a{number}=v"));
    assert_eq!(letters(&format!("x<p{many}>x")), 2);
    assert_eq!(letters(&format!("x<p{}>x", " class=a".repeat(100_000))), 2);
    assert_eq!(letters(&format!("x<img{many}><p>x")), 2);
}

#[test]
fn unclosed_constructs_end_with_the_page() {
    let long = "y".repeat(200_000);
    for start in ["<a b='", "<a ", "</a ", "<!--", "<!", "<!doctype ", "<script>", "<style>", "<title>", "<svg><![CDATA[", "<template>"] {
        assert_eq!(letters(&format!("<p>x</p>{start}{long}")), 1, "{start}");
    }
    for piece in ["<p", "<p>", "<div><p><b><i>", "<ul><li><a href=y>", "<table><tr><td><table>", "<select><option>", "<svg><g>"] {
        letters(&piece.repeat(20_000));
    }
}

#[test]
fn a_page_may_end_at_any_byte() {
    let page = "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Ferry &amp; pier - The Quay Post</title>\
        <meta property='og:title' content='Ferry &amp; pier'><script type='application/ld+json'>{\"@type\":\"NewsArticle\",\
        \"headline\":\"Ferry & pier\",\"author\":[{\"name\":\"Jonas Ek\"}]}</script><style>p{color:red}</style></head><body>\
        <nav><ul><li><a href=/>Home</a><li><a href='/caf\u{e9}'>Caf\u{e9}s</a></ul></nav><article><h1>Ferry &amp; pier</h1>\
        <p class=byline>By Jonas Ek</p><p>The first ferry in eleven weeks left the harbour on Friday, <b>the <i>board</b> said</i>.\
        <figure><img src=a.jpg alt='A \u{6a4b}'><figcaption>The \u{6a4b} on Monday. <span class=credit>Photo: Jonas Ek/AAP</span>\
        </figcaption></figure><p>Advertisement</p><table><tr><td>1<td>2</table><ol><li>One<li>Two</ol><pre>a\n b</pre>\
        <blockquote>\u{201c}We waited,\u{201d} she said.</blockquote></article><!-- c --><aside>Related</aside><footer>&copy; 2025\
        </footer></body></html>";
    let (mut reader, mut scratch) = (PageReader::default(), Scratch::default());
    for end in 0..=page.len() {
        let decoded = charset::decode(&page.as_bytes()[..end], None);
        let document = reader.read(&decoded.text, None).expect("it is short");
        let article = ENGINE.clean_with(&document, &mut scratch);
        check_article(document.source(), &article);
    }
}
