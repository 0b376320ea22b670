//! What kind of page it is, as it says itself.
//!
//! Nothing is guessed from the text or from class names: a page that says nothing has no kind. Forums are told surest, by their types and by the
//! software that names itself; `og:type` is the least sure, since many sites call every page an article.

use super::jsonld::{Graph, types};
use crate::document::PageKind;

/// Kinds that were found, each with its place; see [`Kinds::best`].
#[derive(Debug, Default)]
pub(super) struct Kinds(Vec<(Place, PageKind)>);

/// Places that tell a kind, the most trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Generator,
    JsonLd,
    Microdata,
    OpenGraph,
}

impl Kinds {
    /// Whether a `<meta>` of this name may say something.
    pub(super) fn are_told_by(name: &str) -> bool {
        matches!(name, "generator" | "og:type")
    }

    /// Adds what a `<meta>` says.
    pub(super) fn meta(&mut self, name: &str, value: &str) {
        match name {
            "generator" if FORUMS.iter().any(|forum| starts_with(value, forum)) => self.add(Place::Generator, PageKind::Forum),
            "og:type" => self.add_some(Place::OpenGraph, of_open_graph(value.trim())),
            _ => {}
        }
    }

    /// Adds what an element's `itemtype` says. Questions are left out: lists of frequent ones have them too.
    pub(super) fn microdata(&mut self, itemtype: &str) {
        for kind in itemtype.split_ascii_whitespace().filter_map(|kind| kind.rsplit('/').next()).filter(|&kind| kind != "Question") {
            let kind = of_type(kind).filter(|kind| matches!(kind, PageKind::Article | PageKind::Forum | PageKind::Product));
            self.add_some(Place::Microdata, kind);
        }
    }

    /// Adds what JSON-LD says of the page itself.
    pub(super) fn graph(&mut self, graph: &Graph<'_>) {
        for kind in graph.tops.iter().flat_map(|top| types(top)) {
            self.add_some(Place::JsonLd, of_type(kind));
        }
    }

    /// The surest. Of several at one place the order of [`PageKind`] decides, but for forums, which say that they are one only if they are.
    pub(super) fn best(&self) -> Option<PageKind> {
        let rank = |kind: PageKind| if kind == PageKind::Forum { 0 } else { kind as u8 + 1 };
        self.0.iter().min_by_key(|(place, kind)| (*place, rank(*kind))).map(|&(_, kind)| kind)
    }

    fn add_some(&mut self, place: Place, kind: Option<PageKind>) {
        if let Some(kind) = kind {
            self.add(place, kind);
        }
    }

    fn add(&mut self, place: Place, kind: PageKind) {
        if !self.0.contains(&(place, kind)) {
            self.0.push((place, kind));
        }
    }
}

/// Software that makes forums, as it names itself.
const FORUMS: [&str; 9] = ["discourse", "phpbb", "vbulletin", "xenforo", "mybb", "flarum", "invision community", "ips community", "nodebb"];

fn starts_with(value: &str, name: &str) -> bool {
    value.trim().get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

fn of_open_graph(kind: &str) -> Option<PageKind> {
    Some(match kind {
        "article" => PageKind::Article,
        "product" | "og:product" | "product.item" => PageKind::Product,
        "product.group" => PageKind::Collection,
        _ => return None,
    })
}

/// The kind of page that a type of schema.org stands for.
fn of_type(kind: &str) -> Option<PageKind> {
    Some(match kind {
        "QAPage" | "DiscussionForumPosting" | "Question" => PageKind::Forum,
        "Article" | "BlogPosting" | "LiveBlogPosting" | "Report" | "ScholarlyArticle" | "MedicalScholarlyArticle" | "Recipe" => {
            PageKind::Article
        }
        kind if kind.ends_with("NewsArticle") => PageKind::Article,
        "TechArticle" | "APIReference" => PageKind::Documentation,
        "Product" | "ProductGroup" => PageKind::Product,
        "CollectionPage" => PageKind::Collection,
        "SearchResultsPage" => PageKind::Listing,
        "Service" | "SoftwareApplication" | "WebApplication" => PageKind::Service,
        _ => return None,
    })
}
