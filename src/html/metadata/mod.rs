//! What a page says of itself: title, authors, dates, site, language, addresses, tags.
//!
//! ```
//! use copydesk::html::{Parser, metadata};
//!
//! let page = r#"<html lang=en><title>Ferry back in service | Northern Wire</title>
//!   <meta property="article:published_time" content="2024-05-03 09:00:00 +0200">
//!   <script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "Ann Roe"},}</script>
//!   <h1>Ferry back in service</h1>"#;
//! let tree = Parser::default().parse(page)?;
//! let found = metadata::read(&tree, Some("https://news.example/ferry"));
//! assert_eq!(found.title.as_deref(), Some("Ferry back in service"));
//! assert_eq!(found.authors, ["Ann Roe"]);
//! assert_eq!(found.published.as_deref(), Some("2024-05-03T09:00:00+02:00"));
//! assert_eq!(found.source(metadata::Field::Authors), Some(metadata::Source::JsonLd));
//! # Ok::<(), copydesk::html::TooLong>(())
//! ```
//!
//! # Order of trust
//!
//! Pages say the same thing in many places, for search engines, networks, statistics and readers. The first place that says something
//! usable wins:
//!
//! | field | from the most trusted on |
//! | --- | --- |
//! | title | JSON-LD if it is a story of a newsroom, the one `h1`, JSON-LD, Open Graph, Parsely and Sailthru, Twitter, Dublin Core, microdata, `<title>`; without the site's name |
//! | authors | JSON-LD, `meta` (`author`, `byl`), Parsely and Sailthru, Dublin Core, `article:author`, microdata, `rel=author`, a class with the word `author` or `byline`, a line around the headline that begins with `By` |
//! | published | JSON-LD, `article:*`, Parsely and Sailthru, Dublin Core, `meta`, microdata, `<time>`, the address, a line around the headline that is hardly more than a date |
//! | modified | JSON-LD, `article:*`, Open Graph, Dublin Core, `meta`, microdata, a line around the headline that says so |
//! | site name | Open Graph, JSON-LD's publisher, `application-name` |
//! | language | `<html lang>`, JSON-LD, Open Graph, `meta` |
//! | address | `rel=canonical`, Open Graph, JSON-LD |
//! | picture | Open Graph, JSON-LD, Twitter, `rel=image_src` |
//! | tags | JSON-LD, `article:tag`, Parsely and Sailthru, `keywords`, `rel=tag` |
//! | description | Open Graph, `meta`, JSON-LD, Twitter |
//! | type | JSON-LD, Open Graph |
//! | kind | software that makes forums, JSON-LD, microdata, Open Graph |
//!
//! Among the objects of JSON-LD the one for an article counts, then the one for another kind of page; objects inside others (related
//! stories, items of a list) don't. Of an `h1` with a line above the headline in it, the part goes that other places leave out. A site that
//! names itself as the author is believed only where no place names anybody else. Nothing is invented: a date that can't be read is no date.

mod dates;
mod jsonld;
mod kind;
mod people;
mod title;

use std::borrow::Cow;

use serde_json::Value;
use url::Url;

use super::digest::{Digest, Says};
use super::tree::fold_name;
use super::{Attr, NodeId, Tag, Tree};
use crate::document::{Comment, PageKind};
use crate::text::dates::{self as days, Stamp};
use crate::text::masks::{CHUNK, Chunk};
use jsonld::{Graph, Object};
use kind::Kinds;

/// Where a value was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Source {
    /// A script of JSON-LD.
    JsonLd,
    /// `<meta property="og:...">`.
    OpenGraph,
    /// `<meta property="article:...">`.
    Article,
    /// Statistics: `parsely-*`, `sailthru.*`, `cXenseParse:*`.
    Statistics,
    /// `<meta name="twitter:...">`.
    Twitter,
    /// Dublin Core: `dc.*`, `dcterms.*`.
    DublinCore,
    /// A plain `<meta name>`.
    Meta,
    /// Microdata or `RDFa`: `itemprop`, `property`.
    Microdata,
    /// `<link rel>` or `<a rel>`.
    Link,
    /// The `<h1>`.
    Heading,
    /// `<title>`.
    TitleElement,
    /// `<time>`.
    TimeElement,
    /// A class that says what the text is.
    Class,
    /// `<html lang>`.
    HtmlLang,
    /// The page's address.
    Address,
    /// A line around the headline.
    Line,
}

/// A field of [`Metadata`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Field {
    /// [`Metadata::title`].
    Title,
    /// [`Metadata::authors`].
    Authors,
    /// [`Metadata::published`].
    Published,
    /// [`Metadata::modified`].
    Modified,
    /// [`Metadata::site_name`].
    SiteName,
    /// [`Metadata::language`].
    Language,
    /// [`Metadata::canonical_url`].
    CanonicalUrl,
    /// [`Metadata::image_url`].
    ImageUrl,
    /// [`Metadata::tags`].
    Tags,
    /// [`Metadata::description`].
    Description,
    /// [`Metadata::page_type`].
    PageType,
    /// [`Metadata::article_body`].
    ArticleBody,
}

/// A part of the page's metadata that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The element.
    pub node: NodeId,
    /// What is wrong, in lower case.
    pub message: String,
}

/// A picture as JSON-LD describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageObject {
    /// Where it is loaded from, in full where the page's address is known.
    pub url: Option<String>,
    /// What it shows.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
}

