//! The engine: from a document to decisions.
//!
//! [`Engine`] holds compiled rules and no state of any document: the same document and rules give the same result, in any order,
//! on any number of threads. Rules are compiled for one language at a time, when the first document in it comes.

mod bounds;
mod compile;
mod explain;
mod facts;
mod gate;
mod grams;
mod language;
mod lean;
mod matching;
mod memo;
mod place;
mod probe;
mod resolve;
mod score;
mod search;
mod signature;
mod tables;
mod trial;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use once_cell::sync::OnceCell;

use crate::captions::Labels;
use crate::document::{Document, Standing};
use crate::html::Selectors;
use crate::rules::{Category, Mode, Rule, RuleSet, RulesError, Status};
use compile::{Common, CompiledRules};

pub use explain::{BlockTrace, Decision, Explanation, Near};
pub use facts::Scratch;
pub(crate) use resolve::{Outcome, Piece};
pub use score::NAMES as LINE_COLUMNS;

/// Languages with packs of their own.
const LANGUAGES: &[&str] = &[
    "ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "hi", "hu", "id", "it", "ja", "ko", "nl", "no", "pl", "pt", "ro", "ru", "sv",
    "tr", "uk", "vi", "zh",
];

/// Share of the prose that may go before a record is refused, unless set otherwise.
pub const DEFAULT_GUARD: f32 = 0.6;

/// Why an engine could not be built.
pub type BuildError = RulesError;

/// Settings of an [`Engine`].
#[derive(Clone, Debug)]
pub struct EngineBuilder {
    mode: Mode,
    keep: Vec<Category>,
    remove: Vec<Category>,
    guard: f32,
    names_outside: bool,
    builtin: bool,
    texts: Vec<(String, String)>,
    paths: Vec<PathBuf>,
}

impl Default for EngineBuilder {
    fn default() -> Self {
        Self {
            mode: Mode::Standard,
            keep: Vec::new(),
            remove: Vec::new(),
            guard: DEFAULT_GUARD,
            names_outside: true,
            builtin: true,
            texts: Vec::new(),
            paths: Vec::new(),
        }
    }
}

impl EngineBuilder {
    /// Which levels of rules take part; `Standard` unless set.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Leaves everything of this category in the text. May be called more than once.
    #[must_use]
    pub fn keep(mut self, category: Category) -> Self {
        self.keep.push(category);
        self
    }

    /// Takes tagged lines of this category (`byline`, `dateline`, `agency`) out of the text too. May be called more than once.
    #[must_use]
    pub fn remove(mut self, category: Category) -> Self {
        self.remove.push(category);
        self
    }

    /// Whether the built-in packs are used; they are unless set otherwise.
    #[must_use]
    pub fn builtin(mut self, builtin: bool) -> Self {
        self.builtin = builtin;
        self
    }

    /// Adds rules from TOML; `name` stands for the file in messages.
    #[must_use]
    pub fn rules_text(mut self, name: &str, text: &str) -> Self {
        self.texts.push((name.to_owned(), text.to_owned()));
        self
    }

    /// Adds rules from a file, or from all `.toml` files below a folder.
    #[must_use]
    pub fn rules_path(mut self, path: &Path) -> Self {
        self.paths.push(path.to_owned());
        self
    }

    /// The share of the prose, 0 to 1, that may go; a text that would lose more comes back whole, marked
    /// [`Refused`](crate::Status::Refused). 1 switches the guard off.
    #[must_use]
    pub fn guard(mut self, share: f32) -> Self {
        self.guard = share;
        self
    }

