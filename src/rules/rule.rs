//! What a rule is once its file has been read: types that cannot be wrong.
//!
//! A rule names what it looks for ([`Match`]), where ([`Where`], [`Scope`]) and what is to be done ([`Action`]). Phrases stand
//! here folded, lists are expanded, regular expressions have their `{{list}}` replaced and are known to compile.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::clues::Clues;
use super::host::HostPattern;
use super::packed::pattern::PackedPattern;
use crate::span::ByteSpan;

/// Name of a rule: `pack.topic.name`, stable for ever.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// Wraps a name that the parser has checked.
    pub(crate) fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Declares an enum whose variants are written in rule files and results by a fixed word.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All values, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in rule files and results.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value with this word, if there is one.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

words! {
    /// What kind of thing a rule finds. Users switch whole categories on and off.
    Category {
        /// A label that only says that an advertisement stood here, or the advertisement itself.
        AdMarker = "ad_marker",
        /// Paid or partner content and its label.
        Sponsored = "sponsored",
        /// A prompt to follow or like the outlet.
        SocialFollow = "social_follow",
        /// Share, print, save and copy-link buttons and their counters.
        ShareBar = "share_bar",
        /// A prompt to send in tips or to contact the newsroom.
        TipLine = "tip_line",
        /// Newsletter sign-up and its consent text.
        Newsletter = "newsletter",
        /// A prompt to subscribe, register, log in or donate.
        Subscribe = "subscribe",
        /// The wall itself: the rest of the story is for payers.
        Paywall = "paywall",
        /// A prompt to get the outlet's app.
        AppPromo = "app_promo",
        /// Links to and teasers of other stories.
        RelatedLinks = "related_links",
        /// Comment sections and their prompts.
        Comments = "comments",
        /// Cookie and consent banners.
        CookieNotice = "cookie_notice",
        /// Copyright, licences, disclaimers, privacy text.
        Legal = "legal",
        /// Menus, breadcrumbs, skip links, footers.
        Navigation = "navigation",
        /// Player and gallery controls, durations, video titles.
        MediaPlayer = "media_player",
        /// Affiliate disclosures and shop links.
        Affiliate = "affiliate",
        /// Notices about the print edition.
        PrintNotice = "print_notice",
        /// A prompt to report errors or suggest corrections.
        CorrectionPrompt = "correction_prompt",
        /// Tags, keywords, section labels.
        TagsTopics = "tags_topics",
        /// Notes about the author.
        AuthorBio = "author_bio",
        /// Anything else that is not the story.
        Other = "other",
        /// Text under or beside a picture, its credit, its alternative text.
        Caption = "caption",
        /// Who wrote it.
        Byline = "byline",
        /// Where it was written from.
        Dateline = "dateline",
        /// When it was published or changed, how long it takes to read.
        DatelineTimestamp = "dateline_timestamp",
        /// The news agency that it comes from.
        Agency = "agency",
        /// What must be kept.
        Protect = "protect",
    }
}

words! {
    /// What is done with what a rule matches. The order is the order of conflicts: the first wins.
    Action {
        /// Keep what it covers, whatever other rules of lower layers say.
        Protect = "protect",
        /// Tag the block, or the named groups of the regular expression.
        Tag = "tag",
        /// Take the matched span out of the block.
        Cut = "cut",
        /// Take the block out.
        Remove = "remove",
    }
}

words! {
    /// The field that a tagging rule fills.
    Tag {
        /// Text of a caption.
        Caption = "caption",
        /// Credit of a picture.
        Credit = "credit",
        /// Alternative text of a picture.
        Alt = "alt",
        /// Authors.
        Byline = "byline",
        /// Place at the start of a story.
        Dateline = "dateline",
        /// News agency.
        Agency = "agency",
        /// Publication time and the like.
        Timestamp = "timestamp",
        /// Note about the author.
        AuthorBio = "author_bio",
        /// Title of the article.
        Headline = "headline",
    }
}

words! {
    /// How sure a rule is; decides in which [`Mode`] it takes part.
    Level {
        /// Wrong in fewer than one of a thousand uses.
        Sure = "sure",
        /// Wrong in fewer than one of a hundred uses.
        Likely = "likely",
        /// Wrong more often.
        Guess = "guess",
    }
}

words! {
    /// Which levels of rules take part.
    Mode {
        /// Only sure rules.
        Careful = "careful",
        /// Sure and likely rules.
        Standard = "standard",
        /// All rules.
        Thorough = "thorough",
    }
}

impl Mode {
    /// Whether rules of this level take part.
    pub fn includes(self, level: Level) -> bool {
        level as u8 <= self as u8
    }
}

words! {
    /// Whether a rule is in force.
    Status {
        /// In force.
        Stable = "stable",
        /// Matched and explained, never applied.
        Preview = "preview",
        /// Not looked at.
        Off = "off",
    }
}