/// What a page says of itself; see the [module](self).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// Who wrote it, in the page's order.
    pub authors: Vec<String>,
    /// When it was published: ISO 8601, a day or a time, with an offset where the page has one.
    pub published: Option<String>,
    /// When it was last changed, as `published`.
    pub modified: Option<String>,
    /// The name of the site.
    pub site_name: Option<String>,
    /// The language: a BCP 47 tag as the page writes it, `_` made `-`.
    pub language: Option<String>,
    /// The page's own address, in full.
    pub canonical_url: Option<String>,
    /// The picture for teasers, in full.
    pub image_url: Option<String>,
    /// Keywords, each once.
    pub tags: Vec<String>,
    /// One or two sentences on what it is about.
    pub description: Option<String>,
    /// The kind of page: a type of schema.org (`NewsArticle`) or of Open Graph (`article`).
    pub page_type: Option<String>,
    /// The kind of page, where it says so.
    pub kind: Option<PageKind>,
    /// The comments that JSON-LD has of an article.
    pub comments: Vec<Comment>,
    /// The text of the article as JSON-LD gives it: evidence for where the story is, never to be copied unchecked.
    pub article_body: Option<String>,
    /// The pictures that JSON-LD describes.
    pub images: Vec<ImageObject>,
    /// Which place gave each field, in the order of the fields.
    pub sources: Vec<(Field, Source)>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl Metadata {
    /// Takes the names of bylines around the headline, where nothing else of the page names an author.
    pub(in crate::html) fn add_bylines(&mut self, lines: &[&str]) {
        if let Some(names) = lines.iter().map(|line| people::in_byline(line)).find(|names| !names.is_empty()) {
            self.authors = names;
            self.sources.push((Field::Authors, Source::Line));
            self.sources.sort_unstable();
        }
    }

    /// Takes the days that lines around the headline give, where nothing else of the page gave one. `headline` is the first line that is not
    /// above it. Pages where more than two days stand there are lists of stories.
    pub(in crate::html) fn add_days(&mut self, lines: &[&str], headline: usize) {
        let language = self.language.as_deref();
        let mut days: Vec<(usize, Stamp)> = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            for stamp in days::stamps(line, language) {
                let is_update = stamp.is_update || at > 0 && days::is_update_label(lines[at - 1]);
                days.push((at, Stamp { is_update, ..stamp }));
            }
        }
        let of = |is_update: bool| {
            let mut own = days.iter().filter(|(_, stamp)| stamp.is_update == is_update);
            let first = own.clone().find(|(at, _)| *at >= headline).or_else(|| own.next_back())?;
            Some(first.1.date.clone())
        };
        let mut different: Vec<&str> = days.iter().map(|(_, stamp)| stamp.date.as_str()).collect();
        different.sort_unstable();
        different.dedup();
        if different.len() > 2 {
            return;
        }
        for (field, is_update) in [(Field::Published, false), (Field::Modified, true)] {
            let own = if is_update { &mut self.modified } else { &mut self.published };
            if own.is_none()
                && let Some(day) = of(is_update)
            {
                *own = Some(day);
                self.sources.push((field, Source::Line));
            }
        }
        self.sources.sort_unstable();
    }

    /// Says where a field was read.
    #[must_use]
    pub fn source(&self, field: Field) -> Option<Source> {
        self.sources.iter().find(|(known, _)| *known == field).map(|&(_, source)| source)
    }
}

/// One thing that a page says of itself, as written; see [`candidates`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What it says something of.
    pub field: Field,
    /// Where.
    pub source: Source,
    /// What.
    pub value: String,
}

/// Reads the metadata of a page. `page` is its address, which addresses in it are resolved against.
#[must_use]
pub fn read(tree: &Tree<'_>, page: Option<&str>) -> Metadata {
    let mut digest = Digest::default();
    digest.read(tree);
    read_by(tree, &digest, page)
}

/// The same, by what elements are known to say.
pub(in crate::html) fn read_by(tree: &Tree<'_>, digest: &Digest, page: Option<&str>) -> Metadata {
    let mut notes = Notes::new(tree, digest);
    let mut problems = Vec::new();
    let values = jsonld::scripts(tree, &notes.scripts, &mut problems);
    let graph = Graph::new(&values);
    let mut found = Vec::new();
    from_graph(&graph, &mut found);
    found.append(&mut notes.found);
    let page = page.and_then(|page| Url::parse(page).ok());
    let mut choice = Choice { found: &found, page: page.as_ref(), metadata: Metadata { problems, ..Metadata::default() } };
    choice.run();
    let mut metadata = choice.metadata;
    metadata.images = images(&graph, page.as_ref());
    metadata.comments = comments(&graph);
    notes.kinds.graph(&graph);
    metadata.kind = notes.kinds.best();
    metadata
}

/// Everything that a page says of itself, place by place, before one is chosen: to see why [`read`] chose as it did.
#[must_use]
pub fn candidates(tree: &Tree<'_>) -> Vec<Candidate> {
    let mut digest = Digest::default();
    digest.read(tree);
    let mut notes = Notes::new(tree, &digest);
    let values = jsonld::scripts(tree, &notes.scripts, &mut Vec::new());
    let mut found = Vec::new();
    from_graph(&Graph::new(&values), &mut found);
    found.append(&mut notes.found);
    found
}

/// The ranks of a story of a newsroom and of any article.
const RANK_OF_NEWS: u8 = 9;
const RANK_OF_ARTICLES: u8 = 8;

/// Types of schema.org by how well they describe the page itself.
fn rank(kind: &str) -> u8 {
    match kind {
        "NewsArticle"
        | "ReportageNewsArticle"
        | "AnalysisNewsArticle"
        | "OpinionNewsArticle"
        | "BackgroundNewsArticle"
        | "ReviewNewsArticle"
        | "AskPublicNewsArticle" => RANK_OF_NEWS,
        "Article"
        | "BlogPosting"
        | "TechArticle"
        | "ScholarlyArticle"
        | "Report"
        | "LiveBlogPosting"
        | "SocialMediaPosting"
        | "MedicalScholarlyArticle"
        | "AdvertiserContentArticle"
        | "SatiricalArticle"
        | "APIReference" => RANK_OF_ARTICLES,
        "DiscussionForumPosting"
        | "Question"
        | "Recipe"
        | "HowTo"
        | "Review"
        | "Product"
        | "VideoObject"
        | "PodcastEpisode"
        | "Course"
        | "JobPosting"
        | "Event"
        | "Book"
        | "Movie"
        | "SoftwareApplication"
        | "CreativeWork"
        | "MediaArticle"
        | "Service"
        | "Dataset" => 6,
        "WebPage" | "ItemPage" | "AboutPage" | "FAQPage" | "QAPage" | "MedicalWebPage" | "ContactPage" | "CollectionPage"
        | "ProfilePage" => 3,
        _ => 0,
    }
}

