//! Our own cases, one or more for each rule of tree construction, for both parsers.
//!
//! Trees are written in a line: `p(b"x")` is a `<p>` with a `<b>` and the text "x" in it, `p[a=b]`
//! has an attribute, `svg:g` is SVG's, `!c!` is a comment. Without a `html` in front it is the
//! content of the body.

use copydesk::html::parse::spec;
use copydesk::html::{Context, Namespace, NodeId, Options, Parser, Quirks, SelectRules, Tag, Tree};

/// Writes the children of a node in one line.
fn write_children(tree: &Tree<'_>, id: NodeId, line: &mut String) {
    for child in tree.children(id) {
        if tree.is_text(child) {
            // A text that continues another is written as one with it.
            if tree.continues(child) {
                line.pop();
            } else {
                line.push('"');
            }
            line.push_str(&tree.text(child).replace('\n', "\\n"));
            line.push('"');
            continue;
        }
        if line.ends_with(|end: char| end.is_alphanumeric() || end == ']' || end == ')') {
            line.push(' ');
        }
        if tree.tag(child) == Tag::Comment {
            line.extend(["!", &tree.text(child), "!"]);
        } else if let Some(doctype) = tree.doctype(child) {
            line.push_str(&doctype.to_string());
        } else {
            write_element(tree, child, line);
        }
    }
}

fn write_element(tree: &Tree<'_>, id: NodeId, line: &mut String) {
    match tree.namespace(id) {
        Namespace::Html => {}
        Namespace::Svg => line.push_str("svg:"),
        Namespace::MathMl => line.push_str("math:"),
    }
    line.push_str(&tree.name(id));
    for (name, value) in tree.attrs(id) {
        line.extend(["[", &name, "=", &value, "]"]);
    }
    if tree.first_child(id).is_some() {
        line.push('(');
        write_children(tree, id, line);
        line.push(')');
    }
}

fn written(tree: &Tree<'_>, is_whole: bool) -> String {
    let mut line = String::new();
    let root = if is_whole { Some(NodeId::ROOT) } else { tree.find(Tag::Body) };
    write_children(tree, root.unwrap_or(NodeId::ROOT), &mut line);
    line
}

