//! Which figures are of the story, and which repeat each other.

use std::collections::{BTreeSet, HashMap};

use super::words::Hints;
use super::{Evidence, Figure};
use crate::html::{NodeId, Tag, Tree};

/// Leaves out what shows the same picture with the same words again: galleries have their slides twice, for two sizes of screens.
pub(super) fn without_repeats(figures: Vec<Figure>) -> Vec<Figure> {
    let mut seen = BTreeSet::new();
    figures
        .into_iter()
        .filter(|figure| match (&figure.caption, &figure.image_url) {
            (None, None) => true,
            (caption, url) => seen.insert((caption.as_ref().map(|caption| caption.text.clone()), url.clone())),
        })
        .collect()
}

/// Whether two short texts have most of their words in common.
pub(in crate::html) fn is_alike(one: &str, other: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (one, other) = (words(one), words(other));
    let shared = one.intersection(&other).count();
    !one.is_empty() && shared * 5 >= one.len().max(other.len()) * 3
}

/// Tells the figures of the story from those of teasers, logos and other stories: `true` for each that belongs.
///
/// `blocks` are the nodes of the main content's blocks in document order. A figure belongs to the story
///
/// - if it stands between the first and the last of them and not in a box that points elsewhere (a class with the word `related`,
///   `teaser`, `newsletter`, ..., an `aside` or `nav` that holds none of the blocks), nor as a whole in a link with other words;
/// - or if it is the lead picture: before the first block, in the nearest `article` or `main` around it, with no other article
///   between, marked as a figure.
#[must_use]
pub fn of_story(tree: &Tree<'_>, figures: &[Figure], blocks: &[NodeId]) -> Vec<bool> {
    let (Some(&first), Some(&last)) = (blocks.first(), blocks.last()) else { return vec![false; figures.len()] };
    let last_end = tree.end(last);
    let mut story = Story { tree, blocks, first, last_end, lead: lead_area(tree, first, last), known: HashMap::new() };
    figures.iter().map(|figure| story.owns(figure)).collect()
}

struct Story<'t, 's> {
    tree: &'t Tree<'s>,
    blocks: &'t [NodeId],
    first: NodeId,
    last_end: NodeId,
    /// The element in which a lead picture stands.
    lead: NodeId,
    /// Boxes around figures, and whether they or what is around them point elsewhere.
    known: HashMap<NodeId, bool>,
}

impl Story<'_, '_> {
    fn owns(&mut self, figure: &Figure) -> bool {
        if figure.span.start >= self.last_end || self.points_elsewhere(figure) {
            return false;
        }
        if figure.span.start >= self.first {
            return true;
        }
        figure.evidence <= Evidence::Alt && self.tree.contains(self.lead, figure.node)
            || matches!(figure.evidence, Evidence::Box | Evidence::Attribute) && self.is_just_before(figure)
    }

    /// Whether a box around the figure that holds none of the story's blocks says that it is about something else. Each box is asked
    /// once, however many figures are in it.
    fn points_elsewhere(&mut self, figure: &Figure) -> bool {
        let mut asked = Vec::new();
        let mut elsewhere = false;
        for up in self.tree.ancestors(figure.node) {
            let known = self.known.get(&up).copied();
            if known.is_some() || self.holds_story(up) {
                elsewhere = known == Some(true);
                break;
            }
            asked.push(up);
            if matches!(self.tree.tag(up), Tag::Nav | Tag::Footer) || Hints::of(self.tree, up).has(Hints::ASIDE) {
                elsewhere = true;
                break;
            }
        }
        self.known.extend(asked.into_iter().map(|up| (up, elsewhere)));
        elsewhere
    }

    fn holds_story(&self, id: NodeId) -> bool {
        let from = self.blocks.partition_point(|&block| block < id);
        self.blocks.get(from).is_some_and(|&block| block < self.tree.end(id))
    }

    /// Whether nothing but short text stands between the figure and the first block.
    fn is_just_before(&self, figure: &Figure) -> bool {
        let between = figure.span.end..self.first;
        let mut ink = 0;
        let mut id = between.start;
        while id < between.end {
            if self.tree.is_unseen(id) {
                id = self.tree.end(id);
                continue;
            }
            if self.tree.is_text(id) && self.tree.has_ink(id) {
                ink += self.tree.source_span(id).len();
            }
            if ink > 300 {
                return false;
            }
            id.0 += 1;
        }
        true
    }
}

/// The element in which a lead picture may stand: the nearest `article`, `main` or body around the whole story and its headline.
fn lead_area(tree: &Tree<'_>, first: NodeId, last: NodeId) -> NodeId {
    let headline = tree.nodes().take_while(|&id| id < first).filter(|&id| tree.is_html(id, Tag::H1)).last().unwrap_or(first);
    let mut around = tree.ancestors(first).filter(|&up| tree.contains(up, last));
    let own = around.by_ref().find(|&up| matches!(tree.tag(up), Tag::Article | Tag::Main | Tag::Body)).unwrap_or(NodeId::ROOT);
    if tree.contains(own, headline) { own } else { around.find(|&up| tree.contains(up, headline)).unwrap_or(own) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Parser;
    use crate::html::figures::find;

    fn own(page: &str) -> Vec<String> {
        let tree = Parser::default().parse(page).expect("it is short");
        let figures = find(&tree, None);
        let blocks: Vec<NodeId> = tree.nodes().filter(|&id| tree.tag(id) == Tag::P && tree.classes(id).next().is_none()).collect();
        let own = of_story(&tree, &figures, &blocks);
        figures.into_iter().zip(own).filter(|(_, own)| *own).filter_map(|(figure, _)| figure.caption.map(|caption| caption.text)).collect()
    }

    #[test]
    fn figures_of_the_story_are_told_from_others() {
        let figure = |text: &str| format!("<figure><img src={}><figcaption>{text}</figcaption></figure>", text.len());
        let page = format!(
            "<header>{}</header><main><article><h1>Title</h1>{}<p>One.</p>{}<aside class=related>{}</aside><p>Two.</p></article>{}</main>",
            figure("Logo"),
            figure("The lead picture"),
            figure("A picture in it"),
            figure("A teaser of another story"),
            figure("After the story, another one")
        );
        assert_eq!(own(&page), ["The lead picture", "A picture in it"]);
    }

    #[test]
    fn a_box_counts_only_in_the_midst_of_the_story() {
        let boxed = |text: &str| format!("<div><img src=1><div>{text}</div></div>");
        let page = format!(
            "<article>{}{}{}<p>One.</p>{}<p>Two.</p></article>",
            boxed("Far above the story"),
            "<div>Words that stand between, more than a few of them, as in a menu.</div>".repeat(9),
            boxed("Right above the story"),
            boxed("Between two paragraphs")
        );
        assert_eq!(own(&page), ["Right above the story", "Between two paragraphs"]);
    }

    #[test]
    fn a_page_without_a_story_has_no_figures() {
        assert_eq!(own("<figure><img src=1><figcaption>A boat</figcaption></figure>"), [""; 0]);
    }
}
