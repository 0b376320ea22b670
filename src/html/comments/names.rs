//! Class names, ids and microdata read for what they say of comments: `comment-list` holds them, `li-comment-12` is one, `comment-author`
//! wrote it.
//!
//! A name is split into words and only whole words count. A word such as `no`, `recent` or `form` beside the word for comments says
//! that it is something else: a switch, a list of other pages' comments, a field to write in.

use crate::html::memo::Memo;
use crate::html::{Attr, NodeId, Tree};

/// What the names of an element say, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Says(u16);

impl Says {
    /// It holds comments.
    pub(super) const SECTION: Self = Self(1);
    /// It is one comment.
    pub(super) const COMMENT: Self = Self(1 << 1);
    /// The same by microdata, or by a number of its own: `comment-12`.
    pub(super) const SURE: Self = Self(1 << 2);
    /// Who wrote it, perhaps with other words.
    pub(super) const AUTHOR: Self = Self(1 << 3);
    /// A name and no more.
    pub(super) const NAME: Self = Self(1 << 4);
    /// When it was written.
    pub(super) const DATE: Self = Self(1 << 5);
    /// What it says.
    pub(super) const TEXT: Self = Self(1 << 6);
    /// The same, where the name tells it from what is around it: `comment-content`.
    pub(super) const OWN_TEXT: Self = Self(1 << 7);
    /// What stands around it: buttons, counts, places in a row.
    pub(super) const EXTRA: Self = Self(1 << 8);

    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What the names of an element say; `known` remembers lists of class names.
    pub(super) fn of<'t>(tree: &'t Tree<'_>, id: NodeId, known: &mut Memo<'t, Self>) -> Self {
        let mut says = Self::default();
        for attr in tree.attr_spans(id) {
            let value = match attr.name {
                Attr::Class | Attr::Id | Attr::Itemprop | Attr::Itemtype if attr.len() <= LONGEST_LIST => tree.attr_value(attr),
                _ => continue,
            };
            says = says.and(match (attr.name, value) {
                (Attr::Class, std::borrow::Cow::Borrowed(names)) => known.get(names, Self::of_names),
                (Attr::Class | Attr::Id, names) => Self::of_names(&names),
                (Attr::Itemprop, names) => {
                    names.split_ascii_whitespace().fold(Self::default(), |says, name| says.and(Self::of_property(name)))
                }
                (_, kinds) => Self::of_types(&kinds),
            });
        }
        says
    }

    fn of_names(names: &str) -> Self {
        names.split_ascii_whitespace().fold(Self::default(), |says, name| says.and(Self::of_name(name)))
    }

    fn of_property(name: &str) -> Self {
        match name {
            "comment" => Self::COMMENT.and(Self::SURE),
            "author" | "creator" => Self::AUTHOR,
            "name" => Self::NAME,
            "dateCreated" | "datePublished" | "commentTime" => Self::DATE,
            "text" | "commentText" => Self::TEXT.and(Self::OWN_TEXT),
            _ => Self::default(),
        }
    }

    fn of_types(kinds: &str) -> Self {
        let is_comment = |kind: &str| matches!(kind.rsplit(['/', ':']).next(), Some("Comment" | "UserComments"));
        if kinds.split_ascii_whitespace().any(is_comment) { Self::COMMENT.and(Self::SURE) } else { Self::default() }
    }

    fn of_name(name: &str) -> Self {
        match name {
            "h-cite" => return Self::COMMENT,
            "fn" | "p-name" => return Self::NAME,
            "e-content" | "p-content" => return Self::TEXT.and(Self::OWN_TEXT),
            _ => {}
        }
        // What a name says behind two hyphens is how the thing looks.
        let name = name.split("--").next().unwrap_or_default();
        let words = Words::of(name);
        let Some(last) = words.last() else { return Self::default() };
        let holds = |list: &[&str]| words.iter().any(|word| list.contains(&word));
        let mut says = Self::default();
        let is_about_comments = holds(COMMENT) || holds(COMMENTS);
        if is_about_comments && !holds(ELSE) {
            let before = words.before_last();
            if COMMENT.contains(&last) || before.is_some_and(|before| COMMENT.contains(&before)) && ONE.contains(&last) {
                says = says.and(Self::COMMENT);
                if words.ends_in_number && words.count <= 3 {
                    says = says.and(Self::SURE);
                }
            } else if holds(COMMENTS) || MANY.contains(&last) {
                says = says.and(Self::SECTION);
            }
        }
        if (words.count == 2 && words.iter().eq(["disqus", "thread"])) && !words.ends_in_number {
            says = says.and(Self::SECTION);
        }
        if holds(NAMES) || last == "name" && holds(WRITERS) {
            says = says.and(Self::NAME).and(Self::AUTHOR);
        } else if holds(WRITERS) {
            says = says.and(Self::AUTHOR);
        }
        if holds(DATES) {
            says = says.and(Self::DATE);
        }
        if TEXTS.contains(&last) && !holds(WRITERS) {
            says = says.and(Self::TEXT);
            // A `comment-body` has author and date in it as often as not.
            if is_about_comments && last != "body" {
                says = says.and(Self::OWN_TEXT);
            }
        }
        if holds(EXTRAS) {
            says = says.and(Self::EXTRA);
        }
        says
    }
}

