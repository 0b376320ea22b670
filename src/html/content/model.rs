//! The model: weights of class tokens, and trees over the columns of a block.
//!
//! `model.bin` is written by `tools/content/`; its record is `docs/content-model.md`. All numbers are little-endian:
//!
//! ```text
//! "CDM2"
//! u32 tokens, then each: u32 hash, i16 weight
//! trees, see `forest`
//! ```

use std::sync::OnceLock;

use crate::forest::{Broken, Forest, Reader};

static BYTES: &[u8] = include_bytes!("model.bin");

/// A trained model.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) tokens: TokenWeights,
    pub(super) forest: Forest,
}

/// What tokens of classes and ids say about the blocks below them; made from pairs of hash and weight.
#[derive(Clone, Debug)]
pub struct TokenWeights {
    places: Vec<(u32, i16)>,
    /// A bit for each of them, which most other words fail at without a look at the places.
    bits: Vec<u64>,
}

/// Bits of [`TokenWeights::bits`]: a hash has sixteen to choose one by.
const BITS: u32 = 1 << 16;

impl Model {
    /// Returns the model of this version.
    pub(super) fn built_in() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| Self::read(BYTES).expect("a test reads the model of this version"))
    }

    fn read(bytes: &[u8]) -> Result<Self, Broken> {
        let mut reader = Reader { rest: bytes };
        if reader.take(4)? != b"CDM2" {
            return Err(Broken);
        }
        let mut model = Self::default();
        let tokens = reader.u32()? as usize;
        if tokens > bytes.len() {
            return Err(Broken);
        }
        model.tokens = TokenWeights::with_room_for(tokens);
        for _ in 0..tokens {
            model.tokens.add(reader.u32()?, reader.i16()?);
        }
        model.forest = reader.forest()?;
        if reader.rest.is_empty() { Ok(model) } else { Err(Broken) }
    }
}

impl TokenWeights {
    fn with_room_for(tokens: usize) -> Self {
        Self { places: vec![(0, 0); (tokens * 2).next_power_of_two()], bits: vec![0; (BITS / u64::BITS) as usize] }
    }

    fn add(&mut self, hash: u32, weight: i16) {
        let slot = self.slot(hash);
        self.places[slot] = (hash, weight);
        let (word, bit) = bit_of(hash);
        self.bits[word] |= bit;
    }

    /// Below zero: blocks below such a name are beside the point.
    #[inline]
    pub(super) fn weight(&self, token: u32) -> i32 {
        let (word, bit) = bit_of(token);
        if self.bits[word] & bit == 0 { 0 } else { i32::from(self.places[self.slot(token)].1) }
    }

    /// The place of a token, or the free one where it would be; there are twice as many places as tokens.
    fn slot(&self, token: u32) -> usize {
        let mask = self.places.len() - 1;
        let mut slot = token as usize & mask;
        while self.places[slot].0 != token && self.places[slot].1 != 0 {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

fn bit_of(token: u32) -> (usize, u64) {
    let bit = token >> 16;
    ((bit / u64::BITS) as usize, 1 << (bit % u64::BITS))
}

impl Default for TokenWeights {
    /// No token weighs anything.
    fn default() -> Self {
        Self::with_room_for(0)
    }
}

impl FromIterator<(u32, i16)> for TokenWeights {
    fn from_iter<T: IntoIterator<Item = (u32, i16)>>(tokens: T) -> Self {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut weights = Self::with_room_for(tokens.len());
        for (hash, weight) in tokens {
            weights.add(hash, weight);
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_of_this_version_is_sound() {
        let model = Model::built_in();
        assert!(model.forest.columns() > 0 && model.forest.chance(-1000) < model.forest.chance(1000));
    }

    #[test]
    fn no_cut_model_is_taken() {
        for end in 0..BYTES.len() {
            assert_eq!(Model::read(&BYTES[..end]).err(), Some(Broken));
        }
    }
}
