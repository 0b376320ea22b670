//! Lines, by the piece.

use std::io::{self, Read};
use std::sync::Arc;

use super::{Feeder, Halt, Input, PIECE, Work, read_some};
use crate::io::job::{Body, Raw};
use crate::io::problem::ProblemKind;

impl Feeder {
    /// Cuts a stream into pieces of whole lines. What comes slowly goes on as it comes.
    pub(super) fn lines(&mut self, input: &Arc<Input>, reader: &mut dyn Read) -> Result<(), Halt> {
        skip(reader, self.position.offset)?;
        let mut rest = Vec::new();
        loop {
            let mut piece = std::mem::take(&mut rest);
            // The beginning of a line has no line end in it, and a long one must not be searched again and again.
            let searched = piece.len();
            let end = fill(reader, &mut piece, self.piece, input.source.is_stdin());
            match memchr::memrchr(b'\n', &piece[searched..]) {
                Some(at) => rest = piece.split_off(searched + at + 1),
                None if matches!(end, Ok(true)) => {}
                None => std::mem::swap(&mut rest, &mut piece),
            }
            if matches!(end, Ok(true)) {
                // The last line has no end.
                piece.append(&mut rest);
            }
            if !piece.is_empty() {
                self.send_lines(input, piece)?;
            }
            if end? {
                return Ok(());
            }
            if rest.len() > self.limits.record {
                rest = self.pass_over(input, reader, rest)?;
            }
        }
    }

    fn send_lines(&mut self, input: &Arc<Input>, mut bytes: Vec<u8>) -> Result<(), Halt> {
        let first = self.position.records + 1;
        let cost = bytes.len();
        self.position.offset += bytes.len() as u64;
        self.position.records += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        bytes.shrink_to(cost + PIECE);
        self.send(input, Work::Lines { bytes, first }, cost)
    }

    /// Drops the rest of a line that is too long and answers with what comes behind it.
    fn pass_over(&mut self, input: &Arc<Input>, reader: &mut dyn Read, line: Vec<u8>) -> Result<Vec<u8>, Halt> {
        let mut len = line.len() as u64;
        drop(line);
        let mut block = Vec::new();
        let (end, rest) = loop {
            block.clear();
            let read = read_some(reader, &mut block, PIECE)?;
            if let Some(at) = memchr::memchr(b'\n', &block) {
                len += at as u64;
                break (1, block.split_off(at + 1));
            }
            len += read as u64;
            if read == 0 {
                break (0, Vec::new());
            }
        };
        self.position.offset += len + end;
        self.position.records += 1;
        let body = Body::Failed(ProblemKind::TooLong { len, limit: self.limits.record });
        self.send(input, Work::Records(vec![Raw { number: Some(self.position.records), fields: Vec::new(), body }]), 0)?;
        Ok(rest)
    }
}

/// Passes over the first bytes of a stream.
fn skip(reader: &mut dyn Read, bytes: u64) -> io::Result<()> {
    let skipped = io::copy(&mut reader.take(bytes), &mut io::sink())?;
    if skipped < bytes {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "shorter than it was"));
    }
    Ok(())
}

/// Reads until there is a piece or the end, of which the answer tells; when `eager`, also until nothing more comes at once. Where a
/// piece ends depends on nothing but where it begins, so that a run that is resumed there goes on as the first one would have.
fn fill(reader: &mut dyn Read, piece: &mut Vec<u8>, size: usize, eager: bool) -> io::Result<bool> {
    let enough = (piece.len() / size + 1) * size;
    loop {
        let want = enough - piece.len();
        let read = read_some(reader, piece, want)?;
        if read == 0 || piece.len() >= enough || (eager && read < want) {
            return Ok(read == 0);
        }
    }
}
