//! Applying decisions: from blocks and decisions to the article.
//!
//! The text is made of slices of the source, nothing is added: where blocks were dropped, one of the gaps between them stays, the
//! one with a blank line if any. Everything dropped is recorded with the white space that went with it, so that the source
//! can be put together again.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::article::{Article, Dropped, Status};
use crate::captions::{self, Markup, Part};
use crate::document::{Block, Document, Picture, Standing};
use crate::engine::{Engine, Outcome, Scratch};
use crate::html::{PageReader, TooLong};
use crate::rules::{Category, RuleId, Tag};
use crate::span::ByteSpan;
use crate::text::dates;

/// Most authors, or agencies, of one article.
const MOST_NAMES: usize = 1_000;

impl Engine {
    /// Cleans plain text.
    pub fn clean<'s>(&self, text: &'s str) -> Article<'s> {
        self.clean_document(&Document::from_text(text))
    }

    /// Cleans a document.
    ///
    /// ```
    /// use copydesk::{Document, Engine};
    /// let engine = Engine::builder().build().unwrap();
    /// let document = Document::from_text("Werbung\n\nDie Wahl war knapp.").with_language("de");
    /// assert_eq!(engine.clean_document(&document).text, "Die Wahl war knapp.");
    /// ```
    pub fn clean_document<'s>(&self, document: &Document<'s>) -> Article<'s> {
        self.clean_with(document, &mut Scratch::default())
    }

    /// Cleans a document with buffers of an earlier one.
    pub fn clean_with<'s>(&self, document: &Document<'s>, scratch: &mut Scratch) -> Article<'s> {
        let language = Self::language(document);
        let outcome = self.decide(document, language.as_deref(), scratch);
        self.assemble(document, language, &outcome)
    }

    /// Cleans a page. The article is its own, and keeps how the page was marked up. `url` is the page's address, where it is known: links
    /// are resolved against it, and rules for its host apply.
    ///
    /// Who reads many pages saves allocations with a [`PageReader`] and a [`Scratch`] for each thread.
    ///
    /// ```
    /// let page = "<h1>Ferry back in service</h1><p>The first ferry in eleven weeks left the harbour on Friday morning, the board said.</p>";
    /// let article = copydesk::Engine::builder().build()?.clean_html(page, Some("https://news.example/ferry"))?;
    /// assert!(article.text.contains("The first ferry in eleven weeks"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Pages of 4 GiB and more are refused.
    pub fn clean_html(&self, html: &str, url: Option<&str>) -> Result<Article<'static>, TooLong> {
        let mut reader = PageReader::default().with_markup(true).with_selectors(self.selectors());
        let document = reader.read(html, url)?;
        Ok(self.clean_document(&document).into_owned())
    }

    /// Makes the article from what was decided.
    pub(crate) fn assemble<'s>(&self, document: &Document<'s>, language: Option<String>, outcome: &Outcome<'_>) -> Article<'s> {
        let source = document.source();
        let mut article = Article {
            text: Cow::Borrowed(source),
            title: None,
            language,
            authors: Vec::new(),
            agency: Vec::new(),
            dateline: None,
            timestamps: Vec::new(),
            captions: Vec::new(),
            dropped: Vec::new(),
            comments: document.comments().to_vec(),
            about: document.about().cloned().unwrap_or_default(),
            status: Status::Ok,
            markup: document.markup().cloned(),
        };
        article.title = article.about.title.take().map(Cow::Owned);
        article.authors = std::mem::take(&mut article.about.authors);
        if document.blocks().is_empty() {
            article.status = Status::Empty;
            return article;
        }
        let (all, gone) = outcome.prose;
        if all > 0 && gone as f64 > f64::from(self.guard_share()) * all as f64 {
            article.status = Status::Refused;
            return article;
        }
        fields(document, outcome, self.agency_labels(), &mut article);
        add_days(&mut article);
        let drops = drops(document, outcome);
        if !drops.is_empty() || !document.pictures().is_empty() {
            apply(document, outcome, drops, self.credit_labels(), &mut article);
        }
        if article.text.trim().is_empty() {
            article.status = Status::Empty;
        }
        article
    }
}

