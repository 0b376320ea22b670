//! Lists the built-in rule files, so that the binary carries their text. Nothing is parsed here.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("rules");
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    let mut entries: Vec<(String, String)> = files.iter().map(|file| (below(&root, file), file.display().to_string())).collect();
    entries.sort();
    let mut table = String::from("/// Paths below `rules/`, and texts.\npub(super) static FILES: &[(&str, &str)] = &[\n");
    for (name, file) in &entries {
        writeln!(table, "    ({name:?}, include_str!({file:?})),").expect("a string takes everything");
    }
    table.push_str("];\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("builtin.rs"), table)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}

/// The path of `file` below `root`, with `/` on every system.
fn below(root: &Path, file: &Path) -> String {
    let parts = file.strip_prefix(root).expect("the file was found below the root").components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
