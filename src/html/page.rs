//! From a page to a document: blocks, pictures and what the page says of itself, ready for the rules.
//!
//! ```text
//! Tree ──> Blocks ──> main content ─┐
//!     └──> figures ──> of the story ┴──> Document
//! ```
//!
//! The document has all that a reader sees, in order, so that a rule can still say why a line outside of the main content went, or
//! bring it back. A caption stands where its picture does, as one block, however many elements it was spread over.

use std::collections::HashSet;
use std::sync::Arc;

use super::blocks::{BlockFlags, BlockKind, Blocks, PageBlock};
use super::comments::{self, Comments};
use super::content::{self, ContentScratch};
use super::figures::{self, Evidence, Figure, FigureKind, FigureText};
use super::markup;
use super::metadata::{self, Metadata};
use super::parse::{Options, Parser, TooLong, spec};
use super::selector;
use super::selectors::Selectors;
use super::tree::{NodeId, Tree};
use super::{Attr, Tag};
use crate::document::{About, Block, Comment, Document, Markup, PageKind, Picture, PictureKind, Selected, Standing, primary_language};
use crate::span::ByteSpan;

/// Reads one page after another and keeps its memory.
///
/// ```
/// use copydesk::{Engine, Scratch, html::PageReader};
///
/// let page = "<nav><a href=/>Home</a> <a href=/news>News</a></nav>
///   <article><h1>Ferry back in service</h1>
///   <p>The first ferry in eleven weeks left the harbour on Friday morning, with 212 passengers on board.</p>
///   <figure><img src=/pier.jpg><figcaption>The pier after the repairs. Photo: Jane Doe/Northern Wire</figcaption></figure>
///   <p>The terminal was closed after waves tore two of the four fenders from the pier, the harbour board said.</p></article>
///   <footer><a href=/contact>Contact</a></footer>";
/// let engine = Engine::builder().build()?;
/// let mut reader = PageReader::default();
/// let document = reader.read(page, Some("https://news.example/ferry"))?;
/// let article = engine.clean_with(&document, &mut Scratch::default());
/// assert!(article.text.starts_with("The first ferry") && article.text.ends_with("the harbour board said."));
/// assert_eq!(article.captions[0].text, "The pier after the repairs.");
/// assert_eq!(article.captions[0].credit.as_deref(), Some("Jane Doe/Northern Wire"));
/// assert_eq!(article.captions[0].image_url.as_deref(), Some("https://news.example/pier.jpg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct PageReader {
    parser: Parser,
    by_specification: bool,
    blocks: Blocks,
    content: ContentScratch,
    text: String,
    keeps_markup: bool,
    keeps_comments: bool,
    selectors: Option<Arc<Selectors>>,
    selection: selector::Scratch,
}

impl PageReader {
    /// Keeps how the blocks are marked up, for [`Article::to_markdown`](crate::Article::to_markdown) and
    /// [`Article::to_html`](crate::Article::to_html). It costs a second walk over each page; off unless set.
    #[must_use]
    pub fn with_markup(mut self, yes: bool) -> Self {
        self.keeps_markup = yes;
        self.blocks.note_pieces(yes);
        self
    }

    /// Sets reader comments apart: they are data, [`Article::comments`](crate::Article::comments), and not in the text. Off unless set; then
    /// they are nowhere, or in the text where the main content has them. On a page whose content they are, such as a thread of a forum,
    /// they stay in the text either way.
    #[must_use]
    pub fn with_comments(mut self, yes: bool) -> Self {
        self.keeps_comments = yes;
        self
    }

    /// Looks the selectors of an engine's rules up on each page; without them, rules with `match.css` select nothing.
    #[must_use]
    pub fn with_selectors(mut self, selectors: Option<Arc<Selectors>>) -> Self {
        self.selectors = selectors;
        self
    }

