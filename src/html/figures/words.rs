//! Class names read as words: `featured-image__caption` says `featured`, `image` and `caption`.
//!
//! A class name is split at `-`, `_` and where camelCase turns, and only whole words count: `creditcard` is no credit, and
//! `recaptionist` no caption. A handful of words that publishers write in one piece (`photocaption`) are listed as they are.

use std::sync::LazyLock;

use crate::html::{Attr, NodeId, Tree};
use crate::text::masks::{CHUNK, Chunk};

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
        for attr in tree.attr_spans(id) {
            match attr.name {
                Attr::Class | Attr::DataTestid | Attr::Itemprop => hints = hints.and(Self::of_names(&tree.attr_value(attr))),
                Attr::Property => hints = hints.and(Self::of_property(&tree.attr_value(attr))),
                Attr::Role if tree.attr_value(attr) == "button" => hints = hints.and(Self::BUTTON),
                _ => {}
            }
        }
        hints
    }

    /// What a property of `RDFa` says, without the prefix of its vocabulary.
    fn of_property(name: &str) -> Self {
        match name.rsplit(':').next() {
            Some("caption") => Self::CAPTION,
            Some("creditText" | "copyrightHolder" | "copyrightNotice") => Self::CREDIT,
            _ => Self::default(),
        }
    }

    /// What a list of class names says.
    pub(super) fn of_names(names: &str) -> Self {
        let mut hints = Self::default();
        if !may_say(names.as_bytes(), &LENGTHS) {
            return hints;
        }
        for name in names.split_ascii_whitespace() {
            // Utility classes with a condition (`hover:caption`, `[&_img]:w-full`) say how something looks, not what it is.
            if !name.bytes().any(|byte| matches!(byte, b':' | b'[' | b'(')) {
                hints = hints.and(Self::of_name(name));
            }
        }
        hints
    }

    fn of_name(name: &str) -> Self {
        let spoken = if SPOKEN_NAMES.contains(&name) { Self::SPOKEN } else { Self::default() };
        if may_say(name.as_bytes(), &LENGTHS) { Self::of_words(name).and(spoken) } else { spoken }
    }

    fn of_words(name: &str) -> Self {
        let mut hints = Self::default();
        let mut last = "";
        for word in words(name).filter(|word| word.len() <= LONGEST) {
            let word_hints = Self::of_word(word.as_bytes());
            // `no-caption` has none, and `text-caption` is a size of type.
            if word_hints == Self::CAPTION && ["no", "without", "text", "typo", "typography", "font", "type", "sub"].contains(&last) {
                last = "";
                continue;
            }
            // `img-description` and `imageText` are captions; `media-body` is any box beside a picture.
            let describes = word_hints.has(Self::WORDS)
                && hints.has(Self::PICTURE)
                && DESCRIPTIONS.iter().any(|known| word.eq_ignore_ascii_case(known));
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
            last = word;
        }
        hints
    }

    /// What a word says, in any case.
    fn of_word(word: &[u8]) -> Self {
        if !may_be_listed(word, &LENGTHS) {
            return Self::default();
        }
        let Listed { starts, words } = &*LISTED;
        let ends = ends(word);
        let own = &words[usize::from(starts[ends])..usize::from(starts[ends + 1])];
        own.iter().find(|(known, _)| word.eq_ignore_ascii_case(known.as_bytes())).map_or(Self::default(), |&(_, hints)| hints)
    }
}

/// Whether a list of class names may say that something is a caption, a credit, a source, or not for eyes: most don't.
pub(in crate::html) fn may_tell(names: &str) -> bool {
    // A word that describes says something only beside one for pictures.
    let mut describes = false;
    let tells = may_say_by(names.as_bytes(), |word| {
        may_be_listed(word, &TELLING) && {
            let hints = Hints::of_word(word);
            describes |= hints.has(Hints::WORDS);
            hints.has(TOLD) || SPOKEN_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
        }
    });
    tells || describes && may_say(names.as_bytes(), &PICTURE_LENGTHS)
}