/// Notes what the objects of JSON-LD say.
fn from_graph(graph: &Graph<'_>, found: &mut Vec<Candidate>) {
    let best_type = |object: &Object| jsonld::types(object).map(|kind| (rank(kind), kind.to_owned())).max_by_key(|&(rank, _)| rank);
    let mut tops: Vec<(u8, String, &Object)> =
        graph.tops.iter().filter_map(|&top| best_type(top).filter(|&(rank, _)| rank > 0).map(|(rank, kind)| (rank, kind, top))).collect();
    // The sort keeps the order of the page among equals.
    tops.sort_by_key(|&(rank, ..)| std::cmp::Reverse(rank));
    let mut has_authors = false;
    for (rank, kind, top) in tops {
        if found.len() >= MOST_CANDIDATES {
            break;
        }
        let mut add = |field, value: String| found.push(Candidate { field, source: Source::JsonLd, value });
        let first = |keys: &[&str]| keys.iter().find_map(|key| top.get(*key)?.as_str().map(str::to_owned));
        // The name of a page is often that of its site.
        let titles: &[&str] = if rank > 3 { &["headline", "name"] } else { &["headline"] };
        if let Some(title) = first(titles) {
            add(Field::Title, title);
        }
        if rank > 3 && !has_authors {
            let keys = ["author", "creator"];
            for name in keys.iter().map(|key| graph.texts(top, key)).find(|names| !names.is_empty()).unwrap_or_default() {
                has_authors = true;
                add(Field::Authors, name);
            }
        }
        if let Some(date) = first(&["datePublished", "dateCreated", "uploadDate", "datePosted"]) {
            add(Field::Published, date);
        }
        if let Some(date) = first(&["dateModified"]) {
            add(Field::Modified, date);
        }
        if let Some(name) = graph.texts(top, "publisher").into_iter().next() {
            add(Field::SiteName, name);
        }
        for (field, key) in [(Field::Language, "inLanguage"), (Field::Tags, "keywords")] {
            for text in graph.texts(top, key) {
                add(field, text);
            }
        }
        for (field, key) in [
            (Field::ImageUrl, "image"),
            (Field::ImageUrl, "thumbnailUrl"),
            (Field::CanonicalUrl, "url"),
            (Field::CanonicalUrl, "mainEntityOfPage"),
        ] {
            if let Some(address) = graph.address(top, key) {
                add(field, address);
            }
        }
        for (field, key) in [(Field::Description, "description"), (Field::ArticleBody, "articleBody"), (Field::ArticleBody, "text")] {
            if let Some(text) = top.get(key).and_then(Value::as_str) {
                add(field, text.to_owned());
            }
        }
        add(Field::PageType, kind);
    }
}

/// The pictures that JSON-LD describes with a caption or a credit.
fn images(graph: &Graph<'_>, page: Option<&Url>) -> Vec<ImageObject> {
    let mut images: Vec<ImageObject> = Vec::new();
    for &object in graph.images.iter().take(500) {
        let first = |keys: &[&str]| {
            keys.iter().find_map(|key| graph.texts(object, key).into_iter().map(|text| plain(&text)).find(|text| !text.is_empty()))
        };
        let image = ImageObject {
            url: graph.address(object, "contentUrl").or_else(|| graph.address(object, "url")).and_then(|url| in_full(&url, page)),
            caption: first(&["caption"]),
            credit: first(&["creditText", "copyrightHolder", "creator", "author", "copyrightNotice"]),
        };
        if (image.caption.is_some() || image.credit.is_some()) && !images.contains(&image) {
            images.push(image);
        }
    }
    images
}

/// Most comments that are taken from JSON-LD.
const MOST_COMMENTS: usize = 5_000;

/// The comments of the first article of JSON-LD that has some, each before its replies.
fn comments(graph: &Graph<'_>) -> Vec<Comment> {
    let is_article = |top: &&&Object| jsonld::types(top).any(|kind| rank(kind) >= RANK_OF_ARTICLES);
    let mut comments = Vec::new();
    for top in graph.tops.iter().filter(is_article) {
        let mut open: Vec<(&Value, Option<usize>)> = top.get("comment").map(|value| (value, None)).into_iter().collect();
        while let Some((value, reply_to)) = open.pop().filter(|_| comments.len() < MOST_COMMENTS) {
            match value {
                Value::Array(items) => open.extend(items.iter().rev().map(|item| (item, reply_to))),
                Value::Object(object) => {
                    let place = comment(graph, object, reply_to).map(|comment| {
                        comments.push(comment);
                        comments.len() - 1
                    });
                    open.extend(object.get("comment").map(|replies| (replies, place.or(reply_to))));
                }
                _ => {}
            }
        }
        if !comments.is_empty() {
            break;
        }
    }
    comments
}

fn comment(graph: &Graph<'_>, object: &Object, reply_to: Option<usize>) -> Option<Comment> {
    let text = ["text", "description"].iter().find_map(|key| object.get(*key)?.as_str()).map(plain).filter(|text| !text.is_empty())?;
    let first = |key: &str| object.get(key).and_then(Value::as_str);
    let author = graph.texts(object, "author").into_iter().map(|name| plain(&name)).find(|name| !name.is_empty());
    let date = first("dateCreated").or_else(|| first("datePublished")).and_then(date_of);
    Some(Comment { author, date, text, reply_to })
}

