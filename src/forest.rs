//! Trees over columns, as both models have them: which blocks of a page are its main content, and which lines of a text are furniture.
//!
//! A tree asks the same question of every row at each of its levels ("is column 17 above 40?"), so that its answers are the bits of an
//! index into its leaves, and a column of many rows is compared in one go. Scores are sums of whole numbers and the same everywhere.
//!
//! All numbers of a model's file are little-endian:
//!
//! ```text
//! u16 columns, u16 trees, i32 start, then each tree: u8 levels, levels times (u16 column, i16 border), 2^levels leaves i16
//! 257 u16: the chance in 65,536ths for scores from -8 to 8 in steps of a sixteenth
//! ```

use wide::i16x8;

/// Rows whose columns are held at a time.
pub(crate) const CHUNK: usize = 256;

/// Places from one column to the next: a few more than there are rows, so that one row's values don't all fall into the same few
/// lines of the processor's cache.
pub(crate) const STRIDE: usize = CHUNK + 32;

/// Rows that are compared in one go.
const ROWS: usize = 8;

/// Most columns of a row that is scored by itself; a power of two.
pub(crate) const ROW: usize = 128;

/// One unit of a score: this many make a factor of *e* in the odds.
const UNIT: i32 = 1024;

/// Units between two chances of the table.
const STEP: u32 = UNIT.unsigned_abs() / 16;

/// Trees whose leaves add up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forest {
    trees: Vec<Tree>,
    start: i32,
    columns: usize,
    chances: Vec<u16>,
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
    /// Writes for each row of a chunk which leaf it comes to, eight rows at a time.
    fn answer(&self, columns: &[[i16; STRIDE]], answers: &mut [[i16; ROWS]]) {
        let n = answers.len();
        let rows = |level: usize| &columns[usize::from(self.questions[level].0)].as_chunks().0[..n];
        let border = |level: usize| i16x8::splat(self.questions[level].1);
        let rows: [&[[i16; ROWS]]; LEVELS] = [rows(0), rows(1), rows(2), rows(3), rows(4), rows(5)];
        let borders = [border(0), border(1), border(2), border(3), border(4), border(5)];
        for (at, answer) in answers.iter_mut().enumerate() {
            let bit = |level: usize| i16x8::new(rows[level][at]).simd_gt(borders[level]) & i16x8::splat(1 << level);
            *answer = ((bit(0) | bit(1)) | (bit(2) | bit(3)) | (bit(4) | bit(5))).to_array();
        }
    }

    /// Which leaf one row comes to.
    #[inline]
    fn answer_one(&self, row: &[i16; ROW]) -> i16 {
        let bit = |level: usize| {
            let (column, border) = self.questions[level];
            i16::from(row[usize::from(column) % ROW] > border) << level
        };
        bit(0) | bit(1) | bit(2) | bit(3) | bit(4) | bit(5)
    }

    fn leaf(&self, answer: i16) -> i32 {
        i32::from(self.leaves[usize::from(answer.cast_unsigned()) % LEAVES])
    }
}

/// The bytes end too soon, or are no model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

impl Forest {
    /// How many columns a row has.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Scores the rows of a chunk: of each column the first `scores.len()` places count.
    pub(crate) fn score(&self, columns: &[[i16; STRIDE]], scores: &mut [i32]) {
        scores.fill(self.start);
        let n = scores.len();
        let mut answers = [[[0; ROWS]; CHUNK / ROWS]; ABREAST];
        let eights = n.div_ceil(ROWS);
        let (rows, rest) = self.trees.as_chunks::<ABREAST>();
        for trees in rows {
            for (tree, answers) in trees.iter().zip(&mut answers) {
                tree.answer(columns, &mut answers[..eights]);
            }
            let [one, two, three, four] = trees;
            let [first, second, third, fourth] = &answers;
            let [first, second, third, fourth] = [first.as_flattened(), second.as_flattened(), third.as_flattened(), fourth.as_flattened()];
            let [first, second, third, fourth] = [&first[..n], &second[..n], &third[..n], &fourth[..n]];
            for (at, score) in scores.iter_mut().enumerate() {
                *score += (one.leaf(first[at]) + two.leaf(second[at])) + (three.leaf(third[at]) + four.leaf(fourth[at]));
            }
        }
        for tree in rest {
            tree.answer(columns, &mut answers[0][..eights]);
            for (score, &answer) in scores.iter_mut().zip(answers[0].as_flattened()) {
                *score += tree.leaf(answer);
            }
        }
    }

    /// Scores a single row, which has [`ROW`] columns at most: cheaper than a chunk of a few.
    pub(crate) fn score_one(&self, row: &[i16; ROW]) -> i32 {
        self.trees.iter().fold(self.start, |score, tree| score + tree.leaf(tree.answer_one(row)))
    }

    /// Turns a score into a chance in thousandths.
    pub(crate) fn chance(&self, score: i32) -> u16 {
        let place = (score.clamp(-8 * UNIT, 8 * UNIT - 1) + 8 * UNIT).unsigned_abs();
        let (step, rest) = ((place / STEP) as usize, place % STEP);
        let chance = u32::from(self.chances[step]) * (STEP - rest) + u32::from(self.chances[step + 1]) * rest;
        (((chance / STEP) * 1000) >> 16) as u16
    }
}

/// Reads a model's file.
pub(crate) struct Reader<'b> {
    pub(crate) rest: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(crate) fn take(&mut self, bytes: usize) -> Result<&'b [u8], Broken> {
        let (taken, rest) = self.rest.split_at_checked(bytes).ok_or(Broken)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        self.take(N)?.try_into().map_err(|_| Broken)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Broken> {
        self.array().map(u32::from_le_bytes)
    }

    fn u16(&mut self) -> Result<u16, Broken> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn i16(&mut self) -> Result<i16, Broken> {
        self.array().map(i16::from_le_bytes)
    }

    /// The trees and their table of chances.
    pub(crate) fn forest(&mut self) -> Result<Forest, Broken> {
        let columns = usize::from(self.u16()?);
        let trees = self.u16()?;
        let start = self.u32()?.cast_signed();
        let trees = (0..trees).map(|_| self.tree(columns)).collect::<Result<_, _>>()?;
        let chances = (0..257).map(|_| self.u16()).collect::<Result<_, _>>()?;
        Ok(Forest { trees, start, columns, chances })
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
            let model = Forest { trees, start: -2, columns: 2, chances: Vec::new() };
            let mut scores = [0; 3];
            model.score(&columns, &mut scores);
            assert_eq!(scores, [6, 1005 + 3 * more, 105 + 3 * more]);
        }
    }

    #[test]
    fn chances_rise_with_the_score() {
        let forest = Forest { chances: (0..257).map(|step| step * 255).collect(), ..Forest::default() };
        let chances: Vec<u16> = (-9_000..9_000).step_by(7).map(|score| forest.chance(score)).collect();
        assert!(chances.is_sorted());
        assert_eq!((chances[0], forest.chance(i32::MAX)), (0, 996));
    }
}
