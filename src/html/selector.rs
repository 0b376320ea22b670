//! CSS selectors over the tree: many at once, in one walk.
//!
//! ```
//! use copydesk::html::{Parser, selector::{SelectorSet, Scratch}};
//!
//! let set = SelectorSet::new([".ad", "article > p:first-of-type", "[data-role=promo] a"])?;
//! let tree = Parser::default().parse("<article><p>One.</p><p class='text ad'>Two.</p></article>")?;
//! let found = set.matches(&tree, &mut Scratch::default());
//! assert_eq!(found.iter().map(|hit| hit.0).collect::<Vec<_>>(), [1, 0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Selectors one by one over all elements cost their number times the page. Here each is filed under its last part's id, class,
//! element or attribute: `article > p.lead` under the class `lead`. A first walk notes which classes and ids that selectors name the page
//! has at all; `.ad p` is out where no element has the class `ad`. A second looks up what each element has, and only the selectors
//! that are filed there and not out are matched in full. So three hundred selectors cost about what one does; only those without any name (`* > *`)
//! are tried on every element.
//!
//! Names of classes and ids count as written, upper and lower case apart, also on pages in quirks mode. Content of `<template>` is
//! not looked at. Selectors of state (`:hover`) and of generated content (`::before`) are errors, as is any unknown one in `:is(...)`.
//!
//! Time grows with the page and the hits: what one page may cost in steps from element to element is bounded ([`STEPS_A_NODE`]; long
//! values cost steps, too), since `a ~ b` over 100,000 siblings would be quadratic. Beyond that selectors that look around match nothing, which
//! [`Scratch::is_exhausted`] tells; real pages stay far below.

mod element;
mod names;

use std::cell::Cell;
use std::collections::HashMap;

use cssparser::{BasicParseErrorKind, ParseErrorKind};
use selectors::matching::{self, MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, QuirksMode, SelectorCaches};
use selectors::parser::{Component, ParseRelative, Selector, SelectorList, SelectorParseErrorKind};

use super::{Attr, NodeId, Tag, Tree};
use element::{Here, Page};
use names::{Language, Names};

/// Steps from element to element for each node of a page, on average.
pub const STEPS_A_NODE: u64 = 256;

/// Longest selector, in bytes.
pub const LONGEST: usize = 1_000;

/// A selector that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at byte {at} of the selector")]
pub struct SelectorError {
    /// Which of the selectors given.
    pub index: usize,
    /// The byte of the selector from which on it is wrong.
    pub at: usize,
    /// What is wrong, in lower case.
    pub message: String,
}

/// Checks a selector.
///
/// # Errors
/// When it is no selector, is longer than [`LONGEST`], or asks for what a page at rest does not have.
pub fn check(selector: &str) -> Result<(), SelectorError> {
    parse(selector, 0).map(drop)
}

/// Selectors, compiled to be matched together; see the [module](self).
#[derive(Debug, Default)]
pub struct SelectorSet {
    parts: Vec<Part>,
    /// All classes and ids that the selectors name, by number.
    names: HashMap<Box<str>, u32>,
    filter: Filter,
    /// The parts filed under each class or id.
    named: Vec<Vec<u32>>,
    /// The parts filed under the number of an element, of an attribute, and under nothing.
    others: Vec<(Key, u32)>,
    asks_for_siblings: bool,
    count: usize,
}

/// A selector of a list.
#[derive(Debug)]
struct Part {
    /// The place of its list among those given.
    index: usize,
    selector: Selector<Names>,
    /// Classes and ids that a page must have for the selector to select anything, by number.
    needs: Vec<u32>,
    /// Whether it asks for other elements than the one that it selects.
    looks_around: bool,
}

/// Memory that goes from page to page.
#[derive(Debug, Default)]
pub struct Scratch {
    before: Vec<u32>,
    last_child: Vec<u32>,
    /// The element that each selector was last tried on; the root is none.
    seen: Vec<u32>,
    /// Which classes and ids of the selectors the page has.
    present: Vec<bool>,
    /// The parts that can select something on this page, by element, by attribute, and for every element.
    tags: Vec<Vec<u32>>,
    attrs: Vec<Vec<u32>>,
    any: Vec<u32>,
    is_exhausted: bool,
}

impl Scratch {
    /// Says whether the last page took all the steps that it may.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.is_exhausted
    }
}

