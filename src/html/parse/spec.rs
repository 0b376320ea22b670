//! The reference parser: html5ever, filling our tree.
//!
//! It is some fifteen times slower than the fast one and has no bounds against hostile pages; it is
//! here to be compared with, and for those who trust it more. What it hands over is decoded already
//! and no span of the page, so the tree gets a buffer of its own as its source.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use html5ever::interface::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ExpandedName, LocalName, ParseOpts, QualName, ns};

use super::tokenizer::scan_text;
use super::{Context, Options, TooLong, check_length};
use crate::html::names::{Attr, Namespace, Tag};
use crate::html::tree::{AttrSpan, Draft, NONE, Node, Quirks, Tree, flag, offset};

/// Parses a whole page. The current rules of `<select>` hold, whatever the options say.
///
/// # Errors
/// Pages of 4 GiB and more are refused.
pub fn parse(page: &str, options: Options) -> Result<Tree<'static>, TooLong> {
    check_length(page)?;
    Ok(html5ever::parse_document(Sink::default(), settings(options)).one(page).into_tree(false))
}

/// Parses the content of an element. The content hangs right below the root.
///
/// # Errors
/// Fragments of 4 GiB and more are refused.
pub fn parse_fragment(fragment: &str, context: Context, options: Options) -> Result<Tree<'static>, TooLong> {
    check_length(fragment)?;
    let namespace = match context.namespace {
        Namespace::Html => ns!(html),
        Namespace::Svg => ns!(svg),
        Namespace::MathMl => ns!(mathml),
    };
    let name = QualName::new(None, namespace, LocalName::from(context.tag.name()));
    let parser = html5ever::parse_fragment(Sink::default(), settings(options), name, Vec::new(), true);
    Ok(parser.one(fragment).into_tree(true))
}

fn settings(options: Options) -> ParseOpts {
    let tree_builder = TreeBuilderOpts { scripting_enabled: options.scripting, ..TreeBuilderOpts::default() };
    ParseOpts { tree_builder, ..ParseOpts::default() }
}

/// A node as html5ever refers to it; it asks for names, so elements have theirs with them.
#[derive(Clone, Debug)]
struct Handle {
    id: u32,
    name: Option<Rc<QualName>>,
    is_annotation_point: bool,
}

impl Handle {
    fn nameless(id: u32) -> Self {
        Self { id, name: None, is_annotation_point: false }
    }
}

/// The tree as it grows, with the text that its nodes are spans of.
#[derive(Debug, Default)]
struct Growth {
    draft: Draft,
    text: String,
    quirks: Quirks,
}

/// Takes html5ever's calls.
#[derive(Debug)]
struct Sink(RefCell<Growth>);

impl Default for Sink {
    fn default() -> Self {
        let mut growth = Growth::default();
        growth.draft.clear();
        Self(RefCell::new(growth))
    }
}

