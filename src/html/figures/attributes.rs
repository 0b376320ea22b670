//! Captions and credits that stand in no text of the page: attributes for scripts, `<meta>` of microdata, lists of pictures as JSON.
//!
//! ```html
//! <img src=1.jpg data-caption="The pier" data-credit="Ann Roe">
//! <div itemscope itemtype=https://schema.org/ImageObject><img src=1.jpg><meta itemprop=caption content="The pier"></div>
//! <div class=gallery data-images='[{"src": "1.jpg", "caption": "The pier", "credit": "Ann Roe"}]'></div>
//! ```

use serde_json::{Map, Value};

use super::survey::LONGEST_CAPTION;
use super::text;
use super::words::Hints;
use crate::html::{Attr, Context, NodeId, Parser, Tag, Tree};

/// What attributes tell of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) caption: Option<String>,
    pub(super) credit: Option<String>,
    /// Where the picture is loaded from, as written; only of lists.
    pub(super) address: Option<String>,
}

/// Words beside `caption` or `credit` in the name of an attribute that leave it one: `data-image-caption`.
const BESIDE: &[&str] =
    &["image", "img", "photo", "picture", "media", "figure", "fancybox", "lightbox", "slide", "gallery", "item", "full", "long", "pic"];

/// The last word of the name of an attribute with a credit.
const CREDITS: &[&str] = &["credit", "credits", "copyright", "photographer", "creditline", "credittext"];

/// Most children of an `ImageObject` that are looked at.
const MOST_CHILDREN: usize = 64;

/// What the attributes of an element for scripts, and what its `<meta>` children say if it is an `ImageObject`.
pub(super) fn of_element(tree: &Tree<'_>, id: NodeId) -> Told {
    let mut told = Told::default();
    let mut is_image = false;
    // References in a value make it up to ten times as long as what it says.
    for attr in tree.attr_spans(id).iter().filter(|attr| attr.len() <= 10 * LONGEST_CAPTION) {
        let name = tree.span_of_name(attr);
        if matches!(attr.name, Attr::Itemtype) || name.eq_ignore_ascii_case("typeof") {
            is_image |= tree.attr_value(attr).split(['/', ':', ' ']).any(|part| part == "ImageObject");
        }
        let place = match said_by(name) {
            Some(Said::Caption) if told.caption.is_none() => &mut told.caption,
            Some(Said::Credit) if told.credit.is_none() => &mut told.credit,
            _ => continue,
        };
        *place = Some(tree.attr_value(attr)).filter(|value| value.len() <= LONGEST_CAPTION as usize).and_then(|value| neat(&value));
    }
    if is_image {
        for meta in tree.children(id).filter(|&child| tree.tag(child) == Tag::Meta).take(MOST_CHILDREN) {
            told.add_property(tree, meta);
        }
    }
    if let Some(caption) = told.caption.take() {
        let (caption, credit) = parts_of(caption);
        (told.caption, told.credit) = (caption, told.credit.take().or(credit));
    }
    told.credit = told.credit.map(|credit| if credit.contains('<') { parts_of(credit).0.unwrap_or_default() } else { credit });
    told
}

impl Told {
    fn add_property(&mut self, tree: &Tree<'_>, meta: NodeId) {
        let Some(names) = [Attr::Itemprop, Attr::Property].into_iter().find_map(|name| tree.attr(meta, name)) else { return };
        let value =
            || tree.attr(meta, Attr::Content).filter(|value| value.len() <= LONGEST_CAPTION as usize).and_then(|value| neat(&value));
        match names.rsplit(':').next().unwrap_or_default() {
            "caption" => self.caption = value().or_else(|| self.caption.take()),
            "description" if self.caption.is_none() => self.caption = value(),
            "creditText" => self.credit = value().or_else(|| self.credit.take()),
            "copyrightHolder" | "copyrightNotice" if self.credit.is_none() => self.credit = value(),
            _ => {}
        }
    }
}

enum Said {
    Caption,
    Credit,
}