/// Reads the timestamps, where nothing else says when the article was published or changed.
fn add_days(article: &mut Article<'_>) {
    let language = article.language.as_deref();
    for stamp in article.timestamps.iter().take(MOST_NAMES).flat_map(|line| dates::stamps(line, language)) {
        let own = if stamp.is_update { &mut article.about.modified } else { &mut article.about.published };
        if own.is_none() {
            *own = Some(stamp.date);
        }
    }
}

/// A part of the source that leaves: a whole block or a span of one.
struct Drop<'o> {
    span: ByteSpan,
    block: usize,
    whole: bool,
    category: Category,
    rule: &'o RuleId,
    part: Option<Part>,
}

/// Everything that leaves, in order.
fn drops<'o>(document: &Document<'_>, outcome: &'o Outcome<'_>) -> Vec<Drop<'o>> {
    let source = document.source();
    let mut drops = Vec::new();
    let mut cuts = outcome.cuts.iter().copied().peekable();
    for (block, &Block { span, standing, .. }) in document.blocks().iter().enumerate() {
        let first = drops.len();
        let mut left = Vec::new();
        while let Some(cut) = cuts.next_if(|&cut| outcome.hits[cut].block == block) {
            let piece = outcome.piece(cut);
            left.push(piece.span);
            drops.push(Drop { span: piece.span, block, whole: false, category: piece.category, rule: piece.rule, part: None });
        }
        let winner = outcome.winners[block].filter(|_| outcome.dropped[block]);
        if let (None, true) = (winner, outcome.dropped[block]) {
            drops.truncate(first);
            drops.push(by_page(span, block, standing));
        } else if let Some(winner) = winner {
            let piece = outcome.piece(winner);
            let part = part(source, span, &piece, &left);
            drops.truncate(first);
            drops.push(Drop { span, block, whole: true, category: piece.category, rule: piece.rule, part });
        } else if !left.is_empty() && is_bare(source, span, &left) {
            // Nothing but punctuation would stay of the block.
            drops.truncate(first + 1);
            let drop = &mut drops[first];
            (drop.span, drop.whole) = (span, true);
        }
    }
    drops
}

/// The name under which blocks go that stand outside the main content of a page.
static MAIN_CONTENT: LazyLock<RuleId> = LazyLock::new(|| RuleId::new("html.main_content"));
/// The name under which readers' comments go.
static COMMENTS: LazyLock<RuleId> = LazyLock::new(|| RuleId::new("html.comments"));
/// The name under which captions are taken out that the markup of a page shows.
static FIGURE: LazyLock<RuleId> = LazyLock::new(|| RuleId::new("html.figure"));

/// A block that leaves because of where it stands on its page.
fn by_page<'o>(span: ByteSpan, block: usize, standing: Standing) -> Drop<'o> {
    let (category, rule) = match standing {
        Standing::Figure => (Category::Caption, &*FIGURE),
        Standing::Comment => (Category::Comments, &*COMMENTS),
        Standing::Story | Standing::Outside => (Category::Other, &*MAIN_CONTENT),
    };
    Drop { span, block, whole: true, category, rule, part: None }
}

/// Whether a block without its cuts has no letter or digit left.
fn is_bare(source: &str, block: ByteSpan, cuts: &[ByteSpan]) -> bool {
    !without(source, block, cuts).chars().any(char::is_alphanumeric)
}

/// The text of a span without the cuts that lie in it.
fn without(source: &str, span: ByteSpan, cuts: &[ByteSpan]) -> String {
    let mut text = String::with_capacity(span.len());
    let mut at = span.start;
    for cut in cuts.iter().filter(|cut| cut.start >= span.start && cut.end <= span.end) {
        text.push_str(&source[at..cut.start.max(at)]);
        at = cut.end.max(at);
    }
    text.push_str(&source[at..span.end]);
    text
}

