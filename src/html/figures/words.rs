//! Class names read as words: `featured-image__caption` says `featured`, `image` and `caption`.
//!
//! A class name is split at `-`, `_` and where camelCase turns, and only whole words count: `creditcard` is no credit, and
//! `recaptionist` no caption. A handful of words that publishers write in one piece (`photocaption`) are listed as they are.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::html::memo::Memo;
use crate::html::{Attr, NodeId, Tree};

/// What the words of a class name say, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints(u16);

impl Hints {
    /// Text under a picture.
    pub(super) const CAPTION: Self = Self(1);
    /// Where a picture comes from.
    pub(super) const CREDIT: Self = Self(1 << 1);
    /// A person or a source: a credit if it stands at a picture, a byline elsewhere.
    pub(super) const SOURCE: Self = Self(1 << 2);
    /// A picture, or what holds one.
    pub(super) const PICTURE: Self = Self(1 << 3);
    /// Words of any kind: a caption if they stand at a picture.
    pub(super) const WORDS: Self = Self(1 << 4);
    /// A picture that is a sign and not a subject: an icon, a logo, a tracker.
    pub(super) const SIGN: Self = Self(1 << 5);
    /// Text for screen readers only.
    pub(super) const SPOKEN: Self = Self(1 << 6);
    /// Points to other stories or to the people who wrote this one.
    pub(super) const ASIDE: Self = Self(1 << 7);
    /// A video.
    pub(super) const VIDEO: Self = Self(1 << 8);
    /// A row of pictures.
    pub(super) const GALLERY: Self = Self(1 << 9);
    /// A control, such as a button that unfolds the text.
    pub(super) const CONTROL: Self = Self(1 << 10);
    /// The whole block as a component, for words like `caption` in `has-caption`.
    pub(super) const HAS: Self = Self(1 << 11);

    /// Who wrote the story, or took the picture.
    pub(super) const PERSON: Self = Self(1 << 12);

    /// The role of a button.
    pub(super) const BUTTON: Self = Self(1 << 13);

    /// Whether one of `other` is in the set.
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What an element's class, or the names that frameworks give in place of one, say of it.
    pub(super) fn of(tree: &Tree<'_>, id: NodeId) -> Self {
        Self::read(tree, id, |names| Self::of_names(&names))
    }

    /// The same, for many elements of a page.
    pub(super) fn of_known<'t>(tree: &'t Tree<'_>, id: NodeId, known: &mut Memo<'t, Self>) -> Self {
        Self::read(tree, id, |names| match names {
            Cow::Borrowed(names) => known.get(names, Self::of_names),
            Cow::Owned(names) => Self::of_names(&names),
        })
    }

    fn read<'t>(tree: &'t Tree<'_>, id: NodeId, mut of_names: impl FnMut(Cow<'t, str>) -> Self) -> Self {
        let mut hints = Self::default();
        for attr in tree.attr_spans(id) {
            match attr.name {
                Attr::Class | Attr::DataTestid | Attr::Itemprop => hints = hints.and(of_names(tree.attr_value(attr))),
                Attr::Role if tree.attr_value(attr) == "button" => hints = hints.and(Self::BUTTON),
                _ => {}
            }
        }
        hints
    }

    /// What a list of class names says.
    pub(super) fn of_names(names: &str) -> Self {
        let mut hints = Self::default();
        for name in names.split_ascii_whitespace() {
            // Utility classes with a condition (`hover:caption`, `[&_img]:w-full`) say how something looks, not what it is.
            if !name.bytes().any(|byte| matches!(byte, b':' | b'[' | b'(')) {
                hints = hints.and(Self::of_name(name));
            }
        }
        hints
    }

    fn of_name(name: &str) -> Self {
        let spoken = ["sr-only", "screen-reader-text", "screen-reader", "u-vh", "aural"].contains(&name);
        let spoken = if spoken { Self::SPOKEN } else { Self::default() };
        if may_say(name.as_bytes()) { Self::of_words(name).and(spoken) } else { spoken }
    }

    fn of_words(name: &str) -> Self {
        let mut hints = Self::default();
        let mut last = "";
        let mut buffer = [0; LONGEST];
        for word in words(name) {
            let written = word;
            let Some(word) = lower(word, &mut buffer) else { continue };
            let word_hints = Self::of_word(word);
            // `no-caption` has none, and `text-caption` is a size of type.
            if word_hints == Self::CAPTION && ["no", "without", "text", "typo", "typography", "font", "type", "sub"].contains(&last) {
                last = "";
                continue;
            }
            // `img-description` and `imageText` are captions; `media-body` is any box beside a picture.
            let describes = word_hints.has(Self::WORDS)
                && hints.has(Self::PICTURE)
                && ["description", "desc", "subtitle", "info", "text"].contains(&word);
            if describes && !name.to_ascii_lowercase().contains("media") {
                hints = hints.and(Self::CAPTION);
            }
            hints = match word_hints {
                // The last word is what the thing is: a `caption-credit` is a credit, a `credit-caption` a caption.
                hint if hint.has(Self::CREDIT.and(Self::SOURCE)) => hints.without(Self::CAPTION),
                Self::CAPTION => hints.without(Self::CREDIT.and(Self::SOURCE)),
                _ => hints,
            }
            .and(word_hints);
            last = written;
        }
        hints
    }

    fn of_word(word: &str) -> Self {
        if !may_be_listed(word.as_bytes()) {
            return Self::default();
        }
        SORTED.binary_search_by_key(&word, |&(known, _)| known).map_or(Self::default(), |at| SORTED[at].1)
    }
}

