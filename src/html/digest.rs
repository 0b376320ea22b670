//! What the attributes of a page's elements say, read once for all who ask.
//!
//! Blocks, figures and metadata each look for a few attributes and a few class names, which nearly no element has. One walk notes which
//! element has what for whom, so that the others pass by with a look at a byte. The same lists of class names stand on most elements;
//! each is read once.

use std::borrow::Cow;

use super::blocks::is_caption_list;
use super::figures::{LONGEST_LIST, SHORTEST_LIST, may_tell, tells};
use super::memo::hash;
use super::metadata::is_byline;
use super::names::{Attr, Tag};
use super::tree::{AttrSpan, NodeId, Tree};

/// What an element's attributes may say, as a set of bits; what they do say is for those to read who asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::html) struct Says(u8);

impl Says {
    /// How it is laid out: hidden, a role, a style, a link, the class of a caption.
    pub(in crate::html) const LAYOUT: Self = Self(1);
    /// That it is a caption, a credit, a source, a button, or not for eyes.
    pub(in crate::html) const PICTURED: Self = Self(1 << 1);
    /// A list of pictures for scripts.
    pub(in crate::html) const LIST: Self = Self(1 << 2);
    /// Microdata.
    pub(in crate::html) const MICRODATA: Self = Self(1 << 3);
    /// The class of a byline.
    pub(in crate::html) const BYLINE: Self = Self(1 << 4);
    /// What a link is to the page.
    pub(in crate::html) const REL: Self = Self(1 << 5);

    /// Whether one of `other` is in the set.
    #[inline]
    pub(in crate::html) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(in crate::html) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What a list of class names says.
    fn of_list(names: &str) -> Self {
        // Captions and bylines are told by some of the words that are asked for here.
        if !may_tell(names) {
            return Self::default();
        }
        let bit = |is: bool, says: Self| if is { says } else { Self::default() };
        bit(is_caption_list(names), Self::LAYOUT).and(bit(tells(names), Self::PICTURED)).and(bit(is_byline(names), Self::BYLINE))
    }
}

/// What the elements of a page say; its memory is used again for the next page.
#[derive(Clone, Debug, Default)]
pub(in crate::html) struct Digest {
    says: Vec<Says>,
    /// Elements that say something of the page, in order: the tags in [`is_of_page`], and what says something to metadata.
    of_page: Vec<NodeId>,
    /// The number of each element's list of class names, or [`NO_LIST`].
    classes: Vec<u32>,
    lists: Lists,
}

/// An element without a class, or with one whose list has no number.
const NO_LIST: u32 = u32::MAX;

impl Digest {
    /// Reads the elements of a page; those of the page before are gone.
    pub(in crate::html) fn read(&mut self, tree: &Tree<'_>) {
        self.says.clear();
        self.classes.clear();
        self.of_page.clear();
        self.lists.clear();
        self.says.push(Says::default());
        self.classes.push(NO_LIST);
        for id in tree.nodes() {
            let (says, class) = if tree.has_attrs(id) { self.element(tree, id) } else { (Says::default(), NO_LIST) };
            self.says.push(says);
            self.classes.push(class);
            if is_of_page(tree.tag(id)) || says.has(Says::MICRODATA.and(Says::BYLINE).and(Says::REL)) {
                self.of_page.push(id);
            }
        }
    }

    /// The elements that say something of the page as a whole, in order.
    pub(in crate::html) fn of_page(&self) -> &[NodeId] {
        &self.of_page
    }

    /// What an element says.
    #[inline]
    pub(in crate::html) fn of(&self, id: NodeId) -> Says {
        self.says[id.index()]
    }

    /// The number of an element's list of class names: the same for the same list.
    pub(in crate::html) fn class_list(&self, id: NodeId) -> Option<usize> {
        let number = self.classes[id.index()];
        (number != NO_LIST).then_some(number as usize)
    }

    /// How many lists of class names the page has.
    pub(in crate::html) fn class_lists(&self) -> usize {
        self.lists.all.len()
    }

    /// What an element says, and the number of its class.
    fn element(&mut self, tree: &Tree<'_>, id: NodeId) -> (Says, u32) {
        let (tag, mut class) = (tree.tag(id), NO_LIST);
        let mut says = if tag == Tag::Dialog { Says::LAYOUT } else { Says::default() };
        for attr in tree.attr_spans(id) {
            let more = match attr.name {
                Attr::Class => {
                    let (said, number) = self.list(tree, attr);
                    class = number;
                    said
                }
                Attr::DataTestid => self.list(tree, attr).0.only(Says::PICTURED),
                Attr::Itemprop => self.list(tree, attr).0.only(Says::PICTURED).and(Says::MICRODATA),
                Attr::Property => Says::PICTURED.and(Says::MICRODATA),
                Attr::Itemtype => Says::MICRODATA,
                Attr::Role if tree.attr_value(attr) == "button" => Says::LAYOUT.and(Says::PICTURED),
                Attr::Role | Attr::Hidden | Attr::Style | Attr::AriaHidden => Says::LAYOUT,
                Attr::Href if tag == Tag::A => Says::LAYOUT,
                Attr::Rel => Says::REL,
                _ => Says::default(),
            };
            says = says.and(more);
            if attr.len() >= SHORTEST_LIST && may_be_list(tree, attr) {
                says = says.and(Says::LIST);
            }
        }
        (says, class)
    }

    /// What a list of class names says, and its number.
    fn list(&mut self, tree: &Tree<'_>, attr: &AttrSpan) -> (Says, u32) {
        match tree.attr_value(attr) {
            Cow::Borrowed(_) => self.lists.number(tree.source(), attr),
            Cow::Owned(names) => (Says::of_list(&names), NO_LIST),
        }
    }
}

