//! How far a run is.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How far a run is, for those who wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Records that have been written or told as failed.
    pub records: u64,
    /// Bytes of the inputs, as they lie on the disk, that have been read. The reader is ahead of the writer by some megabytes.
    pub bytes_read: u64,
    /// Bytes of text that went in.
    pub text_in: u64,
    /// Bytes of text that came out.
    pub text_out: u64,
}

/// Counts bytes of the inputs as they are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken(Arc<AtomicU64>);

impl Taken {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn count(&self, reader: Box<dyn Read + Send>) -> Counted {
        Counted { reader, taken: self.clone() }
    }
}

/// A reader that is counted.
pub(super) struct Counted {
    reader: Box<dyn Read + Send>,
    taken: Taken,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.taken.add(read as u64);
        Ok(read)
    }
}
