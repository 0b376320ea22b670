//! Places: zones, neighbours, runs and sections, and what rules claim.
//!
//! A footer is at the end of a story, but "the last five lines" is a poor way to say so: a page may end in one prompt or in
//! twelve. A block is in the *tail* while fewer than [`TAIL_PROSE`] prose blocks that no rule has claimed stand after it. Since
//! what is claimed depends on zones and zones on what is claimed, rules with a place run over the blocks from the end and from
//! the start, in turn, until nothing changes. Claims only grow, so this ends.
//!
//! Conditions look at blocks that nobody claimed, or at what was claimed beside them. Zones and runs pass over claimed blocks, which a
//! cleaned text lacks, so they give nothing new to drop there. `before`, `after` and shapes such as `echo` look at the very next line,
//! dropped or not: where a dropped line stood between two others, cleaning again may find a pair that it did not see at first.

use std::cell::Cell;

use super::compile::{CompiledRule, CompiledRules, brings_back};
use super::facts::Scratch;
use super::matching::{Found, View};
use super::score::{self, Lines};
use super::trial::{Hit, try_protecting, try_rule};
use crate::document::{Block, Document, Standing};
use crate::rules::{Action, Category, Layer, Media, Run, Section, Shape, Status, Tag, Target, Zone};
use crate::text::words;

/// Unclaimed prose blocks that end the tail.
pub(crate) const TAIL_PROSE: u32 = 3;

/// Unclaimed prose blocks that end the head.
pub(crate) const HEAD_PROSE: u32 = 2;

/// Blocks to each side that are looked at for a run.
const RUN_REACH: usize = 200;

/// Claimed blocks below a heading that are passed over; more end its section, so that a page of headings takes linear time.
pub(crate) const SECTION_REACH: usize = 200;

/// Rounds over the document; real pages need two or three.
const ROUNDS: usize = 12;

/// Blocks looked at for the headline.
const HEADLINE_REACH: usize = 60;

/// Lines of a list above a story, from its end, among which its headline may be.
const BELOW_HEADLINE: usize = 4;

/// Most bytes of the headline; every short block is looked for in it.
const HEADLINE_BYTES: usize = 2_000;

/// Words of a prose block that always belongs to the story, however regular the list around it.
const TEASER_WORDS: u32 = 45;

/// Words of a prose block that is a paragraph by itself, whatever stands beside it.
const PARAGRAPH_WORDS: u32 = 20;

/// Most words of what stands above a credit and may be its caption; longer ones are paragraphs.
const CAPTION_WORDS: u32 = 25;

/// Pairs of such blocks without a blank line between them that may be chance: an alternative text and its caption.
const STRAY_PAIRS: usize = 1;

/// Rank of a hit in conflicts: the smallest wins. See "How rules run" in `docs/rules.md`.
pub(crate) type Rank = (Layer, u8, u8, i32, usize, std::cmp::Reverse<usize>, u8, usize);

/// The rank of a hit.
pub(crate) fn rank(rule: &CompiledRule, hit: &Hit) -> Rank {
    let scope = &rule.rule.scope;
    let narrow = match (scope.hosts.is_empty(), scope.lang.is_empty()) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => 2,
    };
    // A byline in a list of other stories goes with the list, so a section ranks before tags.
    let action = match (rule.rule.action, hit.heading.is_some()) {
        (Action::Protect, _) => 0,
        (_, true) => 1,
        (Action::Tag, _) => 2,
        (Action::Cut, _) => 3,
        (Action::Remove, _) => 4,
    };
    // Between rules that want the same, the one that knows the whole line or has a name for it tells more.
    let vague = 2 * u8::from(rule.rule.category == Category::Other) + u8::from(rule.entry != Some("match.is"));
    let span = hit.found.span;
    (rule.rule.layer, action, narrow, rule.rule.priority, span.start, std::cmp::Reverse(span.len()), vague, hit.rule)
}