/// What a selector is filed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Name(u32),
    Tag(Tag),
    Attr(Attr),
    Any,
}

impl SelectorSet {
    /// Compiles selectors; a hit names one by its place among them.
    ///
    /// # Errors
    /// When one of them is wrong.
    pub fn new<'s>(selectors: impl IntoIterator<Item = &'s str>) -> Result<Self, SelectorError> {
        let mut set = Self::default();
        for (index, selector) in selectors.into_iter().enumerate() {
            set.count = index + 1;
            for part in parse(selector, index)?.slice() {
                set.add(index, part.clone());
            }
        }
        Ok(set)
    }

    /// Counts the selectors.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Says whether there is no selector.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn add(&mut self, index: usize, selector: Selector<Names>) {
        let number = self.parts.len() as u32;
        self.asks_for_siblings |= asks_for_siblings(&selector);
        // What stands in `:not(...)` or `:is(...)` is not needed, and not among these.
        let mut needs = Vec::new();
        for component in selector.iter_raw_match_order() {
            if let Component::ID(name) | Component::Class(name) = component {
                needs.push(self.name(&name.0));
            }
        }
        match self.key(&selector) {
            Key::Name(name) => self.named[name as usize].push(number),
            key => self.others.push((key, number)),
        }
        self.parts.push(Part { index, looks_around: looks_around(&selector), needs, selector });
    }

    /// The number of a class or an id.
    fn name(&mut self, name: &str) -> u32 {
        if let Some(&known) = self.names.get(name) {
            return known;
        }
        let number = self.names.len() as u32;
        self.filter.add(name);
        self.names.insert(name.into(), number);
        self.named.push(Vec::new());
        number
    }

    /// The surest name in the last part of a selector.
    fn key(&self, selector: &Selector<Names>) -> Key {
        let mut key = Key::Any;
        for component in selector.iter() {
            key = match (component, key) {
                (Component::ID(id), _) => return Key::Name(self.names[&id.0]),
                (_, Key::Name(_)) => key,
                (Component::Class(class), _) => Key::Name(self.names[&class.0]),
                (Component::LocalName(local), _) if local.lower_name.tag != Tag::Unknown => Key::Tag(local.lower_name.tag),
                (
                    Component::AttributeInNoNamespaceExists { local_name_lower: name, .. }
                    | Component::AttributeInNoNamespace { local_name: name, .. },
                    Key::Any,
                ) if name.attr != Attr::Unknown => Key::Attr(name.attr),
                (_, key) => key,
            };
        }
        key
    }

    /// The number of a class or an id on a page, if a selector names it.
    fn look_up_name(&self, name: &str) -> Option<u32> {
        if self.filter.may_have(name) { self.names.get(name).copied() } else { None }
    }

    /// Visits the classes and the id of an element that selectors name.
    fn each_name(&self, tree: &Tree<'_>, id: NodeId, mut visit: impl FnMut(u32)) {
        if self.names.is_empty() || !tree.has_attrs(id) {
            return;
        }
        tree.each_attr(id, |attr, value| match attr {
            Attr::Id => self.look_up_name(&value()).into_iter().for_each(&mut visit),
            Attr::Class => value().split_ascii_whitespace().filter_map(|class| self.look_up_name(class)).for_each(&mut visit),
            _ => {}
        });
    }

    /// Notes which of the selectors can select something on this page at all.
    fn prepare(&self, tree: &Tree<'_>, scratch: &mut Scratch) {
        scratch.is_exhausted = false;
        scratch.seen.clear();
        scratch.seen.resize(self.parts.len(), 0);
        scratch.present.clear();
        scratch.present.resize(self.names.len(), false);
        for id in tree.nodes() {
            self.each_name(tree, id, |name| scratch.present[name as usize] = true);
        }
        scratch.any.clear();
        scratch.tags.resize(Tag::COUNT, Vec::new());
        scratch.attrs.resize(Attr::COUNT, Vec::new());
        scratch.tags.iter_mut().chain(&mut scratch.attrs).for_each(Vec::clear);
        for &(key, number) in &self.others {
            if self.parts[number as usize].needs.iter().all(|&name| scratch.present[name as usize]) {
                match key {
                    Key::Tag(tag) => scratch.tags[tag as usize].push(number),
                    Key::Attr(attr) => scratch.attrs[attr as usize].push(number),
                    Key::Name(_) | Key::Any => scratch.any.push(number),
                }
            }
        }
        scratch.before.clear();
        if self.asks_for_siblings {
            scratch.link(tree);
        }
    }

    /// Finds what the selectors select: each hit as the place of a selector and an element, in the order of the page, for one
    /// element in the order of the selectors, none twice.
    #[must_use]
    pub fn matches(&self, tree: &Tree<'_>, scratch: &mut Scratch) -> Vec<(usize, NodeId)> {
        let mut hits = Vec::new();
        if self.is_empty() {
            return hits;
        }
        self.prepare(tree, scratch);
        let Scratch { before, seen, present, tags, attrs, any, .. } = &mut *scratch;
        let most_steps = STEPS_A_NODE * tree.len() as u64;
        let page = Page { tree, before: before.as_slice(), steps: Cell::new(0) };
        let mut caches = SelectorCaches::default();
        let mut context = MatchingContext::new(
            MatchingMode::Normal,
            None,
            &mut caches,
            QuirksMode::NoQuirks,
            NeedsSelectorFlags::No,
            MatchingForInvalidation::No,
        );
        let mut found = Vec::new();
        let mut id = NodeId::ROOT;
        let end = tree.end(NodeId::ROOT);
        while id < end {
            if tree.is_element(id) {
                found.clear();
                let mut attempt = |number: u32| {
                    let part = &self.parts[number as usize];
                    // A class that is written again finds the same selectors again.
                    if std::mem::replace(&mut seen[number as usize], id.0) == id.0 || part.looks_around && page.steps.get() > most_steps {
                        return;
                    }
                    if matching::matches_selector(&part.selector, 0, None, &Here { page: &page, id }, &mut context) {
                        found.push(part.index);
                    }
                };
                tags[tree.tag(id) as usize].iter().chain(any.iter()).copied().for_each(&mut attempt);
                if tree.has_attrs(id) {
                    tree.each_attr(id, |attr, _| attrs[attr as usize].iter().copied().for_each(&mut attempt));
                }
                self.each_name(tree, id, |name| {
                    for &number in &self.named[name as usize] {
                        if self.parts[number as usize].needs.iter().all(|&name| present[name as usize]) {
                            attempt(number);
                        }
                    }
                });
                found.sort_unstable();
                found.dedup();
                hits.extend(found.iter().map(|&index| (index, id)));
            }
            id = if tree.tag(id) == Tag::Template { tree.end(id) } else { NodeId(id.0 + 1) };
        }
        let is_exhausted = page.steps.get() > most_steps;
        scratch.is_exhausted = is_exhausted;
        hits
    }
}

