//! The model: weights of class tokens, and trees over the columns of a block.
//!
//! A tree asks the same question of every block at each of its levels ("is column 17 above 40?"), so that its answers are the bits of an
//! index into its leaves, and a column of many blocks is compared in one go. Scores are sums of whole numbers and the same everywhere.
//!
//! `model.bin` is written by `tools/content/`; its record is `docs/content-model.md`. All numbers are little-endian:
//!
//! ```text
//! "CDM1"
//! u32 tokens, then each: u32 hash, i16 weight
//! u16 columns, u16 trees, i32 start, then each tree: u8 levels, levels times (u16 column, i16 border), 2^levels leaves i16
//! 257 u16: the chance in 65,536ths for scores from -8 to 8 in steps of a sixteenth
//! ```

use std::sync::OnceLock;

/// Blocks whose columns are held at a time.
pub(super) const CHUNK: usize = 256;

/// One unit of a score: this many make a factor of *e* in the odds.
const UNIT: i32 = 1024;

static BYTES: &[u8] = include_bytes!("model.bin");

/// A trained model.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    tokens: Vec<(u32, i16)>,
    trees: Vec<Tree>,
    start: i32,
    columns: usize,
    chances: Vec<u16>,
}

#[derive(Clone, Debug)]
struct Tree {
    questions: Vec<(u16, i16)>,
    leaves: Vec<i16>,
}

/// The bytes end too soon, or are no model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Broken;

impl Model {
    /// Returns the model of this version.
    pub(super) fn built_in() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| Self::read(BYTES).expect("a test reads the model of this version"))
    }

    fn read(bytes: &[u8]) -> Result<Self, Broken> {
        let mut reader = Reader { rest: bytes };
        if reader.take(4)? != b"CDM1" {
            return Err(Broken);
        }
        let tokens = reader.u32()?;
        let slots = (tokens as usize * 2).next_power_of_two();
        let mut model = Self { tokens: vec![(0, 0); slots], ..Self::default() };
        for _ in 0..tokens {
            let (hash, weight) = (reader.u32()?, reader.i16()?);
            model.add_token(hash, weight);
        }
        model.columns = usize::from(reader.u16()?);
        let trees = reader.u16()?;
        model.start = reader.u32()?.cast_signed();
        for _ in 0..trees {
            model.trees.push(reader.tree(model.columns)?);
        }
        model.chances = (0..257).map(|_| reader.u16()).collect::<Result<_, _>>()?;
        if reader.rest.is_empty() { Ok(model) } else { Err(Broken) }
    }

    fn add_token(&mut self, hash: u32, weight: i16) {
        let mask = self.tokens.len() - 1;
        let mut slot = hash as usize & mask;
        while self.tokens[slot].1 != 0 {
            slot = (slot + 1) & mask;
        }
        self.tokens[slot] = (hash, weight);
    }

    /// What a token in a class or id says about the blocks below it: below zero, that they are beside the point.
    #[inline]
    pub(super) fn token_weight(&self, token: u32) -> i32 {
        let mask = self.tokens.len() - 1;
        let mut slot = token as usize & mask;
        loop {
            let (hash, weight) = self.tokens[slot];
            if hash == token || weight == 0 {
                return i32::from(weight);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// How many columns a block has.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// Scores the blocks of a chunk: `columns` has [`CHUNK`] places for each column, of which the first `scores.len()` count.
    pub(super) fn score(&self, columns: &[i16], scores: &mut [i32]) {
        scores.fill(self.start);
        let mut answers = [0_u16; CHUNK];
        let answers = &mut answers[..scores.len()];
        for tree in &self.trees {
            answers.fill(0);
            for (level, &(column, border)) in tree.questions.iter().enumerate() {
                let column = &columns[usize::from(column) * CHUNK..][..answers.len()];
                for (answer, &value) in answers.iter_mut().zip(column) {
                    *answer |= u16::from(value > border) << level;
                }
            }
            for (score, &answer) in scores.iter_mut().zip(&*answers) {
                *score += i32::from(tree.leaves[usize::from(answer)]);
            }
        }
    }

    /// Turns a score into a chance in 65,536ths.
    pub(super) fn chance(&self, score: i32) -> u16 {
        let step = (score.clamp(-8 * UNIT, 8 * UNIT) + 8 * UNIT).unsigned_abs() * 16 / UNIT.unsigned_abs();
        self.chances[step as usize]
    }
}

struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    fn take(&mut self, bytes: usize) -> Result<&'b [u8], Broken> {
        let (taken, rest) = self.rest.split_at_checked(bytes).ok_or(Broken)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        self.take(N)?.try_into().map_err(|_| Broken)
    }

    fn u32(&mut self) -> Result<u32, Broken> {
        self.array().map(u32::from_le_bytes)
    }

    fn u16(&mut self) -> Result<u16, Broken> {
        self.array().map(u16::from_le_bytes)
    }

    fn i16(&mut self) -> Result<i16, Broken> {
        self.array().map(i16::from_le_bytes)
    }

    fn tree(&mut self, columns: usize) -> Result<Tree, Broken> {
        let [levels] = self.array()?;
        if levels > 8 {
            return Err(Broken);
        }
        let questions = (0..levels).map(|_| Ok((self.u16()?, self.i16()?))).collect::<Result<Vec<_>, _>>()?;
        if questions.iter().any(|&(column, _)| usize::from(column) >= columns) {
            return Err(Broken);
        }
        let leaves = (0..1 << levels).map(|_| self.i16()).collect::<Result<_, _>>()?;
        Ok(Tree { questions, leaves })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_of_this_version_is_sound() {
        let model = Model::built_in();
        assert!(model.chances.is_sorted());
        assert!(model.columns > 0 && !model.trees.is_empty());
    }

    #[test]
    fn no_cut_model_is_taken() {
        for end in 0..BYTES.len() {
            assert_eq!(Model::read(&BYTES[..end]).err(), Some(Broken));
        }
    }

    #[test]
    fn trees_add_up() {
        let model = Model {
            trees: vec![
                Tree { questions: vec![(0, 5), (1, 0)], leaves: vec![1, 10, 100, 1000] },
                Tree { questions: vec![], leaves: vec![7] },
            ],
            start: -2,
            columns: 2,
            ..Model::default()
        };
        let mut columns = vec![0; 2 * CHUNK];
        (columns[1], columns[CHUNK + 1], columns[CHUNK + 2]) = (6, 1, 1);
        let mut scores = [0; 3];
        model.score(&columns, &mut scores);
        assert_eq!(scores, [6, 1005, 105]);
    }
}