/// Whether an element is read for what it says of the page, whatever its attributes.
fn is_of_page(tag: Tag) -> bool {
    // Some of them are there to be passed over with what is in them.
    matches!(tag, Tag::Html | Tag::Meta | Tag::Title | Tag::H1 | Tag::Time | Tag::Script | Tag::Style | Tag::Template | Tag::Svg)
}

/// Whether an attribute is for scripts and of the length of a list of pictures.
fn may_be_list(tree: &Tree<'_>, attr: &AttrSpan) -> bool {
    !matches!(attr.name, Attr::Class | Attr::Href | Attr::Src | Attr::Style | Attr::Srcset | Attr::Content)
        && attr.len() <= LONGEST_LIST
        && tree.span_of_name(attr).get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data-"))
}

/// Lists of class names by number.
#[derive(Clone, Debug, Default)]
struct Lists {
    /// Where each stands in the source for the first time, and what it says.
    all: Vec<List>,
    /// One more than the number of the list at a place, by its bytes; 0 is none.
    places: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct List {
    start: u32,
    stop: u32,
    hash: u32,
    says: Says,
}

/// Places for lists at first: twice as many as a page has lists as a rule.
const PLACES: usize = 1024;

/// Places looked at for a list. So many in a row are only taken where names were made up to fall together; a list that finds none has no
/// number, or a page of such names would take quadratic time.
const REACH: usize = 64;

impl Lists {
    fn clear(&mut self) {
        self.all.clear();
        self.places.clear();
        self.places.resize(PLACES, 0);
    }

    fn number(&mut self, source: &str, attr: &AttrSpan) -> (Says, u32) {
        let span = |start: u32, stop: u32| &source.as_bytes()[start as usize..stop as usize];
        let names = span(attr.value_start, attr.value_stop);
        let hash = hash(names);
        let mut free = None;
        for place in (hash as usize..).take(REACH).map(|place| place & (self.places.len() - 1)) {
            let Some(at) = self.places[place].checked_sub(1) else {
                free = Some(place);
                break;
            };
            let list = &self.all[at as usize];
            if list.hash == hash && span(list.start, list.stop) == names {
                return (list.says, at);
            }
        }
        let says = Says::of_list(&source[attr.value_start as usize..attr.value_stop as usize]);
        let Some(place) = free else { return (says, NO_LIST) };
        let number = self.all.len() as u32;
        self.all.push(List { start: attr.value_start, stop: attr.value_stop, hash, says });
        self.places[place] = number + 1;
        if self.all.len() * 2 > self.places.len() {
            self.grow();
        }
        (says, number)
    }

    /// Makes twice as many places.
    fn grow(&mut self) {
        let places = self.places.len() * 2;
        self.places.clear();
        self.places.resize(places, 0);
        for (number, list) in (1..).zip(&self.all) {
            let mut place = list.hash as usize & (places - 1);
            while self.places[place] != 0 {
                place = (place + 1) & (places - 1);
            }
            self.places[place] = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Parser;

    #[test]
    fn elements_say_what_their_attributes_do() {
        let cases = [
            ("class=x id=y", Says::default()),
            ("class='x wp-caption-text'", Says::LAYOUT.and(Says::PICTURED)),
            ("class=photo-credit", Says::PICTURED),
            ("class='post-author&#32;x'", Says::PICTURED.and(Says::BYLINE)),
            ("hidden", Says::LAYOUT),
            ("itemprop=name", Says::MICRODATA),
            ("data-testid=byline", Says::PICTURED),
            ("rel=author href=/x", Says::REL),
            ("data-Images='[{}, {}, {}, {}, {}, {}, {}, {}, {}]'", Says::LIST),
        ];
        for (attributes, expected) in cases {
            let tree = Parser::default().parse(&format!("<div {attributes}>")).map(|tree| {
                let mut digest = Digest::default();
                digest.read(&tree);
                digest.of(tree.find(Tag::Div).expect("it is there"))
            });
            assert_eq!(tree, Ok(expected), "{attributes}");
        }
    }

    #[test]
    fn the_same_lists_have_the_same_number() {
        let names: Vec<String> = (0..3 * PLACES).map(|number| format!("name-{number} {}", number % 7)).collect();
        let tags: Vec<String> = names.iter().chain(&names).map(|name| format!("<br class='{name}'>")).collect();
        let page = tags.concat();
        let tree = Parser::default().parse(&page).expect("it is short");
        let mut digest = Digest::default();
        digest.read(&tree);
        let numbers: Vec<_> = tree.nodes().filter(|&id| tree.tag(id) == Tag::Br).map(|id| digest.class_list(id)).collect();
        assert!(numbers.iter().zip(0..).all(|(&number, at)| number == Some(at % names.len())));
        assert_eq!(digest.class_lists(), names.len());
    }

    #[test]
    fn names_made_to_fall_together_have_no_number() {
        // All fall into one place of the first table.
        let hash_of = |name: &String| hash(name.as_bytes()) as usize & (PLACES - 1);
        let names: Vec<String> =
            (0..).map(|number| format!("photo-credit-{number}")).filter(|name| hash_of(name) == 0).take(REACH + 20).collect();
        let tags: Vec<String> = names.iter().chain(&names).map(|name| format!("<br class='{name}'>")).collect();
        let page = tags.concat();
        let tree = Parser::default().parse(&page).expect("it is short");
        let mut digest = Digest::default();
        digest.read(&tree);
        let elements: Vec<NodeId> = tree.nodes().filter(|&id| tree.tag(id) == Tag::Br).collect();
        assert_eq!(elements.iter().filter(|&&id| digest.class_list(id).is_none()).count(), 40);
        assert!(elements.iter().all(|&id| digest.of(id).has(Says::PICTURED)), "what they say is known all the same");
    }
}
