//! Options that several commands share.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::engine::Engine;
use crate::html::PageReader;
use crate::io::{Batch, FieldNames, Form, Printer};
use crate::rules::{Category, Mode, RuleSet, RuleSetBuilder};

/// When output is coloured.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ColorArg {
    /// On a terminal, as `NO_COLOR` and `CLICOLOR_FORCE` have it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColorArg {
    /// Makes this hold for everything that is printed.
    pub(super) fn make_global(self) {
        let choice = match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// What an input is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FromArg {
    /// What its first bytes or else its name say, otherwise text
    #[default]
    Auto,
    /// One article of plain text
    Text,
    /// One web page
    Html,
    /// One JSON object a line
    Jsonl,
    /// An array of JSON objects
    Json,
    /// Comma-separated values (or semicolons) with a line of names
    Csv,
    /// Tab-separated values with a line of names
    Tsv,
    /// RSS, Atom or JSON Feed
    Feed,
    /// WARC or WET archive
    Warc,
    /// Apache Parquet
    Parquet,
}

impl FromArg {
    /// The form; `None` when it is to be found out.
    pub(super) const fn form(self) -> Option<Form> {
        Some(match self {
            Self::Auto => return None,
            Self::Text => Form::Text,
            Self::Html => Form::Html,
            Self::Jsonl => Form::JsonLines,
            Self::Json => Form::Json,
            Self::Csv => Form::Csv,
            Self::Tsv => Form::Tsv,
            Self::Feed => Form::Feed,
            Self::Warc => Form::Warc,
            Self::Parquet => Form::Parquet,
        })
    }
}

/// What reads pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ParserArg {
    /// Ours, which follows the HTML standard
    #[default]
    Fast,
    /// html5ever, the reference: slower, the same tree
    Spec,
}

/// Which rules there are.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct RuleArgs {
    /// A file or folder of rules to use as well; may be given more than once
    #[arg(long, value_name = "PATH")]
    pub(super) rules: Vec<PathBuf>,
    /// Leave the built-in rules out
    #[arg(long)]
    pub(super) no_builtin: bool,
}

impl RuleArgs {
    pub(super) fn set(&self) -> RuleSetBuilder {
        let set = RuleSet::builder().builtin(!self.no_builtin);
        self.rules.iter().fold(set, RuleSetBuilder::add_path)
    }
}

/// How rules are applied.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct EngineArgs {
    /// Which rules take part: only sure ones, likely ones too, or all
    #[arg(long, value_name = "MODE", default_value = "standard", value_parser = mode())]
    mode: Mode,
    /// Leave everything of a category in the text; may be given more than once
    #[arg(long, value_name = "CATEGORY", value_parser = category(Category::ALL))]
    keep: Vec<Category>,
    /// Take tagged lines of a category out of the text too; may be given more than once
    #[arg(long, value_name = "CATEGORY", value_parser = category(&[Category::Byline, Category::Dateline, Category::Agency]))]
    drop: Vec<Category>,
    /// Most of the prose that may go, 0 to 1; a text that would lose more comes back whole. 1 is no limit
    #[arg(long, value_name = "SHARE", value_parser = share)]
    guard: Option<f32>,
    #[command(flatten)]
    rules: RuleArgs,
}

impl EngineArgs {
    pub(super) fn rules(&self) -> &RuleArgs {
        &self.rules
    }

    /// The engine; `names_outside` says that somebody will read what went, and why.
    pub(super) fn engine(&self, names_outside: bool) -> anyhow::Result<Engine> {
        let mut builder = Engine::builder().mode(self.mode).builtin(!self.rules.no_builtin).names_outside(names_outside);
        builder = self.keep.iter().fold(builder, |builder, &category| builder.keep(category));
        builder = self.drop.iter().fold(builder, |builder, &category| builder.remove(category));
        builder = self.rules.rules.iter().fold(builder, |builder, path| builder.rules_path(path));
        if let Some(share) = self.guard {
            builder = builder.guard(share);
        }
        Ok(builder.build()?)
    }
}

fn mode() -> impl TypedValueParser<Value = Mode> {
    let words = PossibleValuesParser::new(Mode::ALL.iter().map(|mode| mode.as_str()));
    words.map(|word| Mode::from_word(&word).expect("clap takes these words only"))
}

