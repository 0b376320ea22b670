//! Work that many files or rules need alike, on several threads.
//!
//! The first text of a run waits for the packs of its language. Files do not depend on each other until they are put together, nor do
//! rules until they are in tables. Results come in the order of what they were made from, so that nothing
//! depends on which thread was faster.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{panic, thread};

/// Most threads: more would wait for the largest file.
const MOST: usize = 4;

/// What `each` makes of every item, in their order. Where no thread can be started, this one does all.
pub(crate) fn map<'i, T: Sync, R: Send>(items: &'i [T], each: impl Fn(&'i T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST).min(items.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut own = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return own };
            own.push((at, each(item)));
        }
    };
    let mut results = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map_while(|_| thread::Builder::new().spawn_scoped(scope, work).ok()).collect();
        let mut results = work();
        for other in others {
            results.extend(other.join().unwrap_or_else(|cause| panic::resume_unwind(cause)));
        }
        results
    });
    results.sort_unstable_by_key(|&(at, _)| at);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, 2, 3, 1000] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(map(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    #[should_panic(expected = "item 7")]
    fn a_panic_is_passed_on() {
        map(&[1, 2, 7, 3], |&item| assert_ne!(item, 7, "item {item}"));
    }
}
