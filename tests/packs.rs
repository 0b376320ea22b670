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
fn no_file_has_errors() {
    let output = copydesk(&["rules", "lint", "--errors"]);
    assert!(output.status.success(), "copydesk rules lint: {}\n{}", output.status, told(&output));
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
