//! From bytes to text: which encoding a page is in, by the HTML standard.
//!
//! In order of trust: a byte order mark; what was declared outside of the page (an option, the HTTP
//! or WARC header); what the page says of itself in its first 1,024 bytes; and what its bytes look
//! like. The decision is reported, because when a page comes out as `Ã¼` the first question is who
//! said so.
//!
//! ```
//! use copydesk::html::charset::{Source, decode};
//!
//! let page = decode(b"<meta charset=latin1><p>caf\xE9", None);
//! assert_eq!(page.text, "<meta charset=latin1><p>caf\u{e9}");
//! assert_eq!((page.encoding, page.source), ("windows-1252", Source::Meta));
//! ```

mod prescan;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

pub use prescan::charset_of_content_type;

/// Who decided on the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A byte order mark.
    Bom,
    /// The caller, from an option or a header.
    Declared,
    /// The page itself, in a `<meta>` or an XML declaration.
    Meta,
    /// Nobody: the bytes were looked at.
    Detected,
}

/// A decoded page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, without a byte order mark; borrowed if the bytes are UTF-8 without errors.
    pub text: Cow<'b, str>,
    /// The name of the encoding in the Encoding standard.
    pub encoding: &'static str,
    /// Who decided on it.
    pub source: Source,
    /// Whether bytes that mean nothing were replaced by U+FFFD.
    pub had_errors: bool,
}

/// Decodes a page. `declared` is what is known from outside: an encoding's label such as
/// `iso-8859-1`, or a whole content type such as `text/html; charset=iso-8859-1`. A label that no
/// standard knows counts for nothing.
#[must_use]
pub fn decode<'b>(bytes: &'b [u8], declared: Option<&str>) -> Decoded<'b> {
    let (encoding, source, skipped) = decide(bytes, declared);
    let (text, had_errors) = encoding.decode_without_bom_handling(&bytes[skipped..]);
    Decoded { text, encoding: encoding.name(), source, had_errors }
}

/// The encoding, who decided on it, and the length of the byte order mark.
fn decide(bytes: &[u8], declared: Option<&str>) -> (&'static Encoding, Source, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return (encoding, Source::Bom, length);
    }
    if let Some(encoding) = declared.and_then(declared_encoding) {
        return (encoding, Source::Declared, 0);
    }
    if let Some(encoding) = prescan::prescan(bytes) {
        return (encoding, Source::Meta, 0);
    }
    (detect(bytes), Source::Detected, 0)
}

fn declared_encoding(declared: &str) -> Option<&'static Encoding> {
    Encoding::for_label(declared.as_bytes()).or_else(|| Encoding::for_label(charset_of_content_type(declared.as_bytes())?))
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(bytes: &[u8], declared: Option<&str>) -> (&'static str, Source) {
        let decoded = decode(bytes, declared);
        (decoded.encoding, decoded.source)
    }

    #[test]
    fn byte_order_mark_beats_everything_and_is_no_text() {
        let page = decode(b"\xEF\xBB\xBF<meta charset=koi8-r>", Some("iso-8859-1"));
        assert_eq!((page.encoding, page.source), ("UTF-8", Source::Bom));
        assert_eq!(page.text, "<meta charset=koi8-r>");
        assert_eq!(decode(b"\xFF\xFEh\0i\0", None).text, "hi");
        assert_eq!(decode(b"\xFE\xFF\0h\0i", None).encoding, "UTF-16BE");
    }

    #[test]
    fn declaration_beats_the_page() {
        let page = b"<meta charset=koi8-r>\xE9";
        assert_eq!(decided(page, Some("latin1")), ("windows-1252", Source::Declared));
        let header = "text/html; charset=\"iso-8859-2\"";
        assert_eq!(decided(page, Some(header)), ("ISO-8859-2", Source::Declared));
        assert_eq!(decided(page, Some("text/html")), ("KOI8-R", Source::Meta));
        assert_eq!(decided(page, Some("nonsense")), ("KOI8-R", Source::Meta));
    }

    #[test]
    fn page_may_say_it_itself() {
        let page = decode(b"<meta charset=latin1><p>caf\xE9", None);
        assert_eq!(page.text, "<meta charset=latin1><p>caf\u{e9}");
        assert_eq!((page.encoding, page.source), ("windows-1252", Source::Meta));
    }

    #[test]
    fn undeclared_bytes_are_looked_at() {
        assert_eq!(decided("gr\u{fc}n".as_bytes(), None), ("UTF-8", Source::Detected));
        assert_eq!(decided(b"", None), ("UTF-8", Source::Detected));
        let russian =
            "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}, \u{43c}\u{438}\u{440}! \u{41a}\u{430}\u{43a} \u{434}\u{435}\u{43b}\u{430}?";
        let bytes = encoding_rs::WINDOWS_1251.encode(russian).0;
        assert_eq!(decode(&bytes, None).text, russian);
    }

    #[test]
    fn good_utf_8_is_borrowed_and_bad_bytes_are_reported() {
        let page = decode("<p>gr\u{fc}n".as_bytes(), Some("utf-8"));
        assert!(matches!(page.text, Cow::Borrowed(_)) && !page.had_errors);
        let page = decode(b"gr\xFCn", Some("utf-8"));
        assert_eq!((page.text.as_ref(), page.had_errors), ("gr\u{FFFD}n", true));
    }
}
