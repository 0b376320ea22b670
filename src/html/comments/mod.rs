//! Reader comments: what others wrote below a story, each with who wrote it and when, where the markup tells.
//!
//! ```
//! use copydesk::html::{Blocks, Parser, comments};
//!
//! let page = "<p>The ferry is back.</p><ol class=comment-list>
//!   <li id=comment-7><b class=fn>Ann</b> <time datetime=2025-03-14>14 March</time><p>At last!</p><a href=#>Reply</a></li></ol>";
//! let tree = Parser::default().parse(page)?;
//! let mut blocks = Blocks::default();
//! blocks.read(&tree);
//! let found = comments::find(&tree, &blocks);
//! assert_eq!(found.comments[0].author.as_deref(), Some("Ann"));
//! assert_eq!(found.comments[0].date.as_deref(), Some("2025-03-14"));
//! assert_eq!(found.comments[0].text, "At last!");
//! # Ok::<(), copydesk::html::TooLong>(())
//! ```
//!
//! # How they are found
//!
//! An element is a comment if microdata (`itemtype=https://schema.org/Comment`, `itemprop=comment`) or its class or id say so
//! (`comment-12`; `comment` in a section of comments), or if it is an item of a section of comments and names an author or a date. A section
//! is what a class or id calls so (`comments`, `comment-list`, `disqus_thread`), or a list below a heading such as `12 Comments`. Outside of
//! sections, a class alone must come with an author and a date: on some sites `comment` is the name of the opinion pages. Nothing that has
//! the page's headline in it is a comment or a section. What nobody signed is none if it is the only one, or mostly links: prompts and lists
//! of other pages look like that.
//!
//! Of a comment, the text is what a name calls its text, else all but author, date, controls and what names say to stand around it.
//! Comments in comments are replies.
//!
//! Time is linear in the length of the page: every node is read for the innermost comment around it and for no other.

mod names;

use std::collections::HashMap;
use std::ops::Range;

use super::blocks::{BlockFlags, BlockKind, Blocks, PageBlock, PageBox};
use super::memo::Memo;
use super::metadata::date_of;
use super::{Attr, NodeId, Tag, Tree};
use crate::document::Comment;
use names::{Says, is_heading};

/// What was found on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// The comments in the order of the page.
    pub comments: Vec<Comment>,
    /// For each block of the page whether it belongs to one of them; empty where there is none.
    pub blocks: Vec<bool>,
}

/// Most blocks between a heading and the list that it stands over.
const HEADING_REACH: u32 = 3;

/// Longest author and longest date, in bytes.
const LONGEST_NAME: usize = 80;
const LONGEST_DATE: usize = 64;

/// A line of links with no more bytes than this is a row of buttons.
const LONGEST_CONTROLS: u32 = 40;

/// Most nodes of an element that are looked at for a name.
const MOST_NODES: usize = 64;

/// Letters that may be left of a line of author and date without being a text: `says:`, `on`.
const FEWEST_LETTERS: usize = 12;

/// Finds the comments of a page.
#[must_use]
pub fn find(tree: &Tree<'_>, blocks: &Blocks) -> Comments {
    let mut known = Memo::new();
    let candidates = candidates(tree, blocks, &mut known);
    let owners = owners(&candidates, blocks.list());
    let mut found = Comments::default();
    // For each candidate the comment that it is, or that its first reply is if it has no text of its own.
    let mut places: Vec<Option<usize>> = vec![None; candidates.len()];
    let mut is_any_sure = false;
    for (at, candidate) in candidates.iter().enumerate() {
        let own: Vec<&PageBlock> = owners[at].iter().map(|&block| &blocks.list()[block]).collect();
        let mut parts = Parts::read(tree, &candidates, at, &mut known);
        if parts.author.is_none() && candidate.needs.least() == 0 {
            parts.take_first_line(tree, blocks, &own);
        }
        let author = parts.author.as_ref().and_then(|nodes| parts.name(tree, nodes));
        let date = parts.date.and_then(|node| date(tree, node));
        let named = usize::from(author.is_some()) + usize::from(date.is_some());
        let text = if named >= candidate.needs.least() { parts.text(tree, blocks, &own) } else { String::new() };
        if text.is_empty() || candidate.needs != Needs::Nothing && is_mostly_links(&own) {
            continue;
        }
        is_any_sure |= candidate.needs == Needs::Nothing || named > 0;
        let mut comment = Comment { author, date, text, reply_to: None };
        let mut around = candidate.around;
        while let Some(outer) = around {
            comment.reply_to = places[outer];
            if places[outer].is_some() {
                break;
            }
            places[outer] = Some(found.comments.len());
            around = candidates[outer].around;
        }
        places[at] = Some(found.comments.len());
        found.comments.push(comment);
    }
    if !is_any_sure && found.comments.len() == 1 {
        return Comments::default();
    }
    if !found.comments.is_empty() {
        found.blocks = vec![false; blocks.list().len()];
        let of_comments = owners.iter().zip(&places).filter(|(_, place)| place.is_some());
        of_comments.flat_map(|(own, _)| own).for_each(|&block| found.blocks[block] = true);
    }
    found.comments = without_repeats(found.comments);
    found
}