/// Whether it does.
pub(in crate::html) fn tells(names: &str) -> bool {
    may_tell(names) && Hints::of_names(names).has(TOLD)
}

/// What nearly no element is.
const TOLD: Hints = Hints::CAPTION.and(Hints::CREDIT).and(Hints::SOURCE).and(Hints::SPOKEN);

/// Whole names of text for screen readers only.
const SPOKEN_NAMES: &[&str] = &["sr-only", "screen-reader-text", "screen-reader", "u-vh", "aural"];

/// A word of each of these names that is in no list of words.
const SPOKEN_WORDS: &[&str] = &["sr", "screen", "aural"];

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

/// The same words by their first and last letters.
struct Listed {
    /// Where the words of each pair of letters begin.
    starts: [u16; PAIRS + 1],
    words: Vec<(&'static str, Hints)>,
}

static LISTED: LazyLock<Listed> = LazyLock::new(|| {
    let mut words: Vec<_> = WORDS.iter().flat_map(|&(hints, words)| words.iter().map(move |&word| (word, hints))).collect();
    words.sort_unstable_by_key(|&(word, _)| (ends(word.as_bytes()), word));
    let before = |pair: usize| words.partition_point(|&(word, _)| ends(word.as_bytes()) < pair) as u16;
    Listed { starts: std::array::from_fn(before), words }
});

/// Pairs of letters.
const PAIRS: usize = 1024;

/// Words that make a caption of the name of a picture.
const DESCRIPTIONS: &[&str] = &["description", "desc", "subtitle", "info", "text"];

/// The lengths of words with each pair of first and last letter, as bits.
type Lengths = [u32; PAIRS];

/// Those of all words.
static LENGTHS: Lengths = lengths(Hints(u16::MAX));

/// Those of the words without which no element is a caption, a credit, a source, or not for eyes.
static TELLING: Lengths = add_lengths(lengths(TOLD), DESCRIPTIONS);

/// Those of words for pictures.
static PICTURE_LENGTHS: Lengths = lengths(Hints::PICTURE);

/// The lengths of the words that give one of some hints, and of those of [`SPOKEN_NAMES`].
const fn lengths(hints: Hints) -> Lengths {
    let mut lengths = add_lengths([0; PAIRS], SPOKEN_WORDS);
    let mut row = 0;
    while row < WORDS.len() {
        if WORDS[row].0.has(hints) {
            lengths = add_lengths(lengths, WORDS[row].1);
        }
        row += 1;
    }
    lengths
}

const fn add_lengths(mut lengths: Lengths, words: &[&str]) -> Lengths {
    let mut at = 0;
    while at < words.len() {
        let bytes = words[at].as_bytes();
        assert!(bytes.len() < LONGEST && bytes[0].is_ascii_lowercase());
        lengths[ends(bytes)] |= 1 << bytes.len();
        at += 1;
    }
    lengths
}

/// The first and the last letter of a word as a number below 1,024, in any case.
const fn ends(word: &[u8]) -> usize {
    (word[0] & 31) as usize * 32 + (word[word.len() - 1] & 31) as usize
}

/// Whether a word could be in the lists, in any case: nearly all say nothing, which a glance at both ends and the length tells.
fn may_be_listed(word: &[u8], lengths: &Lengths) -> bool {
    word.len() < LONGEST && lengths[ends(word)] & (1 << word.len()) != 0
}

/// What a byte is in a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    /// A small letter or a digit.
    Small,
    /// A capital: a word may begin here.
    Capital,
    /// Between words.
    Between,
    /// Part of a character beyond ASCII.
    Foreign,
}

static BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Foreign; 256];
    let mut at = 0_u8;
    while at < 128 {
        bytes[at as usize] = match at {
            b'a'..=b'z' | b'0'..=b'9' => Byte::Small,
            b'A'..=b'Z' => Byte::Capital,
            _ => Byte::Between,
        };
        at += 1;
    }
    bytes
};

/// Whether one of the words of a name, or of a list of names, could be in the lists.
fn may_say(names: &[u8], lengths: &Lengths) -> bool {
    may_say_by(names, |word| may_be_listed(word, lengths))
}

