//! Web archives: WARC with answers to requests, WET with the text of pages.
//!
//! A record of an archive is a line `WARC/1.0`, headers, a blank line and as many bytes as `Content-Length` says. The crates that
//! read this either ask for a stream that can be sought in, which a pipe and an unpacking thread are not, or keep no offsets and
//! stop at the first fault; so it is read here. What stands in a record (HTTP, pages) is left to the workers.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use super::{Feeder, Halt, Input};
use crate::io::compress::Damage;
use crate::io::job::{Body, Fields, Raw};
use crate::io::problem::ProblemKind;

/// Longest headers of one record.
const MAX_HEADERS: u64 = 256 << 10;

impl Feeder {
    /// Makes records of an archive. Requests, metadata and what else is no page are passed over.
    pub(super) fn archive(&mut self, input: &Arc<Input>, reader: &mut dyn Read) -> Result<(), Halt> {
        let skipped = self.position.records;
        self.position.records = 0;
        let mut archive = Archive { reader: BufReader::with_capacity(1 << 17, reader), offset: 0, line: Vec::new(), in_garbage: false };
        while let Some(found) = archive.next(self.limits.record)? {
            self.position.records += 1;
            if self.position.records <= skipped {
                continue;
            }
            if let Some(raw) = found.raw(self.position.records) {
                self.add(input, raw)?;
            }
        }
        Ok(())
    }
}

struct Archive<R> {
    reader: BufReader<R>,
    /// Bytes of the unpacked archive that have been read.
    offset: u64,
    line: Vec<u8>,
    in_garbage: bool,
}

/// What stands in an archive.
enum Found {
    Record {
        headers: Headers,
        block: Vec<u8>,
    },
    TooLarge {
        headers: Headers,
        len: u64,
        limit: usize,
    },
    /// Something that is no record, up to the next one.
    Garbage(u64),
    /// A record that holds no page.
    Other,
}

/// What is looked at in the headers of a record.
#[derive(Debug, Default, PartialEq, Eq)]
struct Headers {
    kind: String,
    id: Option<String>,
    url: Option<String>,
    date: Option<String>,
    content_type: String,
    length: Option<u64>,
}

impl<R: Read> Archive<R> {
    fn next(&mut self, limit: usize) -> io::Result<Option<Found>> {
        loop {
            let at = self.offset;
            if !self.read_line()? {
                return Ok(None);
            }
            let line = self.line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            if !line.starts_with(b"WARC/") {
                if !std::mem::replace(&mut self.in_garbage, true) {
                    return Ok(Some(Found::Garbage(at)));
                }
                continue;
            }
            self.in_garbage = false;
            let headers = self.headers()?;
            let Some(length) = headers.length else {
                self.in_garbage = true;
                return Ok(Some(Found::Garbage(at)));
            };
            return self.block(headers, length, limit).map(Some);
        }
    }

    fn block(&mut self, headers: Headers, length: u64, limit: usize) -> io::Result<Found> {
        if !headers.may_be_page() {
            self.skip(length)?;
            return Ok(Found::Other);
        }
        if length > limit as u64 {
            self.skip(length)?;
            return Ok(Found::TooLarge { headers, len: length, limit });
        }
        let mut block = Vec::new();
        let read = (&mut self.reader).take(length).read_to_end(&mut block)? as u64;
        self.offset += read;
        if read < length { Err(self.cut()) } else { Ok(Found::Record { headers, block }) }
    }

    fn skip(&mut self, length: u64) -> io::Result<()> {
        let read = io::copy(&mut (&mut self.reader).take(length), &mut io::sink())?;
        self.offset += read;
        if read < length { Err(self.cut()) } else { Ok(()) }
    }

    fn headers(&mut self) -> io::Result<Headers> {
        let mut headers = Headers::default();
        let start = self.offset;
        loop {
            if !self.read_line()? {
                return Err(self.cut());
            }
            let line = self.line.trim_ascii();
            if line.is_empty() {
                return Ok(headers);
            }
            if self.offset - start > MAX_HEADERS {
                return Err(io::Error::new(io::ErrorKind::InvalidData, format!("headers of a record are too long, at byte {start}")));
            }
            headers.add(line);
        }
    }

    /// Reads a line, as much of it as headers may have; `false` at the end.
    fn read_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        let read = (&mut self.reader).take(MAX_HEADERS).read_until(b'\n', &mut self.line)?;
        self.offset += read as u64;
        Ok(read > 0)
    }

    fn cut(&self) -> io::Error {
        io::Error::new(io::ErrorKind::UnexpectedEof, Damage::Truncated { format: "WARC", offset: self.offset })
    }
}