/// The words that say something, by what they say.
const WORDS: &[(Hints, &[&str])] = &[
    (
        Hints::CAPTION,
        &[
            "caption",
            "captions",
            "figcaption",
            "imagecaption",
            "photocaption",
            "imgcaption",
            "piccaption",
            "wpcaption",
            "cutline",
            "bildunterschrift",
            "bildtext",
            "bildtekst",
            "billedtekst",
            "bildlegende",
            "legende",
            "legend",
            "leyenda",
            "legenda",
            "didascalia",
            "onderschrift",
            "bijschrift",
            "piefoto",
            "piedefoto",
            "kuvateksti",
            "captiontext",
        ],
    ),
    (
        Hints::CREDIT,
        &[
            "credit",
            "credits",
            "copyright",
            "copyrights",
            "photographer",
            "photographers",
            "photocredit",
            "imagecredit",
            "photocredits",
            "creditline",
            "attribution",
            "bildnachweis",
            "fotograf",
            "fotografo",
            "fotocredit",
            "urheber",
            "courtesy",
            "copyrightholder",
            "creditext",
            "credittext",
            "photographe",
            "fotografie",
            "rightsholder",
        ],
    ),
    (Hints::SOURCE.and(Hints::PERSON), &["author", "authors", "byline", "bylines", "autor", "auteur", "autore"]),
    (
        Hints::SOURCE,
        &[
            "source",
            "sources",
            "provider",
            "quelle",
            "agency",
            "distributor",
            "creator",
            "owner",
            "rights",
            "origin",
            "contributor",
            "artist",
            "fonte",
            "fuente",
            "quellenangabe",
        ],
    ),
    (
        Hints::PICTURE,
        &[
            "image",
            "images",
            "img",
            "photo",
            "photos",
            "picture",
            "pictures",
            "figure",
            "foto",
            "fotos",
            "bild",
            "media",
            "imagen",
            "afbeelding",
            "thumbnail",
            "pic",
            "imageblock",
        ],
    ),
    (Hints::PICTURE.and(Hints::GALLERY), &["gallery", "slideshow", "carousel", "slide", "slider", "galerie", "galeria", "bildergalerie"]),
    (Hints::VIDEO, &["video", "player", "videoplayer", "jwplayer", "brightcove"]),
    (Hints::WORDS, &["description", "desc", "subtitle", "info", "text", "infotext", "lead", "details", "meta", "title", "infos"]),
    (
        Hints::SIGN,
        &["icon", "icons", "logo", "logos", "avatar", "emoji", "pixel", "tracking", "tracker", "spinner", "badge", "sprite", "flag"],
    ),
    (Hints::SPOKEN, &["visuallyhidden", "sronly", "offscreen", "vh"]),
    (
        Hints::ASIDE,
        &[
            "teaser",
            "teasers",
            "related",
            "recommended",
            "recommendation",
            "recommendations",
            "promo",
            "newsletter",
            "recirc",
            "recirculation",
            "sidebar",
            "bio",
            "authorbox",
            "headshot",
            "mostread",
            "outbrain",
            "taboola",
            "advert",
            "advertisement",
            "comments",
            "comment",
            "sponsored",
            "trending",
            "popular",
            "readmore",
            "subscribe",
            "subscription",
            "banner",
            "paywall",
            "signup",
            "footer",
            "nav",
            "navigation",
            "menu",
        ],
    ),
    (Hints::CONTROL, &["toggle", "button", "btn", "open", "close", "enlarge", "expand", "zoom", "fullscreen", "counter", "share"]),
    (Hints::HAS, &["has", "with", "wrapper", "container", "wrap"]),
];

