//! Headlines out of titles: `Ferry back in service | Northern Wire` without the site's name.

/// What stands between a headline and the name of its site.
const BETWEEN: &[&str] = &[" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " ‹ ", " › ", " / ", " ∣ ", "｜", " ｜ ", "|"];

/// The title without the site's name at its end or beginning.
///
/// A part goes if it is known to be the site: by its declared name, by the host, or since the rest is the headline that the page
/// shows (`heading`). `|` parts nothing but a site from a headline, so its last part goes if the rest has three words.
pub(super) fn without_site(title: &str, site: Option<&str>, host: Option<&str>, heading: Option<&str>) -> String {
    let mut title = title.trim();
    for _ in 0..3 {
        let Some(shorter) = shorter(title, site, host, heading) else { break };
        title = shorter;
    }
    title.to_owned()
}

fn shorter<'t>(title: &'t str, site: Option<&str>, host: Option<&str>, heading: Option<&str>) -> Option<&'t str> {
    let heading = heading.map(key).filter(|heading| heading.len() > 3);
    let mut ends: Vec<(usize, &str)> = BETWEEN.iter().filter_map(|mark| Some((title.rfind(mark)?, *mark))).collect();
    ends.sort_unstable_by_key(|&(at, mark)| (std::cmp::Reverse(at), std::cmp::Reverse(mark.len())));
    for &(at, mark) in ends.iter().take(2) {
        let (rest, name) = (title[..at].trim(), title[at + mark.len()..].trim());
        let bar = mark.contains(['|', '∣', '｜']) && rest.split_whitespace().count() >= 3 && name.split_whitespace().count() <= 5;
        if !rest.is_empty() && (heading.as_ref().is_some_and(|heading| *heading == key(rest)) || is_site(name, site, host) || bar) {
            return Some(rest);
        }
    }
    let starts =
        BETWEEN.iter().filter_map(|mark| Some((title.find(mark)?, *mark))).min_by_key(|&(at, mark)| (at, std::cmp::Reverse(mark.len())));
    let (at, mark) = starts?;
    let (name, rest) = (title[..at].trim(), title[at + mark.len()..].trim());
    (!rest.is_empty() && (heading.is_some_and(|heading| heading == key(rest)) || is_site(name, site, host))).then_some(rest)
}

/// Whether a part of a title is the name of the site.
pub(super) fn is_site(name: &str, site: Option<&str>, host: Option<&str>) -> bool {
    let name = key(name);
    if name.len() < 2 {
        return false;
    }
    let site_is = site.map(key).is_some_and(|site| {
        site == name || site.len() > 3 && (name.contains(&site) && name.len() < site.len() * 2 || site.contains(&name) && name.len() > 3)
    });
    let host_is = host.is_some_and(|host| {
        host.split('.').any(|label| label.len() > 2 && key(label) == name) || key(host).contains(&name) && name.len() > 3
    });
    site_is || host_is
}

/// Whether a text can be a headline: neither the site's name nor a paragraph.
pub(super) fn can_be(title: &str, site: Option<&str>, host: Option<&str>) -> bool {
    let length = title.chars().count();
    (1..=LONGEST).contains(&length) && (!is_site(title, site, host) || title.split_whitespace().count() > 3)
}

/// Most characters of a headline.
const LONGEST: usize = 250;

/// Whether `title` is what `whole` ends in, after a line above the headline.
pub(super) fn is_end_of(title: &str, whole: &str) -> bool {
    let (title_key, whole_key) = (key(title), key(whole));
    title.split_whitespace().count() >= 3 && title_key.len() < whole_key.len() && whole_key.ends_with(&title_key)
}

/// Letters and digits alone, in lower case.
fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_goes_and_the_headline_stays() {
        let title =
            |title: &str| without_site(title, Some("Northern Wire"), Some("www.northernwire.example"), Some("Ferry - back in service"));
        let cases = [
            ("Ferry back in service | Northern Wire", "Ferry back in service"),
            ("Northern Wire: Ferry back", "Northern Wire: Ferry back"),
            ("Northern Wire - Ferry back", "Ferry back"),
            ("Ferry back - in service", "Ferry back - in service"),
            ("Ferry back – northernwire", "Ferry back"),
            ("Ferry - back in service - Harbour - Other", "Ferry - back in service - Harbour - Other"),
            ("Ferry - back in service - Other", "Ferry - back in service"),
            ("Ferry back in service | Harbour | Northern Wire", "Ferry back in service"),
            ("Northern Wire", "Northern Wire"),
            ("", ""),
        ];
        for (whole, expected) in cases {
            assert_eq!(title(whole), expected, "{whole}");
        }
        assert_eq!(without_site("A | B", None, None, None), "A | B");
        assert!(is_end_of("Ferry back in service", "Harbour: Ferry back in service") && !is_end_of("Ferry", "The Ferry"));
        assert!(can_be("Ferry back", None, None) && !can_be("Northern Wire", Some("Northern Wire"), None) && !can_be("", None, None));
    }
}
