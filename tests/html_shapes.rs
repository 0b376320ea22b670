//! Hostile pages: deep, endless, unclosed, cut off. Linear time, bounded memory, all text kept.

use std::time::{Duration, Instant};

use copydesk::html::tree::MAX_DEPTH;
use copydesk::html::{NodeId, Options, Parser, SelectRules, Tag};

/// What a shape may cost a test build on a slow and busy machine, a megabyte. A quadratic shape
/// takes minutes.
const PER_MEGABYTE: Duration = Duration::from_secs(4);

/// Joins what `piece` makes of the numbers below `count`.
fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

/// Parses a page within its time and checks that its text is `text`.
fn check(name: &str, page: &str, text: &str) {
    for select in [SelectRules::Current, SelectRules::Classic] {
        let mut parser = Parser::new(Options { scripting: false, select });
        let start = Instant::now();
        let tree = parser.parse(page).expect("it is below 4 GiB");
        let taken = start.elapsed();
        let megabytes = u32::try_from(page.len() / 1_000_000 + 1).expect("it is small");
        assert!(taken < PER_MEGABYTE * megabytes, "{name} took {taken:?}");
        let kept: String = tree.nodes().filter(|&id| tree.is_text(id)).map(|id| tree.text(id)).collect();
        assert_eq!(kept.len(), text.len(), "{name} keeps its text");
        assert!(kept == text, "{name} keeps its text");
        let mut depth = vec![0_usize; tree.len()];
        for id in tree.nodes() {
            let parent = tree.parent(id).expect("only the root has none");
            depth[id.index()] = depth[parent.index()] + 1;
        }
        assert!(depth.iter().all(|&depth| depth <= MAX_DEPTH), "{name} is not too deep");
        if std::env::var_os("COPYDESK_VERBOSE").is_some() {
            let times = tree.memory() / page.len().max(1);
            eprintln!("{name}: {} bytes, {taken:?}, {times} times the memory", page.len());
        }
    }
}

/// Checks a page of `count` times the same.
fn check_repeated(piece: &str, count: usize, text: &str) {
    let name = format!("{count} times {piece}");
    check(&name, &piece.repeat(count), &text.repeat(count));
}

#[test]
fn nesting_of_any_depth_keeps_its_text() {
    for count in [260, 5_000, 20_000, 1_000_000] {
        check_repeated("<div>x", count, "x");
    }
    for piece in [
        "<ul><li>x",
        "<b>x",
        "<a>x",
        "<i><p>x",
        "<span>x",
        "<my-card>x",
        "<dl><dd>x",
        "<svg>x",
        "<svg><g>x",
        "<math><mi>x",
        "<svg><title>x",
        "<svg><foreignObject>x",
        "<template>x",
        "<button>x",
        "<object>x",
        "<table><td>x",
        "<table><tr><td><b>x",
        "<blockquote><h1>x",
        "<ruby><rt>x",
        "<section><p>x",
        "<form><div>x",
        "<nobr>x",
        "<font>x",
        "<ol><li><p>x",
        "<details><summary>x",
        "<fieldset><legend>x",
        "<marquee>x",
    ] {
        check_repeated(piece, 50_000, "x");
    }
}

#[test]
fn closing_what_is_not_open_or_far_away_is_cheap() {
    for piece in ["</p>", "</br>", "</b>", "</div>", "</x>", "</>", "</body>", "</html>", "</table>"] {
        check_repeated(piece, 100_000, "");
    }
    let deep = "<div>".repeat(50_000);
    for piece in ["</p>x", "</span>x", "</y>x", "<li>x", "<p>x", "<b>x</b>", "<a>x", "<table></table>x", "</form>x"] {
        let page = format!("{deep}{}", piece.repeat(50_000));
        check(&format!("{piece} in 50,000 divs"), &page, &"x".repeat(50_000));
    }
    for (open, close) in [("<x>", "</y>x"), ("<b>", "</i>x"), ("<svg><g>", "</y>x"), ("<b><div>", "</b>x")] {
        let page = open.repeat(20_000) + &close.repeat(20_000);
        check(&format!("{open} and {close}"), &page, &"x".repeat(20_000));
    }
}

#[test]
fn formatting_is_not_repeated_without_end() {
    let mut page = numbered(2_000, |n| format!("<b n={n}>"));
    page.push_str(&"x<p>".repeat(20_000));
    check("2,000 kinds of bold in 20,000 paragraphs", &page, &"x".repeat(20_000));

    let mut unit = numbered(90, |n| format!("<b n={n}>"));
    unit.push_str(&"<div>".repeat(300));
    unit.push_str(&"</b>".repeat(2_000));
    unit.push('x');
    unit.push_str(&"</div>".repeat(300));
    check("overlaps by the thousand", &unit.repeat(40), &"x".repeat(40));

    let many = numbered(250, |n| format!(" a{n}=1"));
    let back = numbered(250, |n| format!(" a{}=1", 249 - n));
    let page = format!("<b{many}>x<b{back}>x").repeat(300);
    check("formatting with 250 attributes", &page, &"x".repeat(600));
}