impl Scratch {
    /// Notes the element before each element.
    fn link(&mut self, tree: &Tree<'_>) {
        self.before.clear();
        self.before.extend(0..tree.len() as u32);
        self.last_child.clear();
        self.last_child.resize(tree.len(), u32::MAX);
        for id in tree.nodes().filter(|&id| tree.is_element(id)) {
            let Some(parent) = tree.parent(id) else { continue };
            let last = &mut self.last_child[parent.index()];
            if *last != u32::MAX {
                self.before[id.index()] = *last;
            }
            *last = id.0;
        }
    }
}

/// Whether matching a selector may ask for the element before another.
fn asks_for_siblings(selector: &Selector<Names>) -> bool {
    selector.iter_raw_match_order().any(|component| match component {
        Component::Combinator(combinator) => combinator.is_sibling(),
        Component::Nth(_) | Component::NthOf(_) | Component::Has(_) => true,
        Component::Is(list) | Component::Where(list) | Component::Negation(list) => list.slice().iter().any(asks_for_siblings),
        _ => false,
    })
}

/// Whether matching a selector may ask for other elements than the one that it selects.
fn looks_around(selector: &Selector<Names>) -> bool {
    selector.iter_raw_match_order().any(|component| match component {
        Component::Combinator(_) | Component::Nth(_) | Component::NthOf(_) | Component::Has(_) | Component::Empty => true,
        Component::Is(list) | Component::Where(list) | Component::Negation(list) => list.slice().iter().any(looks_around),
        _ => false,
    })
}

