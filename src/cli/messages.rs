//! What is said on standard error.

use std::fmt::Display;
use std::io::Write;

use anstyle::{AnsiColor, Style};

use crate::io::Problem;
use crate::rules::{Diagnostic, RulesError};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Writes messages. That they cannot be written is no reason to stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Messages {
    quiet: bool,
}

impl Messages {
    pub(super) fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    pub(super) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Something may be wrong.
    pub(super) fn warning(self, message: impl Display) {
        if !self.quiet {
            line(format_args!("{WARNING}warning{WARNING:#}: {message}"));
        }
    }

    /// Something that is good to know.
    pub(super) fn note(self, message: impl Display) {
        if !self.quiet {
            line(format_args!("{message}"));
        }
    }

    /// Something is wrong with a record.
    pub(super) fn problem(self, problem: &Problem) {
        if problem.is_warning() { self.warning(problem) } else { error(problem) }
    }
}

/// Something is wrong.
pub(super) fn error(message: impl Display) {
    line(format_args!("{ERROR}error{ERROR:#}: {message}"));
}

/// Something that was asked for.
pub(super) fn answer(message: impl Display) {
    line(format_args!("{message}"));
}

/// A rule file is unwise or wrong.
pub(super) fn diagnostic(diagnostic: &Diagnostic) {
    // Colours are taken out again where they are not wanted.
    line(format_args!("{}\n", diagnostic.render(true)));
}

/// An error and its causes; what is wrong with rule files in full.
pub(super) fn failure(failure: &anyhow::Error) {
    let rules = failure.chain().find_map(|cause| cause.downcast_ref::<RulesError>());
    match rules.map(RulesError::diagnostics).unwrap_or_default() {
        [] => error(format_args!("{failure:#}")),
        diagnostics => {
            diagnostics.iter().for_each(diagnostic);
            error(counted(diagnostics.len(), "error in the rules", "errors in the rules"));
        }
    }
}

fn line(message: std::fmt::Arguments<'_>) {
    let _ = writeln!(anstream::stderr(), "{message}");
}

/// `1 rule`, `1,200 rules`
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A number with its thousands apart.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(counted(1, "rule", "rules"), "1 rule");
    }
}