/// Leaves out what the same author says twice, as on pages that show the best comments first; replies keep what they reply to.
fn without_repeats(comments: Vec<Comment>) -> Vec<Comment> {
    let mut firsts: HashMap<(Option<String>, Option<String>, String), usize> = HashMap::new();
    let mut places: Vec<usize> = Vec::with_capacity(comments.len());
    let mut kept: Vec<Comment> = Vec::with_capacity(comments.len());
    for mut comment in comments {
        comment.reply_to = comment.reply_to.map(|before| places[before]);
        let name = (comment.author.clone(), comment.date.clone(), comment.text.clone());
        let place = *firsts.entry(name).or_insert(kept.len());
        places.push(place);
        if place == kept.len() {
            kept.push(comment);
        }
    }
    kept
}

/// An element that may be a comment.
#[derive(Clone, Debug)]
struct Candidate {
    nodes: Range<NodeId>,
    /// The candidate around it.
    around: Option<usize>,
    needs: Needs,
}

/// What an element must have to be a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// Words, and no more: it says that it is one.
    Nothing,
    /// The same, unless it is the only one.
    Company,
    /// An author or a date.
    Either,
    /// Author and date.
    Both,
}

impl Needs {
    const fn least(self) -> usize {
        match self {
            Self::Nothing | Self::Company => 0,
            Self::Either => 1,
            Self::Both => 2,
        }
    }
}

/// What is known of a box from those around it.
#[derive(Clone, Copy, Debug, Default)]
struct Inside {
    section: bool,
    candidate: Option<usize>,
    /// In a form or a menu, where nothing is a comment.
    dead: bool,
}

/// All elements that may be comments, in the order of the page.
fn candidates<'t>(tree: &'t Tree<'_>, blocks: &Blocks, known: &mut Memo<'t, Says>) -> Vec<Candidate> {
    let boxes = blocks.boxes();
    let headlines: Vec<u32> = places(blocks, |block| block.kind == BlockKind::Heading(1));
    let headings: Vec<u32> = places(blocks, |block| matches!(block.kind, BlockKind::Heading(2..)) && is_heading(blocks.text_of(block)));
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut insides: Vec<Inside> = Vec::with_capacity(boxes.len());
    for (index, page_box) in boxes.iter().enumerate() {
        let mut inside = if index == 0 { Inside::default() } else { insides[page_box.parent as usize] };
        let is_page = matches!(page_box.tag, Tag::Html | Tag::Body | Tag::Main | Tag::Document);
        inside.dead |= matches!(page_box.tag, Tag::Nav | Tag::Form | Tag::Menu | Tag::Select);
        if !inside.dead && !is_page && !has(&headlines, page_box.first, page_box.end) {
            let says = Says::of(tree, page_box.node, known);
            let is_list = matches!(page_box.tag, Tag::Ul | Tag::Ol | Tag::Dl);
            let is_below_heading = is_list && has(&headings, page_box.first.saturating_sub(HEADING_REACH), page_box.first);
            if let Some(needs) = needs(says, page_box, inside, &candidates) {
                let nodes = page_box.node..tree.end(page_box.node);
                candidates.push(Candidate { nodes, around: inside.candidate, needs });
                inside.candidate = Some(candidates.len() - 1);
            }
            inside.section |= says.has(Says::SECTION) || is_below_heading;
        }
        insides.push(inside);
    }
    candidates
}

