//! Figures: the pictures and videos of a page, each with its caption and its credit.
//!
//! ```
//! use copydesk::html::{Parser, figures};
//!
//! let page = "<figure><img src=/pier.jpg alt='A pier'>
//!   <figcaption>The pier after the storm. <span class=credit>Ann Roe/Northern Wire</span></figcaption></figure>";
//! let tree = Parser::default().parse(page)?;
//! let found = figures::find(&tree, Some("https://news.example/story"));
//! assert_eq!(found[0].caption.as_ref().map(|caption| caption.text.as_str()), Some("The pier after the storm."));
//! assert_eq!(found[0].credit.as_ref().map(|credit| credit.text.as_str()), Some("Ann Roe/Northern Wire"));
//! assert_eq!(found[0].image_url.as_deref(), Some("https://news.example/pier.jpg"));
//! # Ok::<(), copydesk::html::TooLong>(())
//! ```
//!
//! # How they are found
//!
//! A walk over the page notes three kinds of places: *media* (`img`, `amp-img`, `video`, frames of known players), *captions*
//! (`figcaption`, what `aria-describedby` of a picture names, a class with the word `caption` or one of its kind) and *credits* (a class
//! with the word `credit`, `copyright`, ...). Places that follow each other are one figure while they are in the same `figure`
//! element or, outside of one, while next to no text stands between them. So a caption in a sibling `div` belongs to the picture
//! before it, each slide of a gallery has its own, and a caption above a picture is found too.
//!
//! Attributes for scripts (`data-caption`, lists of pictures as JSON) and `<meta>` of microdata are read where no text says it.
//!
//! Where no element says "caption", the smallest box around one picture that has text in it is looked at: a few words beside a picture, without
//! headings and links, are its caption ([`Evidence::Box`]). [`of_story`] takes such a figure only in the midst of the story.
//!
//! A credit is set apart where the page has an element for it, or where the last part of a caption, an element of its own, reads as
//! one (`Foto: A. Doe`, `Ann Roe/Wire`). A credit within running text (`... waits. (Ann Roe/Wire)`) is left to rules.
//!
//! Time is linear in the length of the page, memory eight bytes a node.

mod attributes;
mod media;
mod story;
mod survey;
mod text;
mod words;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use url::Url;

use super::digest::Digest;
use super::{Attr, NodeId, Tag, Tree};
pub(in crate::html) use attributes::{LONGEST_LIST, SHORTEST_LIST};
pub(in crate::html) use story::is_alike;
pub use story::of_story;
use survey::{Place, Survey, What};
use words::Hints;
pub(in crate::html) use words::{may_tell, tells};

/// What a figure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureKind {
    /// A photograph, or nothing said otherwise.
    Photo,
    /// A video.
    Video,
    /// A chart, map or drawing.
    Graphic,
    /// One picture of a gallery.
    Gallery,
}

/// Why a text is taken for a caption, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Its element says so: `figcaption`, `aria-describedby`, a class.
    Marked,
    /// It is the text of a `figure`.
    Figure,
    /// It says what the alternative text of the picture before it says.
    Alt,
    /// It stands in a box with one picture and nothing else.
    Box,
    /// An attribute of the picture carries it; the page may show it nowhere.
    Attribute,
    /// There is no caption.
    None,
}

/// A text of a figure and the nodes that it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureText {
    /// The text as a reader sees it, white space joined.
    pub text: String,
    /// From the first node to the one after the last; empty where the text stands in an attribute.
    pub nodes: Range<NodeId>,
}

/// A picture or video with what is said of it.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it shows.
    pub kind: FigureKind,
    /// The caption, without its credit where the page tells them apart.
    pub caption: Option<FigureText>,
    /// The credit as written, label included: `Foto: A. Doe`.
    pub credit: Option<FigureText>,
    /// The alternative text.
    pub alt: Option<String>,
    /// Where the picture is loaded from, in full; the still of a video.
    pub image_url: Option<String>,
    /// The picture's or video's element; the caption's where the page without scripts has no picture.
    pub node: NodeId,
    /// The `figure` element, or the first and last thing that belong together.
    pub span: Range<NodeId>,
    /// Nodes whose text is caption or credit, and so not body; sorted, none overlap.
    pub nodes: Vec<Range<NodeId>>,
    /// Why the caption is one.
    pub evidence: Evidence,
}

/// Bytes of text that may stand between a picture and its caption when no `figure` holds them together.
const WIDEST_GAP: u32 = 80;

/// Most bytes of text beside a picture that is taken for a caption without a class that says so.
const LONGEST_BESIDE: u32 = 600;

/// Most bytes of text in a `figure` beside its caption in which a credit is looked for.
const LONGEST_LEFT: u32 = 300;

/// Most bytes of all attributes of a box that are looked through for caption and credit of a picture in it.
const LONGEST_ATTRIBUTES: u32 = 20_000;

/// How many boxes around a picture are looked at.
const MOST_BOXES: usize = 10;

/// Most pictures that are taken from one element's lists, and figures of a page beyond which none are.
const MOST_LISTED: usize = 300;
const MOST_FIGURES_WITH_LISTS: usize = 2_000;

/// How many boxes around a picture may be a gallery.
const MOST_GALLERY_BOXES: usize = 5;