/// What the name of an attribute for scripts says that its value is.
fn said_by(name: &str) -> Option<Said> {
    let start = name.get(..5).filter(|start| start.eq_ignore_ascii_case("data-"))?;
    let name = name[start.len()..].to_ascii_lowercase();
    if name == "sub-html" {
        return Some(Said::Caption);
    }
    let (before, last) = name.rsplit_once(['-', '_']).unwrap_or(("", &name));
    if !before.split(['-', '_']).all(|word| word.is_empty() || BESIDE.contains(&word)) {
        return None;
    }
    match last {
        "caption" => Some(Said::Caption),
        last if CREDITS.contains(&last) => Some(Said::Credit),
        _ => None,
    }
}

/// A value with its white space joined; nothing if it is hardly a letter long.
fn neat(value: &str) -> Option<String> {
    let text = value.split_whitespace().collect::<Vec<_>>().join(" ");
    (text.len() > 2).then_some(text)
}

/// Caption and credit in a value that may be a piece of HTML.
fn parts_of(value: String) -> (Option<String>, Option<String>) {
    if !value.contains('<') {
        return (Some(value), None);
    }
    let Ok(tree) = Parser::default().parse_fragment(&value, Context::default()) else { return (None, None) };
    let credit = tree.nodes().find(|&id| tree.is_element(id) && tree.has_attrs(id) && Hints::of(&tree, id).has(Hints::CREDIT));
    let skip: Vec<NodeId> = credit.into_iter().collect();
    let caption = text::joined(&tree, NodeId::ROOT, tree.end(NodeId::ROOT), &skip);
    let credit = credit.map(|id| text::joined(&tree, id, tree.end(id), &[]));
    (Some(caption).filter(|text| !text.is_empty()), credit.filter(|text| !text.is_empty()))
}

/// Shortest and longest list of pictures that is read, in bytes; most bytes of all lists of a page; most values in one that are looked at.
pub(in crate::html) const SHORTEST_LIST: u32 = 30;
pub(in crate::html) const LONGEST_LIST: u32 = 200_000;
pub(super) const MOST_LISTS: u32 = 2_000_000;
const MOST_VALUES: usize = 5_000;

/// Whether an element has an attribute that may be a list of pictures; how long it is.
pub(super) fn list_length(tree: &Tree<'_>, id: NodeId) -> Option<u32> {
    lists(tree, id).map(|attr| attr.len()).max()
}

fn lists<'t>(tree: &'t Tree<'_>, id: NodeId) -> impl Iterator<Item = &'t crate::html::tree::AttrSpan> {
    tree.attr_spans(id).iter().filter(|attr| {
        (SHORTEST_LIST..=LONGEST_LIST).contains(&attr.len())
            && tree.span_of_name(attr).get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data-"))
    })
}

/// The pictures with captions that the attributes of an element list as JSON. Either its names or those of the attribute must say that they
/// are pictures.
pub(super) fn of_lists(tree: &Tree<'_>, id: NodeId) -> Vec<Told> {
    let mut found = Vec::new();
    for attr in lists(tree, id) {
        // Most are no JSON, or say nothing of captions, which can be seen before references in them are read.
        let written = tree.span_of_value(attr);
        let may_be_json =
            written.trim_start().starts_with(['[', '{', '&']) && memchr::memmem::find(written.as_bytes(), b"aption").is_some();
        if !may_be_json {
            continue;
        }
        let value = tree.attr_value(attr);
        let is_json = value.trim_start().starts_with(['[', '{']) && value.contains("aption\"");
        let says = || Hints::of(tree, id).and(Hints::of_names(tree.span_of_name(attr)));
        if is_json && says().has(Hints::PICTURE.and(Hints::GALLERY)) {
            // What is broken is for scripts alone.
            if let Ok(value) = serde_json::from_str::<Value>(&value) {
                add_objects(&value, &mut found);
            }
        }
    }
    found
}