/// The date in a text that is hardly more than one, in ISO 8601.
pub(in crate::html) fn date_of(text: &str) -> Option<String> {
    dates::iso(text).or_else(|| days::first(text, None))
}

/// What elements of the page say.
struct Notes {
    found: Vec<Candidate>,
    scripts: Vec<NodeId>,
    kinds: Kinds,
}

impl Notes {
    fn new(tree: &Tree<'_>, digest: &Digest) -> Self {
        let mut notes = Self { found: Vec::new(), scripts: Vec::new(), kinds: Kinds::default() };
        let mut headings = Vec::new();
        // Where what may be read begins again.
        let mut start = NodeId::ROOT;
        for &id in digest.of_page() {
            if id < start {
                continue;
            }
            match tree.tag(id) {
                Tag::Script if jsonld::is_script(tree, id) => notes.scripts.push(id),
                Tag::Meta => notes.meta(tree, id),
                Tag::Link | Tag::A if digest.of(id).has(Says::REL) => notes.link(tree, id),
                Tag::Title if tree.is_html(id, Tag::Title) => notes.text(Field::Title, Source::TitleElement, tree, id),
                Tag::H1 => headings.push(id),
                Tag::Html => {
                    if let Some(lang) = tree.attr(id, Attr::Lang).or_else(|| tree.attr(id, Attr::XmlLang)) {
                        notes.add(Field::Language, Source::HtmlLang, lang);
                    }
                }
                Tag::Time => {
                    if let Some(date) = tree.attr(id, Attr::Datetime) {
                        notes.add(Field::Published, Source::TimeElement, date);
                    }
                }
                _ => {}
            }
            let says = digest.of(id);
            if says.has(Says::MICRODATA) && tree.tag(id) != Tag::Meta {
                notes.microdata_of(tree, id);
            }
            if says.has(Says::BYLINE) && can_be_byline(tree.tag(id)) {
                notes.text(Field::Authors, Source::Class, tree, id);
            }
            if matches!(tree.tag(id), Tag::Script | Tag::Style | Tag::Template | Tag::Svg) {
                start = tree.end(id);
            }
        }
        // Of several a logo may be one.
        if let [heading] = headings.as_slice() {
            notes.text(Field::Title, Source::Heading, tree, *heading);
        }
        notes
    }

    fn add(&mut self, field: Field, source: Source, value: Cow<'_, str>) {
        if self.found.len() < MOST_CANDIDATES && !value.trim().is_empty() {
            self.found.push(Candidate { field, source, value: value.into_owned() });
        }
    }

    /// Adds the text of an element.
    fn text(&mut self, field: Field, source: Source, tree: &Tree<'_>, id: NodeId) {
        if self.found.len() >= MOST_CANDIDATES {
            return;
        }
        let mut text = String::new();
        let mut unseen_end = id;
        for node in tree.descendants(id).take(MOST_NODES) {
            if node < unseen_end {
                continue;
            }
            if tree.is_unseen(node) {
                unseen_end = tree.end(node);
            } else if tree.is_text(node) {
                text.push(' ');
                text.push_str(&tree.text(node));
                if text.len() > LONGEST_TEXT {
                    return;
                }
            }
        }
        self.add(field, source, Cow::Owned(joined(&text)));
    }

    fn meta(&mut self, tree: &Tree<'_>, id: NodeId) {
        let attrs = tree.attr_spans(id);
        let find = |name: Attr| attrs.iter().find(|attr| attr.name == name);
        let Some(content) = find(Attr::Content).filter(|content| content.len() <= LONGEST_META) else { return };
        // Most say nothing that is asked for, and are not read.
        let value = || tree.attr_value(content);
        for attr in [Attr::Property, Attr::Name, Attr::Itemprop] {
            let Some(names) = find(attr) else { continue };
            for name in fold_name(&tree.attr_value(names)).split_ascii_whitespace().take(MOST_NAMES) {
                if Kinds::are_told_by(name) {
                    self.kinds.meta(name, &value());
                }
                if attr == Attr::Itemprop {
                    if let Some(field) = microdata_field(name) {
                        self.add(field, Source::Microdata, value());
                    }
                } else if let Some((field, source)) = meta_field(name) {
                    self.add(field, source, value());
                }
            }
        }
    }

    fn link(&mut self, tree: &Tree<'_>, id: NodeId) {
        let Some(rel) = tree.attr(id, Attr::Rel) else { return };
        for word in rel.split_ascii_whitespace() {
            let word = word.to_ascii_lowercase();
            match (tree.tag(id), word.as_str()) {
                (Tag::Link, "canonical") => self.address(Field::CanonicalUrl, tree, id),
                (Tag::Link, "image_src") => self.address(Field::ImageUrl, tree, id),
                (Tag::A, "author") => self.text(Field::Authors, Source::Link, tree, id),
                (Tag::A, "tag") => self.text(Field::Tags, Source::Link, tree, id),
                _ => {}
            }
        }
    }

    fn address(&mut self, field: Field, tree: &Tree<'_>, id: NodeId) {
        if let Some(href) = tree.attr(id, Attr::Href) {
            self.add(field, Source::Link, href);
        }
    }

    /// What the microdata of an element say.
    fn microdata_of(&mut self, tree: &Tree<'_>, id: NodeId) {
        let (mut itemprop, mut property) = (None, None);
        for attr in tree.attr_spans(id) {
            let place = match attr.name {
                Attr::Itemprop => &mut itemprop,
                Attr::Property => &mut property,
                Attr::Itemtype if attr.len() <= LONGEST_TYPE => {
                    self.kinds.microdata(&tree.attr_value(attr));
                    continue;
                }
                _ => continue,
            };
            place.get_or_insert(attr);
        }
        if let Some(names) = itemprop.or(property) {
            self.microdata(tree, id, &tree.attr_value(names));
        }
    }

