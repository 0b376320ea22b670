//! Dates as pages write them, made ISO 8601.
//!
//! A time keeps the offset that it was written with; a time without one gets none, since guessing would be inventing.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

/// Dates outside of these years are mistakes of templates (`0001-01-01`) or not dates at all.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// Longest text that is looked at, in bytes.
const LONGEST: usize = 64;

/// Ways to write a date in words and numbers, without and with a time.
const FORMATS: &[&str] = &[
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%B %d %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d %B, %Y",
    "%d %b, %Y",
    "%d-%b-%Y",
    "%A, %B %d, %Y",
    "%a, %b %d, %Y",
    "%a %b %d %Y",
    "%B %d, %Y %I:%M %p",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y, %I:%M %p",
    "%d %B %Y %H:%M",
    "%d %b %Y %H:%M",
    "%Y%m%d",
    "%Y%m%d%H%M%S",
    "%Y-%m-%dT%H:%M",
    "%a %b %d %H:%M:%S %Y",
];

/// The date or time in `text` by ISO 8601: `2024-05-03`, `2024-05-03T15:47:42` or `2024-05-03T15:47:42+02:00`.
pub(super) fn iso(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() < 6 || text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    standard(text).or_else(|| epoch(text)).or_else(|| mail(text)).or_else(|| in_words(text))
}