/// Finds all figures of a page in document order, those of other stories included; see [`of_story`].
///
/// `page` is the page's address, against which those of pictures are resolved unless the page has a `<base>`. Without either, only
/// addresses that are complete are given.
#[must_use]
pub fn find(tree: &Tree<'_>, page: Option<&str>) -> Vec<Figure> {
    let mut digest = Digest::default();
    digest.read(tree);
    found(tree, &digest, page, tree.end(NodeId::ROOT))
}

/// Finds the figures of a story, given the nodes of its blocks: those of [`find`] that [`of_story`] keeps.
pub(in crate::html) fn find_of_story(tree: &Tree<'_>, digest: &Digest, page: Option<&str>, blocks: &[NodeId]) -> Vec<Figure> {
    let Some(&last) = blocks.last() else { return Vec::new() };
    let mut figures = found(tree, digest, page, tree.end(last));
    let mut owned = of_story(tree, &figures, blocks).into_iter();
    figures.retain(|_| owned.next().unwrap_or(false));
    figures
}

/// Finds all figures that begin before a node, and perhaps some more.
fn found(tree: &Tree<'_>, digest: &Digest, page: Option<&str>, limit: NodeId) -> Vec<Figure> {
    let survey = Survey::new(tree, digest);
    let base = base(tree, page);
    let mut finder = Finder { tree, survey: &survey, base, open: None, found: Vec::new() };
    let is_before = |place: &Place| place.figure.map_or(place.id, |figure| figure.min(place.id)) < limit;
    let before = survey.places.iter().rposition(is_before).map_or(0, |at| at + 1);
    for place in &survey.places[..before] {
        finder.add(place);
    }
    // What is open may go on beyond.
    for place in &survey.places[before..] {
        if finder.open.as_ref().is_none_or(|open| open.start() >= limit) {
            finder.open = None;
            break;
        }
        finder.add(place);
    }
    finder.close();
    if !survey.lists.is_empty() {
        finder.add_lists();
    }
    story::without_repeats(finder.found)
}

/// What addresses on a page are resolved against: its `<base>`, else its own address.
pub(in crate::html) fn base(tree: &Tree<'_>, page: Option<&str>) -> Option<Url> {
    media::base(tree, page.and_then(|page| Url::parse(page).ok()).as_ref())
}

/// Places that belong together, not yet a figure.
#[derive(Clone, Debug)]
struct Open {
    figure: Option<NodeId>,
    medium: Option<(NodeId, FigureKind)>,
    captions: Vec<Range<NodeId>>,
    credits: Vec<Range<NodeId>>,
    hints: Hints,
    first: NodeId,
    end: NodeId,
    image_url: Option<String>,
}

struct Finder<'t, 's> {
    tree: &'t Tree<'s>,
    survey: &'t Survey,
    base: Option<Url>,
    open: Option<Open>,
    found: Vec<Figure>,
}

impl Finder<'_, '_> {
    fn add(&mut self, place: &Place) {
        match place.what {
            What::Medium { kind, fallback } => self.medium(place, kind, fallback),
            What::Caption => self.caption(place),
            What::Credit { sure } => self.credit(place, sure),
        }
    }

    fn medium(&mut self, place: &Place, kind: FigureKind, fallback: bool) {
        let image_url = media::address(self.tree, place.id).and_then(|address| media::resolve(&address, self.base.as_ref()));
        if let Some(open) = &mut self.open {
            let near = open.holds(place, self.survey, 0);
            let repeats = fallback || open.image_url.is_some() && open.image_url == image_url;
            if open.medium.is_some() && near && repeats {
                open.image_url = open.image_url.take().or(image_url);
                open.end = open.end.max(place.end);
                return;
            }
            if open.medium.is_none() && open.holds(place, self.survey, 0) {
                open.medium = Some((place.id, kind));
                open.image_url = image_url;
                open.end = open.end.max(place.end);
                return;
            }
        }
        if fallback && self.found.last().is_some_and(|figure| figure.image_url.is_some() && figure.image_url == image_url) {
            return;
        }
        self.close();
        self.open = Some(Open { medium: Some((place.id, kind)), image_url, ..Open::at(place) });
    }

    fn caption(&mut self, place: &Place) {
        let nodes = place.id..place.end;
        let is_alone = self.is_alone(place.figure);
        if let Some(open) = &mut self.open
            && open.holds(place, self.survey, WIDEST_GAP)
        {
            let goes_on = !open.captions.is_empty() && open.figure == place.figure && is_alone;
            if open.captions.is_empty() || goes_on {
                open.captions.push(nodes);
                open.end = open.end.max(place.end);
                open.hints = open.hints.and(place.hints);
                return;
            }
        }
        self.close();
        self.open = Some(Open { captions: vec![nodes], ..Open::at(place) });
    }

    fn credit(&mut self, place: &Place, sure: bool) {
        let nodes = place.id..place.end;
        if let Some(open) = &mut self.open {
            let inside = lies_in(&open.captions, &nodes);
            let same_figure = open.figure.is_some() && open.figure == place.figure;
            // Caption and credit may both stand behind the `figure` that they belong to.
            let follows = place.figure.is_none() && place.id >= open.end && self.survey.ink(open.end..place.id) == 0;
            let is_near = open.holds(place, self.survey, WIDEST_GAP) || follows;
            if inside || same_figure || sure && is_near && open.credits.is_empty() {
                open.credits.push(nodes);
                open.end = open.end.max(place.end);
                return;
            }
        }
        if sure && place.figure.is_some() {
            self.close();
            self.open = Some(Open { credits: vec![nodes], ..Open::at(place) });
        }
    }

