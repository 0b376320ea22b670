//! Rule files as they are written: plain shapes with the place of every value that can be wrong.
//!
//! These types say which keys there are; `parse` says what they mean. The JSON Schema for editors is made from them, so the
//! documentation of a field is what an author reads when he hovers over the key. Flattened and untagged shapes are avoided: they
//! lose the places.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::diagnostics::{Code, Diagnostic};
use super::rule::{Action, Category, Edges, Fold, Level, Media, Shape, Status, Tag, Zone};
use super::source::RuleFile;
use super::suggest::{nearest, one_of};

/// The version of the format that this crate reads.
pub(super) const FORMAT: i64 = 1;

/// A string of a rule file, borrowed from it unless it has escapes, and its place.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'f>(#[serde(borrow)] Spanned<Characters<'f>>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0.get_ref().0
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.0.span()
    }
}

/// A string that is borrowed where possible (the implementation for `Cow` never borrows).
#[derive(Clone, Debug)]
struct Characters<'f>(Cow<'f, str>);

impl<'de: 'f, 'f> Deserialize<'de> for Characters<'f> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrow;

        impl<'de> Visitor<'de> for Borrow {
            type Value = Characters<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Characters(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                self.visit_string(text.to_owned())
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
                Ok(Characters(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(Borrow)
    }
}

impl JsonSchema for Text<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

/// A closed list of words.
pub(super) trait Vocabulary: Copy + 'static {
    /// What the words are called in messages.
    const WHAT: &'static str;
    /// All of them.
    fn all() -> &'static [Self];
    /// How it is written.
    fn word(self) -> &'static str;
}

macro_rules! vocabulary {
    ($($type:ty: $what:literal,)+) => {$(
        impl Vocabulary for $type {
            const WHAT: &'static str = $what;

            fn all() -> &'static [Self] {
                Self::ALL
            }

            fn word(self) -> &'static str {
                self.as_str()
            }
        }
    )+};
}

vocabulary! {
    Category: "category",
    Action: "action",
    Tag: "tag",
    Level: "level",
    Status: "status",
    Fold: "fold",
    Edges: "edges",
    Zone: "zone",
    Shape: "shape",
    super::rule::Layer: "layer",
    MediaScope: "medium",
}

/// `scope.media`.
#[derive(Clone, Copy, Debug)]
pub(super) struct MediaScope(pub(super) Option<Media>);

impl MediaScope {
    const ALL: &'static [Self] = &[Self(Some(Media::Text)), Self(Some(Media::Html)), Self(None)];

    fn as_str(self) -> &'static str {
        self.0.map_or("both", Media::as_str)
    }
}

/// A word that must be one of a vocabulary; which, is found out by `parse`.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Word<'f, T> {
    #[serde(borrow)]
    pub(super) text: Text<'f>,
    #[serde(skip)]
    vocabulary: PhantomData<T>,
}

impl<T: Vocabulary> JsonSchema for Word<'_, T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::WHAT.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = T::all().iter().map(|word| word.word()).collect();
        json_schema!({ "type": "string", "enum": words })
    }
}

/// The name of a category or a tag.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct TargetWord<'f>(#[serde(borrow)] pub(super) Text<'f>);

impl JsonSchema for TargetWord<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Target".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": target_words() })
    }
}

/// How `where.before` and `where.after` name a paragraph of the story.
pub(super) const PROSE_WORD: &str = "prose";

/// The words of categories and tags, each once, and the one for paragraphs of the story.
pub(super) fn target_words() -> Vec<&'static str> {
    let tags = Tag::ALL.iter().map(|tag| tag.as_str()).filter(|word| Category::from_word(word).is_none());
    Category::ALL.iter().map(|category| category.as_str()).chain(tags).chain([PROSE_WORD]).collect()
}

/// A whole number and its place.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Number(pub(super) Spanned<i64>);

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer" })
    }
}