    fn microdata(&mut self, tree: &Tree<'_>, id: NodeId, names: &str) {
        for name in names.split_ascii_whitespace() {
            let name = name.to_ascii_lowercase();
            let Some(field) = microdata_field(name.rsplit(':').next().unwrap_or(&name)) else { continue };
            if is_of_comment(tree, id) {
                continue;
            }
            let written = [Attr::Content, Attr::Datetime].into_iter().find_map(|attr| tree.attr(id, attr));
            match (field, written) {
                (_, Some(value)) => self.add(field, Source::Microdata, value),
                // What says who wrote it is often a box with a picture and a name in it.
                (Field::Authors, None) => {
                    let name =
                        tree.descendants(id).take(100).find(|&inner| tree.attr(inner, Attr::Itemprop).is_some_and(|name| name == "name"));
                    self.text(field, Source::Microdata, tree, name.unwrap_or(id));
                }
                (Field::CanonicalUrl | Field::ImageUrl, None) => {}
                (_, None) => self.text(field, Source::Microdata, tree, id),
            }
        }
    }
}

/// Whether an element may be a byline if its class says so.
fn can_be_byline(tag: Tag) -> bool {
    matches!(tag, Tag::A | Tag::Span | Tag::P | Tag::Div | Tag::Address | Tag::Li | Tag::Strong | Tag::Cite)
}

/// Whether a class is that of a byline.
pub(in crate::html) fn is_byline(class: &str) -> bool {
    let says = |word: &[u8]| [&b"author"[..], b"byline", b"authors", b"autor"].iter().any(|known| word.eq_ignore_ascii_case(known));
    let mut words = class.as_bytes().split(|byte| byte.is_ascii_whitespace() || matches!(byte, b'-' | b'_'));
    // All of them have one of two pairs of letters, most classes have none.
    let mut may_say = class.len() > CHUNK;
    if !may_say {
        Chunk::each(class.as_bytes(), |chunk| {
            let chunk = chunk.lowered();
            may_say = (chunk.equal(b'a') & chunk.equal(b'u') >> 1) | (chunk.equal(b'b') & chunk.equal(b'y') >> 1) != 0;
        });
    }
    may_say && words.any(says)
}

/// Whether an element belongs to a comment, an answer or a review by its microdata.
fn is_of_comment(tree: &Tree<'_>, id: NodeId) -> bool {
    // Longer ones name no type, and reading one for each element in it would take long.
    let itemtype = |id| tree.attr_spans(id).iter().find(|attr| attr.name == Attr::Itemtype).filter(|attr| attr.len() <= LONGEST_TYPE);
    tree.ancestors(id).take(MOST_AROUND).filter_map(itemtype).any(|kind| {
        let kind = tree.attr_value(kind);
        ["Comment", "Answer", "UserComments", "Review"].contains(&kind.trim_end_matches('/').rsplit('/').next().unwrap_or_default())
    })
}

/// Most things that are noted of one page's elements and, but for the last object's, of its JSON-LD; and most bytes of a text that is
/// shown, or of the site's name.
const MOST_CANDIDATES: usize = 2_000;
const LONGEST_TEXT: usize = 600;

/// Bytes of the content of a `<meta>` that is read, and names of one that are looked at: each may take a copy of it.
const LONGEST_META: u32 = 20_000;
const MOST_NAMES: usize = 10;

/// Most bytes of the address of a type.
const LONGEST_TYPE: u32 = 400;

/// Most nodes of an element whose text is read, and most elements around one that are looked at.
const MOST_NODES: usize = 300;
const MOST_AROUND: usize = 48;

/// What a name of `<meta>` says, in lower case.
fn meta_field(name: &str) -> Option<(Field, Source)> {
    use Field::{Authors, CanonicalUrl, Description, ImageUrl, Language, Modified, PageType, Published, SiteName, Tags, Title};
    use Source::{Article, DublinCore, Meta, OpenGraph, Statistics, Twitter};
    Some(match name {
        "og:title" => (Title, OpenGraph),
        "og:site_name" => (SiteName, OpenGraph),
        "og:locale" => (Language, OpenGraph),
        "og:url" => (CanonicalUrl, OpenGraph),
        "og:image" | "og:image:url" | "og:image:secure_url" => (ImageUrl, OpenGraph),
        "og:description" => (Description, OpenGraph),
        "og:type" => (PageType, OpenGraph),
        "og:updated_time" => (Modified, OpenGraph),
        "article:published_time" | "og:article:published_time" | "article:published" | "og:published_time" | "og:pubdate" => {
            (Published, Article)
        }
        "article:modified_time" | "og:article:modified_time" | "article:modified" => (Modified, Article),
        "article:author" | "og:article:author" | "article:author:name" | "article:author_name" | "book:author" => (Authors, Article),
        "article:tag" | "og:article:tag" => (Tags, Article),
        "parsely-title" | "sailthru.title" | "cxenseparse:title" => (Title, Statistics),
        "parsely-author" | "sailthru.author" | "cxenseparse:author" | "cxenseparse:bfu-author" => (Authors, Statistics),
        "parsely-pub-date" | "sailthru.date" | "cxenseparse:publishtime" | "cxenseparse:recs:publishtime" | "bt:pubdate" => {
            (Published, Statistics)
        }
        "parsely-tags" | "sailthru.tags" => (Tags, Statistics),
        "parsely-link" => (CanonicalUrl, Statistics),
        "twitter:title" => (Title, Twitter),
        "twitter:description" => (Description, Twitter),
        "twitter:image" | "twitter:image:src" => (ImageUrl, Twitter),
        "dc.title" | "dcterms.title" | "dc:title" | "citation_title" | "eprints.title" => (Title, DublinCore),
        "dc.creator" | "dcterms.creator" | "dc:creator" | "citation_author" | "dcsext.author" => (Authors, DublinCore),
        "dc.date"
        | "dc.date.issued"
        | "dcterms.issued"
        | "dcterms.date"
        | "dc:date"
        | "dcterms.created"
        | "dc.date.created"
        | "dc.issued"
        | "citation_publication_date"
        | "citation_date"
        | "citation_online_date" => (Published, DublinCore),
        "dcterms.modified" | "dc.date.modified" => (Modified, DublinCore),
        "dc.language" | "dcterms.language" => (Language, DublinCore),
        "dc.subject" | "dcterms.subject" => (Tags, DublinCore),
        "dc.description" | "dcterms.description" => (Description, DublinCore),
        "author" | "byl" | "authors" | "article_author" | "article-author" | "byline" | "vr:author" | "shareaholic:article_author_name" => {
            (Authors, Meta)
        }
        "date"
        | "pubdate"
        | "publishdate"
        | "publish-date"
        | "publish_date"
        | "publication_date"
        | "publication-date"
        | "published"
        | "article_date_original"
        | "datepublished"
        | "date_published"
        | "created"
        | "originalpublicationdate"
        | "rnews:datepublished"
        | "vr:published_time"
        | "published-date"
        | "publisheddate"
        | "release_date"
        | "pub_date"
        | "pdate"
        | "ptime"
        | "firstpublishedtime"
        | "shareaholic:article_published_time"
        | "article.published"
        | "published_at"
        | "dateposted"
        | "date-published" => (Published, Meta),
        "last-modified" | "lastmod" | "modified" | "datemodified" | "date_modified" | "lastmodifieddate" | "updated" | "utime"
        | "article.updated" | "revision_date" | "modified_time" => (Modified, Meta),
        "language" | "content-language" => (Language, Meta),
        "keywords" | "news_keywords" => (Tags, Meta),
        "description" => (Description, Meta),
        "application-name" | "apple-mobile-web-app-title" => (SiteName, Meta),
        _ => return None,
    })
}

