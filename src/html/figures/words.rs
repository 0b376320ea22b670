//! Class names read as words: `featured-image__caption` says `featured`, `image` and `caption`.
//!
//! A class name is split at `-`, `_` and where camelCase turns, and only whole words count: `creditcard` is no credit, and
//! `recaptionist` no caption. A handful of words that publishers write in one piece (`photocaption`) are listed as they are.

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
        let mut hints = Self::default();
        tree.each_attr(id, |attr, value| match attr {
            Attr::Class | Attr::DataTestid | Attr::Itemprop => hints = hints.and(Self::of_names(&value())),
            Attr::Role if value() == "button" => hints = hints.and(Self::BUTTON),
            _ => {}
        });
        hints
    }

    /// What a list of class names says.
    pub(super) fn of_names(names: &str) -> Self {
        let mut hints = Self::default();
        for name in names.split_ascii_whitespace() {
            // Utility classes with a condition (`hover:caption`, `[&_img]:w-full`) say how something looks, not what it is.
            if !name.contains([':', '[', '(']) {
                hints = hints.and(Self::of_name(name));
            }
        }
        hints
    }

    fn of_name(name: &str) -> Self {
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
        let spoken = ["sr-only", "screen-reader-text", "screen-reader", "u-vh", "aural"].contains(&name);
        if spoken { hints.and(Self::SPOKEN) } else { hints }
    }

    fn of_word(word: &str) -> Self {
        let bytes = word.as_bytes();
        // Nearly all words say nothing; a glance at the first letter and the length tells.
        let first = bytes[0].wrapping_sub(b'a') as usize;
        if first >= 26 || LENGTHS[first] & (1 << bytes.len()) == 0 {
            return Self::default();
        }
        WORDS.iter().find(|(_, words)| words.contains(&word)).map_or(Self::default(), |&(hints, _)| hints)
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

/// The lengths of the words that begin with each letter, as bits.
const LENGTHS: [u32; 26] = {
    let mut lengths = [0; 26];
    let mut row = 0;
    while row < WORDS.len() {
        let words = WORDS[row].1;
        let mut at = 0;
        while at < words.len() {
            let bytes = words[at].as_bytes();
            assert!(bytes.len() < LONGEST && bytes[0].is_ascii_lowercase());
            lengths[(bytes[0] - b'a') as usize] |= 1 << bytes.len();
            at += 1;
        }
        row += 1;
    }
    lengths
};

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