/// What a dropped line says about a picture, if it does.
fn part(source: &str, block: ByteSpan, piece: &crate::engine::Piece<'_>, cuts: &[ByteSpan]) -> Option<Part> {
    let tag = piece.tag?;
    let group = |tag: Tag| piece.groups.iter().find(|group| group.0 == tag).map(|group| neat(&without(source, group.1, cuts)));
    let whole = || Some(neat(&without(source, block, cuts)));
    let mut part = Part {
        caption: None,
        credit: None,
        alt: None,
        beside_previous: false,
        after_paragraph: 0,
        offset: 0,
        rule: piece.rule.clone(),
        picture: None,
    };
    match tag {
        Tag::Caption => {
            part.caption = if piece.groups.is_empty() { whole() } else { group(Tag::Caption) };
            part.credit = group(Tag::Credit);
            part.alt = group(Tag::Alt);
        }
        Tag::Credit => part.credit = group(Tag::Credit).or_else(whole),
        Tag::Alt => part.alt = group(Tag::Alt).or_else(whole),
        _ => return None,
    }
    Some(part)
}

/// A text on one line, without stray separators at its end.
fn neat(text: &str) -> String {
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    spaced
        .trim_matches(|c: char| matches!(c, '|' | '/' | '–' | '—' | '-' | '·' | '•' | ',' | '、' | ';') || c.is_whitespace())
        .trim_end_matches(['(', '[', '（'])
        .trim_end()
        .to_owned()
}

/// Fills the fields that lines of the text give: authors, agencies, dateline, times.
fn fields<'s>(document: &Document<'s>, outcome: &Outcome<'_>, agencies: &captions::Labels, article: &mut Article<'s>) {
    let source = document.source();
    // A page that names its authors names them better than its bylines do.
    let authors_known = !article.authors.is_empty();
    let mut hits: Vec<usize> = outcome.winners.iter().flatten().chain(&outcome.spans).copied().collect();
    hits.sort_by_key(|&hit| outcome.hits[hit].found.span.start);
    for hit in hits {
        let piece = outcome.piece(hit);
        let Some(tag) = piece.tag else { continue };
        let groups = piece.groups.iter().copied();
        let values: Vec<(Tag, ByteSpan)> = if piece.groups.is_empty() { vec![(tag, piece.span)] } else { groups.collect() };
        for (tag, span) in values.into_iter().filter(|value| !(authors_known && value.0 == Tag::Byline)) {
            field(tag, span.of(source), agencies, article);
        }
    }
}

/// Fills one field.
fn field<'s>(tag: Tag, text: &'s str, agencies: &captions::Labels, article: &mut Article<'s>) {
    // A text names a handful of authors; whoever writes thousands of bylines need not be compared with all of them.
    let add = |list: &mut Vec<String>, value: String| {
        if !value.is_empty() && list.len() < MOST_NAMES && !list.contains(&value) {
            list.push(value);
        }
    };
    match tag {
        Tag::Byline => add(&mut article.authors, neat(text)),
        Tag::Agency => add(&mut article.agency, agencies.name(&neat(text))),
        Tag::Dateline => article.dateline = article.dateline.take().or_else(|| Some(neat(text))),
        Tag::Timestamp => article.timestamps.push(text.into()),
        Tag::Headline => article.title = article.title.take().or(Some(Cow::Borrowed(text))),
        Tag::Caption | Tag::Credit | Tag::Alt | Tag::AuthorBio => {}
    }
}