/// Reads a list of selectors.
fn parse(selector: &str, index: usize) -> Result<SelectorList<Names>, SelectorError> {
    if selector.len() > LONGEST {
        return Err(SelectorError { index, at: LONGEST, message: format!("the selector is longer than {LONGEST} bytes") });
    }
    read(selector).map_err(|error| {
        let message = match error {
            ParseErrorKind::Basic(BasicParseErrorKind::EndOfInput) => "the selector is not complete",
            ParseErrorKind::Basic(BasicParseErrorKind::TooManyNestedBlocks) => "too many brackets in each other",
            ParseErrorKind::Basic(_) => "something unexpected stands here",
            ParseErrorKind::Custom(kind) => explain(&kind),
        };
        // The parser does not say where it failed: it is behind the longest part that is right by itself.
        let ends = selector.char_indices().map(|(at, _)| at).rev();
        let at = ends.into_iter().find(|&end| read(&selector[..end]).is_ok()).unwrap_or(0);
        SelectorError { index, at, message: message.to_owned() }
    })
}

fn read(selector: &str) -> Result<SelectorList<Names>, ParseErrorKind<SelectorParseErrorKind>> {
    let mut parser = cssparser::Parser::new(selector);
    SelectorList::parse(&Language, &mut parser, ParseRelative::No).map_err(|error| error.kind)
}

fn explain(kind: &SelectorParseErrorKind) -> &'static str {
    use SelectorParseErrorKind as Kind;
    match kind {
        Kind::EmptySelector => "a selector is empty",
        Kind::DanglingCombinator => "a combinator has nothing after it",
        Kind::UnsupportedPseudoClassOrElement => "this pseudo-class or pseudo-element is not supported",
        Kind::NoIdentForPseudo | Kind::PseudoElementExpectedIdent | Kind::PseudoElementExpectedColon => "a colon has no name after it",
        Kind::ClassNeedsIdent => "a dot has no class after it",
        Kind::ExpectedNamespace | Kind::ExplicitNamespaceUnexpectedToken => "namespaces are not supported",
        Kind::UnexpectedIdent => "a name stands where none can be",
        Kind::NoQualifiedNameInAttributeSelector | Kind::InvalidQualNameInAttr | Kind::ExpectedBarInAttr => {
            "the name of an attribute is missing"
        }
        Kind::UnexpectedTokenInAttributeSelector | Kind::BadValueInAttr => {
            "the value of an attribute must be a name or stand in quotation marks"
        }
        _ => "this cannot stand here",
    }
}

/// A filter that knows most names that are in no selector.
#[derive(Debug)]
struct Filter([u64; 64]);

impl Default for Filter {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl Filter {
    fn add(&mut self, name: &str) {
        let (word, bit) = Self::place(name);
        self.0[word] |= bit;
    }

    fn may_have(&self, name: &str) -> bool {
        let (word, bit) = Self::place(name);
        self.0[word] & bit != 0
    }

