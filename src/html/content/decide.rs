//! From chances to a choice: the blocks that make the best text in all likelihood.
//!
//! How good a text is, is judged by the words it shares with the true one: twice the shared words over the words of both. With a chance
//! for each block, the expected value of that is known for each choice, and the best choice is all blocks above some chance. So there is
//! no fixed bar: on a page of doubtful blocks it is lower than on one where the story stands out.

/// Steps of the bar.
const STEPS: usize = 1024;

/// Finds the chance, in 65,536ths, from which on blocks belong to the best text. `blocks` are pairs of words and chance.
pub(super) fn bar(blocks: impl Iterator<Item = (u32, u16)>) -> u16 {
    let mut taken = [0_u64; STEPS];
    let mut shared = [0_u64; STEPS];
    let mut expected = 0;
    for (words, chance) in blocks {
        let step = (usize::from(chance) * STEPS) >> 16;
        taken[step] += u64::from(words) << 16;
        shared[step] += u64::from(words) * u64::from(chance);
        expected += u64::from(words) * u64::from(chance);
    }
    let (mut hit, mut all) = (0, expected);
    // The best so far, as a fraction.
    let (mut best, mut of, mut bar) = (0, 1, STEPS - 1);
    for step in (0..STEPS).rev() {
        if taken[step] == 0 {
            continue;
        }
        hit += shared[step];
        all += taken[step];
        if u128::from(hit) * u128::from(of) > u128::from(best) * u128::from(all) {
            (best, of, bar) = (hit, all, step);
        }
    }
    (bar << 16 >> STEPS.ilog2()) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_where_the_expected_text_is_best() {
        let sure = [(100, 60_000), (100, 58_000), (50, 20_000), (10, 500)];
        let bar_of = |blocks: &[(u32, u16)]| bar(blocks.iter().copied());
        assert!((20_001..=58_000).contains(&bar_of(&sure)));
        let doubtful = [(100, 24_000), (100, 20_000), (50, 500)];
        assert!((501..=20_000).contains(&bar_of(&doubtful)));
        assert_eq!(bar_of(&[]), bar_of(&[(0, 7)]));
    }
}