/// A truth value and its place.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Flag(pub(super) Spanned<bool>);

impl JsonSchema for Flag {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Flag".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "boolean" })
    }
}

/// A share between 0 and 1 and its place.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Share(pub(super) Spanned<f64>);

impl JsonSchema for Share {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Share".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "maximum": 1 })
    }
}

/// A list of strings that may be left out.
type Texts<'f> = Option<Vec<Text<'f>>>;

/// A rule file of copydesk. See `docs/rules.md`.
#[derive(JsonSchema)]
#[schemars(rename = "RuleFile", deny_unknown_fields)]
#[expect(dead_code, reason = "the shape for the schema; files are read part by part, so that each error is reported")]
pub(super) struct RawFileSchema {
    /// Version of the format; now 1.
    #[schemars(range(min = 1, max = 1))]
    format: Number,
    /// What the file holds.
    pack: RawPack<'static>,
    /// Words that several rules share: `"@name"` in lists of phrases, `{{name}}` in regular expressions. Known in all files.
    #[serde(default)]
    lists: BTreeMap<String, Vec<String>>,
    /// The rules.
    #[serde(default)]
    rule: Vec<RawRule<'static>>,
    /// Changes to rules of other files.
    #[serde(default, rename = "override")]
    overrides: Vec<RawOverride<'static>>,
}

/// `[pack]`: what the file holds.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Pack")]
pub(super) struct RawPack<'f> {
    /// `any`, `en`, `site.yahoo`, ...; every rule id in the file begins with it. Several files may share one.
    #[serde(borrow)]
    pub(super) id: Text<'f>,
    /// One sentence.
    #[serde(borrow)]
    #[expect(dead_code, reason = "for readers of the file")]
    pub(super) about: Option<Text<'f>>,
    /// Language codes (ISO 639-1): the default language scope of the file.
    #[serde(borrow)]
    pub(super) lang: Texts<'f>,
    /// The default host scope of the file.
    #[serde(borrow)]
    pub(super) hosts: Texts<'f>,
    /// `core` (built in), `site` (built in, one site), `user` (files that the user gives).
    #[serde(borrow)]
    pub(super) layer: Option<Word<'f, super::rule::Layer>>,
    /// `true`: the rules are safe when the language of a document is not known.
    pub(super) without_language: Option<bool>,
}

/// `[[rule]]`.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Rule")]
pub(super) struct RawRule<'f> {
    /// `pack.topic.name`, stable for ever.
    #[serde(borrow)]
    pub(super) id: Text<'f>,
    /// Names that the rule had before.
    #[serde(borrow)]
    pub(super) was: Texts<'f>,
    /// What kind of thing the rule finds.
    #[serde(borrow)]
    pub(super) category: Word<'f, Category>,
    /// What it finds, in one sentence with a sample in back-quotes.
    #[serde(borrow)]
    pub(super) about: Text<'f>,
    /// Why it is as it is.
    #[serde(borrow)]
    pub(super) because: Option<Text<'f>>,
    /// The version that it came in.
    #[serde(borrow)]
    pub(super) since: Option<Text<'f>>,
    /// `stable` (default), `preview` (matched and explained, never applied), `off`.
    #[serde(borrow)]
    pub(super) status: Option<Word<'f, Status>>,
    /// `remove` the block, `cut` the matched span, `tag` the block or its named groups, `protect` what it covers.
    #[serde(borrow)]
    pub(super) action: Word<'f, Action>,
    /// With the action `tag`: the field that it fills.
    #[serde(borrow)]
    pub(super) tag: Option<Word<'f, Tag>>,
    /// Where on the web, and in which languages and media, the rule holds.
    #[serde(borrow)]
    pub(super) scope: Option<RawScope<'f>>,
    /// What a block must say and look like. All keys must hold; of a list one.
    #[serde(borrow)]
    pub(super) r#match: Option<RawMatch<'f>>,
    /// Where a block must stand and how large it may be.
    #[serde(borrow)]
    pub(super) r#where: Option<RawWhere<'f>>,
    /// The block is a heading, and the blocks below it go with it.
    pub(super) section: Option<RawSection>,
    /// `sure` (default), `likely`, `guess`: in which of the modes `careful`, `standard`, `thorough` the rule takes part.
    #[serde(borrow)]
    pub(super) level: Option<Word<'f, Level>>,
    /// Last resort in conflicts, smaller first; needs `because`.
    pub(super) priority: Option<Number>,
    /// Texts that must match, must not match, or ought to match one day.
    #[serde(borrow)]
    pub(super) test: Option<RawTests<'f>>,
}

