//! The program as its users meet it: what it reads, what it prints where, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Two rules of our own, so that these tests say nothing of the built-in ones.
const RULES: &str = r#"
format = 1
[pack]
id = "mine"
[[rule]]
id = "mine.ad.marker"
category = "ad_marker"
about = "A line that says only `Advertisement`."
action = "remove"
match.is = ["advertisement"]
test.hit = ["Advertisement"]
test.miss = ["Advertisement revenue fell."]
[[rule]]
id = "mine.caption.credit"
category = "caption"
about = "A caption with its source."
action = "tag"
tag = "caption"
match.regex = '''^(?P<caption>.{1,99}) Source: (?P<credit>[A-Z]{2,20})$'''
where.max_words = 20
test.hit = ["A man waves a flag. Source: AAP"]
test.miss = ["Source code was found."]
"#;

const STORY: &str = "Advertisement\n\nThe vote was close, the office said on Friday, and the count goes on.\n";
const CLEAN: &str = "The vote was close, the office said on Friday, and the count goes on.\n";

/// A folder of its own for one test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("copydesk-cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        folder.file("mine.toml", RULES);
        folder
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// A command in this folder.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command.args(arguments).current_dir(&self.0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        self.run_on(arguments, b"")
    }

    fn run_on(&self, arguments: &[&str], input: &[u8]) -> Ended {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || {
            // A program that ends early is no failure of the test.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Ended {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("what is printed is UTF-8"),
            err: String::from_utf8(output.stderr).expect("what is said is UTF-8"),
        }
    }

    /// `clean` with the rules above.
    fn clean(&self, arguments: &[&str]) -> Ended {
        self.run(&with_rules("clean", arguments))
    }

    fn clean_on(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ended {
        self.run_on(&with_rules("clean", arguments), input.as_ref())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn with_rules<'a>(command: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    [&[command, "--no-builtin", "--rules", "mine.toml"], arguments].concat()
}

/// How a run ended.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ended {
    /// The records on standard output.
    fn records(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }
}

#[track_caller]
fn assert_ended(ended: &Ended, code: i32, out: &str, err: &str) {
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (Some(code), out, err));
}

#[track_caller]
fn assert_has(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is not in\n{text}");
}

// Text.

#[test]
fn text_from_standard_input_comes_out_as_text() {
    let folder = Folder::new();
    assert_ended(&folder.clean_on(&[], STORY), 0, CLEAN, "");
    assert_ended(&folder.clean_on(&["-"], STORY), 0, CLEAN, "");
    assert_ended(&folder.clean_on(&[], ""), 0, "", "");
}

#[test]
fn several_files_have_headings() {
    let folder = Folder::new();
    folder.file("a.txt", STORY);
    folder.file("b.txt", "Another story.\n");
    let expected = format!("==> a.txt <==\n{CLEAN}\n==> b.txt <==\nAnother story.\n");
    assert_ended(&folder.clean(&["a.txt", "b.txt"]), 0, &expected, "");
}

#[test]
fn captions_are_data_unless_they_are_asked_for() {
    let folder = Folder::new();
    let story =
        "The vote was close, the office said on Friday.\n\nA man waves a flag. Source: AAP\n\nThe count goes on, it said on Sunday.\n";
    folder.file("a.txt", story);
    let (first, last) = ("The vote was close, the office said on Friday.", "The count goes on, it said on Sunday.");
    assert_ended(&folder.clean(&["a.txt"]), 0, &format!("{first}\n\n{last}\n"), "");
    let markdown = folder.clean(&["a.txt", "--to", "markdown", "--captions", "inline"]);
    assert_ended(&markdown, 0, &format!("{first}\n\n> A man waves a flag. — *AAP*\n\n{last}\n"), "");
    let json = folder.clean(&["a.txt", "--to", "json"]);
    let article: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(article["captions"][0]["text"], "A man waves a flag.");
    assert_eq!(article["captions"][0]["credit"], "AAP");
    assert_eq!(article["id"], "a.txt");
}

#[test]
fn invalid_utf8_is_replaced_and_told() {
    let folder = Folder::new();
    folder.file("a.txt", b"Caf\xe9 prices rose.\n");
    assert_ended(
        &folder.clean(&["a.txt"]),
        0,
        "Caf\u{fffd} prices rose.\n",
        "warning: a.txt: invalid UTF-8 in 1 place, replaced by U+FFFD\n",
    );
    assert_ended(&folder.clean(&["a.txt", "--quiet"]), 0, "Caf\u{fffd} prices rose.\n", "");
}