    /// Reads pages with the reference parser, html5ever, instead of the fast one.
    #[must_use]
    pub fn by_specification(mut self, yes: bool) -> Self {
        self.by_specification = yes;
        self
    }

    /// A reader like this one, without its memory.
    pub(crate) fn afresh(&self) -> Self {
        let afresh = Self { selectors: self.selectors.clone(), ..Self::default() };
        afresh.by_specification(self.by_specification).with_markup(self.keeps_markup).with_comments(self.keeps_comments)
    }

    /// Reads a page. `url` is its address: relative links are resolved against it, and rules for its host apply.
    ///
    /// # Errors
    /// Pages of 4 GiB and more are refused.
    pub fn read(&mut self, html: &str, url: Option<&str>) -> Result<Document<'_>, TooLong> {
        let whole = is_fragment(html);
        let parts = if self.by_specification {
            let tree = spec::parse(html, Options::default())?;
            self.parts(&tree, url, whole)
        } else {
            let tree = self.parser.parse(html)?;
            let parts = self.parts(&tree, url, whole);
            self.parser.recycle(tree);
            parts
        };
        let mut document = Document::from_page(&self.text, parts.blocks, parts.about, parts.pictures)
            .with_comments(parts.comments)
            .with_problems(parts.problems)
            .with_whole(parts.is_whole);
        if let Some(markup) = parts.markup {
            document = document.with_markup(markup, &parts.origins);
        }
        if let Some(selected) = parts.selected {
            document = document.with_selected(selected);
        }
        Ok(match url {
            Some(url) => document.with_host(url),
            None => document,
        })
    }

    /// Reads what a tree holds; the text goes to `self.text`. Of a fragment, and of a page whose markup tells no part from another, the whole
    /// is the story: there is nothing to choose by.
    fn parts(&mut self, tree: &Tree<'_>, url: Option<&str>, is_fragment: bool) -> Parts {
        self.blocks.read(tree);
        let list = self.blocks.list();
        let whole = is_fragment || is_flat(tree, &self.blocks);
        let mut chosen: Vec<bool> = if whole {
            list.iter().map(|block| !block.flags.intersects(BlockFlags::HIDDEN)).collect()
        } else {
            content::choose(tree, &self.blocks, &mut self.content).to_vec()
        };
        let mut facts = metadata::read_by(tree, self.blocks.digest(), url);
        let comments = self.comments(tree, &mut facts, &chosen);
        chosen.iter_mut().zip(&comments.blocks).for_each(|(chosen, &is_comment)| *chosen &= !is_comment);
        let story: Vec<NodeId> = list.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(block, _)| block.first).collect();
        let mut found = figures::find_of_story(tree, self.blocks.digest(), url, &story);
        let story_bytes = list.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(block, _)| block.span.len()).sum();
        leave_cards(&mut found, &facts, story_bytes);
        found.sort_by_key(place_of);
        complete(&mut found, &facts);
        let title = if whole { None } else { self.content.title() };
        let is_article = matches!(facts.kind, None | Some(PageKind::Article | PageKind::Documentation | PageKind::Forum));
        if (facts.published.is_none() || facts.authors.is_empty()) && is_article && !whole {
            let headline = title.or_else(|| chosen.iter().position(|&chosen| chosen)).unwrap_or(0);
            self.read_head(&mut facts, headline);
        }
        let mut writer = Writer::new(&mut self.text, list.len() + found.len());
        let mut figures = found.iter().peekable();
        let taken = captioned(&found);
        // Some pages say a caption again beside its picture, for another size of screen.
        let captions = found.iter().filter_map(|figure| figure.caption.as_ref());
        let said: HashSet<&str> =
            captions.map(|caption| caption.text.as_str()).filter(|text| text.split(' ').count() >= LONG_CAPTION).collect();
        for (at, block) in list.iter().enumerate() {
            while let Some(figure) = figures.next_if(|figure| place_of(figure) <= block.first) {
                writer.figure(figure);
            }
            let is_hidden = block.flags.intersects(BlockFlags::HIDDEN);
            if is_hidden && !chosen[at] || is_taken(tree, &taken, block) {
                continue;
            }
            let text = self.blocks.text_of(block);
            let is_caption = block.kind == BlockKind::Caption || said.contains(text);
            let is_story = chosen[at] && title != Some(at) && !is_caption;
            writer.origins.push(Some(at));
            writer.firsts.push(block.first);
            let is_comment = comments.blocks.get(at) == Some(&true);
            let standing = match (is_story, is_comment) {
                (true, _) => Standing::Story,
                (false, true) => Standing::Comment,
                (false, false) => Standing::Outside,
            };
            writer.block(text, block.container, standing);
        }
        figures.for_each(|figure| writer.figure(figure));
        let problems = facts.problems.iter().map(|problem| problem.message.clone()).collect();
        let about = about(facts, || title.map(|title| self.blocks.text_of(&list[title]).to_owned()));
        let markup = self.keeps_markup.then(|| markup::read(tree, &self.blocks, figures::base(tree, url).as_ref()));
        let selected = self.selectors.as_ref().map(|selectors| selectors.select(tree, &writer.firsts, &mut self.selection));
        let (blocks, pictures, origins) = (writer.blocks, writer.pictures, writer.origins);
        Parts { blocks, about, pictures, comments: comments.comments, problems, is_whole: whole, markup, origins, selected }
    }

    /// Reads what stands around the headline: the day, the author.
    fn read_head(&self, facts: &mut Metadata, headline: usize) {
        let list = self.blocks.list();
        let seen = |at: &usize| !list[*at].flags.intersects(BlockFlags::HIDDEN) && list[*at].span.len() <= LONGEST_LINE_OF_HEAD;
        let places = headline.saturating_sub(LINES_ABOVE)..list.len().min(headline + LINES_BELOW);
        let places: Vec<usize> = places.filter(seen).collect();
        let lines: Vec<&str> = places.iter().map(|&at| self.blocks.text_of(&list[at])).collect();
        if facts.published.is_none() {
            facts.add_days(&lines, places.partition_point(|&at| at < headline));
        }
        if facts.authors.is_empty() {
            facts.add_bylines(&lines);
        }
    }

    /// The comments of the page, where they are asked for and are not its content.
    fn comments(&self, tree: &Tree<'_>, facts: &mut Metadata, chosen: &[bool]) -> Comments {
        if !self.keeps_comments || facts.kind == Some(PageKind::Forum) {
            return Comments::default();
        }
        let mut found = comments::find(tree, &self.blocks);
        if found.comments.is_empty() {
            found.comments = std::mem::take(&mut facts.comments);
        } else if are_content(self.blocks.list(), &found, chosen, facts.kind) {
            return Comments::default();
        }
        found
    }
}

