//! Codes of languages, as rules and documents are compared by them.

/// The language code that rules are compared with: the first part of a tag, lower case; `no` for both written Norwegians.
///
/// ```
/// use copydesk::rules::canonical_language;
/// assert_eq!(canonical_language("en-GB"), "en");
/// assert_eq!(canonical_language("nb"), "no");
/// ```
pub fn canonical_language(tag: &str) -> String {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match primary.as_str() {
        "nb" | "nn" => "no".to_owned(),
        _ => primary,
    }
}
