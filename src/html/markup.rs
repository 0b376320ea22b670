//! Markup: what the blocks of a page look like, noted beside their text.
//!
//! One walk over the nodes goes along with the text that [`Blocks`] took from them. Inline elements (`em`, `strong`, `code`, `a`, ...) that
//! are open where a piece of text begins are its style. What blocks stand in (lists, items, quotations, listings, rows of tables)
//! comes from the boxes of [`Blocks`]. Both are linear in the page, and neither goes deeper than [`DEEPEST`].

use url::Url;

use super::blocks::{BlockKind, Blocks, PageBlock};
use super::names::{Attr, Tag};
use super::tree::{NodeId, Tree};
use crate::document::{Cell, EnclosureKind, Markup, Run, Style};

/// How deep lists, quotations and the like may stand in each other; what is deeper stands at this depth.
const DEEPEST: u8 = 16;

/// Most columns of a table; what stands further right is in the last one.
const MOST_COLUMNS: u16 = 64;

/// Reads the markup of all blocks of a page. Addresses of links are resolved against `base`; without one, only whole ones count.
pub(super) fn read(tree: &Tree<'_>, blocks: &Blocks, base: Option<&Url>) -> Markup {
    let mut markup = Markup::default();
    let homes = Homes::read(tree, blocks, &mut markup);
    let mut walk = Walk { tree, base, markup, homes, open: Vec::new(), rows: Vec::new(), cells: Vec::new() };
    let mut id = NodeId::ROOT;
    let mut pieces = blocks.pieces().iter().peekable();
    for block in blocks.list() {
        let shape = walk.homes.of(block, &mut walk.markup);
        let mut is_new = true;
        while let Some(piece) = pieces.next_if(|piece| piece.span.start < block.span.end) {
            walk.go(&mut id, piece.node);
            if std::mem::take(&mut is_new) {
                let row = walk.rows.last().map(|row| (row.table.0, row.id.0));
                let level = if let BlockKind::Heading(level) = block.kind { level } else { 0 };
                walk.markup.add(level, shape, row);
            }
            let start = piece.span.start.max(block.span.start);
            let text = &blocks.text()[start..piece.span.end.min(block.span.end).max(start)];
            let from = start - block.span.start + (text.len() - text.trim_start().len());
            walk.note(from as u32, (from + text.trim().len()) as u32);
        }
        if is_new {
            walk.markup.add(0, shape, None);
        }
    }
    walk.markup
}

/// Which enclosure each box is, or stands in.
struct Homes {
    of_box: Vec<Option<Home>>,
}

#[derive(Clone, Copy)]
struct Home {
    enclosure: u32,
    depth: u8,
}

impl Homes {
    fn read(tree: &Tree<'_>, blocks: &Blocks, markup: &mut Markup) -> Self {
        let boxes = blocks.boxes();
        let mut homes = Self { of_box: Vec::with_capacity(boxes.len()) };
        let mut counters = Counters::default();
        for (index, page_box) in boxes.iter().enumerate() {
            let outer = if index == 0 { None } else { homes.of_box[page_box.parent as usize] };
            let outer_kind = outer.map(|home| markup.enclosures[home.enclosure as usize].kind);
            let kind = match page_box.tag {
                Tag::Blockquote => Some(EnclosureKind::Quote),
                Tag::Ul | Tag::Menu | Tag::Dir => Some(EnclosureKind::Bullets),
                Tag::Ol => Some(EnclosureKind::Numbers),
                Tag::Li if outer_kind.is_some_and(EnclosureKind::is_list) => Some(EnclosureKind::Item(0)),
                Tag::Dl => Some(EnclosureKind::Terms),
                Tag::Dt if outer_kind == Some(EnclosureKind::Terms) => Some(EnclosureKind::Term),
                Tag::Dd if outer_kind == Some(EnclosureKind::Terms) => Some(EnclosureKind::Meaning),
                Tag::Pre | Tag::Listing | Tag::Xmp | Tag::Plaintext if outer_kind != Some(EnclosureKind::Code) => Some(EnclosureKind::Code),
                _ => None,
            };
            // In a listing all is listing.
            let kind = kind.filter(|_| outer_kind != Some(EnclosureKind::Code));
            let home = kind.map_or(outer, |kind| counters.open(tree, page_box.node, kind, outer, markup));
            homes.of_box.push(home);
        }
        homes
    }

    /// The enclosure of a block.
    fn of(&self, block: &PageBlock, markup: &mut Markup) -> Option<u32> {
        let home = self.of_box.get(block.inside as usize).copied().flatten()?;
        let kind = markup.enclosures[home.enclosure as usize].kind;
        // Text straight in a list is an item of its own.
        Some(if kind.is_list() { markup.enclose(EnclosureKind::Item(1), Some(home.enclosure)) } else { home.enclosure })
    }
}

/// Counts the items of lists.
#[derive(Default)]
struct Counters {
    /// By list: the number of its next item, and its last one.
    lists: std::collections::BTreeMap<u32, (u32, Option<u32>)>,
}

