//! Apache Parquet, by way of JSON Lines.
//!
//! A table comes in as lines of JSON, one a row, and goes through the same hands as JSON Lines; results go out the other way.
//! Columns of the input keep their types. Results are columns of their own, captions and removals lists of structs, never JSON in
//! a string. What has no column, in records that do not come from Parquet, is kept together in `other_fields`.
//!
//! Two kinds of values do not survive the way through JSON: numbers that are not finite become null, and dictionaries come out
//! as what they stand for.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_json::writer::{LineDelimited, WriterBuilder};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::json::scan;
use super::json::string::{unescape, write_string};
use super::write::{OURS, Shared};

/// Rows that are read at once.
const ROWS: usize = 256;

/// The column for all that has none.
const OTHER: &str = "other_fields";

/// The columns of a file.
pub(super) fn schema_of(path: &Path) -> io::Result<SchemaRef> {
    Ok(Arc::clone(builder(path)?.schema()))
}

/// Reads a file by some rows at once.
pub(super) fn read(path: &Path) -> io::Result<ParquetRecordBatchReader> {
    builder(path)?.with_batch_size(ROWS).build().map_err(wrong)
}

fn builder(path: &Path) -> io::Result<ParquetRecordBatchReaderBuilder<File>> {
    ParquetRecordBatchReaderBuilder::try_new(File::open(path)?).map_err(wrong)
}

fn wrong(error: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not a whole Parquet file: {error}"))
}

/// Rows as lines of JSON.
pub(super) fn lines(rows: &RecordBatch) -> io::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(Vec::new());
    writer.write(rows).and_then(|()| writer.finish()).map_err(wrong)?;
    Ok(writer.into_inner())
}

/// The columns of results: those of the input without `consumed`, then ours.
pub(super) fn result_schema(input: Option<&Schema>, consumed: &[&str], removed: bool) -> Schema {
    let mut fields: Vec<Field> = Vec::new();
    for field in input.map(Schema::fields).into_iter().flatten() {
        let name = field.name().as_str();
        let fits = own_type(name).is_none_or(|own| name == "id" || fits(field.data_type(), &own));
        if !consumed.contains(&name) && !OURS.contains(&name) && name != OTHER && fits {
            fields.push(Field::new(name, plain(field.data_type()), true));
        }
    }
    let own = Shared::names_and_text().chain(["captions"]).chain(removed.then_some("removed")).chain(["status", "error", OTHER]);
    for name in own {
        if !fields.iter().any(|field| field.name() == name) {
            fields.push(Field::new(name, own_type(name).unwrap_or(DataType::Utf8), true));
        }
    }
    Schema::new(fields)
}

/// The type of a column of ours.
fn own_type(name: &str) -> Option<DataType> {
    match name {
        "captions" => Some(list_of(caption())),
        "removed" => Some(list_of(removal())),
        "text" | "status" | "error" | OTHER => Some(DataType::Utf8),
        _ => Shared::is_list(name).map(|is_list| if is_list { list_of(DataType::Utf8) } else { DataType::Utf8 }),
    }
}

fn list_of(item: DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(item, true)))
}

fn caption() -> DataType {
    let texts = ["type", "text", "credit", "credit_raw", "alt", "image_url", "rule"];
    let numbers = ["after_paragraph", "offset", "count", "repeats"];
    structure(&texts, &numbers, Vec::new())
}

fn removal() -> DataType {
    structure(&["category", "rule", "text", "lead", "trail"], &["caption"], vec![Field::new("span", list_of(DataType::Int64), true)])
}

fn structure(texts: &[&str], numbers: &[&str], others: Vec<Field>) -> DataType {
    let fields = texts.iter().map(|name| Field::new(*name, DataType::Utf8, true));
    let numbers = numbers.iter().map(|name| Field::new(*name, DataType::Int64, true));
    DataType::Struct(fields.chain(numbers).chain(others).collect::<Fields>())
}