/// Claim, page, tree.
type Case = (&'static str, &'static str, &'static str);

/// Runs cases on both parsers and reports all that differ.
fn check(cases: &[Case], options: Options) {
    let mut failures = Vec::new();
    let mut parser = Parser::new(options);
    for &(claim, page, expected) in cases {
        let is_whole = expected.contains("html");
        let fast = parser.parse(page).expect("it is short");
        let spec = spec::parse(page, options).expect("it is short");
        for (which, tree) in [("fast", &fast), ("spec", &spec)] {
            let actual = written(tree, is_whole);
            if actual != expected {
                failures.push(format!("({claim:?}, {page:?}, {actual:?}), // {which}, not {expected}"));
            }
        }
        parser.recycle(fast);
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn pages_start_and_end_as_the_standard_says() {
    check(START_AND_END, Options::default());
}

const START_AND_END: &[Case] = &[
    ("nothing is a page", "", "html(head body)"),
    ("a doctype stays", " <!DOCTYPE html>", "<!DOCTYPE html>html(head body)"),
    (
        "comments stay where they are",
        "<!--a--><html><!--b--><head><!--c--></head><!--d--><body><!--e--></body><!--f--></html><!--g-->",
        "!a!html(!b!head(!c!) !d!body(!e!) !f!) !g!",
    ),
    (
        "white space before the head is dropped, in it kept",
        " <html> <head> <title>t</title> </head> <body>",
        "html(head(\" \"title(\"t\")\" \")\" \"body)",
    ),
    ("text starts a body", "x", "html(head body(\"x\"))"),
    ("head elements start a head", "<title>t</title><link><p>", "html(head(title(\"t\") link) body(p))"),
    ("a script after the head goes into it", "<head></head> <script>s</script>x", "html(head(script(\"s\"))\" \"body(\"x\"))"),
    ("a second html or body adds attributes", "<html a=1><body b=1><html a=2 c=3><body b=2 d=3>", "html[a=1][c=3](head body[b=1][d=3])"),
    ("end tags before the head imply it or are nothing", "</p></br>", "html(head body(br))"),
    ("what follows the body goes into it", "<body>a</body>b<p>c", "html(head body(\"ab\"p(\"c\")))"),
    ("what follows the page goes into the body", "</html> a<!--c-->", "html(head body(\" a\"!c!))"),
    ("a page without scripts has elements in noscript", "<head><noscript><link><p>x", "html(head(noscript(link)) body(p(\"x\")))"),
    (
        "a frameset replaces an empty body",
        "<!--x--> <frameset><frame> x<noframes>n</noframes></frameset> y",
        "!x!html(head frameset(frame\" \"noframes(\"n\"))\" \")",
    ),
    ("a frameset comes too late after text", "x<frameset>", "html(head body(\"x\"))"),
];

#[test]
fn blocks_and_implied_ends() {
    check(BLOCKS, Options::default());
}

const BLOCKS: &[Case] = &[
    ("a block ends a paragraph", "<p>a<div>b", "p(\"a\") div(\"b\")"),
    ("a paragraph ends a paragraph", "<p>a<p>b", "p(\"a\") p(\"b\")"),
    ("a button keeps a block from a paragraph", "<p><button><div>x", "p(button(div(\"x\")))"),
    ("an end without a paragraph makes one", "<div></p>x", "div(p\"x\")"),
    ("end tags close what is in between", "<div><span><em>a</div>b", "div(span(em(\"a\"))) em(\"b\")"),
    ("inline end tags stop at blocks", "<span><div></span>x", "span(div(\"x\"))"),
    ("items end items", "<ul><li>a<li>b<ul><li>c</ul><li>d", "ul(li(\"a\") li(\"b\"ul(li(\"c\"))) li(\"d\"))"),
    ("an item ends one through a div", "<li><div><li>x", "li(div) li(\"x\")"),
    ("terms and definitions end each other", "<dl><dt>a<dd>b<dt>c", "dl(dt(\"a\") dd(\"b\") dt(\"c\"))"),
    ("a heading ends a heading", "<h1>a<h2>b", "h1(\"a\") h2(\"b\")"),
    ("any heading's end ends a heading", "<h1>a</h3>b", "h1(\"a\")\"b\""),
    ("the first line feed of pre is none", "<pre>\n\na</pre><pre>&#10;b</pre><listing>\r\nc", "pre(\"\\na\") pre(\"b\") listing(\"c\")"),
    ("a form stands in no form", "<form a=1><div><form b=2></div>x", "form[a=1](div\"x\")"),
    ("a form's end leaves what is open in it", "<form><div></form>x", "form(div(\"x\"))"),
    ("buttons stand in no button", "<button>a<button>b", "button(\"a\") button(\"b\")"),
    ("void elements have no content", "<br>a<img>b<input>c<hr>d<wbr>e", "br\"a\"img\"b\"input\"c\"hr\"d\"wbr\"e\""),
    ("an end of br is a br, and an image an img", "a</br>b<image x=1>c", "\"a\"br\"b\"img[x=1]\"c\""),
    ("ruby parts end each other", "<ruby>a<rt>b<rp>c<rtc>d<rt>e", "ruby(\"a\"rt(\"b\") rp(\"c\") rtc(\"d\"rt(\"e\")))"),
    ("unknown elements are ordinary", "<my-card a>x<My-Card>y</MY-CARD>z</my-card>w", "my-card[a=](\"x\"my-card(\"y\")\"z\")\"w\""),
    ("options end options", "<option>a<option>b<optgroup>c", "option(\"a\") option(\"b\") optgroup(\"c\")"),
    ("plaintext has no end", "<plaintext><p></plaintext>&amp;", "plaintext(\"<p></plaintext>&amp;\")"),
    ("objects keep their formatting to themselves", "<b><object><i></object>x", "b(object(i)\"x\")"),
];

#[test]
fn formatting_overlaps() {
    check(FORMATTING, Options::default());
}

const FORMATTING: &[Case] = &[
    ("formatting goes on in the next paragraph", "<p><b>a<p>b", "p(b(\"a\")) p(b(\"b\"))"),
    ("an overlap is untangled", "<b>1<p>2</b>3</p>4", "b(\"1\") p(b(\"2\")\"3\")\"4\""),
    ("overlapping inline elements are nested", "<b>1<i>2</b>3</i>4", "b(\"1\"i(\"2\")) i(\"3\")\"4\""),
    ("a link ends a link", "<a href=1>a<a href=2>b", "a[href=1](\"a\") a[href=2](\"b\")"),
    ("a link ends a link through a block", "<a>a<div>b<a>c", "a(\"a\") div(a(\"b\") a(\"c\"))"),
    ("three of the same are remembered, not more", "<p><b><b><b><b><p>x", "p(b(b(b(b)))) p(b(b(b(\"x\"))))"),
    (
        "the same with other attributes is another",
        "<p><b a=1><b a=2><b a=1><b a=1><b a=1><p>x",
        "p(b[a=1](b[a=2](b[a=1](b[a=1](b[a=1]))))) p(b[a=2](b[a=1](b[a=1](b[a=1](\"x\")))))",
    ),
    ("nobr ends nobr", "<nobr>a<nobr>b", "nobr(\"a\") nobr(\"b\")"),
    ("a cell is a world of its own", "<b><table><td>x</b>y</table>z", "b(table(tbody(tr(td(\"xy\"))))\"z\")"),
    (
        "eight rounds are enough",
        "<b><div><div><div><div><div><div><div><div><div><div>x</b>y",
        "b div(b div(b div(b div(b div(b div(b div(b div(b(div(div(\"xy\")))))))))))",
    ),
    ("an end without a start is nothing", "a</b></i>b", "\"ab\""),
    ("more than three between are let go", "<b><i><u><s><em><small><p>x</b>y", "b(i(u(s(em(small))))) s(em(small(p(b(\"x\")\"y\"))))"),
];

#[test]
fn tables() {
    check(TABLES, Options::default());
}

const TABLES: &[Case] = &[
    ("rows and bodies are implied", "<table><td>a<td>b<tr><th>c", "table(tbody(tr(td(\"a\") td(\"b\")) tr(th(\"c\"))))"),
    (
        "sections end sections",
        "<table><thead><tr><td>a<tbody><tr><td>b<tfoot><tr><td>c",
        "table(thead(tr(td(\"a\"))) tbody(tr(td(\"b\"))) tfoot(tr(td(\"c\"))))",
    ),
    (
        "captions and columns",
        "<table><caption>a<col><colgroup><col><tr><td>b",
        "table(caption(\"a\") colgroup(col) colgroup(col) tbody(tr(td(\"b\"))))",
    ),
    ("text goes before the table, white space stays", "<table> <tr> x <td>y", "\" x \"table(\" \"tbody(tr(td(\"y\"))))"),
    ("text in pieces goes as a whole", "<table> </>x <tr>", "\" x \"table(tbody(tr))"),
    ("elements go before the table", "<table><p>a<b>b<tr><td>c", "p(\"a\"b(\"b\")) table(tbody(tr(td(\"c\"))))"),
    ("a table ends a table", "<table><tr><table><td>x", "table(tbody(tr)) table(tbody(tr(td(\"x\"))))"),
    (
        "a table stands in a cell",
        "<table><td><table><td>a</table>b</table>c",
        "table(tbody(tr(td(table(tbody(tr(td(\"a\"))))\"b\"))))\"c\"",
    ),
    ("hidden inputs may stay", "<table><input type=HIDDEN><input>", "input table(input[type=HIDDEN])"),
    ("a form in a table is empty", "<table><form><tr><td>x</form>", "table(form tbody(tr(td(\"x\"))))"),
    ("ends of parts that are not open are nothing", "<table><td></thead></caption></th></html>x", "table(tbody(tr(td(\"x\"))))"),
    ("parts outside of tables are nothing", "<div><tr><td>x</td></tr><caption>y", "div(\"xy\")"),
    ("in quirks mode a table stands in a paragraph", "<p><table>", "p(table)"),
    ("in a page of today it does not", "<!DOCTYPE html><p><table>", "p table"),
    ("a reference for a space is white space", "<table>&#32;<tr>&#120;", "\"x\"table(\" \"tbody(tr))"),
];

#[test]
fn foreign_content() {
    check(FOREIGN, Options::default());
}

const FOREIGN: &[Case] = &[
    ("svg has names with capitals", "<svg viewbox=1><FOREIGNOBJECT><p>x</svg>y", "svg:svg[viewBox=1](svg:foreignObject(p(\"xy\")))"),
    ("tags may close themselves", "<svg><g/><path/>x</svg>y", "svg:svg(svg:g svg:path\"x\")\"y\""),
    ("html breaks out", "<svg><g><p>x", "svg:svg(svg:g) p(\"x\")"),
    ("fonts break out with attributes", "<svg><font>a<font color=red>b", "svg:svg(svg:font(\"a\")) font[color=red](\"b\")"),
    ("an end of p breaks out", "<svg></p>x", "svg:svg p\"x\""),
    ("cdata is text in it and a comment elsewhere", "<svg><![CDATA[a<b>&amp;]]></svg><![CDATA[c]]>", "svg:svg(\"a<b>&amp;\") ![CDATA[c]]!"),
    ("math text may be html", "<math><mi><b>x</b></mi><mglyph/></math>", "math:math(math:mi(b(\"x\")) math:mglyph)"),
    (
        "annotations may be html",
        "<math><annotation-xml encoding=text/HTML><p>x",
        "math:math(math:annotation-xml[encoding=text/HTML](p(\"x\")))",
    ),
    ("or svg", "<math><annotation-xml><svg><g>x", "math:math(math:annotation-xml(svg:svg(svg:g(\"x\"))))"),
    ("or neither", "<math><annotation-xml><p>x", "math:math(math:annotation-xml) p(\"x\")"),
    ("scripts are ordinary in svg", "<svg><script>a<b>c</b></script>d", "svg:svg(svg:script(\"a\")) b(\"c\")\"d\""),
    ("nul is shown in it and dropped elsewhere", "<svg>a\0b</svg>c\0d", "svg:svg(\"a�b\")\"cd\""),
    ("end tags find elements in any case", "<svg><linearGradient><stop></LINEARGRADIENT>x", "svg:svg(svg:linearGradient(svg:stop)\"x\")"),
];

#[test]
fn raw_text_and_tokens() {
    check(TOKENS, Options::default());
}

const TOKENS: &[Case] = &[
    ("raw text ends with its own end tag", "<style>a<b></b></STYLE >c", "html(head(style(\"a<b></b>\")) body(\"c\"))"),
    (
        "titles have references, scripts none",
        "<title>&amp;<b></title><script>&amp;<b></script>",
        "html(head(title(\"&<b>\") script(\"&amp;<b>\")) body)",
    ),
    (
        "a script hides an end tag in a comment",
        "<body><script><!--<script></script>--></script>x",
        "script(\"<!--<script></script>-->\")\"x\"",
    ),
    ("a script hides it only there", "<body><script><!-- </script>x", "script(\"<!-- \")\"x\""),
    ("a textarea keeps all but the first line feed", "<textarea>\n\n<b>&lt;</textarea>x", "textarea(\"\\n<b><\")\"x\""),
    ("comments end in odd ways", "<body><!--a--!><!--><!---><!--b--->c<!--d--!-->e<!---->f<!", "!a!!!!!!b-!\"c\"!d--!!\"e\"!!\"f\"!!"),
    ("what is no comment may become one", "<body><!a><?b?></ c><!doctype d>", "!a!!?b?!! c!"),
    ("a lone < is text", "a < b <1 <= </ ", "\"a < b <1 <= \"! !"),
    ("an empty end tag is nothing", "a</>b", "\"ab\""),
    (
        "attributes in all their forms",
        "<p a b=c d='e' f=\"g\" h = i j=k/l = =m n\"o A=2/>x",
        "p[a=][b=c][d=e][f=g][h=i][j=k/l][==m][n\"o=](\"x\")",
    ),
    ("the first of two attributes counts", "<p a=1 A=2 class=x CLASS=y>", "p[a=1][class=x]"),
    ("a name with a NUL is the same as one with what replaces it", "<p a\0=1 b=2 A\u{FFFD}=3>", "p[a\u{FFFD}=1][b=2]"),
    ("references in attributes", "<p a='&amp;&lt&copy=1&notin;x'>&copy=1", "p[a=&<&copy=1∉x](\"©=1\")"),
    ("a tag that is cut off is nothing", "a<p b='c", "\"a\""),
    ("line ends are line feeds", "<p>a\r\nb\rc\n", "p(\"a\\nb\\nc\\n\")"),
    ("the byte order mark is no text", "\u{FEFF}<p>x", "p(\"x\")"),
];

#[test]
fn templates() {
    check(TEMPLATES, Options::default());
}

const TEMPLATES: &[Case] = &[
    ("a template in the head", "<template><p>x</template>y", "html(head(template(p(\"x\"))) body(\"y\"))"),
    ("rows need no table in it", "<body><template><tr><td>x</template>y", "template(tr(td(\"x\")))\"y\""),
    ("nor do cells", "<body><template><td>x</td><td>y</template>", "template(td(\"x\") td(\"y\"))"),
    ("a template in a table", "<table><template><td>x</template><tr><td>y", "table(template(td(\"x\")) tbody(tr(td(\"y\"))))"),
    ("an end in it closes nothing outside", "<div><template></div>x</template>y", "div(template(\"x\")\"y\")"),
    ("a form in it is no form of the page", "<template><form></template><form>x", "html(head(template(form)) body(form(\"x\")))"),
    ("columns and text", "<body><template><col> x<col></template>", "template(col\" \"col)"),
];

#[test]
fn selects_of_today() {
    check(SELECTS, Options::default());
}

const SELECTS: &[Case] = &[
    ("anything may stand in it", "<select><div><b>x</b></div><option>y", "select(div(b(\"x\")) option(\"y\"))"),
    (
        "options end options",
        "<select><option>a<option>b<optgroup><option>c<optgroup>d",
        "select(option(\"a\") option(\"b\") optgroup(option(\"c\")) optgroup(\"d\"))",
    ),
    ("a select ends a select", "<select>a<select>b", "select(\"a\")\"b\""),
    ("an input ends it", "<select>a<input>b", "select(\"a\") input\"b\""),
    ("a rule ends an option", "<select><option>a<hr>b", "select(option(\"a\") hr\"b\")"),
    ("a select in a cell", "<table><td><select><option>a<tr><td>b", "table(tbody(tr(td(select(option(\"a\")))) tr(td(\"b\"))))"),
];

#[test]
fn scripts_that_run_hide_noscript() {
    let options = Options { scripting: true, select: SelectRules::Current };
    check(
        &[
            ("in the body", "<body><noscript><img src=x></noscript>y", "noscript(\"<img src=x>\")\"y\""),
            ("in the head", "<head><noscript><p></noscript><p>", "html(head(noscript(\"<p>\")) body(p))"),
        ],
        options,
    );
}

#[test]
fn classic_selects_ignore_tags() {
    let mut parser = Parser::new(Options { scripting: false, select: SelectRules::Classic });
    for (page, expected) in [
        ("<select><div><b>x</b></div><option>y", "select(\"x\"option(\"y\"))"),
        ("<select><option>a<optgroup><option>b</optgroup>c</select>d", "select(option(\"a\") optgroup(option(\"b\"))\"c\")\"d\""),
        ("<select>a<select>b", "select(\"a\")\"b\""),
        ("<select>a<input>b", "select(\"a\") input\"b\""),
        ("<table><td><select><option>a<tr><td>b", "table(tbody(tr(td(select(option(\"a\")))) tr(td(\"b\"))))"),
        ("<select><script>a</script><template><p>x", "select(script(\"a\") template(p(\"x\")))"),
    ] {
        let tree = parser.parse(page).expect("it is short");
        assert_eq!(written(&tree, false), expected, "{page}");
        parser.recycle(tree);
    }
}

#[test]
fn fragments_are_parsed_in_their_context() {
    let mut parser = Parser::default();
    for (tag, namespace, fragment, expected) in [
        (Tag::Div, Namespace::Html, "a<p>b</div>c<body x=1>", "\"a\"p(\"bc\")"),
        (Tag::Td, Namespace::Html, "a</td><td>b", "\"ab\""),
        (Tag::Tr, Namespace::Html, "<td>a<td>b</table>", "td(\"a\") td(\"b\")"),
        (Tag::Table, Namespace::Html, "a<tr><td>b", "\"a\"tbody(tr(td(\"b\")))"),
        (Tag::Title, Namespace::Html, "a<b>&amp;</title>", "\"a<b>&</title>\""),
        (Tag::Script, Namespace::Html, "a<b>&amp;", "\"a<b>&amp;\""),
        (Tag::Html, Namespace::Html, "<p>x", "head body(p(\"x\"))"),
        (Tag::Template, Namespace::Html, "<td>x", "td(\"x\")"),
        (Tag::Select, Namespace::Html, "<option>a<input>b", "option(\"ab\")"),
        (Tag::Form, Namespace::Html, "<form>x", "\"x\""),
        (Tag::Svg, Namespace::Svg, "<g/><![CDATA[x]]></svg>y", "svg:g\"xy\""),
        (Tag::Mi, Namespace::MathMl, "<p>x", "p(\"x\")"),
    ] {
        let tree = parser.parse_fragment(fragment, Context { tag, namespace }).expect("it is short");
        assert_eq!(written(&tree, true), expected, "{fragment} in {tag:?}");
        parser.recycle(tree);
    }
}

#[test]
fn the_document_type_decides_on_quirks() {
    let mut parser = Parser::default();
    for (page, quirks) in [
        ("", Quirks::Yes),
        ("<!DOCTYPE html>", Quirks::No),
        ("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"x\">", Quirks::Limited),
        ("<p><!DOCTYPE html>", Quirks::Yes),
    ] {
        assert_eq!(parser.parse(page).expect("it is short").quirks(), quirks, "{page}");
        assert_eq!(spec::parse(page, Options::default()).expect("it is short").quirks(), quirks);
    }
}