/// What a property of microdata says, in lower case.
fn microdata_field(name: &str) -> Option<Field> {
    Some(match name {
        "headline" => Field::Title,
        "author" | "creator" => Field::Authors,
        "datepublished" => Field::Published,
        "datemodified" => Field::Modified,
        "keywords" => Field::Tags,
        _ => return None,
    })
}

/// Chooses among what was found.
struct Choice<'c> {
    found: &'c [Candidate],
    page: Option<&'c Url>,
    metadata: Metadata,
}

impl<'c> Choice<'c> {
    fn run(&mut self) {
        use Source::{
            Address, Article, Class, DublinCore, Heading, HtmlLang, JsonLd, Link, Meta, Microdata, OpenGraph, Statistics, TimeElement,
            TitleElement, Twitter,
        };
        let page = self.page;
        self.metadata.site_name = self.first(Field::SiteName, &[OpenGraph, JsonLd, Meta], |text| {
            // Each title is compared with it.
            Some(joined(text)).filter(|name| name.len() <= LONGEST_TEXT)
        });
        let heading = self.found.iter().find(|found| found.source == Heading).map(|found| found.value.clone());
        let site = self.metadata.site_name.clone();
        // Newsrooms keep the headline in JSON-LD with the story; elsewhere it is what somebody once wrote for search engines.
        let is_news = self.at(Field::PageType, JsonLd).next().is_some_and(|kind| rank(kind) == RANK_OF_NEWS);
        let (first, second) = if is_news { (JsonLd, Heading) } else { (Heading, JsonLd) };
        let titles = [first, second, OpenGraph, Statistics, Twitter, DublinCore, Microdata, TitleElement];
        let host = page.and_then(Url::host_str);
        let bare = |text: &str| title::without_site(&plain(text), site.as_deref(), host, heading.as_deref());
        self.metadata.title =
            self.first(Field::Title, &titles, |text| Some(bare(text)).filter(|title| title::can_be(title, site.as_deref(), host)));
        if self.metadata.source(Field::Title) == Some(Heading)
            && let Some(whole) = &self.metadata.title
        {
            let others = [JsonLd, OpenGraph, Twitter].into_iter().flat_map(|source| self.at(Field::Title, source));
            let end = others.map(bare).find(|title| title::is_end_of(title, whole));
            if end.is_some() {
                self.metadata.title = end;
            }
        }
        self.authors(&[JsonLd, Meta, Statistics, DublinCore, Article, Microdata, Link, Class]);
        self.metadata.language = self.first(Field::Language, &[HtmlLang, JsonLd, OpenGraph, DublinCore, Meta], language);
        let published = [JsonLd, Article, Statistics, DublinCore, Meta, Microdata, TimeElement];
        self.metadata.published = self.first(Field::Published, &published, dates::iso);
        if self.metadata.published.is_none() {
            let language = self.metadata.language.clone();
            let in_text = |text: &str| days::first(text, language.as_deref());
            self.metadata.published = self.first(Field::Published, &[Microdata, TimeElement], in_text);
        }
        if self.metadata.published.is_none()
            && let Some(date) = page.and_then(|page| dates::in_address(page.as_str()))
        {
            self.metadata.published = Some(date);
            self.metadata.sources.push((Field::Published, Address));
        }
        self.metadata.modified = self.first(Field::Modified, &[JsonLd, Article, OpenGraph, DublinCore, Meta, Microdata], dates::iso);
        self.metadata.canonical_url = self.first(Field::CanonicalUrl, &[Link, OpenGraph, JsonLd, Statistics], |text| in_full(text, page));
        self.metadata.image_url = self.first(Field::ImageUrl, &[OpenGraph, JsonLd, Twitter, Link], |text| in_full(text, page));
        self.tags(&[JsonLd, Article, Statistics, Meta, DublinCore, Microdata, Link]);
        self.metadata.description =
            self.first(Field::Description, &[OpenGraph, Meta, JsonLd, Twitter, DublinCore], |text| Some(plain(text)));
        self.metadata.page_type = self.first(Field::PageType, &[JsonLd, OpenGraph], |text| Some(joined(text)));
        self.metadata.article_body = self.first(Field::ArticleBody, &[JsonLd], |text| Some(text.trim().to_owned()));
        self.metadata.sources.sort_unstable();
    }

