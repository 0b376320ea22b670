//! What counts as a picture or a video, and where it is loaded from.

use std::borrow::Cow;

use url::{Position, Url};

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
        _ => kind_by_name(tree, id),
    }
}

/// The kind of a medium of AMP.
fn kind_by_name(tree: &Tree<'_>, id: NodeId) -> Option<FigureKind> {
    if tree.tag(id) != Tag::Unknown {
        return None;
    }
    match &*tree.name(id) {
        "amp-video" | "amp-youtube" | "amp-brightcove" | "amp-iframe-video" | "amp-dailymotion" | "amp-vimeo" | "amp-jwplayer" => {
            Some(FigureKind::Video)
        }
        "amp-anim" => Some(FigureKind::Photo),
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
    if kind_by_name(tree, id) == Some(FigureKind::Video) || tree.tag(id) == Tag::Video {
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
    if let Some(whole) = resolve_plain(address, base) {
        return Some(whole);
    }
    let url = match base {
        Some(base) => base.join(address).ok()?,
        None => Url::parse(address).ok()?,
    };
    Some(url.into())
}

/// The same for addresses in which nothing is to be changed, as nearly all are; nothing for others.
fn resolve_plain(address: &str, base: Option<&Url>) -> Option<String> {
    let base = base.filter(|base| matches!(base.scheme(), "http" | "https"));
    let (origin, path) = if let Some(rest) = address.strip_prefix("//") {
        (base?.scheme(), after_host(rest)?)
    } else if let Some(rest) = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")) {
        ("", after_host(rest)?)
    } else if address.starts_with('/') {
        (&base?[..Position::BeforePath], address)
    } else {
        return None;
    };
    if !is_plain_path(path) {
        return None;
    }
    let joint = if address.starts_with("//") { ":" } else { "" };
    Some([origin, joint, address].concat())
}

/// What follows a host that needs no change: names in small letters with single hyphens inside, the last beginning with a letter.
fn after_host(rest: &str) -> Option<&str> {
    let (host, path) = rest.split_at(rest.find('/')?);
    let is_name = |name: &str| {
        let inside = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        inside && !name.is_empty() && !name.starts_with('-') && !name.ends_with('-') && !name.contains("--")
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    (host.split('.').all(is_name) && last.starts_with(|c: char| c.is_ascii_lowercase())).then_some(path)
}

/// Whether a path, with a query if there is one, stands as it will: no dots to resolve, nothing to be encoded, no part of a page named.
fn is_plain_path(path: &str) -> bool {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let is_plain = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'/' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@' | b'%'
            )
    };
    // `%2e` is a dot too.
    let has_dots = || memchr::memmem::find(path.as_bytes(), b"/.").is_some() || path.contains("%2e") || path.contains("%2E");
    path.as_bytes().iter().all(is_plain) && query.as_bytes().iter().all(|byte| is_plain(byte) || *byte == b'?') && !has_dots()
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
    fn plain_addresses_are_those_that_stay_as_they_are() {
        let hosts = [
            "news.example",
            "a-b.c1.example",
            "1.2.3.4",
            "a..b",
            "-a.b",
            "a--b.c",
            "xn--a.b",
            "A.b",
            "a.b:80",
            "u@a.b",
            "a_b.c",
            "a.",
            "a.0x1",
            "",
        ];
        let paths = [
            "/",
            "/a.jpg",
            "/a b",
            "/a/../b",
            "/./a",
            "/%2e%2E/a",
            "/a%20b,(1);c=d@e:f",
            "/a?b=c&d=/e?f",
            "/a?b='c'",
            "/a'b",
            "/a#b",
            "/a\\b",
            "/é",
            "/a|b^c",
            "/a{b}",
            "/a?\"b\"",
            "/a//b",
            "/..a",
            "/a..",
            "/a/.",
            "/%",
            "?a",
            "",
            "\t/a",
        ];
        let bases = [
            None,
            Some("https://site.example/a/b?c"),
            Some("http://site.example:8080/"),
            Some("https://u:p@site.example/x"),
            Some("file:///a/b"),
        ];
        let mut plain = 0;
        for base in bases.map(|base| base.map(|base| Url::parse(base).expect("it is an address"))) {
            for path in paths {
                let starts = hosts.iter().flat_map(|host| [format!("https://{host}"), format!("http://{host}"), format!("//{host}")]);
                for start in starts.chain([String::new(), "/".to_owned(), "ftp://a.b".to_owned(), "https:".to_owned()]) {
                    let address = format!("{start}{path}");
                    let Some(quick) = resolve_plain(&address, base.as_ref()) else { continue };
                    let url = base.as_ref().map_or_else(|| Url::parse(&address), |base| base.join(&address));
                    assert_eq!(url.map(String::from).as_ref(), Ok(&quick), "{address} {base:?}");
                    plain += 1;
                }
            }
        }
        assert!(plain > 100, "{plain}");
    }

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
