//! Exit codes by meaning.

use std::process::ExitCode;

/// How a command ended. Of several endings the [`worst`](Exit::worst) counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Everything was done; also when the reader of our output has closed it.
    Done,
    /// A check has found something: `--check`, `rules lint`, `rules test`.
    Found,
    /// Some records failed, the rest are written.
    SomeFailed,
    /// Usage, configuration, input or output: a file could not be read or written, a rule file is wrong.
    Failed,
    /// Somebody has stopped it: Ctrl-C, or a signal to end.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Found => 1,
            Self::Failed => 2,
            Self::SomeFailed => 3,
            Self::Interrupted => 130,
        }
    }

    /// The one of two that matters more: an interruption before a failure before failed records before a
    /// finding.
    pub(super) fn worst(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Found => 1,
            Self::SomeFailed => 2,
            Self::Failed => 3,
            Self::Interrupted => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_documented_ones() {
        let codes = [(Exit::Done, 0), (Exit::Found, 1), (Exit::Failed, 2), (Exit::SomeFailed, 3), (Exit::Interrupted, 130)];
        for (exit, code) in codes {
            assert_eq!(exit.code(), code);
        }
    }

    #[test]
    fn the_worst_ending_counts_in_any_order() {
        let rising = [Exit::Done, Exit::Found, Exit::SomeFailed, Exit::Failed, Exit::Interrupted];
        for (index, &low) in rising.iter().enumerate() {
            for &high in &rising[index..] {
                assert_eq!((low.worst(high), high.worst(low)), (high, high));
            }
        }
    }
}
