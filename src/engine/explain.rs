//! Explanations: what every rule had to say about every block.

use std::collections::HashMap;

use super::Engine;
use super::facts::Scratch;
use super::matching::{self, View};
use super::place::Claims;
use super::resolve::{Outcome, find_hits};
use super::trial::{Hit, in_scope, try_rule};
use crate::article::Article;
use crate::document::Document;
use crate::rules::{Action, Category, Rule, RuleId, Tag, Zone};
use crate::span::ByteSpan;

/// An article and how it came about.
#[derive(Clone, Debug)]
pub struct Explanation<'s> {
    /// The article.
    pub article: Article<'s>,
    /// All blocks of the source, in order.
    pub blocks: Vec<BlockTrace>,
}

/// What became of one block.
#[derive(Clone, Debug)]
pub struct BlockTrace {
    /// Where it stands in the source, in bytes.
    pub span: ByteSpan,
    /// Its paragraph.
    pub paragraph: u32,
    /// Its number of words.
    pub words: u32,
    /// Whether it is in the text.
    pub kept: bool,
    /// Every rule that matched, the deciding one first.
    pub decisions: Vec<Decision>,
}

/// A rule that matched a block.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The rule.
    pub rule: RuleId,
    /// Its category.
    pub category: Category,
    /// What it wants.
    pub action: Action,
    /// The field it fills.
    pub tag: Option<Tag>,
    /// The file it was written in.
    pub file: String,
    /// The line of that file.
    pub line: u32,
    /// What it matched, in bytes of the source.
    pub span: ByteSpan,
    /// Keys of the rule and the values that made them hold.
    pub because: Vec<(&'static str, String)>,
    /// Whether it was carried out.
    pub applied: bool,
    /// Rules that it won against.
    pub shadowed: Vec<RuleId>,
}

/// How near a rule came to matching a block.
#[derive(Clone, Debug)]
pub struct Near {
    /// The block, in bytes of the source.
    pub span: ByteSpan,
    /// Whether the rule matched.
    pub matched: bool,
    /// Keys that held.
    pub held: Vec<&'static str>,
    /// The first key that did not, and what was found instead.
    pub failed: Option<(&'static str, String)>,
    /// The other rule that decided on the block, if one did: it ranks before this one, or took the block first.
    pub decided_by: Option<RuleId>,
}

impl Engine {
    /// Cleans a document and tells of every block which rules matched and why.
    ///
    /// ```
    /// use copydesk::{Document, Engine};
    /// let engine = Engine::builder().build().unwrap();
    /// let explanation = engine.explain(&Document::from_text("Advertisement"));
    /// assert_eq!(explanation.blocks[0].decisions[0].rule.as_str(), "en.ad.marker");
    /// ```
    pub fn explain<'s>(&self, document: &Document<'s>) -> Explanation<'s> {
        let mut scratch = Scratch::default();
        let language = Self::language(document);
        let outcome = self.decide(document, language.as_deref(), &mut scratch);
        let mut by_block: Vec<Vec<usize>> = vec![Vec::new(); document.blocks().len()];
        (0..outcome.hits.len()).filter(|&at| outcome.hits[at].fired).for_each(|at| by_block[outcome.hits[at].block].push(at));
        let blocks = by_block.into_iter().enumerate().map(|(block, hits)| trace(document, &scratch, &outcome, block, hits)).collect();
        Explanation { article: self.assemble(document, language, &outcome), blocks }
    }

    /// Tells of every block how near a rule came to matching it. `None` when no rule of that name is in force for the document.
    pub fn why_not(&self, document: &Document<'_>, rule: &str) -> Option<Vec<Near>> {
        let mut scratch = Scratch::default();
        let language = Self::language(document);
        let rules = self.rules(language.as_deref());
        let index =
            rules.rules.iter().position(|compiled| compiled.rule.id.as_str() == rule || compiled.rule.was.iter().any(|was| was == rule))?;
        scratch.read(document, rules.far());
        rules.candidates(&mut scratch);
        rules.styled_candidates(document, &mut scratch);
        let mut hits = find_hits(rules, document, &scratch, true);
        // A rule that leans on a neighbour has no hit where that is missing; here it has one that does not stand.
        hits.retain(|hit| hit.rule != index);
        let own = (0..document.blocks().len())
            .filter_map(|block| try_rule(rules, document, &View::new(document, &scratch, block), block, index, false));
        hits.extend(own);
        hits.sort_by_key(|hit| (hit.block, hit.rule));
        let claims = Claims::new(rules, &scratch, document, hits);
        let compiled = &rules.rules[index];
        let own: HashMap<usize, usize> =
            claims.hits.iter().enumerate().filter(|(_, hit)| hit.rule == index).map(|(at, hit)| (hit.block, at)).collect();
        let prose = claims.prose_before();
        let mut whole = Scratch::default();
        let outcome = self.decide(document, language.as_deref(), &mut whole);
        let near = |block: usize| {
            let view = View::new(document, &scratch, block);
            let span = view.span;
            let decided_by = outcome.winners[block].filter(|&at| outcome.hits[at].rule != index).map(|at| outcome.rule(at).rule.id.clone());
            if !in_scope(compiled, document) {
                return Near {
                    span,
                    matched: false,
                    held: Vec::new(),
                    failed: Some(("scope.hosts", document.host().unwrap_or("no host").to_owned())),
                    decided_by,
                };
            }
            let result = matching::explained(compiled, &view, document.reads_as()).and_then(|_| {
                own.get(&block).map_or(Ok(()), |&at| {
                    let score = claims.hits[at].score.filter(|_| compiled.rule.place.score.is_some());
                    let found = || score.map_or("elsewhere".to_owned(), thousandths);
                    claims.standing(at, &prose).map_err(|key| (key, if key == "where.score" { found() } else { "elsewhere".to_owned() }))
                })
            });
            let failed = result.err();
            let held = keys(&compiled.rule).into_iter().take_while(|key| failed.as_ref().is_none_or(|failed| failed.0 != *key)).collect();
            Near { span, matched: failed.is_none(), held, failed, decided_by }
        };
        Some((0..document.blocks().len()).map(near).collect())
    }
}