/// What an element must have to be a comment; `None` if it is none.
fn needs(says: Says, page_box: &PageBox, inside: Inside, candidates: &[Candidate]) -> Option<Needs> {
    let is_item = matches!(page_box.tag, Tag::Li | Tag::Article);
    // A list in a comment is part of its text.
    let may_be_item = || inside.section && inside.candidate.is_none_or(|around| candidates[around].needs.least() > 0);
    if says.has(Says::SURE) {
        Some(Needs::Nothing)
    } else if says.has(Says::COMMENT) && inside.section {
        Some(Needs::Company)
    } else if is_item && may_be_item() {
        Some(Needs::Either)
    } else {
        says.has(Says::COMMENT).then_some(Needs::Both)
    }
}

/// Whether more than half of some blocks is links, as in a list of other pages.
fn is_mostly_links(own: &[&PageBlock]) -> bool {
    let linked: usize = own.iter().map(|block| block.link_bytes as usize).sum();
    linked * 2 > own.iter().map(|block| block.span.len()).sum()
}

/// The blocks of some kind.
fn places(blocks: &Blocks, is_one: impl Fn(&PageBlock) -> bool) -> Vec<u32> {
    blocks.list().iter().zip(0..).filter(|(block, _)| is_one(block)).map(|(_, at)| at).collect()
}

/// Whether one of the sorted `places` lies from `first` up to `end`.
fn has(places: &[u32], first: u32, end: u32) -> bool {
    places.get(places.partition_point(|&place| place < first)).is_some_and(|&place| place < end)
}

