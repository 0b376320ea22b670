//! Puts the built-in rule files into the binary: their texts, and beside them what there is to know of their rules once they have been
//! read, so that no run reads them again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

// Rules are read here as the library reads them: by the same files.

#[expect(dead_code, unreachable_pub, reason = "the library uses the rest")]
#[path = "src/span.rs"]
mod span;

#[expect(dead_code, reason = "the library uses the rest")]
#[path = "src/text"]
mod text {
    pub(crate) mod fold;
    pub(crate) mod masks;
}

#[path = "src/html"]
mod html {
    pub(crate) mod selector {
        //! Built-in packs have no selectors, so that nothing has to be known of them here: a file with one is left to the library.

        /// A selector that is not read.
        pub(crate) struct SelectorError {
            /// Where.
            pub(crate) at: usize,
            /// Why.
            pub(crate) message: String,
        }

        /// Takes no selector.
        pub(crate) fn check(_: &str) -> Result<(), SelectorError> {
            Err(SelectorError { at: 0, message: "built-in packs have no selectors".to_owned() })
        }
    }
}

#[expect(dead_code, unreachable_pub, reason = "the library uses the rest")]
#[path = "src/rules"]
mod rules {
    mod alphabet;
    pub(crate) mod clues;
    mod diagnostics;
    mod embedded {
        //! Nothing is embedded in this script.
        pub(super) static ATOMS: &str = "";
    }
    mod host;
    mod language;
    mod lists;
    mod overrides;
    pub(crate) mod pack;
    mod packed;
    mod parse;
    mod pattern;
    mod raw;
    mod rule;
    mod source;
    mod suggest;

    pub(crate) use rule::Fold;
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    // What reads rules is part of this script, and cargo knows.
    println!("cargo::rerun-if-changed=rules");
    let mut paths = Vec::new();
    collect(&root.join("rules"), &mut paths)?;
    let mut files = Vec::new();
    for path in paths {
        files.push((below(&root.join("rules"), &path), fs::read_to_string(&path)?));
    }
    files.sort();
    let packs = rules::pack::packs(&files);
    fs::write(out.join("atoms.packed"), packs.atoms)?;
    let mut table = String::from("/// The built-in files, sorted by path.\npub(super) static FILES: &[File] = &[\n");
    for (number, ((path, _), packed)) in files.iter().zip(packs.files).enumerate() {
        let text = root.join("rules").join(path).display().to_string();
        let packed = match packed {
            Some(packed) => {
                let name = format!("{number}.packed");
                fs::write(out.join(&name), packed)?;
                format!("Some(include_str!(concat!(env!(\"OUT_DIR\"), \"/{name}\")))")
            }
            None => "None".to_owned(),
        };
        writeln!(table, "    File {{ path: {path:?}, text: include_str!({text:?}), packed: {packed} }},")
            .expect("a string takes everything");
    }
    table.push_str("];\n\n/// The kinds of characters that their patterns tell apart.\npub(super) static ATOMS: &str = ");
    table.push_str("include_str!(concat!(env!(\"OUT_DIR\"), \"/atoms.packed\"));\n");
    fs::write(out.join("builtin.rs"), table)
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
