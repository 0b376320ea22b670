//! The words in class names and ids: whole, and split at `-`, `_`, digits and capitals.
//!
//! `class="entry-content col-6 postBody"` has the tokens `entry-content`, `entry`, `content`, `col`, `post`, `body` and `postbody`. A
//! token is known by the hash of its lower-case letters, so that reading names is one pass over their bytes and no more.

use std::borrow::Cow;

use crate::html::names::Attr;
use crate::html::tree::{AttrSpan, NodeId, Tree};

/// Longer names are made by machines and say nothing.
const LONGEST: usize = 40;

/// Calls `found` with each list of names that an element has: its class, its id.
pub(super) fn each_list<'t>(tree: &'t Tree<'_>, id: NodeId, mut found: impl FnMut(Cow<'t, str>)) {
    tree.attr_spans(id).iter().filter(|attr| has_names(attr)).for_each(|attr| found(tree.attr_value(attr)));
}

/// Whether an attribute is a list of names.
pub(super) fn has_names(attr: &AttrSpan) -> bool {
    matches!(attr.name, Attr::Class | Attr::Id | Attr::Itemprop)
}

/// Calls `found` with the hash and the spelling of each token of a list of names, and whether it has a digit.
pub(super) fn each_token(names: &str, mut found: impl FnMut(u32, &str, bool)) {
    for name in names.split_ascii_whitespace().filter(|name| name.len() <= LONGEST) {
        each_part(name, &mut found);
    }
}

/// Splits one name into its words and, if they are more than one, the whole.
fn each_part(name: &str, found: &mut impl FnMut(u32, &str, bool)) {
    let bytes = name.as_bytes();
    let mut whole = NO_BYTES;
    let mut is_split = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if SMALL[usize::from(byte)] == 0 {
            whole = add_lower(whole, byte);
            is_split = true;
            at += 1;
            continue;
        }
        let (start, mut part, mut before_turn) = (at, NO_BYTES, false);
        while let Some(&byte) = bytes.get(at) {
            let small = SMALL[usize::from(byte)];
            let is_capital = small != byte;
            if small == 0 || is_capital && before_turn {
                break;
            }
            is_split |= is_capital && at > 0;
            before_turn = !is_capital;
            part = add_lower(part, small);
            whole = add_lower(whole, small);
            at += 1;
        }
        is_split |= at < bytes.len();
        if at - start > 1 {
            found(part, &name[start..at], false);
        }
    }
    if is_split {
        found(whole, name, bytes.iter().any(u8::is_ascii_digit));
    }
}

/// Letters as small ones; 0 for other bytes.
static SMALL: [u8; 256] = {
    let mut small = [0; 256];
    let mut byte = b'A';
    while byte <= b'z' {
        if byte.is_ascii_alphabetic() {
            small[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    small
};

/// The hash of no bytes.
pub(super) const NO_BYTES: u32 = 0x811C_9DC5;

/// FNV-1a over ASCII lower case.
pub(super) fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(NO_BYTES, |hash, &byte| add(hash, byte))
}

/// Adds a byte to a [`hash`].
#[inline]
pub(super) fn add(hash: u32, byte: u8) -> u32 {
    add_lower(hash, byte.to_ascii_lowercase())
}

/// Adds a byte that is no capital to a [`hash`].
#[inline]
pub(super) fn add_lower(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Parser;
    use crate::html::names::Tag;

    #[test]
    fn names_are_split_into_words() {
        let tree = Parser::default().parse("<p class='entry-content col-6 postBody ad' id=x_Main>").expect("it is short");
        let mut tokens = Vec::new();
        each_list(&tree, tree.find(Tag::P).expect("it is there"), |names| {
            each_token(&names, |_, token, _| tokens.push(token.to_owned()));
        });
        assert_eq!(tokens, ["entry", "content", "entry-content", "col", "col-6", "post", "Body", "postBody", "ad", "Main", "x_Main"]);
    }

    #[test]
    fn case_does_not_count() {
        assert_eq!(hash(b"postBody"), hash(b"postbody"));
    }
}
