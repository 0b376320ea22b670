//! The fast parser against the reference: on the html5lib inputs and on real pages.

mod support;

use copydesk::html::parse::spec;
use copydesk::html::tree::Dump;
use copydesk::html::{NodeId, Options, Parser, SelectRules, Tree};
use support::{each_page, shared, tree_tests};

/// The visible text of a page.
fn visible(tree: &Tree<'_>) -> String {
    tree.visible_text(NodeId::ROOT).map(|id| tree.text(id)).collect()
}

/// The first lines in which two dumps differ, for a report.
fn difference(ours: &str, theirs: &str) -> String {
    let at = ours.lines().zip(theirs.lines()).position(|(a, b)| a != b);
    let at = at.unwrap_or_else(|| ours.lines().count().min(theirs.lines().count()));
    let part = |dump: &str| {
        let lines = dump.lines().skip(at.saturating_sub(4)).take(12);
        lines.map(|line| line.chars().take(110).collect::<String>()).collect::<Vec<_>>().join("\n")
    };
    format!("line {at}\n--- ours\n{}\n--- reference\n{}\n", part(ours), part(theirs))
}

#[test]
fn trees_of_the_html5lib_inputs_are_those_of_the_reference() {
    let Some(folder) = shared("html5lib-tests/tree-construction") else {
        return;
    };
    let mut differences = Vec::new();
    for scripting in [false, true] {
        let options = Options { scripting, select: SelectRules::Current };
        let mut fast = Parser::new(options);
        for test in tree_tests(&folder) {
            let ours = Dump(&fast.parse(&test.data).expect("it is short")).to_string();
            let theirs = Dump(&spec::parse(&test.data, options).expect("it is short")).to_string();
            if ours != theirs {
                differences.push(format!("{}: {}\n{}", test.file, test.data, difference(&ours, &theirs)));
            }
        }
    }
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn pages_are_those_of_the_reference() {
    for scripting in [false, true] {
        compare_pages(Options { scripting, select: SelectRules::Current });
    }
}

fn compare_pages(options: Options) {
    let mut parser = Parser::new(options);
    let (mut other_text, mut other_tree) = (Vec::new(), Vec::new());
    let count = each_page(|page| {
        let ours = parser.parse(&page.html).expect("it is short");
        let theirs = spec::parse(&page.html, options).expect("it is short");
        let name = format!("{} {}", page.set, page.id);
        if visible(&ours) != visible(&theirs) {
            other_text.push(name.clone());
        }
        // A dump has all there is: elements, attributes, text, comments, the document type.
        let dumps = (Dump(&ours).to_string(), Dump(&theirs).to_string());
        if dumps.0 != dumps.1 || ours.quirks() != theirs.quirks() {
            other_tree.push(format!("{name}: {}", difference(&dumps.0, &dumps.1)));
        }
        parser.recycle(ours);
    });
    eprintln!(
        "{count} pages, scripting {}: {} with another text, {} with another tree",
        options.scripting,
        other_text.len(),
        other_tree.len()
    );
    assert!(other_text.len() * 200 <= count, "another text: {other_text:?}");
    assert!(other_tree.len() * 200 <= count, "another tree:\n{}", other_tree.join("\n"));
}
