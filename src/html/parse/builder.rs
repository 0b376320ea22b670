//! Tree construction: from tokens to the tree, by the standard's insertion modes.
//!
//! Which mode the builder is in decides what a token means: a `<tr>` makes a row in a table, a row
//! and a table body elsewhere in a table, and nothing at all in a paragraph. Each group of modes has
//! a file here: [`head`] for what comes before the body, [`body_start`] and [`body_end`], [`table`] and [`rows`],
//! [`select`], [`template`], [`frameset`] for framesets and what comes after the body, and
//! [`foreign`] for SVG and `MathML`. [`insert`] puts nodes in their place, [`adoption`] sorts out
//! formatting that overlaps.
//!
//! The standard's mode "text" is not here: the content of `<script>` and its like is taken as a whole
//! when its start tag is.

mod adoption;
mod body_end;
mod body_start;
mod foreign;
mod frameset;
mod head;
mod insert;
mod rows;
mod select;
mod space;
mod table;
mod template;

use super::formatting::Formatting;
use super::props::scope;
use super::stack::{Open, Stack, kind};
use super::tokenizer::{RawText, TagToken, Text, Token, Tokenizer};
use super::{Context, Options};
use crate::html::names::{Namespace, Tag};
use crate::html::tree::{Draft, NONE, Quirks, offset};

/// The insertion modes of the standard, but "text".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Initial,
    BeforeHtml,
    BeforeHead,
    InHead,
    InHeadNoscript,
    AfterHead,
    InBody,
    InTable,
    InTableText,
    InCaption,
    InColumnGroup,
    InTableBody,
    InRow,
    InCell,
    InSelect,
    InSelectInTable,
    InTemplate,
    AfterBody,
    InFrameset,
    AfterFrameset,
    AfterAfterBody,
    AfterAfterFrameset,
}

/// What to do after a token was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Go on with the next.
    Done,
    /// Look at the same one again, in another mode.
    Again,
}

/// What a parser keeps from page to page.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) draft: Draft,
    stack: Stack,
    formatting: Formatting,
    template_modes: Vec<Mode>,
    table_text: Vec<Text>,
}

/// The state of tree construction.
pub(super) struct Builder<'s> {
    tokens: Tokenizer<'s>,
    draft: Draft,
    stack: Stack,
    formatting: Formatting,
    template_modes: Vec<Mode>,
    /// Text in a table that waits for its end to be known.
    table_text: Vec<Text>,
    options: Options,
    context: Option<Context>,
    mode: Mode,
    /// The mode to go back to after text in a table.
    original_mode: Mode,
    quirks: Quirks,
    /// The head element, or [`NONE`].
    head: u32,
    /// The form that is open, or [`NONE`].
    form: u32,
    is_frameset_ok: bool,
    /// Whether content of a table part goes before the table.
    is_fostering: bool,
    /// Whether a line feed right here is to be ignored.
    skips_newline: bool,
    /// How often formatting elements may still be copied, to be opened again.
    reopenings: usize,
}

impl<'s> Builder<'s> {
    pub(super) fn new(source: &'s str, options: Options, context: Option<Context>, memory: Memory) -> Self {
        let Memory { draft, stack, formatting, template_modes, table_text } = memory;
        let mut builder = Self {
            tokens: Tokenizer::new(source),
            draft,
            stack,
            formatting,
            template_modes,
            table_text,
            options,
            context,
            mode: Mode::Initial,
            original_mode: Mode::Initial,
            quirks: Quirks::No,
            head: NONE,
            form: NONE,
            is_frameset_ok: true,
            is_fostering: false,
            skips_newline: false,
            reopenings: 4096 + source.len() / 64,
        };
        builder.tokens.skip_byte_order_mark();
        builder.draft.clear();
        builder.draft.reserve(source.len());
        builder.stack.clear();
        builder.formatting.clear();
        builder.template_modes.clear();
        builder.table_text.clear();
        builder
    }

    pub(super) fn quirks(&self) -> Quirks {
        self.quirks
    }

    pub(super) fn into_memory(self) -> Memory {
        let Self { draft, stack, formatting, template_modes, table_text, .. } = self;
        Memory { draft, stack, formatting, template_modes, table_text }
    }

    /// Builds the tree of the whole page.
    pub(super) fn run(&mut self) {
        if let Some(context) = self.context {
            self.start_fragment(context);
        }
        loop {
            let is_foreign = self.stack.top().is_some_and(Open::is_foreign);
            let mut token = self.tokens.next(self.draft.attrs(), is_foreign);
            if self.skips_newline && self.is_used_up_by_newline(&mut token) {
                continue;
            }
            self.take(&mut token);
            if token == Token::Eof {
                return;
            }
        }
    }

    /// Sets up the parsing of a fragment: the root stands for the `html` element of the standard.
    fn start_fragment(&mut self, context: Context) {
        let mut root = Open::html(0, Tag::Html);
        if context.namespace != Namespace::Html {
            root.namespace = context.namespace;
            root.kind = kind::FOREIGN | foreign::kind_of(context.namespace, context.tag);
        }
        self.stack.push(root);
        let is_html = context.namespace == Namespace::Html;
        if is_html && context.tag == Tag::Template {
            self.template_modes.push(Mode::InTemplate);
        }
        if is_html && context.tag == Tag::Form {
            // There is a form, but no node of this tree.
            self.form = 0;
        }
        self.reset_mode();
        if is_html {
            self.start_raw_fragment(context.tag);
        }
    }