    /// Whether what stands outside of the main content of a page goes under the names of the rules that know it; it does unless set
    /// otherwise. Without, most of it goes as `html.main_content`, which is why it goes; the text, the captions and all else are the
    /// same, and come out sooner. [`Engine::explain`] then has less to say of it.
    ///
    /// ```
    /// let page = "<nav><p>Home<p>News</nav><article><p>The first ferry in eleven weeks left on Friday, the harbour board said. It was full, and \
    ///     sixty people waited at the pier.</article><footer><p>Contact<p>Follow us on Facebook<p>All rights reserved</footer>";
    /// let named = copydesk::Engine::builder().build()?.clean_html(page, None)?;
    /// let engine = copydesk::Engine::builder().names_outside(false).build()?;
    /// let article = engine.clean_html(page, None)?;
    /// assert_eq!(article.text, named.text);
    /// assert_eq!(article.dropped.len(), named.dropped.len());
    /// assert!(article.dropped.iter().all(|gone| gone.rule.as_str() == "html.main_content"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn names_outside(mut self, yes: bool) -> Self {
        self.names_outside = yes;
        self
    }

    /// Reads the rules.
    ///
    /// # Errors
    /// When a rule file given by path or text cannot be read or is wrong.
    ///
    /// ```
    /// let error = copydesk::Engine::builder().rules_text("mine.toml", "format = 1\n[pack]\nid = 3").build().unwrap_err();
    /// assert!(error.to_string().contains("mine.toml"));
    /// ```
    #[expect(clippy::missing_panics_doc, reason = "selectors were checked when their rules were read")]
    pub fn build(self) -> Result<Engine, BuildError> {
        let mut set = RuleSet::builder().builtin(self.builtin);
        for (name, text) in &self.texts {
            set = set.add_text(name, text);
        }
        for path in &self.paths {
            set = set.add_path(path);
        }
        let compiled = (0..=LANGUAGES.len()).map(|_| OnceCell::new()).collect();
        let set = set.build()?;
        let selectors = Some(set.selectors()).filter(|texts| !texts.is_empty());
        let selectors = selectors.map(|texts| Selectors::new(texts).expect("selectors were checked with their rules"));
        Ok(Engine {
            inner: Arc::new(Inner {
                set,
                selectors: selectors.map(Arc::new),
                mode: self.mode,
                keep: self.keep,
                remove: self.remove,
                guard: self.guard,
                names_outside: self.names_outside,
                compiled,
                common: Common::default(),
                hash: OnceCell::new(),
                mark: Arc::default(),
                credit_labels: Labels::new(crate::rules::builtin::list("credit_labels")),
                agency_labels: Labels::new(crate::rules::builtin::list("agency_labels")),
            }),
        })
    }
}

/// Compiled rules. Cheap to clone; shared by threads.
///
/// ```
/// let engine = copydesk::Engine::builder().build().unwrap();
/// let article = engine.clean("Advertisement\n\nThe vote was close, the office said on Friday.\n");
/// assert_eq!(article.text.trim(), "The vote was close, the office said on Friday.");
/// assert_eq!(article.dropped[0].rule.as_str(), "en.ad.marker");
/// ```
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    set: RuleSet,
    selectors: Option<Arc<Selectors>>,
    mode: Mode,
    keep: Vec<Category>,
    remove: Vec<Category>,
    guard: f32,
    names_outside: bool,
    /// By language, in the order of [`LANGUAGES`]; last, documents of another or no language.
    compiled: Vec<OnceCell<CompiledRules>>,
    common: Common,
    hash: OnceCell<String>,
    /// Tells this engine from others.
    mark: Arc<()>,
    credit_labels: Labels,
    agency_labels: Labels,
}

impl Engine {
    /// Settings to build an engine from.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// A hash of the rules and settings, 16 hexadecimal digits: the same rules give the same results.
    pub fn rules_hash(&self) -> &str {
        self.inner.hash.get_or_init(|| {
            let mut text = format!("{:?} {:?} {:?} {}", self.inner.mode, self.inner.keep, self.inner.remove, self.inner.guard);
            let files = self.inner.set.files();
            text.reserve(files.iter().map(|file| file.text().len()).sum());
            for file in &files {
                text.push_str(file.text());
            }
            format!("{:016x}", facts::hash(text.as_bytes()))
        })
    }