/// ISO 8601 and what is nearly that.
fn standard(text: &str) -> Option<String> {
    if !text.as_bytes()[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let exact = |text: &str| {
        let pieces = Pieces::parse(text).ok()?;
        let offset = pieces.to_numeric_offset();
        match pieces.time() {
            Some(time) => write(pieces.date().to_datetime(time), offset, text.ends_with(['Z', 'z'])),
            None => day(pieces.date()),
        }
    };
    // `2024-05-03 15:47:42 +0200`: no space before the offset.
    let mended = text.replace(" +", "+").replace(" Z", "Z").replace(" UTC", "Z").replace(" GMT", "Z").replacen(' ', "T", 1);
    exact(text).or_else(|| exact(&mended))
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<String> {
    let number: i64 = text.parse().ok()?;
    let seconds = match text.len() {
        9 | 10 => number,
        12 | 13 => number / 1_000,
        _ => return None,
    };
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    write(Offset::UTC.to_datetime(time), Some(Offset::UTC), true)
}

/// The dates of mails and feeds: `Fri, 03 May 2024 15:47:42 +0200`.
fn mail(text: &str) -> Option<String> {
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned(text).ok()?;
    write(zoned.datetime(), Some(zoned.offset()), false)
}

fn in_words(text: &str) -> Option<String> {
    let text = without_words(text);
    let text = text
        .replace("Sept ", "Sep ")
        .replace("Sept.", "Sep")
        .replace(" at ", " ")
        .replace('.', if text.contains(|c: char| c.is_ascii_alphabetic()) { "" } else { "." });
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    FORMATS.iter().find_map(|format| {
        let time = strtime::parse(format, &text).ok()?;
        match time.to_datetime() {
            Ok(time) if format.contains("%M") => write(time, None, false),
            _ => day(time.to_date().ok()?),
        }
    })
}

/// The date without "Published on" before it, and `12th` as `12`.
fn without_words(text: &str) -> String {
    let start = text.trim_start_matches(['|', '•', '·', '-', ' ']);
    let lower = start.to_ascii_lowercase();
    let words = ["published", "posted", "updated", "last", "date", "on", "created", "first", "am", "by", "modified"];
    let mut at = 0;
    while let Some(word) = words.iter().find(|word| lower[at..].strip_prefix(**word).is_some_and(|rest| rest.starts_with([' ', ':']))) {
        at += word.len();
        at += lower[at..].len() - lower[at..].trim_start_matches([' ', ':']).len();
    }
    let mut out = String::with_capacity(start.len());
    let mut chars = start[at..].chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        if c.is_ascii_digit() && chars.peek().is_some_and(char::is_ascii_lowercase) {
            let ahead: String = chars.clone().take(3).collect();
            if ["st", "nd", "rd", "th"].iter().any(|end| ahead.starts_with(end) && !ahead[2..].starts_with(char::is_alphabetic)) {
                chars.next();
                chars.next();
            }
        }
    }
    out
}

fn day(date: Date) -> Option<String> {
    YEARS.contains(&date.year()).then(|| date.to_string())
}

fn write(time: DateTime, offset: Option<Offset>, is_utc: bool) -> Option<String> {
    if !YEARS.contains(&time.year()) {
        return None;
    }
    let seconds = time.with().subsec_nanosecond(0).build().ok()?;
    Some(match offset {
        Some(_) if is_utc => format!("{seconds}Z"),
        Some(offset) => format!("{seconds}{}", signed(offset)),
        None => seconds.to_string(),
    })
}

/// An offset as `+02:00`.
fn signed(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// The date in an address: `/2024/05/03/` or `/2024-05-03-`.
pub(super) fn in_address(address: &str) -> Option<String> {
    let bytes = address.as_bytes();
    (0..bytes.len().saturating_sub(10).min(300)).find_map(|at| {
        let piece = address.get(at..at + 11)?;
        let sign = piece.as_bytes()[5];
        let framed = piece.starts_with('/') && matches!(sign, b'/' | b'-') && piece.as_bytes()[8] == sign;
        let end = bytes.get(at + 11).is_none_or(|b| !b.is_ascii_digit());
        (framed && end).then(|| iso(&piece[1..].replace('/', "-"))).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_iso() {
        let cases = [
            ("2024-05-03", "2024-05-03"),
            ("2024-05-03T15:47:42+02:00", "2024-05-03T15:47:42+02:00"),
            ("2024-05-03T15:47:42.389Z", "2024-05-03T15:47:42Z"),
            ("2024-05-03T15:47:42.000+0000", "2024-05-03T15:47:42+00:00"),
            ("2024-05-03T15:47-0500", "2024-05-03T15:47:00-05:00"),
            ("2024-05-03 15:47:42", "2024-05-03T15:47:42"),
            ("2024-05-03 15:47:42 +0530", "2024-05-03T15:47:42+05:30"),
            ("2024-05-03 15:47:42 UTC", "2024-05-03T15:47:42Z"),
            ("Fri, 03 May 2024 15:47:42 GMT", "2024-05-03T15:47:42+00:00"),
            ("May 3, 2024", "2024-05-03"),
            ("Sept. 3, 2024", "2024-09-03"),
            ("3 May 2024", "2024-05-03"),
            ("Friday, May 3, 2024", "2024-05-03"),
            ("03.05.2024", "2024-05-03"),
            ("2024/05/03", "2024-05-03"),
            ("May 3rd 2024", "2024-05-03"),
            ("Published on: May 3, 2024", "2024-05-03"),
            ("Last updated May 23rd, 2024", "2024-05-23"),
            ("20240503", "2024-05-03"),
            ("1714751262", "2024-05-03T15:47:42Z"),
            ("1714751262000", "2024-05-03T15:47:42Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(iso(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "0001-01-01T00:00:00", "today", "2024", "2024-13-40", "3 of May", "{{date}}", "９９９９９９９９", &"1".repeat(999)]
        {
            assert_eq!(iso(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_may_have_a_date() {
        assert_eq!(in_address("https://a.example/2024/05/03/story").as_deref(), Some("2024-05-03"));
        assert_eq!(in_address("https://a.example/b/2024-05-03-story").as_deref(), Some("2024-05-03"));
        assert_eq!(in_address("https://a.example/2024/05/033"), None);
        assert_eq!(in_address("https://a.example/é/2024/05/03"), Some("2024-05-03".to_owned()));
        assert_eq!(in_address(""), None);
    }
}