/// Longest list of names that is read, and longest name, in bytes; and most words of a name.
const LONGEST_LIST: u32 = 2_000;
const LONGEST_NAME: usize = 48;
const MOST_WORDS: usize = 6;

/// One comment.
const COMMENT: &[&str] = &[
    "comment",
    "kommentar",
    "commentaire",
    "comentario",
    "commento",
    "reactie",
    "komentarz",
    "kommentti",
    "komentar",
    "yorum",
    "hozzaszolas",
];

/// Several, or where they are.
const COMMENTS: &[&str] = &[
    "comments",
    "commentlist",
    "commentslist",
    "commentsection",
    "commentthread",
    "commentsarea",
    "kommentare",
    "kommentarer",
    "commentaires",
    "comentarios",
    "commenti",
    "reacties",
    "komentarze",
    "kommentit",
    "komentare",
    "yorumlar",
    "hozzaszolasok",
];

/// What a place for several is called behind the word for one.
const MANY: &[&str] = &["list", "section", "thread", "threads", "area", "tree", "stream", "container"];

/// What one is called behind the word for it.
const ONE: &[&str] = &["item", "entry", "node", "box", "wrap", "wrapper", "row", "card", "post", "root", "single"];

/// Words that say that a name is of something else than the comments of this page.
const ELSE: &[&str] = &[
    "no",
    "has",
    "without",
    "add",
    "leave",
    "write",
    "submit",
    "recent",
    "latest",
    "count",
    "counter",
    "counts",
    "number",
    "num",
    "link",
    "links",
    "icon",
    "fa",
    "button",
    "btn",
    "toggle",
    "form",
    "respond",
    "title",
    "heading",
    "popup",
    "policy",
    "login",
    "open",
    "opened",
    "closed",
    "off",
    "feed",
    "rss",
    "widget",
    "share",
    "input",
    "field",
    "cancel",
    "notes",
    "cookies",
    "subscribe",
    "carousel",
    "hidden",
    "disabled",
    "enabled",
    "anchor",
    "nav",
    "navigation",
    "pagination",
    "more",
    "view",
    "show",
    "load",
    "loading",
    "parent",
    "editor",
    "expert",
    "tone",
    "news",
    "live",
    "match",
    "ticker",
    "latestcomments",
    "recentcomments",
    "recommended",
];

/// Names of persons and no more.
const NAMES: &[&str] = &["username", "nickname", "displayname", "authorname"];

/// Who wrote something.
const WRITERS: &[&str] = &[
    "author",
    "authors",
    "autor",
    "auteur",
    "autore",
    "commenter",
    "commentator",
    "byline",
    "poster",
    "vcard",
    "user",
    "username",
    "nickname",
    "nick",
    "member",
    "displayname",
    "authorname",
];

const DATES: &[&str] = &["date", "time", "timestamp", "datetime", "timeago", "published", "posted", "datum", "fecha"];

/// What somebody wrote.
const TEXTS: &[&str] = &["content", "text", "body", "message", "msg", "copy", "contents", "texte", "texto", "inhalt"];

/// What stands around it.
const EXTRAS: &[&str] = &[
    "says",
    "meta",
    "metadata",
    "commentmetadata",
    "reply",
    "respond",
    "action",
    "actions",
    "tool",
    "tools",
    "toolbar",
    "toolwrap",
    "vote",
    "votes",
    "voting",
    "score",
    "rating",
    "like",
    "likes",
    "avatar",
    "permalink",
    "share",
    "report",
    "flag",
    "footer",
    "header",
    "info",
    "controls",
    "button",
    "buttons",
    "btn",
    "badge",
    "status",
    "moderation",
    "form",
    "count",
    "counter",
    "menu",
    "userinfo",
    "profile",
    "gravatar",
    "edit",
    "sr",
    "visuallyhidden",
    "antworten",
    "repondre",
    "responder",
    "rispondi",
];

/// The words of a name, in lower case and without numbers.
struct Words {
    text: [u8; LONGEST_NAME],
    ends: [u8; MOST_WORDS],
    count: usize,
    /// Whether digits follow the last word.
    ends_in_number: bool,
}

