//! What the tests share: where the shared data are, and the format of the html5lib tests.

#![allow(dead_code, reason = "each test uses some of it")]

use std::path::PathBuf;

/// The folder of the shared data, or a message why it can't be used.
pub(crate) fn shared(what: &str) -> Option<PathBuf> {
    let root =
        std::env::var_os("COPYDESK_SHARED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join("data").join(what);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: there is no {} (set COPYDESK_SHARED)", path.display());
    None
}

/// One test of a `.dat` file.
#[derive(Debug, Default)]
pub(crate) struct TreeTest {
    pub(crate) file: String,
    pub(crate) data: String,
    pub(crate) expected: String,
    /// The context element, for a fragment.
    pub(crate) fragment: Option<String>,
    /// Whether scripts run; both if nothing is said.
    pub(crate) scripting: Option<bool>,
}

/// Reads all tree construction tests.
pub(crate) fn tree_tests(folder: &std::path::Path) -> Vec<TreeTest> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "dat"))
        .collect();
    files.sort();
    let mut tests = Vec::new();
    for path in files {
        let name = path.file_name().expect("it is a file").to_string_lossy().into_owned();
        let content = std::fs::read_to_string(&path).expect("it is UTF-8");
        tests.extend(format!("\n\n{content}").split("\n\n#data\n").skip(1).map(|test| read_test(&name, test)));
    }
    tests
}

fn read_test(file: &str, source: &str) -> TreeTest {
    let mut test = TreeTest { file: file.to_owned(), ..TreeTest::default() };
    let lines = source.strip_suffix('\n').unwrap_or(source).split('\n');
    let mut section = "#data";
    let mut data = Vec::new();
    let mut document = Vec::new();
    for line in lines {
        match line {
            "#errors" | "#new-errors" | "#document-fragment" | "#document" if section != "#document" => {
                section = line;
            }
            "#script-on" if section != "#data" => test.scripting = Some(true),
            "#script-off" if section != "#data" => test.scripting = Some(false),
            _ => match section {
                "#data" => data.push(line),
                "#document-fragment" => test.fragment = Some(line.to_owned()),
                "#document" => document.push(line),
                _ => {}
            },
        }
    }
    let expected = document.join("\n").trim_end_matches('\n').to_owned();
    TreeTest { data: data.join("\n"), expected, ..test }
}

/// A page of the development sets.
pub(crate) struct Page {
    pub(crate) set: &'static str,
    pub(crate) id: String,
    pub(crate) html: String,
}

/// Calls `look` with pages of the development sets, every tenth or, with `COPYDESK_ALL`, all of
/// them; returns how many there were.
pub(crate) fn each_page(mut look: impl FnMut(&Page)) -> usize {
    let step = if std::env::var_os("COPYDESK_ALL").is_some() { 1 } else { 10 };
    let mut count = 0;
    for set in ["wcxb", "trafeval", "fundus"] {
        let Some(path) = shared(&format!("html/{set}/pages.jsonl.xz")) else {
            continue;
        };
        let file = std::fs::File::open(path).expect("it can be read");
        let lines = std::io::BufReader::new(liblzma::read::XzDecoder::new(file));
        for line in std::io::BufRead::lines(lines).step_by(step) {
            let line = line.expect("it is UTF-8");
            let record: serde_json::Value = serde_json::from_str(&line).expect("it is JSON");
            let text = |key: &str| record[key].as_str().unwrap_or_default().to_owned();
            look(&Page { set, id: text("id"), html: text("html") });
            count += 1;
        }
    }
    count
}

/// How many cases a property is tried on: few as a rule, `COPYDESK_CASES` when hunting.
pub(crate) fn cases() -> u32 {
    std::env::var("COPYDESK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
}
