//! A tree as text, in the format of the html5lib tree construction tests.

use std::fmt;

use super::{NodeId, Tree};
use crate::html::names::{Namespace, Tag};

/// Prints a tree as the html5lib tests do:
///
/// ```text
/// | <html>
/// |   <head>
/// |   <body>
/// |     class="x"
/// |     "text"
/// ```
#[derive(Debug)]
pub struct Dump<'t>(pub &'t Tree<'t>);

impl fmt::Display for Dump<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tree = self.0;
        // Ends of the subtrees we are in, and the indent inside each.
        let mut open: Vec<(NodeId, usize)> = vec![(tree.end(NodeId::ROOT), 0)];
        let mut is_in_text = false;
        for id in tree.nodes() {
            while open.last().is_some_and(|&(end, _)| id >= end) {
                open.pop();
            }
            let indent = open.last().map_or(0, |&(_, indent)| indent);
            if is_in_text && !(tree.is_text(id) && tree.continues(id)) {
                writeln!(f, "\"")?;
                is_in_text = false;
            }
            if tree.is_text(id) {
                if !is_in_text {
                    write!(f, "| {:indent$}\"", "")?;
                }
                write!(f, "{}", tree.text(id))?;
                is_in_text = true;
                continue;
            }
            write_node(f, tree, id, indent)?;
            let inside = indent + if tree.is_html(id, Tag::Template) { 4 } else { 2 };
            open.push((tree.end(id), inside));
        }
        if is_in_text {
            writeln!(f, "\"")?;
        }
        Ok(())
    }
}

fn write_node(f: &mut fmt::Formatter<'_>, tree: &Tree<'_>, id: NodeId, indent: usize) -> fmt::Result {
    write!(f, "| {:indent$}", "")?;
    if tree.tag(id) == Tag::Comment {
        return writeln!(f, "<!-- {} -->", tree.text(id));
    }
    if let Some(doctype) = tree.doctype(id) {
        return writeln!(f, "{doctype}");
    }
    let prefix = match tree.namespace(id) {
        Namespace::Html => "",
        Namespace::Svg => "svg ",
        Namespace::MathMl => "math ",
    };
    writeln!(f, "<{prefix}{}>", tree.name(id))?;
    for (name, value) in tree.printed_attrs(id) {
        writeln!(f, "| {:indent$}  {name}=\"{value}\"", "")?;
    }
    if tree.is_html(id, Tag::Template) {
        writeln!(f, "| {:indent$}  content", "")?;
    }
    Ok(())
}