    /// The selectors of rules with `match.css`, for those who read pages themselves; `None` when there are no such rules.
    ///
    /// ```
    /// # use copydesk::{Engine, Scratch, html::PageReader};
    /// let rule = "format = 1\n[pack]\nid = \"mine\"\n[[rule]]\nid = \"mine.box\"\ncategory = \"other\"\nabout = \"A box.\"\naction = \"remove\"\n\
    ///     match.css = \".box\"\n";
    /// let engine = Engine::builder().rules_text("mine.toml", rule).build()?;
    /// let mut reader = PageReader::default().with_selectors(engine.selectors());
    /// let page = "<article><p>The first ferry in eleven weeks left on Friday, the harbour board said.<p class=box>The board has met, it said.</article>";
    /// let document = reader.read(page, None)?;
    /// assert!(engine.clean_with(&document, &mut Scratch::default()).dropped.iter().any(|gone| gone.rule.as_str() == "mine.box"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn selectors(&self) -> Option<Arc<Selectors>> {
        self.inner.selectors.clone()
    }

    /// The language of a document: given, or guessed from its text. What a page says of itself counts for languages that cannot be
    /// guessed, and for texts too short to guess from.
    pub(crate) fn language(document: &Document<'_>) -> Option<String> {
        if let Some(given) = document.language() {
            return Some(given.to_owned());
        }
        let said = document.about().and_then(|about| about.language.clone());
        if said.as_deref().is_some_and(|said| !LANGUAGES.contains(&said)) {
            return said;
        }
        // Lines that are no prose are often in another language than the story.
        let source = document.source();
        let texts = || document.blocks().iter().filter(|block| block.standing == Standing::Story).map(|block| block.span.of(source));
        let prose = texts().filter(|text| text.len() >= 80);
        language::guess(prose).or_else(|| language::guess(texts())).map(str::to_owned).or(said)
    }

    /// The place of a language in [`LANGUAGES`]; others come last.
    fn number(language: Option<&str>) -> usize {
        language.and_then(|language| LANGUAGES.iter().position(|&known| known == language)).unwrap_or(LANGUAGES.len())
    }

    /// Prepares buffers for a document in a language: lines that came before are known.
    fn begin(&self, document: &Document<'_>, language: Option<&str>, scratch: &mut Scratch) {
        scratch.memo.begin(&self.inner.mark, Self::number(language) as u32, document.reads_as(), document.blocks().len());
    }

    /// The rules for a language.
    fn rules(&self, language: Option<&str>) -> &CompiledRules {
        let index = Self::number(language);
        self.inner.compiled[index].get_or_init(|| {
            let rules = self.inner.set.build_for(LANGUAGES.get(index).copied());
            let rules = rules.expect("the user's files were checked when the engine was built, the built-in packs are by their tests");
            CompiledRules::new(
                rules.into_iter().filter(|rule| self.takes_part(rule)).collect(),
                self.inner.names_outside,
                &self.inner.common,
            )
        })
    }

    /// Whether a rule is in force under the settings.
    fn takes_part(&self, rule: &Rule) -> bool {
        rule.status != Status::Off && self.inner.mode.includes(rule.level) && !self.inner.keep.contains(&rule.category)
    }

    /// Words before a credit.
    pub(crate) fn credit_labels(&self) -> &Labels {
        &self.inner.credit_labels
    }

    /// Words before an agency's name.
    pub(crate) fn agency_labels(&self) -> &Labels {
        &self.inner.agency_labels
    }

    /// Most of the prose that may go.
    pub(crate) fn guard_share(&self) -> f32 {
        self.inner.guard
    }

    /// Whether tagged lines of this category leave the text.
    pub(crate) fn removes(&self, category: Category) -> bool {
        self.inner.remove.contains(&category)
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("mode", &self.inner.mode).field("rules", &self.rules_hash()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{CompiledRules, Engine, LANGUAGES};

    #[test]
    fn the_languages_are_those_of_the_packs() {
        assert_eq!(LANGUAGES, crate::rules::builtin::languages());
    }

    #[test]
    fn rules_of_all_languages_are_compiled_once() {
        let engine = Engine::builder().build().expect("built-in rules");
        let of = |language: &str| {
            let CompiledRules { rules, .. } = engine.rules(Some(language));
            rules.iter().find(|own| own.rule.id.as_str() == "any.line.likely").expect("the rule is in force").clone()
        };
        assert!(Arc::ptr_eq(&of("en"), &of("de")));
    }
}
