//! What a line is made of, so that it can be compared with others.

/// Words of a line that are looked at.
const MOST_WORDS: usize = 60;

/// What a line is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Build {
    /// Share of its words but the first that begin with a capital, in hundredths; -1 where there are none, or it is prose.
    pub(super) capitals: i16,
    /// What it begins with.
    pub(super) first: First,
}

/// What a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    Small,
    Capital,
    Digit,
    Quote,
    Sign,
}

impl First {
    fn of(text: &str) -> Self {
        match text.trim_start().chars().next() {
            Some(c) if c.is_lowercase() => Self::Small,
            Some(c) if c.is_numeric() => Self::Digit,
            Some(c) if c.is_alphabetic() => Self::Capital,
            Some('"' | '\'' | '“' | '”' | '„' | '«' | '»' | '‘' | '’') => Self::Quote,
            _ => Self::Sign,
        }
    }
}

impl Build {
    /// What a text is made of.
    pub(super) fn of(text: &str, is_prose: bool) -> Self {
        Self { capitals: if is_prose { -1 } else { capitals(text) }, first: First::of(text) }
    }
}

/// Share of the words of a line but the first that begin with a capital, in hundredths; -1 without such words.
fn capitals(text: &str) -> i16 {
    let (mut words, mut capitals) = (0_i16, 0_i16);
    for token in text.split_whitespace().take(MOST_WORDS).skip(1) {
        words += 1;
        capitals += i16::from(begins(token, char::is_uppercase));
    }
    (100 * capitals).checked_div(words).unwrap_or(-1)
}

/// Whether the first letter or digit of a text is of a kind.
pub(super) fn begins(text: &str, is: fn(char) -> bool) -> bool {
    text.chars().find(|c| c.is_alphanumeric()).is_some_and(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_by_what_they_begin_with() {
        let cases = [("mill", First::Small), ("Mill", First::Capital), ("磨坊", First::Capital), ("3 eggs", First::Digit)];
        let signs = [("“No”", First::Quote), ("• eggs", First::Sign), ("", First::Sign)];
        for (text, first) in cases.into_iter().chain(signs) {
            assert_eq!(First::of(text), first, "{text:?}");
        }
        assert_eq!([capitals("Old Mill opens"), capitals("Mill"), capitals("The \u{201c}Old\u{201d} Mill")], [50, -1, 100]);
    }
}