/// What became of a block, and why.
fn trace(document: &Document<'_>, scratch: &Scratch, outcome: &Outcome<'_>, block: usize, mut order: Vec<usize>) -> BlockTrace {
    let own = document.blocks()[block];
    order.sort_by_key(|&at| (outcome.winners[block] != Some(at), super::place::rank(outcome.rule(at), &outcome.hits[at])));
    let decisions = order.iter().map(|&at| decision(document, scratch, outcome, at, &order)).collect();
    BlockTrace { span: own.span, paragraph: own.paragraph, words: scratch.facts[block].words, kept: !outcome.dropped[block], decisions }
}

/// One rule's word on a block.
fn decision(document: &Document<'_>, scratch: &Scratch, outcome: &Outcome<'_>, at: usize, all: &[usize]) -> Decision {
    let hit = &outcome.hits[at];
    let rule = &outcome.rule(at).rule;
    let wins = outcome.winners[hit.block] == Some(at);
    let applied = wins || rule.action == Action::Protect || outcome.is_carried_out(at);
    let shadowed = all
        .iter()
        .filter(|&&other| wins && other != at && outcome.rule(other).claims)
        .map(|&other| outcome.rule(other).rule.id.clone())
        .collect();
    Decision {
        rule: rule.id.clone(),
        category: rule.category,
        action: rule.action,
        tag: rule.tag,
        file: rule.origin.file.display().to_string(),
        line: rule.origin.line,
        span: hit.found.span,
        because: because(document, scratch, rule, hit),
        applied,
        shadowed,
    }
}

