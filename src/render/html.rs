//! HTML from the parts of a story: a short list of elements, then a sanitiser.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::emphasis::{Mark, Token, tokens};
use super::lines;
use super::story::{Paragraph, Part, Picture, Step, Story, Stretch};
use super::table::Table;
use crate::article::{Article, Caption};
use crate::document::{EnclosureKind, Style};

/// Elements that are written.
const ELEMENTS: [&str; 33] = [
    "a",
    "article",
    "blockquote",
    "br",
    "cite",
    "code",
    "dd",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
];

/// Attributes that are written, by element.
const ATTRIBUTES: [(&str, &[&str]); 5] =
    [("a", &["href"]), ("article", &["lang"]), ("img", &["src", "alt"]), ("li", &["value"]), ("ol", &["start"])];

/// What decides on safety.
static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(ELEMENTS))
        .tag_attributes(HashMap::from(ATTRIBUTES.map(|(element, names)| (element, names.iter().copied().collect()))))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer"));
    builder
});

/// The story as an `<article>`.
pub(super) fn write(story: &Story<'_>, article: &Article<'_>) -> String {
    let mut writer = Writer { out: String::with_capacity(article.text.len() * 5 / 4 + 64), open: Vec::new() };
    let mut parts = story.parts.iter().peekable();
    while let Some(part) = parts.next() {
        let next = parts.peek().map_or(&[][..], |next| next.path());
        writer.part(part, next);
    }
    writer.close(0);
    for caption in &story.at_end {
        writer.picture(&Picture { address: None, caption: Some(caption) });
    }
    let language = article.language.as_deref().map_or_else(String::new, |language| format!(" lang=\"{}\"", escaped(language)));
    let html = format!("<article{language}>\n{}</article>\n", writer.out);
    SANITISER.clean(&html).to_string()
}

struct Writer {
    out: String,
    /// What is open.
    open: Vec<Open>,
}

struct Open {
    step: Step,
    /// The number of the next item of a list.
    next: u32,
}

impl Writer {
    fn part(&mut self, part: &Part<'_>, next: &[Step]) {
        let path = part.path();
        let common = self.open.iter().zip(path).take_while(|(open, step)| open.step == **step).count();
        self.close(common);
        let is_new = common < path.len();
        for step in &path[common..] {
            self.open(*step);
        }
        match part {
            Part::Block(paragraph) => {
                let is_part = path
                    .last()
                    .is_some_and(|step| matches!(step.kind, EnclosureKind::Item(_) | EnclosureKind::Term | EnclosureKind::Meaning));
                self.paragraph(paragraph, is_part && is_new && path != next);
            }
            Part::Table(table) => self.table(table),
            Part::Picture(picture) => self.picture(picture),
        }
    }

    fn open(&mut self, step: Step) {
        let next = match step.kind {
            EnclosureKind::Item(number) => {
                let list = self.open.last_mut();
                let expected = list.map_or(number, |list| std::mem::replace(&mut list.next, number.saturating_add(1)));
                let is_counted = self.open.last().is_some_and(|list| list.step.kind == EnclosureKind::Numbers);
                if is_counted && number != expected {
                    push_all(&mut self.out, &["<li value=\"", &number.to_string(), "\">"]);
                } else {
                    self.out.push_str("<li>");
                }
                0
            }
            kind => {
                self.out.push_str(match kind {
                    EnclosureKind::Quote => "<blockquote>\n",
                    EnclosureKind::Bullets => "<ul>\n",
                    EnclosureKind::Numbers => "<ol>\n",
                    EnclosureKind::Terms => "<dl>\n",
                    EnclosureKind::Term => "<dt>",
                    EnclosureKind::Meaning => "<dd>",
                    EnclosureKind::Code | EnclosureKind::Item(_) => "",
                });
                1
            }
        };
        self.open.push(Open { step, next });
    }

    fn close(&mut self, common: usize) {
        for open in self.open.drain(common..).rev() {
            self.out.push_str(match open.step.kind {
                EnclosureKind::Quote => "</blockquote>\n",
                EnclosureKind::Bullets => "</ul>\n",
                EnclosureKind::Numbers => "</ol>\n",
                EnclosureKind::Item(_) => "</li>\n",
                EnclosureKind::Terms => "</dl>\n",
                EnclosureKind::Term => "</dt>\n",
                EnclosureKind::Meaning => "</dd>\n",
                EnclosureKind::Code => "",
            });
        }
    }