    /// What was found for a field at one place.
    fn at(&self, field: Field, source: Source) -> impl Iterator<Item = &'c str> {
        self.found.iter().filter(move |found| found.field == field && found.source == source).map(|found| found.value.as_str())
    }

    /// The first value that `read` can read, by the order of the places.
    fn first(&mut self, field: Field, sources: &[Source], read: impl Fn(&str) -> Option<String>) -> Option<String> {
        let read = |text: &str| read(text).filter(|text| !text.is_empty());
        let (source, value) = sources.iter().find_map(|&source| Some((source, self.at(field, source).find_map(read)?)))?;
        self.metadata.sources.push((field, source));
        Some(value)
    }

    fn authors(&mut self, sources: &[Source]) {
        let site = self.metadata.site_name.clone();
        let host = self.page.and_then(Url::host_str);
        let is_site = |name: &str| title::is_site(name, site.as_deref(), host);
        // First those who are persons by their names, then anyone.
        for any in [false, true] {
            for &source in sources {
                let mut names = Vec::new();
                // Of boxes by class the first is the byline, others are comments and teasers.
                let most = if source == Source::Class { MOST_BYLINES } else { usize::MAX };
                for text in self.at(Field::Authors, source).take(most) {
                    let before = names.len();
                    people::add(&mut names, &plain(text), source == Source::Class);
                    if source == Source::Class && names.len() > before {
                        break;
                    }
                }
                names.retain(|name| any || !is_site(name) && people::is_person(name));
                if !names.is_empty() {
                    self.metadata.authors = names;
                    self.metadata.sources.push((Field::Authors, source));
                    return;
                }
            }
        }
    }

    fn tags(&mut self, sources: &[Source]) {
        for &source in sources {
            let mut tags: Vec<String> = Vec::new();
            for text in self.at(Field::Tags, source).flat_map(|text| text.split([',', ';'])) {
                let tag = plain(text);
                if !tag.is_empty() && tags.len() < MOST_TAGS && !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
            if !tags.is_empty() {
                self.metadata.tags = tags;
                self.metadata.sources.push((Field::Tags, source));
                return;
            }
        }
    }
}

/// Most boxes that are looked at for a byline.
const MOST_BYLINES: usize = 8;

/// Most tags of a page.
const MOST_TAGS: usize = 100;

/// White space joined.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// The text of a value that may have tags and references in it, as JSON-LD has them at times.
fn plain(text: &str) -> String {
    // A tag, a NUL, or the beginning of a reference.
    let begins = |at: usize| match text.as_bytes()[at] {
        b'&' => text.as_bytes().get(at + 1).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'#'),
        _ => true,
    };
    if !memchr::memchr3_iter(b'<', b'&', 0, text.as_bytes()).any(begins) {
        return joined(text);
    }
    let parsed = super::Parser::default();
    let mut parser = parsed;
    parser.parse_fragment(text, super::Context::default()).map_or_else(|_| joined(text), |tree| joined(&tree.text_content(NodeId::ROOT)))
}

