//! What a page says of its own encoding, in its first 1,024 bytes.
//!
//! This is the standard's prescan: not a parser, but a scan that knows comments and tags well enough
//! to find `<meta charset>` and `<meta http-equiv content>` where a parser would. An XML declaration
//! counts when there is no such `<meta>`.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into the page is looked.
const LIMIT: usize = 1024;

/// Finds the encoding that a page declares for itself.
pub(super) fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let bytes = &bytes[..bytes.len().min(LIMIT)];
    if bytes.starts_with(b"<\0?\0x\0") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\0<\0?\0x") {
        return Some(UTF_16BE);
    }
    Scan { bytes, at: 0 }.find_meta().ok().flatten().or_else(|| xml_encoding(bytes)).map(as_in_a_page)
}

/// A page that could be read so far can't be in UTF-16, whatever it says.
fn as_in_a_page(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16BE || encoding == UTF_16LE { UTF_8 } else { encoding }
}

/// The encoding by a label in a `<meta>`.
fn by_label(label: &[u8]) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label)?;
    Some(if encoding == encoding_rs::X_USER_DEFINED { WINDOWS_1252 } else { encoding })
}

/// The bytes end before there is an answer.
struct EndOfBytes;

/// An attribute's name and value, in lower case.
type Attribute = (Vec<u8>, Vec<u8>);

struct Scan<'b> {
    bytes: &'b [u8],
    at: usize,
}

/// The attributes of a `<meta>` that matter.
#[derive(Default)]
struct Meta {
    is_pragma: bool,
    needs_pragma: bool,
    charset: Option<&'static Encoding>,
}

impl Scan<'_> {
    /// Looks at each `<` until there is a `<meta>` with an encoding; none if there is none.
    fn find_meta(&mut self) -> Result<Option<&'static Encoding>, EndOfBytes> {
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            if rest.starts_with(b"<!--") {
                // The dashes of the start may be those of the end.
                let end = memchr::memmem::find(&rest[2..], b"-->").ok_or(EndOfBytes)?;
                self.at += 2 + end + 3;
            } else if is_meta(rest) {
                self.at += b"<meta".len();
                if let Some(encoding) = self.read_meta()? {
                    return Ok(Some(encoding));
                }
            } else if is_tag(rest) {
                self.skip_tag()?;
            } else if matches!(rest, [b'<', b'!' | b'/' | b'?', ..]) {
                self.at += memchr::memchr(b'>', rest).ok_or(EndOfBytes)? + 1;
            } else {
                self.at += 1;
            }
        }
        Ok(None)
    }

    fn skip_tag(&mut self) -> Result<(), EndOfBytes> {
        self.skip(|b| !is_space(b) && b != b'>')?;
        while self.attribute()?.is_some() {}
        self.at += 1;
        Ok(())
    }

    /// Reads the attributes of a `<meta>` and what encoding they name.
    fn read_meta(&mut self) -> Result<Option<&'static Encoding>, EndOfBytes> {
        let mut meta = Meta::default();
        let mut seen: Vec<Vec<u8>> = Vec::new();
        while let Some((name, value)) = self.attribute()? {
            if seen.contains(&name) {
                continue;
            }
            match name.as_slice() {
                b"http-equiv" => meta.is_pragma |= value == b"content-type",
                b"content" if meta.charset.is_none() => {
                    if let Some(encoding) = charset_of_content_type(&value).and_then(by_label) {
                        meta.charset = Some(encoding);
                        meta.needs_pragma = true;
                    }
                }
                b"charset" => {
                    meta.charset = by_label(&value);
                    meta.needs_pragma = false;
                }
                _ => {}
            }
            seen.push(name);
        }
        self.at += 1;
        Ok(meta.charset.filter(|_| meta.is_pragma || !meta.needs_pragma))
    }

    fn peek(&self) -> Result<u8, EndOfBytes> {
        self.bytes.get(self.at).copied().ok_or(EndOfBytes)
    }

    /// Skips bytes and returns the first that is not one of them.
    fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) -> Result<u8, EndOfBytes> {
        while is_skipped(self.peek()?) {
            self.at += 1;
        }
        self.peek()
    }

    /// Reads an attribute; none at the `>` that ends the tag.
    fn attribute(&mut self) -> Result<Option<Attribute>, EndOfBytes> {
        if self.skip(|b| is_space(b) || b == b'/')? == b'>' {
            return Ok(None);
        }
        let mut name = Vec::new();
        loop {
            match self.peek()? {
                b'=' if !name.is_empty() => break,
                b if is_space(b) => {
                    if self.skip(is_space)? != b'=' {
                        return Ok(Some((name, Vec::new())));
                    }
                    break;
                }
                b'/' | b'>' => return Ok(Some((name, Vec::new()))),
                b => name.push(b.to_ascii_lowercase()),
            }
            self.at += 1;
        }
        self.at += 1;
        let value = self.value()?;
        Ok(Some((name, value)))
    }

    fn value(&mut self) -> Result<Vec<u8>, EndOfBytes> {
        let quote = self.skip(is_space)?;
        if !matches!(quote, b'"' | b'\'') {
            let start = self.at;
            self.skip(|b| !is_space(b) && b != b'>')?;
            return Ok(self.bytes[start..self.at].to_ascii_lowercase());
        }
        self.at += 1;
        let start = self.at;
        self.skip(|b| b != quote)?;
        self.at += 1;
        Ok(self.bytes[start..self.at - 1].to_ascii_lowercase())
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ')
}

