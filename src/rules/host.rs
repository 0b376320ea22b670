//! Hosts: the sites on which a rule holds.
//!
//! `yahoo.com` means it and every subdomain, `=yahoo.com` that host alone, `yahoo.*` the name under any public suffix. The
//! list of public suffixes is not carried along: a suffix is one label (`com`, `de`), or two where the last has two letters and
//! the one before it at most three (`co.uk`, `com.au`).

use std::fmt;
use std::str::FromStr;

/// A pattern for hosts, as `scope.hosts` writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPattern {
    /// Lower case, without `=` and `.*`.
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    /// `name.*`
    AnySuffix,
    /// `name`
    Domain,
    /// `=name`
    Exact,
}

/// What is wrong with a host pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostPatternError {
    /// Nothing is left of it.
    #[error("a host is empty")]
    Empty,
    /// A scheme, port or path.
    #[error("a host is written without scheme, port and path")]
    NotAHost,
    /// A star elsewhere than at the end.
    #[error("`*` stands for a public suffix and only at the end, as in `yahoo.*`")]
    Star,
    /// One label alone would mean a whole top-level domain.
    #[error("a host needs a dot; for any suffix write `{0}.*`")]
    OneLabel(String),
    /// A label is empty or has other signs than letters, digits, `-` and `_`.
    #[error("`{0}` is no part of a host name")]
    Label(String),
}

impl FromStr for HostPattern {
    type Err = HostPatternError;

    fn from_str(written: &str) -> Result<Self, Self::Err> {
        let lower = written.trim().to_lowercase();
        let (kind, name) = match (lower.strip_prefix('='), lower.strip_suffix(".*")) {
            (Some(_), Some(_)) => return Err(HostPatternError::Star),
            (Some(name), None) => (Kind::Exact, name),
            (None, Some(name)) => (Kind::AnySuffix, name),
            (None, None) => (Kind::Domain, lower.as_str()),
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        check_name(name)?;
        if kind == Kind::Domain && !name.contains('.') && name != "localhost" {
            return Err(HostPatternError::OneLabel(name.to_owned()));
        }
        Ok(Self { name: name.to_owned(), kind })
    }
}

/// Whether every label of `name` is well formed.
fn check_name(name: &str) -> Result<(), HostPatternError> {
    if name.is_empty() {
        return Err(HostPatternError::Empty);
    }
    if name.contains('*') {
        return Err(HostPatternError::Star);
    }
    if name.contains(['/', ':', '@', '?']) {
        return Err(HostPatternError::NotAHost);
    }
    match name.split('.').find(|label| !is_label(label)) {
        Some(label) => Err(HostPatternError::Label(label.to_owned())),
        None => Ok(()),
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

impl HostPattern {
    /// Whether the pattern holds for `host`, a name as [`host_of`] gives it.
    ///
    /// ```
    /// use copydesk::rules::HostPattern;
    /// let pattern: HostPattern = "yahoo.*".parse()?;
    /// assert!(pattern.matches("uk.news.yahoo.co.uk"));
    /// assert!(!pattern.matches("notyahoo.com"));
    /// # Ok::<(), copydesk::rules::HostPatternError>(())
    /// ```
    pub fn matches(&self, host: &str) -> bool {
        match self.kind {
            Kind::Exact => host == self.name,
            Kind::Domain => is_below(host, &self.name),
            Kind::AnySuffix => without_suffix(host).any(|rest| is_below(rest, &self.name)),
        }
    }

    /// How narrow the pattern is; larger is narrower. A longer name is narrower than a shorter, and of one length `=host` is
    /// narrower than `host`, that than `host.*`.
    pub fn specificity(&self) -> u32 {
        let labels = self.name.split('.').count() as u32 + u32::from(self.kind == Kind::AnySuffix);
        labels * 4 + self.kind as u32
    }

    /// Whether the pattern holds for every host for which `other` does.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self.kind, other.kind) {
            (_, Kind::Exact) | (Kind::AnySuffix, Kind::Domain) => self.matches(&other.name),
            (Kind::Exact, _) | (Kind::Domain, Kind::AnySuffix) => false,
            (Kind::Domain, Kind::Domain) | (Kind::AnySuffix, Kind::AnySuffix) => is_below(&other.name, &self.name),
        }
    }
}

/// Whether `host` is `name` or a subdomain of it.
fn is_below(host: &str, name: &str) -> bool {
    host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// `host` without its public suffix, in the one or two ways in which it can be split.
fn without_suffix(host: &str) -> impl Iterator<Item = &str> {
    let one = host.rsplit_once('.');
    let two = one.and_then(|(rest, last)| {
        let (rest, second) = rest.rsplit_once('.')?;
        (last.len() == 2 && second.len() <= 3).then_some(rest)
    });
    one.map(|(rest, _)| rest).into_iter().chain(two)
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Exact => write!(f, "={}", self.name),
            Kind::Domain => f.write_str(&self.name),
            Kind::AnySuffix => write!(f, "{}.*", self.name),
        }
    }
}

