//! The line score: how likely a short line is furniture, from what stands around it.
//!
//! Most residue that phrases miss is short lines that say nothing by themselves: a headline of another story, a name, a section. What
//! tells them is the company they keep: how far the prose is, what rules took beside them, whether their words are words of the story.
//! Rules ask for the score with `where.score`. It is looked at last, when all other rules have had their say, and only for blocks that
//! are no prose and that nobody claimed.

mod build;
mod columns;
mod hashes;

use std::sync::OnceLock;

use crate::forest::{Broken, CHUNK, Forest, ROW, Reader, STRIDE};

pub use columns::NAMES;
pub(super) use columns::{Lines, have_company};

/// Written by `tools/lines/`; its record is `docs/line-score.md`. `"CDL1"`, then trees as in [`forest`](crate::forest).
static BYTES: &[u8] = include_bytes!("model.bin");

/// Fewer lines than this are scored one by one.
const FEW: usize = 12;

const _: () = assert!(NAMES.len() <= ROW);

/// The columns of some lines.
pub(crate) type Table = Vec<[i16; STRIDE]>;

/// Scores lines, in thousandths: the chance that each is furniture. `lines` are blocks for which [`Lines::may_score`] holds.
pub(super) fn score(known: &Lines<'_>, lines: &[usize]) -> Vec<u16> {
    let forest = built_in();
    let mut columns = known.scratch.columns.borrow_mut();
    columns.resize(NAMES.len(), [0; STRIDE]);
    let (mut own, mut sums, mut chances) = (Vec::new(), [0; CHUNK], Vec::with_capacity(lines.len()));
    for chunk in lines.chunks(CHUNK) {
        if chunk.len() < FEW {
            chances.extend(chunk.iter().map(|&line| {
                known.columns(line, &mut own);
                let mut row = [0; ROW];
                row[..own.len()].copy_from_slice(&own);
                forest.chance(forest.score_one(&row))
            }));
            continue;
        }
        for (row, &line) in chunk.iter().enumerate() {
            known.columns(line, &mut own);
            columns.iter_mut().zip(&own).for_each(|(column, &value)| column[row] = value);
        }
        let sums = &mut sums[..chunk.len()];
        forest.score(&columns, sums);
        chances.extend(sums.iter().map(|&sum| forest.chance(sum)));
    }
    chances
}

fn built_in() -> &'static Forest {
    static FOREST: OnceLock<Forest> = OnceLock::new();
    FOREST.get_or_init(|| read(BYTES).expect("a test reads the model of this version"))
}

fn read(bytes: &[u8]) -> Result<Forest, Broken> {
    let mut reader = Reader { rest: bytes };
    if reader.take(4)? != b"CDL1" {
        return Err(Broken);
    }
    let forest = reader.forest()?;
    if reader.rest.is_empty() && forest.columns() == NAMES.len() { Ok(forest) } else { Err(Broken) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_of_this_version_is_sound() {
        let forest = read(BYTES).expect("it reads");
        assert!(forest.chance(-1000) < forest.chance(1000));
    }

    #[test]
    fn no_cut_model_is_taken() {
        for end in 0..BYTES.len() {
            assert!(read(&BYTES[..end]).is_err(), "{end}");
        }
    }
}
