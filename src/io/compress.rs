//! Compressed streams, read in a thread of their own and written.
//!
//! Unpacking takes as long as cleaning does, so a reader of a compressed file must not wait for it: a thread unpacks the next blocks
//! while the last ones are cleaned. gzip may have any number of members and Zstandard any number of frames, as WARC files do.
//!
//! A stream that is broken in the middle gives all bytes before the break and then an error that carries [`Damage`].

use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use flate2::read::MultiGzDecoder;

/// Unpacked bytes in one block.
const BLOCK: usize = 256 << 10;
/// Blocks that are unpacked ahead.
const AHEAD: usize = 8;
/// Unpacked bytes before a stream can be said to expand too much: small ones may be all zeros.
const EXPANSION_FROM: u64 = 64 << 20;
/// Zstandard may ask for up to this many bytes of memory, as a power of two.
const ZSTD_WINDOW: u32 = 27;

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
    /// bzip2.
    Bzip2,
}

impl Compression {
    const NAMED: [(&'static str, Self); 4] = [("gz", Self::Gzip), ("gzip", Self::Gzip), ("zst", Self::Zstd), ("bz2", Self::Bzip2)];

    /// What the first bytes of a file say.
    ///
    /// ```
    /// use copydesk::io::Compression;
    /// assert_eq!(Compression::of_bytes(b"\x1f\x8b\x08\0"), Compression::Gzip);
    /// assert_eq!(Compression::of_bytes(b"{}"), Compression::None);
    /// ```
    pub fn of_bytes(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, 8, ..] => Self::Gzip,
            // A frame, or one of those that may be skipped.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Bzip2,
            _ => Self::None,
        }
    }

    /// What a file's name says, and the name without it.
    ///
    /// ```
    /// use copydesk::io::Compression;
    /// assert_eq!(Compression::of_name("in.jsonl.gz".as_ref()), (Compression::Gzip, "in.jsonl".as_ref()));
    /// ```
    pub fn of_name(path: &Path) -> (Self, &Path) {
        let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        let named = Self::NAMED.iter().find(|(name, _)| Some(*name) == extension.as_deref());
        let stem = || path.to_str().and_then(|text| text.rsplit_once('.')).map_or(path, |(stem, _)| Path::new(stem));
        named.map_or((Self::None, path), |&(_, compression)| (compression, stem()))
    }

    /// Its name in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "Zstandard",
            Self::Bzip2 => "bzip2",
        }
    }
}

/// Why a compressed stream could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// It ends in the middle.
    #[error("{format} data ends early, at byte {offset}")]
    Truncated {
        /// What it is.
        format: &'static str,
        /// Bytes of the file that were read.
        offset: u64,
    },
    /// It is not what it says it is.
    #[error("{format} data is broken before byte {offset}: {error}")]
    Broken {
        /// What it is.
        format: &'static str,
        /// Bytes of the file that were read.
        offset: u64,
        /// What was found.
        error: String,
    },
    /// It unpacks to more than is allowed.
    #[error("unpacks to more than {limit} times its size (--max-expansion)")]
    Expansion {
        /// Most times its size.
        limit: u64,
    },
}

impl Damage {
    /// The damage that an error of a reader tells of.
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

/// Unpacks `reader` in a thread of its own; `expansion` is how many times its size it may become.
pub fn unpack(reader: impl Read + Send + 'static, compression: Compression, expansion: u64) -> Box<dyn Read + Send> {
    if compression == Compression::None {
        return Box::new(reader);
    }
    let taken = Arc::new(AtomicU64::new(0));
    let counting = Counting { reader, taken: Arc::clone(&taken) };
    let (sender, receiver) = sync_channel(AHEAD);
    thread::spawn(move || match decoder(counting, compression) {
        Ok(decoder) => Unpacker { decoder, taken, given: 0, compression, expansion }.run(&sender),
        // The reader may have gone away; then nobody wants to know.
        Err(error) => drop(sender.send(Err(error))),
    });
    Box::new(Blocks { receiver, block: Vec::new(), at: 0, ended: false })
}

fn decoder(reader: impl Read + Send + 'static, compression: Compression) -> io::Result<Box<dyn Read>> {
    Ok(match compression {
        Compression::None => Box::new(reader),
        Compression::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(BLOCK, reader))),
        Compression::Zstd => {
            let mut decoder = zstd::Decoder::new(reader)?;
            decoder.window_log_max(ZSTD_WINDOW)?;
            Box::new(decoder)
        }
        Compression::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(BufReader::with_capacity(BLOCK, reader))),
    })
}

