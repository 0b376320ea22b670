//! Objects of JSON in an array, or one after the other, over any number of lines.

use std::io::Read;
use std::sync::Arc;

use super::{Feeder, Halt, Input, PIECE, read_some};
use crate::io::job::{Body, Raw};
use crate::io::problem::ProblemKind;

impl Feeder {
    /// Cuts a stream into objects. Whether they are JSON is found out by who reads them; here only strings and brackets count.
    pub(super) fn values(&mut self, input: &Arc<Input>, reader: &mut dyn Read) -> Result<(), Halt> {
        let skipped = self.position.records;
        self.position.records = 0;
        let mut splitter = Splitter::new(self.limits.record);
        let mut block = Vec::new();
        loop {
            block.clear();
            if read_some(reader, &mut block, PIECE)? == 0 {
                break;
            }
            let mut at = 0;
            while let Some(found) = splitter.next(&block, &mut at) {
                self.position.records += 1;
                if self.position.records > skipped {
                    self.add(input, raw(found, self.position.records, self.limits.record))?;
                }
            }
            if input.source.is_stdin() {
                // Somebody may be waiting at the other end of a pipe.
                self.flush(input)?;
            }
        }
        if let Some(found) = splitter.finish() {
            self.position.records += 1;
            self.add(input, raw(found, self.position.records, self.limits.record))?;
        }
        Ok(())
    }
}

fn raw(found: Found, number: u64, limit: usize) -> Raw {
    let (fields, body) = match found {
        Found::Object(bytes) => (bytes, Body::Field),
        Found::TooLong(len) => (Vec::new(), Body::Failed(ProblemKind::TooLarge { len, limit })),
        Found::Stray => (Vec::new(), Body::Failed(ProblemKind::Malformed("text between the objects, which is passed over".to_owned()))),
    };
    Raw { number: Some(number), fields, body }
}

/// What stands in the stream.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// What begins like an object, up to its closing bracket.
    Object(Vec<u8>),
    /// The same, but longer than allowed.
    TooLong(u64),
    /// Something that is no object, up to the next one.
    Stray,
}

/// Finds objects in a stream that comes in blocks.
#[derive(Debug)]
struct Splitter {
    limit: usize,
    object: Vec<u8>,
    /// All bytes of the object, also those that are too many to keep.
    len: u64,
    depth: usize,
    in_string: bool,
    escaped: bool,
    stray: bool,
}

impl Splitter {
    fn new(limit: usize) -> Self {
        Self { limit, object: Vec::new(), len: 0, depth: 0, in_string: false, escaped: false, stray: false }
    }

    /// The next thing that ends in this block.
    fn next(&mut self, block: &[u8], at: &mut usize) -> Option<Found> {
        while *at < block.len() {
            let found = if self.depth == 0 {
                self.between(block, at)
            } else if self.in_string {
                self.string(block, at);
                None
            } else {
                self.inside(block, at)
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// What is left at the end of the stream.
    fn finish(&mut self) -> Option<Found> {
        if self.depth > 0 { Some(self.found()) } else { std::mem::take(&mut self.stray).then_some(Found::Stray) }
    }

    fn between(&mut self, block: &[u8], at: &mut usize) -> Option<Found> {
        match block[*at] {
            b'{' if std::mem::take(&mut self.stray) => return Some(Found::Stray),
            b'{' => {
                self.depth = 1;
                self.push(b"{");
            }
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']' | 0xef | 0xbb | 0xbf => {}
            _ => self.stray = true,
        }
        *at += 1;
        None
    }

    /// Up to the end of a string, or of the block.
    fn string(&mut self, block: &[u8], at: &mut usize) {
        if std::mem::take(&mut self.escaped) {
            self.push(&block[*at..=*at]);
            *at += 1;
            return;
        }
        let rest = &block[*at..];
        let len = memchr::memchr2(b'"', b'\\', rest).map_or(rest.len(), |found| found + 1);
        self.push(&rest[..len]);
        *at += len;
        match rest[len - 1] {
            b'"' => self.in_string = false,
            b'\\' => self.escaped = true,
            _ => {}
        }
    }

    /// Up to the next string, bracket or line end, or the end of the block. Line ends are left out: a record is one line.
    fn inside(&mut self, block: &[u8], at: &mut usize) -> Option<Found> {
        let rest = &block[*at..];
        let marks = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b'\n' | b'\r');
        let Some(mark) = rest.iter().position(marks) else {
            self.push(rest);
            *at = block.len();
            return None;
        };
        self.push(&rest[..mark]);
        *at += mark + 1;
        if !matches!(rest[mark], b'\n' | b'\r') {
            self.push(&rest[mark..=mark]);
        }
        match rest[mark] {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        (self.depth == 0).then(|| self.found())
    }

    fn found(&mut self) -> Found {
        let len = std::mem::take(&mut self.len);
        let object = std::mem::take(&mut self.object);
        (self.depth, self.in_string, self.escaped) = (0, false, false);
        if len > self.limit as u64 { Found::TooLong(len) } else { Found::Object(object) }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        if self.len <= self.limit as u64 {
            self.object.extend_from_slice(bytes);
        } else {
            self.object = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, block: usize, limit: usize) -> Vec<String> {
        let mut splitter = Splitter::new(limit);
        let mut all = Vec::new();
        let mut found = |found| {
            all.push(match found {
                Found::Object(bytes) => String::from_utf8(bytes).unwrap(),
                Found::TooLong(len) => format!("too long: {len}"),
                Found::Stray => "stray".to_owned(),
            });
        };
        for block in text.as_bytes().chunks(block) {
            let mut at = 0;
            while let Some(one) = splitter.next(block, &mut at) {
                found(one);
            }
        }
        splitter.finish().into_iter().for_each(found);
        all
    }

    #[test]
    fn objects_are_found_whatever_stands_in_their_strings() {
        let text = "[\n {\"a\": \"}\\\"{\",\n  \"b\": [1, {}]},{ }\n]\n{\"c\":1}";
        for block in [1, 2, 3, 1000] {
            assert_eq!(split(text, block, 100), [r#"{"a": "}\"{",  "b": [1, {}]}"#, "{ }", r#"{"c":1}"#]);
        }
    }

    #[test]
    fn what_is_too_long_stray_or_cut_is_told_in_its_place() {
        for block in [1, 2, 1000] {
            assert_eq!(split("{\"a\":\"0123456789\"} x {\"b\":1}, {\"c\"", block, 10), ["too long: 18", "stray", "{\"b\":1}", "{\"c\""]);
        }
    }
}