impl Words {
    /// A name that is too long has none.
    fn of(name: &str) -> Self {
        let mut words = Self { text: [0; LONGEST_NAME], ends: [0; MOST_WORDS], count: 0, ends_in_number: false };
        if name.len() > LONGEST_NAME || !name.is_ascii() {
            return words;
        }
        let bytes = name.as_bytes();
        let (mut len, mut in_word) = (0, false);
        for (at, &byte) in bytes.iter().enumerate() {
            let turns = byte.is_ascii_uppercase() && at > 0 && bytes[at - 1].is_ascii_lowercase();
            if !byte.is_ascii_alphabetic() || turns {
                in_word = false;
            }
            if !byte.is_ascii_alphabetic() {
                continue;
            }
            if !in_word {
                if words.count == MOST_WORDS {
                    words.count = 0;
                    return words;
                }
                words.count += 1;
                in_word = true;
            }
            words.text[len] = byte.to_ascii_lowercase();
            len += 1;
            words.ends[words.count - 1] = len as u8;
        }
        words.ends_in_number = bytes.last().is_some_and(u8::is_ascii_digit);
        words
    }

    fn word(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { usize::from(self.ends[at - 1]) };
        std::str::from_utf8(&self.text[start..usize::from(self.ends[at])]).unwrap_or_default()
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.count).map(|at| self.word(at))
    }

    fn last(&self) -> Option<&str> {
        self.count.checked_sub(1).map(|at| self.word(at))
    }

    fn before_last(&self) -> Option<&str> {
        self.count.checked_sub(2).map(|at| self.word(at))
    }
}

/// What sections of comments are headed, without numbers and signs.
const HEADINGS: &[&str] = &[
    "comments",
    "comment",
    "reader comments",
    "readers comments",
    "user comments",
    "kommentare",
    "kommentar",
    "leserkommentare",
    "commentaires",
    "commentaire",
    "comentarios",
    "comentario",
    "comentários",
    "comentário",
    "commenti",
    "commento",
    "reacties",
    "reactie",
    "kommentarer",
    "kommentit",
    "kommentti",
    "komentarze",
    "komentáře",
    "komentarzy",
    "yorumlar",
    "yorum",
    "комментарии",
    "комментариев",
    "комментария",
    "评论",
    "留言",
    "コメント",
    "댓글",
    "件のコメント",
];

/// Whether a heading is one of comments: `Comments (12)`, `3 Kommentare`.
pub(super) fn is_heading(text: &str) -> bool {
    if text.len() > LONGEST_HEADING {
        return false;
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    HEADINGS.contains(&words.join(" ").as_str())
}

/// Longest heading that is looked at, in bytes.
const LONGEST_HEADING: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_a_comment() {
        let cases: &[(&str, Says)] = &[
            ("comments", Says::SECTION),
            ("comments-area", Says::SECTION),
            ("commentlist", Says::SECTION),
            ("comment-list", Says::SECTION),
            ("disqus_thread", Says::SECTION),
            ("leser-kommentare", Says::SECTION),
            ("comment", Says::COMMENT),
            ("js-comment", Says::COMMENT),
            ("comment--reply", Says::COMMENT),
            ("readerComment", Says::COMMENT),
            ("li-comment-12", Says::COMMENT.and(Says::SURE)),
            ("comment-item", Says::COMMENT),
            ("comment-author", Says::AUTHOR),
            ("comment-author-name", Says::AUTHOR.and(Says::NAME)),
            ("comment-date", Says::DATE),
            ("comment-content", Says::TEXT.and(Says::OWN_TEXT)),
            ("comment-meta", Says::EXTRA),
            ("reply", Says::EXTRA),
            ("comment-form", Says::EXTRA),
        ];
        for (name, says) in cases {
            assert_eq!(Says::of_names(name), *says, "{name}");
        }
        for name in [
            "no-comments",
            "recent-comments",
            "comments-link",
            "comment-title",
            "commentary",
            "tone-comment",
            "recommended",
            "",
            "a-comment-name-that-a-machine-has-made-and-that-never-ends-12",
        ] {
            let says = Says::of_names(name);
            assert!(!says.has(Says::SECTION.and(Says::COMMENT)), "{name}: {says:?}");
        }
    }

    #[test]
    fn headings_of_comments_are_known() {
        for heading in ["Comments", "12 Comments", "Comments (3):", "Kommentare", "3 commentaires"] {
            assert!(is_heading(heading), "{heading}");
        }
        for heading in ["Comments of the minister", "", "12", "No comment from the mayor"] {
            assert!(!is_heading(heading), "{heading}");
        }
    }
}
