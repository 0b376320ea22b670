//! Many records through one command: every form that it reads and writes, faults, limits and threads.
//!
//! The inputs are those of `fixtures/batch`, which `tools/fixtures.py` writes, and the built-in rules.

#![expect(
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "inputs are small, and the names are our own"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

/// What is left of the three stories, without white space at the ends.
const FERRY: &str = "The first ferry in eleven weeks left the harbour";
const LIBRARY: &str = "the reading room on the ground floor will be heated all night.";
const BRIDGE: &str = "with it, say those who own cafés there, the guests.";

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("copydesk-batch-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// All files below the folder.
    fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path.strip_prefix(&self.0).unwrap().display().to_string());
                }
            }
        }
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/batch").join(name).display().to_string()
}

#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ended {
    fn records(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.arg("clean").args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn clean(arguments: &[&str]) -> Ended {
    clean_on(arguments, b"")
}

fn clean_on(arguments: &[&str], input: &[u8]) -> Ended {
    let mut child = command(arguments).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A program that ends early is no failure of the test.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("what is written is UTF-8");
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

#[track_caller]
fn assert_stories(records: &[Value]) {
    assert_eq!(records.len(), 3, "{records:?}");
    for (record, part) in records.iter().zip([FERRY, LIBRARY, BRIDGE]) {
        let text = record["text"].as_str().unwrap();
        assert!(text.contains(part), "{part:?} is not in {record}");
        for gone in ["Advertisement", "newsletter", "continues below", "Photo:"] {
            assert!(!text.contains(gone), "{gone:?} is in {record}");
        }
    }
    assert_eq!(records[0]["captions"][0]["text"], "The ferry leaves the old pier on Friday.", "{}", records[0]);
}

#[test]
fn every_form_gives_the_same_three_stories() {
    for name in [
        "stories.jsonl",
        "stories.jsonl.gz",
        "stories.json",
        "stories.csv",
        "stories.rss",
        "stories.atom",
        "feed.json",
        "pages.warc.gz",
        "texts.wet",
    ] {
        let ended = clean(&["--to", "jsonl", &fixture(name)]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{name}");
        assert_stories(&ended.records());
        let bytes = fs::read(fixture(name)).unwrap();
        if !name.contains(".csv") {
            let piped = clean_on(&["--to", "jsonl"], &bytes);
            assert_stories(&piped.records());
        }
    }
}

#[test]
fn what_comes_with_a_record_goes_out_with_it() {
    let record = |name: &str, index: usize| clean(&["--to", "jsonl", &fixture(name)]).records().swap_remove(index);
    let warc = record("pages.warc.gz", 2);
    assert_eq!(warc["id"], "urn:uuid:00000000-0000-4000-8000-000000000003");
    assert_eq!((&warc["url"], &warc["warc_date"]), (&"https://news.example/bridge".into(), &"2026-03-02T06:00:00Z".into()));
    let rss = record("stories.rss", 0);
    assert_eq!((&rss["id"], &rss["title"]), (&"ferry".into(), &"Ferry back in service".into()));
    assert_eq!(rss["date_published"], "2026-03-02T06:00:00+00:00");
    assert_eq!(record("stories.atom", 0)["authors"][0], "Mara Lind");
    let csv = record("stories.csv", 2);
    assert_eq!((&csv["nr"], &csv["id"]), (&"2".into(), &"bridge".into()));
}

#[test]
fn folders_and_patterns_are_read_in_the_order_of_their_names() {
    let ended = clean(&["--to", "jsonl", &fixture("folder")]);
    let names: Vec<String> = ended.records().iter().map(|record| record["id"].as_str().unwrap().replace('\\', "/")).collect();
    assert!(names[0].ends_with("folder/harbour/ferry.txt") && names[1].ends_with("folder/library.html"), "{names:?}");
    assert_eq!(clean(&["--to", "jsonl", &fixture("folder/**/*.txt")]).records().len(), 1);
    let list = format!("{}\n{}\n", fixture("stories.jsonl"), fixture("folder/library.html"));
    assert_eq!(clean_on(&["--to", "jsonl", "--files-from", "-"], list.as_bytes()).records().len(), 4);
}

#[test]
fn a_folder_of_results_mirrors_the_folder_of_inputs() {
    let folder = Folder::new();
    let ended = clean(&["-o", &folder.path("out/"), &fixture("folder")]);
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (Some(0), "", ""));
    assert_eq!(folder.files(), ["out/harbour/ferry.txt", "out/library.txt"]);
    assert!(folder.read("out/harbour/ferry.txt").contains(FERRY));
    assert!(!folder.read("out/harbour/ferry.txt").contains("Advertisement"));
}

#[test]
fn results_are_compressed_when_their_name_says_so() {
    let folder = Folder::new();
    let plain = clean(&[&fixture("stories.jsonl")]).out;
    for name in ["out.jsonl.gz", "out.jsonl.zst", "out.jsonl.bz2"] {
        let path = folder.path(name);
        assert_eq!(clean(&[&fixture("stories.jsonl"), "-o", &path]).code, Some(0));
        let packed = fs::read(&path).unwrap();
        let mut text = String::new();
        copydesk::io::unpack(std::io::Cursor::new(packed.clone()), copydesk::io::Compression::of_bytes(&packed), 1000)
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, plain, "{name}");
    }
}

#[test]
fn a_table_keeps_its_columns() {
    let ended = clean(&["--to", "csv", &fixture("stories.csv")]);
    let mut lines = csv::Reader::from_reader(ended.out.as_bytes());
    let head: Vec<String> = lines.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(head[..4], ["nr", "id", "url", "text"]);
    let rows: Vec<BTreeMap<String, String>> = lines.deserialize().map(Result::unwrap).collect();
    assert_eq!((rows.len(), rows[2]["nr"].as_str(), rows[2]["id"].as_str()), (3, "2", "bridge"));
    assert!(rows[2]["text"].contains(BRIDGE) && !rows[2]["text"].contains("continues below"));
    let captions: Value = serde_json::from_str(&rows[0]["captions"]).unwrap();
    assert_eq!(captions[0]["text"], "The ferry leaves the old pier on Friday.");
}

#[test]
fn a_feed_comes_out_with_everything_that_is_not_cleaned() {
    for name in ["stories.rss", "stories.atom", "feed.json"] {
        let before = fs::read_to_string(fixture(name)).unwrap();
        let ended = clean(&["--to", "feed", &fixture(name)]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{name}");
        let after = ended.out;
        assert_eq!(clean_on(&["--from", "feed", "--to", "feed"], after.as_bytes()).out, after, "{name}: a second time changes nothing");
        let (old, new) = (feed_rs::parser::parse(before.as_bytes()).unwrap(), feed_rs::parser::parse(after.as_bytes()).unwrap());
        assert_eq!(new.entries.len(), 3);
        for (old, new) in old.entries.iter().zip(&new.entries) {
            assert_eq!(
                (&old.id, &old.title, &old.links, old.updated, old.published),
                (&new.id, &new.title, &new.links, new.updated, new.published)
            );
            assert_eq!((&old.authors, &old.media), (&new.authors, &new.media));
        }
        for gone in ["Advertisement", "newsletter", "Story continues"] {
            assert!(!after.replace("&amp; Advertiser", "").contains(gone), "{gone:?} is in {after}");
        }
        assert!(after.contains("The ferry leaves the old pier on Friday."), "{after}");
        // Lines without a body are the same bytes.
        let is_body = |line: &&str| {
            ["<p>", "&lt;p", "figure", "encoded", "</content>", "</item>", "</entry>", "]]>"].iter().any(|part| line.contains(part))
        };
        let others = |text: &str| text.lines().filter(|line| !is_body(line)).map(str::to_owned).collect::<Vec<_>>();
        if name != "feed.json" {
            assert_eq!(others(&before), others(&after), "{name}");
        }
    }
}

#[test]
fn a_feed_in_a_folder_keeps_its_name() {
    let folder = Folder::new();
    assert_eq!(clean(&["--to", "feed", &fixture("stories.rss"), &fixture("stories.atom"), "-o", &folder.path("out/")]).code, Some(0));
    assert_eq!(folder.files(), ["out/stories.atom", "out/stories.rss"]);
}

// Faults.

/// Many records, about a megabyte.
fn many(count: usize) -> String {
    let story = format!("Advertisement\\n\\n{}", "The vote was close, the office said on Friday, and the count goes on. ".repeat(3));
    (0..count).map(|id| format!("{{\"id\":{id},\"n\":1.0,\"text\":\"{story}\"}}\n")).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn threads_do_not_change_a_byte() {
    let input = many(5000);
    let folder = Folder::new();
    let path = folder.file("in.jsonl", &input);
    let one = clean(&["-j1", &path]);
    assert_eq!(one.records().len(), 5000);
    for jobs in ["-j2", "-j7"] {
        assert!(clean(&[jobs, "--memory", "512K", &path]).out == one.out, "{jobs}");
    }
}

#[test]
fn a_truncated_input_gives_all_whole_records_before_the_break() {
    let folder = Folder::new();
    let packed = gzip(many(5000).as_bytes());
    let cut = folder.file("in.jsonl.gz", &packed[..packed.len() / 2]);
    let ended = clean(&[&cut]);
    assert_eq!(ended.code, Some(3));
    assert!(
        ended.err.contains(&format!("in.jsonl.gz: gzip data ends early, at byte {}; what came before is written", packed.len() / 2)),
        "{}",
        ended.err
    );
    let records = ended.records();
    assert!(records.len() > 1000, "{}", records.len());
    assert!(records.iter().enumerate().all(|(index, record)| record["id"] == index));

    let archive = fs::read(fixture("pages.warc.gz")).unwrap();
    let cut = folder.file("cut.warc.gz", &archive[..archive.len() - 700]);
    let ended = clean(&[&cut]);
    assert_eq!((ended.code, ended.records().len()), (Some(3), 2), "{}", ended.err);
    assert!(ended.err.contains("cut.warc.gz: gzip data ends early, at byte 1916"), "{}", ended.err);
    let wet = fs::read(fixture("texts.wet")).unwrap();
    let ended = clean_on(&[], &wet[..wet.len() - 20]);
    assert_eq!((ended.code, ended.records().len()), (Some(3), 2));
    assert!(ended.err.contains("-: WARC data ends early, at byte 1691"), "{}", ended.err);
}

#[test]
fn a_broken_feed_comes_out_as_it_went_in() {
    let folder = Folder::new();
    let feed = fs::read_to_string(fixture("stories.rss")).unwrap();
    let path = folder.file("cut.rss", &feed[..feed.len() - 30]);
    let ended = clean(&["--to", "feed", &path]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(3), &feed[..feed.len() - 30]));
    assert!(ended.err.contains("cut.rss: not a feed: "), "{}", ended.err);
}

#[test]
fn failures_are_written_with_their_bytes() {
    let folder = Folder::new();
    let input = b"{\"id\":1,\"text\":\"a\"}\n{oops\n{\"id\":\"x\"}\n{\"te\xff\n".as_slice();
    let ended = clean_on(&["--from", "jsonl", "--errors", &folder.path("errors.jsonl")], input);
    assert_eq!(ended.code, Some(3));
    let errors: Vec<Value> = folder.read("errors.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shown: Vec<String> =
        errors.iter().map(|error| format!("{} {} {} {}", error["line"], error["status"], error["record"], error["record_hex"])).collect();
    assert_eq!(shown, [r#"2 "malformed" "{oops" null"#, r#"3 "no_text" "{\"id\":\"x\"}" null"#, r#"4 "malformed" null "7b227465ff""#,]);
}

#[test]
fn what_fails_does_not_stand_among_texts() {
    for form in ["text", "markdown", "html"] {
        let ended = clean_on(&["--from", "jsonl", "--to", form], b"{\"id\":1}\n{\"text\":\"A story.\"}\n");
        assert_eq!(ended.code, Some(3), "{form}");
        assert!(ended.out.contains("A story.") && !ended.out.contains("error"), "{form}: {}", ended.out);
    }
}

#[test]
fn removals_are_written_to_a_file_of_their_own() {
    let folder = Folder::new();
    let ended = clean(&[&format!("--removed={}", folder.path("removed.jsonl")), &fixture("stories.jsonl")]);
    assert!(!ended.out.contains("\"removed\""));
    let first: Value = serde_json::from_str(folder.read("removed.jsonl").lines().next().unwrap()).unwrap();
    assert_eq!(first["id"], "ferry");
    assert!(first["removed"].as_array().unwrap().iter().any(|piece| piece["text"] == "Advertisement"));
}

#[test]
fn statistics_are_json_when_asked_for() {
    let ended = clean(&["--stats=json", &fixture("stories.jsonl")]);
    let stats: Value = serde_json::from_str(&ended.err).unwrap();
    assert_eq!((&stats["records"], &stats["statuses"]["ok"]), (&3.into(), &3.into()));
    assert!(stats["removed"].as_array().unwrap().iter().any(|row| row["category"] == "ad_marker"));
    assert!(stats["hosts"].as_array().unwrap().iter().any(|row| row["host"] == "news.example"));
    assert!(stats["never_removed"].as_array().unwrap().len() > 10);
}

#[test]
fn each_limit_has_its_own_status() {
    let folder = Folder::new();
    let statuses = |arguments: &[&str], input: &[u8]| {
        let ended = clean_on(&[arguments, &["--stats=json", "-q"]].concat(), input);
        assert_eq!(ended.code, Some(3), "{}", ended.err);
        let stats = ended.err.lines().find(|line| line.starts_with('{')).unwrap();
        serde_json::from_str::<Value>(stats).unwrap()["statuses"].to_string()
    };
    let long = format!("{{\"text\":\"{}\"}}\n{{\"text\":\"A story that goes on.\"}}\n", "a".repeat(3000));
    assert_eq!(statuses(&["--max-record", "2K"], long.as_bytes()), r#"{"ok":1,"too_long":1}"#);
    assert_eq!(statuses(&["--from", "text", "--max-record", "2K", "--to", "jsonl"], &[b'a'; 3000]), r#"{"too_long":1}"#);
    let slow = format!("{{\"text\":\"{}\"}}\n", "The vote was close, the office said. ".repeat(100_000));
    assert_eq!(statuses(&["--max-time", "0"], slow.as_bytes()), r#"{"too_slow":1}"#);
    let mut bomb = zstd::encode_all(&b"{\"text\":\"A story that goes on.\"}\n"[..], 1).unwrap();
    bomb.extend(zstd::encode_all(std::io::repeat(b' ').take(100 << 20), 1).unwrap());
    let bomb = folder.file("bomb.jsonl.zst", bomb);
    assert_eq!(statuses(&["--max-expansion", "100", &bomb], b""), r#"{"ok":1,"too_expanded":1}"#);
}

#[test]
fn a_large_record_among_small_ones_goes_through_in_its_place() {
    let sentences: String =
        (100_000..160_000).map(|number| format!("Ballot number {number} was counted on Friday, the office said. ")).collect();
    let large = format!("{{\"id\":\"large\",\"text\":\"{sentences}\"}}\n");
    let input = many(300) + &large + &many(300);
    let ended = clean_on(&["-j3", "--memory", "64K"], input.as_bytes());
    let records = ended.records();
    assert_eq!((records.len(), &records[300]["id"], &records[301]["id"]), (601, &"large".into(), &0.into()));
    assert_eq!(records[300]["text"].as_str().unwrap(), sentences);
}

#[test]
fn columns_that_do_not_fit_fail_alone() {
    let ended = clean_on(&["--from", "csv"], b"id;text\n1;\"A story; it goes on.\"\n2;a;b\n3;Another story.\n");
    assert_eq!(ended.code, Some(3));
    assert_eq!(ended.err, "error: -:3 (id 2): 3 cells where the first line names 2\n");
    let statuses: Vec<Value> = ended.records().iter().map(|record| record["status"].clone()).collect();
    assert_eq!(statuses, ["ok", "error", "ok"]);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_whole_records() {
    use std::io::BufRead;
    let folder = Folder::new();
    for signal in ["INT", "TERM"] {
        let mut child = command(&["--from", "jsonl"]).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(many(3).as_bytes()).unwrap();
        let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
        let _ = lines.next();
        // It now waits for more.
        assert!(Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap().success());
        assert_eq!(lines.count(), 2);
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal}");
        drop(stdin);
    }
    let mut child = command(&["--from", "jsonl", "-o", &folder.path("out.jsonl")]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(many(30).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(Command::new("kill").args(["-INT".to_owned(), child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(folder.files(), [""; 0]);
    drop(stdin);
}

// Resuming.

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[test]
fn a_run_that_is_killed_twenty_times_gives_the_same_bytes() {
    let folder = Folder::new();
    let mut input = many(6000);
    let middle = input[..input.len() / 2].rfind('\n').unwrap() + 1;
    input.insert_str(middle, "{oops\n");
    let plain = folder.file("in.jsonl", &input);
    let packed = folder.file("in.jsonl.gz", gzip(input.as_bytes()));
    let mut dice = Dice(2026);
    for (input, name) in [(&plain, "plain.jsonl"), (&packed, "packed.jsonl.gz")] {
        let run = |kind: &str| {
            let (out, errors) = (folder.path(&format!("{kind}-{name}")), folder.path(&format!("{kind}-{name}-errors")));
            let removed = format!("--removed={}", folder.path(&format!("{kind}-{name}-removed")));
            command(&["-q", "--memory", "64K", "--resume", "--note-every", "3", "-o", &out, "--errors", &errors, &removed, input])
        };
        let place = || {
            let note = fs::read_to_string(folder.path(&format!("killed-{name}.resume"))).unwrap_or_default();
            serde_json::from_str::<Value>(&note).ok().and_then(|note| note["position"]["offset"].as_u64()).unwrap_or(0)
        };
        assert_eq!(run("whole").status().unwrap().code(), Some(3));
        let mut steps = 0;
        for round in 0..20 {
            let before = place();
            let mut child = run("killed").spawn().unwrap();
            // Every other time it comes a little further; else the moment is any.
            while round % 2 == 0 && place() <= before && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(2));
            }
            std::thread::sleep(Duration::from_millis(dice.below(if round % 2 == 0 { 20 } else { 60 })));
            child.kill().unwrap();
            child.wait().unwrap();
            steps += usize::from(place() > before && before > 0);
        }
        // A run that comes to its end before it is killed begins again.
        assert!(steps >= 3, "{name}: only {steps} runs have gone on from where another was");
        assert_eq!(run("killed").status().unwrap().code(), Some(3));
        for side in ["", "-errors", "-removed"] {
            let read = |kind: &str| fs::read(folder.path(&format!("{kind}-{name}{side}"))).unwrap();
            assert!(read("whole") == read("killed"), "{name}{side}");
        }
    }
    let left: Vec<String> = folder.files().into_iter().filter(|name| name.ends_with(".part") || name.ends_with(".resume")).collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_folder_of_results_is_gone_on_with() {
    let folder = Folder::new();
    for number in 0..40 {
        folder.file(&format!("in/{number:02}.jsonl"), many(100));
    }
    let (input, out) = (folder.path("in"), folder.path("out"));
    let arguments = ["-q", "--resume", "--note-every", "1", "-o", &out, &input];
    fs::create_dir(&out).unwrap();
    for pause in [150, 250, 350] {
        let mut child = command(&arguments).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(clean(&arguments).code, Some(0));
    let whole = folder.path("whole/");
    assert_eq!(clean(&["-q", "-o", &whole, &input]).code, Some(0));
    for number in 0..40 {
        let name = format!("{number:02}.jsonl");
        assert_eq!(folder.read(&format!("out/{name}")), folder.read(&format!("whole/{name}")));
    }
}

#[test]
fn a_run_over_other_inputs_or_with_other_settings_is_not_gone_on_with() {
    let folder = Folder::new();
    let input = folder.file("in.jsonl", many(6000));
    let out = folder.path("out.jsonl");
    let begin = ["--resume", "--note-every", "0", "--memory", "64K", "-o", &out, &input];
    let mut child = command(&begin).stdin(Stdio::null()).spawn().unwrap();
    let note = folder.path("out.jsonl.resume");
    while !Path::new(&note).exists() && child.try_wait().unwrap().is_none() {}
    let _ = child.kill();
    child.wait().unwrap();
    assert!(Path::new(&note).exists(), "it was done before it could be killed");
    for other in [&["--captions", "end"][..], &["--rich", "markdown"], &["--links"], &["--max-time", "9000"]] {
        let ended = clean(&[&begin[..], other].concat());
        assert_eq!(ended.code, Some(2), "{other:?}");
        assert!(ended.err.contains("had other settings; remove it to begin anew"), "{other:?}: {}", ended.err);
    }
    folder.file("in.jsonl", many(6001));
    let ended = clean(&begin);
    assert!(ended.err.contains("had other inputs, or they have changed"), "{}", ended.err);
    assert_eq!(clean_on(&["--resume", "-o", &out], b"{}").code, Some(2));
}

#[test]
fn shells_and_man_know_the_command_line() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_copydesk")).args(arguments).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(run(&["completions", shell]).contains("copydesk"), "{shell}");
    }
    assert!(run(&["man"]).contains(".TH copydesk"));
    assert!(run(&["man", "clean"]).contains("max\\-record"));
}