/// An address in full.
fn in_full(address: &str, page: Option<&Url>) -> Option<String> {
    let address = address.trim();
    let url = match page {
        Some(page) => page.join(address).ok()?,
        None => Url::parse(address).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

/// A language tag: letters in two or three, then parts of letters and digits.
fn language(text: &str) -> Option<String> {
    let tag = text.trim().split([',', ' ', ';']).next()?.replace('_', "-");
    let mut parts = tag.split('-');
    let first = parts.next()?;
    let is_tag = (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    is_tag.then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Parser;

    fn read_page(page: &str) -> Metadata {
        let tree = Parser::default().parse(page).expect("it is short enough");
        read(&tree, Some("https://news.example/2024/05/03/story"))
    }

    #[test]
    fn a_meta_of_many_names_or_much_content_is_not_copied_for_each() {
        let found = |names: usize, bytes: usize| {
            let page = format!("<meta property='{}' content='{}'>", "og:title ".repeat(names), "x".repeat(bytes));
            candidates(&Parser::default().parse(&page).expect("it is short enough")).len()
        };
        assert_eq!([found(1, 5), found(3, 5), found(1_000, 5), found(1, LONGEST_META as usize + 1)], [1, 3, MOST_NAMES, 0]);
    }

    #[test]
    fn titles_are_found_in_their_order() {
        let cases = [
            ("<title>Ferry back in service | Wire</title>", "Ferry back in service", Source::TitleElement),
            ("<title>a</title><meta property=og:title content='Ferry back'>", "Ferry back", Source::OpenGraph),
            ("<meta property=og:title content='Ferry'><h1>Ferry back</h1>", "Ferry back", Source::Heading),
            (
                "<meta property=og:title content='Ferry back in service'><h1>Harbour <b>Ferry back in service</b></h1>",
                "Ferry back in service",
                Source::Heading,
            ),
            (
                "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"Ferry\"}</script><h1>Boat</h1>",
                "Ferry",
                Source::JsonLd,
            ),
            (
                "<script type=application/ld+json>{\"@type\":\"BlogPosting\",\"headline\":\"Ferry\"}</script><h1>Boat</h1>",
                "Boat",
                Source::Heading,
            ),
            ("<h1>Logo</h1><h1>Ferry</h1><meta name=twitter:title content='Fish &amp;amp; chips'>", "Fish & chips", Source::Twitter),
        ];
        for (page, title, source) in cases {
            let found = read_page(page);
            assert_eq!((found.title.as_deref(), found.source(Field::Title)), (Some(title), Some(source)), "{page}");
        }
    }

    #[test]
    fn authors_are_found_in_their_order() {
        let cases: &[(&str, &[&str], Option<Source>)] = &[
            ("<meta name=author content='By Ann Roe and Bo Lee'>", &["Ann Roe", "Bo Lee"], Some(Source::Meta)),
            (
                "<meta property=article:author content=https://social.example/roe><a rel=author>Ann Roe</a>",
                &["Ann Roe"],
                Some(Source::Link),
            ),
            (
                "<meta property=og:site_name content='The Wire'><meta name=author content='The Wire'><p class=byline>By Ann Roe</p>",
                &["Ann Roe"],
                Some(Source::Class),
            ),
            ("<meta property=og:site_name content='The Wire'><meta name=author content='The Wire'>", &["The Wire"], Some(Source::Meta)),
            ("<div itemprop=author><img><span itemprop=name>Ann Roe</span>Editor</div>", &["Ann Roe"], Some(Source::Microdata)),
            ("<div itemscope itemtype=https://schema.org/Comment><span itemprop=author>Cy Doe</span></div>", &[], None),
            ("<p>By nobody in particular</p>", &[], None),
        ];
        for (page, authors, source) in cases {
            let found = read_page(page);
            assert_eq!(
                (found.authors.as_slice(), found.source(Field::Authors)),
                (&authors.iter().map(|&a| a.to_owned()).collect::<Vec<_>>()[..], *source),
                "{page}"
            );
        }
    }

    #[test]
    fn the_other_fields_are_found() {
        let page = r#"<html lang=en_GB><base href=/x/><link rel=canonical href=/story>
            <meta property=og:image content=//img.example/a.jpg><meta name=description content=" A  ferry. ">
            <meta name=keywords content="ferry, harbour;ferry"><meta property=og:site_name content="Northern Wire">
            <meta property=article:modified_time content=2024-05-04T09:00:00Z>
            <script type="application/ld+json">{"@graph":[{"@type":"WebPage","name":"x"},{"@type":["Article"],"articleBody":" The ferry. ",
              "image":{"@type":"ImageObject","url":"/b.jpg","caption":"The ferry","creditText":"Ann Roe"}}]}</script>"#;
        let found = read_page(page);
        assert_eq!(found.language.as_deref(), Some("en-GB"));
        assert_eq!(found.canonical_url.as_deref(), Some("https://news.example/story"));
        assert_eq!(found.image_url.as_deref(), Some("https://img.example/a.jpg"));
        assert_eq!(found.description.as_deref(), Some("A ferry."));
        assert_eq!(found.tags, ["ferry", "harbour"]);
        assert_eq!(found.site_name.as_deref(), Some("Northern Wire"));
        assert_eq!(found.modified.as_deref(), Some("2024-05-04T09:00:00Z"));
        assert_eq!((found.published.as_deref(), found.source(Field::Published)), (Some("2024-05-03"), Some(Source::Address)));
        assert_eq!(found.page_type.as_deref(), Some("Article"));
        assert_eq!(found.article_body.as_deref(), Some("The ferry."));
        let image = ImageObject {
            url: Some("https://news.example/b.jpg".to_owned()),
            caption: Some("The ferry".to_owned()),
            credit: Some("Ann Roe".to_owned()),
        };
        assert_eq!(found.images, [image]);
        assert!(found.sources.is_sorted());
    }

    #[test]
    fn broken_json_is_reported_and_the_rest_is_read() {
        let deep = "[".repeat(100_000);
        let page = format!(
            "<script type=application/ld+json>{deep}</script><script type=application/ld+json>{{\"@type\":\"Article\",\"name\":\"A\"}}</script>"
        );
        let found = read_page(&page);
        assert_eq!(found.title.as_deref(), Some("A"));
        assert!(found.problems[0].message.starts_with("JSON-LD is left out: recursion limit exceeded"), "{:?}", found.problems);
    }

    #[test]
    fn an_empty_page_says_nothing() {
        let tree = Parser::default().parse("").expect("it is short");
        assert_eq!(read(&tree, None), Metadata::default());
        assert_eq!(read(&tree, Some("not an address")), Metadata::default());
    }

    #[test]
    fn long_pages_take_linear_time() {
        let item = r#"{"@type":"NewsArticle","headline":"A","author":[{"name":"Ann Roe"}],"keywords":"a,b,c"},"#;
        let json = format!("<script type=application/ld+json>[{}]</script>", item.repeat(12_000));
        read_page(&json);
        read_page(&"<div class='author date' itemprop=author itemscope itemtype=/Comment>".repeat(100_000));
        read_page(&"<meta name=author content='A, B'>".repeat(100_000));
        read_page(&format!("<script type=application/ld+json>{}</script>", ", ,{".repeat(200_000)));
        read_page(&format!("<meta name=author content='{}'>", "Roe,".repeat(200_000)));
        let titles = "<meta property=og:title content=' - b'>".repeat(2_000);
        read_page(&format!("<meta property=og:site_name content='{}'>{titles}", "s".repeat(1_000_000)));
    }

    #[test]
    fn what_many_objects_refer_to_is_not_copied_without_end() {
        let article = r##"{"@type":"Article","publisher":{"@id":"#p"},"keywords":{"@id":"#p"},"image":{"@id":"#i"}},"##;
        let long = "n".repeat(1_000_000);
        let json = format!(r##"[{}{{"@id":"#p","name":"{long}","a":1}},{{"@id":"#i","url":"{long}","a":1}}]"##, article.repeat(5_000));
        let page = format!("<script type=application/ld+json>{json}</script>");
        let found = candidates(&Parser::default().parse(&page).expect("it is short enough"));
        assert!(found.len() <= MOST_CANDIDATES + 1_000 && found.iter().all(|found| found.value.len() <= 10_000));
    }
}
