//! What a page says of itself: its title, what kind of thing it describes, and a copy of the story for machines.
//!
//! All of it is evidence among other evidence. Titles name the site, kinds are often wrong, and the copy may be a teaser, so none of it
//! decides anything alone.

use super::hints::Hints;
use super::tokens;
use crate::html::digest::Digest;
use crate::html::names::{Attr, Tag};
use crate::html::tree::{NodeId, Tree};

/// What structured data say that the page is about; several may hold.
pub(super) const KINDS: [(&str, &[&str]); 5] = [
    ("article", &["Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "TechArticle", "ScholarlyArticle", "Report"]),
    ("product", &["Product", "Offer", "ProductGroup", "AggregateOffer"]),
    ("forum", &["DiscussionForumPosting", "QAPage", "Question", "Answer", "Comment"]),
    ("list", &["ItemList", "CollectionPage", "SearchResultsPage", "Blog"]),
    ("service", &["Service", "LocalBusiness", "Organization", "FAQPage", "Course", "WebApplication", "SoftwareApplication"]),
];

/// What a page says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// Hashes of the words of the title, sorted.
    pub(super) title: Vec<u32>,
    /// A bit for each of them, which most other words fail at.
    title_bits: u64,
    /// Hashes of the pairs of words in the copy of the story, sorted; empty if there is none.
    pub(super) story: Vec<u32>,
    pub(super) story_words: u32,
    /// A bit for each of [`KINDS`].
    pub(super) kinds: u32,
    /// `og:type`: 0 none, 1 article, 2 product, 3 website, 4 something else.
    pub(super) og_type: i32,
    hints: Hints,
    /// The address that the page gives as its own: parts of its path, words of the last part, digits, hints at kinds.
    pub(super) address: Address,
}

/// What an address says of a page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Address {
    /// Parts of the path; -1 if no address is known.
    pub(super) parts: i32,
    /// Words of the last part.
    pub(super) words: i32,
    pub(super) digits: i32,
    /// A bit for each kind of page that a part hints at.
    pub(super) kinds: u32,
}

impl Page {
    /// Reads the page's own description; that of the page before is gone.
    pub(super) fn read(&mut self, tree: &Tree<'_>, digest: &Digest) {
        self.title.clear();
        self.story.clear();
        self.story_words = 0;
        self.kinds = 0;
        self.og_type = 0;
        self.address = Address { parts: -1, ..Address::default() };
        for &id in digest.of_page() {
            match tree.tag(id) {
                Tag::Meta => self.meta(tree, id),
                Tag::Link if tree.attr(id, Attr::Rel).is_some_and(|rel| rel.trim() == "canonical") => {
                    self.read_address(&tree.attr(id, Attr::Href).unwrap_or_default());
                }
                Tag::Title if tree.parent(id).is_some_and(|head| tree.tag(head) == Tag::Head) => self.add_title(&tree.text_content(id)),
                Tag::Script if tree.attr(id, Attr::Type).is_some_and(|kind| kind.trim() == "application/ld+json") => {
                    self.data(&tree.text_content(id));
                }
                _ => {}
            }
        }
        self.title.sort_unstable();
        self.title.dedup();
        self.title_bits = self.title.iter().fold(0, |bits, word| bits | 1 << (word >> 26));
        self.story.sort_unstable();
        self.story.dedup();
    }

    fn meta(&mut self, tree: &Tree<'_>, id: NodeId) {
        let Some(property) = tree.attr(id, Attr::Property) else { return };
        let Some(content) = tree.attr(id, Attr::Content) else { return };
        match &*property {
            "og:title" => self.add_title(&content),
            "og:url" => self.read_address(&content),
            "og:type" => {
                self.og_type = match content.trim() {
                    "article" => 1,
                    "product" | "og:product" | "product.item" => 2,
                    "website" => 3,
                    _ => 4,
                }
            }
            _ => {}
        }
    }

    fn read_address(&mut self, url: &str) {
        let Some((_, rest)) = url.split_once("://") else { return };
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        let mut address = Address::default();
        for part in path.split('/').skip(1).filter(|part| !part.is_empty()).take(20) {
            address.parts += 1;
            address.words = 0;
            each_word(part, |word| {
                address.words += 1;
                address.kinds |= self.hints.kind(word).map_or(0, |kind| 1 << kind);
            });
        }
        address.digits = path.bytes().filter(u8::is_ascii_digit).take(100).map(|_| 1).sum();
        self.address = address;
    }

    fn add_title(&mut self, text: &str) {
        each_word(text, |word| self.title.push(word));
    }