/// Whether one of the words of a name, or of a list of names, may be of a kind; words beyond ASCII may be of any.
#[inline]
fn may_say_by(names: &[u8], mut may_be: impl FnMut(&[u8]) -> bool) -> bool {
    if names.len() > CHUNK {
        return long_may_say(names, may_be);
    }
    let mut may_say = false;
    Chunk::each(names, |chunk| {
        let small = chunk.within(b'a', b'z');
        let capitals = chunk.within(b'A', b'Z');
        let inside = small | capitals | chunk.within(b'0', b'9');
        // A word begins behind what is none, and where a capital follows a small letter.
        let mut starts = inside & !(inside << 1) | capitals & small << 1;
        let borders = !inside | starts;
        may_say = chunk.within(0x80, 0xff) != 0;
        while starts != 0 && !may_say {
            let start = starts.trailing_zeros() as usize;
            starts &= starts - 1;
            let beyond = borders & (u64::MAX << 1) << start;
            let end = (beyond.trailing_zeros() as usize).min(names.len());
            may_say = may_be(&names[start..end]);
        }
    });
    may_say
}

/// The same for any number of bytes.
fn long_may_say(names: &[u8], mut may_be: impl FnMut(&[u8]) -> bool) -> bool {
    let mut start = 0;
    for (at, &byte) in names.iter().enumerate() {
        match BYTES[usize::from(byte)] {
            Byte::Small => {}
            Byte::Capital => {
                if at > start && names[at - 1].is_ascii_lowercase() {
                    if may_be(&names[start..at]) {
                        return true;
                    }
                    start = at;
                }
            }
            Byte::Between => {
                if at > start && may_be(&names[start..at]) {
                    return true;
                }
                start = at + 1;
            }
            Byte::Foreign => return true,
        }
    }
    names.len() > start && may_be(&names[start..])
}

/// The longest word in the lists.
const LONGEST: usize = 24;

/// The words of a name, as written: `imageCaption--wide` is `image`, `Caption`, `wide`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let start = rest.bytes().position(|byte| !byte.is_ascii() || byte.is_ascii_alphanumeric())?;
        rest = &rest[start..];
        if !rest.as_bytes()[0].is_ascii() {
            rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        }
        if rest.is_empty() {
            return None;
        }
        let bytes = rest.as_bytes();
        let turns = |at: usize| match BYTES[usize::from(bytes[at])] {
            Byte::Between => true,
            Byte::Capital => bytes[at - 1].is_ascii_lowercase(),
            Byte::Small | Byte::Foreign => false,
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
        let mut words: Vec<&str> = LISTED.words.iter().map(|&(word, _)| word).collect();
        words.sort_unstable();
        assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(words.iter().all(|word| Hints::of_word(word.as_bytes()) != Hints::default()));
    }

    #[test]
    fn names_that_are_not_telling_say_nothing_of_captions() {
        let all = WORDS.iter().flat_map(|(_, words)| words.iter().copied()).chain(SPOKEN_NAMES.iter().copied()).chain(["no", "x9"]);
        let all: Vec<&str> = all.collect();
        for one in &all {
            for other in &all {
                for names in
                    [format!("{one}-{other}"), format!("{one} {other}"), format!("{one}__{}{}", other[..1].to_uppercase(), &other[1..])]
                {
                    let hints = Hints::of_names(&names);
                    assert_eq!(tells(&names), hints.has(TOLD), "{names}");
                }
            }
        }
    }

    #[test]
    fn long_lists_of_names_are_looked_through_as_short_ones() {
        for names in ["photo-x", "xPhoto", "x Photo y", "photoPhoto", "aPhotoB", "x9photo", "PHOTO", "aé", "x_y-z", "9", "", "a-b photo"] {
            for lead in 0..CHUNK {
                let padded = format!("{}{names}", "-".repeat(lead));
                assert_eq!(
                    may_say(padded.as_bytes(), &LENGTHS),
                    long_may_say(padded.as_bytes(), |word| may_be_listed(word, &LENGTHS)),
                    "{padded}"
                );
            }
        }
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
