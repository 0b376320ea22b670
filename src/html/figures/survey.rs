//! One walk over a page that notes what figures are made of: media, captions, credits, and how much text stands where.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::attributes::{MOST_LISTS, list_length};
use super::text::is_silent_by;
use super::words::Hints;
use super::{FigureKind, media};
use crate::html::digest::{Digest, Says};
use crate::html::{Attr, NodeId, Tag, Tree};

/// Longest caption and longest credit, in bytes of the source.
pub(super) const LONGEST_CAPTION: u32 = 2_000;
const LONGEST_CREDIT: u32 = 400;

/// What is found at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A picture or video; `fallback` if it is what a page without scripts shows in place of another.
    Medium { kind: FigureKind, fallback: bool },
    /// Text that its element says to be a caption.
    Caption,
    /// Text that its element says to be a credit; not `sure` where it may be a byline as well.
    Credit { sure: bool },
}

/// One place on the page.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) what: What,
    pub(super) id: NodeId,
    pub(super) end: NodeId,
    /// The innermost `figure` around it.
    pub(super) figure: Option<NodeId>,
    pub(super) hints: Hints,
}

/// What the walk has found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// All places in document order.
    pub(super) places: Vec<Place>,
    /// Bytes of visible text before each node, and, of these, in links.
    ink: Vec<[u32; 2]>,
    /// What the names of elements say that were asked for.
    hints: RefCell<BTreeMap<NodeId, Hints>>,
    headings: Vec<NodeId>,
    /// Media that are no fallbacks, in order.
    media: Vec<NodeId>,
    /// Elements that may list pictures in an attribute, in order.
    pub(super) lists: Vec<NodeId>,
}

impl Survey {
    pub(super) fn new(tree: &Tree<'_>, digest: &Digest) -> Self {
        let mut walk = Walk {
            tree,
            digest,
            survey: Self::default(),
            open_figures: Vec::new(),
            described: Vec::new(),
            quiet: 0,
            link: 0,
            total: [0, 0],
            list_bytes: MOST_LISTS,
        };
        walk.run();
        let Walk { mut survey, described, .. } = walk;
        survey.add_described(tree, described);
        survey.choose(tree);
        survey
    }

    /// Bytes of visible text in a range of nodes.
    pub(super) fn ink(&self, nodes: Range<NodeId>) -> u32 {
        self.ink[nodes.end.index()][0] - self.ink[nodes.start.index()][0]
    }

    /// Bytes of visible text in links in a range of nodes.
    pub(super) fn linked(&self, nodes: Range<NodeId>) -> u32 {
        self.ink[nodes.end.index()][1] - self.ink[nodes.start.index()][1]
    }

    /// What the names of an element say of it. Each is read once, however many pictures are in it.
    pub(super) fn hints(&self, tree: &Tree<'_>, id: NodeId) -> Hints {
        *self.hints.borrow_mut().entry(id).or_insert_with(|| Hints::of(tree, id))
    }

    /// How many headings begin in a range of nodes.
    pub(super) fn headings(&self, nodes: Range<NodeId>) -> usize {
        count(&self.headings, nodes)
    }

    /// How many media begin in a range of nodes.
    pub(super) fn media(&self, nodes: Range<NodeId>) -> usize {
        count(&self.media, nodes)
    }

    /// Adds the elements that figures or pictures name as their descriptions.
    fn add_described(&mut self, tree: &Tree<'_>, mut described: Vec<String>) {
        if described.is_empty() {
            return;
        }
        described.sort_unstable();
        described.dedup();
        for id in tree.nodes().filter(|&id| tree.has_attrs(id)) {
            let names = tree.id_attr(id).is_some_and(|name| described.binary_search_by(|known| known.as_str().cmp(&name)).is_ok());
            if names && !tree.is_unseen(id) {
                let figure = tree.ancestors(id).find(|&up| tree.tag(up) == Tag::Figure);
                self.places.push(Place { what: What::Caption, id, end: tree.end(id), figure, hints: Hints::CAPTION });
            }
        }
        self.places.sort_by_key(|place| place.id);
    }

