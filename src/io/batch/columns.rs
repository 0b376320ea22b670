//! Results as a Parquet file.

use std::io;
use std::sync::Arc;

use arrow_json::ReaderBuilder;
use arrow_json::reader::Decoder;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::sink::BatchSink;
use super::source::Source;
use crate::io::form::Form;
use crate::io::output::Target;
use crate::io::pages::Pages;
use crate::io::print::Printer;

/// Rows that are taken over at once.
const ROWS: usize = 256;
/// Bytes in memory after which a row group is written.
const ROW_GROUP: usize = 32 << 20;

/// One Parquet file for all inputs.
pub struct ParquetSink {
    decoder: Decoder,
    writer: ArrowWriter<Target>,
}

impl ParquetSink {
    /// Writes what this printer prints, which has to be [`Format::Parquet`](crate::io::Format::Parquet).
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(target: Target, printer: &Printer) -> io::Result<Self> {
        let schema: SchemaRef = Arc::clone(printer.schema().ok_or_else(|| io::Error::other("the printer is not for Parquet"))?);
        let about = [
            ("copydesk.schema", "copydesk.article/1"),
            ("copydesk.version", env!("CARGO_PKG_VERSION")),
            ("copydesk.rules", printer.rules()),
        ];
        let about = about.map(|(name, value)| KeyValue::new(name.to_owned(), value.to_owned())).to_vec();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_key_value_metadata(Some(about))
            .build();
        let decoder = ReaderBuilder::new(Arc::clone(&schema))
            .with_coerce_primitive(true)
            .with_batch_size(ROWS)
            .build_decoder()
            .map_err(io::Error::other)?;
        Ok(Self { decoder, writer: ArrowWriter::try_new(target, schema, Some(properties)).map_err(plain)? })
    }

    /// Ends the file and puts it where it belongs.
    ///
    /// # Errors
    /// When it cannot be written or renamed.
    pub fn commit(mut self) -> io::Result<()> {
        self.take_over()?;
        self.writer.into_inner().map_err(plain)?.commit()
    }

    fn take_over(&mut self) -> io::Result<()> {
        if let Some(rows) = self.decoder.flush().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))? {
            self.writer.write(&rows).map_err(plain)?;
        }
        if self.writer.in_progress_size() >= ROW_GROUP { self.writer.flush().map_err(plain) } else { Ok(()) }
    }
}

impl BatchSink for ParquetSink {
    fn open(&mut self, _: &Source, _: Form) -> io::Result<()> {
        Ok(())
    }

    fn put(&mut self, pages: &Pages) -> io::Result<()> {
        let mut lines = pages.bytes();
        while !lines.is_empty() {
            let taken = self.decoder.decode(lines).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            lines = &lines[taken..];
            // It is full, or all lines are taken.
            self.take_over()?;
        }
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The error of the file itself, where it is one.
fn plain(error: parquet::errors::ParquetError) -> io::Error {
    match error {
        parquet::errors::ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}
