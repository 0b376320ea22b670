//! JSON for people: one field a line.

use super::string::find_special;

/// Appends `json`, which is valid and on one line, with line breaks and `depth` levels of indentation around it.
pub(crate) fn write_pretty(out: &mut Vec<u8>, json: &[u8], depth: usize) {
    let mut depth = depth;
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let len = string_len(&json[at..]);
                out.push(b'"');
                out.extend_from_slice(&json[at..at + len]);
                at += len;
            }
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'{' | b'[' => {
                out.push(byte);
                let next = json[at..].iter().position(|byte| !byte.is_ascii_whitespace()).map_or(at, |skip| at + skip);
                if matches!(json.get(next), Some(b'}' | b']')) {
                    out.push(json[next]);
                    at = next + 1;
                } else {
                    depth += 1;
                    new_line(out, depth);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(out, depth);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                new_line(out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            _ => out.push(byte),
        }
    }
}

/// Bytes up to and with the closing quotation mark.
fn string_len(json: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += find_special(&json[at..]);
        match json.get(at) {
            None | Some(b'"') => return (at + 1).min(json.len()),
            Some(b'\\') => at = (at + 2).min(json.len()),
            Some(_) => at += 1,
        }
    }
}

fn new_line(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.resize(out.len() + 2 * depth, b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_as_serde_json_would_have_it() {
        let json = r#"{"a":[1,{"b":"x,\"{y"}],"c":{},"d":[ ],"e":null}"#;
        let mut out = Vec::new();
        write_pretty(&mut out, json.as_bytes(), 0);
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string_pretty(&value).unwrap());
    }
}
