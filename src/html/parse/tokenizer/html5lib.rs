//! The html5lib tokenizer tests, where they are present.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::{RawText, TagToken, Text, Token, Tokenizer};
use crate::html::parse::Doctype;
use crate::html::tree::{AttrSpan, Decoding, Nul, decode, decode_attr, flag};

fn folder() -> Option<PathBuf> {
    let root =
        std::env::var_os("COPYDESK_SHARED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join("data/html5lib-tests/tokenizer");
    if !path.exists() {
        eprintln!("skipped: there is no {} (set COPYDESK_SHARED)", path.display());
        return None;
    }
    Some(path)
}

/// Tokens as the tests write them.
#[derive(Default)]
struct Written {
    tokens: Vec<Value>,
    text: String,
}

impl Written {
    fn push(&mut self, token: Value) {
        self.end_text();
        self.tokens.push(token);
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.tokens.push(json!(["Character", std::mem::take(&mut self.text)]));
        }
    }

    fn push_text(&mut self, source: &str, text: Text) {
        let raw = &source[text.start as usize..text.stop as usize];
        let has_entities = text.flags & flag::ENTITY != 0;
        if text.flags & flag::SHOW_NUL != 0 {
            let how = Decoding { has_entities, is_attribute: false, nul: Nul::Show };
            self.text.push_str(&decode(raw, how));
            return;
        }
        // What becomes of a NUL is for the tree builder to say; to the tokenizer it is a character.
        let how = Decoding { has_entities, is_attribute: false, nul: Nul::Drop };
        let pieces: Vec<_> = raw.split('\0').map(|piece| decode(piece, how).into_owned()).collect();
        self.text.push_str(&pieces.join("\0"));
    }
}

fn folded(name: &str) -> String {
    name.to_ascii_lowercase().replace('\0', "\u{FFFD}")
}

fn start_tag(source: &str, tag: &TagToken, attrs: &[AttrSpan]) -> Value {
    let name = folded(&source[tag.start as usize + 1..tag.name_stop as usize]);
    let attrs: Map<String, Value> = attrs
        .iter()
        .map(|attr| {
            let start = attr.name_start as usize;
            let name = folded(&source[start..start + usize::from(attr.name_len)]);
            let value = decode_attr(&source[attr.value_start as usize..attr.value_stop as usize]);
            (name, Value::String(value.into_owned()))
        })
        .collect();
    if tag.is_self_closing { json!(["StartTag", name, attrs, true]) } else { json!(["StartTag", name, attrs]) }
}

fn tokenize(source: &str, state: &str, last_start_tag: Option<&str>) -> Vec<Value> {
    let mut tokenizer = Tokenizer::new(source);
    let mut written = Written::default();
    let raw = match state {
        "RCDATA state" => Some(RawText::Rcdata),
        "RAWTEXT state" => Some(RawText::Plain),
        "Script data state" => Some(RawText::Script),
        _ => None,
    };
    match (raw, last_start_tag) {
        (Some(kind), Some(tag)) => {
            let text = tokenizer.raw_text(kind, tag);
            written.push_text(source, text);
        }
        (Some(kind), None) => {
            let text = tokenizer.rest_as_text(kind == RawText::Rcdata);
            written.push_text(source, text);
        }
        (None, _) if state == "PLAINTEXT state" => {
            let text = tokenizer.rest_as_text(false);
            written.push_text(source, text);
        }
        (None, _) if state == "CDATA section state" => {
            if let Some(Token::Text(text)) = tokenizer.cdata(0) {
                written.push_text(source, text);
            }
        }
        _ => {}
    }
    loop {
        let mut attrs = Vec::new();
        match tokenizer.next(&mut attrs, false) {
            Token::Text(text) => written.push_text(source, text),
            Token::Start(tag) => written.push(start_tag(source, &tag, &attrs)),
            Token::End(tag) => {
                let name = folded(&source[tag.start as usize + 2..tag.name_stop as usize]);
                written.push(json!(["EndTag", name]));
            }
            Token::Comment(span) => {
                let raw = &source[span.start as usize..span.stop as usize];
                let how = Decoding { has_entities: false, is_attribute: false, nul: Nul::Show };
                written.push(json!(["Comment", decode(raw, how)]));
            }
            Token::Doctype(span) => {
                let doctype = Doctype::parse(&source[span.start as usize..span.stop as usize]);
                let name = (!doctype.name.is_empty()).then_some(doctype.name);
                let (public, system) = (doctype.public_id, doctype.system_id);
                written.push(json!(["DOCTYPE", name, public, system, !doctype.force_quirks]));
            }
            Token::Eof => break,
        }
    }
    written.end_text();
    written.tokens
}

/// Undoes the second round of escapes; none if there is half a character in it, which no `str` has.
fn unescaped(text: &str) -> Option<String> {
    let mut pieces = text.split("\\u");
    let mut result = pieces.next()?.to_owned();
    for piece in pieces {
        let code = u32::from_str_radix(piece.get(..4)?, 16).ok()?;
        result.push(char::from_u32(code)?);
        result.push_str(&piece[4..]);
    }
    Some(result)
}

fn unescaped_value(value: &Value) -> Option<Value> {
    Some(match value {
        Value::String(text) => Value::String(unescaped(text)?),
        Value::Array(list) => Value::Array(list.iter().map(unescaped_value).collect::<Option<_>>()?),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| Some((unescaped(key)?, unescaped_value(value)?))).collect::<Option<_>>()?)
        }
        other => other.clone(),
    })
}

#[test]
fn tokens_are_those_of_html5lib() {
    let Some(folder) = folder() else { return };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "test"))
        .collect();
    files.sort();
    let (mut passed, mut skipped, mut failures) = (0, 0, Vec::new());
    for path in files {
        let content = std::fs::read_to_string(&path).expect("it is UTF-8");
        let file: Value = serde_json::from_str(&content).expect("it is JSON");
        // Another list, `xmlViolationTests`, is about making XML of the tree.
        for test in file["tests"].as_array().into_iter().flatten() {
            let is_escaped = test["doubleEscaped"] == true;
            let (input, expected) = if is_escaped {
                (unescaped_value(&test["input"]), unescaped_value(&test["output"]))
            } else {
                (Some(test["input"].clone()), Some(test["output"].clone()))
            };
            let (Some(Value::String(input)), Some(Value::Array(expected))) = (input, expected) else {
                skipped += 1;
                continue;
            };
            let default_states = vec![json!("Data state")];
            for state in test["initialStates"].as_array().unwrap_or(&default_states) {
                let state = state.as_str().expect("states have names");
                let actual = tokenize(&input, state, test["lastStartTag"].as_str());
                if actual == expected {
                    passed += 1;
                } else {
                    failures.push(format!(
                        "{} {state} {:?}\n  input    {input:?}\n  expected {}\n  actual   {}",
                        path.display(),
                        test["description"],
                        Value::Array(expected.clone()),
                        Value::Array(actual)
                    ));
                }
            }
        }
    }
    eprintln!("{passed} pass, {} fail, {skipped} skipped for half characters", failures.len());
    assert!(failures.is_empty(), "{} fail\n{}", failures.len(), failures.join("\n"));
}
