//! HTML from the parts of a story: a short list of elements, then a sanitiser.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::emphasis::{Mark, Token, tokens};
use super::story::{Paragraph, Part, Picture, Step, Story, Stretch};
use super::table::Table;
use super::{Rich, lines};
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
pub(super) fn write(story: &Story<'_>, article: &Article<'_>, _: &Rich) -> String {
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
                    self.out.push_str(&format!("<li value=\"{number}\">"));
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
                Token::Open(Mark::Link(link)) => self.out.push_str(&format!("<a href=\"{}\">", escaped(link.address))),
                Token::Close(Mark::Link(_)) => self.out.push_str("</a>"),
                Token::Open(Mark::Style(style)) => self.out.push_str(&format!("<{}>", element(style))),
                Token::Close(Mark::Style(style)) => self.out.push_str(&format!("</{}>", element(style))),
            }
        }
    }

    fn table(&mut self, table: &Table<'_>) {
        self.out.push_str("<table>\n<tbody>\n");
        for (index, row) in table.rows.iter().enumerate() {
            let element = if index == 0 && table.has_header { "th" } else { "td" };
            self.out.push_str("<tr>");
            for cell in row {
                self.out.push_str(&format!("<{element}>"));
                self.line(cell, 0);
                self.out.push_str(&format!("</{element}>"));
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n");
    }

    fn picture(&mut self, picture: &Picture<'_>) {
        self.out.push_str("<figure>");
        if let Some(address) = picture.address {
            self.out.push_str(&format!("<img src=\"{}\" alt=\"{}\">", escaped(address), escaped(picture.alt())));
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
