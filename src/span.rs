//! Byte ranges of a source text.

use std::ops::Range;

/// A half-open byte range of a source text; both ends lie on character borders.
///
/// ```
/// use copydesk::ByteSpan;
/// let span = ByteSpan::new(0, 5);
/// assert_eq!(span.of("Photo: AAP"), "Photo");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSpan {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl ByteSpan {
    /// The range from `start` up to, not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The part of `source` that the span covers.
    ///
    /// # Panics
    /// When the span does not lie within `source` on character borders, that is, when it belongs to another text.
    pub fn of(self, source: &str) -> &str {
        &source[self.start..self.end]
    }

    /// Number of bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span covers nothing.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies within this span.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two spans share at least one byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl From<Range<usize>> for ByteSpan {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}
