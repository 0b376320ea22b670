//! The line on the terminal that shows how far a run is.

use indicatif::{ProgressBar, ProgressStyle};

use super::messages::grouped;
use crate::io::Progress;

/// With the size of the inputs known, and without.
const SIZED: &str = "{bar:24} {bytes} of {total_bytes}, {binary_bytes_per_sec}, {eta} left{msg}";
const UNSIZED: &str = "{spinner} {bytes}, {binary_bytes_per_sec}{msg}";

/// Shows how far a run is, or nothing.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// Shows nothing.
    pub(super) fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    /// Shows a bar on standard error; `size` is that of all inputs in bytes, where it is known.
    pub(super) fn new(size: Option<u64>) -> Self {
        let bar = size.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        let style = ProgressStyle::with_template(if size.is_some() { SIZED } else { UNSIZED });
        Self(bar.with_style(style.expect("the template is well formed")))
    }

    pub(super) fn show(&self, progress: &Progress) {
        if self.0.is_hidden() {
            return;
        }
        let gone = progress.text_in.saturating_sub(progress.text_out) as f64 / progress.text_in.max(1) as f64;
        let records = grouped(usize::try_from(progress.records).unwrap_or(usize::MAX));
        self.0.set_message(format!("; {records} records, {:.1} % removed", 100.0 * gone));
        self.0.set_position(progress.bytes_read);
    }

    /// Says something without the bar in the way.
    pub(super) fn aside(&self, say: impl FnOnce()) {
        self.0.suspend(say);
    }

    pub(super) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