impl Headers {
    fn add(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let Some((name, value)) = line.split_once(':') else { return };
        let value = value.trim().to_owned();
        match name.trim().to_ascii_lowercase().as_str() {
            "warc-type" => self.kind = value.to_ascii_lowercase(),
            "warc-record-id" => self.id = Some(value.trim_matches(['<', '>']).to_owned()),
            "warc-target-uri" => self.url = Some(value.trim_matches(['<', '>']).to_owned()),
            "warc-date" => self.date = Some(value),
            "content-type" => self.content_type = value.to_ascii_lowercase(),
            "content-length" => self.length = value.parse().ok(),
            _ => {}
        }
    }

    fn may_be_page(&self) -> bool {
        match self.kind.as_str() {
            "response" => self.content_type.is_empty() || self.content_type.starts_with("application/http"),
            "conversion" => self.content_type.is_empty() || self.content_type.starts_with("text/plain"),
            "resource" => self.is_html(),
            _ => false,
        }
    }

    fn is_html(&self) -> bool {
        self.content_type.starts_with("text/html") || self.content_type.starts_with("application/xhtml+xml")
    }

    fn fields(&self) -> Vec<u8> {
        let mut fields = Fields::default();
        fields.some("id", self.id.as_deref());
        fields.some("url", self.url.as_deref());
        fields.some("warc_date", self.date.as_deref());
        fields.finish()
    }
}

impl Found {
    fn raw(self, number: u64) -> Option<Raw> {
        let (fields, body) = match self {
            Self::Other => return None,
            Self::Garbage(at) => {
                (Vec::new(), Body::Failed(ProblemKind::Malformed(format!("no WARC record at byte {at}; the next one is looked for"))))
            }
            Self::TooLarge { headers, len, limit } => (headers.fields(), Body::Failed(ProblemKind::TooLarge { len, limit })),
            Self::Record { headers, block } => {
                let fields = headers.fields();
                let body = match headers.kind.as_str() {
                    "response" => Body::Http(block),
                    "conversion" => Body::Text(block),
                    _ => Body::Html { bytes: block, charset: Some(headers.content_type) },
                };
                (fields, body)
            }
        };
        Some(Raw { number: Some(number), fields, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, content_type: &str, block: &str) -> String {
        let id = "WARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://a.example/\r\nWARC-Date: 2026-01-02T03:04:05Z";
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\n{id}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    }

    fn shown(archive: &str, limit: usize) -> (Vec<String>, Option<String>) {
        let mut archive = Archive { reader: BufReader::new(archive.as_bytes()), offset: 0, line: Vec::new(), in_garbage: false };
        let mut all = Vec::new();
        loop {
            match archive.next(limit) {
                Ok(Some(found)) => all.extend(found.raw(0).map(|raw| match raw.body {
                    Body::Http(block) => format!("http {}", String::from_utf8(block).unwrap()),
                    Body::Text(block) => format!("text {}", String::from_utf8(block).unwrap()),
                    Body::Failed(kind) => kind.to_string(),
                    body => format!("{body:?}"),
                })),
                Ok(None) => return (all, None),
                Err(error) => return (all, Some(error.to_string())),
            }
        }
    }

    #[test]
    fn answers_and_texts_are_records_and_the_rest_is_passed_over() {
        let info = record("warcinfo", "application/warc-fields", "software: x");
        let answer = record("response", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\n\r\nWARC/1.0 is a format");
        let text = record("conversion", "text/plain", "A story.");
        let (all, error) = shown(&(info + &answer + &text), 1000);
        assert_eq!(all, ["http HTTP/1.1 200 OK\r\n\r\nWARC/1.0 is a format", "text A story."]);
        assert_eq!(error, None);
    }

    #[test]
    fn what_is_cut_large_or_no_record_is_told_with_its_place() {
        let text = record("conversion", "text/plain", "A story.");
        let (all, error) = shown(&format!("{text}junk\njunk\n{text}{}", &text[..text.len() - 6]), 1000);
        assert_eq!(
            all,
            [
                "text A story.".to_owned(),
                format!("no WARC record at byte {}; the next one is looked for", text.len()),
                "text A story.".to_owned()
            ]
        );
        assert_eq!(error.unwrap(), format!("WARC data ends early, at byte {}", 3 * text.len() - 6 + 10));
        let (all, _) = shown(&text, 5);
        assert_eq!(all, ["record of 8 bytes or more; at most 5 are allowed (--max-record)"]);
    }
}
