//! Results as a table: a line of names, then a line for each article.
//!
//! The columns of a table are fixed before its first line is written: those of the input, then those that copydesk adds. Cells
//! hold strings as they are; lists, such as `captions`, as JSON. Fields of records that have no column are kept together, as one
//! object of JSON, in the last column.

use std::collections::{BTreeMap, BTreeSet};

use super::json::scan::{self, Field};
use super::json::string::unescape;
use super::write::Shared;

/// Columns that copydesk adds behind those of its [shared](Shared) fields.
const LAST: [&str; 3] = ["captions", "status", "error"];
/// What stands in every result and says nothing of the article.
const PASSED_OVER: [&str; 2] = ["schema", "copydesk"];
/// The column for all that has none.
const OTHER: &str = "other_fields";

/// The columns of a table and what stands between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    columns: Vec<String>,
    /// Where each stands.
    places: BTreeMap<String, usize>,
    delimiter: u8,
}

impl Table {
    /// A table with the columns of an input, of which `consumed` are not passed on, and ours.
    pub(super) fn new(input: &[String], consumed: &[&str], delimiter: u8) -> Self {
        let taken = |name: &str| consumed.contains(&name) || PASSED_OVER.contains(&name) || name == OTHER;
        let mut columns: Vec<String> = Vec::new();
        let text = std::iter::once("text");
        for name in input.iter().map(String::as_str) {
            // The cleaned text stands where the text stood.
            let names = if taken(name) { text.clone().collect() } else { vec![name] };
            columns.extend(names.into_iter().map(str::to_owned));
        }
        columns.extend(Shared::names_and_text().chain(LAST).chain([OTHER]).map(str::to_owned));
        let mut seen = BTreeSet::new();
        columns.retain(|name| seen.insert(name.clone()));
        Self::of(columns, delimiter)
    }

    fn of(columns: Vec<String>, delimiter: u8) -> Self {
        let places = columns.iter().cloned().enumerate().map(|(place, name)| (name, place)).collect();
        Self { columns, places, delimiter }
    }

    /// The line of names.
    pub(super) fn head(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.line(&self.columns.iter().map(String::as_bytes).collect::<Vec<_>>(), &mut out);
        out
    }

    /// Appends the line of a result, which is given as a line of JSON.
    pub(super) fn write(&self, json: &str, out: &mut Vec<u8>) {
        let mut fields = Vec::new();
        if scan::object(json, &mut fields, &mut Vec::new()).is_err() {
            debug_assert!(false, "what is written is JSON");
            return;
        }
        let mut cells = vec![Vec::new(); self.columns.len()];
        let mut other = String::new();
        for field in &fields {
            let name = name_of(json, field);
            match self.places.get(&name) {
                Some(&column) => cells[column] = cell(&json[field.value.clone()]),
                None if PASSED_OVER.contains(&name.as_str()) => {}
                None => {
                    other.push(if other.is_empty() { '{' } else { ',' });
                    other.push_str(&json[field.whole()]);
                }
            }
        }
        if !other.is_empty() {
            other.push('}');
            cells[self.columns.len() - 1] = other.into_bytes();
        }
        self.line(&cells, out);
    }

    fn line(&self, cells: &[impl AsRef<[u8]>], out: &mut Vec<u8>) {
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                out.push(self.delimiter);
            }
            self.cell(cell.as_ref(), out);
        }
        out.push(b'\n');
    }

    fn cell(&self, cell: &[u8], out: &mut Vec<u8>) {
        let special = |byte: &u8| *byte == self.delimiter || matches!(byte, b'"' | b'\r' | b'\n');
        if !cell.iter().any(special) {
            out.extend_from_slice(cell);
            return;
        }
        out.push(b'"');
        for &byte in cell {
            out.extend_from_slice(if byte == b'"' { b"\"\"" } else { std::slice::from_ref(&byte) });
        }
        out.push(b'"');
    }
}

fn name_of(json: &str, field: &Field) -> String {
    let raw = &json[field.name.clone()];
    let mut name = String::new();
    unescape(raw, &mut name);
    name
}

/// A value as it stands in a cell.
fn cell(value: &str) -> Vec<u8> {
    match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
        Some(inside) => {
            let mut text = String::with_capacity(inside.len());
            unescape(inside, &mut text);
            text.into_bytes()
        }
        None if value == "null" => Vec::new(),
        None => value.as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_the_input_come_first_and_the_text_stands_where_it_stood() {
        let input = ["nr", "body", "id"].map(str::to_owned);
        let head = String::from_utf8(Table::new(&input, &["body"], b',').head()).unwrap();
        let expected = "nr,text,id,url,title,language,authors,date_published,date_modified,page_kind,site_name,canonical_url,image,description,tags,\
            agency,dateline,timestamps,captions,status,error,other_fields\n";
        assert_eq!(head, expected);
    }

    #[test]
    fn cells_are_quoted_where_they_must_be_and_nothing_is_lost() {
        let table = Table::of(["id", "text", "captions", OTHER].map(str::to_owned).to_vec(), b',');
        let mut out = Vec::new();
        let json = r#"{"schema":"x","id":null,"text":"a, \"b\"\nc","captions":[1,2],"n" : 1.50,"copydesk":{}}"#;
        table.write(json, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), ",\"a, \"\"b\"\"\nc\",\"[1,2]\",\"{\"\"n\"\" : 1.50}\"\n");
    }
}