/// Whether comments are what a page is about, as in a thread of a forum that does not say that it is one: the main content has more of
/// them than of all else. Where the page says that it is an article and the comments are signed, it takes many more.
fn are_content(blocks: &[PageBlock], found: &Comments, chosen: &[bool], kind: Option<PageKind>) -> bool {
    let bytes = |wanted: bool| -> usize {
        let own = blocks.iter().zip(&found.blocks).zip(chosen).filter(|((_, is_comment), chosen)| **chosen && **is_comment == wanted);
        own.map(|((block, _), _)| block.span.len()).sum()
    };
    let is_article = kind == Some(PageKind::Article) && found.comments.iter().any(|comment| comment.author.is_some());
    bytes(true) > bytes(false) * if is_article { TIMES_AN_ARTICLE } else { 1 }
}

/// Lines above and below the headline that may say who wrote a story and when, and most bytes of one.
const LINES_ABOVE: usize = 8;
const LINES_BELOW: usize = 14;
const LONGEST_LINE_OF_HEAD: usize = 160;

/// How many times as long as an article its comments may be that the main content has.
const TIMES_AN_ARTICLE: usize = 8;

/// Elements that a whole page has, or what is more than the body of an article.
const OF_PAGES: [&str; 9] = ["!doctype", "html", "head", "body", "title", "frameset", "main", "nav", "footer"];