/// The host of a URL, or of a bare host: lower case, without port, user and final dot. `None` when there is none.
///
/// ```
/// use copydesk::rules::host_of;
/// assert_eq!(host_of("https://News.Yahoo.com:443/a?b").as_deref(), Some("news.yahoo.com"));
/// assert_eq!(host_of("news.yahoo.com").as_deref(), Some("news.yahoo.com"));
/// assert_eq!(host_of("not a host"), None);
/// ```
pub fn host_of(url: &str) -> Option<String> {
    let url = url.trim();
    let rest = match url.split_once("://") {
        Some((scheme, rest)) if scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')) => rest,
        _ => url.strip_prefix("//").unwrap_or(url),
    };
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) => return None,
        None => host,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    host.split('.').all(is_label).then(|| host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(written: &str) -> HostPattern {
        written.parse().expect(written)
    }

    #[test]
    fn patterns_hold_for_their_hosts_alone() {
        let cases = [
            ("yahoo.com", "yahoo.com", true),
            ("yahoo.com", "uk.news.yahoo.com", true),
            ("yahoo.com", "notyahoo.com", false),
            ("yahoo.com", "yahoo.com.au", false),
            ("Yahoo.COM.", "yahoo.com", true),
            ("=yahoo.com", "yahoo.com", true),
            ("=yahoo.com", "www.yahoo.com", false),
            ("yahoo.*", "yahoo.com", true),
            ("yahoo.*", "yahoo.co.uk", true),
            ("yahoo.*", "uk.yahoo.co.jp", true),
            ("yahoo.*", "yahoo.example.com", false),
            ("yahoo.*", "notyahoo.com", false),
            ("yahoo.*", "yahoo", false),
            ("news.yahoo.*", "news.yahoo.de", true),
            ("news.yahoo.*", "yahoo.de", false),
            ("127.0.0.1", "127.0.0.1", true),
        ];
        for (written, host, holds) in cases {
            assert_eq!(pattern(written).matches(host), holds, "{written} on {host}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        let cases = [
            ("", HostPatternError::Empty),
            ("=", HostPatternError::Empty),
            ("https://yahoo.com", HostPatternError::NotAHost),
            ("yahoo.com/news", HostPatternError::NotAHost),
            ("*.yahoo.com", HostPatternError::Star),
            ("=yahoo.*", HostPatternError::Star),
            ("com", HostPatternError::OneLabel("com".into())),
            ("a..b", HostPatternError::Label(String::new())),
            ("a b.com", HostPatternError::Label("a b".into())),
        ];
        for (written, error) in cases {
            assert_eq!(written.parse::<HostPattern>(), Err(error), "{written}");
        }
    }

    #[test]
    fn narrower_patterns_rank_higher() {
        let order = ["yahoo.*", "yahoo.com", "=yahoo.com", "news.yahoo.*", "news.yahoo.com", "=news.yahoo.com"];
        let ranks: Vec<u32> = order.iter().map(|written| pattern(written).specificity()).collect();
        assert!(ranks.is_sorted_by(|a, b| a < b), "{ranks:?}");
    }

    #[test]
    fn patterns_cover_narrower_ones() {
        let cases = [
            ("yahoo.com", "news.yahoo.com", true),
            ("yahoo.com", "=yahoo.com", true),
            ("news.yahoo.com", "yahoo.com", false),
            ("yahoo.*", "yahoo.com", true),
            ("yahoo.com", "yahoo.*", false),
            ("=yahoo.com", "yahoo.com", false),
            ("yahoo.*", "news.yahoo.*", true),
        ];
        for (wide, narrow, covers) in cases {
            assert_eq!(pattern(wide).covers(&pattern(narrow)), covers, "{wide} over {narrow}");
        }
    }

    #[test]
    fn patterns_print_as_written() {
        for written in ["yahoo.com", "=yahoo.com", "yahoo.*"] {
            assert_eq!(pattern(written).to_string(), written);
        }
    }

    #[test]
    fn the_host_is_found_in_urls_and_bare_hosts() {
        let cases = [
            ("https://user:pw@Example.com:8080/path?q#f", Some("example.com")),
            ("//example.com/a", Some("example.com")),
            ("example.com", Some("example.com")),
            ("example.com.", Some("example.com")),
            ("example.com/path", Some("example.com")),
            ("http://bücher.de", Some("bücher.de")),
            ("https://a@b@c.com/", Some("c.com")),
            ("localhost:3000", Some("localhost")),
            ("mailto:someone", None),
            ("file:///etc", None),
            ("", None),
            ("a b", None),
            ("http://", None),
            ("http://a..b/", None),
        ];
        for (url, host) in cases {
            assert_eq!(host_of(url).as_deref(), host, "{url:?}");
        }
    }
}