    /// The content of `<title>` and its like is one text.
    fn start_raw_fragment(&mut self, tag: Tag) {
        let kind = self.raw_text_kind(tag);
        if kind.is_some() || tag == Tag::Plaintext {
            let text = self.tokens.rest_as_text(kind == Some(RawText::Rcdata));
            self.append_text_to(0, text);
        }
    }

    /// Looks at a token until it is used up.
    #[inline]
    fn take(&mut self, token: &mut Token) {
        loop {
            let next = match self.stack.top() {
                Some(top) if top.is_foreign() && self.is_foreign_content(token) => self.in_foreign_content(token),
                _ => self.by_mode(token),
            };
            if next == Next::Done {
                return;
            }
        }
    }

    /// Uses the rules of the current mode.
    #[inline]
    fn by_mode(&mut self, token: &mut Token) -> Next {
        match self.mode {
            Mode::InBody => self.in_body(token),
            _ => self.by_rarer_mode(token),
        }
    }

    fn by_rarer_mode(&mut self, token: &mut Token) -> Next {
        match self.mode {
            Mode::Initial => self.initial(token),
            Mode::BeforeHtml => self.before_html(token),
            Mode::BeforeHead => self.before_head(token),
            Mode::InHead => self.in_head(token),
            Mode::InHeadNoscript => self.in_head_noscript(token),
            Mode::AfterHead => self.after_head(token),
            Mode::InBody => self.in_body(token),
            Mode::InTable => self.in_table(token),
            Mode::InTableText => self.in_table_text(token),
            Mode::InCaption => self.in_caption(token),
            Mode::InColumnGroup => self.in_column_group(token),
            Mode::InTableBody => self.in_table_body(token),
            Mode::InRow => self.in_row(token),
            Mode::InCell => self.in_cell(token),
            Mode::InSelect => self.in_select(token),
            Mode::InSelectInTable => self.in_select_in_table(token),
            Mode::InTemplate => self.in_template(token),
            Mode::AfterBody => self.after_body(token),
            Mode::InFrameset => self.in_frameset(token),
            Mode::AfterFrameset => self.after_frameset(token),
            Mode::AfterAfterBody => self.after_after_body(token),
            Mode::AfterAfterFrameset => self.after_after_frameset(token),
        }
    }

    /// Sets the mode by what is open.
    fn reset_mode(&mut self) {
        let mut mode = Mode::InBody;
        for (index, open) in self.stack.walk() {
            let tag = match (index, self.context) {
                (0, Some(Context { tag, namespace: Namespace::Html })) => tag,
                (0, Some(_)) => Tag::Unknown,
                _ => open.tag,
            };
            if let Some(found) = self.mode_inside(tag, index) {
                mode = found;
                break;
            }
        }
        self.mode = mode;
    }

    /// The mode inside an element, if the element decides it.
    fn mode_inside(&self, tag: Tag, index: usize) -> Option<Mode> {
        let is_last = index == 0;
        Some(match tag {
            Tag::Select if self.has_classic_select() => self.mode_inside_select(index),
            Tag::Td | Tag::Th if !is_last => Mode::InCell,
            Tag::Tr => Mode::InRow,
            Tag::Tbody | Tag::Thead | Tag::Tfoot => Mode::InTableBody,
            Tag::Caption => Mode::InCaption,
            Tag::Colgroup => Mode::InColumnGroup,
            Tag::Table => Mode::InTable,
            Tag::Template => self.template_modes.last().copied().unwrap_or(Mode::InBody),
            Tag::Head if !is_last => Mode::InHead,
            Tag::Body => Mode::InBody,
            Tag::Frameset => Mode::InFrameset,
            Tag::Html if self.head == NONE => Mode::BeforeHead,
            Tag::Html => Mode::AfterHead,
            _ => return None,
        })
    }

    /// Drops a line feed at the start of a `<pre>`; says whether that was all of the token.
    #[cold]
    fn is_used_up_by_newline(&mut self, token: &mut Token) -> bool {
        self.skips_newline = false;
        let Token::Text(text) = token else {
            return false;
        };
        text.start += offset(self.newline_length(text));
        text.start == text.stop
    }

    /// The source of a text.
    fn text_of(&self, text: &Text) -> &'s str {
        &self.tokens.source()[text.start as usize..text.stop as usize]
    }

    /// The source of a tag's name.
    fn name_of(&self, tag: &TagToken, is_end: bool) -> &'s str {
        let start = tag.start as usize + if is_end { 2 } else { 1 };
        &self.tokens.source()[start..tag.name_stop as usize]
    }

    /// Whether there is a template among the open elements.
    fn is_in_template(&self) -> bool {
        self.stack.has(scope::TEMPLATE)
    }

    /// The current node's tag, `Unknown` if it is foreign.
    #[inline]
    fn current(&self) -> Tag {
        self.stack.top_tag()
    }
}
