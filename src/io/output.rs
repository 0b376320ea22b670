//! Where results go: standard output or a file that appears only when it is whole.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use super::pages::Pages;
use super::print::Format;

/// Bytes gathered before they are written.
const BLOCK: usize = 1 << 18;

/// A buffered stream of articles of one form, with what stands between and around them.
#[derive(Debug)]
pub struct Output<W: Write> {
    buffer: Vec<u8>,
    out: W,
    format: Format,
    several: bool,
    count: u64,
    /// What stands above the first article.
    head: Vec<u8>,
}

impl<W: Write> Output<W> {
    pub(super) fn new(out: W, format: Format, several: bool, head: Vec<u8>) -> Self {
        Self { buffer: Vec::with_capacity(BLOCK), out, format, several, count: 0, head }
    }

    /// Room for the next article, behind what separates it from the one before. What is put there has to be an article.
    pub fn begin(&mut self) -> &mut Vec<u8> {
        let separator: &[u8] = match (self.format, self.several, self.count) {
            (Format::Csv | Format::Tsv, _, 0) => &self.head,
            (Format::Json, true, 0) => b"[\n",
            (Format::Json, true, _) => b",\n",
            (Format::Json, false, 1..) | (Format::Text | Format::Markdown | Format::Html, _, 1..) => b"\n",
            _ => b"",
        };
        self.count += 1;
        self.buffer.extend_from_slice(separator);
        &mut self.buffer
    }

    /// Writes out what has been gathered once it is a block.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(&mut self) -> io::Result<()> {
        if self.buffer.len() >= BLOCK { self.drain() } else { Ok(()) }
    }

    /// Adds records, each behind what separates it from the one before, and writes out what has been gathered once it is a block.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&mut self, pages: &Pages) -> io::Result<()> {
        if matches!(self.format, Format::JsonLines) {
            self.count += pages.len() as u64;
            if pages.bytes().len() >= BLOCK {
                // Not worth a copy, least of all when it is one record of many megabytes.
                self.drain()?;
                return self.out.write_all(pages.bytes());
            }
            self.buffer.extend_from_slice(pages.bytes());
        } else {
            for page in pages.iter() {
                self.begin().extend_from_slice(page);
            }
        }
        self.end()
    }

    /// Writes out everything that has been gathered.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.drain()?;
        self.out.flush()
    }

    /// Ends the stream and gives back what it was written to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        if self.count == 0 {
            self.buffer.extend_from_slice(&self.head);
        }
        if self.format == Format::Json {
            let tail: &[u8] = match (self.several, self.count) {
                (true, 0) => b"[]\n",
                (true, _) => b"\n]\n",
                (false, 0) => b"",
                (false, _) => b"\n",
            };
            self.buffer.extend_from_slice(tail);
        }
        self.flush()?;
        Ok(self.out)
    }

    /// How many articles there have been.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Goes on behind this many articles that were written before.
    pub(super) fn resume(&mut self, count: u64) {
        self.count = count;
    }

    /// What it is written to.
    pub(super) fn get_mut(&mut self) -> &mut W {
        &mut self.out
    }

    fn drain(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        // A record of many megabytes leaves no such buffer behind.
        self.buffer.shrink_to(4 * BLOCK);
        Ok(())
    }
}

/// Standard output, or a file.
///
/// A file is written under another name in the same folder and renamed by [`Target::commit`], so that nobody sees half of it and
/// a run that fails leaves the old one. What is no regular file (`/dev/null`, a pipe) is written as it is.
#[derive(Debug)]
pub enum Target {
    /// Standard output.
    Stdout(io::Stdout),
    /// A device or a pipe.
    Device(File),
    /// A file and the name that it shall have.
    File(Staged),
    /// The same, but what is left of it after a run that did not end is gone on with.
    Part(Part),
}

/// A file that is not yet where it belongs and stays when the run ends early.
#[derive(Debug)]
pub struct Part {
    file: File,
    /// Where it is.
    unfinished: PathBuf,
    path: PathBuf,
}

/// A file that is not yet where it belongs.
#[derive(Debug)]
pub struct Staged {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    committed: bool,
}

impl Target {
    /// Standard output.
    pub fn stdout() -> Self {
        Self::Stdout(io::stdout())
    }