/// `scope`.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Scope")]
pub(super) struct RawScope<'f> {
    /// `yahoo.com` means it and every subdomain, `=yahoo.com` one host, `yahoo.*` any public suffix.
    #[serde(borrow)]
    pub(super) hosts: Texts<'f>,
    /// Hosts on which it does not hold.
    #[serde(borrow)]
    pub(super) not_hosts: Texts<'f>,
    /// Language codes (ISO 639-1).
    #[serde(borrow)]
    pub(super) lang: Texts<'f>,
    /// `text`, `html` or `both` (default).
    #[serde(borrow)]
    pub(super) media: Option<Word<'f, MediaScope>>,
}

/// `match`.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Match")]
pub(super) struct RawMatch<'f> {
    /// The whole block, folded, outer punctuation dropped, is one of these. `#` stands for any run of digits.
    #[serde(borrow)]
    pub(super) is: Texts<'f>,
    /// The block begins with one of these.
    #[serde(borrow)]
    pub(super) starts: Texts<'f>,
    /// The block ends with one of these.
    #[serde(borrow)]
    pub(super) ends: Texts<'f>,
    /// At least one of these occurs.
    #[serde(borrow)]
    pub(super) has: Texts<'f>,
    /// Of every inner list at least one occurs.
    #[serde(borrow)]
    pub(super) all: Option<Vec<Vec<Text<'f>>>>,
    /// None of these occurs.
    #[serde(borrow)]
    pub(super) not: Texts<'f>,
    /// At least `min` different phrases of `of` occur.
    #[serde(borrow)]
    pub(super) count: Option<RawCount<'f>>,
    /// Regular expression that is searched in the block's plain text, run as written. `{{list}}` is replaced by a group.
    #[serde(borrow)]
    pub(super) regex: Option<Text<'f>>,
    /// HTML only: the block is, or lies in, an element that this selects.
    #[serde(borrow)]
    pub(super) css: Option<Text<'f>>,
    /// All of these shapes hold.
    #[serde(borrow)]
    pub(super) shape: Option<Vec<Word<'f, Shape>>>,
    /// None of these shapes holds.
    #[serde(borrow)]
    pub(super) not_shape: Option<Vec<Word<'f, Shape>>>,
    /// `full` (default), `case`, `none`: how text is made alike before phrases are compared.
    #[serde(borrow)]
    pub(super) fold: Option<Word<'f, Fold>>,
    /// `word` (default) or `any`: what may stand beside a phrase.
    #[serde(borrow)]
    pub(super) edges: Option<Word<'f, Edges>>,
    /// Overrides the literals chosen for the prefilter; one of these occurs wherever the rule matches.
    #[serde(borrow)]
    pub(super) anchor: Texts<'f>,
}

/// `match.count`.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table such as `{ min = 2, of = [\"@list\"] }`")]
#[schemars(rename = "Count")]
pub(super) struct RawCount<'f> {
    /// How many different ones.
    pub(super) min: Number,
    /// The phrases.
    #[serde(borrow)]
    pub(super) of: Vec<Text<'f>>,
}