    /// Keeps of captions and credits the outermost that can be one.
    fn choose(&mut self, tree: &Tree<'_>) {
        let mut places = std::mem::take(&mut self.places);
        let mut caption_end = NodeId::ROOT;
        places.retain(|place| {
            // Outside of figures a caption that is a link is a headline of another story.
            let nodes = place.id..place.end;
            let is_link = place.figure.is_none() && place.hints != Hints::default() && self.linked(nodes.clone()) * 5 > self.ink(nodes) * 4;
            let fits = place.what != What::Caption
                || place.id >= caption_end && !is_link && !is_byline(tree, place.id) && self.can_be_text(place, LONGEST_CAPTION);
            if place.what == What::Caption && fits {
                caption_end = place.end;
            }
            fits
        });
        let captions: Vec<NodeId> = places.iter().filter(|place| place.what == What::Caption).map(|place| place.id).collect();
        let mut credit_end = NodeId::ROOT;
        places.retain(|place| {
            let What::Credit { .. } = place.what else { return true };
            let holds_caption = count(&captions, place.id..place.end) > 0;
            let fits = place.id >= credit_end && !holds_caption && self.can_be_text(place, LONGEST_CREDIT);
            if fits {
                credit_end = place.end;
            }
            fits
        });
        self.places = places;
    }

    fn can_be_text(&self, place: &Place, longest: u32) -> bool {
        let nodes = place.id..place.end;
        (1..=longest).contains(&self.ink(nodes.clone())) && self.media(nodes) == 0
    }
}

/// Whether a short piece of the page is about who wrote the story, and not about a picture.
fn is_byline(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.descendants(id).take(MOST_NODES).any(|id| {
        let by = || tree.attr(id, Attr::Rel).is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word == "author"));
        tree.tag(id) == Tag::Address || tree.tag(id) == Tag::A && by()
    })
}

/// How many nodes of a caption are looked at to tell what it is.
const MOST_NODES: usize = 64;

/// How many of the sorted `ids` lie in a range.
fn count(ids: &[NodeId], nodes: Range<NodeId>) -> usize {
    ids.partition_point(|&id| id < nodes.end) - ids.partition_point(|&id| id < nodes.start)
}

/// Elements that are something to the survey by their names; most are not, which is quickly seen.
static NOTED: [bool; Tag::COUNT] = {
    let mut noted = [false; Tag::COUNT];
    let tags = [
        // Media, and what may be one of AMP's.
        Tag::Img,
        Tag::AmpImg,
        Tag::Image,
        Tag::Video,
        Tag::Iframe,
        Tag::Unknown,
        // What holds no text that is shown.
        Tag::Head,
        Tag::Noembed,
        Tag::Noframes,
        Tag::Script,
        Tag::Style,
        Tag::Template,
        Tag::Svg,
        Tag::Noscript,
        Tag::Textarea,
        Tag::Select,
        Tag::Audio,
        Tag::Object,
        Tag::Button,
        // What text stands in.
        Tag::Figure,
        Tag::Figcaption,
        Tag::Footer,
        Tag::A,
        Tag::H1,
        Tag::H2,
        Tag::H3,
        Tag::H4,
        Tag::H5,
        Tag::H6,
    ];
    let mut at = 0;
    while at < tags.len() {
        noted[tags[at] as usize] = true;
        at += 1;
    }
    noted
};

struct Walk<'t, 's> {
    tree: &'t Tree<'s>,
    digest: &'t Digest,
    survey: Survey,
    open_figures: Vec<NodeId>,
    described: Vec<String>,
    /// Where text that is shown begins again.
    quiet: u32,
    /// Where the link that is open ends.
    link: u32,
    total: [u32; 2],
    /// Bytes of attributes that may still be read as lists of pictures.
    list_bytes: u32,
}