pub(super) fn category(of: &[Category]) -> impl TypedValueParser<Value = Category> {
    let words = PossibleValuesParser::new(of.iter().map(|category| category.as_str()));
    words.map(|word| Category::from_word(&word).expect("clap takes these words only"))
}

fn share(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a number from 0 to 1 is needed".to_owned()),
    }
}

/// What inputs are and what is known of them.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Input")]
pub(super) struct InputArgs {
    /// What the inputs are
    #[arg(long, value_name = "FORM", default_value = "auto")]
    pub(super) from: FromArg,
    /// Records: the field or column with the text
    #[arg(long, value_name = "NAME", default_value = "text")]
    text_field: String,
    /// Records: the field or column with a page, for those that have no text
    #[arg(long, value_name = "NAME", default_value = "html")]
    html_field: String,
    /// Records: the field or column with the address of the page [default: url]
    #[arg(long, value_name = "NAME")]
    url_field: Option<String>,
    /// Records: the field or column with the host of the page, or its address [default: `url_host`, else the address]
    #[arg(long, value_name = "NAME")]
    host_field: Option<String>,
    /// Records: the field or column with the language [default: lang, else language]
    #[arg(long, value_name = "NAME")]
    lang_field: Option<String>,
    /// Language of the text, for records that do not say theirs: en, pt-BR
    #[arg(long, value_name = "CODE")]
    pub(super) lang: Option<String>,
    /// Host of the page or its address, for records that do not say theirs
    #[arg(long, value_name = "HOST")]
    pub(super) host: Option<String>,
    /// What reads pages
    #[arg(long, value_name = "PARSER", default_value = "fast")]
    parser: ParserArg,
    /// Set readers' comments of pages apart, in the field `comments`; those of forums stay in the text
    #[arg(long)]
    comments: bool,
    /// Longest record that is read, in bytes; K, M and G may follow
    #[arg(long, value_name = "BYTES", default_value = "256M", value_parser = bytes)]
    pub(super) max_record: usize,
}

impl InputArgs {
    pub(super) fn pages(&self) -> PageReader {
        PageReader::default().by_specification(self.parser == ParserArg::Spec).with_comments(self.comments)
    }

    /// A run over inputs of this kind.
    pub(super) fn batch(&self, engine: &Engine, printer: &Printer) -> Batch {
        let own = self.clone();
        let mut batch =
            Batch::new(engine.clone(), printer.clone()).names(self.names()).pages(move || own.pages()).max_record(self.max_record);
        if let Some(form) = self.from.form() {
            batch = batch.form(form);
        }
        if let Some(lang) = &self.lang {
            batch = batch.lang(lang);
        }
        match &self.host {
            Some(host) => batch.host(host),
            None => batch,
        }
    }

    pub(super) fn names(&self) -> FieldNames {
        let mut names = FieldNames { text: self.text_field.clone(), html: self.html_field.clone(), ..FieldNames::default() };
        if let Some(field) = &self.url_field {
            names.url = vec![field.clone()];
            names.host = vec!["url_host".to_owned(), field.clone()];
        }
        if let Some(field) = &self.host_field {
            names.host = vec![field.clone()];
        }
        if let Some(field) = &self.lang_field {
            names.lang = vec![field.clone()];
        }
        names
    }
}

pub(super) fn bytes(text: &str) -> Result<usize, String> {
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (&text[..text.len() - 1], 10),
        Some(b'M' | b'm') => (&text[..text.len() - 1], 20),
        Some(b'G' | b'g') => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    let number = digits.parse::<usize>().ok().and_then(|number| number.checked_mul(1 << shift));
    number.filter(|&number| number > 0).ok_or_else(|| "a number of bytes is needed, such as 256M".to_owned())
}

/// The inputs to read: the files given, or standard input; `None` when nobody has given any.
pub(super) fn inputs(files: &[PathBuf]) -> Option<Vec<PathBuf>> {
    if !files.is_empty() {
        return Some(files.to_vec());
    }
    (!io::stdin().is_terminal()).then(|| vec![PathBuf::from("-")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_may_be_given_in_units() {
        assert_eq!(bytes("12"), Ok(12));
        assert_eq!(bytes("256M"), Ok(256 << 20));
        assert_eq!(bytes("1k"), Ok(1024));
        for wrong in ["", "M", "0", "-1", "1T", "99999999999999999999G"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shares_are_numbers_from_zero_to_one() {
        assert_eq!(share("0.5"), Ok(0.5));
        for wrong in ["1.1", "-0.1", "NaN", "x"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}