/// `where`.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Where")]
pub(super) struct RawWhere<'f> {
    /// `any` (default), `head`, `tail`, `start`, `end`, `above`, `teasers`.
    #[serde(borrow)]
    pub(super) zone: Option<Word<'f, Zone>>,
    /// Most words of the block.
    pub(super) max_words: Option<Number>,
    /// Fewest words of the block.
    pub(super) min_words: Option<Number>,
    /// The next block lies in one of these categories or tags.
    #[serde(borrow)]
    pub(super) before: Option<Vec<TargetWord<'f>>>,
    /// The previous block lies in one of these categories or tags.
    #[serde(borrow)]
    pub(super) after: Option<Vec<TargetWord<'f>>>,
    /// With `before` or `after`: no blank line between.
    pub(super) same_paragraph: Option<Flag>,
    /// With `before` or `after`: share of long words that the two blocks have in common, over the shorter.
    pub(super) overlap: Option<Share>,
    /// The block stands in a run of at least `min` short blocks.
    pub(super) run: Option<RawRun>,
    /// The line score is at least this share. See "The line score" in `docs/rules.md`.
    pub(super) score: Option<Share>,
}

/// `where.run`.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table such as `{ min = 3, max_words = 6 }`")]
#[schemars(rename = "Run")]
pub(super) struct RawRun {
    /// Fewest blocks in a row.
    pub(super) min: Number,
    /// Most words of each.
    pub(super) max_words: Number,
}

/// `section`.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table such as `{ max_blocks = 30, max_words = 30 }`")]
#[schemars(rename = "Section")]
pub(super) struct RawSection {
    /// Most blocks below the heading.
    pub(super) max_blocks: Number,
    /// Most words of each, unless it is a teaser.
    pub(super) max_words: Number,
}

/// `test`.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Tests")]
pub(super) struct RawTests<'f> {
    /// Must match. A text of several lines is a small document; a line that begins with `>> ` is the one that counts.
    #[serde(borrow)]
    pub(super) hit: Texts<'f>,
    /// Must not match.
    #[serde(borrow)]
    pub(super) miss: Texts<'f>,
    /// Ought to match, does not yet; fails when it begins to.
    #[serde(borrow)]
    pub(super) gap: Texts<'f>,
}

/// `[[override]]`: changes to rules of other files.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Override")]
pub(super) struct RawOverride<'f> {
    /// The id of a rule, or a prefix that ends in `.*`.
    #[serde(borrow)]
    pub(super) rule: Text<'f>,
    /// Why.
    #[serde(borrow)]
    #[expect(dead_code, reason = "for readers of the file")]
    pub(super) about: Option<Text<'f>>,
    /// Where the change holds; everywhere if left out.
    #[serde(borrow)]
    pub(super) scope: Option<RawScope<'f>>,
    /// Replaces the rule's own.
    #[serde(borrow)]
    pub(super) status: Option<Word<'f, Status>>,
    /// Replaces the rule's own.
    #[serde(borrow)]
    pub(super) level: Option<Word<'f, Level>>,
    /// Replaces the rule's own.
    pub(super) priority: Option<Number>,
    /// Keys given here replace the rule's own.
    #[serde(borrow)]
    pub(super) r#where: Option<RawWhere<'f>>,
    /// Phrases to add or drop.
    #[serde(borrow)]
    pub(super) r#match: Option<RawChange<'f>>,
}

/// `match` of an override.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table with `add` or `drop`")]
#[schemars(rename = "Change")]
pub(super) struct RawChange<'f> {
    /// Phrases to add.
    #[serde(borrow)]
    pub(super) add: Option<RawPhrases<'f>>,
    /// Phrases to drop.
    #[serde(borrow)]
    pub(super) drop: Option<RawPhrases<'f>>,
}