    /// Whether a `figure` element has one medium, or none.
    fn is_alone(&self, figure: Option<NodeId>) -> bool {
        figure.is_some_and(|figure| self.survey.media(figure..self.tree.end(figure)) <= 1)
    }

    /// Makes a figure of what is open.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let figure = self.finish(open);
        self.found.extend(figure);
    }

    fn finish(&self, mut open: Open) -> Option<Figure> {
        let mut evidence = if open.captions.is_empty() { Evidence::None } else { Evidence::Marked };
        if let Some((medium, _)) = open.medium
            && open.captions.is_empty()
            && let Some((nodes, why)) = self.beside(&open, medium)
        {
            evidence = why;
            open.end = open.end.max(nodes.end);
            open.captions.push(nodes);
        }
        // A caption that nobody knows the picture of: only in a `figure`, whose picture a script may load.
        if open.medium.is_none() && (open.figure.is_none() || open.captions.is_empty()) {
            return None;
        }
        let (caption, credit) = self.texts(&open);
        let mut figure = Figure {
            kind: self.kind(&open),
            caption,
            credit,
            alt: open.medium.and_then(|(medium, _)| self.alt(medium)),
            image_url: open.image_url.clone(),
            node: open.medium.map_or(open.first, |(medium, _)| medium),
            span: open.start()..open.figure.map_or(open.end, |figure| self.tree.end(figure).max(open.end)),
            nodes: Vec::new(),
            evidence,
        };
        if let Some((medium, _)) = open.medium {
            self.add_attributes(&mut figure, medium);
        }
        figure.nodes = apart(open.captions.into_iter().chain(open.credits).collect());
        Some(figure)
    }

    /// Text beside a picture that no element calls a caption.
    fn beside(&self, open: &Open, medium: NodeId) -> Option<(Range<NodeId>, Evidence)> {
        if let Some(figure) = open.figure {
            let nodes = figure..self.tree.end(figure);
            return (self.is_alone(open.figure) && self.is_plain(&nodes, open, LONGEST_BESIDE)).then_some((nodes, Evidence::Figure));
        }
        let mut inner = medium;
        for outer in self.tree.ancestors(medium).take(MOST_BOXES) {
            let nodes = outer..self.tree.end(outer);
            let tag = self.tree.tag(outer);
            if self.survey.media(nodes.clone()) > 1 || matches!(tag, Tag::Body | Tag::Html | Tag::Document | Tag::Main) {
                break;
            }
            if self.ink_without(&nodes, &open.credits) > 0 {
                let is_box =
                    matches!(tag, Tag::Div | Tag::Span | Tag::Aside | Tag::Section | Tag::Center | Tag::Table | Tag::Tbody | Tag::Dl);
                return if is_box && self.is_plain(&nodes, open, LONGEST_BESIDE / 2) && self.reads_as_caption(&nodes, open) {
                    Some((nodes, Evidence::Box))
                } else {
                    break;
                };
            }
            inner = outer;
        }
        if matches!(open.medium, Some((_, FigureKind::Video))) { None } else { self.like_alt(inner, medium) }
    }

    /// The element after a picture if it says what the picture's alternative text says.
    fn like_alt(&self, inner: NodeId, medium: NodeId) -> Option<(Range<NodeId>, Evidence)> {
        let alt = self.alt(medium)?;
        let parent = self.tree.parent(inner)?;
        let mut next = self.tree.end(inner);
        // White space and comments stand between elements.
        for _ in 0..3 {
            if next >= self.tree.end(parent) || self.tree.is_element(next) {
                break;
            }
            if self.tree.is_text(next) && self.tree.has_ink(next) {
                return None;
            }
            next = self.tree.end(next);
        }
        if next >= self.tree.end(parent) || !self.tree.is_element(next) {
            return None;
        }
        let nodes = next..self.tree.end(next);
        let (ink, linked) = (self.survey.ink(nodes.clone()), self.survey.linked(nodes.clone()));
        if ink == 0
            || ink > LONGEST_BESIDE
            || linked * 2 > ink
            || self.survey.media(nodes.clone()) + self.survey.headings(nodes.clone()) > 0
        {
            return None;
        }
        let text = text::joined(self.tree, nodes.start, nodes.end, &[]);
        (story::is_alike(&text, &alt) && self.is_about_picture(&nodes)).then_some((nodes, Evidence::Alt))
    }

    /// Whether what stands in a box can be a caption: some text, few links, no heading, no table or quotation.
    fn is_plain(&self, nodes: &Range<NodeId>, open: &Open, longest: u32) -> bool {
        let ink = self.ink_without(nodes, &open.credits);
        if ink < 2 || ink > longest || self.survey.linked(nodes.clone()) * 2 > ink || self.survey.headings(nodes.clone()) > 0 {
            return false;
        }
        let in_link = |id: NodeId| self.tree.tag(id) == Tag::A;
        let plain =
            |id: NodeId| !matches!(self.tree.tag(id), Tag::Blockquote | Tag::Pre | Tag::Ul | Tag::Ol | Tag::Form | Tag::Td | Tag::Nav);
        !in_link(nodes.start) && self.tree.descendants(nodes.start).all(plain)
    }

    /// Whether no element says that a text is a date, a byline, a control or a teaser.
    fn is_about_picture(&self, nodes: &Range<NodeId>) -> bool {
        let elsewhere = |id: NodeId| {
            matches!(self.tree.tag(id), Tag::Time | Tag::Address | Tag::Input | Tag::Label)
                || self.survey.hints(self.tree, id).has(Hints::PERSON.and(Hints::ASIDE).and(Hints::VIDEO))
        };
        !elsewhere(nodes.start) && !self.tree.descendants(nodes.start).any(elsewhere)
    }

    /// Whether the text of a box can be a caption by its words: a few of them, neither a date nor a byline nor a control.
    fn reads_as_caption(&self, nodes: &Range<NodeId>, open: &Open) -> bool {
        let is_video = matches!(open.medium, Some((_, FigureKind::Video)));
        if is_video || !self.is_about_picture(nodes) {
            return false;
        }
        let text = text::joined(self.tree, nodes.start, nodes.end, &[]);
        let is_linked = self.survey.linked(nodes.clone()) * 5 > self.survey.ink(nodes.clone());
        let digits = text.chars().filter(char::is_ascii_digit).count();
        !is_linked && digits * 4 < text.chars().count() && text::is_long_enough(&text)
    }

    fn ink_without(&self, nodes: &Range<NodeId>, credits: &[Range<NodeId>]) -> u32 {
        let inside = credits.iter().filter(|credit| nodes.start <= credit.start && credit.end <= nodes.end);
        self.survey.ink(nodes.clone()) - inside.map(|credit| self.survey.ink(credit.clone())).sum::<u32>()
    }

    /// Reads caption and credit.
    fn texts(&self, open: &Open) -> (Option<FigureText>, Option<FigureText>) {
        let skip: Vec<NodeId> = open.credits.iter().map(|credit| credit.start).collect();
        let read = |ranges: &[Range<NodeId>], skip: &[NodeId]| {
            let texts: Vec<String> = ranges.iter().map(|nodes| text::joined(self.tree, nodes.start, nodes.end, skip)).collect();
            let mut texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
            texts.dedup();
            texts.join(" ")
        };
        let mut credit = read(&open.credits, &[]);
        let mut credit_nodes = cover(&open.credits);
        let mut caption = None;
        // A second caption in a `figure` that is a credit.
        if let [first, .., last] = open.captions.as_slice()
            && credit.is_empty()
        {
            let text = read(std::slice::from_ref(last), &[]);
            if text::is_labelled_credit(&text) {
                (caption, credit, credit_nodes) = (Some(read(std::slice::from_ref(first), &[])), text, last.clone());
            }
        }
        if let [nodes] = open.captions.as_slice()
            && credit.is_empty()
            && let Some((own, rest, part)) = self.last_part(nodes)
        {
            (caption, credit, credit_nodes) = (Some(own), rest, part);
        }
        if credit.is_empty()
            && let Some((rest, part)) = self.beside_caption(open)
        {
            (credit, credit_nodes) = (rest, part);
        }
        let mut caption = caption.unwrap_or_else(|| read(&open.captions, &skip));
        if credit.is_empty()
            && let Some((start, end)) = text::trailing_credit(&caption)
        {
            credit = caption.split_off(start);
            caption.truncate(end);
            credit_nodes = cover(&open.captions);
        }
        if credit.is_empty()
            && let Some((start, end)) = text::trailing_name(&caption)
        {
            credit = caption.split_off(start);
            caption.truncate(end);
            credit_nodes = cover(&open.captions);
        }
        if !credit.is_empty()
            && let Some(at) = text::trailing_label(&caption)
        {
            let label = caption.split_off(at);
            credit = format!("{label} {credit}");
        }
        let trimmed = if credit.is_empty() { &caption } else { text::trim_joint(&caption) };
        let caption = text::without_counter(trimmed).to_owned();
        let caption = (!caption.is_empty()).then(|| FigureText { text: caption, nodes: cover(&open.captions) });
        let credit = (!credit.is_empty()).then_some(FigureText { text: credit, nodes: credit_nodes });
        (caption, credit)
    }

    /// A credit in a `figure` with a caption that no element says to be one: the only other text, if it reads as a credit.
    fn beside_caption(&self, open: &Open) -> Option<(String, Range<NodeId>)> {
        let figure = open.figure?;
        let nodes = figure..self.tree.end(figure);
        if open.captions.is_empty() || !self.is_alone(open.figure) || self.ink_without(&nodes, &open.captions) > LONGEST_LEFT {
            return None;
        }
        let mut parts =
            parts(self.tree, &nodes).into_iter().filter(|part| !lies_in(&open.captions, &(part.nodes.start..part.nodes.start.next())));
        parts.find_map(|part| {
            let text = text::joined(self.tree, part.nodes.start, part.nodes.end, &[]);
            text::is_labelled_credit(&text).then_some((text, part.nodes))
        })
    }

    /// Splits a caption whose last part, or first, is an element of its own that reads as a credit.
    fn last_part(&self, nodes: &Range<NodeId>) -> Option<(String, String, Range<NodeId>)> {
        let parts = parts(self.tree, nodes);
        let read = |nodes: &Range<NodeId>| text::joined(self.tree, nodes.start, nodes.end, &[]);
        let (last, before) = parts.split_last()?;
        let last_text = read(&last.nodes);
        if before.is_empty() {
            return text::is_labelled_credit(&last_text).then(|| (String::new(), last_text.clone(), last.nodes.clone()));
        }
        let before_text = read(&(before[0].nodes.start..before[before.len() - 1].nodes.end));
        let closed = before_text.ends_with(['.', '!', '?', '”', '"', '»', ')', '。', '|']);
        let is_name = text::is_name_like(&last_text) && !before_text.ends_with([':', ',']) && (last.on_its_own_line || closed);
        if text::is_labelled_credit(&last_text) || is_name {
            return Some((before_text, last_text, last.nodes.clone()));
        }
        let (first, after) = (&parts[0], &parts[1]);
        let first_text = read(&first.nodes);
        let is_name = text::is_name_like(&first_text) && self.survey.ink(after.nodes.start..last.nodes.end) > LONGEST_LEFT / 4;
        (after.on_its_own_line && (text::is_labelled_credit(&first_text) || is_name && first_text.len() < 40))
            .then(|| (read(&(after.nodes.start..last.nodes.end)), first_text, first.nodes.clone()))
    }

    fn kind(&self, open: &Open) -> FigureKind {
        let around = open.figure.into_iter().chain(open.medium.and_then(|(medium, _)| self.tree.parent(medium)));
        let hints = around.fold(open.hints, |hints, id| hints.and(self.survey.hints(self.tree, id)));
        match open.medium {
            Some((_, FigureKind::Video)) => FigureKind::Video,
            _ if hints.has(Hints::VIDEO) => FigureKind::Video,
            _ if hints.has(Hints::GALLERY) => FigureKind::Gallery,
            Some((medium, _)) if self.is_in_gallery(medium) => FigureKind::Gallery,
            Some((_, kind)) => kind,
            None => FigureKind::Photo,
        }
    }

    /// Whether a box with several pictures around one says that it is a gallery.
    fn is_in_gallery(&self, medium: NodeId) -> bool {
        let is_gallery = |up: NodeId| self.survey.hints(self.tree, up).has(Hints::GALLERY) || &*self.tree.name(up) == "amp-carousel";
        let mut boxes = self.tree.ancestors(medium).take(MOST_GALLERY_BOXES);
        boxes.any(|up| is_gallery(up) && self.survey.media(up..self.tree.end(up)) > 1)
    }

    fn alt(&self, medium: NodeId) -> Option<String> {
        let alt = self.tree.attr(medium, Attr::Alt)?;
        let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        (!alt.is_empty()).then_some(alt)
    }

    /// A credit at the end of a picture's title or alternative text.
    fn told_by_attribute(&self, id: NodeId) -> Option<String> {
        [Attr::Title, Attr::Alt].into_iter().find_map(|name| {
            let value = self.tree.attr(id, name)?;
            let (start, _) = text::trailing_credit(&value)?;
            Some(value[start..].split_whitespace().collect::<Vec<_>>().join(" "))
        })
    }

    /// Whether the attributes of a box are short enough to be read for each picture in it.
    fn is_brief(&self, id: NodeId) -> bool {
        self.tree.attr_spans(id).iter().map(|attr| attr.len()).sum::<u32>() <= LONGEST_ATTRIBUTES
    }

    /// Takes caption and credit from attributes of the picture and of the boxes around it.
    fn add_attributes(&self, figure: &mut Figure, medium: NodeId) {
        let ups = self.tree.ancestors(medium).take(4);
        for id in std::iter::once(medium).chain(ups.filter(|&up| self.is_brief(up))) {
            let told = attributes::of_element(self.tree, id);
            let text = |text| FigureText { text, nodes: id..id };
            if figure.caption.is_none() && told.caption.is_some() {
                figure.caption = told.caption.map(text);
                figure.evidence = Evidence::Attribute;
            }
            if figure.credit.is_none() {
                figure.credit = self.told_by_attribute(id).or(told.credit).map(text);
            }
        }
    }

    /// Adds the pictures that attributes list for scripts, where the page does not show them with their captions itself.
    fn add_lists(&mut self) {
        let mut captions: HashSet<String> =
            self.found.iter().filter_map(|figure| figure.caption.as_ref()).map(|own| own.text.clone()).collect();
        // The first figure of each picture is the one that counts.
        let mut pictures: HashMap<String, usize> = HashMap::new();
        for (at, figure) in self.found.iter().enumerate() {
            if let Some(url) = &figure.image_url {
                pictures.entry(url.clone()).or_insert(at);
            }
        }
        for &id in &self.survey.lists {
            for told in attributes::of_lists(self.tree, id).into_iter().take(MOST_LISTED) {
                if self.found.len() > MOST_FIGURES_WITH_LISTS {
                    return;
                }
                let text = |text| FigureText { text, nodes: id..id };
                let image_url = told.address.and_then(|address| media::resolve(&address, self.base.as_ref()));
                if let Some(&known) = image_url.as_ref().and_then(|url| pictures.get(url)) {
                    let figure = &mut self.found[known];
                    if figure.caption.is_none() {
                        captions.extend(told.caption.clone());
                        (figure.caption, figure.evidence) = (told.caption.map(text), Evidence::Attribute);
                        figure.credit = figure.credit.take().or(told.credit.map(text));
                        figure.kind = FigureKind::Gallery;
                    }
                    continue;
                }
                if told.caption.as_ref().is_some_and(|caption| !captions.insert(caption.clone())) {
                    continue;
                }
                if let Some(url) = &image_url {
                    pictures.insert(url.clone(), self.found.len());
                }
                let (caption, credit) = (told.caption.map(text), told.credit.map(text));
                let span = id..self.tree.end(id);
                let (kind, evidence) = (FigureKind::Gallery, Evidence::Attribute);
                self.found.push(Figure { kind, caption, credit, alt: None, image_url, node: id, span, nodes: Vec::new(), evidence });
            }
        }
        // The sort keeps the order of those that stand at one place.
        self.found.sort_by_key(|figure| figure.node);
    }
}