impl Counters {
    fn open(&mut self, tree: &Tree<'_>, node: NodeId, kind: EnclosureKind, outer: Option<Home>, markup: &mut Markup) -> Option<Home> {
        let depth = outer.map_or(0, |home| home.depth);
        let is_part = matches!(kind, EnclosureKind::Item(_) | EnclosureKind::Term | EnclosureKind::Meaning);
        if depth >= DEEPEST && !is_part {
            return outer;
        }
        let mut parent = outer.map(|home| home.enclosure);
        let number = |name| tree.attr(node, name).and_then(|value| value.trim().parse::<u32>().ok()).filter(|&n| n < 100_000_000);
        let kind = match (kind, parent) {
            (EnclosureKind::Item(_), Some(list)) => EnclosureKind::Item(self.next(list, number(Attr::Value))),
            (kind, Some(list)) if !is_part && markup.enclosures[list as usize].kind.is_list() => {
                // A list straight in a list belongs to the item before it.
                parent = Some(self.last_item(list, markup));
                kind
            }
            (kind, _) => kind,
        };
        let enclosure = markup.enclose(kind, parent);
        match kind {
            EnclosureKind::Bullets | EnclosureKind::Numbers => {
                self.lists.insert(enclosure, (number(Attr::Start).unwrap_or(1), None));
            }
            EnclosureKind::Item(_) => self.lists.entry(parent.unwrap_or_default()).or_default().1 = Some(enclosure),
            _ => {}
        }
        Some(Home { enclosure, depth: depth + u8::from(!is_part) })
    }

    fn next(&mut self, list: u32, own: Option<u32>) -> u32 {
        let counter = self.lists.entry(list).or_default();
        let number = own.unwrap_or(counter.0);
        counter.0 = number.saturating_add(1).min(999_999_999);
        number
    }

    fn last_item(&mut self, list: u32, markup: &mut Markup) -> u32 {
        let counter = self.lists.entry(list).or_default();
        *counter.1.get_or_insert_with(|| markup.enclose(EnclosureKind::Item(1), Some(list)))
    }
}

/// An inline element that is open.
struct Open {
    end: NodeId,
    style: Style,
    link: Option<u32>,
}

struct Row {
    end: NodeId,
    id: NodeId,
    table: NodeId,
    next_column: u16,
}

struct OpenCell {
    end: NodeId,
    column: u16,
    is_header: bool,
}

struct Walk<'w, 's> {
    tree: &'w Tree<'s>,
    base: Option<&'w Url>,
    markup: Markup,
    homes: Homes,
    open: Vec<Open>,
    rows: Vec<Row>,
    cells: Vec<OpenCell>,
}

impl Walk<'_, '_> {
    /// Goes on up to a text node; what it has gone into is open.
    fn go(&mut self, id: &mut NodeId, node: NodeId) {
        while *id < node {
            if self.tree.is_element(*id) {
                self.close(*id);
                self.element(*id);
            }
            *id = id.next();
        }
        self.close(node);
    }

    fn close(&mut self, id: NodeId) {
        while self.open.pop_if(|open| open.end <= id).is_some() {}
        while self.rows.pop_if(|row| row.end <= id).is_some() {}
        while self.cells.pop_if(|cell| cell.end <= id).is_some() {}
    }

    fn element(&mut self, id: NodeId) {
        let tag = self.tree.tag(id);
        let end = self.tree.end(id);
        match tag {
            Tag::Tr => {
                let table = self.tree.ancestors(id).take(4).find(|&up| self.tree.tag(up) == Tag::Table).unwrap_or(id);
                self.rows.push(Row { end, id, table, next_column: 0 });
            }
            Tag::Td | Tag::Th => self.cell(id, tag == Tag::Th),
            Tag::A => {
                if let Some(address) = self.tree.attr(id, Attr::Href).and_then(|address| self.address(&address)) {
                    let link = self.markup.links.len() as u32;
                    self.markup.links.push(address);
                    self.push(end, Style::default(), Some(link));
                }
            }
            _ => {
                if let Some(style) = style_of(tag) {
                    self.push(end, style, None);
                }
            }
        }
    }

    fn push(&mut self, end: NodeId, style: Style, link: Option<u32>) {
        let outer = self.open.last();
        let style = outer.map_or(style, |outer| outer.style.with(style));
        let link = link.or_else(|| outer.and_then(|outer| outer.link));
        self.open.push(Open { end, style, link });
    }

    fn cell(&mut self, id: NodeId, is_header: bool) {
        let end = self.tree.end(id);
        let Some(row) = self.rows.last_mut() else { return };
        let width = self.tree.attr(id, Attr::Colspan).and_then(|width| width.trim().parse::<u16>().ok()).unwrap_or(1).max(1);
        let column = row.next_column.min(MOST_COLUMNS - 1);
        row.next_column = column.saturating_add(width);
        self.cells.push(OpenCell { end, column, is_header });
    }

    /// Notes how a stretch of the last block looks.
    fn note(&mut self, start: u32, end: u32) {
        if start >= end {
            return;
        }
        if let Some(open) = self.open.last() {
            self.markup.add_run(Run { start, end, style: open.style, link: open.link });
        }
        if let Some(cell) = self.cells.last() {
            self.markup.add_cell(Cell { start, end, column: cell.column, is_header: cell.is_header });
        }
    }

