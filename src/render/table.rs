//! Tables: rows and cells from the blocks that stand in them.

use std::ops::Range;

use super::story::{Paragraph, Part, Step, Stretch, whole};

/// A table; all rows have as many cells.
pub(super) struct Table<'a> {
    pub(super) path: Vec<Step>,
    /// The first row has nothing but headers.
    pub(super) has_header: bool,
    pub(super) rows: Vec<Vec<Vec<Stretch<'a>>>>,
}

/// Makes tables of the blocks that stand in rows. A table that lays out the page, with several blocks in a cell, stays the blocks that it is.
pub(super) fn gather(parts: Vec<Part<'_>>) -> Vec<Part<'_>> {
    let mut gathered = Vec::with_capacity(parts.len());
    let mut rows: Vec<Paragraph<'_>> = Vec::new();
    for part in parts {
        match part {
            Part::Block(block) if is_in_row(&block) => {
                if rows.last().is_some_and(|last| !is_of_one_table(last, &block)) {
                    finish(&mut rows, &mut gathered);
                }
                rows.push(block);
            }
            part => {
                finish(&mut rows, &mut gathered);
                gathered.push(part);
            }
        }
    }
    finish(&mut rows, &mut gathered);
    gathered
}

fn is_in_row(block: &Paragraph<'_>) -> bool {
    block.level == 0 && !block.is_code() && block.cells.as_ref().is_some_and(|cells| !cells.cells.is_empty())
}

fn is_of_one_table(one: &Paragraph<'_>, other: &Paragraph<'_>) -> bool {
    let table = |block: &Paragraph<'_>| block.cells.as_ref().map(|cells| cells.table);
    table(one) == table(other) && one.path == other.path
}

/// Adds the blocks as a table if they are one.
fn finish<'a>(blocks: &mut Vec<Paragraph<'a>>, gathered: &mut Vec<Part<'a>>) {
    match table(blocks) {
        Some(table) => gathered.push(Part::Table(table)),
        None => gathered.extend(blocks.drain(..).map(Part::Block)),
    }
    blocks.clear();
}

/// A table has two rows and two columns at least, and no cell with two blocks.
fn table<'a>(blocks: &[Paragraph<'a>]) -> Option<Table<'a>> {
    let cells = || blocks.iter().filter_map(|block| block.cells.as_ref());
    let columns = cells().flat_map(|row| &row.cells).map(|(_, cell)| usize::from(cell.column) + 1).max()?;
    let mut rows: Vec<Vec<Vec<Stretch<'a>>>> = Vec::new();
    let mut last = None;
    let mut has_header = true;
    for block in blocks {
        let place = block.cells.as_ref()?;
        if last.replace(place.row) != Some(place.row) {
            rows.push(vec![Vec::new(); columns]);
        }
        let is_first = rows.len() == 1;
        let row = rows.last_mut()?;
        for (range, cell) in &place.cells {
            let target = &mut row[usize::from(cell.column)];
            if !target.is_empty() {
                return None;
            }
            *target = block.lines.iter().flat_map(|line| part_of(line, range)).collect();
            has_header &= cell.is_header || !is_first;
        }
        // Text of a row that is in no cell has no place in a table.
        let in_cells: usize = place.cells.iter().map(|(range, _)| range.len()).sum();
        let text: String = block.lines.iter().map(|line| whole(line)).collect();
        let gaps = text.len().saturating_sub(in_cells);
        if gaps > text.chars().filter(|c| c.is_whitespace()).map(char::len_utf8).sum() {
            return None;
        }
    }
    let first = blocks.first()?;
    (rows.len() >= 2 && columns >= 2).then(|| Table { path: first.path.clone(), has_header, rows })
}

/// The part of a line between two bytes.
fn part_of<'a>(line: &[Stretch<'a>], range: &Range<usize>) -> Vec<Stretch<'a>> {
    let mut at = 0;
    let mut part = Vec::new();
    for stretch in line {
        let (start, end) = (range.start.max(at), range.end.min(at + stretch.text.len()));
        if start < end {
            part.push(Stretch { text: &stretch.text[start - at..end - at], ..*stretch });
        }
        at += stretch.text.len();
    }
    part
}