/// The values that made a rule match.
fn because(document: &Document<'_>, scratch: &Scratch, rule: &Rule, hit: &Hit) -> Vec<(&'static str, String)> {
    let mut values = Vec::new();
    if let Some(heading) = hit.heading {
        values.push(("section", document.blocks()[heading].span.of(document.source()).to_owned()));
        return values;
    }
    let folded = scratch.folded(hit.block);
    let signed = crate::text::fold::with_number_signs(folded).unwrap_or_default();
    let occurs = |phrase: &&String| folded.contains(phrase.as_str()) || signed.contains(phrase.as_str());
    let matcher = &rule.matcher;
    let groups = [("match.is", &matcher.is), ("match.starts", &matcher.starts), ("match.ends", &matcher.ends), ("match.has", &matcher.has)];
    for (key, phrases) in groups {
        values.extend(phrases.iter().filter(occurs).max_by_key(|phrase| phrase.len()).map(|phrase| (key, phrase.clone())));
    }
    for group in &matcher.all {
        values.extend(group.iter().find(|phrase| occurs(phrase)).map(|phrase| ("match.all", phrase.clone())));
    }
    if let Some(count) = &matcher.count {
        let found: Vec<&str> = count.of.iter().filter(occurs).map(String::as_str).collect();
        values.push(("match.count", found.join(", ")));
    }
    if let Some(css) = &matcher.css {
        values.push(("match.css", css.clone()));
    }
    if matcher.regex.is_some() {
        values.push(("match.regex", hit.found.span.of(document.source()).to_owned()));
    }
    if !matcher.shape.is_empty() {
        let shapes: Vec<&str> =
            crate::rules::Shape::ALL.iter().filter(|&&shape| matcher.shape.has(shape)).map(|shape| shape.as_str()).collect();
        values.push(("match.shape", shapes.join(", ")));
    }
    if rule.place.max_words.is_some() || rule.place.min_words.is_some() {
        values.push(("words", scratch.facts[hit.block].words.to_string()));
    }
    if rule.place.zone != Zone::Any {
        values.push(("where.zone", rule.place.zone.to_string()));
    }
    values.extend(hit.score.map(|score| ("where.score", thousandths(score))));
    values
}

/// A share as it is written.
fn thousandths(share: u16) -> String {
    format!("{:.2}", f32::from(share) / 1000.0)
}

/// The keys of a rule in the order in which they are tested.
fn keys(rule: &Rule) -> Vec<&'static str> {
    let matcher = &rule.matcher;
    let place = &rule.place;
    let all = [
        ("scope.media", rule.scope.media.is_some()),
        ("where.max_words", place.max_words.is_some()),
        ("where.min_words", place.min_words.is_some()),
        ("match.shape", !matcher.shape.is_empty()),
        ("match.not_shape", !matcher.not_shape.is_empty()),
        ("match.css", matcher.css.is_some()),
        ("match.is", !matcher.is.is_empty()),
        ("match.starts", !matcher.starts.is_empty()),
        ("match.ends", !matcher.ends.is_empty()),
        ("match.has", !matcher.has.is_empty()),
        ("match.all", !matcher.all.is_empty()),
        ("match.count", matcher.count.is_some()),
        ("match.not", !matcher.not.is_empty()),
        ("match.regex", matcher.regex.is_some()),
        ("where.zone", place.zone != Zone::Any),
        ("where.before", !place.before.is_empty()),
        ("where.after", !place.after.is_empty()),
        ("where.run", place.run.is_some()),
        ("where.score", place.score.is_some()),
    ];
    all.into_iter().filter(|key| key.1).map(|key| key.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rule file of rules that all take the line `Follow us`.
    const RULES: &str = r#"
format = 1

[pack]
id = "x"
about = "Rules that want the same."

[[rule]]
id = "x.a"
category = "other"
about = "The line, as something else."
action = "remove"
match.is = ["follow us"]
test.hit = ["Follow us"]

[[rule]]
id = "x.b"
category = "share_bar"
about = "What has the word."
action = "remove"
match.has = ["follow"]
where.max_words = 4
test.hit = ["Follow us"]

[[rule]]
id = "x.c"
category = "social_follow"
about = "The line."
action = "remove"
match.is = ["follow us"]
test.hit = ["Follow us"]
"#;

    #[test]
    fn of_rules_that_want_the_same_the_most_telling_decides() {
        let engine = Engine::builder().builtin(false).rules_text("x.toml", RULES).build().expect("the rules are right");
        let document = Document::from_text("Follow us");
        let explanation = engine.explain(&document);
        let order: Vec<&str> = explanation.blocks[0].decisions.iter().map(|decision| decision.rule.as_str()).collect();
        assert_eq!(order, ["x.c", "x.b", "x.a"]);
        let near = engine.why_not(&document, "x.b").expect("the rule takes part");
        assert_eq!((near[0].matched, near[0].decided_by.as_ref().map(RuleId::as_str)), (true, Some("x.c")));
        assert_eq!(engine.why_not(&document, "x.c").expect("the rule takes part")[0].decided_by, None);
    }
}