words! {
    /// Where a rule comes from. The order is the order of conflicts: the first wins.
    Layer {
        /// Files that the user gives.
        User = "user",
        /// Built-in packs for one site.
        Site = "site",
        /// Built-in packs.
        Core = "core",
    }
}

words! {
    /// What a document was made from.
    Media {
        /// Plain text.
        Text = "text",
        /// A web page.
        Html = "html",
    }
}

words! {
    /// How text is made alike before phrases are compared.
    Fold {
        /// NFKC, lower case, plain quotes and dashes, single spaces.
        Full = "full",
        /// Lower case only.
        Case = "case",
        /// As written.
        None = "none",
    }
}

words! {
    /// What may stand beside a phrase.
    Edges {
        /// No letter or digit.
        Word = "word",
        /// Anything.
        Any = "any",
    }
}

/// The group of a pattern that says which part of the match a `cut` takes; the rest is what has to stand around it.
pub const CUT_GROUP: &str = "cut";

words! {
    /// Part of the document in which a block stands.
    Zone {
        /// Anywhere.
        Any = "any",
        /// At most one unclaimed prose block before it.
        Head = "head",
        /// Fewer than three unclaimed prose blocks after it.
        Tail = "tail",
        /// No unclaimed prose block before it.
        Start = "start",
        /// No unclaimed prose block after it.
        End = "end",
        /// An unclaimed prose block after it: the story, or a part of it, stands below.
        Above = "above",
        /// It and what follows, down to the end, are headlines and teasers of other stories.
        Teasers = "teasers",
    }
}

words! {
    /// What a block looks like, whatever its words say. See `docs/rules.md`.
    Shape {
        /// Does not end like a sentence.
        Open = "open",
        /// Ends like a sentence.
        Closed = "closed",
        /// Ends like a sentence and has eight words or more.
        Prose = "prose",
        /// Forty words or more.
        Long = "long",
        /// Ends in a question mark.
        Question = "question",
        /// Ends in a colon.
        Colon = "colon",
        /// All capitals.
        Upper = "upper",
        /// Most words begin with a capital.
        Title = "title",
        /// Reads like a list of names.
        Name = "name",
        /// Ends in a closing bracket.
        Bracketed = "bracketed",
        /// Begins with a list mark.
        Bullet = "bullet",
        /// Begins with a quotation mark.
        Quoted = "quoted",
        /// Has a digit.
        Digits = "digits",
        /// Digits, no letters.
        Numeric = "numeric",
        /// Neither letters nor digits.
        Blank = "blank",
        /// Has an address or handle.
        Link = "link",
        /// Parts between separators.
        Piped = "piped",
        /// Words run together.
        Glued = "glued",
        /// Stands more than once in the document.
        Twice = "twice",
        /// Stood earlier in the document.
        Again = "again",
        /// The block before or after it says the same.
        Echo = "echo",
        /// With the block beside it, which says the same, begins a short paragraph.
        Paired = "paired",
        /// Says the same words twice.
        Doubled = "doubled",
        /// Begins with the block before it and goes on.
        Extends = "extends",
        /// Begins with a name that stands on a line of its own above.
        Introduces = "introduces",
        /// Is the headline, or says it again.
        Headline = "headline",
    }
}

/// A set of [`Shape`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shapes(u32);

impl Shapes {
    /// Adds a shape.
    pub fn insert(&mut self, shape: Shape) {
        self.0 |= 1 << shape as u32;
    }

    /// Whether the shape is in the set.
    pub const fn has(self, shape: Shape) -> bool {
        self.0 & (1 << shape as u32) != 0
    }

    /// The set without one shape.
    #[must_use]
    pub const fn without(self, shape: Shape) -> Self {
        Self(self.0 & !(1 << shape as u32))
    }

    /// Whether all of `other` are in the set.
    pub const fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of `other` is in the set.
    pub const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Shape> for Shapes {
    fn from_iter<I: IntoIterator<Item = Shape>>(shapes: I) -> Self {
        let mut set = Self::default();
        shapes.into_iter().for_each(|shape| set.insert(shape));
        set
    }
}

/// Hosts, languages and media for which a rule holds. Empty lists mean all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// Hosts on which the rule holds.
    pub hosts: Vec<HostPattern>,
    /// Hosts on which it does not.
    pub not_hosts: Vec<HostPattern>,
    /// ISO 639-1 codes.
    pub lang: Vec<String>,
    /// `None` for both.
    pub media: Option<Media>,
    /// Whether the rule also holds when the language of a document is not known.
    pub without_language: bool,
}

/// `match.count`: at least `min` different phrases of `of`.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// How many.
    pub min: usize,
    /// Folded phrases.
    pub of: Vec<String>,
}

