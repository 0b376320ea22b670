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

/// Hashes of all hints, sorted, each with its kind.
#[derive(Clone, Debug)]
pub(super) struct Hints(Vec<(u32, u8)>);

impl Default for Hints {
    fn default() -> Self {
        let all = HINTS.iter().zip(0_u8..).flat_map(|(words, kind)| words.iter().map(move |word| (hash(word.as_bytes()), kind)));
        let mut hints: Vec<_> = all.collect();
        hints.sort_unstable();
        Self(hints)
    }
}

impl Hints {
    /// Returns the kind of page that a word hints at.
    pub(super) fn kind(&self, token: u32) -> Option<usize> {
        let at = self.0.binary_search_by_key(&token, |&(hash, _)| hash).ok()?;
        Some(usize::from(self.0[at].1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hint_at_kinds_of_page() {
        let hints = Hints::default();
        assert_eq!(hints.kind(hash(b"Thread")), Some(2));
        assert_eq!(hints.kind(hash(b"col")), None);
        assert!(hints.0.windows(2).all(|pair| pair[0].0 < pair[1].0), "no word is there twice");
    }
}
