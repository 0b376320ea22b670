//! What counts as a picture or a video, and where it is loaded from.

use std::borrow::Cow;

use url::Url;

use super::FigureKind;
use super::words::Hints;
use crate::html::{Attr, NodeId, Tag, Tree};

/// Pictures that say that they are smaller than this, in pixels, are signs and trackers.
const SMALLEST: u32 = 49;

/// Hosts of players that are embedded as frames.
const PLAYERS: &[&str] = &["youtube", "youtu.be", "vimeo", "dailymotion", "brightcove", "jwplatform", "jwplayer", "/video", "player."];

/// The kind of a medium, or nothing if the element is none.
pub(super) fn kind(tree: &Tree<'_>, id: NodeId) -> Option<FigureKind> {
    match tree.tag(id) {
        Tag::Img | Tag::AmpImg => (!is_sign(tree, id)).then_some(FigureKind::Photo),
        Tag::Image if tree.is_html(id, Tag::Image) => Some(FigureKind::Photo),
        Tag::Video => Some(FigureKind::Video),
        Tag::Iframe => {
            let address = [Attr::Src, Attr::DataSrc].into_iter().find_map(|name| tree.attr(id, name))?;
            PLAYERS.iter().any(|player| address.contains(player)).then_some(FigureKind::Video)
        }
        Tag::Unknown => match &*tree.name(id) {
            "amp-video" | "amp-youtube" | "amp-brightcove" | "amp-iframe-video" | "amp-dailymotion" | "amp-vimeo" | "amp-jwplayer" => {
                Some(FigureKind::Video)
            }
            "amp-anim" => Some(FigureKind::Photo),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a picture is a sign by its size or its class.
fn is_sign(tree: &Tree<'_>, id: NodeId) -> bool {
    let pixels = |name| tree.attr(id, name).and_then(|value| value.trim_end_matches("px").trim().parse::<u32>().ok());
    let is_small = |name| pixels(name).is_some_and(|pixels| pixels < SMALLEST);
    // `height=1` is a mistake of some layouts where the width is right.
    let small = match (pixels(Attr::Width), pixels(Attr::Height)) {
        (Some(_), Some(_)) => is_small(Attr::Width) && is_small(Attr::Height),
        _ => is_small(Attr::Width) || is_small(Attr::Height),
    };
    small || tree.attr(id, Attr::Class).is_some_and(|class| Hints::of_names(&class).has(Hints::SIGN))
}

/// The address of a picture as the page writes it: the one that is loaded late where there is one, since `src` is a
/// placeholder then, else `src`, else the largest of a `srcset`.
pub(super) fn address<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<Cow<'t, str>> {
    const LATE: [Attr; 4] = [Attr::DataSrc, Attr::DataLazySrc, Attr::DataOriginal, Attr::DataUrl];
    if tree.tag(id) == Tag::Video {
        let poster = tree.attr(id, Attr::Poster);
        return poster.filter(|address| is_address(address));
    }
    let late = LATE.into_iter().find_map(|name| tree.attr(id, name).filter(|address| is_address(address)));
    let plain = || tree.attr(id, Attr::Src).filter(|address| is_address(address));
    let set = || [Attr::Srcset, Attr::DataSrcset].into_iter().find_map(|name| largest(&tree.attr(id, name)?));
    late.or_else(plain).or_else(|| set().map(Cow::Owned)).or_else(|| source_before(tree, id).map(Cow::Owned))
}

/// The first source of the `picture` that an image stands in.
fn source_before(tree: &Tree<'_>, image: NodeId) -> Option<String> {
    let picture = tree.parent(image).filter(|&parent| tree.tag(parent) == Tag::Picture)?;
    let sources = tree.children(picture).filter(|&child| tree.tag(child) == Tag::Source);
    sources.take(16).find_map(|source| {
        [Attr::Srcset, Attr::DataSrcset]
            .into_iter()
            .find_map(|name| largest(&tree.attr(source, name)?))
            .filter(|address| is_address(address))
    })
}

/// Whether something can be loaded from an address: not from a placeholder, an empty string or a template of a script.
fn is_address(address: &str) -> bool {
    let address = address.trim();
    !(address.is_empty()
        || address.starts_with("data:")
        || address.starts_with("about:")
        || address.contains("{{")
        || address.starts_with('#'))
}

/// The candidate of a `srcset` with the largest width or density; the first if none says.
fn largest(set: &str) -> Option<String> {
    let mut best: Option<(f64, &str)> = None;
    // Commas stand in addresses too; between candidates one is followed by white space or follows a descriptor.
    let mut rest = set;
    while let Some(start) = rest.find(|c: char| !c.is_ascii_whitespace() && c != ',') {
        rest = &rest[start..];
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let address = &rest[..end];
        rest = &rest[end..];
        let (address, size) = if let Some(bare) = address.strip_suffix(',') {
            (bare, 0.0)
        } else {
            let stop = rest.find(',').unwrap_or(rest.len());
            let size = rest[..stop].trim().trim_end_matches(['w', 'x', 'h']).parse().unwrap_or(0.0);
            rest = &rest[stop..];
            (address, size)
        };
        if is_address(address) && best.is_none_or(|(most, _)| size > most) {
            best = Some((size, address));
        }
    }
    best.map(|(_, address)| address.to_owned())
}

/// An address in full; nothing for what is none.
pub(super) fn resolve(address: &str, base: Option<&Url>) -> Option<String> {
    let address = address.trim();
    let url = match base {
        Some(base) => base.join(address).ok()?,
        None => Url::parse(address).ok()?,
    };
    Some(url.into())
}

/// Longest address that others are resolved against, in bytes: each of them becomes as long.
const LONGEST_BASE: usize = 4_000;

/// What addresses are relative to: the page's `<base href>`, itself relative to the page's own address.
pub(super) fn base(tree: &Tree<'_>, page: Option<&Url>) -> Option<Url> {
    // A `<base>` stands in the head; looking further than its end would cost a walk over the page.
    let head = tree.find(Tag::Head)?;
    let written = tree.descendants(head).filter(|&id| tree.is_html(id, Tag::Base)).find_map(|id| tree.attr(id, Attr::Href));
    let own = written.and_then(|href| match page {
        Some(page) => page.join(href.trim()).ok(),
        None => Url::parse(href.trim()).ok(),
    });
    own.or_else(|| page.cloned()).filter(|url| !url.cannot_be_a_base() && url.as_str().len() <= LONGEST_BASE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_of_a_set_is_taken() {
        let cases = [
            ("a.jpg", Some("a.jpg")),
            ("a.jpg 1x, b.jpg 2x", Some("b.jpg")),
            ("a.jpg 900w,b.jpg 450w", Some("a.jpg")),
            (
                "https://img.example/w_100,h_50/a.jpg 100w, https://img.example/w_800,h_400/a.jpg 800w",
                Some("https://img.example/w_800,h_400/a.jpg"),
            ),
            ("a.jpg, b.jpg", Some("a.jpg")),
            ("data:image/gif;base64,R0 1x", None),
            (" , ,", None),
            ("", None),
        ];
        for (set, expected) in cases {
            assert_eq!(largest(set).as_deref(), expected, "{set}");
        }
    }
}