/// `match.add` and `match.drop` of an override.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table such as `{ is = [\"phrase\"] }`")]
#[schemars(rename = "Phrases")]
pub(super) struct RawPhrases<'f> {
    /// Phrases of `match.is`.
    #[serde(borrow)]
    pub(super) is: Texts<'f>,
    /// Phrases of `match.starts`.
    #[serde(borrow)]
    pub(super) starts: Texts<'f>,
    /// Phrases of `match.ends`.
    #[serde(borrow)]
    pub(super) ends: Texts<'f>,
    /// Phrases of `match.has`.
    #[serde(borrow)]
    pub(super) has: Texts<'f>,
}

/// A list of a file: its name and entries.
#[derive(Debug)]
pub(super) struct RawList<'f> {
    pub(super) name: String,
    pub(super) span: Range<usize>,
    pub(super) entries: Vec<Text<'f>>,
}

/// A rule file in its written shape.
#[derive(Debug)]
pub(super) struct RawFile<'f> {
    pub(super) file: &'f RuleFile,
    pub(super) pack: RawPack<'f>,
    pub(super) lists: Vec<RawList<'f>>,
    pub(super) rules: Vec<(Range<usize>, RawRule<'f>)>,
    pub(super) overrides: Vec<(Range<usize>, RawOverride<'f>)>,
}

/// Reads the shape of a file. Parts that are malformed are reported and left out; without a `[pack]` there is nothing to read.
pub(super) fn read<'f>(file: &'f RuleFile, errors: &mut Vec<Diagnostic>) -> Option<RawFile<'f>> {
    let (root, syntax) = DeTable::parse_recoverable(file.text());
    if !syntax.is_empty() {
        errors.extend(syntax.iter().map(|error| syntax_error(file, error)));
        return None;
    }
    let mut reader = Reader { file, errors };
    let mut root = root.into_inner();
    reader.check_keys(&root);
    reader.check_format(root.remove("format"));
    let lists = reader.lists(root.remove("lists"));
    let rules = reader.tables(root.remove("rule"), "rule");
    let overrides = reader.tables(root.remove("override"), "override");
    let pack = reader.pack(root.remove("pack"))?;
    Some(RawFile { file, pack, lists, rules, overrides })
}

/// Keys of a rule file.
const KEYS: [&str; 5] = ["format", "pack", "lists", "rule", "override"];

struct Reader<'e, 'f> {
    file: &'f RuleFile,
    errors: &'e mut Vec<Diagnostic>,
}

impl<'f> Reader<'_, 'f> {
    fn check_keys(&mut self, root: &DeTable<'f>) {
        for (key, _) in root {
            let name = key.get_ref().as_ref();
            if !KEYS.contains(&name) {
                self.errors.push(unknown_key(self.file, key.span(), name, &KEYS));
            }
        }
    }

    fn check_format(&mut self, value: Option<Spanned<DeValue<'f>>>) {
        let Some(value) = value else {
            let error = Diagnostic::error(Code::MissingKey, self.file, 0..0, "`format` is missing");
            return self.errors.push(error.help(format!("begin the file with `format = {FORMAT}`")));
        };
        if value.get_ref().as_integer().is_none_or(|number| number.as_str() != "1") {
            let message = format!("this version reads format {FORMAT} only");
            self.errors.push(Diagnostic::error(Code::BadValue, self.file, value.span(), message));
        }
    }

    fn pack(&mut self, value: Option<Spanned<DeValue<'f>>>) -> Option<RawPack<'f>> {
        let Some(value) = value else {
            let error = Diagnostic::error(Code::MissingKey, self.file, 0..0, "`[pack]` is missing");
            self.errors.push(error.help("say what the file holds: `[pack]` with an `id`"));
            return None;
        };
        self.shape(value)
    }

    fn lists(&mut self, value: Option<Spanned<DeValue<'f>>>) -> Vec<RawList<'f>> {
        let Some(value) = value else { return Vec::new() };
        let span = value.span();
        let DeValue::Table(table) = value.into_inner() else {
            self.errors.push(wrong_type(self.file, span, "`[lists]` is a table"));
            return Vec::new();
        };
        let mut lists = Vec::with_capacity(table.len());
        for (name, entries) in table {
            let span = name.span();
            if let Some(entries) = self.shape(entries) {
                lists.push(RawList { name: name.get_ref().as_ref().to_owned(), span, entries });
            }
        }
        lists
    }

    /// The tables of `[[name]]`, each with the place of its heading.
    fn tables<T: Deserialize<'f>>(&mut self, value: Option<Spanned<DeValue<'f>>>, name: &str) -> Vec<(Range<usize>, T)> {
        let Some(value) = value else { return Vec::new() };
        let span = value.span();
        let DeValue::Array(tables) = value.into_inner() else {
            self.errors.push(wrong_type(self.file, span, "not a list of tables").help(format!("write `[[{name}]]`")));
            return Vec::new();
        };
        tables.into_iter().filter_map(|table| Some((table.span(), self.shape(table)?))).collect()
    }

    fn shape<T: Deserialize<'f>>(&mut self, value: Spanned<DeValue<'f>>) -> Option<T> {
        let span = value.span();
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(shape) => Some(shape),
            Err(error) => {
                self.errors.push(shape_error(self.file, &error, span));
                None
            }
        }
    }
}

