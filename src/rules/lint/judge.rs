//! Tests inside rules: which there are, what passes, and how a failure is shown.

use super::super::diagnostics::{self, Code, Diagnostic};
use super::super::rule::{Action, Rule, RuleId, RuleTest, Status};
use super::super::set::RuleSet;
use super::super::source::RuleFile;

/// What an engine knows of a text; made by whoever has an engine.
///
/// Lines are counted from 0, as [`str::lines`] gives them. The document has the language, the host and the medium that the
/// rule's scope asks for.
pub trait Judge {
    /// The lines on which `rule` matches when it runs alone with the rules that it leans on. For rules with a `section`, the lines
    /// that go with the heading too.
    fn claims(&self, rule: &Rule, text: &str) -> Vec<usize>;

    /// The lines that are removed, in whole or in part, when all rules run, each with the rule that does it.
    fn removes(&self, rule: &Rule, text: &str) -> Vec<(usize, RuleId)>;
}

/// What came of the tests.
#[derive(Clone, Debug, Default)]
pub struct TestReport {
    /// Failures (errors) and hits that other rules take (warnings), in the order of files and lines.
    pub diagnostics: Vec<Diagnostic>,
    /// Number of rules with tests.
    pub rules: usize,
    /// Number of tests.
    pub tests: usize,
}

/// Runs the tests of rules. Their files are looked up in `set`, which must [keep tests](super::super::RuleSetBuilder::keep_tests).
pub fn run_tests<'r>(set: &RuleSet, rules: impl IntoIterator<Item = &'r Rule>, judge: &dyn Judge) -> TestReport {
    let files = set.files();
    let mut report = TestReport::default();
    let mut last: Option<&RuleId> = None;
    for rule in rules {
        // An override with a scope splits a rule in two; its tests are run once.
        if rule.status == Status::Off || last.replace(&rule.id) == Some(&rule.id) {
            continue;
        }
        let Some(file) = files.iter().find(|file| file.name() == *rule.origin.file) else { continue };
        let before = report.tests;
        Runner { rule, file, judge, report: &mut report }.run();
        report.rules += usize::from(report.tests > before);
    }
    diagnostics::sort(&mut report.diagnostics);
    report
}

struct Runner<'r> {
    rule: &'r Rule,
    file: &'r RuleFile,
    judge: &'r dyn Judge,
    report: &'r mut TestReport,
}

impl Runner<'_> {
    fn run(&mut self) {
        let rule = self.rule;
        for test in &rule.tests.hit {
            self.hit(test);
        }
        for test in &rule.tests.miss {
            self.miss(test);
        }
        for test in &rule.tests.gap {
            if self.matches(&Sample::new(&test.text)) {
                self.fail(test, "this gap matches now", "move it to `test.hit`");
            }
        }
        self.report.tests += rule.tests.hit.len() + rule.tests.miss.len() + rule.tests.gap.len();
    }

    fn hit(&mut self, test: &RuleTest) {
        let sample = Sample::new(&test.text);
        if !self.matches(&sample) {
            return self.fail(test, "this hit does not match", "`copydesk explain --rule` shows which key fails");
        }
        if !matches!(self.rule.action, Action::Remove | Action::Cut) || self.rule.status != Status::Stable {
            return;
        }
        let removed = self.judge.removes(self.rule, &sample.text);
        let counted: Vec<&(usize, RuleId)> = removed.iter().filter(|(line, _)| sample.counts(*line)).collect();
        let is_own = counted.iter().any(|(_, id)| *id == self.rule.id);
        if let Some((_, thief)) = counted.first().filter(|_| !is_own) {
            let message = format!("`{thief}` takes this hit of `{}`", self.rule.id);
            self.report.diagnostics.push(Diagnostic::warning(Code::StolenHit, self.file, self.range(test), message));
        }
    }

    fn miss(&mut self, test: &RuleTest) {
        let sample = Sample::new(&test.text);
        let claimed = self.judge.claims(self.rule, &sample.text);
        if claimed.iter().any(|&line| sample.counts(line)) {
            return self.fail(test, "this miss matches", "bound the rule, or move the text to `test.hit`");
        }
        // Other lines of a small document may well be boilerplate; only a line that is marked, or alone, is known to be none.
        if sample.marked.is_empty() && sample.text.lines().filter(|line| !line.trim().is_empty()).count() > 1 {
            return;
        }
        let removed = self.judge.removes(self.rule, &sample.text);
        if let Some((_, by)) = removed.iter().find(|(line, _)| sample.counts(*line)) {
            let message = format!("`{by}` removes this miss of `{}`", self.rule.id);
            self.report.diagnostics.push(Diagnostic::warning(Code::HarmedMiss, self.file, self.range(test), message));
        }
    }

    /// Whether the rule claims what counts: each marked line, or any line.
    fn matches(&self, sample: &Sample) -> bool {
        let claimed = self.judge.claims(self.rule, &sample.text);
        if sample.marked.is_empty() { !claimed.is_empty() } else { sample.marked.iter().all(|line| claimed.contains(line)) }
    }

    fn fail(&mut self, test: &RuleTest, what: &str, help: &str) {
        let message = format!("{what}: `{}`", self.rule.id);
        let error = Diagnostic::error(Code::TestFailed, self.file, self.range(test), message);
        self.report.diagnostics.push(error.help(help));
    }

    fn range(&self, test: &RuleTest) -> std::ops::Range<usize> {
        self.file.clamp(test.span.start..test.span.end)
    }
}