#[test]
fn strangers_in_tables_keep_their_text() {
    for piece in ["<table>x", "<table><b>x", "<table><tr>x<td>y", "<table><a>x<td>", "<table><div>x</table>"] {
        let page = piece.repeat(20_000);
        let mut parser = Parser::default();
        let start = Instant::now();
        let tree = parser.parse(&page).expect("it is short");
        assert!(start.elapsed() < PER_MEGABYTE, "{piece} took {:?}", start.elapsed());
        // Foster parents change the order, but nothing is lost.
        let mut kept: Vec<u8> = tree.text_content(NodeId::ROOT).into_bytes();
        kept.sort_unstable();
        let mut all: Vec<u8> = page.bytes().filter(|b| matches!(b, b'x' | b'y')).collect();
        all.sort_unstable();
        assert_eq!(kept, all, "{piece}");
    }
}

#[test]
fn attributes_without_end_are_bounded() {
    let many = numbered(100_000, |n| format!(" a{n}=v"));
    check("100,000 attributes", &format!("<p{many}>x"), "x");
    check("100,000 times the same", &format!("<p{}>x", " class=a".repeat(100_000)), "x");
    check("10 MB of attributes", &format!("<p{}>x", " ab cd".repeat(1_700_000)), "x");
    check("a value of 10 MB", &format!("<p title='{}'>x", "v".repeat(10_000_000)), "x");
    check("a name of 10 MB", &format!("<p {}>x", "\u{e9}".repeat(5_000_000)), "x");
    check("a tag name of 10 MB", &format!("<p{}>x", "n".repeat(10_000_000)), "x");
    let pages = numbered(20_000, |n| format!("<html a{n}><body b{n}>"));
    check("attributes of a body by the thousand", &format!("{pages}x"), "x");
}

#[test]
fn unclosed_constructs_end_with_the_page() {
    let long = "y".repeat(1_000_000);
    for (start, text) in [
        ("x<a b='", "x".to_owned()),
        ("x<a ", "x".to_owned()),
        ("x</a ", "x".to_owned()),
        ("x<!--", "x".to_owned()),
        ("x<!", "x".to_owned()),
        ("x<!doctype ", "x".to_owned()),
        ("x<script>", format!("x{long}")),
        ("x<script><!--<script>", format!("x<!--<script>{long}")),
        ("x<title>", format!("x{long}")),
        ("x<svg><![CDATA[", format!("x{long}")),
        ("x<plaintext>", format!("x{long}")),
    ] {
        check(start, &format!("{start}{long}"), &text);
    }
    for piece in ["<!-", "<!--", "--!", "-", "</", "<", "<!", "<?", "<script>", "</script", "&", "&#", "<svg><![CDATA["] {
        let page = piece.repeat(200_000);
        let mut parser = Parser::default();
        let start = Instant::now();
        let tree = parser.parse(&page).expect("it is short");
        let _ = tree.text_content(NodeId::ROOT);
        assert!(start.elapsed() < PER_MEGABYTE * 3, "{piece} took {:?}", start.elapsed());
    }
    check("dashes in a comment", &format!("<!--{}", "-".repeat(1_000_000)), "");
    check("half a script in a script", &"<script><!--<script></script".repeat(50_000), &{
        let rest = "<script><!--<script></script".repeat(50_000);
        rest["<script>".len()..].to_owned()
    });
}

#[test]
fn entities_without_end_are_decoded() {
    check_repeated("&amp;", 500_000, "&");
    check_repeated("&notanentityatall;", 100_000, "\u{ac}anentityatall;");
    check_repeated("&CounterClockwiseContourIntegral", 50_000, "&CounterClockwiseContourIntegral");
    check("a long number", &format!("&#{};", "9".repeat(1_000_000)), "\u{FFFD}");
}

#[test]
fn a_page_may_end_anywhere() {
    let page = "<!DOCTYPE html PUBLIC 'a' \"b\"><html lang=en><head><title>T&amp;t</title><script>if (a</b>) \
        {<!-- x --> }</script></head><body class='a b' id=c><!-- c --!><p title=\"&quot;\">Caf\u{e9} &#233; \
        &copy <b>b<i>i</b>j</i><table><tr><td>1<td>2</table><svg viewBox='0'><![CDATA[x]]></svg>\
        <select><option>o</select><textarea>\n&lt;</textarea></body></html><!-- end -->";
    let mut parser = Parser::default();
    for end in (0..=page.len()).filter(|&end| page.is_char_boundary(end)) {
        let tree = parser.parse(&page[..end]).expect("it is short");
        assert!(tree.find(Tag::Body).is_some(), "even nothing has a body");
        for id in tree.nodes() {
            let _ = (tree.text(id), tree.name(id), tree.attrs(id).count(), tree.doctype(id));
        }
        parser.recycle(tree);
    }
}
