//! A line of JSON Lines as a record: the text to be cleaned, what is known of it, and the rest untouched.

use std::borrow::Cow;

use super::json::scan::{self, Field, JsonError};
use super::json::string::unescape;
use super::problem::ProblemKind;

/// Names of the fields that are looked at. Of several names the first that holds something counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldNames {
    /// The text to be cleaned.
    pub text: String,
    /// A page to be cleaned, for records without that text.
    pub html: String,
    /// The address of the page.
    pub url: Vec<String>,
    /// The host of the page, or its address.
    pub host: Vec<String>,
    /// The language, as a code of ISO 639-1 or a BCP 47 tag.
    pub lang: Vec<String>,
}

impl Default for FieldNames {
    fn default() -> Self {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self {
            text: "text".to_owned(),
            html: "html".to_owned(),
            url: names(&["url"]),
            host: names(&["url_host", "url"]),
            lang: names(&["lang", "language"]),
        }
    }
}

/// Room for one record, used again for the next.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    fields: Vec<Field>,
    open: Vec<u8>,
    order: Vec<u32>,
}

impl Splitter {
    /// Splits a line into its fields.
    pub(super) fn split<'r>(&'r mut self, line: &'r str) -> Result<Record<'r>, JsonError> {
        scan::object(line, &mut self.fields, &mut self.open)?;
        self.keep_last_of_each_name(line);
        Ok(Record { line, fields: &self.fields })
    }

    /// Drops all but the last field of each name.
    fn keep_last_of_each_name(&mut self, line: &str) {
        let fields = &self.fields;
        let name = |index: u32| name_of(line, &fields[index as usize]);
        self.order.clear();
        self.order.extend(0..fields.len() as u32);
        // Stable: fields of one name stay in their order.
        self.order.sort_by(|&a, &b| name(a).cmp(&name(b)));
        let mut dead: Vec<u32> = self.order.windows(2).filter(|pair| name(pair[0]) == name(pair[1])).map(|pair| pair[0]).collect();
        if dead.is_empty() {
            return;
        }
        dead.sort_unstable();
        let mut index = 0;
        self.fields.retain(|_| {
            index += 1;
            dead.binary_search(&(index - 1)).is_err()
        });
    }
}

fn name_of<'l>(line: &'l str, field: &Field) -> Cow<'l, str> {
    let raw = &line[field.name.clone()];
    if field.escaped { Cow::Owned(unescaped(raw)) } else { Cow::Borrowed(raw) }
}

fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    unescape(raw, &mut text);
    text
}

/// A record: fields of one line, each name once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Record<'r> {
    line: &'r str,
    fields: &'r [Field],
}

impl<'r> Record<'r> {
    /// Its fields in their order: name, value and both as written.
    pub(super) fn fields(self) -> impl Iterator<Item = (Cow<'r, str>, &'r str, &'r str)> {
        let Self { line, fields } = self;
        fields.iter().map(move |field| (name_of(line, field), &line[field.value.clone()], &line[field.whole()]))
    }

    /// The text to be cleaned, borrowed from the line or put into `buffer`, and whether something had to be replaced in it.
    pub(super) fn text<'b>(self, name: &str, buffer: &'b mut String) -> Result<(&'b str, bool), ProblemKind>
    where
        'r: 'b,
    {
        let value = self.value(name).ok_or_else(|| ProblemKind::NoText { field: name.to_owned() })?;
        let raw = inside(value).ok_or_else(|| ProblemKind::NotText { field: name.to_owned(), found: kind_of(value) })?;
        if memchr::memchr(b'\\', raw.as_bytes()).is_none() {
            return Ok((raw, false));
        }
        buffer.clear();
        let replaced = unescape(raw, buffer);
        Ok((buffer, replaced))
    }

    /// Whether there is something under this name.
    pub(super) fn has(self, name: &str) -> bool {
        self.value(name).is_some_and(|value| value != "null")
    }

    /// The first of these fields that is a string with something in it.
    pub(super) fn first_string(self, names: &[String]) -> Option<Cow<'r, str>> {
        names.iter().find_map(|name| self.string(name))
    }

    /// This field, when it is a string with something in it.
    pub(super) fn string(self, name: &str) -> Option<Cow<'r, str>> {
        let raw = inside(self.value(name)?)?;
        if raw.trim().is_empty() {
            return None;
        }
        Some(if raw.contains('\\') { Cow::Owned(unescaped(raw)) } else { Cow::Borrowed(raw) })
    }

    /// The record's name in messages: its `id`, a string or whatever else it is.
    pub(super) fn id(self) -> Option<Cow<'r, str>> {
        self.string("id").or_else(|| self.value("id").filter(|value| !matches!(*value, "null" | "\"\"")).map(Cow::Borrowed))
    }

    fn value(self, name: &str) -> Option<&'r str> {
        self.fields().find_map(|(found, value, _)| (found == name).then_some(value))
    }
}

/// What stands between the quotation marks of a string.
fn inside(value: &str) -> Option<&str> {
    value.strip_prefix('"')?.strip_suffix('"')
}

fn kind_of(value: &str) -> &'static str {
    match value.as_bytes().first() {
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        Some(b'[') => "an array",
        Some(b'{') => "an object",
        Some(b'"') => "a string",
        _ => "a number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_field_of_a_name_counts() {
        let mut splitter = Splitter::default();
        let record = splitter.split(r#"{"a":1,"text":"x","b":2,"\u0061":3,"text":"y"}"#).unwrap();
        let written: Vec<_> = record.fields().map(|(.., whole)| whole).collect();
        assert_eq!(written, [r#""b":2"#, r#""\u0061":3"#, r#""text":"y""#]);
        assert_eq!(record.text("text", &mut String::new()), Ok(("y", false)));
    }

    #[test]
    fn text_is_borrowed_unless_it_has_escapes() {
        let mut splitter = Splitter::default();
        let mut buffer = "old".to_owned();
        let line = r#"{"a":"plain","b":"two\nlines"}"#;
        let record = splitter.split(line).unwrap();
        assert_eq!(record.text("a", &mut buffer), Ok(("plain", false)));
        assert_eq!(record.text("b", &mut buffer), Ok(("two\nlines", false)));
    }

    #[test]
    fn what_is_no_text_is_named() {
        let mut splitter = Splitter::default();
        let record = splitter.split(r#"{"a":null,"b":1,"c":[],"d":{},"e":true}"#).unwrap();
        for (field, message) in [
            ("a", "field `a` is null, not a string"),
            ("b", "field `b` is a number, not a string"),
            ("c", "field `c` is an array, not a string"),
            ("d", "field `d` is an object, not a string"),
            ("e", "field `e` is a boolean, not a string"),
            ("f", "no field `f`"),
        ] {
            assert_eq!(record.text(field, &mut String::new()).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn the_first_field_with_something_in_it_counts() {
        let names = FieldNames::default();
        let mut splitter = Splitter::default();
        let record = splitter.split(r#"{"url":"https:\/\/a.example\/b","url_host":"","id":17}"#).unwrap();
        assert_eq!(record.first_string(&names.host).as_deref(), Some("https://a.example/b"));
        assert_eq!(record.id().as_deref(), Some("17"));
    }
}