/// The text of a test without the marks of the lines that count.
struct Sample {
    text: String,
    marked: Vec<usize>,
}

impl Sample {
    fn new(written: &str) -> Self {
        let mut text = String::with_capacity(written.len());
        let mut marked = Vec::new();
        for (line, content) in written.lines().enumerate() {
            if line > 0 {
                text.push('\n');
            }
            let unmarked = content.strip_prefix(">> ");
            marked.extend(unmarked.map(|_| line));
            text.push_str(unmarked.unwrap_or(content));
        }
        Self { text, marked }
    }

    /// Whether a line is one of those that count.
    fn counts(&self, line: usize) -> bool {
        self.marked.is_empty() || self.marked.contains(&line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A judge for which a rule claims the lines that contain one of its phrases, and all rules together remove "Advertisement".
    struct ByPhrase;

    impl Judge for ByPhrase {
        fn claims(&self, rule: &Rule, text: &str) -> Vec<usize> {
            let has = |line: &str| rule.matcher.is.iter().any(|phrase| line.to_lowercase() == *phrase);
            text.lines().enumerate().filter(|(_, line)| has(line)).map(|(at, _)| at).collect()
        }

        fn removes(&self, _: &Rule, text: &str) -> Vec<(usize, RuleId)> {
            let lines = text.lines().enumerate().filter(|(_, line)| *line == "Advertisement");
            lines.map(|(at, _)| (at, RuleId::new("other.rule"))).collect()
        }
    }

    fn codes(tests: &str) -> Vec<(Code, u32)> {
        let text = format!(
            "format = 1\n[pack]\nid = 'my'\n[[rule]]\nid = 'my.rule'\ncategory = 'other'\nabout = 'x'\naction = 'remove'\n\
             match.is = ['one', 'two', 'advertisement']\n{tests}"
        );
        let set = RuleSet::builder().builtin(false).keep_tests(true).add_text("my.toml", &text).build().expect("the file is right");
        let rules = set.all().expect("the rules are right");
        let report = run_tests(&set, &rules, &ByPhrase);
        assert_eq!(report.rules, 1);
        report.diagnostics.into_iter().map(|diagnostic| (diagnostic.code, diagnostic.line)).collect()
    }

    #[test]
    fn tests_that_hold_say_nothing() {
        assert_eq!(codes("test.hit = ['One', \"\"\"\nstory\n>> Two\n\"\"\"]\ntest.miss = ['three']\ntest.gap = ['four']"), []);
    }

    #[test]
    fn failures_point_at_their_text() {
        let cases: [(&str, &[(Code, u32)]); 7] = [
            ("test.hit = [\n'One',\n'three']", &[(Code::TestFailed, 12)]),
            ("test.miss = ['One']", &[(Code::TestFailed, 10)]),
            ("test.gap = ['One']", &[(Code::TestFailed, 10)]),
            ("test.hit = [\"\"\"\n>> story\nOne\n\"\"\"]", &[(Code::TestFailed, 10)]),
            ("test.miss = [\"\"\"\n>> story\nOne\n\"\"\"]", &[]),
            ("test.hit = ['Advertisement']", &[(Code::StolenHit, 10)]),
            ("test.miss = [\"\"\"\nstory\nAdvertisement fell\n\"\"\"]", &[]),
        ];
        for (tests, expected) in cases {
            assert_eq!(codes(tests), expected, "{tests}");
        }
    }

    #[test]
    fn a_miss_that_another_rule_removes_is_harmed() {
        let text = "format = 1\n[pack]\nid = 'my'\n[[rule]]\nid = 'my.rule'\ncategory = 'other'\nabout = 'x'\naction = 'remove'\n\
                    match.is = ['one']\ntest.miss = ['Advertisement']";
        let set = RuleSet::builder().builtin(false).keep_tests(true).add_text("my.toml", text).build().expect("the file is right");
        let report = run_tests(&set, &set.all().expect("the rules are right"), &ByPhrase);
        assert_eq!(report.diagnostics[0].code, Code::HarmedMiss);
    }
}
