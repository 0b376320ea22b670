//! Attributes: found by name, decoded when read.

use std::borrow::Cow;

use super::{AttrSpan, Classes, NONE, NodeId, Tree, decode_attr, flag, fold_name};
use crate::html::names::{Attr, AttrSpace, foreign_attr_name};

impl Tree<'_> {
    /// Returns the attributes as spans, for those who look at several in one go.
    pub(in crate::html) fn attr_spans(&self, id: NodeId) -> &[AttrSpan] {
        attr_list(&self.attrs, self.node(id).attrs)
    }

    /// Says whether an element has any attribute.
    #[must_use]
    pub fn has_attrs(&self, id: NodeId) -> bool {
        self.node(id).attrs != NONE
    }

    /// Returns the decoded value of a known attribute.
    #[must_use]
    pub fn attr(&self, id: NodeId, name: Attr) -> Option<Cow<'_, str>> {
        let attr = self.attr_spans(id).iter().find(|attr| attr.name == name)?;
        Some(self.attr_value(attr))
    }

    /// Returns the decoded value of an attribute by its name in lower case, known or not.
    #[must_use]
    pub fn attr_named(&self, id: NodeId, name: &str) -> Option<Cow<'_, str>> {
        match Attr::from_name(name) {
            Attr::Unknown => {
                let is_it = |attr: &&AttrSpan| attr.name == Attr::Unknown && self.attr_source_name(attr) == name;
                let attr = self.attr_spans(id).iter().find(is_it)?;
                Some(self.attr_value(attr))
            }
            known => self.attr(id, known),
        }
    }

    /// Returns the attributes in their order: name (in lower case, `viewBox` and the like in SVG)
    /// and decoded value.
    pub fn attrs(&self, id: NodeId) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        let namespace = self.namespace(id);
        self.attr_spans(id).iter().map(move |attr| {
            let name = self.attr_source_name(attr);
            let name = match foreign_attr_name(namespace, &name) {
                Some((AttrSpace::None, adjusted)) => Cow::Borrowed(adjusted),
                _ => name,
            };
            (name, self.attr_value(attr))
        })
    }

    /// Visits the attributes with their names as numbers; a value is decoded only if it is asked for.
    pub(in crate::html) fn each_attr<'t>(&'t self, id: NodeId, mut visit: impl FnMut(Attr, &dyn Fn() -> Cow<'t, str>)) {
        for attr in self.attr_spans(id) {
            visit(attr.name, &|| self.attr_value(attr));
        }
    }

    /// Returns the value of `id`.
    #[must_use]
    pub fn id_attr(&self, id: NodeId) -> Option<Cow<'_, str>> {
        self.attr(id, Attr::Id)
    }

    /// Returns the class names, whole tokens in their order.
    #[must_use]
    pub fn classes(&self, id: NodeId) -> Classes<'_> {
        Classes::new(self.attr(id, Attr::Class).unwrap_or(Cow::Borrowed("")))
    }

    /// Returns the value of one of [`attr_spans`](Self::attr_spans), decoded.
    pub(in crate::html) fn attr_value(&self, attr: &AttrSpan) -> Cow<'_, str> {
        let value = self.span(attr.value_start, attr.value_stop);
        if attr.flags & flag::VERBATIM != 0 { Cow::Borrowed(value) } else { decode_attr(value) }
    }

    /// Returns the name of one of [`attr_spans`](Self::attr_spans) as the page writes it.
    pub(in crate::html) fn span_of_name(&self, attr: &AttrSpan) -> &str {
        self.span(attr.name_start, attr.name_start + u32::from(attr.name_len))
    }

    /// Returns the value of one of [`attr_spans`](Self::attr_spans) as the page writes it.
    pub(in crate::html) fn span_of_value(&self, attr: &AttrSpan) -> &str {
        self.span(attr.value_start, attr.value_stop)
    }

    fn attr_source_name(&self, attr: &AttrSpan) -> Cow<'_, str> {
        match attr.name {
            Attr::Unknown => fold_name(self.span(attr.name_start, attr.name_start + u32::from(attr.name_len))),
            known => Cow::Borrowed(known.name()),
        }
    }

    /// The attributes as the tree construction tests print them, sorted.
    pub(super) fn printed_attrs(&self, id: NodeId) -> Vec<(String, Cow<'_, str>)> {
        let namespace = self.namespace(id);
        let mut list: Vec<_> = self
            .attrs(id)
            .map(|(name, value)| match foreign_attr_name(namespace, &name) {
                Some((space, local)) => (format!("{}{local}", space.prefix()), value),
                None => (name.into_owned(), value),
            })
            .collect();
        list.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
        list
    }
}

/// The attributes from `first` to the last of its element.
pub(in crate::html) fn attr_list(attrs: &[AttrSpan], first: u32) -> &[AttrSpan] {
    if first == NONE {
        return &[];
    }
    let from_first = &attrs[first as usize..];
    let others = from_first.iter().take_while(|attr| attr.flags & flag::LAST == 0).count();
    &from_first[..from_first.len().min(others + 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::names::Tag;
    use crate::html::parse::Parser;

    #[test]
    fn attributes_are_found_by_name_and_decoded() {
        let page = "<p class=' a  b&amp;c ' ID=x DATA-Odd=\"1\" hidden>";
        let tree = Parser::default().parse(page).expect("it is short");
        let p = tree.find(Tag::P).expect("it is there");
        assert_eq!(tree.id_attr(p).as_deref(), Some("x"));
        assert_eq!(tree.attr(p, Attr::Hidden).as_deref(), Some(""));
        assert_eq!(tree.attr(p, Attr::Href), None);
        assert_eq!(tree.attr_named(p, "data-odd").as_deref(), Some("1"));
        assert_eq!(tree.attr_named(p, "class").as_deref(), Some(" a  b&c "));
        assert_eq!(tree.classes(p).collect::<Vec<_>>(), ["a", "b&c"]);
        assert!(tree.has_attrs(p));
        let names: Vec<_> = tree.attrs(p).map(|(name, _)| name.into_owned()).collect();
        assert_eq!(names, ["class", "id", "data-odd", "hidden"]);
    }

    #[test]
    fn attributes_of_svg_have_their_capitals() {
        let page = "<svg VIEWBOX=1 xlink:href=2 onClick=3>";
        let tree = Parser::default().parse(page).expect("it is short");
        let svg = tree.find_any(Tag::Svg).expect("it is there");
        let names: Vec<_> = tree.attrs(svg).map(|(name, _)| name.into_owned()).collect();
        assert_eq!(names, ["viewBox", "xlink:href", "onclick"]);
        assert_eq!(tree.attr(svg, Attr::Viewbox).as_deref(), Some("1"));
    }
}