/// The same words in order.
static SORTED: LazyLock<Vec<(&str, Hints)>> = LazyLock::new(|| {
    let mut all: Vec<_> = WORDS.iter().flat_map(|&(hints, words)| words.iter().map(move |&word| (word, hints))).collect();
    all.sort_unstable_by_key(|&(word, _)| word);
    all
});

/// The lengths of the words with each pair of first and last letter, as bits.
static LENGTHS: [u32; 1024] = {
    let mut lengths = [0; 1024];
    let mut row = 0;
    while row < WORDS.len() {
        let words = WORDS[row].1;
        let mut at = 0;
        while at < words.len() {
            let bytes = words[at].as_bytes();
            assert!(bytes.len() < LONGEST && bytes[0].is_ascii_lowercase());
            lengths[ends(bytes)] |= 1 << bytes.len();
            at += 1;
        }
        row += 1;
    }
    lengths
};

/// The first and the last letter of a word as a number below 1,024, in any case.
const fn ends(word: &[u8]) -> usize {
    (word[0] & 31) as usize * 32 + (word[word.len() - 1] & 31) as usize
}

/// Whether a word could be in the lists, in any case: nearly all say nothing, which a glance at both ends and the length tells.
fn may_be_listed(word: &[u8]) -> bool {
    word.len() < LONGEST && LENGTHS[ends(word)] & (1 << word.len()) != 0
}

/// Whether one of the words of a name could be in the lists.
fn may_say(name: &[u8]) -> bool {
    let mut start = 0;
    for at in 0..=name.len() {
        let byte = name.get(at).copied().unwrap_or(b'-');
        if !byte.is_ascii() {
            return true;
        }
        let ends = !byte.is_ascii_alphanumeric();
        let turns = at > start && byte.is_ascii_uppercase() && name[at - 1].is_ascii_lowercase();
        if (ends || turns) && at > start && may_be_listed(&name[start..at]) {
            return true;
        }
        if ends {
            start = at + 1;
        } else if turns {
            start = at;
        }
    }
    false
}

/// The longest word in the lists.
const LONGEST: usize = 24;

/// The word in lower case, or nothing if it is longer than any that is listed.
fn lower<'b>(word: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b str> {
    let into = buffer.get_mut(..word.len())?;
    into.copy_from_slice(word.as_bytes());
    into.make_ascii_lowercase();
    std::str::from_utf8(into).ok()
}

/// The words of a name, as written: `imageCaption--wide` is `image`, `Caption`, `wide`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        if rest.is_empty() {
            return None;
        }
        let bytes = rest.as_bytes();
        let turns = |at: usize| {
            !bytes[at].is_ascii_alphanumeric() && bytes[at].is_ascii()
                || bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase()
        };
        let end = (1..bytes.len()).find(|&at| turns(at)).unwrap_or(bytes.len());
        let (word, tail) = rest.split_at(end);
        rest = tail;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_listed_twice() {
        assert!(SORTED.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn names_are_read_as_whole_words() {
        let cases: &[(&str, Hints)] = &[
            ("caption", Hints::CAPTION),
            ("image__caption--wide", Hints::CAPTION.and(Hints::PICTURE)),
            ("CaptionText-x1", Hints::CAPTION.and(Hints::WORDS)),
            ("newsCaption", Hints::CAPTION),
            ("story_caption__lZ5kc", Hints::CAPTION),
            ("creditcard recaptioned scaption", Hints::default()),
            ("photo-credit", Hints::PICTURE.and(Hints::CREDIT)),
            ("sm:caption [&_caption]:p-2", Hints::default()),
            ("img-description", Hints::PICTURE.and(Hints::WORDS).and(Hints::CAPTION)),
            ("media-text", Hints::PICTURE.and(Hints::WORDS)),
            ("figcaption figcaption--author", Hints::CAPTION.and(Hints::SOURCE).and(Hints::PERSON)),
            ("no-caption withoutCaption text-caption typo-caption", Hints::WORDS),
            ("screen-reader-text", Hints::WORDS.and(Hints::SPOKEN)),
            ("é-caption", Hints::CAPTION),
        ];
        for (names, hints) in cases {
            assert_eq!(Hints::of_names(names), *hints, "{names}");
        }
    }
}