    fn place(name: &str) -> (usize, u64) {
        let hash = names::hash(name.as_bytes());
        let place = (hash ^ (hash >> 12)) & 4_095;
        ((place / 64) as usize, 1 << (place % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Parser;

    const PAGE: &str = "<html><body><div id=a class='x y'><p>1</p><p class=x>2</p><my-card data-k='v w' data-type=t></my-card></div>\
        <ul><li>1<li>2<li class=y>3</ul><template><p class=x>no</p></template><svg><path d=1 /></svg></body></html>";

    fn hits(selector: &str) -> Vec<String> {
        let tree = Parser::default().parse(PAGE).expect("it is short");
        let set = SelectorSet::new([selector]).expect(selector);
        let name = |id| format!("{}{}", tree.name(id), tree.text_content(id));
        set.matches(&tree, &mut Scratch::default()).into_iter().map(|(_, id)| name(id)).collect()
    }

    #[test]
    fn selectors_select() {
        let cases: &[(&str, &[&str])] = &[
            ("#a", &["div12"]),
            (".x", &["div12", "p2"]),
            ("p.x", &["p2"]),
            ("p, .y", &["div12", "p1", "p2", "li3"]),
            ("div > p", &["p1", "p2"]),
            ("div p", &["p1", "p2"]),
            ("ul p", &[]),
            ("p + p", &["p2"]),
            ("p ~ my-card", &["my-card"]),
            ("my-card", &["my-card"]),
            ("MY-CARD", &["my-card"]),
            ("[data-k]", &["my-card"]),
            ("[data-k~=w]", &["my-card"]),
            ("[data-type=t]", &["my-card"]),
            ("[DATA-TYPE='T' i]", &["my-card"]),
            ("[class^=x]", &["div12", "p2"]),
            ("li:first-child", &["li1"]),
            ("li:last-child", &["li3"]),
            ("li:nth-child(2)", &["li2"]),
            ("li:nth-child(odd of :not(.y))", &["li1"]),
            ("li:nth-last-of-type(1)", &["li3"]),
            ("li:not(.y)", &["li1", "li2"]),
            (":is(p, li).x", &["p2"]),
            (":is(.x, .y)", &["div12", "p2", "li3"]),
            ("div:has(> my-card)", &["div12"]),
            ("li:has(+ .y)", &["li2"]),
            ("my-card:empty", &["my-card"]),
            (":root > body > ul", &["ul123"]),
            ("path", &["path"]),
            (".X", &[]),
            ("* > *", &["head", "body12123", "div12", "p1", "p2", "my-card", "ul123", "li1", "li2", "li3", "template", "svg", "path"]),
        ];
        for (selector, expected) in cases {
            let expected: Vec<&str> = expected.to_vec();
            let found: Vec<String> =
                hits(selector).into_iter().map(|name| name.replace("templateno", "template").replace("123no", "123")).collect();
            let found: Vec<&str> =
                found.iter().map(String::as_str).map(|name| if name.starts_with("body") { "body12123" } else { name }).collect();
            assert_eq!(found, expected, "{selector}");
        }
    }

    #[test]
    fn hits_come_in_order_and_once() {
        let tree = Parser::default().parse("<p class='a a b'><p class=b>").expect("it is short");
        let set = SelectorSet::new(["p", ".b, .a, .a", "i"]).expect("they are right");
        let places: Vec<usize> = set.matches(&tree, &mut Scratch::default()).into_iter().map(|hit| hit.0).collect();
        assert_eq!((places, set.len()), (vec![0, 1, 0, 1], 3));
        assert!(SelectorSet::default().matches(&tree, &mut Scratch::default()).is_empty());
    }

    #[test]
    fn wrong_selectors_are_told_with_their_place() {
        let long = "a".repeat(LONGEST + 1);
        let deep = ":not(".repeat(190);
        let cases = [
            ("", 0, "a selector is empty"),
            ("p,", 1, "a selector is empty"),
            ("div >", 4, "a combinator has nothing after it"),
            ("a..b", 1, "a dot has no class after it"),
            ("p, a:hover", 4, "this pseudo-class or pseudo-element is not supported"),
            ("p::before", 1, "this pseudo-class or pseudo-element is not supported"),
            (long.as_str(), LONGEST, "the selector is longer than 1000 bytes"),
        ];
        for (selector, at, message) in cases {
            let error = check(selector).expect_err(selector);
            assert_eq!((error.at, error.message.as_str()), (at, message), "{selector}");
        }
        for selector in ["[", "[a=", "p)", "{", ":is(p, :hover)", "svg|a", "<p>", deep.as_str(), "é..", "é é."] {
            let error = check(selector).expect_err(selector);
            assert!(error.at <= selector.len(), "{selector}: {error}");
        }
        assert_eq!(SelectorSet::new(["p", "a:hover"]).expect_err("it is wrong").index, 1);
    }

    #[test]
    fn hostile_pages_take_linear_time() {
        let named = format!("<i class=d></i><div class='{}'>{}", "a ".repeat(500_000), "<p class=e></p>".repeat(50_000));
        let pages = ["<i></i>".repeat(100_000), "<div class=d>".repeat(100_000), "<p class=x></p>".repeat(100_000), named];
        let set =
            SelectorSet::new(["b ~ i", "i:nth-last-child(3)", ".d .d .d .e", ":has(b)", "p:not(:has(~ b))", ".d > .d .d"]).expect("right");
        let mut scratch = Scratch::default();
        for page in pages {
            let tree = Parser::default().parse(&page).expect("it is short enough");
            let _ = set.matches(&tree, &mut scratch);
        }
    }

    #[test]
    fn sets_go_from_thread_to_thread() {
        fn is_fit<T: Send + Sync>() {}
        is_fit::<SelectorSet>();
        is_fit::<Scratch>();
    }
}
