//! The html5lib tree construction tests, where they are present.

mod support;

use copydesk::html::tree::Dump;
use copydesk::html::{Context, Namespace, Options, Parser, SelectRules, Tag};
use support::{TreeTest, shared, tree_tests};

fn context(name: &str) -> Context {
    let (namespace, name) = match name.split_once(' ') {
        Some(("svg", name)) => (Namespace::Svg, name),
        Some(("math", name)) => (Namespace::MathMl, name),
        _ => (Namespace::Html, name),
    };
    Context { tag: Tag::from_name(name), namespace }
}

fn run(test: &TreeTest, options: Options) -> String {
    let mut parser = Parser::new(options);
    let tree = match &test.fragment {
        Some(name) => parser.parse_fragment(&test.data, context(name)),
        None => parser.parse(&test.data),
    };
    Dump(&tree.expect("tests are short")).to_string().trim_end_matches('\n').to_owned()
}

/// Runs the tests of one kind and returns how many pass and the report of the others.
fn run_all(tests: &[TreeTest], select: SelectRules) -> (usize, Vec<String>) {
    let mut failures = Vec::new();
    let mut passed = 0;
    for test in tests {
        let modes = test.scripting.map_or(vec![false, true], |mode| vec![mode]);
        let wrong = modes.into_iter().find_map(|scripting| {
            let actual = run(test, Options { scripting, select });
            (actual != test.expected).then_some((scripting, actual))
        });
        match wrong {
            None => passed += 1,
            Some((scripting, actual)) => failures.push(format!(
                "{} (scripting {scripting}, fragment {:?})\n{}\n--- expected\n{}\n--- actual\n{actual}\n",
                test.file, test.fragment, test.data, test.expected
            )),
        }
    }
    (passed, failures)
}

#[test]
fn trees_are_those_of_html5lib() {
    let Some(folder) = shared("html5lib-tests/tree-construction") else {
        return;
    };
    let (fragments, documents): (Vec<_>, Vec<_>) = tree_tests(&folder).into_iter().partition(|test| test.fragment.is_some());
    for (kind, tests, select, least) in [
        ("documents, classic select", &documents, SelectRules::Classic, DOCUMENTS_CLASSIC),
        ("documents, current select", &documents, SelectRules::Current, DOCUMENTS_CURRENT),
        ("fragments, classic select", &fragments, SelectRules::Classic, FRAGMENTS_CLASSIC),
    ] {
        let (passed, failures) = run_all(tests, select);
        eprintln!("{kind}: {passed} of {}", tests.len());
        if std::env::var_os("COPYDESK_VERBOSE").is_some() {
            eprintln!("{}", failures.join("\n"));
        }
        assert!(passed >= least, "{kind}: {passed} pass, it should be {least}\n{}", failures.join("\n"));
    }
}

/// How many tests pass; each exception is known by name.
const DOCUMENTS_CLASSIC: usize = 1524;
const DOCUMENTS_CURRENT: usize = 1510;
const FRAGMENTS_CLASSIC: usize = 170;