/// Takes the drops out of the text and records them.
fn apply<'s>(document: &Document<'s>, outcome: &Outcome<'_>, drops: Vec<Drop<'_>>, labels: &captions::Labels, article: &mut Article<'s>) {
    let source = document.source();
    let ranges = ranges(document, outcome, &drops);
    let mut text = String::with_capacity(source.len());
    let mut at = 0;
    let mut gatherer =
        Gatherer { document, outcome, counter: Counter::new(document, outcome), parts: Vec::new(), homes: Vec::new(), last: None };
    let mut pictures = document.pictures().iter().peekable();
    for (drop, range) in drops.into_iter().zip(ranges) {
        let is_before = |picture: &&Picture| picture.block < drop.block || picture.block == drop.block && !picture.has_caption;
        while let Some(picture) = pictures.next_if(is_before) {
            at = gatherer.picture(picture, None, &mut text, at, range.start);
        }
        text.push_str(&source[at..range.start]);
        at = range.end;
        article.dropped.push(Dropped {
            category: drop.category,
            rule: drop.rule.clone(),
            span: drop.span,
            text: drop.span.of(source).into(),
            lead: source[range.start..drop.span.start].into(),
            trail: source[drop.span.end..range.end].into(),
            caption: None,
        });
        let carrier = article.dropped.len() - 1;
        match pictures.next_if(|picture| picture.block == drop.block && picture.has_caption) {
            Some(picture) => {
                gatherer.picture(picture, Some((drop, carrier)), &mut text, at, at);
            }
            None => gatherer.line(drop, carrier, &text),
        }
    }
    for picture in pictures {
        at = gatherer.picture(picture, None, &mut text, at, source.len());
    }
    text.push_str(&source[at..]);
    let (captions, homes) = captions::join(&gatherer.parts, labels);
    for (carrier, home) in gatherer.homes.into_iter().zip(homes) {
        if let Some(carrier) = carrier {
            article.dropped[carrier].caption = Some(home);
        }
    }
    article.captions = captions;
    article.text = Cow::Owned(text);
}

/// Gathers what is said about pictures, in the order of the source.
struct Gatherer<'d, 's> {
    document: &'d Document<'s>,
    outcome: &'d Outcome<'d>,
    counter: Counter<'d>,
    parts: Vec<Part>,
    /// For each part, the dropped piece that it stood in.
    homes: Vec<Option<usize>>,
    /// The block of the last part.
    last: Option<usize>,
}

impl Gatherer<'_, '_> {
    /// A dropped line that says something about a picture.
    fn line(&mut self, drop: Drop<'_>, carrier: usize, text: &str) {
        if let Some(part) = drop.part {
            self.add(part, drop.block, Some(carrier), text);
        }
    }

    /// A picture of the page, with the drop that is its caption. Returns how far the source is in the text: a picture without a caption
    /// of its own stands before its block.
    fn picture(&mut self, picture: &Picture, caption: Option<(Drop<'_>, usize)>, text: &mut String, at: usize, limit: usize) -> usize {
        let source = self.document.source();
        let blocks = self.document.blocks();
        let start = blocks.get(picture.block).map_or(source.len(), |block| block.span.start);
        let place = start.clamp(at, limit.max(at));
        text.push_str(&source[at..place]);
        let carrier = caption.as_ref().map(|caption| caption.1);
        let written = caption.filter(|(drop, _)| drop.category == Category::Caption).and_then(|(drop, _)| {
            let whole = neat(drop.span.of(source));
            let own = drop.part.map(|part| (part.caption.unwrap_or_default(), part.credit, part.rule));
            own.or(Some((whole, None, FIGURE.clone())))
        });
        let (words, credit, rule) = written.unwrap_or_else(|| (String::new(), None, FIGURE.clone()));
        let part = Part {
            caption: Some(words).filter(|words| !words.is_empty()),
            credit: picture.credit.clone().or(credit),
            alt: picture.alt.clone(),
            beside_previous: false,
            after_paragraph: 0,
            offset: 0,
            rule,
            picture: Some(Markup { kind: picture.kind, url: picture.url.clone() }),
        };
        if part.caption.is_some() || part.credit.is_some() || part.alt.is_some() {
            self.add(part, picture.block, carrier, text);
        }
        place
    }

    fn add(&mut self, mut part: Part, block: usize, carrier: Option<usize>, text: &str) {
        let between = self.last.map(|last| last + 1..block);
        part.beside_previous = between.is_some_and(|mut between| between.all(|block| self.outcome.dropped[block]));
        (part.after_paragraph, part.offset) = self.counter.place(text, block);
        self.last = Some(block);
        self.parts.push(part);
        self.homes.push(carrier);
    }
}

/// Counts paragraphs and code points of the growing text.
struct Counter<'d> {
    blocks: &'d [Block],
    dropped: &'d [bool],
    next: usize,
    paragraphs: usize,
    last_paragraph: Option<u32>,
    bytes: usize,
    points: usize,
}

