//! What was made of the strings of one page: the same few lists of class names stand on most of its elements.

/// Strings that are remembered at a time. A page has some hundred lists of names; where two share a place, the later one is remembered.
const PLACES: usize = 1024;

/// Remembers for a string of a page what was made of it.
#[derive(Debug)]
pub(super) struct Memo<'t, V> {
    places: Vec<(&'t str, V)>,
}

impl<'t, V: Copy + Default> Memo<'t, V> {
    /// The empty string makes the default.
    pub(super) fn new() -> Self {
        Self { places: vec![("", V::default()); PLACES] }
    }

    /// Gives what `make` makes of a string, which must be the same each time.
    #[inline]
    pub(super) fn get(&mut self, key: &'t str, make: impl FnOnce(&'t str) -> V) -> V {
        let place = &mut self.places[place_of(key)];
        if place.0 != key {
            *place = (key, make(key));
        }
        place.1
    }
}

/// What falls together is only made again.
fn place_of(key: &str) -> usize {
    hash(key.as_bytes()) as usize % PLACES
}

/// A quick mix of all bytes.
pub(super) fn hash(bytes: &[u8]) -> u32 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mix = |hash: u64, word: [u8; 8]| (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517C_C1B7_2722_0A95);
    let hash = mix(words.iter().fold(bytes.len() as u64, |hash, &word| mix(hash, word)), last);
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_remembered_and_never_taken_for_another() {
        let names: Vec<String> = (0..3 * PLACES).map(|number| format!("name-{number}")).collect();
        let mut memo = Memo::new();
        let mut made = 0;
        for _ in 0..2 {
            for name in &names {
                for _ in 0..2 {
                    let given = memo.get(name, |name| {
                        made += 1;
                        Some(name)
                    });
                    assert_eq!(given, Some(name.as_str()));
                }
            }
        }
        assert!(made <= 2 * names.len(), "{made}");
        assert_eq!(memo.get("", |_| unreachable!("it is known from the start")), None);
    }
}
