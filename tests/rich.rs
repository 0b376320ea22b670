//! Markdown and HTML of pages: the same words as the text, and read by others as what they are.

use std::sync::LazyLock;

use copydesk::html::Parser;
use copydesk::{Article, Engine, Rich};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Tag, TagEnd};

const ALL: Rich = Rich { links: true, tables: true, images: false, captions: copydesk::io::CaptionPlace::Data };

/// A page of which every line stays, so that everything in it is written.
fn whole(page: &str) -> Article<'static> {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
        let rules = "format = 1\n[pack]\nid = \"mine\"\n[[rule]]\nid = \"mine.keep\"\ncategory = \"protect\"\nabout = \"x\"\naction = \"protect\"\n\
                     match.regex = '\\S'\n";
        Engine::builder().builtin(false).rules_text("mine.toml", rules).build().expect("it is well-formed")
    });
    ENGINE.clean_html(page, Some("https://news.example/a/")).expect("it is short")
}

/// The events of Markdown with tables and struck text.
fn events(markdown: &str) -> Vec<Event<'_>> {
    pulldown_cmark::Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).collect()
}

/// The words of Markdown, as somebody reads it who sees it rendered.
fn words_of_markdown(markdown: &str) -> Vec<String> {
    let mut text = String::new();
    for event in events(markdown) {
        match event {
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            Event::Html(piece) | Event::InlineHtml(piece) => panic!("HTML in Markdown: {piece}"),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => {}
            _ => text.push(' '),
        }
    }
    words(&text)
}