#[test]
fn an_unreadable_file_is_named_and_the_others_are_cleaned() {
    let folder = Folder::new();
    folder.file("a.txt", STORY);
    let ended = folder.clean(&["missing.txt", "a.txt"]);
    assert_eq!((ended.code, ended.out), (Some(2), format!("==> a.txt <==\n{CLEAN}")));
    assert_has(&ended.err, "error: cannot read missing.txt: No such file or directory");
    fs::create_dir(folder.0.join("empty")).unwrap();
    let ended = folder.clean(&["empty"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
    assert_has(&ended.err, "error: cannot read empty: no file that can be read was found in it");
}

// JSON Lines.

#[test]
fn a_malformed_line_is_told_with_its_number_and_the_rest_is_written() {
    let folder = Folder::new();
    folder.file("in.jsonl", "{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\n\n{\"id\":3,\"text\":\"c\"}\n");
    let ended = folder.clean(&["in.jsonl"]);
    assert_eq!(ended.code, Some(3));
    assert_eq!(ended.err, "error: in.jsonl:2: not a JSON object: the line ends inside a string at byte 18\n");
    let texts: Vec<_> = ended.records().iter().map(|record| record["text"].clone()).collect();
    assert_eq!(texts, ["a", "c"]);
}

#[test]
fn a_record_without_the_field_comes_back_as_an_error() {
    let folder = Folder::new();
    let ended = folder.clean_on(&[], "{\"id\":\"x\",\"k\":[1.0]}\n{\"id\":\"y\",\"text\":null}\n{\"id\":\"z\",\"text\":\"a\"}\n");
    assert_eq!(ended.code, Some(3));
    assert_eq!(ended.err, "error: -:1 (id x): no field `text`\nerror: -:2 (id y): field `text` is null, not a string\n");
    let statuses: Vec<_> = ended.records().iter().map(|record| record["status"].clone()).collect();
    assert_eq!(statuses, ["error", "error", "ok"]);
    assert_has(&ended.out, r#""id":"x","k":[1.0],"text":"","captions":[],"status":"error","error":"no field `text`""#);
}

#[test]
fn invalid_utf8_in_a_line_is_replaced_and_the_record_cleaned() {
    let folder = Folder::new();
    let ended = folder.clean_on(&[], b"{\"text\":\"caf\xe9\"}\n{\"text\":\"b\"}\n");
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), "warning: -:1: invalid UTF-8 in 1 place, replaced by U+FFFD\n"));
    assert_eq!(ended.records()[0]["text"], "caf\u{fffd}");
}

#[test]
fn unknown_fields_pass_through_byte_for_byte_in_their_order() {
    let folder = Folder::new();
    let input =
        r#"{"z" : 1.50e+03, "id":"a","text":"b","big":123456789012345678901234567890,"o":{"y":[ ],"x":null},"caf\u00e9":"\u00e9\/"}"#;
    let expected = r#"{"schema":"copydesk.article/1","z" : 1.50e+03,"id":"a","big":123456789012345678901234567890,"o":{"y":[ ],"x":null},"caf\u00e9":"\u00e9\/","text":"b","#;
    let ended = folder.clean_on(&["--lang", "en"], input);
    assert!(ended.out.starts_with(expected), "{}", ended.out);
    assert_eq!(ended.records()[0]["language"], "en");
}

#[test]
fn records_come_out_in_the_order_in_which_they_came() {
    let folder = Folder::new();
    let lines: Vec<_> = (0..5000).map(|id| format!("{{\"id\":{id},\"text\":\"Advertisement\\n\\nStory {id}.\"}}\r\n")).collect();
    let input = lines.concat();
    let ended = folder.clean_on(&["--removed"], &input);
    assert_eq!(ended.code, Some(0));
    for (id, record) in ended.records().iter().enumerate() {
        assert_eq!((&record["id"], &record["text"]), (&id.into(), &format!("Story {id}.").into()));
        assert_eq!(record["removed"][0]["rule"], "mine.ad.marker");
    }
    assert_eq!(ended.records().len(), 5000);
}