impl Open {
    fn at(place: &Place) -> Self {
        Self {
            figure: place.figure,
            medium: None,
            captions: Vec::new(),
            credits: Vec::new(),
            hints: place.hints,
            first: place.id,
            end: place.end,
            image_url: None,
        }
    }

    /// Where the figure of it begins.
    fn start(&self) -> NodeId {
        self.figure.map_or(self.first, |figure| figure.min(self.first))
    }

    /// Whether a place belongs to what is open: in the same `figure`, or after it with at most `gap` bytes between them.
    fn holds(&self, place: &Place, survey: &Survey, gap: u32) -> bool {
        if self.figure.is_some() || place.figure.is_some() {
            // A caption after the end of a `figure` may still be its own.
            if self.figure != place.figure && (place.figure.is_some() || !self.captions.is_empty()) {
                return false;
            }
            if self.figure == place.figure {
                return true;
            }
        }
        place.id < self.end || survey.ink(self.end..place.id) <= gap
    }
}

/// A run of text that an element sets apart.
struct Part {
    nodes: Range<NodeId>,
    on_its_own_line: bool,
}

/// The parts of a caption: text that is set apart from what comes before by the beginning or end of an element.
fn parts(tree: &Tree<'_>, nodes: &Range<NodeId>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut set_apart, mut new_line) = (true, true);
    let mut open: Vec<(u32, bool)> = Vec::new();
    let mut id = nodes.start;
    while id < nodes.end {
        while let Some(&(end, breaks)) = open.last()
            && end <= id.0
        {
            open.pop();
            set_apart = true;
            new_line |= breaks;
        }
        if tree.is_text(id) && tree.has_ink(id) {
            match parts.last_mut() {
                Some(part) if !set_apart => part.nodes.end = tree.end(id),
                _ => parts.push(Part { nodes: id..tree.end(id), on_its_own_line: new_line }),
            }
            (set_apart, new_line) = (false, false);
        } else if tree.is_element(id) {
            let breaks = text::breaks_line(tree.tag(id));
            new_line |= breaks;
            if text::is_silent(tree, id) {
                id = tree.end(id);
                continue;
            }
            // Links and emphasis are within a text.
            if breaks || matches!(tree.tag(id), Tag::Span | Tag::Small | Tag::Cite | Tag::I | Tag::Em | Tag::Time | Tag::Unknown) {
                set_apart = true;
                open.push((tree.end(id).0, breaks));
            }
        }
        id.0 += 1;
    }
    parts
}

