//! Any bytes as JSON Lines: what comes out is JSON, and no record gets lost without a word.

#![no_main]

use std::sync::LazyLock;

use copydesk::Engine;
use copydesk::io::{Format, JsonLines, Printer, Problem};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builder().build().expect("the built-in rules are well formed"));

fuzz_target!(|bytes: &[u8]| {
    let printer = Printer::new(Format::JsonLines, "");
    let mut output = printer.output(Vec::new(), true);
    let mut problems: Vec<Problem> = Vec::new();
    let run = JsonLines::new(ENGINE.clone(), printer).run("fuzz", bytes, &mut output, &mut problems);
    run.expect("reading from and writing to memory does not fail");
    let written = output.finish().expect("writing to memory does not fail");
    let text = std::str::from_utf8(&written).expect("what is written is UTF-8");
    for line in text.lines() {
        let record: Value = match serde_json::from_str(line) {
            Ok(record) => record,
            // Fields pass as they came in, half pairs too, which JSON allows and this reader does not.
            Err(_) if line.to_ascii_lowercase().contains("\\ud") => continue,
            Err(error) => panic!("no JSON: {error}: {line}"),
        };
        assert!(record["text"].is_string() && record["captions"].is_array() && record["status"].is_string(), "{line}");
    }
    let records = bytes.split(|&byte| byte == b'\n').filter(|line| !is_blank(line)).count();
    assert!(text.lines().count() <= records, "more came out than went in: {text}");
    assert!(text.lines().count() + problems.len() >= records, "a record of {records} was lost: {text} {problems:?}");
});

/// Whether a line has nothing to clean; a byte order mark is nothing.
fn is_blank(line: &[u8]) -> bool {
    line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii().is_empty()
}