    /// Structured data, searched for a few words rather than parsed: half of it in the wild is broken.
    fn data(&mut self, text: &str) {
        for at in memchr::memmem::find_iter(text.as_bytes(), "\"@type\"") {
            if let Some(kind) = string_value(&text[at + 7..]) {
                self.add_kind(&kind);
            }
        }
        for at in memchr::memmem::find_iter(text.as_bytes(), "\"articleBody\"") {
            if let Some(story) = string_value(&text[at + 13..]) {
                self.add_story(&story);
            }
        }
    }

    fn add_kind(&mut self, kind: &str) {
        for (bit, (_, names)) in KINDS.iter().enumerate() {
            self.kinds |= u32::from(names.contains(&kind)) << bit;
        }
    }

    fn add_story(&mut self, story: &str) {
        let mut before = 0;
        each_word(story, |word| {
            self.story.push(pair(before, word));
            self.story_words += 1;
            before = word;
        });
    }

    /// Of the words of a heading, how many are in the title, and of the title's, how many in the heading; in thousandths.
    pub(super) fn title_overlap(&self, words: &[u32]) -> (i32, i32) {
        let shared =
            words.iter().filter(|&word| self.title_bits >> (word >> 26) & 1 == 1 && self.title.binary_search(word).is_ok()).count();
        (thousandths(shared, words.len()), thousandths(shared, self.title.len()).min(1000))
    }

    /// How much of a block's text is in the copy of the story, in thousandths; -1 if there is no copy.
    pub(super) fn story_overlap(&self, words: &[u32]) -> i32 {
        if self.story.is_empty() {
            return -1;
        }
        let (mut shared, mut before) = (0, 0);
        for &word in words {
            shared += usize::from(self.story.binary_search(&pair(before, word)).is_ok());
            before = word;
        }
        thousandths(shared, words.len())
    }
}

fn thousandths(part: usize, whole: usize) -> i32 {
    (part * 1000).checked_div(whole).map_or(0, |share| i32::try_from(share).unwrap_or(i32::MAX))
}

fn pair(first: u32, second: u32) -> u32 {
    first.rotate_left(13).wrapping_mul(0x9E37_79B9) ^ second
}

/// Calls `found` with the hash of each word.
fn each_word(text: &str, mut found: impl FnMut(u32)) {
    let bytes = text.as_bytes();
    let (mut word, mut at) = (None, 0);
    while at < bytes.len() {
        let (is_in_word, end) = if bytes[at].is_ascii() {
            (bytes[at].is_ascii_alphanumeric(), at + 1)
        } else {
            let c = text[at..].chars().next().unwrap_or_default();
            (c.is_alphanumeric(), at + c.len_utf8())
        };
        if is_in_word {
            word = Some(bytes[at..end].iter().fold(word.unwrap_or(tokens::NO_BYTES), |hash, &byte| tokens::add(hash, byte)));
        } else if let Some(hash) = word.take() {
            found(hash);
        }
        at = end;
    }
    word.into_iter().for_each(found);
}

/// Reads the string after a key of JSON: `: "..."`, or the first of a list of them.
fn string_value(after_key: &str) -> Option<String> {
    let value = after_key.trim_ascii_start().strip_prefix(':')?.trim_ascii_start();
    let value = value.strip_prefix('[').unwrap_or(value).trim_ascii_start();
    if !value.starts_with('"') {
        return None;
    }
    serde_json::Deserializer::from_str(value).into_iter::<String>().next()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Parser;

    fn page(html: &str) -> Page {
        let mut page = Page::default();
        let (mut parser, mut digest) = (Parser::default(), Digest::default());
        let tree = parser.parse(html).expect("it is short");
        digest.read(&tree);
        page.read(&tree, &digest);
        page
    }

    fn words(text: &str) -> Vec<u32> {
        let mut words = Vec::new();
        each_word(text, |word| words.push(word));
        words
    }

    #[test]
    fn titles_are_compared_by_words() {
        let page = page("<title>Ferry back in service | Harbour News</title>");
        assert_eq!(page.title_overlap(&words("Ferry back in service")), (1000, 666));
        assert_eq!(page.title_overlap(&words("Ferry sold")), (500, 166));
    }

    #[test]
    fn structured_data_need_not_be_sound() {
        let html = "<script type=application/ld+json>{\"@type\": [\"NewsArticle\"], \"articleBody\" : \"One\\ntwo three\",}</script>";
        let page = page(html);
        assert_eq!(page.kinds, 1);
        assert_eq!(page.story_overlap(&words("two three")), 500);
        assert_eq!(page.story_overlap(&words("One two three")), 1000);
    }
}
