//! What a run leaves behind so that it can be gone on with.
//!
//! While a run writes `out.jsonl.part`, it notes down in `out.jsonl.resume` how far it is: a place in the inputs and the length of
//! the output that belongs to it, both on the disk before the note is. A run that was killed at any moment goes on from the last
//! note: it cuts the output to that length and reads the inputs from that place, with the same settings and rules over the same
//! files, or not at all. So its output is the one of a run that was never killed, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::Position;
use super::sink::Mark;
use super::source::Source;
use crate::io::stats::Stats;

/// Name of the format.
const FORMAT: &str = "copydesk.resume/1";

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: String,
    version: String,
    rules: String,
    /// Everything else that decides what is written.
    settings: String,
    /// Hash over the names, sizes and times of the inputs.
    inputs: String,
    /// The place that has been reached.
    pub position: Position,
    /// What of the output belongs to it.
    pub output: Mark,
    /// Bytes of the files beside the results that belong to it, by their names.
    pub side: BTreeMap<String, u64>,
    /// What has been counted.
    pub stats: Stats,
    /// Inputs that could not be read.
    pub unreadable: usize,
    /// Whether all is written and only to be put where it belongs.
    pub done: bool,
}

/// Why a run cannot be resumed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// What is noted down cannot be read or written.
    #[error("cannot read or write {path}")]
    File {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It is not what this version writes.
    #[error("{path} is no note about a run, or one of another version: {error}")]
    Malformed {
        /// Where it is.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// Something is not as it was.
    #[error("the run that {path} is about had other {what}; remove it to begin anew")]
    Other {
        /// Where it is.
        path: PathBuf,
        /// What is not as it was.
        what: &'static str,
    },
}

impl Manifest {
    /// The beginning of a run. Inputs that cannot be looked at count as empty.
    pub fn begin(rules: &str, settings: &str, sources: &[Source]) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rules: rules.to_owned(),
            settings: settings.to_owned(),
            inputs: identity(sources),
            ..Self::default()
        }
    }

    /// Where the note about an output is.
    pub fn path_for(output: &Path) -> PathBuf {
        if output.is_dir() {
            return output.join(".copydesk.resume");
        }
        let mut name = output.as_os_str().to_owned();
        name.push(".resume");
        name.into()
    }

    /// Reads what an earlier run has noted down; without a note, this beginning.
    ///
    /// # Errors
    /// When the note is of another run: other rules, settings, inputs or version.
    pub fn resumed(self, path: &Path) -> Result<Self, ResumeError> {
        let file = |source| ResumeError::File { path: path.to_owned(), source };
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(self),
            result => result.map_err(file)?,
        };
        let malformed = |error: serde_json::Error| ResumeError::Malformed { path: path.to_owned(), error: error.to_string() };
        let old: Self = serde_json::from_str(&text).map_err(malformed)?;
        let parts = [
            (old.format == self.format && old.version == self.version, "version of copydesk"),
            (old.rules == self.rules, "rules"),
            (old.settings == self.settings, "settings"),
            (old.inputs == self.inputs, "inputs, or they have changed"),
        ];
        match parts.into_iter().find(|(same, _)| !same) {
            Some((_, what)) => Err(ResumeError::Other { path: path.to_owned(), what }),
            None => Ok(old),
        }
    }

    /// Notes it down: the old note stays until the new one is whole.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut temporary = path.as_os_str().to_owned();
        temporary.push(".tmp");
        let text = serde_json::to_vec(self).map_err(io::Error::other)?;
        fs::write(&temporary, text)?;
        fs::rename(&temporary, path)
    }
}

/// A hash over the names, sizes and times of inputs.
fn identity(sources: &[Source]) -> String {
    let mut hash = Fnv::default();
    for source in sources {
        hash.add(source.name().as_bytes());
        let about = fs::metadata(source.path()).ok();
        let time = about.as_ref().and_then(|about| about.modified().ok()).and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        hash.add(&about.map_or(0, |about| about.len()).to_le_bytes());
        hash.add(&time.map_or(0, |time| time.as_nanos()).to_le_bytes());
    }
    format!("{:016x}", hash.0)
}

/// FNV-1a: small, and the same in every version of Rust.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        // The end of a part is a part of it.
        for &byte in bytes.iter().chain(&[0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_resumed_as_itself_or_not_at_all() {
        let folder = std::env::temp_dir().join(format!("copydesk-resume-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (input, note) = (folder.join("in"), folder.join("out.resume"));
        fs::write(&input, "a").unwrap();
        let sources = [Source::file(&input)];
        let begin = || Manifest::begin("rules", "settings", &sources);
        assert_eq!(begin().resumed(&note).unwrap(), begin());
        let mut reached = begin();
        reached.position = Position { input: 0, offset: 7, records: 2 };
        reached.write(&note).unwrap();
        assert_eq!(begin().resumed(&note).unwrap(), reached);
        let told = |manifest: Manifest| manifest.resumed(&note).unwrap_err().to_string();
        assert!(told(Manifest::begin("others", "settings", &sources)).contains("had other rules"));
        assert!(told(Manifest::begin("rules", "others", &sources)).contains("had other settings"));
        fs::write(&input, "ab").unwrap();
        assert!(told(begin()).contains("had other inputs"));
        fs::write(&note, "{}").unwrap();
        assert!(told(begin()).contains("is no note about a run"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