#[test]
fn fields_and_forms_may_be_named() {
    let folder = Folder::new();
    let ended = folder
        .clean_on(&["--from", "jsonl", "--to", "text", "--text-field", "body"], "{\"id\":\"x\",\"body\":\"Advertisement\\n\\nA story.\"}");
    assert_ended(&ended, 0, "==> x <==\nA story.\n", "");
    let ended = folder.clean_on(&["--to", "json"], "{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
    let all: Vec<serde_json::Value> = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(all.len(), 2);
}

#[test]
fn lines_over_the_limit_are_told() {
    let folder = Folder::new();
    let input = format!("{{\"text\":\"{}\"}}\n{{\"text\":\"b\"}}\n", "a".repeat(3000));
    let ended = folder.clean_on(&["--from", "jsonl", "--max-record", "2K"], &input);
    assert_eq!((ended.code, ended.records().len()), (Some(3), 1));
    assert_eq!(ended.err, "error: -:1: line of 3011 bytes; at most 2048 are allowed (--max-record)\n");
}

#[test]
fn what_comes_through_a_pipe_slowly_goes_out_at_once() {
    let folder = Folder::new();
    let mut child = folder.command(&with_rules("clean", &["--from", "jsonl"])).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for text in ["a", "b"] {
        writeln!(stdin, "{{\"text\":\"{text}\"}}").unwrap();
        assert_has(&lines.next().unwrap().unwrap(), &format!("\"text\":\"{text}\""));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

// Output.

#[test]
fn a_closed_pipe_is_success_without_a_word() {
    let folder = Folder::new();
    let line = format!("{{\"text\":\"{}\"}}\n", "A story that goes on. ".repeat(50));
    folder.file("in.jsonl", line.repeat(5000));
    for arguments in [["clean", "in.jsonl"], ["clean", "--to=text"], ["explain", "in.jsonl"]] {
        let arguments = with_rules(arguments[0], &[arguments[1], "in.jsonl"]);
        let mut child: Child = folder.command(&arguments).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut String::new()).unwrap();
        drop(stdout);
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_with_its_cause() {
    let folder = Folder::new();
    folder.file("a.txt", STORY);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = folder.command(&with_rules("clean", &["a.txt"])).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_has(&String::from_utf8_lossy(&output.stderr), "error: cannot write standard output: No space left on device");
    let ended = folder.clean(&["a.txt", "-o", "/dev/full"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
    assert_has(&ended.err, "error: cannot write /dev/full: No space left on device");
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let folder = Folder::new();
    folder.file("a.txt", STORY);
    assert_ended(&folder.clean(&["a.txt", "-o", "a.txt"]), 0, "", "");
    assert_eq!(folder.read("a.txt"), CLEAN);
    let ended = folder.clean(&["a.txt", "-o", "nowhere/a.txt"]);
    assert_eq!(ended.code, Some(2));
    assert_has(&ended.err, "error: cannot write nowhere/a.txt: ");
    let names: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn check_writes_nothing_and_tells_by_its_exit_code() {
    let folder = Folder::new();
    folder.file("a.txt", STORY);
    folder.file("b.txt", CLEAN);
    assert_ended(&folder.clean(&["--check", "a.txt", "b.txt"]), 1, "", "a.txt: 1 piece would go\n");
    assert_ended(&folder.clean(&["--check", "b.txt"]), 0, "", "");
}

#[test]
fn statistics_go_to_standard_error() {
    let folder = Folder::new();
    let ended = folder.clean_on(&["--stats"], STORY);
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), CLEAN));
    assert_has(&ended.err, "1 record (1 ok), 1 changed, 0 captions");
    assert_has(&ended.err, "        1           13  ad_marker  mine.ad.marker\n");
}

#[test]
fn categories_can_be_kept() {
    let folder = Folder::new();
    assert_ended(&folder.clean_on(&["--keep", "ad_marker"], STORY), 0, STORY, "");
}

// Rules.

#[test]
fn a_wrong_rule_file_is_shown_with_the_place_and_a_suggestion() {
    let folder = Folder::new();
    folder.file("bad.toml", "format = 1\n[pack]\nid = \"mine\"\n[[rule]]\nid = \"mine.a\"\nmach.is = [\"x\"]\n");
    for arguments in [["clean", "--no-builtin", "--rules", "bad.toml"], ["explain", "--no-builtin", "--rules", "bad.toml"]] {
        let ended = folder.run_on(&arguments, STORY.as_bytes());
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
        assert_has(&ended.err, "--> bad.toml:6:1");
        assert_has(&ended.err, "did you mean `match`?");
    }
    let ended = folder.run_on(&["clean", "--rules", "missing.toml"], STORY.as_bytes());
    assert_eq!(ended.code, Some(2));
    assert_has(&ended.err, "error: cannot read missing.toml: No such file or directory");
}

#[test]
fn lint_and_test_tell_by_their_exit_codes() {
    let folder = Folder::new();
    let ended = folder.run(&["rules", "lint", "--no-builtin", "mine.toml"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "{ended:?}");
    let ended = folder.run(&["rules", "test", "--no-builtin", "mine.toml"]);
    assert_ended(&ended, 0, "", "4 tests of 2 rules: 0 errors, 0 warnings\n");
    folder.file("mine.toml", RULES.replace("\"Advertisement revenue fell.\"", "\"Advertisement\""));
    let ended = folder.run(&["rules", "test", "--no-builtin", "mine.toml"]);
    assert_eq!(ended.code, Some(1));
    assert_has(&ended.out, "this miss matches");
    folder.file("mine.toml", "format = 1\n[pack]\nid = \"mine\"\nabuot = \"x\"\n");
    let ended = folder.run(&["rules", "lint", "--no-builtin", "mine.toml"]);
    assert_eq!(ended.code, Some(1));
    assert_has(&ended.out, "did you mean `about`?");
}

#[test]
fn rules_are_listed_and_shown() {
    let folder = Folder::new();
    let list = ["rules", "list", "--no-builtin", "--rules", "mine.toml", "--category", "ad_marker"];
    let ended = folder.run(&list);
    assert_ended(&ended, 0, "mine.ad.marker  ad_marker  remove   sure    A line that says only `Advertisement`.\n", "1 rule in 1 pack\n");
    let ended = folder.run(&["rules", "show", "--no-builtin", "--rules", "mine.toml", "mine.ad.marker"]);
    assert_eq!(ended.code, Some(0));
    assert!(ended.out.starts_with("# mine.toml:5\n[[rule]]\nid = \"mine.ad.marker\"\n"), "{}", ended.out);
    assert!(ended.out.ends_with("test.miss = [\"Advertisement revenue fell.\"]\n"), "{}", ended.out);
    let ended = folder.run(&["rules", "show", "--no-builtin", "--rules", "mine.toml", "marker"]);
    assert_ended(&ended, 2, "", "error: no rule `marker`; there are mine.ad.marker\n");
}

#[test]
fn built_in_rules_are_written_out_and_nothing_is_overwritten() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["rules", "export", "packs"]).code, Some(0));
    assert!(Path::new(&folder.0).join("packs/schema.json").is_file());
    let again = folder.run(&["rules", "export", "packs"]);
    assert_eq!(again.code, Some(2));
    assert_has(&again.err, "error: cannot write into packs: ");
}

#[test]
fn schemas_are_json() {
    let folder = Folder::new();
    for arguments in [&["schema"][..], &["schema", "output"], &["schema", "rules"], &["rules", "schema"]] {
        let ended = folder.run(arguments);
        assert_eq!(ended.code, Some(0));
        serde_json::from_str::<serde_json::Value>(&ended.out).unwrap();
    }
}

// Explanations.

#[test]
fn an_explanation_has_the_article_with_margins() {
    let folder = Folder::new();
    folder.file("a.txt", STORY);
    let ended = folder.run(&with_rules("explain", &["a.txt", "--lang", "en"]));
    let expected = "a.txt: ok, en, 1 of 2 blocks gone, 0 captions\n\
        gone  ad_marker          │ Advertisement\n\
        \u{20}                        ╰ mine.ad.marker: match.is = \"advertisement\"  (mine.toml:5)\n\
        \u{20}                        │\n\
        kept                     │ The vote was close, the office said on Friday, and the count goes on.\n";
    assert_ended(&ended, 0, expected, "");
}

#[test]
fn an_explanation_says_which_condition_of_a_rule_failed() {
    let folder = Folder::new();
    folder.file("a.txt", CLEAN);
    let ended = folder.run(&with_rules("explain", &["a.txt", "--rule", "mine.ad.marker"]));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert_has(&ended.out, "a.txt: mine.ad.marker matches no block; the nearest are\n");
    assert_has(&ended.out, "    failed  match.is: ");
    let ended = folder.run(&with_rules("explain", &["a.txt", "--rule", "mine.nothing"]));
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
    assert_has(&ended.err, "error: no rule `mine.nothing` takes part in cleaning a.txt");
}

#[test]
fn an_explanation_says_which_other_rule_decided() {
    let folder = Folder::new();
    folder.file("a.txt", "Follow us on Facebook\n\nThe vote was close, the office said on Friday, and the count goes on.\n");
    let ended = folder.run(&["explain", "a.txt", "--lang", "en", "--rule", "en.share.row"]);
    assert_has(&ended.out, "a.txt: en.share.row matches 1 block\n");
    assert_has(&ended.out, "    decided by en.social.follow_label\n");
    let ended = folder.run(&["explain", "a.txt", "--lang", "en", "--rule", "en.social.follow_label"]);
    assert!(!ended.out.contains("decided by"), "{}", ended.out);
}

#[test]
fn one_record_can_be_explained_by_id_or_line() {
    let folder = Folder::new();
    folder.file("in.jsonl", "{\"id\":\"x\",\"text\":\"One.\"}\n{\"id\":\"y\",\"text\":\"Two.\"}\n");
    for record in ["y", "2"] {
        let ended = folder.run(&with_rules("explain", &["in.jsonl", "--record", record, "--json"]));
        let explanation: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
        assert_eq!((&explanation["id"], &explanation["blocks"][0]["text"]), (&"y".into(), &"Two.".into()));
    }
    let ended = folder.run(&with_rules("explain", &["in.jsonl", "--record", "z"]));
    assert_ended(&ended, 2, "", "error: no record `z`\n");
}

#[test]
fn whatever_can_be_cleaned_can_be_explained() {
    let folder = Folder::new();
    let page = "<html><body><nav><a href=/>Home page</a></nav><article><p>Advertisement</p><p>The vote was close, the office said on Friday, \
        and the count goes on.</p></article></body></html>";
    folder.file("a.html", page);
    let ended = folder.run(&with_rules("explain", &["a.html", "--lang", "en"]));
    let expected = "a.html: ok, en, 2 of 3 blocks gone, 0 captions\n\
        gone  other              │ Home page\n\
        \u{20}                        ╰ html.main_content\n\
        \u{20}                        │\n\
        gone  ad_marker          │ Advertisement\n\
        \u{20}                        ╰ mine.ad.marker: match.is = \"advertisement\"  (mine.toml:5)\n\
        \u{20}                        │\n\
        kept                     │ The vote was close, the office said on Friday, and the count goes on.\n";
    assert_ended(&ended, 0, expected, "");
    folder.file("in.csv", "id,text\nx,One.\ny,Two.\n");
    folder.file("in.jsonl", format!("{}\n", serde_json::json!({ "id": "z", "html": page })));
    for (input, record, first) in [("in.csv", "y", "Two."), ("in.csv", "3", "Two."), ("in.jsonl", "z", "Home page")] {
        let ended = folder.run(&with_rules("explain", &[input, "--record", record, "--json"]));
        let explanation: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
        assert_eq!(explanation["blocks"][0]["text"], first, "{input} {record}: {}", ended.err);
    }
}

#[test]
fn explaining_goes_on_after_a_record_that_cannot_be_read() {
    let folder = Folder::new();
    folder.file("in.jsonl", "{\"id\":\"x\"}\n{\n{\"id\":\"y\",\"text\":\"Two.\"}\n");
    let ended = folder.run(&with_rules("explain", &["in.jsonl", "no.txt"]));
    assert_eq!(ended.code, Some(2));
    assert!(ended.out.starts_with("y: ok") && ended.out.lines().count() == 2, "{}", ended.out);
    for part in ["in.jsonl:1 (id x): no field `text`", "in.jsonl:2: not a JSON object", "cannot read no.txt"] {
        assert_has(&ended.err, part);
    }
}

// The program itself.

#[test]
fn versions_and_usage() {
    let folder = Folder::new();
    let version = folder.run(&["--version"]);
    assert!(version.out.starts_with(concat!("copydesk ", env!("CARGO_PKG_VERSION"), " (rules ")), "{}", version.out);
    let none = folder.run(&[]);
    assert_eq!((none.code, none.out.as_str()), (Some(2), ""));
    assert_has(&none.err, "Usage: copydesk");
    let wrong = folder.run(&["clean", "--mode", "bold"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (Some(2), ""));
    assert_has(&wrong.err, "[possible values: careful, standard, thorough]");
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let folder = Folder::new();
    folder.file("a.txt", STORY);
    let explain = with_rules("explain", &["a.txt"]);
    assert!(!folder.run(&explain).out.contains('\u{1b}'));
    let always = folder.run(&[&explain[..], &["--color", "always"]].concat());
    assert!(always.out.contains("\u{1b}[31m"), "{}", always.out);
    let forced = folder.command(&explain).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(forced.stdout.contains(&0x1b));
}
