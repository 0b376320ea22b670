//! Bounds: what rules ask of the size and shapes of a block.

use super::facts::Facts;
use crate::rules::{Rule, Shape, Shapes};

/// Most bounds of rules that a block is compared with before it is searched.
const MOST_BOUNDS: usize = 48;

/// Words from which prose is long: few rules are about such blocks.
const LONG_PROSE_WORDS: u32 = 33;

/// Whether a block is long prose.
#[inline]
pub(super) fn is_long_prose(facts: &Facts) -> bool {
    facts.words >= LONG_PROSE_WORDS && facts.shapes.has(Shape::Prose)
}

/// What a rule asks of a block's size and shapes, close together in memory: most candidates fail here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    min_words: u32,
    max_words: u32,
    shape: Shapes,
    not_shape: Shapes,
}

impl Bounds {
    pub(super) fn new(rule: &Rule) -> Self {
        let (matcher, place) = (&rule.matcher, &rule.place);
        Self {
            min_words: place.min_words.unwrap_or(0),
            max_words: place.max_words.unwrap_or(u32::MAX),
            shape: matcher.shape,
            not_shape: matcher.not_shape,
        }
    }

    /// All is asked at once: which of it fails first, if any, no processor can guess.
    #[expect(clippy::needless_bitwise_bool, reason = "branches that go either way cost more than what they save")]
    #[inline]
    pub(crate) fn hold(&self, facts: &Facts) -> bool {
        (self.min_words <= facts.words)
            & (facts.words <= self.max_words)
            & facts.shapes.has_all(self.shape)
            & !facts.shapes.has_any(self.not_shape)
    }
}

impl Bounds {
    /// Whether they may hold on long prose.
    pub(super) fn may_hold_on_long_prose(&self) -> bool {
        let others = self.shape.has(Shape::Open) || self.not_shape.has(Shape::Prose) || self.not_shape.has(Shape::Closed);
        self.max_words >= LONG_PROSE_WORDS && !others
    }

    /// The bounds of rules, each once; none when they are so many that looking at a block tells little.
    pub(super) fn distinct(rules: &[u32], bounds: &[Self]) -> Vec<Self> {
        let mut distinct = Vec::new();
        for bounds in rules.iter().map(|&rule| bounds[rule as usize]) {
            if !distinct.contains(&bounds) {
                distinct.push(bounds);
                if distinct.len() > MOST_BOUNDS {
                    return Vec::new();
                }
            }
        }
        distinct
    }
}
