//! Markdown from the parts of a story.

mod escape;
mod inline;

use super::lines;
use super::story::{Paragraph, Part, Picture, Step, Story, whole};
use super::table::Table;
use crate::article::{Article, Caption};
use crate::document::EnclosureKind;

pub(super) fn write(story: &Story<'_>, article: &Article<'_>) -> String {
    let out = String::with_capacity(article.text.len() * 9 / 8 + 64);
    let mut writer = Writer { out, open: Vec::new(), escapes: story.is_page };
    for part in &story.parts {
        match part {
            Part::Block(paragraph) => writer.paragraph(paragraph),
            Part::Table(table) => writer.table(table),
            Part::Picture(picture) => writer.picture(picture),
        }
    }
    if !story.at_end.is_empty() {
        let list: Vec<_> = story.at_end.iter().map(|caption| format!("- {}", writer.credited(caption))).collect();
        writer.block(&[], &list.join("\n"));
    }
    if !writer.out.is_empty() {
        writer.out.push('\n');
    }
    writer.out
}

struct Writer {
    out: String,
    open: Vec<Open>,
    /// What looks like Markdown in the text is text.
    escapes: bool,
}

/// An enclosure that is open.
struct Open {
    step: Step,
    /// What stands before each of its lines.
    prefix: String,
    /// The mark of a list: `-` or `*`, `.` or `)`.
    mark: char,
}

impl Writer {
    /// Writes lines of Markdown where they belong.
    fn block(&mut self, path: &[Step], text: &str) {
        let common = self.open.iter().zip(path).take_while(|(open, step)| open.step == **step).count();
        let is_tight = self.is_tight(&path[common..], common);
        let closed = self.open.get(common).map(|open| (open.step.kind, open.mark));
        self.open.truncate(common);
        let mut first = self.prefix();
        if !self.out.is_empty() {
            self.out.push('\n');
            if !is_tight {
                self.out.push_str(first.trim_end());
                self.out.push('\n');
            }
        }
        for (index, &step) in path[common..].iter().enumerate() {
            // Two lists side by side need different marks.
            let before = closed.filter(|&(kind, _)| index == 0 && kind == step.kind).map(|closed| closed.1);
            let (lead, open) = self.opened(step, before);
            first.push_str(&lead);
            self.open.push(open);
        }
        let rest = self.prefix();
        for (index, line) in text.split('\n').enumerate() {
            let prefix = match (index, line) {
                (0, _) => first.as_str(),
                (_, "") => rest.trim_end(),
                _ => rest.as_str(),
            };
            self.out.push_str(if index == 0 { "" } else { "\n" });
            self.out.push_str(prefix);
            self.out.push_str(line);
        }
    }

    /// Whether no blank line is needed: before the next item of a list, and before a list in an item that has text.
    fn is_tight(&self, new: &[Step], common: usize) -> bool {
        let in_list = common > 0 && self.open[common - 1].step.kind.is_list();
        let in_item = common > 0 && matches!(self.open[common - 1].step.kind, EnclosureKind::Item(_));
        match new {
            [Step { kind: EnclosureKind::Item(_), .. }, ..] => in_list,
            [Step { kind: EnclosureKind::Bullets, .. }, ..] => in_item && self.open.len() == common,
            // A list that does not begin with 1 would be read as more text of the paragraph.
            [Step { kind: EnclosureKind::Numbers, .. }, Step { kind: EnclosureKind::Item(1), .. }, ..] => {
                in_item && self.open.len() == common
            }
            _ => false,
        }
    }

    fn prefix(&self) -> String {
        self.open.iter().map(|open| open.prefix.as_str()).collect()
    }

    /// Opens an enclosure; returns what stands before its first line.
    fn opened(&self, step: Step, before: Option<char>) -> (String, Open) {
        let (lead, prefix, mark) = match step.kind {
            EnclosureKind::Quote => ("> ".to_owned(), "> ".to_owned(), ' '),
            EnclosureKind::Bullets => (String::new(), String::new(), if before == Some('-') { '*' } else { '-' }),
            EnclosureKind::Numbers => (String::new(), String::new(), if before == Some('.') { ')' } else { '.' }),
            EnclosureKind::Item(number) => {
                let lead = match self.open.last().map(|list| (list.step.kind, list.mark)) {
                    Some((EnclosureKind::Numbers, mark)) => format!("{number}{mark} "),
                    Some((_, mark)) => format!("{mark} "),
                    None => "- ".to_owned(),
                };
                let prefix = " ".repeat(lead.len());
                (lead, prefix, ' ')
            }
            EnclosureKind::Terms | EnclosureKind::Term | EnclosureKind::Meaning | EnclosureKind::Code => {
                (String::new(), String::new(), ' ')
            }
        };
        (lead, Open { step, prefix, mark })
    }

