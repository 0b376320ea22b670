//! The model: weights of class tokens, and trees over the columns of a block.
//!
//! A tree asks the same question of every block at each of its levels ("is column 17 above 40?"), so that its answers are the bits of an
//! index into its leaves, and a column of many blocks is compared in one go. Scores are sums of whole numbers and the same everywhere.
//!
//! `model.bin` is written by `tools/content/`; its record is `docs/content-model.md`. All numbers are little-endian:
//!
//! ```text
//! "CDM2"
//! u32 tokens, then each: u32 hash, i16 weight
//! u16 columns, u16 trees, i32 start, then each tree: u8 levels, levels times (u16 column, i16 border), 2^levels leaves i16
//! 257 u16: the chance in 65,536ths for scores from -8 to 8 in steps of a sixteenth
//! ```

use std::sync::OnceLock;

/// Blocks whose columns are held at a time.
pub(super) const CHUNK: usize = 256;

/// Places from one column to the next: a few more than there are blocks, so that one block's values don't all fall into the same few
/// lines of the processor's cache.
pub(super) const STRIDE: usize = CHUNK + 32;

/// One unit of a score: this many make a factor of *e* in the odds.
const UNIT: i32 = 1024;

/// Units between two chances of the table.
const STEP: u32 = UNIT.unsigned_abs() / 16;

static BYTES: &[u8] = include_bytes!("model.bin");

/// A trained model.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) tokens: TokenWeights,
    pub(super) forest: Forest,
    chances: Vec<u16>,
}

/// What tokens of classes and ids say about the blocks below them; made from pairs of hash and weight.
#[derive(Clone, Debug)]
pub struct TokenWeights(Vec<(u32, i16)>);

/// Trees whose leaves add up.
#[derive(Clone, Debug, Default)]
pub(super) struct Forest {
    trees: Vec<Tree>,
    start: i32,
    columns: usize,
}

/// Most questions of a tree.
const LEVELS: usize = 6;

/// Most leaves of a tree.
const LEAVES: usize = 1 << LEVELS;

/// Trees whose leaves are looked up in one go.
const ABREAST: usize = 4;

/// A question that is answered with no: no value is above this border.
const NO_QUESTION: (u16, i16) = (0, i16::MAX);

#[derive(Clone, Debug)]
struct Tree {
    /// Column and border; those of smaller trees are followed by [`NO_QUESTION`].
    questions: [(u16, i16); LEVELS],
    /// As many as there are answers to the questions; the rest are never asked for.
    leaves: [i16; LEAVES],
}

impl Tree {
    /// Writes for each block of a chunk which leaf it comes to.
    fn answer(&self, columns: &[[i16; STRIDE]], answers: &mut [u16]) {
        let n = answers.len();
        let asked = self.questions.map(|(column, border)| (&columns[usize::from(column)][..n], border));
        // All questions of a block at once, written so that the compiler can take several blocks at a time.
        for (at, answer) in answers.iter_mut().enumerate() {
            let bit = |level: usize| u16::from(asked[level].0[at] > asked[level].1) << level;
            *answer = bit(0) | bit(1) | bit(2) | bit(3) | bit(4) | bit(5);
        }
    }

    fn leaf(&self, answer: u16) -> i32 {
        i32::from(self.leaves[usize::from(answer) % LEAVES])
    }
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
        model.chances = (0..257).map(|_| reader.u16()).collect::<Result<_, _>>()?;
        if reader.rest.is_empty() { Ok(model) } else { Err(Broken) }
    }

    /// Turns a score into a chance in thousandths.
    pub(super) fn chance(&self, score: i32) -> u16 {
        let place = (score.clamp(-8 * UNIT, 8 * UNIT - 1) + 8 * UNIT).unsigned_abs();
        let (step, rest) = ((place / STEP) as usize, place % STEP);
        let chance = u32::from(self.chances[step]) * (STEP - rest) + u32::from(self.chances[step + 1]) * rest;
        (((chance / STEP) * 1000) >> 16) as u16
    }
}

impl TokenWeights {
    fn with_room_for(tokens: usize) -> Self {
        Self(vec![(0, 0); (tokens * 2).next_power_of_two()])
    }

