//! Words in names and addresses that tell one kind of page from another.

use super::tokens::hash;

/// Kinds of page that a word may hint at.
pub(super) const KINDS: usize = 6;

/// The hints: what a word in a class name, or a part of the page's address, says of the page.
const HINTS: [&[&str]; KINDS] = [
    &["article", "story", "news", "post", "posts", "blog", "single", "entry", "magazine", "press", "opinion", "artikel"],
    &["product", "products", "price", "cart", "sku", "item", "itm", "dp", "variant", "swatch", "buy", "pdp"],
    &[
        "forum",
        "forums",
        "thread",
        "threads",
        "topic",
        "topics",
        "viewtopic",
        "reply",
        "replies",
        "answer",
        "answers",
        "question",
        "questions",
        "message",
        "community",
        "discussion",
        "discussions",
    ],
    &[
        "docs",
        "doc",
        "documentation",
        "reference",
        "api",
        "guide",
        "guides",
        "manual",
        "tutorial",
        "tutorials",
        "wiki",
        "help",
        "toc",
        "learn",
        "kb",
    ],
    &[
        "category",
        "categories",
        "collection",
        "collections",
        "archive",
        "archives",
        "tag",
        "tags",
        "search",
        "results",
        "list",
        "listing",
        "listings",
        "catalog",
        "grid",
        "browse",
        "shop",
        "jobs",
    ],
    &[
        "service",
        "services",
        "solution",
        "solutions",
        "about",
        "pricing",
        "features",
        "home",
        "landing",
        "hero",
        "testimonial",
        "testimonials",
        "industries",
        "contact",
        "faq",
    ],
];

/// Hashes of all hints, sorted, each with its kind; and a set of bits that most other words fail at.
#[derive(Clone, Debug)]
pub(super) struct Hints {
    all: Vec<(u32, u8)>,
    bits: [u64; 32],
}

impl Default for Hints {
    fn default() -> Self {
        let words = HINTS.iter().zip(0_u8..).flat_map(|(words, kind)| words.iter().map(move |word| (hash(word.as_bytes()), kind)));
        let mut hints = Self { all: words.collect(), bits: [0; 32] };
        hints.all.sort_unstable();
        for &(token, _) in &hints.all {
            hints.bits[(token % 32) as usize] |= bit(token);
        }
        hints
    }
}

impl Hints {
    /// Returns the kind of page that a word hints at.
    pub(super) fn kind(&self, token: u32) -> Option<usize> {
        if self.bits[(token % 32) as usize] & bit(token) == 0 {
            return None;
        }
        let at = self.all.binary_search_by_key(&token, |&(hash, _)| hash).ok()?;
        Some(usize::from(self.all[at].1))
    }
}

fn bit(token: u32) -> u64 {
    1 << (token >> 26)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hint_at_kinds_of_page() {
        let hints = Hints::default();
        assert_eq!(hints.kind(hash(b"Thread")), Some(2));
        assert_eq!(hints.kind(hash(b"col")), None);
        assert!(hints.all.windows(2).all(|pair| pair[0].0 < pair[1].0), "no word is there twice");
    }
}