/// From the first node of `ranges` to the last.
fn cover(ranges: &[Range<NodeId>]) -> Range<NodeId> {
    let start = ranges.iter().map(|range| range.start).min().unwrap_or(NodeId::ROOT);
    let end = ranges.iter().map(|range| range.end).max().unwrap_or(start);
    start..end
}

/// Whether nodes lie in one of some ranges, which are in order and don't overlap.
fn lies_in(ranges: &[Range<NodeId>], nodes: &Range<NodeId>) -> bool {
    let before = ranges.partition_point(|range| range.start <= nodes.start);
    before > 0 && nodes.end <= ranges[before - 1].end
}

/// Ranges in order, those inside others left out.
fn apart(mut ranges: Vec<Range<NodeId>>) -> Vec<Range<NodeId>> {
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut apart: Vec<Range<NodeId>> = Vec::new();
    for range in ranges {
        if apart.last().is_none_or(|last| range.start >= last.end) {
            apart.push(range);
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Parser;

    /// Caption, credit, picture and evidence of each figure.
    fn found(page: &str) -> Vec<(String, String, String, Evidence)> {
        let tree = Parser::default().parse(page).expect("it is short");
        let text = |text: Option<FigureText>| text.map_or_else(String::new, |text| text.text);
        let figures = find(&tree, Some("https://news.example/a/story"));
        figures
            .into_iter()
            .map(|figure| (text(figure.caption), text(figure.credit), figure.image_url.unwrap_or_default(), figure.evidence))
            .collect()
    }

    #[test]
    fn captions_and_credits_are_found() {
        use Evidence::{Alt, Attribute, Box, Figure, Marked};
        let cases: &[(&str, &str, &str, Evidence)] = &[
            (
                "<figure><img src=1><figcaption>A boat. <span class='photo-credit'>Roe</span></figcaption></figure>",
                "A boat.",
                "Roe",
                Marked,
            ),
            ("<figure><img src=1><figcaption>A boat.</figcaption><footer>Ann Roe</footer></figure>", "A boat.", "Ann Roe", Marked),
            ("<figure><img src=1><small>© Ann Roe</small><figcaption>A boat</figcaption></figure>", "A boat", "© Ann Roe", Marked),
            ("<figure><img src=1><figcaption><p>A boat at sea</p><p>Ann Roe</p></figcaption></figure>", "A boat at sea", "Ann Roe", Marked),
            (
                "<figure><img src=1><figcaption><span>A boat.</span> <span>Ann Roe (dpa/Wire)</span></figcaption></figure>",
                "A boat.",
                "Ann Roe (dpa/Wire)",
                Marked,
            ),
            ("<figure><img src=1><figcaption>A boat. Foto: <i class=author>Roe</i></figcaption></figure>", "A boat.", "Foto: Roe", Marked),
            (
                "<figure><img src=1><figcaption>A boat</figcaption><figcaption><b>Image:</b> Roe</figcaption></figure>",
                "A boat",
                "Image: Roe",
                Marked,
            ),
            (
                "<figure><img src=1><figcaption class=c><span class='c'>A boat</span><span class='c__caption c--author'>Roe</span></figcaption></figure>",
                "A boat",
                "Roe",
                Marked,
            ),
            ("<figure><img src=1></figure><figcaption>A boat</figcaption>", "A boat", "", Marked),
            (
                "<button><div><img src=1></div><figcaption>A boat at sea, seen from the pier on a summer day</figcaption></button>",
                "A boat at sea, seen from the pier on a summer day",
                "",
                Marked,
            ),
            ("<div class=wp-caption><img src=1><p class=wp-caption-text>A boat</p></div>", "A boat", "", Marked),
            ("<div><img src=1></div><p class=imageCaption>A boat</p><p>The story goes on.", "A boat", "", Marked),
            ("<p>Before.</p><div><p class=caption>A boat</p><img src=1></div>", "A boat", "", Marked),
            ("<figure><span class=caption>A boat</span><img src=1></figure>", "A boat", "", Marked),
            ("<img src=1 aria-describedby=d><p id=d>A boat</p>", "A boat", "", Marked),
            ("<amp-img src=1></amp-img><div class=caption>A boat</div>", "A boat", "", Marked),
            ("<figure><img src=1><p>A boat</p></figure>", "A boat", "", Figure),
            ("<div><img src=1><div>A boat at sea</div></div>", "A boat at sea", "", Box),
            ("<div><span>Foto: Ann Roe</span><img src=1><div>A boat at sea</div></div>", "A boat at sea", "Foto: Ann Roe", Box),
            ("<p>Text.</p><div><img src=1 alt='A red boat'></div><div>A red boat</div><p>Text.", "A red boat", "", Alt),
            ("<img src=1 data-caption='A <b>boat</b>' data-credit=Roe>", "A boat", "Roe", Attribute),
            (
                "<figure><img src=1 title='A boat | Bildquelle: Roe'><figcaption>The boat</figcaption></figure>",
                "The boat",
                "Bildquelle: Roe",
                Marked,
            ),
            ("<figure><img src=1><figcaption>2 of 9 | A boat. (Ann Roe/Wire)</figcaption></figure>", "A boat.", "(Ann Roe/Wire)", Marked),
        ];
        for (page, caption, credit, evidence) in cases {
            let expected = vec![((*caption).to_owned(), (*credit).to_owned(), "https://news.example/a/1".to_owned(), *evidence)];
            assert_eq!(found(page), expected, "{page}");
        }
    }

    #[test]
    fn what_is_no_caption_is_none() {
        let pages = [
            "<div><img src=1><h2>Another story about boats</h2></div>",
            "<a href=/other><div><img src=1><div>Another story about boats</div></div></a>",
            "<div><img src=1><div>By <span class=byline>Ann Roe, London</span></div></div>",
            "<div><img src=1><time>5 January 2026, 18:58 o'clock</time></div>",
            "<p><img src=1> Text that goes on around a picture in the same paragraph.</p>",
            "<div><img src=1></div><div class=text-caption>Word</div>",
        ];
        for page in pages {
            let captions: Vec<_> = found(page).into_iter().filter(|figure| !figure.0.is_empty()).collect();
            assert_eq!(captions, [], "{page}");
        }
    }

    #[test]
    fn listed_pictures_are_those_that_the_page_does_not_show() {
        let one = |n: u8| format!("{{\"src\":\"{n}\",\"caption\":\"Boat {n} at sea\"}}");
        let list = (1..=3).map(one).collect::<Vec<_>>().join(",");
        let page = format!(
            "<div class=gallery data-images='[{list}]'><img src=1><figure><img src=other><figcaption>Boat 3 at sea</figcaption></figure></div>"
        );
        let captions: Vec<_> = found(&page).into_iter().map(|figure| (figure.0, figure.2)).collect();
        let boat = |text: &str, url: &str| (text.to_owned(), format!("https://news.example/a/{url}"));
        assert_eq!(captions, [boat("Boat 2 at sea", "2"), boat("Boat 1 at sea", "1"), boat("Boat 3 at sea", "other")]);
    }

    #[test]
    fn signs_are_no_pictures() {
        for page in
            ["<img src=1 width=16>", "<img class=site-logo src=1>", "<svg><image href=1></image></svg>", "<img width=1 height=1 src=1>"]
        {
            assert_eq!(found(page), [], "{page}");
        }
    }

    #[test]
    fn a_gallery_gives_each_picture_once() {
        let slide = |n: u8| format!("<li><img src={n}><p class=caption>Boat {n} at sea</p></li>");
        let page = format!("<ul class=gallery>{}{}</ul><ul>{}{}</ul>", slide(1), slide(2), slide(1), slide(2));
        let captions: Vec<String> = found(&page).into_iter().map(|figure| figure.0).collect();
        assert_eq!(captions, ["Boat 1 at sea", "Boat 2 at sea"]);
    }

    #[test]
    fn pictures_that_load_late_have_their_address() {
        let cases = [
            ("<img src=data:x data-src=/b.jpg>", "https://news.example/b.jpg"),
            ("<img src=blank.gif data-original=b.jpg>", "https://news.example/a/b.jpg"),
            ("<picture><source srcset='s.jpg 400w, l.jpg 900w'><img></picture>", "https://news.example/a/l.jpg"),
            ("<img class=lazy><noscript><img src=n.jpg></noscript>", "https://news.example/a/n.jpg"),
            ("<head><base href=/img/></head><img src=b.jpg>", "https://news.example/img/b.jpg"),
            ("<video poster=v.jpg></video>", "https://news.example/a/v.jpg"),
            ("<img src='javascript:1'>", "javascript:1"),
        ];
        for (page, address) in cases {
            let figures = found(page);
            assert_eq!((figures.len(), figures[0].2.as_str()), (1, address), "{page}");
        }
    }

    #[test]
    fn kinds_are_told_apart() {
        let kinds = |page: &str| {
            let tree = Parser::default().parse(page).expect("it is short");
            find(&tree, None).into_iter().map(|figure| figure.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds("<video></video>"), [FigureKind::Video]);
        assert_eq!(kinds("<iframe src=https://www.youtube.com/embed/1></iframe>"), [FigureKind::Video]);
        assert_eq!(kinds("<iframe src=https://ads.example></iframe>"), []);
        assert_eq!(kinds("<figure class=video><img src=1></figure>"), [FigureKind::Video]);
        assert_eq!(kinds("<div class=slide><img src=1></div>"), [FigureKind::Gallery]);
        assert_eq!(kinds("<amp-youtube></amp-youtube>"), [FigureKind::Video]);
    }

    #[test]
    fn many_figures_take_linear_time() {
        let figure = |n| format!("<figure><div><img src={n}><p class=caption>A boat<span class=credit>Roe</span></p></div></figure>");
        let page: String = (0..100_000).map(figure).collect();
        let tree = Parser::default().parse(&page).expect("it is short enough");
        assert_eq!(find(&tree, Some("https://news.example/")).len(), 100_000);
        let nested = "<figure><div class=caption><img>".repeat(50_000);
        let tree = Parser::default().parse(&nested).expect("it is short enough");
        let figures = find(&tree, None);
        let _ = of_story(&tree, &figures, &[NodeId::ROOT]);
    }

    #[test]
    fn what_stands_around_many_pictures_is_not_read_for_each() {
        let pictures = "<img src=a>".repeat(20_000);
        let long = "x ".repeat(500_000);
        for around in [
            format!("<div class='{long}'>"),
            format!("<div title='&amp;{long}'>"),
            format!("<div data-caption='<b>{long}'>"),
            format!("<head><base href='https://news.example/{}/'></head>", "x".repeat(100_000)),
        ] {
            let page = format!("<p>Before.</p>{around}{pictures}</div><p>After.</p>");
            let tree = Parser::default().parse(&page).expect("it is short enough");
            let figures = find(&tree, None);
            assert_eq!(figures.len(), 20_000);
            assert!(figures.iter().all(|figure| figure.caption.is_none() && figure.image_url.is_none()));
            let blocks: Vec<NodeId> = tree.nodes().filter(|&id| tree.tag(id) == Tag::P).collect();
            assert_eq!(of_story(&tree, &figures, &blocks).len(), 20_000);
        }
        let page = format!("<figure>{}</figure>", "<figcaption>x</figcaption><i class=credit>y</i>".repeat(100_000));
        let _ = find(&Parser::default().parse(&page).expect("it is short enough"), None);
    }

    #[test]
    fn ranges_lie_in_the_tree() {
        let pieces = [
            "<figure>",
            "</figure>",
            "<img src=a>",
            "<figcaption>",
            "</figcaption>",
            "x y z",
            "<p class=credit>",
            "</p>",
            "<div class=caption>",
            "</div>",
            "<a href=/>",
            "<noscript>",
        ];
        let mut state = 7_usize;
        for _ in 0..400 {
            let page: String = (0..14)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    pieces[(state >> 33) % pieces.len()]
                })
                .collect();
            let tree = Parser::default().parse(&page).expect("it is short");
            let figures = find(&tree, Some("https://news.example/"));
            for figure in &figures {
                let texts = figure.caption.iter().chain(&figure.credit).map(|text| text.nodes.clone());
                for range in figure.nodes.iter().cloned().chain(texts).chain([figure.span.clone()]) {
                    assert!(range.start <= range.end && range.end.index() <= tree.len(), "{page}: {range:?}");
                }
                assert!(figure.image_url.as_deref().is_none_or(|url| Url::parse(url).is_ok()), "{page}");
            }
            assert_eq!(of_story(&tree, &figures, &[]).len(), figures.len());
        }
    }
}