/// Whether blank lines tell paragraphs apart. Where most paragraphs of the story have none between them, the few that there are come from
/// empty elements of the page and stand anywhere.
fn has_paragraphs(scratch: &Scratch, blocks: &[Block]) -> bool {
    let is_paragraph = |block: usize| scratch.facts[block].shapes.has(Shape::Prose) && scratch.facts[block].words >= PARAGRAPH_WORDS;
    let pairs = (1..blocks.len()).filter(|&block| is_paragraph(block - 1) && is_paragraph(block));
    let (joined, apart): (Vec<usize>, Vec<usize>) = pairs.partition(|&block| blocks[block - 1].paragraph == blocks[block].paragraph);
    joined.len() <= apart.len().max(STRAY_PAIRS)
}

/// The state of claims over a document.
pub(crate) struct Claims<'a> {
    rules: &'a CompiledRules,
    scratch: &'a Scratch,
    blocks: &'a [Block],
    /// Whether the blocks come from a page whose main content was chosen by its markup: what stands below a heading was judged there.
    judged: bool,
    /// Whether blank lines tell paragraphs apart.
    has_paragraphs: bool,
    /// Whether credits stand below captions, and not below paragraphs whose pictures have none.
    credits_close_captions: bool,
    /// All hits, with what became of them.
    pub(crate) hits: Vec<Hit>,
    claimed: Vec<bool>,
    /// Blocks that a protecting rule covers, with its rank.
    protected: Vec<Option<Rank>>,
    /// Categories and tags under which a block was claimed, as bits.
    names: Vec<u64>,
    /// Blocks claimed by a rule without a place.
    firm: Vec<bool>,
    /// Whether each block is the headline or says it again.
    headline: Vec<bool>,
    /// Blocks claimed by a rule with `where.run`, by rule; they still count as members of the run.
    runs: Vec<u32>,
    /// Blocks that head a section.
    heads: Vec<bool>,
    /// Share of words that each block has in common with the next one, once asked for.
    overlaps: Vec<Cell<Option<f32>>>,
}

impl<'a> Claims<'a> {
    /// Takes all hits and lets those without a place fire.
    pub(crate) fn new(rules: &'a CompiledRules, scratch: &'a Scratch, document: &'a Document<'_>, hits: Vec<Hit>) -> Self {
        let blocks = document.blocks();
        let n = blocks.len();
        let mut claims = Self {
            rules,
            scratch,
            blocks,
            judged: document.reads_as() == Media::Html,
            has_paragraphs: has_paragraphs(scratch, blocks),
            credits_close_captions: true,
            hits,
            claimed: vec![false; n],
            protected: vec![None; n],
            names: vec![0; n],
            firm: Vec::new(),
            headline: vec![false; n],
            runs: vec![u32::MAX; n],
            heads: vec![false; n],
            overlaps: vec![Cell::new(None); n],
        };
        claims.protect();
        for at in 0..claims.hits.len() {
            if !claims.rule(at).positional {
                claims.fire(at);
            }
        }
        // What the markup says of a block is as firm as a rule without a place.
        for (block, own) in blocks.iter().enumerate().filter(|(_, own)| own.standing != Standing::Story) {
            claims.claimed[block] = true;
            if own.standing == Standing::Figure {
                claims.names[block] |= 1 << Category::Caption as u64 | tag_bit(Tag::Caption);
            }
        }
        claims.firm.clone_from(&claims.claimed);
        claims.credits_close_captions = claims.credits_close_captions();
        claims.settle();
        claims.judge(document);
        claims
    }

    /// Whether credits stand below captions. In a text whose credits mostly stand right below paragraphs of the story, the pictures have no
    /// captions, and a short paragraph above one of them is none either.
    fn credits_close_captions(&self) -> bool {
        let is_credit = |block: &usize| self.names[*block] & (tag_bit(Tag::Credit) | tag_bit(Tag::Caption)) == tag_bit(Tag::Credit);
        let above = (1..self.blocks.len()).filter(is_credit).map(|credit| credit - 1);
        let (bare, rest): (Vec<usize>, Vec<usize>) =
            above.partition(|&block| self.is_open_prose(block) && self.scratch.facts[block].words > CAPTION_WORDS);
        bare.len() <= rest.len()
    }

