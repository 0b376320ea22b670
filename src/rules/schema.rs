//! The JSON Schema of rule files, for completion and checks in editors (`#:schema ../schema.json`).

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use serde_json::Value;

use super::raw::RawFileSchema;

/// The JSON Schema (draft 7, which editors of TOML read) of rule files.
pub fn schema() -> String {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<RawFileSchema>();
    RecursiveTransform(without_null).transform(&mut schema);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// TOML has no `null`: a key that may be left out is left out.
fn without_null(schema: &mut Schema) {
    let null = Value::from("null");
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| *name != null);
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type") != Some(&null));
        if choices.len() == 1 {
            let only = Value::Array(std::mem::take(choices));
            schema.remove("anyOf");
            schema.insert("allOf".to_owned(), only);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_may_be_null() {
        assert!(!schema().contains("null"));
    }

    /// `BLESS=1 cargo test` writes the file.
    #[test]
    fn the_stored_schema_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/schema.json");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, schema()).expect("the schema can be written");
        }
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert!(stored == schema(), "rules/schema.json is stale; write it with BLESS=1");
    }
}
