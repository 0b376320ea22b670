//! The body: text, comments and start tags.

use super::{Builder, Mode, Next};
use crate::html::names::{Attr, Namespace, Tag};
use crate::html::parse::props::scope;
use crate::html::parse::tokenizer::{TagToken, Text, Token};
use crate::html::tree::{NONE, Quirks, flag};

impl Builder<'_> {
    #[inline]
    pub(super) fn in_body(&mut self, token: &mut Token) -> Next {
        match token {
            Token::Text(text) => self.body_text(&text.clone()),
            Token::Start(tag) => return self.body_start(&tag.clone(), token),
            Token::End(tag) => return self.body_end(&tag.clone(), token),
            Token::Comment(comment) => self.insert_comment(*comment),
            Token::Doctype(_) => {}
            Token::Eof => {
                if !self.template_modes.is_empty() {
                    return self.in_template(token);
                }
            }
        }
        Next::Done
    }

    #[inline]
    pub(super) fn body_text(&mut self, text: &Text) {
        if text.flags & flag::NUL != 0 && self.text_of(text).bytes().all(|b| b == 0) {
            return;
        }
        self.reopen_formatting();
        self.insert_text(text);
        if self.is_frameset_ok && self.rules_out_frameset(text) {
            self.is_frameset_ok = false;
        }
    }

    /// Closes a paragraph that a block may not stand in.
    #[inline]
    fn close_p_in_scope(&mut self) {
        if self.stack.has(scope::P) {
            self.close_p();
        }
    }

    /// Start tags, the commonest first.
    fn body_start(&mut self, tag: &TagToken, token: &mut Token) -> Next {
        match tag.tag {
            Tag::A => {
                self.close_same_formatting(Tag::A);
                self.reopen_formatting();
                self.insert_formatting(tag);
            }
            Tag::Address
            | Tag::Article
            | Tag::Aside
            | Tag::Blockquote
            | Tag::Center
            | Tag::Details
            | Tag::Dialog
            | Tag::Dir
            | Tag::Div
            | Tag::Dl
            | Tag::Fieldset
            | Tag::Figcaption
            | Tag::Figure
            | Tag::Footer
            | Tag::Header
            | Tag::Hgroup
            | Tag::Main
            | Tag::Menu
            | Tag::Nav
            | Tag::Ol
            | Tag::P
            | Tag::Search
            | Tag::Section
            | Tag::Summary
            | Tag::Ul => {
                self.close_p_in_scope();
                self.insert_html(tag);
            }
            Tag::Li => self.start_li(tag),
            Tag::B
            | Tag::Big
            | Tag::Code
            | Tag::Em
            | Tag::Font
            | Tag::I
            | Tag::S
            | Tag::Small
            | Tag::Strike
            | Tag::Strong
            | Tag::Tt
            | Tag::U => {
                self.reopen_formatting();
                self.insert_formatting(tag);
            }
            Tag::Area | Tag::Br | Tag::Embed | Tag::Img | Tag::Keygen | Tag::Wbr => {
                self.reopen_formatting();
                self.insert_void(tag);
                self.is_frameset_ok = false;
            }
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => self.start_heading(tag),
            Tag::Base
            | Tag::Basefont
            | Tag::Bgsound
            | Tag::Link
            | Tag::Meta
            | Tag::Noframes
            | Tag::Script
            | Tag::Style
            | Tag::Template
            | Tag::Title => return self.in_head(token),
            Tag::Span => {
                self.reopen_formatting();
                self.insert_html(tag);
            }
            _ => return self.body_start_rarer(tag, token),
        }
        Next::Done
    }

    fn body_start_rarer(&mut self, tag: &TagToken, token: &mut Token) -> Next {
        match tag.tag {
            Tag::Html => self.start_html_again(tag),
            Tag::Body => self.start_body_again(tag),
            Tag::Frameset => self.start_frameset_in_body(tag),
            Tag::Pre | Tag::Listing => {
                self.close_p_in_scope();
                self.insert_html(tag);
                self.skips_newline = true;
                self.is_frameset_ok = false;
            }
            Tag::Form => self.start_form(tag),
            Tag::Dd | Tag::Dt => self.start_definition(tag),
            Tag::Plaintext => {
                self.close_p_in_scope();
                self.insert_html(tag);
                let text = self.tokens.rest_as_text(false);
                if text.start != text.stop {
                    self.reopen_formatting();
                    self.insert_text(&text);
                }
            }
            Tag::Button => self.start_button(tag),
            Tag::Nobr => {
                self.reopen_formatting();
                if self.stack.has(scope::of(Tag::Nobr)) {
                    self.close_formatting(Tag::Nobr);
                    self.reopen_formatting();
                }
                self.insert_formatting(tag);
            }
            Tag::Applet | Tag::Marquee | Tag::Object => {
                self.reopen_formatting();
                self.insert_html(tag);
                self.formatting.push_marker();
                self.is_frameset_ok = false;
            }
            Tag::Table => {
                if self.quirks != Quirks::Yes {
                    self.close_p_in_scope();
                }
                self.insert_html(tag);
                self.is_frameset_ok = false;
                self.switch_to(Mode::InTable);
            }
            Tag::Image => {
                // "Don't ask", says the standard.
                *token = Token::Start(TagToken { tag: Tag::Img, ..*tag });
                return Next::Again;
            }
            Tag::Input => self.start_input(tag),
            Tag::Param | Tag::Source | Tag::Track => self.insert_void(tag),
            Tag::Hr => self.start_hr(tag),
            Tag::Textarea | Tag::Xmp | Tag::Iframe | Tag::Noembed | Tag::Noscript => {
                self.start_raw_text(tag);
            }
            Tag::Select => self.start_select(tag),
            Tag::Optgroup | Tag::Option => self.start_option(tag),
            Tag::Rb | Tag::Rp | Tag::Rt | Tag::Rtc => self.start_ruby_part(tag),
            Tag::Math | Tag::Svg => {
                self.reopen_formatting();
                let is_svg = tag.tag == Tag::Svg;
                self.insert_foreign(tag, if is_svg { Namespace::Svg } else { Namespace::MathMl });
            }
            Tag::Caption
            | Tag::Col
            | Tag::Colgroup
            | Tag::Frame
            | Tag::Head
            | Tag::Tbody
            | Tag::Td
            | Tag::Tfoot
            | Tag::Th
            | Tag::Thead
            | Tag::Tr => {}
            _ => {
                self.reopen_formatting();
                self.insert_html(tag);
            }
        }
        Next::Done
    }

    fn start_heading(&mut self, tag: &TagToken) {
        self.close_p_in_scope();
        if matches!(self.current(), Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6) {
            self.pop();
        }
        self.insert_html(tag);
    }

    fn start_li(&mut self, tag: &TagToken) {
        self.is_frameset_ok = false;
        if self.stack.has(scope::LI_TO_CLOSE) {
            self.close_implied_but(Tag::Li);
            self.pop_until(Tag::Li);
        }
        self.close_p_in_scope();
        self.insert_html(tag);
    }

    /// `dd` and `dt` close whichever of the two is nearer.
    fn start_definition(&mut self, tag: &TagToken) {
        self.is_frameset_ok = false;
        if self.stack.has(scope::DD_TO_CLOSE | scope::DT_TO_CLOSE) {
            let is_dd = self.stack.has(scope::DD_TO_CLOSE);
            let nearest = if is_dd { Tag::Dd } else { Tag::Dt };
            self.close_implied_but(nearest);
            self.pop_until(nearest);
        }
        self.close_p_in_scope();
        self.insert_html(tag);
    }

    fn start_html_again(&mut self, tag: &TagToken) {
        if !self.is_in_template()
            && let Some(html) = self.stack.get(0)
        {
            self.add_attrs(html.node, tag);
        }
    }

    fn start_body_again(&mut self, tag: &TagToken) {
        let Some(body) = self.stack.get(1).filter(|open| open.tag == Tag::Body) else {
            return;
        };
        if !self.is_in_template() {
            let node = body.node;
            self.is_frameset_ok = false;
            self.add_attrs(node, tag);
        }
    }

    /// A frameset replaces a body that shows nothing yet.
    fn start_frameset_in_body(&mut self, tag: &TagToken) {
        let Some(body) = self.stack.get(1).filter(|open| open.tag == Tag::Body) else {
            return;
        };
        if !self.is_frameset_ok {
            return;
        }
        let node = body.node;
        self.draft.detach(node);
        while self.stack.len() > 1 {
            self.pop();
        }
        self.insert_html(tag);
        self.switch_to(Mode::InFrameset);
    }

    fn start_form(&mut self, tag: &TagToken) {
        let is_in_template = self.is_in_template();
        if self.form != NONE && !is_in_template {
            return;
        }
        self.close_p_in_scope();
        let node = self.insert_html(tag);
        if !is_in_template {
            self.form = node;
        }
    }

    fn start_button(&mut self, tag: &TagToken) {
        if self.stack.has(scope::of(Tag::Button)) {
            self.close_implied();
            self.pop_until(Tag::Button);
        }
        self.reopen_formatting();
        self.insert_html(tag);
        self.is_frameset_ok = false;
    }

    fn start_input(&mut self, tag: &TagToken) {
        if !self.close_select_for_input() {
            return;
        }
        self.reopen_formatting();
        self.insert_void(tag);
        if !self.is_hidden_input(tag) {
            self.is_frameset_ok = false;
        }
    }

    /// Whether a start tag says `type="hidden"`.
    pub(super) fn is_hidden_input(&self, tag: &TagToken) -> bool {
        self.attr_is(tag, Attr::Type, &["hidden"])
    }

    /// Whether an attribute of a start tag has one of some values, in any case.
    pub(super) fn attr_is(&self, tag: &TagToken, name: Attr, values: &[&str]) -> bool {
        self.draft.attrs_from(tag.attrs).iter().filter(|attr| attr.name == name).any(|attr| {
            let raw = &self.tokens.source()[attr.value_start as usize..attr.value_stop as usize];
            let value = crate::html::tree::decode_attr(raw);
            values.iter().any(|wanted| value.eq_ignore_ascii_case(wanted))
        })
    }

    fn start_raw_text(&mut self, tag: &TagToken) {
        match tag.tag {
            Tag::Textarea | Tag::Iframe => self.is_frameset_ok = false,
            Tag::Xmp => {
                self.close_p_in_scope();
                self.reopen_formatting();
                self.is_frameset_ok = false;
            }
            _ => {}
        }
        if let Some(kind) = self.raw_text_kind(tag.tag) {
            self.insert_raw_text(tag, kind);
        } else {
            // `noscript` where no scripts run.
            self.reopen_formatting();
            self.insert_html(tag);
        }
    }

    fn start_ruby_part(&mut self, tag: &TagToken) {
        if self.stack.has(scope::of(Tag::Ruby)) {
            match tag.tag {
                Tag::Rb | Tag::Rtc => self.close_implied(),
                _ => self.close_implied_but(Tag::Rtc),
            }
        }
        self.insert_html(tag);
    }

    fn start_hr(&mut self, tag: &TagToken) {
        self.close_p_in_scope();
        self.close_options_for_hr();
        self.insert_void(tag);
        self.is_frameset_ok = false;
    }
}
