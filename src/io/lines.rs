//! Lines from a stream, borrowed from one large buffer.

use std::io::{self, Read};

/// Bytes asked for at once.
const BLOCK: usize = 1 << 20;

/// One line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'b> {
    /// Its bytes.
    Whole(&'b [u8]),
    /// It is longer than allowed and was passed over; this many bytes.
    TooLong(u64),
}

/// Reads lines that end in LF or CRLF.
///
/// The buffer holds one block, or one line when that is longer, and never more than the limit and a block.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    limit: usize,
    buffer: Vec<u8>,
    /// What of the buffer is filled and not yet given out.
    start: usize,
    end: usize,
    /// What has been searched for a line end.
    searched: usize,
    finished: bool,
    number: u64,
}

impl<R: Read> Lines<R> {
    /// Lines of up to `limit` bytes.
    pub(super) fn new(reader: R, limit: usize) -> Self {
        Self { reader, limit, buffer: Vec::new(), start: 0, end: 0, searched: 0, finished: false, number: 0 }
    }

    /// Most bytes that a line may have.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Number of the line that was given last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the next line is in memory, so that asking for it waits for nothing.
    pub(super) fn is_ready(&self) -> bool {
        self.finished || memchr::memchr(b'\n', &self.buffer[self.searched..self.end]).is_some()
    }

    /// The next line; `None` at the end.
    pub(super) fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[self.searched..self.end]) {
                let end = self.searched + at;
                return Ok(Some(self.give(end, end + 1)));
            }
            self.searched = self.end;
            if self.finished {
                return Ok(if self.start == self.end { None } else { Some(self.give(self.end, self.end)) });
            }
            if self.end - self.start > self.limit {
                return self.pass_over().map(Some);
            }
            self.fill()?;
        }
    }

    fn give(&mut self, end: usize, next: usize) -> Line<'_> {
        let line = &self.buffer[self.start..end];
        self.start = next;
        self.searched = next;
        self.number += 1;
        if line.len() > self.limit {
            return Line::TooLong(line.len() as u64);
        }
        Line::Whole(line.strip_suffix(b"\r").unwrap_or(line))
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.searched -= self.start;
        self.start = 0;
        if self.buffer.len() < self.end + BLOCK / 2 {
            // Doubling keeps a long line linear.
            self.buffer.resize(BLOCK.max(2 * self.buffer.len()), 0);
        }
        let read = read(&mut self.reader, &mut self.buffer[self.end..])?;
        self.end += read;
        self.finished = read == 0;
        Ok(())
    }

    /// Drops the rest of a line that is too long.
    fn pass_over(&mut self) -> io::Result<Line<'static>> {
        let mut len = (self.end - self.start) as u64;
        self.number += 1;
        loop {
            self.end = read(&mut self.reader, &mut self.buffer)?;
            self.finished = self.end == 0;
            let at = memchr::memchr(b'\n', &self.buffer[..self.end]);
            len += at.unwrap_or(self.end) as u64;
            self.start = at.map_or(self.end, |at| at + 1);
            self.searched = self.start;
            if at.is_some() || self.finished {
                return Ok(Line::TooLong(len));
            }
        }
    }
}

fn read(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out a few bytes at a time.
    struct Drip<'b>(&'b [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let len = self.1.min(self.0.len()).min(buffer.len());
            buffer[..len].copy_from_slice(&self.0[..len]);
            self.0 = &self.0[len..];
            Ok(len)
        }
    }

    fn lines(bytes: &[u8], drip: usize, limit: usize) -> Vec<String> {
        let mut lines = Lines::new(Drip(bytes, drip), limit);
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            all.push(match line {
                Line::Whole(line) => String::from_utf8_lossy(line).into_owned(),
                Line::TooLong(len) => format!("too long: {len}"),
            });
        }
        assert_eq!(lines.number() as usize, all.len());
        all
    }

    #[test]
    fn line_ends_of_either_kind_and_none_at_the_end() {
        for drip in [1, 2, 3, 1000] {
            assert_eq!(lines(b"a\nbc\r\n\nd", drip, 100), ["a", "bc", "", "d"]);
            assert_eq!(lines(b"a\n", drip, 100), ["a"]);
            assert_eq!(lines(b"", drip, 100), Vec::<String>::new());
        }
    }

    #[test]
    fn a_line_over_the_limit_is_passed_over_and_the_next_is_read() {
        for drip in [1, 4, 1000] {
            assert_eq!(lines(b"12345678\nab\n12345", drip, 5), ["too long: 8", "ab", "12345"]);
            assert_eq!(lines(b"ab\n123456", drip, 5), ["ab", "too long: 6"]);
        }
    }

    #[test]
    fn a_line_larger_than_the_buffer_stays_whole() {
        let long = vec![b'x'; 3 * BLOCK + 7];
        let input = [&long[..], b"\n", b"y\n"].concat();
        let all = lines(&input, usize::MAX, usize::MAX);
        assert_eq!((all[0].len(), all[1].as_str()), (long.len(), "y"));
    }
}
