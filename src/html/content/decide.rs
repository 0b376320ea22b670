//! From chances to a choice: the blocks that make the best text in all likelihood.
//!
//! How good a text is, is judged by the words it shares with the true one: twice the shared words over the words of both. With a chance
//! for each block, the expected value of that is known for each choice, and the best choice is all blocks above some chance. So there is
//! no fixed bar: on a page of doubtful blocks it is lower than on one where the story stands out.

use super::counts::Counts;
use super::survey::Survey;

/// A text of this many words that stands on the page twice is kept once.
const REPEATED_WORDS: u32 = 6;

/// A page gives nothing where the best text is expected to agree with the true one by less than one part in this: error pages, walls, and
/// pages that a script fills.
const LEAST: u64 = 4;

/// A chance is a number of thousandths below this.
const STEPS: usize = 1000;

/// Chooses blocks: those that make the best text, each text once, from where it is likeliest.
pub(super) fn keep(survey: &Survey, chances: &[u16], copies: &mut Counts, kept: &mut Vec<bool>) {
    let bar = bar(survey.facts.iter().map(|facts| facts.words).zip(chances.iter().copied()));
    kept.clear();
    kept.extend(chances.iter().map(|&chance| chance >= bar));
    copies.clear(chances.len());
    for (index, facts) in survey.facts.iter().enumerate() {
        if !kept[index] || facts.words < REPEATED_WORDS {
            continue;
        }
        let first = copies.at(facts.hash);
        let Some(before) = (*first as usize).checked_sub(1).filter(|&before| survey.facts[before].is_same_text(facts)) else {
            *first = index as u32 + 1;
            continue;
        };
        if chances[index] > chances[before] {
            kept[before] = false;
            *first = index as u32 + 1;
        } else {
            kept[index] = false;
        }
    }
}

/// Finds the chance from which on blocks belong to the best text. `blocks` are pairs of words and chance; chances are thousandths.
pub(super) fn bar(blocks: impl Iterator<Item = (u32, u16)>) -> u16 {
    let mut taken = [0_u64; STEPS];
    let mut expected = 0;
    for (words, chance) in blocks {
        taken[usize::from(chance).min(STEPS - 1)] += u64::from(words);
        expected += u64::from(words) * u64::from(chance);
    }
    let (mut hit, mut all) = (0, expected);
    // The best so far, as a fraction.
    let (mut best, mut of, mut bar) = (0, 1, STEPS);
    for step in (0..STEPS).rev().filter(|&step| taken[step] > 0) {
        hit += taken[step] * step as u64;
        all += taken[step] * STEPS as u64;
        if u128::from(hit) * u128::from(of) > u128::from(best) * u128::from(all) {
            (best, of, bar) = (hit, all, step);
        }
    }
    // Twice the shared words over all words.
    if 2 * u128::from(best) * u128::from(LEAST) < u128::from(of) { STEPS as u16 } else { bar as u16 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_where_the_expected_text_is_best() {
        let bar_of = |blocks: &[(u32, u16)]| bar(blocks.iter().copied());
        assert_eq!(bar_of(&[(100, 950), (100, 900), (50, 300), (10, 8)]), 900);
        assert_eq!(bar_of(&[(100, 370), (100, 310), (50, 8)]), 310);
        assert_eq!(bar_of(&[(300, 120)]), 1000);
    }

    #[test]
    fn nothing_is_chosen_where_nothing_is_likely() {
        assert_eq!(bar([].into_iter()), 1000);
        assert_eq!(bar([(0, 7), (5, 0)].into_iter()), 1000);
    }
}