/// Whether this is the body of an article rather than a page, such as what feeds and interfaces of sites hand out: there is
/// nothing around the story that it would have to be told from.
fn is_fragment(html: &str) -> bool {
    let bytes = html.as_bytes();
    !memchr::memchr_iter(b'<', bytes).any(|at| {
        let rest = &bytes[at + 1..];
        OF_PAGES.iter().any(|name| {
            let ends = rest.get(name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
            ends && rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        })
    })
}

/// Whether a page is lines in paragraphs and no more, as programs leave it that strip what they do not know: nothing has a class or an id,
/// and no element says that it is a list, a table or a part of the page.
fn is_flat(tree: &Tree<'_>, blocks: &Blocks) -> bool {
    blocks.boxes().iter().all(|own| {
        let is_plain = matches!(
            own.tag,
            Tag::Html
                | Tag::Body
                | Tag::Document
                | Tag::Main
                | Tag::Article
                | Tag::P
                | Tag::H1
                | Tag::H2
                | Tag::H3
                | Tag::H4
                | Tag::H5
                | Tag::H6
                | Tag::Blockquote
                | Tag::Pre
                | Tag::Figure
                | Tag::Figcaption
        );
        is_plain && !tree.attr_spans(own.node).iter().any(|attr| matches!(attr.name, Attr::Class | Attr::Id))
    })
}

/// What a document is made of.
struct Parts {
    blocks: Vec<Block>,
    about: About,
    pictures: Vec<Picture>,
    comments: Vec<Comment>,
    problems: Vec<String>,
    is_whole: bool,
    markup: Option<Markup>,
    /// For each block of the document the page's block that it is; captions are of several.
    origins: Vec<Option<usize>>,
    selected: Option<Selected>,
}

/// What the page says of its article; `title` gives the headline that readers see, for pages that say none.
fn about(facts: Metadata, title: impl FnOnce() -> Option<String>) -> About {
    About {
        title: facts.title.or_else(title),
        authors: facts.authors,
        published: facts.published,
        modified: facts.modified,
        kind: facts.kind,
        site_name: facts.site_name,
        canonical_url: facts.canonical_url,
        image: facts.image_url,
        description: facts.description,
        tags: facts.tags,
        language: facts.language.as_deref().and_then(primary_language),
    }
}

/// Fewest words of a line that is taken for a caption because it says the same, and of a caption that only the page's data has.
const LONG_CAPTION: usize = 4;

/// Share of the story, in bytes, that captions may be which no element calls captions.
const MOST_BESIDE: (usize, usize) = (1, 4);

/// Leaves the words beside pictures in the story where they are no captions but the cards of a page that sells or presents something:
/// on pages that do not say that they are articles, and where they are much of the story, whose length in bytes is given.
fn leave_cards(figures: &mut Vec<Figure>, facts: &Metadata, story: usize) {
    let beside = |figure: &Figure| matches!(figure.evidence, Evidence::Alt | Evidence::Box);
    let bytes = |figure: &Figure| figure.caption.as_ref().map_or(0, |caption| caption.text.len());
    let sum: usize = figures.iter().filter(|figure| beside(figure)).map(bytes).sum();
    let kind = facts.page_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let is_article = ["article", "posting", "report"].iter().any(|word| kind.contains(word));
    if !is_article || sum * MOST_BESIDE.1 > story * MOST_BESIDE.0 {
        figures.retain(|figure| !beside(figure));
    }
}

/// Adds the captions and credits that only the page's data knows, to the pictures that it gives them for.
fn complete(figures: &mut [Figure], facts: &Metadata) {
    for figure in figures.iter_mut().filter(|figure| figure.credit.is_none() || figure.caption.is_none()) {
        let Some(url) = &figure.image_url else { continue };
        let Some(image) = facts.images.iter().find(|image| image.url.as_ref() == Some(url)) else { continue };
        let text = |text| FigureText { text, nodes: figure.node..figure.node };
        // Programs fill this field with the story's headline, the name of the file or the picture's alternative text as often as not.
        let credit = figure.credit.as_ref().map(|credit| &credit.text);
        let others = [facts.title.as_ref(), facts.description.as_ref(), figure.alt.as_ref(), credit];
        let is_own = |caption: &String| {
            caption.split(' ').count() >= LONG_CAPTION && !others.iter().flatten().any(|other| figures::is_alike(caption, other))
        };
        if figure.caption.is_none() {
            figure.caption = image.caption.clone().filter(is_own).map(text);
        }
        if figure.credit.is_none() && figure.caption.is_some() {
            figure.credit = image.credit.clone().map(text);
        }
    }
}

/// Where a figure stands in the story: its caption, or the picture itself.
fn place_of(figure: &Figure) -> NodeId {
    let caption = figure.caption.as_ref().map(|caption| &caption.nodes).filter(|nodes| !nodes.is_empty());
    caption.map_or(figure.node, |nodes| nodes.start)
}

/// The nodes of all captions and credits, in order.
fn captioned(figures: &[Figure]) -> Vec<std::ops::Range<NodeId>> {
    let mut taken: Vec<_> = figures.iter().flat_map(|figure| figure.nodes.iter().cloned()).collect();
    taken.sort_by_key(|nodes| nodes.start);
    taken
}

/// Whether a block lies in a caption or credit, or in both of them.
fn is_taken(tree: &Tree<'_>, taken: &[std::ops::Range<NodeId>], block: &PageBlock) -> bool {
    let mut at = taken.partition_point(|nodes| nodes.start <= block.first);
    let Some(mut end) = at.checked_sub(1).map(|before| taken[before].end).filter(|&end| block.first < end) else { return false };
    while end <= block.last {
        let Some(next) = taken.get(at).filter(|next| next.start <= block.last) else { return false };
        let mut between = (end.index()..next.start.index()).map(|index| NodeId(index as u32));
        if between.any(|id| tree.is_text(id) && tree.has_ink(id)) {
            return false;
        }
        (end, at) = (end.max(next.end), at + 1);
    }
    true
}

/// Writes the text of a document, block by block.
struct Writer<'t> {
    text: &'t mut String,
    blocks: Vec<Block>,
    pictures: Vec<Picture>,
    origins: Vec<Option<usize>>,
    /// The first node of each block.
    firsts: Vec<NodeId>,
    /// The paragraph of the last block, as the page counts; `None` after a caption.
    container: Option<u32>,
    paragraph: u32,
}