fn syntax_error(file: &RuleFile, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let message = error.message();
    match message.split_once(", expected ") {
        Some((what, expected)) => Diagnostic::error(Code::Syntax, file, span, what).label(format!("expected {expected}")),
        None => Diagnostic::error(Code::Syntax, file, span, message),
    }
}

fn unknown_key(file: &RuleFile, span: Range<usize>, key: &str, known: &[&str]) -> Diagnostic {
    let error = Diagnostic::error(Code::UnknownKey, file, span, format!("unknown key `{key}`"));
    match (nearest(key, known.iter().copied()), known) {
        (Some(word), _) => error.suggest(Some(word)),
        (None, []) => error,
        (None, known) => error.help(format!("the keys here are {}", one_of(known.iter().copied()))),
    }
}

fn wrong_type(file: &RuleFile, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::WrongType, file, span, message)
}

/// An error of serde in the words of a rule author.
fn shape_error(file: &RuleFile, error: &toml::de::Error, fallback: Range<usize>) -> Diagnostic {
    let span = error.span().unwrap_or(fallback);
    let message = error.message();
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let quoted = back_quoted(rest);
        let (key, known) = quoted.split_first().map_or(("", &[][..]), |(key, known)| (*key, known));
        return unknown_key(file, span, key, known);
    }
    if let Some(rest) = message.strip_prefix("missing field ") {
        return Diagnostic::error(Code::MissingKey, file, span, format!("{rest} is missing"));
    }
    for prefix in ["invalid type: ", "invalid value: "] {
        if let Some((found, expected)) = message.strip_prefix(prefix).and_then(|rest| rest.split_once(", expected ")) {
            let message = format!("expected {}, found {}", plain_type(expected), plain_found(found));
            return wrong_type(file, span, message);
        }
    }
    wrong_type(file, span, message)
}

/// The words in back-quotes.
fn back_quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Names of types as an author knows them.
fn plain_type(expected: &str) -> &str {
    match expected {
        "a sequence" => "a list",
        "a map" => "a table",
        "a boolean" => "`true` or `false`",
        "i64" => "a whole number",
        "f64" => "a number",
        _ => expected,
    }
}

/// What serde found, without the value: the marked place shows it.
fn plain_found(found: &str) -> &str {
    let kinds = [
        ("string", "a string"),
        ("integer", "a whole number"),
        ("floating point", "a number with a fraction"),
        ("boolean", "a truth value"),
        ("sequence", "a list"),
        ("map", "a table"),
    ];
    kinds.iter().find(|(kind, _)| found.starts_with(kind)).map_or(found, |&(_, plain)| plain)
}