/// The blocks of each candidate that no other candidate in it has.
fn owners(candidates: &[Candidate], list: &[PageBlock]) -> Vec<Vec<usize>> {
    let mut owners: Vec<Vec<usize>> = vec![Vec::new(); candidates.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    for (at, block) in list.iter().enumerate() {
        while candidates.get(next).is_some_and(|candidate| candidate.nodes.start <= block.first) {
            open.push(next);
            next += 1;
        }
        while open.last().is_some_and(|&last| candidates[last].nodes.end <= block.first) {
            open.pop();
        }
        if let Some(&last) = open.last() {
            owners[last].push(at);
        }
    }
    owners
}

/// The parts of one comment.
#[derive(Debug, Default)]
struct Parts {
    author: Option<Range<NodeId>>,
    /// How well the author's element is known to be one.
    author_rank: u8,
    date: Option<NodeId>,
    /// Elements that hold its text, whether a name tells them from what is around them, and what is not text.
    texts: Vec<Range<NodeId>>,
    has_own_text: bool,
    extras: Vec<Range<NodeId>>,
    /// Of those, author, date and controls.
    sure_extras: Vec<Range<NodeId>>,
    /// What may stand beside the author's name in the author's element.
    notes: Vec<Range<NodeId>>,
}

impl Parts {
    /// Reads the nodes of a candidate that are in no other candidate in it.
    fn read<'t>(tree: &'t Tree<'_>, candidates: &[Candidate], at: usize, known: &mut Memo<'t, Says>) -> Self {
        let mut parts = Self::default();
        let nodes = &candidates[at].nodes;
        let mut next = at + 1;
        let mut id = nodes.start.next();
        while id < nodes.end {
            if let Some(inner) = candidates.get(next).filter(|inner| inner.nodes.start == id) {
                let end = inner.nodes.end;
                next += candidates[next..].partition_point(|other| other.nodes.start < end);
                id = end;
            } else if tree.is_unseen(id) {
                id = tree.end(id);
            } else {
                if tree.is_element(id) {
                    parts.element(tree, id, known);
                }
                id = id.next();
            }
        }
        parts
    }

    fn element<'t>(&mut self, tree: &'t Tree<'_>, id: NodeId, known: &mut Memo<'t, Says>) {
        let nodes = id..tree.end(id);
        let tag = tree.tag(id);
        let says = if tree.has_attrs(id) { Says::of(tree, id, known) } else { Says::default() };
        if says.has(Says::TEXT) && !says.has(Says::AUTHOR) {
            return self.text_element(nodes, says.has(Says::OWN_TEXT));
        }
        let in_text = self.has_own_text && self.texts.last().is_some_and(|text| id < text.end);
        let is_author = self.author(tree, &nodes, says, in_text);
        let is_date = (tag == Tag::Time || says.has(Says::DATE)) && !(in_text && self.date.is_some());
        if is_date && self.date.is_none_or(|date| tag == Tag::Time && tree.tag(date) != Tag::Time) {
            self.date = Some(id);
        }
        let is_control = matches!(tag, Tag::Button | Tag::Form | Tag::Select | Tag::Textarea | Tag::Input | Tag::Label | Tag::Nav);
        if !is_author && (is_control || is_date || says.has(Says::EXTRA)) {
            add(&mut self.notes, nodes.clone());
        }
        let is_sure = is_control || is_date || is_author;
        if is_sure {
            add(&mut self.sure_extras, nodes.clone());
        }
        if is_sure || says.has(Says::EXTRA) || matches!(tag, Tag::Header | Tag::Footer) {
            add(&mut self.extras, nodes);
        }
    }

    /// Notes an element that may name the author; says whether it is of one. In a text that is known, others are quoted.
    fn author(&mut self, tree: &Tree<'_>, nodes: &Range<NodeId>, says: Says, in_text: bool) -> bool {
        let rank = match tree.tag(nodes.start) {
            _ if says.has(Says::NAME) => 3,
            _ if says.has(Says::AUTHOR) => 2,
            Tag::Cite if self.texts.is_empty() => 1,
            _ => 0,
        };
        if rank == 0 || in_text && self.author.is_some() {
            return false;
        }
        let has_ink = |node: NodeId| tree.is_text(node) && tree.has_ink(node);
        if rank > self.author_rank && tree.descendants(nodes.start).take(MOST_NODES).any(has_ink) {
            self.author = Some(nodes.clone());
            self.author_rank = rank;
        }
        true
    }

    /// Notes an element that holds the text: the outermost, and before all others one whose name tells it from the rest.
    fn text_element(&mut self, nodes: Range<NodeId>, is_own: bool) {
        if is_own && !self.has_own_text {
            self.texts.clear();
            self.has_own_text = true;
        }
        if is_own == self.has_own_text && self.texts.last().is_none_or(|last| last.end <= nodes.start) {
            // A box of notes that has the text in it is no box of notes.
            while self.extras.last().is_some_and(|extra| nodes.start < extra.end) {
                self.extras.pop();
            }
            self.texts.push(nodes);
        }
    }

    /// Takes a first line that is a few words in bold, a link or a heading for the author, where no name tells who it is.
    fn take_first_line(&mut self, tree: &Tree<'_>, blocks: &Blocks, own: &[&PageBlock]) {
        let [line, _, ..] = own else { return };
        let Some(element) = tree.parent(line.first).filter(|_| line.first == line.last) else { return };
        let is_set_apart = matches!(tree.tag(element), Tag::B | Tag::Strong | Tag::A | Tag::Cite | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6);
        let text = blocks.text_of(line);
        let is_known = overlapping(&self.texts, line).chain(overlapping(&self.extras, line)).next().is_some();
        if is_set_apart && !is_known && text.len() <= LONGEST_NAME / 2 && !text.ends_with(['.', '!', '?', '\u{2026}']) {
            let nodes = element..tree.end(element);
            for ranges in [&mut self.extras, &mut self.sure_extras] {
                let at = ranges.partition_point(|range| range.end <= nodes.start);
                ranges.insert(at, nodes.clone());
            }
            self.author = Some(nodes);
        }
    }

    /// The author's name, without the signs and the `says` behind it.
    fn name(&self, tree: &Tree<'_>, nodes: &Range<NodeId>) -> Option<String> {
        let from = self.notes.partition_point(|note| note.start <= nodes.start);
        let text = joined(tree, nodes, &self.notes[from..], 2 * LONGEST_NAME);
        let name = text.trim_matches(is_joint);
        let name = name.strip_suffix(" says").unwrap_or(name);
        (name.len() <= LONGEST_NAME && name.contains(char::is_alphanumeric)).then(|| name.to_owned())
    }

    /// What the comment says.
    fn text(&self, tree: &Tree<'_>, blocks: &Blocks, own: &[&PageBlock]) -> String {
        let text = self.text_without(tree, blocks, own, &self.extras);
        if text.is_empty() { self.text_without(tree, blocks, own, &self.sure_extras) } else { text }
    }

    fn text_without(&self, tree: &Tree<'_>, blocks: &Blocks, own: &[&PageBlock], extras: &[Range<NodeId>]) -> String {
        let mut text = String::new();
        let mut container = None;
        for block in own {
            let is_text = self.texts.is_empty() || overlapping(&self.texts, block).next().is_some();
            let is_controls = block.link_bytes as usize == block.span.len() && block.link_bytes <= LONGEST_CONTROLS;
            if !is_text || is_controls || block.flags.intersects(BlockFlags::HIDDEN) {
                continue;
            }
            let cut: Vec<_> = overlapping(extras, block).cloned().collect();
            let rest = (!cut.is_empty()).then(|| joined(tree, &(block.first..block.last.next()), &cut, usize::MAX));
            let line = match &rest {
                Some(rest) if rest.chars().filter(|c| c.is_alphanumeric()).count() <= FEWEST_LETTERS => continue,
                Some(rest) => rest,
                None => blocks.text_of(block),
            };
            if !text.is_empty() {
                text.push_str(if container == Some(block.container) { "\n" } else { "\n\n" });
            }
            text.push_str(line);
            container = Some(block.container);
        }
        text
    }
}

