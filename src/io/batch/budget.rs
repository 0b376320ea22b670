//! What keeps memory bounded: bytes that may be on their way at once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that may be under way between the reader and the writer.
///
/// The reader takes bytes for each piece in the order of the input and the writer gives them back in the same order, so the piece
/// that the writer waits for always has its bytes already. A piece that is larger than all there is goes alone.
#[derive(Debug)]
pub(super) struct Budget {
    limit: usize,
    used: Mutex<Used>,
    given_back: Condvar,
}

#[derive(Debug, Default)]
struct Used {
    bytes: usize,
    /// Nobody will give anything back any more.
    is_over: bool,
}

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, used: Mutex::default(), given_back: Condvar::new() }
    }

    /// Lets everybody go who still waits: the run is over.
    pub(super) fn end(&self) {
        self.used().is_over = true;
        self.given_back.notify_all();
    }

    fn used(&self) -> MutexGuard<'_, Used> {
        // A number cannot be left half changed.
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `bytes` may go.
    pub(super) fn take(&self, bytes: usize) {
        let mut used = self.used();
        while used.bytes > 0 && used.bytes + bytes > self.limit && !used.is_over {
            used = self.given_back.wait(used).unwrap_or_else(PoisonError::into_inner);
        }
        used.bytes += bytes;
    }

    pub(super) fn give_back(&self, bytes: usize) {
        self.used().bytes -= bytes;
        self.given_back.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::thread;

    #[test]
    fn what_is_too_large_goes_alone() {
        let budget = Arc::new(Budget::new(10));
        budget.take(50);
        let other = Arc::clone(&budget);
        let waiting = thread::spawn(move || other.take(1));
        assert!(!waiting.is_finished());
        budget.give_back(50);
        waiting.join().unwrap();
    }

    #[test]
    fn nobody_waits_when_it_is_over() {
        let budget = Budget::new(10);
        budget.take(10);
        budget.end();
        budget.take(10);
    }
}