    /// The whole address of a link that leads somewhere a reader can go.
    fn address(&self, address: &str) -> Option<String> {
        let address = address.trim();
        let url = match self.base {
            Some(base) => base.join(address).ok()?,
            None => Url::parse(address).ok()?,
        };
        matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.into())
    }
}

fn style_of(tag: Tag) -> Option<Style> {
    Some(match tag {
        Tag::B | Tag::Strong => Style::STRONG,
        Tag::Em | Tag::I | Tag::Cite | Tag::Dfn | Tag::Var => Style::EMPHASIS,
        Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt => Style::CODE,
        Tag::S | Tag::Strike | Tag::Del => Style::STRUCK,
        Tag::Sup => Style::ABOVE,
        Tag::Sub => Style::BELOW,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Parser;

    /// Each block: its level, what it stands in, its runs and its cells.
    fn read_page(page: &str) -> Vec<String> {
        let tree = Parser::default().parse(page).expect("it is short");
        let mut blocks = Blocks::default();
        blocks.note_pieces(true);
        blocks.read(&tree);
        let base = Url::parse("https://news.example/a/").expect("it is one");
        let mut markup = read(&tree, &blocks, Some(&base));
        let block = |block: &PageBlock| crate::document::Block {
            span: block.span,
            paragraph: block.container,
            standing: crate::document::Standing::Story,
        };
        let document: Vec<_> = blocks.list().iter().map(block).collect();
        let origins: Vec<_> = (0..document.len()).map(Some).collect();
        markup.arrange(&document, &origins, &[]);
        #[expect(clippy::format_push_string, reason = "a test reads better so")]
        let described = |block: &crate::document::MarkedBlock| {
            let text = block.span.of(blocks.text());
            let shape = markup.shape(block).expect("every block has one");
            let mut around: Vec<_> = markup.around(shape).map(|(_, kind)| format!("{kind:?}")).collect();
            around.reverse();
            let mut described =
                format!("{}{}: {text}", around.join(" "), if shape.level > 0 { "#".repeat(shape.level.into()) } else { String::new() });
            for run in markup.runs(shape) {
                let link = run.link.map_or("", |link| &markup.links[link as usize]);
                described += &format!(" [{} {}{link}]", &text[run.start as usize..run.end as usize], run.style.0);
            }
            for cell in markup.cells(shape) {
                described += &format!(
                    " |{} {}{}",
                    cell.column,
                    &text[cell.start as usize..cell.end as usize],
                    if cell.is_header { "!" } else { "" }
                );
            }
            described
        };
        markup.blocks.iter().map(described).collect()
    }

    #[test]
    fn lists_have_their_items_counted_and_nested() {
        let page = "<ol start=3><li>a<ul><li>b</ul><li>c<li value=9>d</ol><ul>e<ul><li>f</ul></ul><li>g</li>";
        let expected = [
            "Numbers Item(3): a",
            "Numbers Item(3) Bullets Item(1): b",
            "Numbers Item(4): c",
            "Numbers Item(9): d",
            "Bullets Item(1): e",
            "Bullets Item(1) Bullets Item(1): f",
            ": g",
        ];
        assert_eq!(read_page(page), expected);
    }

    #[test]
    fn inline_elements_are_runs_of_what_they_show() {
        let page = "<p>a <b> b <i>c</i></b>d <a href=../x>e <em>f</em></a> <a href='javascript:x'>g</a><h2><code>h</code>";
        assert_eq!(
            read_page(page),
            [": a b cd e f g [b 1] [c 3] [e 0https://news.example/x] [f 2https://news.example/x]", "##: h [h 32]",]
        );
    }

    #[test]
    fn what_is_marked_up_over_several_blocks_is_so_in_each() {
        assert_eq!(read_page("<b><p>a</p><p>b"), [": a [a 1]", ": b [b 1]"]);
    }

    #[test]
    fn cells_know_their_columns() {
        let page = "<table><tr><th>a<th>b<th>c<tr><td><td colspan=2>d e<tr><td><p>f</p><td><p>g</table>";
        assert_eq!(read_page(page), [": a\tb\tc |0 a! |1 b! |2 c!", ": d e |1 d e", ": f |0 f", ": g |1 g"]);
    }

    #[test]
    fn quotations_listings_and_terms_are_enclosures() {
        let page = "<blockquote><p>a<ul><li>b</ul></blockquote><pre>c\n<b>d</b></pre><dl><dt>e<dd>f</dl>";
        let expected = ["Quote: a", "Quote Bullets Item(1): b", "Code: c\nd [d 1]", "Terms Term: e", "Terms Meaning: f"];
        assert_eq!(read_page(page), expected);
    }

    #[test]
    fn what_is_nested_without_end_is_flat_in_the_end() {
        let page = format!("{}x", "<ul><li>".repeat(10_000));
        let described = read_page(&page).remove(0);
        assert_eq!(described.matches("Bullets").count(), usize::from(DEEPEST));
        assert!(described.ends_with(": x"));
    }
}
