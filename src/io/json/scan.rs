//! One pass over an object: where its fields stand, and whether it is JSON at all.

use std::fmt;
use std::ops::Range;

use super::string::{find_mark, find_special, has_control};

/// Where one field of an object stands in its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// The name, without its quotation marks.
    pub(crate) name: Range<usize>,
    /// Whether the name has escapes.
    pub(crate) escaped: bool,
    /// The value, from its first to its last byte.
    pub(crate) value: Range<usize>,
}

impl Field {
    /// Name and value with all between them, as written.
    pub(crate) fn whole(&self) -> Range<usize> {
        self.name.start - 1..self.value.end
    }
}

/// What is wrong with a line, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    at: usize,
    message: &'static str,
}

impl JsonError {
    /// Byte of the line, from 1.
    pub fn column(&self) -> usize {
        self.at + 1
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.message, self.column())
    }
}

impl std::error::Error for JsonError {}

/// Notes the fields of the object that is the whole of `line`. `open` is room for nested values.
pub(crate) fn object(line: &str, fields: &mut Vec<Field>, open: &mut Vec<u8>) -> Result<(), JsonError> {
    fields.clear();
    // Most lines have no control character, and then no string has to look for one.
    let find = if has_control(line.as_bytes(), 0xff) { find_special } else { find_mark };
    let mut scan = Scan { bytes: line.as_bytes(), at: 0, find };
    scan.expect(b'{', "expected an object")?;
    if scan.peek_token() == Some(b'}') {
        scan.at += 1;
    } else {
        loop {
            fields.push(scan.field(open)?);
            match scan.next_token() {
                Some(b',') => {}
                Some(b'}') => break,
                found => return Err(scan.unexpected(found, "expected `,` or `}`")),
            }
        }
    }
    match scan.next_token() {
        None => Ok(()),
        found => Err(scan.unexpected(found, "text after the end of the object")),
    }
}

struct Scan<'l> {
    bytes: &'l [u8],
    at: usize,
    /// Finds what may end or disturb a string.
    find: fn(&[u8]) -> usize,
}