impl<'t> Writer<'t> {
    /// A writer of so many blocks at most.
    fn new(text: &'t mut String, blocks: usize) -> Self {
        text.clear();
        Self {
            text,
            blocks: Vec::with_capacity(blocks),
            pictures: Vec::new(),
            origins: Vec::with_capacity(blocks),
            firsts: Vec::with_capacity(blocks),
            container: None,
            paragraph: 0,
        }
    }

    fn block(&mut self, text: &str, container: u32, standing: Standing) {
        let joined = self.container == Some(container);
        self.push(text, joined, standing);
        self.container = Some(container);
    }

    fn figure(&mut self, figure: &Figure) {
        let picture = Picture {
            kind: match figure.kind {
                FigureKind::Photo => PictureKind::Photo,
                FigureKind::Video => PictureKind::Video,
                FigureKind::Graphic => PictureKind::Graphic,
                FigureKind::Gallery => PictureKind::Gallery,
            },
            block: self.blocks.len(),
            has_caption: figure.caption.is_some(),
            credit: figure.credit.as_ref().map(|credit| credit.text.clone()),
            alt: figure.alt.clone(),
            url: figure.image_url.clone(),
        };
        self.pictures.push(picture);
        if let Some(caption) = &figure.caption {
            self.origins.push(None);
            // A caption without nodes of its own may stand before the block above it, as the page counts.
            self.firsts.push(self.firsts.last().copied().map_or_else(|| place_of(figure), |last| last.max(place_of(figure))));
            self.push(&caption.text, false, Standing::Figure);
            self.container = None;
        }
    }