/// Whether what we write fits into a column of the input.
fn fits(theirs: &DataType, ours: &DataType) -> bool {
    let is_text = |kind: &DataType| matches!(plain(kind), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    match (theirs, ours) {
        (DataType::List(theirs) | DataType::LargeList(theirs), DataType::List(_)) => is_text(theirs.data_type()),
        _ => is_text(theirs) && is_text(ours),
    }
}

/// A type that can be read back from JSON.
fn plain(kind: &DataType) -> DataType {
    match kind {
        DataType::Dictionary(_, value) => plain(value),
        other => other.clone(),
    }
}

/// A result with what has no column in one field, so that a reader of JSON that knows the columns reads all of it.
pub(super) fn write_line(json: &str, schema: &Schema, out: &mut Vec<u8>) {
    let mut fields = Vec::new();
    if scan::object(json, &mut fields, &mut Vec::new()).is_err() {
        debug_assert!(false, "what is written is JSON");
        return;
    }
    let mut other = String::new();
    let mut comma = b'{';
    for field in &fields {
        let value = &json[field.value.clone()];
        let mut name = String::new();
        unescape(&json[field.name.clone()], &mut name);
        match schema.field_with_name(&name) {
            Ok(column) if can_hold(column.data_type(), value) => {
                out.push(comma);
                out.extend_from_slice(json[field.whole()].as_bytes());
                comma = b',';
            }
            _ if name == "schema" || name == "copydesk" => {}
            _ => {
                other.push(if other.is_empty() { '{' } else { ',' });
                other.push_str(&json[field.whole()]);
            }
        }
    }
    if !other.is_empty() {
        other.push('}');
        out.push(comma);
        out.extend_from_slice(b"\"other_fields\":");
        write_string(out, &other);
        comma = b',';
    }
    if comma == b'{' {
        out.push(b'{');
    }
    out.extend_from_slice(b"}\n");
}

/// Whether a value is of the kind that a column of ours holds; columns of the input hold their own.
fn can_hold(kind: &DataType, value: &str) -> bool {
    match kind {
        DataType::Utf8 => !value.starts_with(['[', '{']),
        DataType::List(_) => value.starts_with('[') || value == "null",
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_the_input_keep_their_types_and_ours_follow() {
        let input = Schema::new(vec![
            Field::new("id", DataType::Int64, false),
            Field::new("text", DataType::Utf8, true),
            Field::new("score", DataType::Float32, true),
            Field::new("authors", DataType::Utf8, true),
            Field::new("image", DataType::Struct(vec![Field::new("path", DataType::Utf8, true)].into()), true),
            Field::new("kind", DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)), true),
        ]);
        let schema = result_schema(Some(&input), &["text"], false);
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        assert_eq!(names[..4], ["id", "score", "kind", "url"]);
        assert!(names.contains(&"text") && names.ends_with(&["captions", "status", "error", "other_fields"]));
        assert_eq!(*schema.field_with_name("id").unwrap().data_type(), DataType::Int64);
        assert_eq!(*schema.field_with_name("kind").unwrap().data_type(), DataType::Utf8);
        assert_eq!(*schema.field_with_name("authors").unwrap().data_type(), list_of(DataType::Utf8));
        // Ours would not go into theirs.
        assert_eq!(*schema.field_with_name("image").unwrap().data_type(), DataType::Utf8);
    }

    #[test]
    fn what_has_no_column_is_kept_together() {
        let schema = result_schema(None, &[], false);
        let mut out = Vec::new();
        write_line(r#"{"schema":"x","id":7,"n":1.50,"authors":"A","text":"b","copydesk":{}}"#, &schema, &mut out);
        let expected = "{\"id\":7,\"text\":\"b\",\"other_fields\":\"{\\\"n\\\":1.50,\\\"authors\\\":\\\"A\\\"}\"}\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
