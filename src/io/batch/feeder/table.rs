//! Tables: each line after the first is a record whose fields have the names of the first line.

use std::io::{self, Read};
use std::sync::Arc;

use csv::ByteRecord;

use super::{Feeder, Halt, Input};
use crate::io::job::{Body, Fields, Raw};
use crate::io::problem::ProblemKind;

/// Bytes of the first line that are looked at for semicolons.
const SAMPLE: usize = 4096;

impl Feeder {
    /// Makes records of the lines of a table; without a `delimiter` it is a comma or, where the first line has more of them, a
    /// semicolon.
    pub(super) fn table(&mut self, input: &Arc<Input>, reader: &mut dyn Read, delimiter: Option<u8>) -> Result<(), Halt> {
        let skipped = self.position.records;
        self.position.records = 0;
        let mut head = Vec::new();
        (&mut *reader).take(SAMPLE as u64).read_to_end(&mut head)?;
        let delimiter = delimiter.unwrap_or_else(|| delimiter_of(&head));
        let left = std::rc::Rc::new(std::cell::Cell::new(0));
        let guard = Guard { reader: io::Cursor::new(head).chain(reader), left: std::rc::Rc::clone(&left) };
        let mut table = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(guard);
        let mut line = ByteRecord::new();
        let mut names: Vec<String> = Vec::new();
        loop {
            left.set(self.limits.record);
            if !table.read_byte_record(&mut line).map_err(plain)? {
                return Ok(());
            }
            if names.is_empty() {
                names = line.iter().enumerate().map(|(index, name)| name_of(index, name)).collect();
                continue;
            }
            self.position.records += 1;
            if self.position.records > skipped {
                let number = line.position().map_or(self.position.records + 1, csv::Position::line);
                self.add(input, raw(&names, &line, number))?;
            }
        }
    }
}

/// The names in the first line of a table.
pub(in crate::io::batch) fn names(head: &[u8], delimiter: Option<u8>) -> Vec<String> {
    let delimiter = delimiter.unwrap_or_else(|| delimiter_of(head));
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(head);
    let mut line = ByteRecord::new();
    match table.read_byte_record(&mut line) {
        Ok(true) => line.iter().enumerate().map(|(index, name)| name_of(index, name)).collect(),
        _ => Vec::new(),
    }
}

fn raw(names: &[String], line: &ByteRecord, number: u64) -> Raw {
    let mut fields = Fields::default();
    for (name, cell) in names.iter().zip(line) {
        fields.text(name, &String::from_utf8_lossy(cell));
    }
    let wrong = line.len() != names.len();
    let body = if wrong { Body::Failed(ProblemKind::Cells { cells: line.len(), columns: names.len() }) } else { Body::Field };
    Raw { number: Some(number), fields: fields.finish(), body }
}

fn name_of(index: usize, name: &[u8]) -> String {
    let name = if index == 0 { name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name) } else { name };
    String::from_utf8_lossy(name).into_owned()
}

fn delimiter_of(head: &[u8]) -> u8 {
    let line = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())];
    let count = |mark: u8| memchr::memchr_iter(mark, line).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}

fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::new(io::ErrorKind::InvalidData, "not a table"),
    }
}

/// Gives out no more for one record than it may have: a quotation mark that is never closed would make one of all that follows.
struct Guard<R> {
    reader: R,
    left: std::rc::Rc<std::cell::Cell<usize>>,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a record is longer than allowed (--max-record); is a quotation mark not closed?",
            ));
        }
        let read = self.reader.read(buffer)?;
        self.left.set(self.left.get().saturating_sub(read));
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_are_seen() {
        assert_eq!((delimiter_of(b"a;b,c;d\n,,,,,"), delimiter_of(b"a,b"), delimiter_of(b"")), (b';', b',', b','));
    }

    #[test]
    fn cells_become_fields() {
        let names = vec!["id".to_owned(), "te\"xt".to_owned()];
        let raw = raw(&names, &ByteRecord::from(vec!["1", "a\nb"]), 2);
        assert_eq!(String::from_utf8(raw.fields).unwrap(), r#"{"id":"1","te\"xt":"a\nb"}"#);
    }
}