    /// Writes a paragraph; one that is bare is all that its item has.
    fn paragraph(&mut self, paragraph: &Paragraph<'_>, is_bare: bool) {
        if paragraph.is_code() {
            let text: Vec<_> = paragraph.lines.iter().map(|line| super::story::whole(line)).collect();
            // A line end at the start of a listing would not count.
            self.out.push_str("<pre><code>");
            push_escaped(&mut self.out, &text.join("\n"));
            self.out.push_str("</code></pre>\n");
            return;
        }
        let level = paragraph.level.min(6);
        let (start, end) = match level {
            0 if is_bare => (String::new(), String::new()),
            0 => ("<p>".to_owned(), "</p>\n".to_owned()),
            level => (format!("<h{level}>"), format!("</h{level}>\n")),
        };
        self.out.push_str(&start);
        for (index, line) in paragraph.lines.iter().enumerate() {
            self.out.push_str(if index == 0 { "" } else { "<br>\n" });
            self.line(line, level);
        }
        self.out.push_str(&end);
    }

    fn line(&mut self, line: &[Stretch<'_>], level: u8) {
        let without = if level > 0 { Style::STRONG } else { Style::default() };
        for token in tokens(line, without) {
            match token {
                Token::Text(text) => push_escaped(&mut self.out, text),
                Token::Open(Mark::Link(target)) => push_all(&mut self.out, &["<a href=\"", &escaped(target.address), "\">"]),
                Token::Close(Mark::Link(_)) => self.out.push_str("</a>"),
                Token::Open(Mark::Style(style)) => push_all(&mut self.out, &["<", element(style), ">"]),
                Token::Close(Mark::Style(style)) => push_all(&mut self.out, &["</", element(style), ">"]),
            }
        }
    }

    fn table(&mut self, table: &Table<'_>) {
        self.out.push_str("<table>\n<tbody>\n");
        for (index, row) in table.rows.iter().enumerate() {
            let element = if index == 0 && table.has_header { "th" } else { "td" };
            self.out.push_str("<tr>");
            for cell in row {
                push_all(&mut self.out, &["<", element, ">"]);
                self.line(cell, 0);
                push_all(&mut self.out, &["</", element, ">"]);
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n");
    }

    fn picture(&mut self, picture: &Picture<'_>) {
        self.out.push_str("<figure>");
        if let Some(address) = picture.address {
            push_all(&mut self.out, &["<img src=\"", &escaped(address), "\" alt=\"", &escaped(picture.alt()), "\">"]);
        }
        if let Some(caption) = picture.caption {
            self.caption(caption, picture.address.is_none());
        }
        self.out.push_str("</figure>\n");
    }

    fn caption(&mut self, caption: &Caption, with_alt: bool) {
        let text = lines::one_line(if with_alt { lines::words(caption) } else { &caption.text });
        let credit = caption.credit.as_deref().map(lines::one_line).unwrap_or_default();
        if text.is_empty() && credit.is_empty() {
            return;
        }
        self.out.push_str("<figcaption>");
        push_escaped(&mut self.out, &text);
        if !credit.is_empty() {
            self.out.push_str(if text.is_empty() { "<cite>" } else { " <cite>" });
            push_escaped(&mut self.out, &credit);
            self.out.push_str("</cite>");
        }
        self.out.push_str("</figcaption>");
    }
}

fn element(style: Style) -> &'static str {
    match style {
        Style::STRONG => "strong",
        Style::EMPHASIS => "em",
        Style::STRUCK => "s",
        Style::ABOVE => "sup",
        Style::BELOW => "sub",
        _ => "code",
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}

fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A parser would make something else of it.
            '\r' => out.push('\n'),
            '\0' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
}

/// Appends parts one after the other.
fn push_all(out: &mut String, parts: &[&str]) {
    out.extend(parts.iter().copied());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::Engine;
    use crate::render::{CaptionPlace, Rich};

    const ALL: Rich = Rich { links: true, tables: true, images: true, captions: CaptionPlace::Inline };

    /// The page's own text stays whole, so that everything in it is written.
    fn html(page: &str) -> String {
        let engine = Engine::builder().builtin(false).guard(0.0).build().expect("there are no rules");
        engine.clean_html(page, Some("https://news.example/")).expect("it is short").to_html(&ALL)
    }

    #[test]
    fn nothing_that_runs_comes_out() {
        let story = "<p>The first ferry in eleven weeks left the harbour on Friday morning, with 212 passengers on board.</p>";
        let attacks = [
            "<script>alert(1)</script>",
            "<p onclick=alert(1)>Text with a handler.",
            "<a href='javascript:alert(1)'>link</a>",
            "<a href=' java&#10;script:alert(1)'>link</a>",
            "<a href='data:text/html,<script>alert(1)</script>'>link</a>",
            "<a href='vbscript:x'>link</a>",
            "<style>p { background: url(javascript:alert(1)) }</style>",
            "<p style='background:url(javascript:alert(1))'>Text with a style.",
            "<iframe src='https://evil.example'></iframe>",
            "<svg onload=alert(1)><script>alert(1)</script><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
            "<img src=x onerror=alert(1)>",
            "<figure><img src='javascript:alert(1)' alt='&quot;><script>alert(1)</script>'><figcaption>A <b onclick=x>pier</figcaption></figure>",
            "<textarea></textarea><script>alert(1)</script>",
            "<!--><script>alert(1)</script>-->",
            "<p>&lt;script&gt;alert(1)&lt;/script&gt; as text.",
            "<pre></pre><script>alert(1)</script></pre>",
            "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
            "<a href='https://x.example/\"onmouseover=alert(1)'>link</a>",
            "<form action='javascript:alert(1)'><input type=submit><button formaction='javascript:alert(1)'>go</button></form>",
            "<object data='x.swf'></object><embed src='x.swf'><base href='javascript:alert(1)//'>",
        ];
        for attack in attacks {
            let html = html(&format!("{story}{attack}{story}"));
            let tree = crate::html::Parser::default().parse(&html).expect("it is short");
            for id in tree.nodes().filter(|&id| tree.is_element(id)) {
                let name = tree.name(id);
                let is_ours = ELEMENTS.contains(&&*name) || matches!(&*name, "html" | "head" | "body");
                assert!(is_ours, "<{name}> from {attack}: {html}");
                for (attr, value) in tree.attrs(id) {
                    assert!(matches!(&*attr, "href" | "src" | "alt" | "lang" | "value" | "rel"), "{attr}={value} from {attack}");
                    let is_address = matches!(&*attr, "href" | "src");
                    assert!(
                        !is_address || ["https://", "http://"].iter().any(|scheme| value.starts_with(scheme)),
                        "{attr}={value} from {attack}"
                    );
                }
            }
            assert!(html.contains("212 passengers"), "{html}");
        }
    }

    #[test]
    fn elements_that_are_broken_are_whole_again() {
        let page = "<div><p>The first <b>ferry <i>in eleven</b> weeks left</i> the harbour on Friday morning.<table><tr><td>One<p>Two</div><li>Three</ul>";
        let html = html(page);
        assert!(html.contains("<strong>ferry <em>in eleven</em></strong> <em>weeks left</em> the harbour"), "{html}");
        assert_eq!(SANITISER.clean(&html).to_string(), html);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn what_is_clean_stays_as_it_is(pieces in prop::collection::vec(0..PIECES.len(), 1..40)) {
            let page: String = pieces.iter().map(|&piece| PIECES[piece]).collect();
            let html = html(&page);
            prop_assert_eq!(SANITISER.clean(&html).to_string(), html);
        }
    }

    const PIECES: &[&str] = &[
        "<p>",
        "</p>",
        "<ul>",
        "<ol start=7>",
        "<li>",
        "</li>",
        "</ul>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href='/x?a=1&b=2'>",
        "</a>",
        "<a href='javascript:x'>",
        "<h2>",
        "</h2>",
        "<table><tr>",
        "<td>",
        "<th>",
        "</table>",
        "<pre>",
        "</pre>",
        "<blockquote>",
        "</blockquote>",
        "<dl><dt>",
        "<dd>",
        "<script>x</script>",
        "<svg>",
        "</svg>",
        "<img src=a.jpg alt='a \" b'>",
        "<figure>",
        "</figure>",
        "<figcaption>",
        "words and more words ",
        "&lt;b&gt; ",
        "a & b ",
        "\u{a0}",
        "\u{0}",
        "\r\n",
        "\"quoted\" ",
        "<br>",
        "<code>",
        "</code>",
    ];
}