/// Counts what is read.
struct Counting<R> {
    reader: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.taken.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// What the thread does.
struct Unpacker {
    decoder: Box<dyn Read>,
    taken: Arc<AtomicU64>,
    given: u64,
    compression: Compression,
    expansion: u64,
}

impl Unpacker {
    fn run(mut self, sender: &SyncSender<io::Result<Vec<u8>>>) {
        loop {
            let mut block = vec![0; BLOCK];
            let (len, end) = self.fill(&mut block);
            block.truncate(len);
            // The reader may have gone away; then there is nothing left to do.
            if len > 0 && sender.send(Ok(block)).is_err() {
                return;
            }
            if let Some(end) = end {
                // A block without bytes is a good end.
                let _ = sender.send(end.map(|()| Vec::new()));
                return;
            }
        }
    }

    /// Fills a block; with it comes the end of the stream, good or bad.
    fn fill(&mut self, block: &mut [u8]) -> (usize, Option<io::Result<()>>) {
        let mut len = 0;
        while len < block.len() {
            match self.decoder.read(&mut block[len..]) {
                Ok(0) => return (len, Some(Ok(()))),
                Ok(read) => {
                    len += read;
                    self.given += read as u64;
                    if self.given > EXPANSION_FROM && self.given / self.expansion > self.taken.load(Ordering::Relaxed) {
                        return (len, Some(Err(io::Error::other(Damage::Expansion { limit: self.expansion }))));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return (len, Some(Err(self.damage(error)))),
            }
        }
        (len, None)
    }

    fn damage(&self, error: io::Error) -> io::Error {
        let (format, offset) = (self.compression.as_str(), self.taken.load(Ordering::Relaxed));
        let damage = match error.kind() {
            // The file itself could not be read.
            _ if error.raw_os_error().is_some() => return error,
            io::ErrorKind::UnexpectedEof => Damage::Truncated { format, offset },
            _ => Damage::Broken { format, offset, error: error.to_string() },
        };
        io::Error::new(error.kind(), damage)
    }
}

/// The other end of the thread.
struct Blocks {
    receiver: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Read for Blocks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.block.len() && !self.ended {
            match self.receiver.recv() {
                Ok(Ok(block)) => {
                    self.ended = block.is_empty();
                    (self.block, self.at) = (block, 0);
                }
                Ok(Err(error)) => {
                    self.ended = true;
                    return Err(error);
                }
                Err(_) => {
                    self.ended = true;
                    return Err(io::Error::other("the thread that unpacks it has failed; this is a fault of copydesk"));
                }
            }
        }
        let len = buffer.len().min(self.block.len() - self.at);
        buffer[..len].copy_from_slice(&self.block[self.at..self.at + len]);
        self.at += len;
        Ok(len)
    }
}

/// A stream that is compressed while it is written.
pub struct Packer<W: Write> {
    /// Only missing while one member ends and the next begins.
    coder: Option<Coder<W>>,
    compression: Compression,
}

enum Coder<W: Write> {
    Plain(W),
    Gzip(flate2::write::GzEncoder<W>),
    Zstd(zstd::Encoder<'static, W>),
    Bzip2(bzip2::write::BzEncoder<W>),
}

impl<W: Write> Packer<W> {
    /// Compresses what goes to `out`.
    ///
    /// # Errors
    /// When the compressor cannot be set up for want of memory.
    pub fn new(out: W, compression: Compression) -> io::Result<Self> {
        Ok(Self { coder: Some(Coder::new(out, compression)?), compression })
    }

    /// Ends what has been written so far, so that the file may be cut off here and stay whole: the next member begins.
    ///
    /// # Errors
    /// When the rest cannot be written.
    pub fn mark(&mut self) -> io::Result<&mut W> {
        let mut out = self.take()?.finish()?;
        out.flush()?;
        Ok(self.coder.insert(Coder::new(out, self.compression)?).get_mut())
    }

    /// Ends the stream and gives back what it was written to.
    ///
    /// # Errors
    /// When the rest cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.take()?.finish()
    }

    fn take(&mut self) -> io::Result<Coder<W>> {
        self.coder.take().ok_or_else(gone)
    }
}

/// What a stream says that could not be ended before.
fn gone() -> io::Error {
    io::Error::other("the stream has failed before")
}

impl<W: Write> Coder<W> {
    fn new(out: W, compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::Plain(out),
            Compression::Gzip => Self::Gzip(flate2::write::GzEncoder::new(out, flate2::Compression::default())),
            Compression::Zstd => Self::Zstd(zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?),
            Compression::Bzip2 => Self::Bzip2(bzip2::write::BzEncoder::new(out, bzip2::Compression::default())),
        })
    }