/// Adds nodes to ranges in order, unless they lie in the last.
fn add(ranges: &mut Vec<Range<NodeId>>, nodes: Range<NodeId>) {
    if ranges.last().is_none_or(|last| last.end <= nodes.start) {
        ranges.push(nodes);
    }
}

/// Those of some ranges, which are in order and apart, that a block lies in or has parts in.
fn overlapping<'r>(ranges: &'r [Range<NodeId>], block: &PageBlock) -> impl Iterator<Item = &'r Range<NodeId>> {
    let (first, last) = (block.first, block.last);
    let from = ranges.partition_point(|range| range.end <= first);
    ranges[from..].iter().take_while(move |range| range.start <= last)
}

/// The text of some nodes without `cut`, which are in order and apart, on one line; not much more than `most` bytes of it.
fn joined(tree: &Tree<'_>, nodes: &Range<NodeId>, cut: &[Range<NodeId>], most: usize) -> String {
    let mut words = String::new();
    let mut cut = cut.iter().peekable();
    let mut id = nodes.start;
    while id < nodes.end && words.len() <= most {
        if let Some(range) = cut.next_if(|range| range.start <= id) {
            id = id.max(range.end);
            continue;
        }
        if tree.is_unseen(id) {
            id = tree.end(id);
            continue;
        }
        if tree.is_text(id) {
            for word in tree.text(id).split_whitespace() {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(word);
            }
        }
        id = id.next();
    }
    words
}

/// When a comment was written: in ISO 8601 where it can be read, else as written.
fn date(tree: &Tree<'_>, node: NodeId) -> Option<String> {
    let told = [Attr::Datetime, Attr::Content, Attr::Title].into_iter().find_map(|name| date_of(&tree.attr(node, name)?));
    told.or_else(|| {
        let text = joined(tree, &(node..tree.end(node)), &[], LONGEST_DATE);
        let is_date = text.len() <= LONGEST_DATE && text.contains(char::is_numeric);
        is_date.then(|| date_of(&text).unwrap_or_else(|| text.trim_matches(is_joint).to_owned()))
    })
}

/// What stands between author and date.
fn is_joint(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | ',' | '|' | '·' | '•' | '-' | '–' | '—' | '@')
}