    /// What is known of the lines that nobody claimed, once all other rules have run.
    pub(crate) fn lines(&mut self, document: &'a Document<'_>) -> Lines<'a> {
        self.find_headline();
        Lines::new(document, self.scratch, &self.claimed, &self.names, self.headline.clone())
    }

    /// Lets the rules count that ask for the line score. The score goes by what other rules took, never by guesses of its own: asked again
    /// without the lines that it took, it would eat its way into lists that belong to the story.
    fn judge(&mut self, document: &'a Document<'_>) {
        if !score::have_company(&self.claimed, &self.names) {
            return;
        }
        self.add_scored_hits(document);
        let mut pending: Vec<usize> = (0..self.hits.len()).filter(|&at| self.rule(at).rule.place.score.is_some()).collect();
        pending.retain(|&at| self.is_open(self.hits[at].block));
        if pending.is_empty() {
            return;
        }
        let lines = self.lines(document);
        pending.retain(|&at| lines.may_score(self.hits[at].block));
        let mut blocks: Vec<usize> = pending.iter().map(|&at| self.hits[at].block).collect();
        blocks.sort_unstable();
        blocks.dedup();
        let scores = score::score(&lines, &blocks);
        for &at in &pending {
            self.hits[at].score = blocks.binary_search(&self.hits[at].block).ok().map(|place| scores[place]);
        }
        pending.retain(|&at| self.has_score(at));
        self.protect_from_score(document, &pending);
        let prose = self.prose_before();
        // Rules that lean on what others took go on from line to line, upwards and downwards.
        while self.judge_once(pending.iter(), &prose) | self.judge_once(pending.iter().rev(), &prose) {}
    }

    /// Whether a block is of the story and nobody claimed it.
    fn is_open(&self, block: usize) -> bool {
        !self.claimed[block] && self.blocks[block].standing == Standing::Story
    }

    /// Tries the rules that ask for the line score on all lines that may have one, unless they were tried already.
    fn add_scored_hits(&mut self, document: &Document<'_>) {
        let is_tried = |rule: u32| self.hits.iter().any(|hit| hit.rule == rule as usize);
        let scored: Vec<usize> = self.rules.scored.iter().filter(|&&rule| !is_tried(rule)).map(|&rule| rule as usize).collect();
        for block in (0..self.blocks.len()).filter(|&block| !self.scratch.facts[block].shapes.has(Shape::Prose)) {
            if self.is_open(block) {
                let view = View::new(document, self.scratch, block);
                self.hits.extend(scored.iter().filter_map(|&rule| try_rule(self.rules, document, &view, block, rule, false)));
            }
        }
    }

    /// Lets the rules protect that were not asked before, since nothing else wanted these hits' blocks.
    fn protect_from_score(&mut self, document: &Document<'_>, pending: &[usize]) {
        let mut wanted = vec![false; self.blocks.len()];
        for &at in pending {
            wanted[self.hits[at].block] = true;
        }
        for hit in self.hits.iter().filter(|hit| self.rules.gates[hit.rule].protects) {
            wanted[hit.block] = false;
        }
        for hit in try_protecting(self.rules, document, self.scratch, false, |block, _| wanted[block]) {
            self.hits.push(hit);
            self.shield(self.hits.len() - 1);
        }
    }

    /// One pass over the hits of rules that ask for the line score, whose hits have theirs. Returns whether one of them counted.
    fn judge_once<'h>(&mut self, pending: impl Iterator<Item = &'h usize>, prose: &[u32]) -> bool {
        let mut changed = false;
        for &at in pending {
            changed |= !self.hits[at].fired && self.standing(at, prose).is_ok() && self.fire(at);
        }
        changed
    }

    /// Finds the headline: the first line of four to forty words that nobody claimed, above the first prose. Then notes the
    /// blocks that are it, or part of it.
    fn find_headline(&mut self) {
        let facts = &self.scratch.facts;
        let above = (0..facts.len()).take(HEADLINE_REACH).take_while(|&block| !self.is_open_prose(block));
        let odd = [Shape::Piped, Shape::Link, Shape::Numeric].into_iter().collect();
        let is_title = |block: usize| {
            (4..=40).contains(&facts[block].words) && facts[block].core.len() <= HEADLINE_BYTES && !facts[block].shapes.has_any(odd)
        };
        let title = { above.clone() }.find(|&block| !self.claimed[block] && is_title(block));
        let Some(title) = title else {
            // Titles may be short. Where no line is long enough, the last one above the prose is the likeliest.
            let last = { above.clone() }.filter(|&block| !self.claimed[block] && facts[block].hash != 0).last();
            let prose = above.count();
            if let Some(last) = last.filter(|_| prose < facts.len().min(HEADLINE_REACH)) {
                self.headline[last] = true;
            }
            return;
        };
        let core = self.scratch.core(title);
        for (block, facts) in facts.iter().enumerate().skip(title) {
            let other = self.scratch.core(block);
            self.headline[block] = facts.words >= 4 && facts.hash != 0 && other.len() <= core.len() && core.contains(other);
        }
    }

    fn rule(&self, hit: usize) -> &'a CompiledRule {
        &self.rules.rules[self.hits[hit].rule]
    }

    /// Notes the blocks that protecting rules cover. Protection knows no place.
    fn protect(&mut self) {
        for at in 0..self.hits.len() {
            if self.rule(at).rule.action == Action::Protect {
                self.shield(at);
            }
        }
    }

    /// Lets the hit of a rule that protects count.
    fn shield(&mut self, at: usize) {
        self.hits[at].fired = true;
        let rank = rank(self.rule(at), &self.hits[at]);
        let block = &mut self.protected[self.hits[at].block];
        if block.is_none_or(|other| rank < other) {
            *block = Some(rank);
        }
    }

    /// Lets a hit count, unless its block is protected from it.
    fn fire(&mut self, at: usize) -> bool {
        let rule = self.rule(at);
        let hit = &self.hits[at];
        let block = hit.block;
        if hit.fired || rule.rule.status == Status::Preview || self.protected[block].is_some_and(|shield| shield < rank(rule, hit)) {
            return false;
        }
        self.hits[at].fired = true;
        if rule.claims {
            self.claim(block, rule);
        }
        true
    }

    fn claim(&mut self, block: usize, rule: &CompiledRule) {
        self.claimed[block] = true;
        self.names[block] |= claimed_names(rule);
    }

    /// Runs the rules with a place from both ends until nothing changes.
    fn settle(&mut self) {
        let pending: Vec<usize> = (0..self.hits.len())
            .filter(|&at| self.rule(at).positional && self.rule(at).rule.action != Action::Protect)
            .filter(|&at| self.rule(at).rule.place.score.is_none())
            // Zones and neighbours are those of the story; a heading outside of it has no section in it.
            .filter(|&at| self.blocks[self.hits[at].block].standing == Standing::Story)
            .collect();
        if pending.is_empty() {
            return;
        }
        if pending.iter().any(|&at| self.rule(at).headline.is_some()) {
            self.find_headline();
        }
        for _ in 0..ROUNDS {
            let backward = self.pass(&pending, true);
            let forward = self.pass(&pending, false);
            if !backward && !forward {
                break;
            }
        }
    }

    /// One pass over the pending hits, from the end or from the start. Hits are sorted by block.
    fn pass(&mut self, pending: &[usize], backward: bool) -> bool {
        let n = self.blocks.len();
        // Unclaimed prose on the side that the pass has not seen, as of now, and on the side it has, kept up to date.
        let total = (0..n).filter(|&block| self.is_open_prose(block)).count() as u32;
        let mut seen = 0;
        let mut next = if backward { n } else { 0 };
        let mut changed = false;
        let mut unseen = total;
        let order: Box<dyn Iterator<Item = &usize>> = if backward { Box::new(pending.iter().rev()) } else { Box::new(pending.iter()) };
        for &at in order {
            let block = self.hits[at].block;
            while if backward { next > block + 1 } else { next < block } {
                let passed = if backward { next - 1 } else { next };
                let prose = u32::from(self.is_open_prose(passed));
                seen += prose;
                unseen = unseen.saturating_sub(prose);
                next = if backward { next - 1 } else { next + 1 };
            }
            if self.hits[at].fired {
                continue;
            }
            let own = u32::from(self.is_open_prose(block));
            let others = unseen.saturating_sub(own);
            let (before, after) = if backward { (others, seen) } else { (seen, others) };
            if self.stands(at, before, after).is_ok() && self.fire(at) {
                changed = true;
                let rule = self.rule(at);
                if rule.rule.place.run.is_some() {
                    self.runs[block] = self.hits[at].rule as u32;
                }
                if let Some(section) = rule.rule.section.filter(|_| !self.judged) {
                    self.claim_section(at, section);
                }
            }
        }
        changed
    }
    /// Whether a block is prose that nobody claimed.
    fn is_open_prose(&self, block: usize) -> bool {
        !self.claimed[block] && self.scratch.facts[block].shapes.has(Shape::Prose)
    }

    /// Whether the place of a hit holds, given the unclaimed prose before and after its block; else the key that fails.
    fn stands(&self, at: usize, before: u32, after: u32) -> Result<(), &'static str> {
        let place = &self.rule(at).rule.place;
        let block = self.hits[at].block;
        if self.rule(at).headline.is_some_and(|wanted| self.headline[block] != wanted) {
            return Err("match.shape");
        }
        if self.firm[block] && !(place.before.is_empty() && place.after.is_empty()) {
            return Err("where.before");
        }
        let zone = match place.zone {
            Zone::Any => true,
            Zone::Head => before < HEAD_PROSE,
            Zone::Start => before == 0,
            Zone::Tail => after < TAIL_PROSE || after <= before && self.heads_teasers(at),
            Zone::End => after == 0,
            Zone::Above => after > 0,
            Zone::Teasers => after <= before && self.heads_teasers(at),
        };
        if !zone {
            return Err("where.zone");
        }
        if !place.before.is_empty() && !self.neighbour(at, &place.before, block.checked_add(1)) {
            return Err("where.before");
        }
        if !place.after.is_empty() && !self.neighbour(at, &place.after, block.checked_sub(1)) {
            return Err("where.after");
        }
        if place.run.is_some_and(|run| !self.in_run(at, run)) {
            return Err("where.run");
        }
        if self.has_score(at) { Ok(()) } else { Err("where.score") }
    }

    /// Whether a hit has the line score that its rule asks for, if it asks for one.
    fn has_score(&self, at: usize) -> bool {
        let least = self.rule(at).rule.place.score;
        least.is_none_or(|least| self.hits[at].score.is_some_and(|score| f32::from(score) >= 1000.0 * least))
    }

    /// Whether a rule protects each block that knows better than the choice of the main content: one of the user's, or of a site.
    pub(crate) fn brought_back(&self) -> Vec<bool> {
        self.protected.iter().map(|shield| shield.is_some_and(|rank| brings_back(rank.0))).collect()
    }

    /// Unclaimed prose before each block and, last, in all, as of now.
    pub(crate) fn prose_before(&self) -> Vec<u32> {
        let mut sum = 0;
        let mut sums = vec![0];
        sums.extend((0..self.blocks.len()).map(|block| {
            sum += u32::from(self.is_open_prose(block));
            sum
        }));
        sums
    }

    /// Why the place of a hit does not hold, given [`Self::prose_before`].
    pub(crate) fn standing(&self, at: usize, prose: &[u32]) -> Result<(), &'static str> {
        let block = self.hits[at].block;
        self.stands(at, prose[block], prose[self.blocks.len()] - prose[block + 1])
    }

    /// Whether a neighbour was claimed under one of the targets or is prose, if that is one, and the conditions on the pair hold.
    fn neighbour(&self, at: usize, targets: &[Target], other: Option<usize>) -> bool {
        let block = self.hits[at].block;
        let place = &self.rule(at).rule.place;
        let Some(other) = other.filter(|&other| other < self.blocks.len()) else { return false };
        let mut wanted = wanted_names(targets);
        if other > block && !self.credits_close_captions {
            wanted &= !tag_bit(Tag::Credit);
        }
        let is_wanted = self.names[other] & wanted != 0 || targets.contains(&Target::Prose) && self.is_open_prose(other);
        is_wanted
            && (!place.same_paragraph || self.has_paragraphs && self.blocks[other].paragraph == self.blocks[block].paragraph)
            && place.overlap.is_none_or(|least| self.overlap(block, other) >= least)
    }

    /// The share of words that two neighbours have in common, which several rules ask for in every round.
    fn overlap(&self, block: usize, other: usize) -> f32 {
        let known = &self.overlaps[block.min(other)];
        known.get().unwrap_or_else(|| {
            let share = words::overlap(self.scratch.folded(block), self.scratch.folded(other));
            known.set(Some(share));
            share
        })
    }

    /// Whether a block stands in a run of short blocks that are not prose.
    fn in_run(&self, at: usize, run: Run) -> bool {
        let (block, rule) = (self.hits[at].block, self.hits[at].rule as u32);
        let member = |other: usize| -> Option<bool> {
            let facts = &self.scratch.facts[other];
            if self.claimed[other] && self.runs[other] != rule {
                return Some(false);
            }
            (!facts.shapes.has(Shape::Prose) && facts.words <= run.max_words).then_some(true)
        };
        if member(block) != Some(true) {
            return false;
        }
        let mut count = 1;
        let forward = block + 1..self.blocks.len().min(block + RUN_REACH);
        let backward = (block.saturating_sub(RUN_REACH)..block).rev();
        for side in [&mut forward.into_iter() as &mut dyn Iterator<Item = usize>, &mut backward.into_iter()] {
            for other in side {
                match member(other) {
                    Some(true) => count += 1,
                    Some(false) => {}
                    None => break,
                }
                if count >= run.min {
                    return true;
                }
            }
        }
        count >= run.min
    }

    /// Claims the blocks below a heading.
    fn claim_section(&mut self, at: usize, section: Section) {
        let heading = self.hits[at].block;
        let rule = self.rule(at);
        let contents = rule.rule.category == Category::Navigation;
        let bare = rule.rule.place.zone == Zone::Teasers;
        self.heads[heading] = true;
        for block in self.section_blocks(heading, section, contents, bare) {
            let span = self.blocks[block].span;
            let hit = Hit {
                block,
                rule: self.hits[at].rule,
                found: Found { span, groups: Vec::new() },
                fired: true,
                heading: Some(heading),
                score: None,
            };
            if self.protected[block].is_some_and(|shield| shield < rank(rule, &hit)) {
                break;
            }
            self.hits.push(hit);
            self.claim(block, rule);
        }
    }

    /// The blocks of the section below a heading; see "Sections" in `docs/rules.md`. It ends at the heading of the next section. A table
    /// of contents also ends where one of its entries stands again: there the story has come to it.
    fn section_blocks(&self, heading: usize, section: Section, contents: bool, bare: bool) -> Vec<usize> {
        let (below, whole) = self.below(heading, section, bare);
        let untitled = self.is_untitled(heading);
        let mut items: Vec<usize> = Vec::new();
        for (place, &block) in below.iter().enumerate().take(section.max_blocks) {
            let words = self.scratch.facts[block].words;
            let item = if self.is_line(block) {
                words <= section.max_words && !self.is_story_line(block)
            } else if section.max_words > TEASER_WORDS {
                words <= section.max_words
            } else {
                words <= TEASER_WORDS && !untitled && (whole || self.is_teaser(&below, place))
            };
            let own = self.unnumbered(block);
            if !item || contents && items.iter().rev().skip(1).any(|&other| self.unnumbered(other) == own) {
                break;
            }
            items.push(block);
        }
        if items.len() < below.len() {
            let stop = below[items.len()];
            self.hand_back(&mut items, heading, stop);
        }
        items
    }

    /// The unclaimed blocks between a heading and the next one, up to one more than its section may have, and whether they are a list
    /// of teasers with nothing of the story below it. `bare` says that the heading may be the first headline of the list.
    fn below(&self, heading: usize, section: Section, bare: bool) -> (Vec<usize>, bool) {
        let reach = self.blocks.len().min(heading + 1 + section.max_blocks + SECTION_REACH);
        let next = (heading + 1..reach).find(|&block| self.heads[block]).unwrap_or(reach);
        let below: Vec<usize> = (heading + 1..next).filter(|&block| !self.claimed[block]).take(section.max_blocks + 1).collect();
        let at_end = next == reach || !(next..reach).any(|block| self.is_open_prose(block));
        let whole = at_end && below.len() <= section.max_blocks && self.is_list_of_teasers(&below, bare);
        (below, whole)
    }

    /// Whether a hit is the heading of teasers with nothing of the story below them. They are prose, and yet it stands in the tail, if
    /// there is more of the story above it: a story may itself be a list.
    fn heads_teasers(&self, at: usize) -> bool {
        let rule = &self.rule(at).rule;
        let bare = rule.place.zone == Zone::Teasers;
        rule.section.is_some_and(|section| section.max_words <= TEASER_WORDS && self.below(self.hits[at].block, section, bare).1)
    }

    /// Folded text of a block without the number before it, as headings and contents seldom number alike.
    fn unnumbered(&self, block: usize) -> &'a str {
        self.scratch.core(block).trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' '))
    }

    /// Whether a block is no prose.
    fn is_line(&self, block: usize) -> bool {
        !self.scratch.facts[block].shapes.has(Shape::Prose)
    }

    /// Whether all blocks down to the end are a list of headlines and teasers: at least two pieces of prose, none long, and none
    /// without a line before and after it. The line before the first may be the heading, if that is `bare`; then questions and answers
    /// are no such list.
    fn is_list_of_teasers(&self, below: &[usize], bare: bool) -> bool {
        let prose: Vec<usize> = (0..below.len()).filter(|&place| !self.is_line(below[place])).collect();
        let short = |&place: &usize| self.scratch.facts[below[place]].words <= TEASER_WORDS;
        let asked = || below.iter().filter(|&&block| self.scratch.facts[block].shapes.has(Shape::Question)).count();
        prose.len() >= 2
            && (bare || prose[0] > 0)
            && prose[0] <= 4
            && prose.iter().all(short)
            && prose.windows(2).all(|pair| pair[1] - pair[0] > 1)
            && !(bare && asked() * 3 >= prose.len())
    }

    /// Whether a short block that ends like a sentence belongs to the story: four words or more, and prose follows.
    fn is_story_line(&self, block: usize) -> bool {
        let facts = &self.scratch.facts[block];
        facts.words >= 4
            && facts.shapes.has(Shape::Closed)
            && !facts.shapes.has(Shape::Question)
            && (block + 1..self.blocks.len()).take(40).any(|other| self.is_open_prose(other))
    }

    /// Whether a prose block is a teaser in a list: it follows a short line, is followed by one or by nothing, and the list keeps
    /// that rhythm.
    fn is_teaser(&self, below: &[usize], place: usize) -> bool {
        let is_prose = |place: usize| below.get(place).is_some_and(|&block| !self.is_line(block));
        if place == 0 || is_prose(place - 1) || is_prose(place + 1) {
            return false;
        }
        let lines_before = (0..place).rev().take_while(|&other| !is_prose(other)).count();
        let rhythm_before = (0..place).any(is_prose);
        // Two paragraphs with a line between them are found in any story; a third one makes it a list.
        let mut beat = place;
        let mut beats = 0;
        while let Some(next) = (beat + 2..=beat + 4).find(|&other| is_prose(other)) {
            if beats == 2 || is_prose(next + 1) || self.scratch.facts[below[next]].words > TEASER_WORDS {
                break;
            }
            beats += 1;
            beat = next;
        }
        lines_before <= 3 && (rhythm_before || beats == 2)
    }

    /// Gives the last line back when the story goes on after it and it reads like a heading of the story: much shorter than the
    /// other lines, or numbered, in capitals or with a colon where no other line is, or the only one and not right below the section's
    /// heading. To a story that had no headline so far it gives back the last line that can be one, and what stands below that.
    fn hand_back(&self, items: &mut Vec<usize>, heading: usize, stop: usize) {
        let Some((&last, others)) = items.split_last() else { return };
        if !self.is_open_prose(stop) {
            return;
        }
        let facts = |block: usize| &self.scratch.facts[block];
        let own = facts(last);
        let mean = others.iter().map(|&other| facts(other).words).sum::<u32>() / (others.len() as u32).max(1);
        let short = own.words <= 8 && (others.is_empty() || mean >= own.words + 4);
        let asks = own.shapes.has(Shape::Question) && others.len() >= 2;
        let numbered = |block: usize| self.scratch.core(block).starts_with(|c: char| c.is_ascii_digit());
        let odd = numbered(last) && !others.iter().any(|&other| numbered(other))
            || [Shape::Upper, Shape::Colon]
                .into_iter()
                .any(|shape| own.shapes.has(shape) && !others.iter().any(|&other| facts(other).shapes.has(shape)));
        let apart = others.is_empty() && last > heading + 1;
        let reads_like_one = (short || asks || apart || odd && !others.is_empty()) && !own.shapes.has(Shape::Twice);
        // Shares, a byline or a caption may stand between the headline and the story.
        let near = items.len().saturating_sub(BELOW_HEADLINE);
        let long = || (near..items.len()).rev().find(|&at| facts(items[at]).words >= 4);
        let headline = || long().or((own.words == 3).then_some(items.len() - 1));
        if self.is_untitled(heading)
            && let Some(headline) = headline()
        {
            items.truncate(headline);
        } else if reads_like_one {
            items.pop();
        }
    }

    /// Whether nothing that could be the headline stands above a block.
    fn is_untitled(&self, block: usize) -> bool {
        (block.saturating_sub(HEADLINE_REACH)..block).all(|other| self.claimed[other] || self.scratch.facts[other].words < 4)
    }
}

/// Category and tag under which a rule claims blocks, as bits.
pub(crate) fn claimed_names(rule: &CompiledRule) -> u64 {
    1 << rule.rule.category as u64 | rule.rule.tag.map_or(0, tag_bit)
}

/// The names that a neighbour may be claimed under, as bits. `caption` names a category and a tag and means the tag: credits and
/// alternative texts are of the category too.
pub(crate) fn wanted_names(targets: &[Target]) -> u64 {
    targets.iter().fold(0, |bits, target| {
        bits | match target {
            Target::Category(Category::Caption) | Target::Prose => 0,
            Target::Category(category) => 1 << *category as u64,
            Target::Tag(tag) => tag_bit(*tag),
        }
    })
}

/// Bit of a tag beside those of the categories.
fn tag_bit(tag: Tag) -> u64 {
    1 << (40 + tag as u64)
}