impl Growth {
    fn into_tree(mut self, is_fragment: bool) -> Tree<'static> {
        if is_fragment {
            self.unwrap_fragment();
        }
        let (nodes, attrs) = self.draft.finish();
        Tree::new(Cow::Owned(self.text), nodes, attrs, self.quirks)
    }

    /// Puts the content of the `html` element that html5ever makes for a fragment below the root.
    fn unwrap_fragment(&mut self) {
        let html = self.draft.last_child(0);
        if html != NONE {
            self.draft.move_children(html, 0);
            self.draft.detach(html);
        }
    }

    /// Appends to the text and returns the span; nothing, should it not fit into a tree.
    fn write(&mut self, text: &str) -> (u32, u32) {
        if check_length(&self.text).is_err() || u32::try_from(self.text.len() + text.len()).is_err() {
            return (0, 0);
        }
        let start = offset(self.text.len());
        self.text.push_str(text);
        (start, offset(self.text.len()))
    }

    fn element(&mut self, name: &QualName, attrs: Vec<Attribute>) -> u32 {
        let tag = Tag::from_name(&name.local);
        let flags = match name.ns {
            ns!(svg) => flag::SVG,
            ns!(mathml) => flag::MATHML,
            _ => 0,
        };
        let (start, stop) = match tag {
            Tag::Unknown => self.write(&format!("<{}>", name.local)),
            _ => (0, 0),
        };
        let id = self.draft.add_detached(Node::new(tag, flags, start, stop));
        self.add_attrs(id, attrs);
        id
    }

    /// Gives an element attributes besides those it has.
    fn add_attrs(&mut self, id: u32, attrs: Vec<Attribute>) {
        let mut all = self.draft.attrs_of(id).to_vec();
        for attr in attrs {
            let span = self.attribute(&attr);
            let name = |span: &AttrSpan| self.text[span.name_start as usize..][..usize::from(span.name_len)].to_owned();
            if all.iter().all(|known| known.name != span.name || name(known) != name(&span)) {
                all.push(span);
            }
        }
        for attr in &mut all {
            attr.flags &= !flag::LAST;
        }
        let Some(last) = all.last_mut() else { return };
        last.flags |= flag::LAST;
        self.draft.node_mut(id).attrs = offset(self.draft.attrs().len());
        self.draft.attrs().extend(all);
    }

    fn attribute(&mut self, attr: &Attribute) -> AttrSpan {
        let name = match &attr.name.prefix {
            Some(prefix) if !prefix.is_empty() => format!("{prefix}:{}", attr.name.local),
            _ => attr.name.local.to_string(),
        };
        let (name_start, name_stop) = self.write(&name);
        let (value_start, value_stop) = self.write(&attr.value);
        AttrSpan {
            name: Attr::from_name(&name),
            flags: flag::VERBATIM,
            name_len: u16::try_from(name_stop - name_start).unwrap_or(0),
            name_start,
            value_start,
            value_stop,
        }
    }

    /// Lengthens a text that ends where the buffer does, if it is one.
    fn extend(&mut self, text_node: u32, text: &str) -> bool {
        let end = offset(self.text.len());
        if text_node == NONE || self.draft.node(text_node).stop != end {
            return false;
        }
        let (_, stop) = self.write(text);
        let node = self.draft.node_mut(text_node);
        node.flags |= ink_of(text);
        node.stop = stop.max(end);
        true
    }

    fn text_node(&mut self, text: &str) -> Node {
        let (start, stop) = self.write(text);
        Node::new(Tag::Text, ink_of(text), start, stop)
    }

    fn append(&mut self, parent: u32, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendNode(node) => self.draft.move_to(parent, node.id),
            NodeOrText::AppendText(text) => {
                let before = self.draft.last_child_if_text(parent);
                if !self.extend(before, &text) {
                    let node = self.text_node(&text);
                    self.draft.append_text(parent, node);
                }
            }
        }
    }

    fn insert_before(&mut self, sibling: u32, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendNode(node) => self.draft.move_before(sibling, node.id),
            NodeOrText::AppendText(text) => {
                let before = self.draft.text_before(sibling);
                if !self.extend(before, &text) {
                    let node = self.text_node(&text);
                    self.draft.insert_before(sibling, node);
                }
            }
        }
    }
}

/// Whether there is more than white space, as the flag of a node.
fn ink_of(text: &str) -> u16 {
    scan_text(text.as_bytes()) & flag::INK
}

/// An identifier, behind a space, in those quotes that it does not have itself.
fn quoted(id: &str) -> String {
    let quote = if id.contains('"') { '\'' } else { '"' };
    format!(" {quote}{id}{quote}")
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Growth;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Growth {
        self.0.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle::nameless(0)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.as_ref().expect("html5ever asks for names of elements only").expanded()
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let id = self.0.borrow_mut().element(&name, attrs);
        let is_annotation_point = flags.mathml_annotation_xml_integration_point;
        Handle { id, name: Some(Rc::new(name)), is_annotation_point }
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        let mut growth = self.0.borrow_mut();
        let (start, stop) = growth.write(&text);
        Handle::nameless(growth.draft.add_detached(Node::new(Tag::Comment, 0, start, stop)))
    }

    fn create_pi(&self, _: StrTendril, data: StrTendril) -> Handle {
        // Pages have none: `<?` begins a comment.
        self.create_comment(data)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.0.borrow_mut().append(parent.id, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        let mut growth = self.0.borrow_mut();
        if growth.draft.node(element.id).parent == NONE {
            growth.append(previous.id, child);
        } else {
            growth.insert_before(element.id, child);
        }
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        let mut growth = self.0.borrow_mut();
        let keyword = match (public.is_empty(), system.is_empty()) {
            (true, true) => "",
            (true, false) => " SYSTEM",
            (false, _) => " PUBLIC",
        };
        let ids = [&public, &system].into_iter().filter(|id| !id.is_empty());
        let ids: String = ids.map(|id| quoted(id)).collect();
        let declaration = format!("<!DOCTYPE {name}{keyword}{ids}>");
        let (start, stop) = growth.write(&declaration);
        growth.draft.append(0, Node::new(Tag::Doctype, 0, start, stop));
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.0.borrow_mut().quirks = match mode {
            QuirksMode::Quirks => Quirks::Yes,
            QuirksMode::LimitedQuirks => Quirks::Limited,
            QuirksMode::NoQuirks => Quirks::No,
        };
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        self.0.borrow_mut().insert_before(sibling.id, child);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        self.0.borrow_mut().add_attrs(target.id, attrs);
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.0.borrow_mut().draft.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.0.borrow_mut().draft.move_children(node.id, new_parent.id);
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        handle.is_annotation_point
    }

    fn allow_declarative_shadow_roots(&self, _: &Handle) -> bool {
        false
    }
}