/// What a block must say and look like. All keys that are set must hold. Phrases are folded by the rule's [`Fold`], without
/// outer punctuation, runs of digits as `#` where the author wrote `#`.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The whole block is one of these.
    pub is: Vec<String>,
    /// The block begins with one of these.
    pub starts: Vec<String>,
    /// The block ends with one of these.
    pub ends: Vec<String>,
    /// One of these occurs.
    pub has: Vec<String>,
    /// Of each list one occurs.
    pub all: Vec<Vec<String>>,
    /// None of these occurs.
    pub not: Vec<String>,
    /// Several of a list occur.
    pub count: Option<Count>,
    /// Pattern that is found in the plain text of the block.
    pub regex: Option<String>,
    /// CSS selector; never holds in plain text.
    pub css: Option<String>,
    /// Shapes that must all hold.
    pub shape: Shapes,
    /// Shapes of which none may hold.
    pub not_shape: Shapes,
    /// How text is folded before phrases are compared.
    pub fold: Fold,
    /// What may stand beside a phrase.
    pub edges: Edges,
    /// Literals given by the author for the prefilter; one of them occurs wherever the rule matches.
    pub anchor: Vec<String>,
}

impl Default for Match {
    fn default() -> Self {
        Self {
            is: Vec::new(),
            starts: Vec::new(),
            ends: Vec::new(),
            has: Vec::new(),
            all: Vec::new(),
            not: Vec::new(),
            count: None,
            regex: None,
            css: None,
            shape: Shapes::default(),
            not_shape: Shapes::default(),
            fold: Fold::Full,
            edges: Edges::Word,
            anchor: Vec::new(),
        }
    }
}

/// A category or a tag, as `where.before` and `where.after` name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Any block claimed by a rule of this category.
    Category(Category),
    /// Any block claimed under this tag.
    Tag(Tag),
    /// A paragraph of the story: prose that nobody claimed.
    Prose,
}

/// `where.run`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// Fewest blocks in a row.
    pub min: usize,
    /// Most words of each.
    pub max_words: u32,
}

/// Where a block must stand and how large it may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Where {
    /// Part of the document.
    pub zone: Zone,
    /// Most words.
    pub max_words: Option<u32>,
    /// Fewest words.
    pub min_words: Option<u32>,
    /// The next block is one of these.
    pub before: Vec<Target>,
    /// The previous block is one of these.
    pub after: Vec<Target>,
    /// No blank line between the block and that neighbour.
    pub same_paragraph: bool,
    /// Share of long words in common with that neighbour, 0 to 1.
    pub overlap: Option<f32>,
    /// The block stands in a run of short ones.
    pub run: Option<Run>,
    /// The line score is at least this, 0 to 1.
    pub score: Option<f32>,
}

impl Default for Where {
    fn default() -> Self {
        Self {
            zone: Zone::Any,
            max_words: None,
            min_words: None,
            before: Vec::new(),
            after: Vec::new(),
            same_paragraph: false,
            overlap: None,
            run: None,
            score: None,
        }
    }
}

/// `section`: the block is a heading that takes the blocks below it with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section {
    /// Most blocks below the heading.
    pub max_blocks: usize,
    /// Most words of each.
    pub max_words: u32,
}

/// A test inside a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleTest {
    /// The text.
    pub text: String,
    /// Line in the rule file.
    pub line: u32,
    /// Place in the rule file.
    pub span: ByteSpan,
}

/// Tests inside a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tests {
    /// Must match.
    pub hit: Vec<RuleTest>,
    /// Must not match.
    pub miss: Vec<RuleTest>,
    /// Ought to match, does not yet.
    pub gap: Vec<RuleTest>,
}

/// Where a rule was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file; for built-in packs the path below `rules/`.
    pub file: Arc<PathBuf>,
    /// Line of `[[rule]]`, from 1.
    pub line: u32,
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// Names that it had before.
    pub was: Vec<String>,
    /// What kind of thing it finds.
    pub category: Category,
    /// One sentence about it.
    pub about: String,
    /// Why it is as it is.
    pub because: Option<String>,
    /// The version that it came in.
    pub since: Option<String>,
    /// Whether it is in force.
    pub status: Status,
    /// What is done.
    pub action: Action,
    /// The field it fills, for [`Action::Tag`].
    pub tag: Option<Tag>,
    /// Hosts, languages and media.
    pub scope: Scope,
    /// What the block says and looks like.
    pub matcher: Match,
    /// Where it stands.
    pub place: Where,
    /// Whether it takes the blocks below it along.
    pub section: Option<Section>,
    /// How sure it is.
    pub level: Level,
    /// Last resort in conflicts; smaller first.
    pub priority: i32,
    /// Its tests.
    pub tests: Tests,
    /// Its layer.
    pub layer: Layer,
    /// Its pack.
    pub pack: Arc<str>,
    /// Where it was written.
    pub origin: Origin,
    /// Its clues, where they are known: those of built-in rules, unless an override has changed their phrases.
    pub(crate) clues: Option<Clues>,
    /// What is known of its pattern, if it is built in.
    pub(crate) pattern: Option<PackedPattern>,
}
