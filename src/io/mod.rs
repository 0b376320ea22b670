//! Records in and out: JSON Lines, plain text, and an [`Article`](crate::Article) as text, Markdown, HTML or JSON.
//!
//! ```
//! use copydesk::{Engine, io::{Printer, Format, Head}};
//!
//! let engine = Engine::builder().build()?;
//! let article = engine.clean("Rockets hit near embassy\n\nThree rockets hit near the embassy early on Sunday.\n");
//! let json = Printer::new(Format::JsonLines, engine.rules_hash()).print(&Head::named("a.txt"), &article);
//! assert!(json.starts_with(r#"{"schema":"copydesk.article/1","id":"a.txt","#));
//! # Ok::<(), copydesk::BuildError>(())
//! ```
//!
//! A whole data set goes through [`JsonLines`]: a line in, a line out, in the same order, one pass over the bytes, memory
//! bounded by the longest line. What is wrong with a record is a [`Problem`]; the records around it are not touched by it.
//!
//! # Which fields go where
//!
//! A record that comes out begins with `schema`; then stand the fields that came in, byte for byte and in their order, without
//! the one that was cleaned; then what copydesk has to say. Three groups of names matter:
//!
//! | names | when the input has them |
//! | --- | --- |
//! | `schema`, `text`, `captions`, `removed`, `status`, `error`, `copydesk`; `markdown` or `html` where [`Printer::rich_field`] asks for it | they are ours: the input's do not come out |
//! | `id`, `url`, `title`, `language`, `authors`, `date_published`, `date_modified`, `page_kind`, `site_name`, `canonical_url`, `image`, `description`, `tags`, `agency`, `dateline`, `timestamps`, `comments` | the input's stay and ours are not written, unless the input's are empty or of another type (`authors`, `tags`, `agency`, `timestamps` and `comments` are lists) and there is something better |
//! | all others | they come out unchanged |
//!
//! Of a name that stands twice in one object the last one counts, as in Python's `json`.

mod batch;
mod compress;
mod decode;
mod feed;
mod form;
mod http;
mod job;
mod json;
mod jsonl;
mod lines;
mod output;
mod pages;
#[cfg(feature = "parquet")]
mod parquet;
mod print;
mod problem;
mod record;
mod schema;
mod stats;
mod table;
mod write;

pub use crate::render::CaptionPlace;
#[cfg(feature = "parquet")]
pub use batch::ParquetSink;
pub use batch::{
    Batch, BatchSink, BatchWatch, First, FolderSink, Manifest, Mark, Nowhere, OneSink, Position, Progress, ResumeError, Run, SideFile,
    Source, Unwritable, Wishes,
};
pub use compress::{Compression, Damage, Packer, unpack};
pub use decode::{Decoded, decode};
pub use form::Form;
pub use json::scan::JsonError;
pub use jsonl::{Halt, JsonLines, Told, Watch};
pub use output::{Output, Target};
pub use pages::Pages;
pub use print::{Format, Printer, RichField};
pub use problem::{Problem, ProblemKind};
pub use record::FieldNames;
pub use schema::article_schema;
pub use stats::{Pieces, Stats};
pub use write::Head;