    fn finish(self) -> io::Result<W> {
        match self {
            Self::Plain(out) => Ok(out),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
            Self::Bzip2(encoder) => encoder.finish(),
        }
    }

    fn get_mut(&mut self) -> &mut W {
        match self {
            Self::Plain(out) => out,
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Zstd(encoder) => encoder.get_mut(),
            Self::Bzip2(encoder) => encoder.get_mut(),
        }
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.coder.as_mut().ok_or_else(gone)? {
            Coder::Plain(out) => out.write(bytes),
            Coder::Gzip(encoder) => encoder.write(bytes),
            Coder::Zstd(encoder) => encoder.write(bytes),
            Coder::Bzip2(encoder) => encoder.write(bytes),
        }
    }

    /// Only what is not compressed can be flushed without making it larger; the rest waits for its end.
    fn flush(&mut self) -> io::Result<()> {
        if let Some(Coder::Plain(out)) = &mut self.coder { out.flush() } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Compression; 4] = [Compression::None, Compression::Gzip, Compression::Zstd, Compression::Bzip2];

    fn packed(bytes: &[u8], compression: Compression) -> Vec<u8> {
        let mut packer = Packer::new(Vec::new(), compression).unwrap();
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn unpacked(bytes: Vec<u8>, expansion: u64) -> (Vec<u8>, Option<io::Error>) {
        let compression = Compression::of_bytes(&bytes);
        let mut reader = unpack(io::Cursor::new(bytes), compression, expansion);
        let mut out = Vec::new();
        let error = reader.read_to_end(&mut out).err();
        (out, error)
    }

    #[test]
    fn what_was_packed_is_unpacked_in_any_number_of_pieces() {
        let text: Vec<u8> = (0..200_000u32).flat_map(|number| number.to_string().into_bytes()).collect();
        for compression in ALL {
            let several = [packed(&text, compression), packed(b"and more", compression)].concat();
            let (out, error) = unpacked(several, 1000);
            assert!(error.is_none() && out == [&text[..], b"and more"].concat(), "{compression:?} {error:?}");
        }
    }

    #[test]
    fn a_marked_stream_may_be_cut_at_its_marks() {
        for compression in ALL {
            let mut packer = Packer::new(Vec::new(), compression).unwrap();
            packer.write_all(b"one ").unwrap();
            let first = packer.mark().unwrap().len();
            packer.write_all(b"two").unwrap();
            let all = packer.finish().unwrap();
            assert_eq!(unpacked(all[..first].to_vec(), 1000).0, b"one ", "{compression:?}");
            assert_eq!(unpacked(all, 1000).0, b"one two", "{compression:?}");
        }
    }

    #[test]
    fn what_is_cut_gives_what_was_before_the_cut() {
        let text: Vec<u8> = (0..200_000u32).flat_map(|number| number.to_string().into_bytes()).collect();
        for compression in &ALL[1..] {
            let whole = packed(&text, *compression);
            let cut = whole.len() / 2;
            let (out, error) = unpacked(whole[..cut].to_vec(), 1000);
            assert!(text.starts_with(&out));
            let damage = Damage::of(error.as_ref().unwrap()).unwrap();
            assert_eq!(*damage, Damage::Truncated { format: compression.as_str(), offset: cut as u64 });
        }
        let (out, _) = unpacked(packed(&text, Compression::Gzip)[..200_000].to_vec(), 1000);
        assert!(out.len() > 300_000, "{}", out.len());
    }

    #[test]
    fn broken_bytes_are_told_from_missing_ones() {
        let mut bytes = packed(&[7; 1000], Compression::Gzip);
        let at = bytes.len() - 6;
        bytes[at] ^= 0xff;
        let (_, error) = unpacked(bytes, 1000);
        assert!(matches!(Damage::of(&error.unwrap()), Some(Damage::Broken { format: "gzip", .. })));
    }

    #[test]
    fn a_bomb_goes_no_further_than_allowed() {
        let bomb = packed(&vec![0; 80 << 20], Compression::Zstd);
        let (out, error) = unpacked(bomb, 100);
        assert!(out.len() < 65 << 20);
        assert_eq!(Damage::of(&error.unwrap()), Some(&Damage::Expansion { limit: 100 }));
    }
}