fn is_meta(rest: &[u8]) -> bool {
    rest.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"<meta")) && rest.get(5).is_some_and(|&b| is_space(b) || b == b'/')
}

fn is_tag(rest: &[u8]) -> bool {
    match rest {
        [b'<', b'/', b, ..] | [b'<', b, ..] => b.is_ascii_alphabetic(),
        _ => false,
    }
}

/// Finds the label in a content type such as `text/html; charset=utf-8`.
#[must_use]
pub fn charset_of_content_type(content: &[u8]) -> Option<&[u8]> {
    let mut rest = content;
    loop {
        let at = rest.windows(7).position(|word| word.eq_ignore_ascii_case(b"charset"))?;
        rest = rest[at + 7..].trim_ascii_start();
        if let Some(value) = rest.strip_prefix(b"=") {
            let value = value.trim_ascii_start();
            if let Some(quote @ (b'"' | b'\'')) = value.first() {
                let length = memchr::memchr(*quote, &value[1..])?;
                return Some(&value[1..=length]);
            }
            let end = value.iter().position(|&b| is_space(b) || b == b';');
            let label = &value[..end.unwrap_or(value.len())];
            return (!label.is_empty()).then_some(label);
        }
    }
}

/// The encoding of an XML declaration.
fn xml_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let declaration = &bytes[..memchr::memchr(b'>', bytes)?];
    let declaration = declaration.strip_prefix(b"<?xml")?;
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let is_blank = |b: &u8| *b <= b' ';
    let skip_blank = |bytes: &'_ [u8]| bytes.iter().take_while(|b| is_blank(b)).count();
    let rest = &declaration[at + 8..];
    let rest = rest[skip_blank(rest)..].strip_prefix(b"=")?;
    let rest = &rest[skip_blank(rest)..];
    let (&quote, rest) = rest.split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let label = &rest[..memchr::memchr(quote, rest)?];
    if label.iter().any(is_blank) { None } else { Encoding::for_label(label) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_where_a_parser_would() {
        for (page, encoding) in [
            ("<meta charset=utf-8>", Some("UTF-8")),
            ("<META CHARSET='ISO-8859-1'>", Some("windows-1252")),
            ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", Some("KOI8-R")),
            ("<meta content='text/html; charset=koi8-r' http-equiv=content-type>", Some("KOI8-R")),
            ("<meta content='text/html; charset=koi8-r'>", None),
            ("<meta name=a><meta/charset=big5>", Some("Big5")),
            ("<!-- <meta charset=koi8-r> --><meta charset=big5>", Some("Big5")),
            ("<!--><meta charset=big5>", Some("Big5")),
            ("<a title='<meta charset=koi8-r>'><meta charset=big5>", Some("Big5")),
            ("<meta charset=utf-16le>", Some("UTF-8")),
            ("<meta charset=x-user-defined>", Some("windows-1252")),
            ("<meta charset=nonsense>", None),
            ("<meta charset=nonsense><meta charset=big5>", Some("Big5")),
            ("<metadata charset=big5>", None),
            ("<meta charset=big5 charset=koi8-r>", Some("Big5")),
            ("<meta charset = big5 >", Some("Big5")),
            ("<meta charset=big5", None),
            ("<?xml version='1.0' encoding='ISO-8859-2'?><p>", Some("ISO-8859-2")),
            ("<?xml encoding='koi8-r'?><meta charset=big5>", Some("Big5")),
            ("<?xml version='1.0'?><p>", None),
        ] {
            let found = prescan(page.as_bytes()).map(Encoding::name);
            assert_eq!(found, encoding, "{page}");
        }
    }

    #[test]
    fn only_the_first_1024_bytes_are_looked_at() {
        let page = |padding: usize| format!("{}<meta charset=big5>", " ".repeat(padding));
        assert!(prescan(page(1000).as_bytes()).is_some());
        assert!(prescan(page(1010).as_bytes()).is_none());
    }

    #[test]
    fn labels_are_found_in_content_types() {
        for (content, label) in [
            ("text/html; charset=utf-8", Some("utf-8")),
            ("text/html;charset = \"utf-8\" ; x", Some("utf-8")),
            ("charset charset=a;b", Some("a")),
            ("text/html; charset", None),
            ("charset=\"open", None),
            ("charset=", None),
            ("text/html", None),
        ] {
            assert_eq!(charset_of_content_type(content.as_bytes()), label.map(str::as_bytes));
        }
    }

    #[test]
    fn prescan_ends_on_any_bytes() {
        for page in ["<", "<!", "<!--", "<meta", "<meta ", "<meta charset", "<meta charset='", "<a/"] {
            assert_eq!(prescan(page.as_bytes()), None);
        }
    }
}
