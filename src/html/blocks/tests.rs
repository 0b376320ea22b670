//! How blocks are told apart and put together.

use super::{BlockFlags, BlockKind, Blocks};
use crate::html::Parser;

fn read(page: &str) -> Blocks {
    let mut blocks = Blocks::default();
    blocks.read(&Parser::default().parse(page).expect("it is short"));
    blocks
}

#[test]
fn text_is_joined_as_a_browser_shows_it() {
    let cases = [
        ("inline text runs on", "a<b>b</b>c <i> d</i> e", "abc d e"),
        ("white space collapses", " a \n\t b ", "a b"),
        ("no two blocks touch", "<div>a</div><div>b</div>c<p>d", "a\n\nb\n\nc\n\nd"),
        ("a break ends a line", "a<br>b", "a\nb"),
        ("two breaks end a paragraph", "a<br> <br/>b", "a\n\nb"),
        ("items are lines of one list", "<ul><li>a<li>b</ul>c", "a\nb\n\nc"),
        ("a nested list is one of its own", "<ul><li>a<ul><li>b</ul><li>c</ul>", "a\n\nb\n\nc"),
        ("a listing keeps its white space", "<pre>\n  a\n\n    b  \n</pre>c", "  a\n\n    b\n\nc"),
        ("breaks in a listing", "<pre>a<br>b</pre>", "a\nb"),
        ("a listing made of blocks", "<pre><div>a</div><div>b</div></pre>", "a\nb"),
        ("cells of a row are parted by tabs", "<table><tr><td>a<td>b <b>c</b><tr><td>d<td></table>", "a\tb c\nd"),
        ("a table for layout", "<table><tr><td><p>a</p>b<td>c<br><br>d<br><br>e<br><br>f</table>", "a\n\nb\nc\n\nd\n\ne\n\nf"),
        ("links side by side", "<a href=x>a</a><a href=y>b</a><a href=z>c</a>d", "a b cd"),
        ("pictures and controls part words", "a<img>b<input>c", "a b c"),
        ("a heading is one line", "<h1>a<br>b</h1>", "a b"),
        ("blank characters make no block", "<p>&nbsp;</p><p>&#8203; &shy;</p><p>&nbsp;a&nbsp;</p>", "a"),
        (
            "scripts, styles and drawings are no text",
            "a<script>b</script><style>c</style><svg><title>d</title><text>e</text></svg>f",
            "a f",
        ),
        ("a lazy picture parts nothing", "a <noscript><img></noscript>b", "a b"),
        ("names of glyphs are left out", "a <i class=icon aria-hidden=true>arrow_forward</i> b", "a b"),
        ("unknown elements part words", "<x-a>a</x-a><x-b>b</x-b>", "a b"),
        ("formulas are text, their source is not", "a <math><mi>x</mi><annotation>\\x</annotation></math>", "a x"),
        ("short hidden labels in a line", "a<span hidden>b</span> c", "a c"),
        ("options are no words of one another", "<select><option>a<option>b</select>", "a b"),
    ];
    for (claim, page, text) in cases {
        assert_eq!(read(page).text(), text, "{claim}");
    }
}

#[test]
fn blocks_know_what_they_are() {
    let page = "<h3>a</h3><ol><li>b<p>c</ol><blockquote><p>d</blockquote><pre>e</pre><table><tr><td>f<td>g</table>\
        <table><tr><td>h</table><figure><figcaption>i</figcaption></figure><dl><dt>j</dl>k";
    let kinds: Vec<_> = read(page).list().iter().map(|block| block.kind).collect();
    let list = BlockKind::ListItem;
    let expected = [
        BlockKind::Heading(3),
        list,
        list,
        BlockKind::Quote,
        BlockKind::Code,
        BlockKind::TableRow,
        BlockKind::TableCell,
        BlockKind::Caption,
        list,
        BlockKind::Paragraph,
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn blocks_know_where_they_stand() {
    let page = "<nav>a</nav><div role=main><article>b<aside>c</aside></article></div><p style='display: none'>d<footer hidden>e</footer>";
    let flags: Vec<_> = read(page).list().iter().map(|block| block.flags).collect();
    let expected = [
        BlockFlags::NAV,
        BlockFlags::MAIN | BlockFlags::ARTICLE,
        BlockFlags::MAIN | BlockFlags::ARTICLE | BlockFlags::ASIDE,
        BlockFlags::HIDDEN,
        BlockFlags::FOOTER | BlockFlags::HIDDEN,
    ];
    assert_eq!(flags, expected);
}

#[test]
fn spans_links_and_nodes_agree_with_the_page() {
    let page = "<p>one <a href=x>two</a> three</p><ul><li><ul><li><a href=y>four</a></ul></ul>";
    let tree = Parser::default().parse(page).expect("it is short");
    let mut blocks = Blocks::default();
    blocks.read(&tree);
    let [first, second] = blocks.list() else { panic!("two blocks") };
    assert_eq!(blocks.text_of(first), "one two three");
    assert_eq!((first.link_bytes, second.link_bytes), (4, 4));
    assert_eq!((first.list_depth, second.list_depth), (0, 2));
    assert_eq!((tree.text(first.first).as_ref(), tree.text(first.last).as_ref()), ("one ", " three"));
    assert_eq!(tree.name(first.node), "p");
}

#[test]
fn containers_never_fall() {
    let blocks = read("<p>a<br>b<p>c<ul><li>d<li>e</ul>");
    let containers: Vec<_> = blocks.list().iter().map(|block| block.container).collect();
    assert_eq!(containers, [0, 0, 1, 2, 2]);
}

#[test]
fn one_value_reads_page_after_page() {
    let mut blocks = Blocks::default();
    let mut parser = Parser::default();
    for page in ["<p>a<p>b", "", "<p>a<p>b"] {
        let tree = parser.parse(page).expect("it is short");
        blocks.read(&tree);
        assert_eq!(blocks.list().len(), page.matches("<p>").count());
        parser.recycle(tree);
    }
}

#[test]
fn boxes_hold_their_blocks() {
    let blocks = read("<div><p>a</p><div></div><p>b</p></div><section><div></div></section>");
    let boxes: Vec<_> = blocks.boxes().iter().map(|b| (b.tag.name(), b.first, b.end)).collect();
    assert_eq!(boxes, [("", 0, 2), ("html", 0, 2), ("body", 0, 2), ("div", 0, 2), ("p", 0, 1), ("p", 1, 2)]);
}

#[test]
fn a_million_open_elements_are_one_walk() {
    for tag in ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<span hidden>"] {
        let page = format!("{}deep", tag.repeat(1_000_000));
        assert_eq!(read(&page).text(), "deep", "{tag}");
    }
}