impl<'d> Counter<'d> {
    fn new(document: &'d Document<'_>, outcome: &'d Outcome<'_>) -> Self {
        let blocks = document.blocks();
        Self { blocks, dropped: &outcome.dropped, next: 0, paragraphs: 0, last_paragraph: None, bytes: 0, points: 0 }
    }

    /// Paragraphs and code points before a block, given the text up to it.
    fn place(&mut self, text: &str, block: usize) -> (usize, usize) {
        while self.next < block {
            if !self.dropped[self.next] {
                let paragraph = self.blocks[self.next].paragraph;
                self.paragraphs += usize::from(self.last_paragraph != Some(paragraph));
                self.last_paragraph = Some(paragraph);
            }
            self.next += 1;
        }
        self.points += text[self.bytes..].chars().count();
        self.bytes = text.len();
        (self.paragraphs, self.points)
    }
}

/// The source range that leaves with each drop: its span and the white space that goes with it.
fn ranges(document: &Document<'_>, outcome: &Outcome<'_>, drops: &[Drop<'_>]) -> Vec<ByteSpan> {
    let source = document.source();
    let blocks = document.blocks();
    let gone: Vec<bool> = {
        let mut gone = outcome.dropped.clone();
        drops.iter().filter(|drop| drop.whole).for_each(|drop| gone[drop.block] = true);
        gone
    };
    let mut ranges: Vec<ByteSpan> = Vec::with_capacity(drops.len());
    let mut kept = 0;
    for own in drops.chunk_by(|one, other| one.block == other.block) {
        let (drop, block) = (&own[0], own[0].block);
        if !drop.whole {
            inline_ranges(source, blocks[block].span, own, &mut ranges);
            continue;
        }
        if block == 0 || !gone[block - 1] {
            kept = kept_gap(blocks, &gone, block);
        }
        // Gap `g` stands before block `g`. One gap of a group of dropped blocks stays, the others leave with a block beside them.
        let start = if block < kept || block == 0 { gap_start(blocks, block) } else { drop.span.start };
        let next = || blocks.get(block + 1).map_or(source.len(), |next| next.span.start);
        let end = if block >= kept { next() } else { drop.span.end };
        ranges.push(ByteSpan::new(start, end));
    }
    ranges
}

/// Start of the gap before a block: the end of the block before it.
fn gap_start(blocks: &[Block], block: usize) -> usize {
    if block == 0 { 0 } else { blocks[block - 1].span.end }
}

/// Of the gaps around the group of dropped blocks that begins at `first`, the one that stays, named by the block after it: the
/// first one with a blank line, else the first. At the start of a text none stays, at its end the last does.
fn kept_gap(blocks: &[Block], gone: &[bool], first: usize) -> usize {
    let after = (first..blocks.len()).find(|&block| !gone[block]).unwrap_or(blocks.len());
    if first == 0 {
        return 0;
    }
    if after == blocks.len() {
        return after;
    }
    (first..=after).find(|&gap| blocks[gap].paragraph != blocks[gap - 1].paragraph).unwrap_or(first)
}

/// The ranges of the cuts inside a block. A cut takes the spaces on one side with it, so that one is left between the words around it, and
/// those on both sides where no words are left before or after it.
fn inline_ranges(source: &str, block: ByteSpan, cuts: &[Drop<'_>], ranges: &mut Vec<ByteSpan>) {
    // From this cut on, nothing but white space is left of the block.
    let (mut last, mut end) = (cuts.len(), block.end);
    while last > 0 && source[cuts[last - 1].span.end..end].trim().is_empty() {
        last -= 1;
        end = cuts[last].span.start;
    }
    let mut at = block.start;
    let (mut has_words, mut ends_in_space) = (false, false);
    for (index, cut) in cuts.iter().map(|cut| cut.span).enumerate() {
        let before = &source[at..cut.start];
        let after = &source[cut.end..cuts.get(index + 1).map_or(block.end, |next| next.span.start)];
        let spaces_before = before.len() - before.trim_end().len();
        let spaces_after = after.len() - after.trim_start().len();
        has_words |= spaces_before < before.len();
        ends_in_space = if before.is_empty() { ends_in_space } else { spaces_before > 0 };
        let is_at_border = !has_words || index >= last;
        let start = if is_at_border { cut.start - spaces_before } else { cut.start };
        at = if is_at_border || ends_in_space { cut.end + spaces_after } else { cut.end };
        ranges.push(ByteSpan::new(start, at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::About;

    /// A document of one block a line: `-` outside of the main content, `#` a caption by markup, else story.
    fn page(source: &str, pictures: Vec<Picture>) -> Document<'_> {
        let mut at = 0;
        let mut blocks = Vec::new();
        for (paragraph, line) in source.split('\n').enumerate() {
            let standing = match line.as_bytes().first() {
                Some(b'-') => Standing::Outside,
                Some(b'#') => Standing::Figure,
                _ => Standing::Story,
            };
            blocks.push(Block { span: ByteSpan::new(at, at + line.len()), paragraph: paragraph as u32, standing });
            at += line.len() + 1;
        }
        Document::from_page(source, blocks, About::default(), pictures).with_language("en")
    }

    fn picture(block: usize, has_caption: bool, credit: Option<&str>) -> Picture {
        Picture { block, has_caption, credit: credit.map(str::to_owned), alt: Some("A ferry".to_owned()), ..Picture::default() }
    }

    #[test]
    fn what_stands_outside_the_main_content_goes_with_or_without_a_rule() {
        let engine = Engine::builder().build().unwrap();
        let article = engine.clean_document(&page("-Home\nThe first ferry in weeks left on Friday.\n-Advertisement\n-Contact", Vec::new()));
        assert_eq!(article.text.trim(), "The first ferry in weeks left on Friday.");
        let rules: Vec<&str> = article.dropped.iter().map(|dropped| dropped.rule.as_str()).collect();
        assert_eq!(rules, ["html.main_content", "en.ad.marker", "html.main_content"]);
        assert_eq!(article.source(), "-Home\nThe first ferry in weeks left on Friday.\n-Advertisement\n-Contact");
    }

    #[test]
    fn what_lies_far_outside_is_named_only_on_request() {
        let source = "-Sections\n-By Ann Roe\n-Advertisement\n-Home\nThe first ferry in weeks left on Friday, the board said on Monday.\n-Advertisement\n\
            -Contact\n-Advertisement\n#The pier. Photo: Jane Doe/Northern Wire\n-Share\n-Advertisement\n-Share\n\
            Ann Roe writes about the sea and all who live on it, for the paper and for the radio.\n-Contact\n-Advertisement";
        let named = Engine::builder().build().unwrap();
        let lean = Engine::builder().names_outside(false).build().unwrap();
        let (named, lean) = (named.clean_document(&page(source, Vec::new())), lean.clean_document(&page(source, Vec::new())));
        let rules = |article: &Article<'_>| article.dropped.iter().map(|gone| gone.rule.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(rules(&named).iter().filter(|rule| *rule == "en.ad.marker").count(), 5);
        assert_eq!(rules(&lean).iter().filter(|rule| *rule == "en.ad.marker").count(), 2, "only beside the story");
        let same = |mut article: Article<'static>| {
            for gone in &mut article.dropped {
                (gone.category, gone.rule) = (Category::Other, MAIN_CONTENT.clone());
            }
            article
        };
        assert_eq!(same(named.into_owned()), same(lean.into_owned()));
    }

    #[test]
    fn a_rule_that_protects_brings_a_block_back() {
        let rule = "format = 1\n[pack]\nid = \"mine\"\n[[rule]]\nid = \"mine.keep\"\ncategory = \"protect\"\nabout = \"x\"\naction = \"protect\"\nmatch.has = [\"tide table\"]\n";
        for names_outside in [true, false] {
            let engine = Engine::builder().names_outside(names_outside).rules_text("mine.toml", rule).build().unwrap();
            let source = "The first ferry in weeks left on Friday.\n-Home\n-Contact\n-The tide table for Friday";
            let article = engine.clean_document(&page(source, Vec::new()));
            assert!(article.text.contains("tide table"));
        }
    }

    #[test]
    fn a_pack_brings_no_block_back() {
        let engine = Engine::builder().build().unwrap();
        let sentence = "Folgt uns auf Instagram, riefen die Musiker von der Bühne.";
        let clean = |mark: &str| {
            let source = format!("Die erste Fähre seit Wochen legte am Freitag ab.\n{mark}{sentence}\nSie war voll.");
            engine.clean_document(&page(&source, Vec::new()).with_language("de")).text.contains(sentence)
        };
        assert!(clean(""), "it is kept from rules");
        assert!(!clean("-"), "not from the choice of the main content");
    }

    #[test]
    fn a_label_of_advertisements_in_a_figure_is_no_caption() {
        let engine = Engine::builder().build().unwrap();
        let source = "The first ferry in weeks left on Friday.\nAdvertisement\nIt was full.";
        let mut document = page(source, vec![Picture { alt: None, ..picture(1, true, None) }]);
        document = Document::from_page(
            source,
            document
                .blocks()
                .iter()
                .enumerate()
                .map(|(at, &block)| Block { standing: if at == 1 { Standing::Figure } else { block.standing }, ..block })
                .collect(),
            About::default(),
            document.pictures().to_vec(),
        )
        .with_language("en");
        let article = engine.clean_document(&document);
        assert_eq!(article.text, "The first ferry in weeks left on Friday.\nIt was full.");
        assert!(article.captions.is_empty());
        assert_eq!(article.dropped[0].rule.as_str(), "en.ad.marker");
    }

    #[test]
    fn captions_by_markup_come_with_what_the_markup_and_the_rules_know() {
        let engine = Engine::builder().build().unwrap();
        let source = "The first ferry in weeks left on Friday.\n#Passengers wait to board. Photo: Jane Doe/Northern Wire\nIt was full.\n#The pier.\nIt rained.";
        let pictures = vec![picture(1, true, None), picture(2, false, None), picture(3, true, Some("© AFP"))];
        let article = engine.clean_document(&page(source, pictures));
        assert_eq!(article.text, "The first ferry in weeks left on Friday.\nIt was full.\nIt rained.");
        let captions: Vec<_> = article.captions.iter().map(|c| (&*c.text, c.credit.as_deref(), c.after_paragraph, c.offset)).collect();
        assert_eq!(
            captions,
            [("#Passengers wait to board.", Some("Jane Doe/Northern Wire"), 1, 41), ("", None, 1, 41), ("#The pier.", Some("AFP"), 2, 54)]
        );
        assert_eq!(article.source(), source);
    }

    #[test]
    fn a_picture_without_a_caption_takes_none_from_the_next() {
        let engine = Engine::builder().build().unwrap();
        let source = "The first ferry in weeks left on Friday.\n#Passengers wait to board.\nIt was full.";
        let article = engine.clean_document(&page(source, vec![picture(1, false, None), picture(1, true, None)]));
        let captions: Vec<_> = article.captions.iter().map(|caption| (&*caption.text, caption.offset)).collect();
        assert_eq!(captions, [("", 41), ("#Passengers wait to board.", 41)]);
        assert_eq!(article.dropped[0].caption, Some(1));
    }

    #[test]
    fn one_space_is_left_where_cuts_stand_side_by_side() {
        let rule = |name: &str| {
            format!(
                "[[rule]]\nid = \"mine.{name}\"\ncategory = \"other\"\nabout = \"A cut.\"\naction = \"cut\"\nmatch.regex = \"[ ]?<{name}>\"\n"
            )
        };
        let rules = format!("format = 1\n[pack]\nid = \"mine\"\n{}{}", rule("a"), rule("b"));
        let engine = Engine::builder().builtin(false).rules_text("mine.toml", &rules).build().unwrap();
        let cases = [
            ("One <a> <b>", "One"),
            ("One <a>  <b> ", "One"),
            ("<a> <b> one", "one"),
            ("One <a> <b> two", "One two"),
            ("One<a> <b> two", "One two"),
            ("One <a><b> two", "One two"),
            ("<a> one <b>", "one"),
            ("One <a>, <b>", "One,"),
        ];
        for (source, text) in cases {
            let article = engine.clean(source);
            assert_eq!(article.text.trim(), text, "{source}");
            assert_eq!(article.source(), source);
        }
    }
}
