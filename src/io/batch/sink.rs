//! Where pages go: one output for all inputs, or a folder with one for each.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::source::{Source, Ways};
use crate::io::compress::{Compression, Packer};
use crate::io::form::Form;
use crate::io::output::{Output, Target};
use crate::io::pages::Pages;
use crate::io::print::{Format, Printer};

/// Takes the pages of a run, input after input.
pub trait BatchSink {
    /// The pages that follow are of this input.
    ///
    /// # Errors
    /// When an output cannot be opened.
    fn open(&mut self, source: &Source, form: Form) -> io::Result<()>;

    /// Takes pages.
    ///
    /// # Errors
    /// When they cannot be written.
    fn put(&mut self, pages: &Pages) -> io::Result<()>;

    /// There are no pages of this input: it cannot be read, or an earlier run has done it.
    fn skip(&mut self, source: &Source) {
        let _ = source;
    }

    /// Settles on the disk what was put, so that a run can be resumed here; `None` where it cannot.
    ///
    /// # Errors
    /// When it cannot be written.
    fn mark(&mut self) -> io::Result<Option<Mark>> {
        Ok(None)
    }

    /// There are no more pages of the input.
    ///
    /// # Errors
    /// When the output cannot be ended.
    fn close(&mut self) -> io::Result<()>;

    /// Gives out what can be given out.
    ///
    /// # Errors
    /// When it cannot be written.
    fn flush(&mut self) -> io::Result<()>;
}

/// How much of an output is on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Bytes.
    pub bytes: u64,
    /// Articles.
    pub articles: u64,
}

/// Takes pages and keeps none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

impl BatchSink for Nowhere {
    fn open(&mut self, _: &Source, _: Form) -> io::Result<()> {
        Ok(())
    }

    fn put(&mut self, _: &Pages) -> io::Result<()> {
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One output for all inputs, compressed when its name says so.
pub struct OneSink {
    output: Output<Packer<Target>>,
    is_packed: bool,
}

impl OneSink {
    /// Writes to `target`; `several` says whether more than one article may come.
    ///
    /// # Errors
    /// When a compressor cannot be set up.
    pub fn new(target: Target, printer: &Printer, several: bool) -> io::Result<Self> {
        Self::packed(target, Compression::None, printer, several)
    }

    /// The same, compressed.
    ///
    /// # Errors
    /// When the compressor cannot be set up.
    pub fn packed(target: Target, compression: Compression, printer: &Printer, several: bool) -> io::Result<Self> {
        Ok(Self { output: printer.output(Packer::new(target, compression)?, several), is_packed: compression != Compression::None })
    }

    /// The same, behind articles that an earlier run has written; `target` is what that left.
    ///
    /// # Errors
    /// When the compressor cannot be set up.
    pub fn resumed(target: Target, compression: Compression, printer: &Printer, several: bool, articles: u64) -> io::Result<Self> {
        let mut sink = Self::packed(target, compression, printer, several)?;
        sink.output.resume(articles);
        Ok(sink)
    }

    /// Ends the output and puts it where it belongs.
    ///
    /// # Errors
    /// When it cannot be written or renamed.
    pub fn commit(self) -> io::Result<()> {
        self.output.finish()?.finish()?.commit()
    }
}

impl BatchSink for OneSink {
    fn open(&mut self, _: &Source, _: Form) -> io::Result<()> {
        Ok(())
    }

    fn put(&mut self, pages: &Pages) -> io::Result<()> {
        self.output.put(pages)
    }

    fn close(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn mark(&mut self) -> io::Result<Option<Mark>> {
        self.output.flush()?;
        let articles = self.output.count();
        Ok(self.output.get_mut().mark()?.settle()?.map(|bytes| Mark { bytes, articles }))
    }

    fn flush(&mut self) -> io::Result<()> {
        // What a compressor makes may depend on how much it gets at once, which then must not depend on how fast the machine is.
        if self.is_packed { Ok(()) } else { self.output.flush() }
    }
}

/// A folder in which each input has an output, in the same place as in the folder that it was found in. An output appears when its
/// input is done.
pub struct FolderSink {
    root: PathBuf,
    printer: Printer,
    compression: Compression,
    ways: Ways,
    current: Option<OneSink>,
}

impl FolderSink {
    /// Writes below `root`.
    pub fn new(root: &Path, compression: Compression, printer: &Printer) -> Self {
        Self { root: root.to_owned(), printer: printer.clone(), compression, ways: Ways::default(), current: None }
    }

    fn path(&mut self, source: &Source) -> PathBuf {
        let own = source.inner().extension().and_then(|extension| extension.to_str()).unwrap_or("xml").to_owned();
        let extension = match self.printer.format() {
            Format::Text => "txt",
            Format::Markdown => "md",
            Format::Html => "html",
            Format::Json => "json",
            Format::JsonLines => "jsonl",
            #[cfg(feature = "parquet")]
            Format::Parquet => "parquet",
            Format::Feed => &own,
            Format::Csv => "csv",
            Format::Tsv => "tsv",
        };
        let way = self.ways.way(source, Some(extension));
        let packed = match self.compression {
            Compression::None => return self.root.join(way),
            Compression::Gzip => ".gz",
            Compression::Zstd => ".zst",
            Compression::Bzip2 => ".bz2",
        };
        let mut name = self.root.join(way).into_os_string();
        name.push(packed);
        name.into()
    }
}

impl BatchSink for FolderSink {
    fn open(&mut self, source: &Source, form: Form) -> io::Result<()> {
        let path = self.path(source);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let several = !matches!(form, Form::Text | Form::Html);
        let printer = self.printer.clone().headings(several);
        self.current = Some(OneSink::packed(Target::file(&path)?, self.compression, &printer, several)?);
        Ok(())
    }

    fn put(&mut self, pages: &Pages) -> io::Result<()> {
        self.current.as_mut().map_or(Ok(()), |sink| sink.put(pages))
    }

    fn skip(&mut self, source: &Source) {
        // Its name is taken all the same.
        let _ = self.path(source);
    }

    fn mark(&mut self) -> io::Result<Option<Mark>> {
        // An output that has begun is begun again.
        Ok(self.current.is_none().then(Mark::default))
    }

    fn close(&mut self) -> io::Result<()> {
        self.current.take().map_or(Ok(()), OneSink::commit)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file beside the results, with a line for each thing that is noted. It appears with [`SideFile::commit`].
pub struct SideFile {
    out: Packer<io::BufWriter<Target>>,
}

impl SideFile {
    /// A file, compressed when its name says so.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(path: &Path) -> io::Result<Self> {
        Self::with(Target::file(path)?, path)
    }

    /// A file of which an earlier run has written the first bytes; see [`Target::part`].
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn part(path: &Path, bytes: u64) -> io::Result<Self> {
        Self::with(Target::part(path, bytes)?, path)
    }

    fn with(target: Target, path: &Path) -> io::Result<Self> {
        Ok(Self { out: Packer::new(io::BufWriter::new(target), Compression::of_name(path).0)? })
    }

    /// Adds lines.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn put(&mut self, lines: &[u8]) -> io::Result<()> {
        self.out.write_all(lines)
    }

    /// Settles on the disk what was put; answers with how many bytes that is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn mark(&mut self) -> io::Result<u64> {
        Ok(self.out.mark()?.get_mut().settle()?.unwrap_or(0))
    }

    /// Ends the file and puts it where it belongs.
    ///
    /// # Errors
    /// When it cannot be written or renamed.
    pub fn commit(self) -> io::Result<()> {
        self.out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.commit()
    }
}
