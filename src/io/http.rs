//! Answers to HTTP requests, as web archives keep them: headers and a body that may be in chunks and compressed.

use std::borrow::Cow;
use std::io::Read;

use super::problem::ProblemKind;

/// Headers that an answer may have.
const HEADERS: usize = 256;

/// A page out of an archive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<'b> {
    /// Its bytes.
    pub(super) body: Cow<'b, [u8]>,
    /// Its content type, with the encoding where one is declared.
    pub(super) content_type: String,
}

/// The page in an answer; `None` when it holds none: a picture, a redirect, an error. `limit` is what it may become unpacked.
pub(super) fn page(answer: &[u8], limit: usize) -> Result<Option<Page<'_>>, ProblemKind> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let wrong = |error: &dyn std::fmt::Display| ProblemKind::Malformed(format!("not an answer to an HTTP request: {error}"));
    let start = match httparse::ParserConfig::default()
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .ignore_invalid_headers_in_responses(true)
        .parse_response(&mut response, answer)
    {
        Ok(httparse::Status::Complete(start)) => start,
        Ok(httparse::Status::Partial) => return Err(wrong(&"it ends in its headers")),
        Err(error) => return Err(wrong(&error)),
    };
    let header = |name: &str| {
        let found = response.headers.iter().rfind(|header| header.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(found.value).trim().to_ascii_lowercase())
    };
    let content_type = header("content-type").unwrap_or_default();
    let is_page = ["text/html", "application/xhtml+xml", ""].contains(&content_type.split(';').next().unwrap_or_default().trim());
    if !is_page || !response.code.is_some_and(|code| (200..300).contains(&code)) {
        return Ok(None);
    }
    let mut body = Cow::Borrowed(&answer[start..]);
    if header("transfer-encoding").is_some_and(|encoding| encoding.contains("chunked")) {
        body = joined(&answer[start..]).map_or(body, Cow::Owned);
    }
    let encodings = header("content-encoding").unwrap_or_default();
    for encoding in encodings.rsplit(',').map(str::trim) {
        body = unpacked(body, encoding, limit)?;
    }
    Ok(Some(Page { body, content_type }))
}

/// The chunks of a body; `None` when it is in none, for many archives have joined them and kept the header.
fn joined(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = memchr::memchr(b'\n', &rest[..rest.len().min(4096)]);
        let size = end.and_then(|end| size_of_chunk(&rest[..end]));
        let (Some(end), Some(size)) = (end, size) else {
            // What comes behind whole chunks is lost in the archive.
            return (!out.is_empty()).then_some(out);
        };
        if size == 0 {
            return Some(out);
        }
        rest = &rest[end + 1..];
        out.extend_from_slice(&rest[..size.min(rest.len())]);
        rest = &rest[size.min(rest.len())..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

fn size_of_chunk(line: &[u8]) -> Option<usize> {
    let digits = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
    usize::from_str_radix(digits, 16).ok()
}

/// The body without one kind of compression, unless it is not compressed whatever its header says.
fn unpacked<'b>(body: Cow<'b, [u8]>, encoding: &str, limit: usize) -> Result<Cow<'b, [u8]>, ProblemKind> {
    let reader: Box<dyn Read + '_> = match encoding {
        "gzip" | "x-gzip" if body.starts_with(b"\x1f\x8b") => Box::new(flate2::read::MultiGzDecoder::new(&*body)),
        "deflate" if body.first().is_some_and(|first| first & 0x0f == 8) => Box::new(flate2::read::ZlibDecoder::new(&*body)),
        "deflate" => Box::new(flate2::read::DeflateDecoder::new(&*body)),
        "zstd" if body.starts_with(b"\x28\xb5\x2f\xfd") => match zstd::Decoder::new(&*body) {
            Ok(decoder) => Box::new(decoder),
            Err(_) => return Ok(body),
        },
        "br" if !looks_plain(&body) => Box::new(brotli_decompressor::Decompressor::new(&*body, 4096)),
        _ => return Ok(body),
    };
    let mut out = Vec::new();
    let result = reader.take(limit as u64 + 1).read_to_end(&mut out);
    match result {
        _ if out.len() > limit => Err(ProblemKind::TooLarge { len: out.len() as u64, limit }),
        Err(_) if out.is_empty() && looks_plain(&body) => Ok(body),
        // A page that was cut off in the archive is read as far as it goes.
        Err(error) if out.is_empty() => Err(ProblemKind::Malformed(format!("the page cannot be unpacked ({encoding}): {error}"))),
        _ => Ok(Cow::Owned(out)),
    }
}

/// Whether a body begins as pages do.
fn looks_plain(body: &[u8]) -> bool {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn answer(headers: &str, body: &[u8]) -> Vec<u8> {
        [b"HTTP/1.1 200 OK\r\n", headers.as_bytes(), b"\r\n\r\n", body].concat()
    }

    fn body(headers: &str, bytes: &[u8]) -> String {
        let answer = answer(headers, bytes);
        String::from_utf8(page(&answer, 1000).unwrap().unwrap().body.into_owned()).unwrap()
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn chunks_are_joined_and_bodies_unpacked() {
        assert_eq!(body("Content-Type: text/html\r\nTransfer-Encoding: chunked", b"3\r\n<p>\r\n1;x=y\r\na\r\n0\r\n\r\n"), "<p>a");
        assert_eq!(body("content-type: text/html\r\ncontent-encoding: gzip", &gzip(b"<p>a")), "<p>a");
        let packed = gzip(b"<p>a");
        let chunk = [format!("{:x}\r\n", packed.len()).as_bytes(), &packed, b"\r\n0\r\n\r\n"].concat();
        assert_eq!(body("Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip", &chunk), "<p>a");
    }

    #[test]
    fn headers_that_the_archive_has_outlived_are_passed_over() {
        let headers = "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip";
        assert_eq!(body(headers, b"<p>as it is"), "<p>as it is");
        for encoding in ["gzip", "deflate", "br", "zstd"] {
            let headers = format!("Content-Type: text/html\r\nContent-Encoding: {encoding}");
            for page in ["<p>as it is", "<!DOCTYPE html>\n<p>as it is", "\u{feff}<html>as it is"] {
                assert_eq!(body(&headers, page.as_bytes()), page, "{encoding}");
            }
        }
    }

    #[test]
    fn what_is_no_page_is_none() {
        let none = |answer: &[u8]| page(answer, 1000).unwrap().is_none();
        assert!(none(&answer("Content-Type: image/png", b"x")));
        assert!(none(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>"));
        assert!(page(b"HTTP/1.1 200 OK\r\nContent-", 1000).is_err());
        assert!(page(b"garbage", 1000).is_err());
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = answer("Content-Type: text/html\r\nContent-Encoding: gzip", &gzip(&[b'x'; 5000]));
        assert!(matches!(page(&bomb, 1000), Err(ProblemKind::TooLarge { limit: 1000, .. })));
    }
}
