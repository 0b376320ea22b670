//! Diagnostics as users see them: `fixtures/rules/NAME.toml` and what lint says of it in `NAME.stderr`.
//!
//! `BLESS=1 cargo test` writes the expected files.

use std::fs;
use std::path::{Path, PathBuf};

use super::check;
use crate::rules::{Code, RuleFile};

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    files.sort();
    files
}

fn rule_file(path: &Path) -> RuleFile {
    let name = path.file_name().expect("a file has a name");
    RuleFile::new(name, fs::read_to_string(path).expect("it can be read"))
}

#[test]
fn diagnostics_are_as_expected() {
    let mut stale = Vec::new();
    for path in fixtures() {
        let found = check(&[rule_file(&path)], &[]);
        let shown: Vec<String> = found.iter().map(|diagnostic| diagnostic.render(false)).collect();
        let shown = shown.join("\n\n") + "\n";
        let expected = path.with_extension("stderr");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &shown).expect("it can be written");
        }
        if fs::read_to_string(&expected).unwrap_or_default() != shown {
            stale.push(format!("{}:\n{shown}", path.display()));
        }
    }
    assert!(stale.is_empty(), "differs from .stderr (BLESS=1 writes it):\n{}", stale.join("\n"));
}

#[test]
fn each_code_of_a_file_alone_has_a_fixture() {
    // These need an engine or a second file.
    let elsewhere = [Code::TestFailed, Code::StolenHit, Code::HarmedMiss, Code::DuplicateList];
    let found: Vec<Code> = fixtures().iter().flat_map(|path| check(&[rule_file(path)], &[])).map(|diagnostic| diagnostic.code).collect();
    for code in Code::ALL.iter().filter(|code| !elsewhere.contains(code)) {
        assert!(found.contains(code), "no fixture shows `{code}`");
    }
}

#[test]
fn colour_only_adds_escapes() {
    for path in fixtures() {
        for diagnostic in check(&[rule_file(&path)], &[]) {
            let coloured = diagnostic.render(true);
            assert!(coloured.contains("\u{1b}["));
            assert!(!diagnostic.render(false).contains('\u{1b}'));
        }
    }
}

#[test]
fn files_cut_off_anywhere_do_no_harm() {
    for path in fixtures() {
        let text = fs::read_to_string(&path).expect("it can be read");
        for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)).step_by(37) {
            for diagnostic in check(&[RuleFile::new("cut.toml", &text[..end])], &[]) {
                assert!(!diagnostic.render(false).is_empty());
            }
        }
    }
}

#[test]
fn the_manual_names_every_code() {
    let manual = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/README.md")).expect("the manual is there");
    for code in Code::ALL {
        assert!(manual.contains(&format!("`{code}`")), "rules/README.md does not name `{code}`");
    }
}
