//! The built-in packs pass the tests that stand in them.
//!
//! Failures are shown as `copydesk rules test` shows them, with file and line.

use std::process::{Command, Output};

fn copydesk(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_copydesk")).args(args).env("NO_COLOR", "1").output().expect("the program was built for this test")
}

/// The errors that the program told, without its warnings, and its last words.
fn told(output: &Output) -> String {
    let (found, messages) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let errors: Vec<&str> = found.split("\n\n").filter(|diagnostic| !diagnostic.starts_with("warning")).collect();
    format!("{}\n{messages}", errors.join("\n\n"))
}

#[test]
fn the_tests_of_all_rules_pass() {
    let output = copydesk(&["rules", "test"]);
    assert!(output.status.success(), "copydesk rules test: {}\n{}", output.status, told(&output));
}

#[test]
fn lints_find_nothing() {
    let output = copydesk(&["rules", "lint"]);
    assert!(output.status.success(), "copydesk rules lint: {}\n{}", output.status, String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_language_has_rules() {
    for language in copydesk::rules::builtin::languages() {
        let rules = copydesk::rules::RuleSet::builder().build_for(Some(language)).expect("the built-in rules are well formed");
        let begins = format!("{language}.");
        assert!(rules.iter().any(|rule| rule.id.as_str().starts_with(&begins)), "no rule for {language}");
    }
}

/// [`copydesk::Engine::selectors`] gives those of the user's rules alone, so that packs need not be read for pages of other languages.
#[test]
fn no_built_in_rule_has_a_selector() {
    let all = copydesk::rules::RuleSet::builder().build().and_then(|set| set.all()).expect("the built-in rules are well formed");
    let with_selector: Vec<&str> = all.iter().filter(|rule| rule.matcher.css.is_some()).map(|rule| rule.id.as_str()).collect();
    assert_eq!(with_selector, [""; 0]);
}

/// What there is to know of built-in rules was found out when the library was built; what a user changes of them holds all the same.
#[test]
fn built_in_rules_can_be_changed() {
    let is_kept = |change: &str, line: &str| {
        let rules = format!("format = 1\n[pack]\nid = \"mine\"\n{change}");
        let engine = copydesk::Engine::builder().rules_text("mine.toml", &rules).build().expect("the change is well formed");
        let story = "The first ferry in eleven weeks left the harbour on Friday morning, with 212 passengers on board.\n";
        engine.clean(&format!("{story}\n{line}\n")).text.contains(line)
    };
    let cases = [
        ("rule = \"en.ad.marker\"\nmatch.add.is = [\"a word from the quay\"]", "A word from the quay"),
        ("rule = \"en.newsletter.inbox_strong\"\nmatch.add.has = [\"into your cabin\"]", "Get the best of the paper sent into your cabin."),
    ];
    for (change, line) in cases {
        assert!(is_kept("", line), "{line}");
        assert!(!is_kept(&format!("[[override]]\n{change}\n"), line), "{line}");
    }
    assert!(!is_kept("", "Advertisement"));
    assert!(is_kept("[[override]]\nrule = \"en.ad.*\"\nstatus = \"off\"\n", "Advertisement"));
}