fn add_objects(value: &Value, found: &mut Vec<Told>) {
    let mut open = vec![value];
    for _ in 0..MOST_VALUES {
        match open.pop() {
            None => return,
            Some(Value::Array(items)) => open.extend(items.iter().take(MOST_VALUES).rev()),
            Some(Value::Object(object)) => match of_object(object) {
                Some(told) => found.push(told),
                None => open.extend(object.iter().take(MOST_VALUES).map(|(_, inner)| inner).rev()),
            },
            _ => {}
        }
    }
}

/// A picture with a caption.
fn of_object(object: &Map<String, Value>) -> Option<Told> {
    let first =
        |keys: &[&str]| keys.iter().find_map(|key| object.get(*key)?.as_str().filter(|text| text.len() <= LONGEST_CAPTION as usize));
    let address = ["src", "url", "image", "imageUrl", "image_url", "original", "large", "full", "href", "contentUrl"];
    let inner = || object.get("image").and_then(|image| image.get("src").or_else(|| image.get("url"))).and_then(Value::as_str);
    let address = first(&address).or_else(inner).filter(|address| is_picture(address))?;
    let (caption, credit) = parts_of(neat(first(&["caption", "captionText", "imageCaption"])?)?);
    let own = first(&["credit", "creditText", "credits", "copyright", "copyrightHolder", "photographer"]).and_then(neat);
    let credit = own.map_or(credit, |own| parts_of(own).0);
    caption.map(|caption| Told { caption: Some(caption), credit, address: Some(address.to_owned()) })
}

/// Whether an address can be of a picture: it has the ending of one, or none.
fn is_picture(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    !address.trim().is_empty()
        && ending.is_none_or(|ending| matches!(&*ending, "jpg" | "jpeg" | "png" | "webp" | "gif" | "avif" | "jpe" | "ashx" | "php"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(page: &str, of: impl Fn(&Tree<'_>, NodeId) -> Vec<Told>) -> Vec<(String, String)> {
        let tree = Parser::default().parse(page).expect("it is short");
        let id = tree.find(Tag::Div).expect("it is there");
        let text = |text: Option<String>| text.unwrap_or_default();
        of(&tree, id).into_iter().map(|told| (text(told.caption), text(told.credit))).collect()
    }

    #[test]
    fn attributes_are_known_by_their_last_word() {
        let cases = [
            ("data-caption='A boat'", "A boat", ""),
            ("DATA-Image-Caption=' A  boat ' data-photo-credit=Roe", "A boat", "Roe"),
            ("data-sub-html='<b>A</b> boat<span class=credit>Roe</span>'", "A boat", "Roe"),
            ("data-copyright='© <b>Roe</b>'", "", "© Roe"),
            ("data-caption-id=abc data-show-caption=true data-has-credit=yes caption=x", "", ""),
            ("data-caption=1", "", ""),
        ];
        for (attributes, caption, credit) in cases {
            let expected = vec![(caption.to_owned(), credit.to_owned())];
            assert_eq!(told(&format!("<div {attributes}>"), |tree, id| vec![of_element(tree, id)]), expected, "{attributes}");
        }
    }

    #[test]
    fn lists_of_pictures_are_read() {
        let one = |n: u8| format!("{{\"src\": \"/{n}.jpg\", \"caption\": \"Boat {n}\", \"credit\": \"Roe\"}}");
        let boat = |n: u8| (format!("Boat {n}"), "Roe".to_owned());
        let cases = [
            (format!("class=gallery data-items='[{}, {}]'", one(1), one(2)), vec![boat(1), boat(2)]),
            (format!("data-images='{{\"a\": {{\"b\": [{}]}}}}'", one(1)), vec![boat(1)]),
            (format!("data-items='[{}]'", one(1)), vec![]),
            (format!("data-images='[{}'", one(1)), vec![]),
            ("data-images='[{\"src\": \"/a.vtt\", \"caption\": \"English (captions)\"}]'".to_owned(), vec![]),
        ];
        for (attributes, expected) in cases {
            assert_eq!(told(&format!("<div {attributes}>"), of_lists), expected, "{attributes}");
        }
    }
}
