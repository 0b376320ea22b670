//! The console examples of the README and of `docs/use` are true.
//!
//! A fenced `console` block holds commands (`$ copydesk ...`) and what each prints. They run in the project's folder, in order; an
//! example that reads a file of the reader's own finds it, since every `toml` block whose first line is `# name.toml` is written to a folder
//! beside a copy of the fixtures. `…` stands for any text within a line, and on a line of its own for any lines.
//!
//! `BLESS=1 cargo test --test readme` writes what is printed now into the README.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command and the lines that are said to follow.
struct Example {
    command: String,
    expected: Vec<String>,
}

#[test]
fn console_examples_are_what_the_program_prints() {
    assert_true("README.md", 4);
    for (name, least) in [("folder", 3), ("feeds", 2), ("records", 3), ("archives", 3)] {
        assert_true(&format!("docs/use/{name}.md"), least);
    }
}

/// Runs the examples of a file, of which there are `least` or more.
fn assert_true(name: &str, least: usize) {
    let readme = fs::read_to_string(root().join(name)).unwrap();
    let folder = Folder::with_files_of(&readme, name);
    let examples: Vec<Example> = blocks(&readme, "console").iter().flat_map(|block| examples(block)).collect();
    assert!(examples.len() >= least, "{name} was not read");
    let mut blessed = readme.clone();
    let mut wrong = String::new();
    for example in &examples {
        let printed = run(&example.command, &folder.0);
        if !fits(&example.expected, &printed) {
            let (old, new) = (written(example, &example.expected), written(example, &printed));
            blessed = blessed.replace(&old, &new);
            let _ = write!(wrong, "{name} says\n\n{old}\nbut it is\n\n{new}\n");
        }
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(root().join(name), blessed).unwrap();
    } else {
        assert!(wrong.is_empty(), "{wrong}");
    }
}

#[test]
fn an_ellipsis_stands_for_any_text_and_any_lines() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let printed = lines("{\n  \"a\": 1,\n  \"b\": 2\n}");
    assert!(fits(&lines("{\n…\n}"), &printed));
    assert!(fits(&lines("{\n  \"a\": …,\n…\n}"), &printed));
    assert!(fits(&lines("{\n…\n  \"b\": 2\n}"), &printed));
    assert!(!fits(&lines("{\n  \"a\": 3…\n…\n}"), &printed));
    assert!(!fits(&lines("{\n…"), &lines("[")));
}

#[test]
fn links_lead_somewhere() {
    let mut files: Vec<PathBuf> = ["README.md", "CHANGELOG.md", "rules/README.md"].iter().map(|file| root().join(file)).collect();
    for folder in ["docs", "docs/use"] {
        files.extend(fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    for path in files.iter().filter(|path| has_ending(path, "md")) {
        let text = fs::read_to_string(path).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !target.contains(' ') {
                assert!(path.parent().unwrap().join(target).exists(), "{} links to {target}, which is not there", path.display());
            }
        }
    }
}

/// The insides of all fenced blocks of a kind.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let fence = format!("```{kind}");
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == fence {
            blocks.push(lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect());
        }
    }
    blocks
}

fn examples(block: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            examples.push(Example { command: command.to_owned(), expected: Vec::new() });
        } else {
            examples.last_mut().expect("a block begins with a command").expected.push(line.to_owned());
        }
    }
    for example in &mut examples {
        trim(&mut example.expected);
    }
    examples
}

/// Drops empty lines at the end: one may stand between an example and the next.
fn trim(lines: &mut Vec<String>) {
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
}

/// An example as the README writes it.
fn written(example: &Example, lines: &[String]) -> String {
    lines.iter().fold(format!("$ {}\n", example.command), |text, line| text + line + "\n")
}

/// What a command prints, on standard output and then on standard error.
fn run(command: &str, folder: &Path) -> Vec<String> {
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("copydesk"), "{command}");
    let output = Command::new(env!("CARGO_BIN_EXE_copydesk")).args(words).current_dir(folder).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let mut lines = text.lines().map(|line| line.trim_end().to_owned()).collect();
    trim(&mut lines);
    lines
}

/// Whether lines are as expected, `…` standing for anything.
fn fits(expected: &[String], printed: &[String]) -> bool {
    match (expected, printed) {
        ([], rest) => rest.is_empty(),
        ([any, after @ ..], _) if any == "…" => (0..=printed.len()).any(|skipped| fits(after, &printed[skipped..])),
        ([line, after @ ..], [found, rest @ ..]) => line_fits(line, found) && fits(after, rest),
        _ => false,
    }
}

fn line_fits(expected: &str, found: &str) -> bool {
    let Some((start, rest)) = expected.split_once('…') else { return expected.trim_end() == found };
    let Some(found) = found.strip_prefix(start) else { return false };
    (0..=found.len()).filter(|&at| found.is_char_boundary(at)).any(|at| line_fits(rest, &found[at..]))
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with the fixtures and the files of the reader.
struct Folder(PathBuf);

impl Folder {
    fn with_files_of(readme: &str, name: &str) -> Self {
        let name = name.replace(['/', '.'], "-");
        let folder = Self(std::env::temp_dir().join(format!("copydesk-{name}-{}", std::process::id())));
        for fixtures in ["fixtures/articles", "fixtures/batch"] {
            copy(&root().join(fixtures), &folder.0.join(fixtures));
        }
        for block in blocks(readme, "toml") {
            let name = block.lines().next().and_then(|line| line.strip_prefix("# "));
            if let Some(name) = name.filter(|name| has_ending(Path::new(name), "toml")) {
                fs::write(folder.0.join(name), &block).unwrap();
            }
        }
        folder
    }
}

/// Copies a folder with all in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing can be done about a folder that does not go away.
        let _ = fs::remove_dir_all(&self.0);
    }
}
