//! From a page to a document: blocks, pictures and what the page says of itself, ready for the rules.

use super::blocks::{BlockFlags, Blocks};
use super::parse::{Options, Parser, TooLong, spec};
use crate::document::{About, Block, Document, Standing};
use crate::span::ByteSpan;

/// Reads one page after another and keeps its memory.
///
/// ```
/// use copydesk::{Engine, Scratch, html::PageReader};
///
/// let engine = Engine::builder().build()?;
/// let (mut reader, mut scratch) = (PageReader::default(), Scratch::default());
/// let document = reader.read("<nav>Home</nav><p>The first ferry in eleven weeks left the harbour on Friday.", None)?;
/// let article = engine.clean_with(&document, &mut scratch);
/// assert!(article.text.contains("The first ferry"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct PageReader {
    parser: Parser,
    by_specification: bool,
    blocks: Blocks,
    text: String,
}

impl PageReader {
    /// Reads pages with the reference parser, html5ever, instead of the fast one.
    #[must_use]
    pub fn by_specification(mut self, yes: bool) -> Self {
        self.by_specification = yes;
        self
    }

    /// Reads a page. `url` is its address: relative links are resolved against it, and rules for its host apply.
    ///
    /// # Errors
    /// Pages of 4 GiB and more are refused.
    pub fn read(&mut self, html: &str, url: Option<&str>) -> Result<Document<'_>, TooLong> {
        if self.by_specification {
            self.blocks.read(&spec::parse(html, Options::default())?);
        } else {
            let tree = self.parser.parse(html)?;
            self.blocks.read(&tree);
            self.parser.recycle(tree);
        }
        let mut blocks = Vec::new();
        self.text.clear();
        for block in self.blocks.list().iter().filter(|block| !block.flags.intersects(BlockFlags::HIDDEN)) {
            let paragraph = block.container;
            let joint = blocks.last().map_or("", |last: &Block| if last.paragraph == paragraph { "\n" } else { "\n\n" });
            self.text.push_str(joint);
            let start = self.text.len();
            self.text.push_str(self.blocks.text_of(block));
            blocks.push(Block { span: ByteSpan::new(start, self.text.len()), paragraph, standing: Standing::Story });
        }
        let document = Document::from_page(&self.text, blocks, About::default(), Vec::new());
        Ok(match url {
            Some(url) => document.with_host(url),
            None => document,
        })
    }
}