impl Scan<'_> {
    fn field(&mut self, open: &mut Vec<u8>) -> Result<Field, JsonError> {
        self.expect(b'"', "expected the name of a field")?;
        let start = self.at;
        let escaped = self.string()?;
        let name = start..self.at - 1;
        self.expect(b':', "expected `:`")?;
        self.space();
        let start = self.at;
        self.value(open)?;
        Ok(Field { name, escaped, value: start..self.at })
    }

    /// One value of any depth. `open` holds the bracket that closes each array or object that is still open.
    fn value(&mut self, open: &mut Vec<u8>) -> Result<(), JsonError> {
        open.clear();
        loop {
            if self.opens(open)? {
                continue;
            }
            loop {
                let Some(&closing) = open.last() else { return Ok(()) };
                match self.next_token() {
                    Some(b',') => {
                        self.name_in(closing)?;
                        break;
                    }
                    Some(byte) if byte == closing => {
                        open.pop();
                    }
                    found => return Err(self.unexpected(found, "expected `,` or the end of an array or object")),
                }
            }
        }
    }

    /// Reads a plain value, or the start of an array or object up to its first value: then the answer is `true`.
    fn opens(&mut self, open: &mut Vec<u8>) -> Result<bool, JsonError> {
        let closing = match self.next_token() {
            Some(b'"') => return self.string().map(|_| false),
            Some(b'{') => b'}',
            Some(b'[') => b']',
            Some(b't') => return self.word("rue"),
            Some(b'f') => return self.word("alse"),
            Some(b'n') => return self.word("ull"),
            Some(first @ (b'-' | b'0'..=b'9')) => return self.number(first).map(|()| false),
            found => return Err(self.unexpected(found, "expected a value")),
        };
        if self.peek_token() == Some(closing) {
            self.at += 1;
            return Ok(false);
        }
        open.push(closing);
        self.name_in(closing)?;
        Ok(true)
    }

    /// The name before a value, when what `closing` closes is an object.
    fn name_in(&mut self, closing: u8) -> Result<(), JsonError> {
        if closing == b'}' {
            self.expect(b'"', "expected the name of a field")?;
            self.string()?;
            self.expect(b':', "expected `:`")?;
        }
        Ok(())
    }

    /// The rest of a string whose first quotation mark has been read; tells whether it has escapes.
    fn string(&mut self) -> Result<bool, JsonError> {
        let mut escaped = false;
        loop {
            self.at += (self.find)(&self.bytes[self.at..]);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(self.error("control character in a string")),
                None => return Err(self.error("the line ends inside a string")),
            }
            escaped = true;
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        let rest = &self.bytes[self.at + 1..];
        let len = match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', digits @ ..] if digits.len() >= 4 && digits[..4].iter().all(u8::is_ascii_hexdigit) => 6,
            _ => return Err(self.error("unknown escape in a string")),
        };
        self.at += len;
        Ok(())
    }

    fn word(&mut self, rest: &str) -> Result<bool, JsonError> {
        if !self.bytes[self.at..].starts_with(rest.as_bytes()) {
            self.at -= 1;
            return Err(self.error("expected a value"));
        }
        self.at += rest.len();
        Ok(false)
    }

    fn number(&mut self, first: u8) -> Result<(), JsonError> {
        let start = self.at - 1;
        let whole = if first == b'-' { self.digits() } else { 1 + self.digits() };
        let zero = self.bytes[start + usize::from(first == b'-')..].first() == Some(&b'0');
        let mut good = whole == 1 || (whole > 1 && !zero);
        if self.eat(b'.') {
            good &= self.digits() > 0;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            good &= self.digits() > 0;
        }
        if good {
            return Ok(());
        }
        Err(JsonError { at: start, message: "not a number" })
    }

    fn digits(&mut self) -> usize {
        let len = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += len;
        len
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek_token(&mut self) -> Option<u8> {
        self.space();
        self.bytes.get(self.at).copied()
    }

    fn next_token(&mut self) -> Option<u8> {
        let byte = self.peek_token();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn expect(&mut self, byte: u8, message: &'static str) -> Result<(), JsonError> {
        match self.next_token() {
            Some(found) if found == byte => Ok(()),
            found => Err(self.unexpected(found, message)),
        }
    }

    /// An error at the token that was just read.
    fn unexpected(&self, found: Option<u8>, message: &'static str) -> JsonError {
        match found {
            Some(_) => JsonError { at: self.at - 1, message },
            None => self.error("the line ends before the object does"),
        }
    }

    fn error(&self, message: &'static str) -> JsonError {
        JsonError { at: self.at, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scan(line: &str) -> Result<Vec<Field>, JsonError> {
        let mut fields = Vec::new();
        object(line, &mut fields, &mut Vec::new()).map(|()| fields)
    }

    #[test]
    fn fields_stand_where_they_are_written() {
        let line = " { \"a\" : [1, {\"b\": \"}\"}] ,\"c\\n\":-1.50e+3}\t";
        let fields = scan(line).unwrap();
        let values: Vec<_> = fields.iter().map(|field| &line[field.value.clone()]).collect();
        assert_eq!(values, ["[1, {\"b\": \"}\"}]", "-1.50e+3"]);
        assert_eq!(&line[fields[0].whole()], "\"a\" : [1, {\"b\": \"}\"}]");
        assert!(!fields[0].escaped && fields[1].escaped);
    }

    #[test]
    fn errors_say_what_and_where() {
        for (line, message) in [
            ("", "the line ends before the object does at byte 1"),
            ("[]", "expected an object at byte 1"),
            ("{\"a\":1", "the line ends before the object does at byte 7"),
            ("{\"a\":1,}", "expected the name of a field at byte 8"),
            ("{\"a\" 1}", "expected `:` at byte 6"),
            ("{\"a\":tru}", "expected a value at byte 6"),
            ("{\"a\":01}", "not a number at byte 6"),
            ("{\"a\":\"\\u12\"}", "unknown escape in a string at byte 7"),
            ("{\"a\":\"b\tc\"}", "control character in a string at byte 8"),
            ("{\"a\":\"b", "the line ends inside a string at byte 8"),
            ("{\"a\":[1}", "expected `,` or the end of an array or object at byte 8"),
            ("{} {}", "text after the end of the object at byte 4"),
        ] {
            assert_eq!(scan(line).unwrap_err().to_string(), message, "{line}");
        }
    }

    #[test]
    fn a_million_brackets_do_no_harm() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        assert_eq!(scan(&deep).unwrap().len(), 1);
        assert!(scan(&deep[..1_000_000]).is_err());
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_reads(
            inner in r#"(\{|\}|\[|\]|,|:| |"a"|"\\u00e9"|"\\ud83d\\ude00"|"\\x"|-?[0-9]{1,3}|1\.5|1\.|2e5|-|e|true|false|null|nul){0,12}"#,
        ) {
            let line = format!("{{{inner}}}");
            let theirs = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&line);
            prop_assert_eq!(scan(&line).is_ok(), theirs.is_ok(), "{} {:?}", line, theirs);
        }

        #[test]
        fn never_panics(line in any::<String>()) {
            let _ = scan(&line);
        }
    }
}
