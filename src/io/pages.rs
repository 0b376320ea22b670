//! Written records on their way to an output.

/// Records that have been written one after the other, and where each ends.
///
/// What stands between records depends on the ones before, which a worker does not know; so it leaves them apart and
/// [`Output::put`](super::Output::put) joins them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    pub(super) bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Pages {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All bytes of all records.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The records, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.bytes[start..end])
    }

    /// Adds a record.
    pub(super) fn add(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.bytes);
        self.ends.push(self.bytes.len());
    }

    /// Keeps the first `len` records, without what was written of one that has not been added.
    pub(super) fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        self.bytes.truncate(self.ends.last().copied().unwrap_or(0));
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_stay_apart() {
        let mut pages = Pages::default();
        pages.add(|out| out.extend_from_slice(b"ab"));
        pages.add(|_| ());
        pages.bytes.extend_from_slice(b"half");
        pages.truncate(2);
        pages.add(|out| out.extend_from_slice(b"c"));
        assert_eq!(pages.iter().collect::<Vec<_>>(), [&b"ab"[..], b"", b"c"]);
        assert_eq!((pages.len(), pages.bytes()), (3, &b"abc"[..]));
    }
}