/// The words of HTML that we have written: elements other than those within a line part them.
fn words_of_html(html: &str) -> Vec<String> {
    let mut parser = Parser::default();
    let tree = parser.parse(html).expect("it is short");
    let mut text = String::new();
    for id in tree.nodes() {
        match &*tree.name(id) {
            "" => text.push_str(&tree.text(id)),
            "a" | "strong" | "em" | "s" | "sub" | "sup" | "code" => {}
            _ => text.push(' '),
        }
    }
    words(&text)
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// The words of the text, behind those of the title where it stands above.
fn assert_same_words(article: &Article<'_>, form: &[String], source: &str) {
    let text = words(&article.text);
    let titled: Vec<_> = words(article.title.as_deref().unwrap_or_default()).into_iter().chain(text.clone()).collect();
    assert!(form == text || form == titled, "of {source:?}\n{form:?}\nand not\n{text:?}");
}

#[test]
fn a_page_in_markdown_and_html() {
    let page = "<h1>Ferry back in service</h1>
        <p>The first ferry in <b>eleven</b> weeks left the <a href='/list'>harbour <em>on Friday</em></a> morning.<br>It was full.</p>
        <h2>What comes next</h2>
        <ul><li>Two fenders<ul><li>one of steel<li>one of oak</ul><li>A new lamp</ul>
        <ol start=3><li>Paint<li>Test</ol>
        <blockquote><p>It took long.<p>Too long.</blockquote>
        <pre><code>if wind &gt; 8 {
    stay();
}</code></pre>
        <table><tr><th>Day<th>Ships<tr><td>Friday<td>3|4</table>";
    let article = whole(page);
    let markdown = "# Ferry back in service

The first ferry in **eleven** weeks left the [harbour *on Friday*](https://news.example/list) morning.\\
It was full.

## What comes next

- Two fenders
  - one of steel
  - one of oak
- A new lamp

3. Paint
4. Test

> It took long.
>
> Too long.

```
if wind > 8 {
    stay();
}
```

| Day | Ships |
| --- | --- |
| Friday | 3\\|4 |
";
    assert_eq!(article.to_markdown(&ALL), markdown);
    let html = "<h1>Ferry back in service</h1>
<p>The first ferry in <strong>eleven</strong> weeks left the <a href=\"https://news.example/list\" rel=\"noopener noreferrer\">harbour <em>on Friday</em></a> morning.<br>
It was full.</p>
<h2>What comes next</h2>
<ul>
<li>Two fenders<ul>
<li>one of steel</li>
<li>one of oak</li>
</ul>
</li>
<li>A new lamp</li>
</ul>
<ol>
<li value=\"3\">Paint</li>
<li>Test</li>
</ol>
<blockquote>
<p>It took long.</p>
<p>Too long.</p>
</blockquote>
<pre><code>if wind &gt; 8 {
    stay();
}</code></pre>
<table>
<tbody>
<tr><th>Day</th><th>Ships</th></tr>
<tr><td>Friday</td><td>3|4</td></tr>
</tbody>
</table>
";
    assert!(article.to_html(&ALL).contains(html), "{}", article.to_html(&ALL));
    let plain = article.to_markdown(&Rich::default());
    assert!(plain.contains("left the harbour *on Friday* morning") && plain.contains("Day\tShips"), "{plain}");
}

#[test]
fn what_a_rule_takes_out_is_out_of_every_form() {
    let rules = "format = 1\n[pack]\nid = \"mine\"\n[[rule]]\nid = \"mine.cut\"\ncategory = \"other\"\nabout = \"x\"\naction = \"cut\"\n\
                 match.has = [\"tap here\"]\nmatch.regex = '\\(?tap here\\)?'\n[[rule]]\nid = \"mine.line\"\ncategory = \"other\"\nabout = \"x\"\n\
                 action = \"remove\"\nmatch.is = [\"sign up now\"]\n";
    let engine = Engine::builder().builtin(false).rules_text("mine.toml", rules).build().expect("they are well-formed");
    let page = "<article><h1>Ferry back in service</h1><p>The first <b>ferry (tap here) in eleven</b> weeks left the harbour on Friday \
                morning, with 212 passengers on board, the harbour board said in a statement.</p><ul><li>Two fenders of oak and of steel were \
                put in place by the crew<li><a href=/x>Sign up now</a><li>A new lamp was hung above the old pier on the same day</ul>\
                <p>The terminal was closed after <i>waves</i> tore two of the four fenders from the pier in a night of storms.</p></article>";
    let article = engine.clean_html(page, None).expect("it is short");
    let markdown = article.to_markdown(&ALL);
    assert!(markdown.contains("The first **ferry in eleven** weeks"), "{markdown}");
    assert!(markdown.contains("of steel were put in place by the crew\n- A new lamp"), "{markdown}");
    assert!(markdown.contains("closed after *waves* tore"), "{markdown}");
    assert_same_words(&article, &words_of_markdown(&markdown), page);
    assert_same_words(&article, &words_of_html(&article.to_html(&ALL)), page);
}

#[test]
fn pictures_stand_where_they_stood_with_what_is_said_of_them() {
    let page = "<article><h1>Ferry back in service</h1><p>The first ferry in eleven weeks left the harbour on Friday morning, with 212 \
                passengers on board, the harbour board said in a statement.</p><figure><img src=/pier.jpg alt='A [red] pier'><figcaption>The pier \
                after the repairs. <span class=credit>Ann Roe/Northern Wire</span></figcaption></figure><p>The terminal was closed after waves \
                tore two of the four fenders from the pier in a night of storms that nobody had foretold.</p></article>";
    let engine = Engine::builder().build().expect("the built-in rules are well-formed");
    let article = engine.clean_html(page, Some("https://news.example/a/")).expect("it is short");
    let rich = Rich { images: true, ..Rich::default() };
    let markdown = article.to_markdown(&rich);
    let figure = "statement.\n\n![A \\[red\\] pier](https://news.example/pier.jpg)\n\n> The pier after the repairs. — *Ann Roe/Northern Wire*\n\nThe terminal";
    assert!(markdown.contains(figure), "{markdown}");
    let html = article.to_html(&rich);
    let figure = "</p>\n<figure><img src=\"https://news.example/pier.jpg\" alt=\"A [red] pier\"><figcaption>The pier after the repairs. \
                  <cite>Ann Roe/Northern Wire</cite></figcaption></figure>\n<p>The terminal";
    assert!(html.contains(figure), "{html}");
    assert!(!article.to_markdown(&Rich::default()).contains("repairs"));
}

#[test]
fn text_that_looks_like_markdown_is_text() {
    let lines = [
        "# no heading",
        "#",
        "1. no item",
        "2) no item",
        "- no item",
        "* no item",
        "+ no item",
        "> no quotation",
        "---",
        "***",
        "___",
        "===",
        "a *b* c",
        "a **b** c",
        "_a_ b_c_d __e__",
        "[a](b) [c]: d",
        "![a](b)",
        "`a` ``b",
        "~~a~~",
        "&lt;b&gt; &amp;amp; &amp;copy;",
        "a | b",
        "| a |",
        "|---|",
        ":-- | --:",
        "a\\\\",
        "\\\\*a\\\\*",
        "http://x.example/a_b_c",
        "![",
        "a_",
        "_a",
        "~",
        "~~~ x",
        "&lt;!-- a --&gt;",
        "[^1] [ ] [x]",
        "C# #",
        "1986. A year",
        "-",
        "+",
        "1.",
        "\u{a0}# a",
    ];
    for line in lines {
        for (page, name) in [
            (format!("<p>Before it all.</p><p>{line}</p><p>After it all.</p>"), "paragraph"),
            (format!("<p>Before it all.<br>{line}<br>After it all.</p>"), "line"),
            (format!("<p>Before it all.</p><ul><li>{line}<li>{line}</ul>"), "item"),
            (format!("<p>Before it all.</p><h3>{line}</h3><p>After it all.</p>"), "heading"),
            (format!("<p>Before.</p><table><tr><td>{line}<td>b<tr><td>c<td>{line}</table>"), "table"),
            (format!("<p>Before it all <b>{line}</b> and <a href=/x>{line}</a><i>{line}</i> after.</p>"), "inline"),
            (format!("<p>Before.</p><pre>{line}\n{line}</pre><p><code>{line}</code></p>"), "code"),
        ] {
            let article = whole(&page);
            let markdown = article.to_markdown(&ALL);
            assert_same_words(&article, &words_of_markdown(&markdown), &format!("{name}: {page}\n{markdown}"));
        }
    }
}

const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<ul>",
    "<ol>",
    "<ol start=7>",
    "<li>",
    "</li>",
    "</ul>",
    "</ol>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<s>",
    "</s>",
    "<code>",
    "</code>",
    "<a href='/x?a=1&b=2'>",
    "</a>",
    "<h1>",
    "<h2>",
    "</h2>",
    "<table>",
    "<tr>",
    "<td>",
    "<th>",
    "</table>",
    "<pre>",
    "</pre>",
    "<blockquote>",
    "</blockquote>",
    "<dl><dt>",
    "<dd>",
    "</dl>",
    "<br>",
    "<div>",
    "</div>",
    "word ",
    "two words",
    " ",
    "* ",
    "*",
    "_",
    "`",
    "# ",
    "- ",
    "1. ",
    "3) ",
    "[",
    "]",
    "(",
    ")",
    "&lt;",
    "&gt; ",
    "&amp;",
    "|",
    "\\",
    "~",
    "!",
    ".",
    "“",
    "”",
    "重要",
    "。",
    "\n",
    "\t",
    "---",
    "===",
    ": ",
    "e\u{301}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn every_form_has_the_words_of_the_text(pieces in prop::collection::vec(0..PIECES.len(), 1..30), tables in any::<bool>()) {
        let page: String = pieces.iter().map(|&piece| PIECES[piece]).collect();
        let article = whole(&page);
        let rich = Rich { tables, ..ALL };
        let markdown = article.to_markdown(&rich);
        assert_same_words(&article, &words_of_markdown(&markdown), &format!("{page}\n{markdown}"));
        assert_same_words(&article, &words_of_html(&article.to_html(&rich)), &page);
    }
}

#[test]
fn large_pages_take_linear_time() {
    let shapes =
        ["<ul><li>x", "<b>x", "<table><tr><td>x<td>y", "<blockquote>x", "<a href=/x>x</a> ", "<p>x <i>y</i>", "<pre>x", "<h2>x</h2>"];
    for shape in shapes {
        let took = |count: usize| {
            let page = shape.repeat(count);
            let began = std::time::Instant::now();
            let article = whole(&page);
            let length = article.to_markdown(&ALL).len() + article.to_html(&ALL).len();
            assert!(length > 0);
            began.elapsed().as_secs_f64()
        };
        let (small, large) = (took(2_000).max(0.01), took(16_000));
        assert!(large < small * 8.0 * 6.0 + 0.5, "{shape}: {small} s for 2,000 and {large} s for 16,000");
    }
}