    fn paragraph(&mut self, paragraph: &Paragraph<'_>) {
        if paragraph.is_code() {
            let text = paragraph.lines.iter().map(|line| whole(line)).collect::<Vec<_>>().join("\n");
            self.block(&paragraph.path, &listing(&text));
            return;
        }
        if !self.escapes {
            let lines: Vec<_> = paragraph.lines.iter().map(|line| whole(line)).collect();
            let text = lines.join("\n");
            let text = if paragraph.level > 0 { format!("# {text}") } else { text };
            self.block(&paragraph.path, &text);
            return;
        }
        let level = usize::from(paragraph.level.min(6));
        let is_term = paragraph.path.last().is_some_and(|step| step.kind == EnclosureKind::Term);
        let lines = paragraph.lines.iter().map(|line| inline::line(line, inline::Place { in_heading: level > 0, in_cell: false, is_term }));
        let text = if level > 0 {
            let text = lines.collect::<Vec<_>>().join(" ");
            format!("{} {}", "#".repeat(level), escape::heading(&text))
        } else {
            lines.map(|line| escape::line_start(&line)).collect::<Vec<_>>().join("\\\n")
        };
        self.block(&paragraph.path, &text);
    }

    fn table(&mut self, table: &Table<'_>) {
        let columns = table.rows.first().map_or(0, Vec::len);
        let place = inline::Place { in_heading: false, in_cell: true, is_term: false };
        let mut rows: Vec<String> = table
            .rows
            .iter()
            .map(|row| format!("| {} |", row.iter().map(|cell| inline::line(cell, place)).collect::<Vec<_>>().join(" | ")))
            .collect();
        let headless = (!table.has_header).then(|| format!("|{}", "  |".repeat(columns)));
        let at = usize::from(table.has_header);
        rows.insert(at, format!("|{}", " --- |".repeat(columns)));
        rows.splice(0..0, headless);
        self.block(&table.path, &rows.join("\n"));
    }

    fn picture(&mut self, picture: &Picture<'_>) {
        if let Some(address) = picture.address {
            let alt = escape::text(&lines::one_line(picture.alt()));
            self.block(&[], &format!("![{alt}]({})", escape::address(address, false)));
        }
        if let Some(caption) = picture.caption {
            let has_text = picture.address.is_none() || !caption.text.is_empty() || caption.credit.is_some();
            let text = if has_text { self.quoted(caption, picture.address.is_none()) } else { String::new() };
            if !text.is_empty() {
                self.block(&[], &format!("> {text}"));
            }
        }
    }

    fn credited(&self, caption: &Caption) -> String {
        self.quoted(caption, true)
    }

    /// `A man waves a flag. — *AAP*`
    fn quoted(&self, caption: &Caption, with_alt: bool) -> String {
        let text = lines::one_line(if with_alt { lines::words(caption) } else { &caption.text });
        let credit = caption.credit.as_deref().map(lines::one_line);
        let (text, credit) = if self.escapes {
            (escape::line_start(&escape::text(&text)), credit.map(|credit| escape::text(&credit)))
        } else {
            (text, credit)
        };
        match credit {
            Some(credit) if text.is_empty() => format!("*{credit}*"),
            Some(credit) => format!("{text} — *{credit}*"),
            None => text,
        }
    }
}

/// A listing between two fences that are longer than anything like them in it.
fn listing(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}", text.replace("\r\n", "\n").replace('\r', "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::made::{article, caption};
    use crate::render::{CaptionPlace, Rich};

    fn markdown(article: &Article<'_>, captions: CaptionPlace) -> String {
        article.to_markdown(&Rich { captions, ..Rich::default() })
    }

    #[test]
    fn markdown_has_the_title_as_heading_and_captions_as_quotations() {
        let story = article("The é title\n\nOne.\nTwo.\n", vec![caption("A\nflag.", "AAP", 18), caption("", "Reuters", 99)]);
        assert_eq!(markdown(&story, CaptionPlace::Data), "# The é title\n\nOne.\n\nTwo.\n");
        let expected = "# The é title\n\nOne.\n\n> A flag. — *AAP*\n\nTwo.\n\n> *Reuters*\n";
        assert_eq!(markdown(&story, CaptionPlace::Inline), expected);
        let expected = "# The é title\n\nOne.\n\nTwo.\n\n- A flag. — *AAP*\n- *Reuters*\n";
        assert_eq!(markdown(&story, CaptionPlace::End), expected);
    }

    #[test]
    fn wrapped_lines_stay_one_paragraph_of_markdown() {
        let paragraph = "The vote was close, the office said on Friday, and the count will\n\
            go on until the last of the postal ballots has been opened by the\nclerks and their many helpers.";
        let wrapped = [paragraph; 3].join("\n\n") + "\n";
        assert_eq!(markdown(&article(&wrapped, Vec::new()), CaptionPlace::Data), wrapped);
    }
}