    /// A file, which appears with [`Target::commit`].
    ///
    /// # Errors
    /// When its folder cannot be written to.
    pub fn file(path: &Path) -> io::Result<Self> {
        // A link stays one; what it leads to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let old = fs::metadata(&path).ok();
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            return Ok(Self::Device(File::options().write(true).open(&path)?));
        }
        let temporary = temporary_name(&path)?;
        let file = File::options().write(true).create_new(true).open(&temporary)?;
        let staged = Staged { file, temporary, path, committed: false };
        if let Some(old) = old {
            staged.file.set_permissions(old.permissions())?;
        }
        Ok(Self::File(staged))
    }

    /// A file of which an earlier run has written the first `len` bytes, in `NAME.part`; 0 begins anew. It stays there until
    /// [`Target::commit`].
    ///
    /// # Errors
    /// When it cannot be written, or has not as many bytes.
    pub fn part(path: &Path, len: u64) -> io::Result<Self> {
        let unfinished = part_name(path);
        let mut file = File::options().write(true).create(true).truncate(false).open(&unfinished)?;
        if file.metadata()?.len() < len {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} is shorter than it was", unfinished.display())));
        }
        file.set_len(len)?;
        file.seek(io::SeekFrom::End(0))?;
        Ok(Self::Part(Part { file, unfinished, path: path.to_owned() }))
    }

    /// The same, where an earlier run has left something; `None` when it has all been put where it belongs.
    ///
    /// # Errors
    /// When it cannot be written, or has not as many bytes.
    pub fn part_left(path: &Path, len: u64) -> io::Result<Option<Self>> {
        if part_name(path).exists() { Self::part(path, len).map(Some) } else { Ok(None) }
    }

    /// How many bytes are on the disk, for certain; `None` where that cannot be known.
    ///
    /// # Errors
    /// When they cannot be brought there.
    pub fn settle(&mut self) -> io::Result<Option<u64>> {
        let Self::Part(Part { file, .. }) = self else { return Ok(None) };
        file.sync_data()?;
        file.stream_position().map(Some)
    }

    /// Puts the file where it belongs.
    ///
    /// # Errors
    /// When it cannot be written or renamed.
    pub fn commit(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut stdout) => stdout.flush(),
            Self::Device(mut file) => file.flush(),
            Self::File(mut staged) => {
                staged.file.sync_data()?;
                fs::rename(&staged.temporary, &staged.path)?;
                staged.committed = true;
                Ok(())
            }
            Self::Part(Part { file, unfinished, path }) => {
                file.sync_data()?;
                fs::rename(unfinished, path)
            }
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.committed {
            // Nothing can be done about a file that does not go away.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(stdout) => stdout.write(bytes),
            Self::Device(file) => file.write(bytes),
            Self::File(staged) => staged.file.write(bytes),
            Self::Part(part) => part.file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(stdout) => stdout.flush(),
            Self::Device(file) => file.flush(),
            Self::File(staged) => staged.file.flush(),
            Self::Part(part) => part.file.flush(),
        }
    }
}

/// Where a file lies while a run that can be resumed writes it.
fn part_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn temporary_name(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"))?;
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.tmp", std::process::id()));
    Ok(path.with_file_name(temporary))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(format: Format, several: bool, articles: &[&str]) -> String {
        let mut output = Output::new(Vec::new(), format, several, Vec::new());
        for article in articles {
            output.begin().extend_from_slice(article.as_bytes());
            output.end().unwrap();
        }
        String::from_utf8(output.finish().unwrap()).unwrap()
    }

    #[test]
    fn each_form_has_its_frame() {
        assert_eq!(framed(Format::Json, true, &["1", "2"]), "[\n1,\n2\n]\n");
        assert_eq!(framed(Format::Json, true, &[]), "[]\n");
        assert_eq!(framed(Format::Json, false, &["1"]), "1\n");
        assert_eq!(framed(Format::Text, true, &["a\n", "b\n"]), "a\n\nb\n");
        assert_eq!(framed(Format::JsonLines, true, &["1\n", "2\n"]), "1\n2\n");
    }

    #[test]
    fn a_file_appears_when_it_is_whole() {
        let folder = std::env::temp_dir().join(format!("copydesk-output-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("out.txt");
        fs::write(&path, "old").unwrap();
        let names = || fs::read_dir(&folder).unwrap().count();

        let mut target = Target::file(&path).unwrap();
        target.write_all(b"new").unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names()), ("old", 2));
        drop(target);
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names()), ("old", 1));

        let mut target = Target::file(&path).unwrap();
        target.write_all(b"new").unwrap();
        target.commit().unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names()), ("new", 1));
        fs::remove_dir_all(&folder).unwrap();
    }
}