impl Walk<'_, '_> {
    fn run(&mut self) {
        let tree = self.tree;
        self.survey.ink.reserve(tree.len() + 1);
        let mut id = NodeId::ROOT;
        let end = tree.end(NodeId::ROOT);
        while id < end {
            self.survey.ink.push(self.total);
            if tree.is_text(id) {
                self.text(id);
            } else if tree.is_element(id) {
                while self.open_figures.last().is_some_and(|&figure| tree.end(figure) <= id) {
                    self.open_figures.pop();
                }
                if self.element(id) {
                    id = tree.end(id);
                    self.survey.ink.resize(id.index(), self.total);
                    continue;
                }
            }
            id.0 += 1;
        }
        self.survey.ink.push(self.total);
    }

    fn text(&mut self, id: NodeId) {
        if id.0 >= self.quiet && self.tree.has_ink(id) {
            let bytes = self.tree.source()[self.tree.source_span(id)].trim_ascii().len() as u32;
            self.total[0] += bytes;
            if id.0 < self.link {
                self.total[1] += bytes;
            }
        }
    }

    /// Notes an element; says whether its content is to be skipped.
    fn element(&mut self, id: NodeId) -> bool {
        let (tree, tag, says) = (self.tree, self.tree.tag(id), self.digest.of(id));
        if !NOTED[tag as usize] && !says.has(Says::LIST.and(Says::PICTURED)) {
            return false;
        }
        let is_seen = id.0 >= self.quiet;
        if let Some(kind) = media::kind(tree, id) {
            let fallback = !is_seen && tree.ancestors(id).take(3).any(|up| tree.tag(up) == Tag::Noscript);
            if !fallback {
                self.survey.media.push(id);
            }
            self.describe(id);
            self.place(What::Medium { kind, fallback }, id, Hints::default());
        }
        if tree.is_unseen(id) || tag == Tag::Svg {
            return true;
        }
        match tag {
            Tag::Figure => {
                self.open_figures.push(id);
                self.describe(id);
            }
            Tag::A => self.link = self.link.max(tree.end(id).0),
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 if is_seen => self.survey.headings.push(id),
            _ => {}
        }
        if says.has(Says::LIST)
            && let Some(bytes) = list_length(tree, id).filter(|&bytes| bytes <= self.list_bytes)
        {
            self.list_bytes -= bytes;
            self.survey.lists.push(id);
        }
        let hints = if says.has(Says::PICTURED) { Hints::of(tree, id) } else { Hints::default() };
        if is_silent_by(tree, id, hints) {
            self.quiet = self.quiet.max(tree.end(id).0);
        } else if is_seen && !matches!(tag, Tag::Figure | Tag::Body | Tag::Html | Tag::Input | Tag::Img) {
            self.words(id, hints);
        }
        false
    }

    /// Notes an element whose class says that it is a caption or a credit; the hints are those of telling names.
    fn words(&mut self, id: NodeId, hints: Hints) {
        let is_figcaption = self.tree.is_html(id, Tag::Figcaption);
        let is_in_figure = self.tree.is_html(id, Tag::Footer) && !self.open_figures.is_empty();
        let hints = if is_figcaption || is_in_figure { Hints::of(self.tree, id) } else { hints };
        if hints.has(Hints::CREDIT) && !hints.has(Hints::CAPTION) {
            self.place(What::Credit { sure: true }, id, hints);
        } else if is_figcaption || hints.has(Hints::CAPTION) {
            self.place(What::Caption, id, hints);
            // `caption caption--credit`: a credit if it stands in a caption.
            if hints.has(Hints::CREDIT.and(Hints::SOURCE)) {
                self.place(What::Credit { sure: false }, id, hints);
            }
        } else if is_in_figure {
            self.place(What::Credit { sure: true }, id, hints);
        } else if hints.has(Hints::SOURCE) {
            self.place(What::Credit { sure: hints.has(Hints::PICTURE) }, id, hints);
        }
    }

    fn place(&mut self, what: What, id: NodeId, hints: Hints) {
        let figure = self.open_figures.last().copied();
        self.survey.places.push(Place { what, id, end: self.tree.end(id), figure, hints });
    }

    /// Notes which elements describe this one.
    fn describe(&mut self, id: NodeId) {
        if let Some(names) = self.tree.attr(id, Attr::AriaDescribedby) {
            self.described.extend(names.split_ascii_whitespace().take(4).map(str::to_owned));
        }
    }
}
