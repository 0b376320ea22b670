//! copydesk takes raw copy and makes it fit to print.
//!
//! It reads the text of a scraped news article, takes out what is not the story (ad markers, newsletter boxes, share bars, lists of
//! other articles, ...), sets captions apart with their credits and alternative texts, and says of every line that went which
//! rule did it. Rules are data, in TOML, tested where they are written; the built-in ones are part of the binary.
//!
//! # Limits
//!
//! - **A line is the smallest thing that is judged**, apart from `cut` rules, which take a span out of one. Two columns that a scraper
//!   has woven into one line stay woven.
//! - **Pages are judged by their HTML alone.** Scripts do not run, styles are not read: what a page builds in the browser, or hides by a style
//!   sheet, is not known. Which blocks are the story is a guess from counts; it errs now and then on pages that are no article.
//! - **It knows eighteen languages.** In a language without a pack, and in a text of which the language cannot be told, only the rules run
//!   that are safe without one.
//! - **A line that no rule knows stays.** copydesk errs towards keeping; what it takes is in [`Article::dropped`], and
//!   [`Article::source`] puts the source together again, byte for byte.
//! - **Text is held in memory whole**, one article at a time. Time grows with the length of the text; regular expressions have no
//!   backtracking. The first text of a language pays for compiling its rules.
//!
//! # An example
//!
//! [`Engine::clean`] takes a text. A [`Document`] also says what is known of it: the language, else it is guessed, and the host, without
//! which the rules for single sites do not run.
//!
//! ```
//! use copydesk::{Document, Engine};
//!
//! let source = "\
//! Advertisement
//!
//! Ferry back in service after pier repairs
//!
//! The first ferry in eleven weeks left the harbour on Friday morning, with 212 passengers on board.
//!
//! Passengers wait to board the first sailing since December. Source: Northern Wire
//!
//! The terminal was closed after waves tore two of the four fenders from the pier.
//! ";
//! let engine = Engine::builder().build()?;
//! let document = Document::from_text(source).with_language("en").with_host("www.example.com");
//! let article = engine.clean_document(&document);
//!
//! assert!(article.text.starts_with("Ferry back in service"));
//! assert!(!article.text.contains("Northern Wire"));
//!
//! let caption = &article.captions[0];
//! assert_eq!(caption.text, "Passengers wait to board the first sailing since December.");
//! assert_eq!(caption.credit.as_deref(), Some("Northern Wire"));
//!
//! let first = &article.dropped[0];
//! assert_eq!((&*first.text, first.rule.as_str()), ("Advertisement", "en.ad.marker"));
//! assert_eq!(article.source(), source);
//! # Ok::<(), copydesk::BuildError>(())
//! ```
//!
//! # Pages
//!
//! [`Engine::clean_html`] takes a web page. What is outside of its main content is dropped with `html.main_content` as the rule, captions are
//! known by their markup, and [`Article::about`] has what the page says of itself. The article can be written as
//! [Markdown](Article::to_markdown) or as [HTML](Article::to_html) that is safe to show.
//!
//! ```
//! # use copydesk::{Engine, Rich};
//! let page = "<nav><a href=/>Home</a> <a href=/news>News</a></nav>
//!   <article><h1>Ferry back in service</h1>
//!   <p>The first ferry in <em>eleven weeks</em> left the harbour on Friday morning, with 212 passengers on board.</p>
//!   <figure><img src=/pier.jpg><figcaption>The pier after the repairs. Photo: Jane Doe/Northern Wire</figcaption></figure>
//!   <p>The terminal was closed after waves tore two of the four fenders from the pier, the harbour board said.</p></article>
//!   <footer><a href=/contact>Contact</a></footer>";
//! let article = Engine::builder().build()?.clean_html(page, Some("https://news.example/ferry"))?;
//! assert_eq!(article.title.as_deref(), Some("Ferry back in service"));
//! assert_eq!(article.captions[0].image_url.as_deref(), Some("https://news.example/pier.jpg"));
//! let markdown = article.to_markdown(&Rich::default());
//! assert!(markdown.starts_with("# Ferry back in service\n\nThe first ferry in *eleven weeks* left"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`html::PageReader`] reads page after page with one memory.
//!
//! # Why a line went, or stayed
//!
//! [`Engine::explain`] does what `clean` does and tells of each block every rule that matched, where that rule is written, the values
//! that made it match, and which other rules it won against. [`Engine::why_not`] asks the other way round: how near one rule came.
//!
//! ```
//! # use copydesk::{Document, Engine};
//! let engine = Engine::builder().build()?;
//! let explanation = engine.explain(&Document::from_text("Advertisement\n\nThe vote was close, the office said on Friday."));
//! let decision = &explanation.blocks[0].decisions[0];
//! assert_eq!(decision.because, [("match.is", "advertisement".to_owned())]);
//! assert!(explanation.blocks[1].kept);
//! # Ok::<(), copydesk::BuildError>(())
//! ```
//!
//! # Levels
//!
//! Each rule says how sure it is: `sure`, `likely` or `guess`. [`Mode`](rules::Mode) says which of them take part: `Careful` only the first,
//! `Standard` (the default) the first two, `Thorough` all. [`keep`](EngineBuilder::keep) leaves a category in the text whatever its
//! level; [`remove`](EngineBuilder::remove) takes out bylines, datelines or agency lines, which otherwise stay and are only tagged.
//!
//! # Rules of one's own
//!
//! [`rules_path`](EngineBuilder::rules_path) and [`rules_text`](EngineBuilder::rules_text) add rules and overrides to the built-in ones; a
//! mistake in them is an error of [`build`](EngineBuilder::build) that shows the place. The order of loading does not matter.
//!
//! ```
//! # use copydesk::Engine;
//! let rules = r#"
//! format = 1
//! [pack]
//! id = "mine"
//! [[rule]]
//! id       = "mine.desk.initials"
//! category = "other"
//! about    = "The desk's initials under a story: `nw/mc`."
//! action   = "remove"
//! match.regex     = '^nw/[a-z]{2}$'
//! where.max_words = 2
//! "#;
//! let engine = Engine::builder().rules_text("mine.toml", rules).build()?;
//! let article = engine.clean("The terminal was closed after waves tore two of the four fenders from the pier.\n\nnw/mc");
//! assert_eq!(article.dropped[0].rule.as_str(), "mine.desk.initials");
//! # Ok::<(), copydesk::BuildError>(())
//! ```
//!
//! # The guard
//!
//! A rule that goes wrong should not cost a story. When more than a share of the prose would go ([`DEFAULT_GUARD`] unless
//! [`guard`](EngineBuilder::guard) sets another), the text comes back whole, with nothing dropped, and [`Article::status`] is
//! [`Status::Refused`]. A text of which nothing stays, or in which there was nothing, is [`Status::Empty`].
//!
//! # Threads
//!
//! An [`Engine`] is `Send + Sync` and cheap to clone: clones share the compiled rules. It holds nothing of any document, so that results
//! do not depend on what was cleaned before, or on which thread. A [`Scratch`] for each thread saves allocations:
//!
//! ```
//! # use copydesk::{Document, Engine, Scratch};
//! let engine = Engine::builder().build()?;
//! let story = "The vote was close, the office said on Friday, and the count goes on.";
//! let texts = [format!("Advertisement\n\n{story}"), story.to_owned()];
//! let cleaned: Vec<String> = std::thread::scope(|scope| {
//!     let threads = texts.each_ref().map(|text| {
//!         let engine = engine.clone();
//!         scope.spawn(move || {
//!             let mut scratch = Scratch::default();
//!             engine.clean_with(&Document::from_text(text), &mut scratch).text.into_owned()
//!         })
//!     });
//!     threads.into_iter().map(|thread| thread.join().expect("cleaning does not panic")).collect()
//! });
//! assert_eq!(cleaned, [story, story]);
//! # Ok::<(), copydesk::BuildError>(())
//! ```
//!
//! # Records
//!
//! [`io`] reads and writes JSON Lines, as the command line does; [`rules`] loads, checks and tests rule files.

mod article;
mod captions;
mod clean;
#[doc(hidden)]
pub mod cli;
mod document;
mod engine;
mod forest;
pub mod html;
pub mod io;
mod render;
pub mod rules;
mod span;
mod text;

pub use article::{Article, Caption, CaptionKind, Comment, Dropped, Status};
pub use document::{About, Block, Document, Markup, PageKind, Picture, Standing};
pub use engine::{BlockTrace, BuildError, DEFAULT_GUARD, Decision, Engine, EngineBuilder, Explanation, LINE_COLUMNS, Near, Scratch};
pub use render::{CaptionPlace, Rich};
pub use span::ByteSpan;