    fn add(&mut self, hash: u32, weight: i16) {
        let slot = self.slot(hash);
        self.0[slot] = (hash, weight);
    }

    /// Below zero: blocks below such a name are beside the point.
    #[inline]
    pub(super) fn weight(&self, token: u32) -> i32 {
        i32::from(self.0[self.slot(token)].1)
    }

    /// The place of a token, or the free one where it would be; there are twice as many places as tokens.
    fn slot(&self, token: u32) -> usize {
        let mask = self.0.len() - 1;
        let mut slot = token as usize & mask;
        while self.0[slot].0 != token && self.0[slot].1 != 0 {
            slot = (slot + 1) & mask;
        }
        slot
    }
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

impl Forest {
    /// How many columns a block has.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// Scores the blocks of a chunk: of each column the first `scores.len()` places count.
    pub(super) fn score(&self, columns: &[[i16; STRIDE]], scores: &mut [i32]) {
        scores.fill(self.start);
        let n = scores.len();
        let mut answers = [[0_u16; CHUNK]; ABREAST];
        let (rows, rest) = self.trees.as_chunks::<ABREAST>();
        for trees in rows {
            for (tree, answers) in trees.iter().zip(&mut answers) {
                tree.answer(columns, &mut answers[..n]);
            }
            let [one, two, three, four] = trees;
            let [first, second, third, fourth] = answers.each_ref().map(|answers| &answers[..n]);
            for (at, score) in scores.iter_mut().enumerate() {
                *score += (one.leaf(first[at]) + two.leaf(second[at])) + (three.leaf(third[at]) + four.leaf(fourth[at]));
            }
        }
        for tree in rest {
            tree.answer(columns, &mut answers[0][..n]);
            for (score, &answer) in scores.iter_mut().zip(&answers[0]) {
                *score += tree.leaf(answer);
            }
        }
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

    fn forest(&mut self) -> Result<Forest, Broken> {
        let columns = usize::from(self.u16()?);
        let trees = self.u16()?;
        let start = self.u32()?.cast_signed();
        let trees = (0..trees).map(|_| self.tree(columns)).collect::<Result<_, _>>()?;
        Ok(Forest { trees, start, columns })
    }

    fn tree(&mut self, columns: usize) -> Result<Tree, Broken> {
        let [levels] = self.array()?;
        let mut questions = [NO_QUESTION; LEVELS];
        for question in questions.get_mut(..usize::from(levels)).ok_or(Broken)? {
            *question = (self.u16()?, self.i16()?);
        }
        if questions.iter().any(|&(column, _)| usize::from(column) >= columns) {
            return Err(Broken);
        }
        let mut leaves = [0; LEAVES];
        for leaf in &mut leaves[..1 << levels] {
            *leaf = self.i16()?;
        }
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
        assert!(model.forest.columns > 0 && !model.forest.trees.is_empty());
    }

    #[test]
    fn no_cut_model_is_taken() {
        for end in 0..BYTES.len() {
            assert_eq!(Model::read(&BYTES[..end]).err(), Some(Broken));
        }
    }

    #[test]
    fn trees_add_up() {
        let leaves = |first: &[i16]| {
            let mut leaves = [0; LEAVES];
            leaves[..first.len()].copy_from_slice(first);
            leaves
        };
        let questions = |first: &[(u16, i16)]| {
            let mut questions = [NO_QUESTION; LEVELS];
            questions[..first.len()].copy_from_slice(first);
            questions
        };
        let mut columns = [[0; STRIDE]; 2];
        (columns[0][1], columns[1][1], columns[1][2]) = (6, 1, 1);
        // With and without trees that are looked up abreast.
        for more in [0, 1, 4] {
            let tree = Tree { questions: questions(&[(0, 5), (1, 0)]), leaves: leaves(&[1, 10, 100, 1000]) };
            let mut trees = vec![tree, Tree { questions: questions(&[]), leaves: leaves(&[7]) }];
            trees.extend((0..more).map(|_| Tree { questions: questions(&[(1, 0)]), leaves: leaves(&[0, 3]) }));
            let model = Forest { trees, start: -2, columns: 2 };
            let mut scores = [0; 3];
            model.score(&columns, &mut scores);
            assert_eq!(scores, [6, 1005 + 3 * more, 105 + 3 * more]);
        }
    }
}
