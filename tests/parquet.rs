//! Parquet in and out. Runs with `cargo test --features parquet`.
#![cfg(feature = "parquet")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use arrow_array::{Array, Date32Array, Float32Array, ListArray, RecordBatch, StringArray, StructArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/batch").join(name).display().to_string()
}

fn clean(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_copydesk")).arg("clean").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("copydesk-parquet-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// All rows of a file, as there are few of them.
fn rows(path: &Path) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let schema = reader.schema().clone();
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    assert_eq!(batches.len(), 1);
    // What the file says of itself is no part of its rows.
    assert_eq!(batches[0].schema().fields(), schema.fields());
    batches.into_iter().next().unwrap()
}

fn column<'r, T: 'static>(rows: &'r RecordBatch, name: &str) -> &'r T {
    rows.column_by_name(name)
        .unwrap_or_else(|| panic!("no column {name}"))
        .as_any()
        .downcast_ref()
        .unwrap_or_else(|| panic!("{name} is of another type"))
}

#[test]
fn rows_come_out_as_json_lines() {
    let (code, out, err) = clean(&[&fixture("stories.parquet")]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let records: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 3);
    assert_eq!((&records[0]["score"], &records[1]["score"], &records[2]["tags"][1]), (&0.5.into(), &Value::Null, &"trade".into()));
    assert_eq!(records[0]["captions"][0]["text"], "The ferry leaves the old pier on Friday.");
    assert!(!out.contains("Advertisement"));
}

#[test]
fn columns_keep_their_types_and_captions_are_structs() {
    let folder = folder("types");
    let path = folder.join("out.parquet");
    let (code, _, err) = clean(&[&fixture("stories.parquet"), "--to", "parquet", "-o", &path.display().to_string()]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let rows = rows(&path);
    assert_eq!(rows.num_rows(), 3);
    assert_eq!(column::<Float32Array>(&rows, "score").iter().collect::<Vec<_>>(), [Some(0.5), None, Some(2.25)]);
    assert_eq!(column::<Date32Array>(&rows, "day").value(0), 20514);
    assert_eq!(column::<ListArray>(&rows, "tags").value(2).len(), 2);
    assert_eq!(column::<StringArray>(&rows, "id").value(2), "bridge");
    assert!(!column::<StringArray>(&rows, "text").value(0).contains("Advertisement"));
    let captions = column::<ListArray>(&rows, "captions").value(0);
    let captions: &StructArray = captions.as_any().downcast_ref().unwrap();
    let text: &StringArray = captions.column_by_name("text").unwrap().as_any().downcast_ref().unwrap();
    assert_eq!(text.value(0), "The ferry leaves the old pier on Friday.");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn other_inputs_become_parquet_and_lose_nothing() {
    let folder = folder("others");
    let path = folder.join("out.parquet");
    let (code, _, err) = clean(&[&fixture("stories.jsonl"), "--to", "parquet", "--removed", "-o", &path.display().to_string()]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let rows = rows(&path);
    assert_eq!(column::<StringArray>(&rows, "other_fields").value(0), r#"{"score": 0.5}"#);
    assert!(column::<ListArray>(&rows, "removed").value(0).len() >= 2);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_file_without_its_end_is_told() {
    let folder = folder("cut");
    let path = folder.join("cut.parquet");
    let whole = std::fs::read(fixture("stories.parquet")).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let (code, out, err) = clean(&[&path.display().to_string()]);
    assert_eq!((code, out.as_str()), (Some(3), ""));
    assert!(err.contains("cut.parquet: not a whole Parquet file: "), "{err}");
    std::fs::remove_dir_all(folder).unwrap();
}