    fn push(&mut self, text: &str, joined: bool, standing: Standing) {
        if !self.blocks.is_empty() {
            self.text.push_str(if joined { "\n" } else { "\n\n" });
            self.paragraph += u32::from(!joined);
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.blocks.push(Block { span: ByteSpan::new(start, self.text.len()), paragraph: self.paragraph, standing });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_of_an_article_is_story_from_end_to_end() {
        assert!(is_fragment("<h2>Tea</h2><p>For two.<article>x</article><heading>") && is_fragment("") && is_fragment("1 < 2"));
        for page in ["<!DOCTYPE html>x", "<p>x</p><NAV>y", "a<title>b", "<body class=x>"] {
            assert!(!is_fragment(page), "{page}");
        }
        let mut reader = PageReader::default();
        let document = reader.read("<h2>Tea</h2><p>For two.<p hidden>gone", None).unwrap();
        assert_eq!(document.source(), "Tea\n\nFor two.");
        assert!(document.blocks().iter().all(|block| block.standing == Standing::Story));
    }

    #[test]
    fn days_stand_in_lines_around_the_headline() {
        let story = "<p>The vote was close, the office said on Friday, and the count of the last boxes goes on in the old town hall until the evening.</p>";
        let read = |head: &str, lang: &str| {
            let page = format!(
                "<!doctype html><html lang={lang}><title>The vote</title><body><nav><ul><li><a href=/>Home</a></ul></nav><main class=x>{head}{}</main>",
                story.repeat(4)
            );
            let mut reader = PageReader::default();
            let about = reader.read(&page, None).unwrap().about().cloned().unwrap_or_default();
            (about.published, about.modified)
        };
        let day = |day: &str| Some(day.to_owned());
        assert_eq!(read("<h1>The vote</h1><div>By Ann Roe</div><div>May 3, 2024</div>", "en"), (day("2024-05-03"), None));
        assert_eq!(read("<div>3 mai 2024</div><h1>Le vote</h1>", "fr"), (day("2024-05-03"), None));
        assert_eq!(read("<h1>The vote</h1><div>Last updated:</div><div>May 4, 2024</div>", "en"), (None, day("2024-05-04")));
        assert_eq!(read("<h1>The vote</h1><div>The vote of May 3, 2024 was close</div>", "en"), (None, None));
        let list = "<div>May 3, 2024</div><div>May 4, 2024</div><div>May 5, 2024</div>";
        assert_eq!(read(&format!("<h1>Votes</h1>{list}"), "en"), (None, None));
        let meta = "<meta name=date content=2024-05-01>";
        assert_eq!(read(&format!("{meta}<h1>The vote</h1><div>May 3, 2024</div>"), "en").0, day("2024-05-01"));
    }

    #[test]
    fn lines_in_paragraphs_tell_nothing_by_their_markup() {
        let is_whole = |page: &str| {
            let mut reader = PageReader::default();
            let page = format!("<html><body>{page}</body></html>");
            let document = reader.read(&page, None).unwrap();
            document.reads_as() != document.media()
        };
        assert!(is_whole("<h1>Tea</h1><p>For two.</p><p><b>Or</b> <a href=/x>three</a>.</p>"));
        for page in
            ["<p class=x>For two.", "<p>For two.<ul><li>Milk</ul>", "<p>For two.<footer>Contact</footer>", "<div>For</div><div>two.</div>"]
        {
            assert!(!is_whole(page), "{page}");
        }
    }
}
