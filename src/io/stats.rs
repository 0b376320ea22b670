//! Counts of what happened to records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::article::{Article, Status};

/// Hosts that are counted by name. Those that come later are counted together, so that memory stays bounded.
const HOSTS: usize = 10_000;
/// Their name.
const OTHER_HOSTS: &str = "(others)";

/// Counts of what happened to records. Those of two runs, or of two threads, can be added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Records by status: `ok`, `empty`, `refused`, or what went wrong, such as `too_long`.
    pub statuses: BTreeMap<String, u64>,
    /// Texts that did not come out as they came in.
    pub changed: u64,
    /// Captions that were found.
    pub captions: u64,
    /// Bytes of text, or of web pages, that went in.
    pub bytes_in: u64,
    /// Bytes of text that came out.
    pub bytes_out: u64,
    /// What was removed, by category and rule.
    pub rules: BTreeMap<String, BTreeMap<String, Pieces>>,
    /// What was removed, by host.
    pub hosts: BTreeMap<String, Pieces>,
}

/// How much was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pieces {
    /// Pieces of text.
    pub pieces: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Pieces {
    fn add(&mut self, other: Self) {
        self.pieces += other.pieces;
        self.bytes += other.bytes;
    }
}

impl Stats {
    /// All records.
    pub fn records(&self) -> u64 {
        self.statuses.values().sum()
    }

    /// Records that could not be cleaned.
    pub fn failed(&self) -> u64 {
        let good = ["ok", "empty", "refused"];
        self.statuses.iter().filter(|(status, _)| !good.contains(&status.as_str())).map(|(_, count)| count).sum()
    }

    /// Counts an article; `bytes_in` is the length of what it was cleaned from.
    pub fn article(&mut self, host: Option<&str>, bytes_in: usize, article: &Article<'_>) {
        self.status(article.status.as_str());
        self.captions += article.captions.len() as u64;
        self.bytes_in += bytes_in as u64;
        self.bytes_out += article.text.len() as u64;
        if article.dropped.is_empty() || article.status == Status::Refused {
            return;
        }
        self.changed += 1;
        let mut all = Pieces::default();
        for piece in &article.dropped {
            let pieces = Pieces { pieces: 1, bytes: piece.text.len() as u64 };
            all.add(pieces);
            let rules = entry(&mut self.rules, piece.category.as_str());
            entry(rules, piece.rule.as_str()).add(pieces);
        }
        if let Some(host) = host {
            self.host(host, all);
        }
    }

    /// Counts a record that could not be cleaned.
    pub fn status(&mut self, status: &str) {
        *entry(&mut self.statuses, status) += 1;
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        for (status, count) in &other.statuses {
            *entry(&mut self.statuses, status) += count;
        }
        self.changed += other.changed;
        self.captions += other.captions;
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        for (category, rules) in &other.rules {
            let own = entry(&mut self.rules, category);
            for (rule, pieces) in rules {
                entry(own, rule).add(*pieces);
            }
        }
        for (host, pieces) in &other.hosts {
            self.host(host, *pieces);
        }
    }

    fn host(&mut self, host: &str, pieces: Pieces) {
        let name = if self.hosts.contains_key(host) || self.hosts.len() < HOSTS { host } else { OTHER_HOSTS };
        entry(&mut self.hosts, name).add(pieces);
    }
}

/// The value of a name, which is copied only when it is new.
fn entry<'m, V: Default>(map: &'m mut BTreeMap<String, V>, name: &str) -> &'m mut V {
    if !map.contains_key(name) {
        map.insert(name.to_owned(), V::default());
    }
    map.get_mut(name).expect("it has just been put there")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_two_runs_add_up() {
        let engine = crate::Engine::builder().builtin(false).rules_text("r", RULE).build().unwrap();
        let (mut both, mut second) = (Stats::default(), Stats::default());
        let source = "Advertisement\n\nThe vote was close, the office said.\n";
        both.article(Some("a.example"), source.len(), &engine.clean(source));
        second.article(Some("a.example"), source.len(), &engine.clean(source));
        second.status("too_long");
        both.add(&second);
        assert_eq!((both.records(), both.failed(), both.changed), (3, 1, 2));
        assert_eq!(both.rules["ad_marker"]["mine.ad"], Pieces { pieces: 2, bytes: 26 });
        assert_eq!(both.hosts["a.example"].pieces, 2);
    }

    const RULE: &str = "format = 1\n[pack]\nid = \"mine\"\n[[rule]]\nid = \"mine.ad\"\ncategory = \"ad_marker\"\nabout = \"A marker.\"\n\
        action = \"remove\"\nmatch.is = [\"advertisement\"]\ntest.hit = [\"Advertisement\"]\ntest.miss = [\"A story.\"]\n";

    #[test]
    fn hosts_do_not_fill_the_memory() {
        let mut stats = Stats::default();
        for number in 0..HOSTS + 5 {
            stats.host(&format!("{number}.example"), Pieces { pieces: 1, bytes: 1 });
        }
        assert_eq!((stats.hosts.len(), stats.hosts[OTHER_HOSTS].pieces), (HOSTS + 1, 5));
    }
}
