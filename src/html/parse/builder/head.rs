//! From the start of the page to the start of its body.

use super::{Builder, Mode, Next};
use crate::html::names::Tag;
use crate::html::parse::Doctype;
use crate::html::parse::stack::Open;
use crate::html::parse::tokenizer::{MAX_ATTRIBUTES, Span, TagToken, Token};
use crate::html::tree::{AttrSpan, NONE, Node, Quirks, flag, offset};

impl Builder<'_> {
    /// Drops the white space that a text starts with; says whether that was all of it.
    fn drop_space(&self, token: &mut Token) -> bool {
        let Token::Text(text) = token else {
            return false;
        };
        self.split_space(text);
        text.start == text.stop
    }

    /// Adds the white space that a text starts with; says whether that was all of it.
    pub(super) fn insert_leading_space(&mut self, token: &mut Token) -> bool {
        let Token::Text(text) = token else {
            return false;
        };
        let space = self.split_space(text);
        let is_all = text.start == text.stop;
        self.insert_text(&space);
        is_all
    }

    pub(super) fn initial(&mut self, token: &mut Token) -> Next {
        if self.drop_space(token) {
            return Next::Done;
        }
        match *token {
            Token::Comment(comment) => {
                self.append_comment_to(0, comment);
                Next::Done
            }
            Token::Doctype(span) => {
                self.add_doctype(span);
                self.switch_to(Mode::BeforeHtml);
                Next::Done
            }
            _ => {
                self.quirks = Quirks::Yes;
                self.switch_to(Mode::BeforeHtml);
                Next::Again
            }
        }
    }

    fn add_doctype(&mut self, span: Span) {
        self.draft.append(0, Node::new(Tag::Doctype, 0, span.start, span.stop));
        let source = &self.tokens.source()[span.start as usize..span.stop as usize];
        self.quirks = Doctype::parse(source).quirks();
    }

    pub(super) fn before_html(&mut self, token: &mut Token) -> Next {
        if self.drop_space(token) {
            return Next::Done;
        }
        match *token {
            Token::Doctype(_) => return Next::Done,
            Token::Comment(comment) => {
                self.append_comment_to(0, comment);
                return Next::Done;
            }
            Token::Start(tag) if tag.tag == Tag::Html => {
                self.insert_html(&tag);
                self.switch_to(Mode::BeforeHead);
                return Next::Done;
            }
            Token::End(tag) if !may_end_before_head(tag.tag) => return Next::Done,
            _ => {}
        }
        self.insert_implied(Tag::Html);
        self.switch_to(Mode::BeforeHead);
        Next::Again
    }

    pub(super) fn before_head(&mut self, token: &mut Token) -> Next {
        if self.drop_space(token) {
            return Next::Done;
        }
        match *token {
            Token::Doctype(_) => return Next::Done,
            Token::Comment(comment) => {
                self.insert_comment(comment);
                return Next::Done;
            }
            Token::Start(tag) if tag.tag == Tag::Html => return self.in_body(token),
            Token::Start(tag) if tag.tag == Tag::Head => {
                self.head = self.insert_html(&tag);
                self.switch_to(Mode::InHead);
                return Next::Done;
            }
            Token::End(tag) if !may_end_before_head(tag.tag) => return Next::Done,
            _ => {}
        }
        self.head = self.insert_implied(Tag::Head);
        self.switch_to(Mode::InHead);
        Next::Again
    }

    pub(super) fn in_head(&mut self, token: &mut Token) -> Next {
        if self.insert_leading_space(token) {
            return Next::Done;
        }
        match *token {
            Token::Doctype(_) => return Next::Done,
            Token::Comment(comment) => {
                self.insert_comment(comment);
                return Next::Done;
            }
            Token::Start(tag) => {
                if let Some(next) = self.in_head_start(&tag, token) {
                    return next;
                }
            }
            Token::End(tag) => match tag.tag {
                Tag::Head => {
                    self.pop();
                    self.switch_to(Mode::AfterHead);
                    return Next::Done;
                }
                Tag::Template => {
                    self.end_template();
                    return Next::Done;
                }
                Tag::Body | Tag::Html | Tag::Br => {}
                _ => return Next::Done,
            },
            Token::Text(_) | Token::Eof => {}
        }
        self.pop();
        self.switch_to(Mode::AfterHead);
        Next::Again
    }

    /// Takes a start tag that may stand in a head; nothing if it may not.
    fn in_head_start(&mut self, tag: &TagToken, token: &mut Token) -> Option<Next> {
        match tag.tag {
            Tag::Html => return Some(self.in_body(token)),
            Tag::Base | Tag::Basefont | Tag::Bgsound | Tag::Link | Tag::Meta => {
                self.insert_void(tag);
            }
            Tag::Noscript if !self.options.scripting => {
                self.insert_html(tag);
                self.switch_to(Mode::InHeadNoscript);
            }
            Tag::Title | Tag::Noframes | Tag::Style | Tag::Script | Tag::Noscript => {
                let kind = self.raw_text_kind(tag.tag)?;
                self.insert_raw_text(tag, kind);
            }
            Tag::Template => self.start_template(tag),
            Tag::Head => {}
            _ => return None,
        }
        Some(Next::Done)
    }

    pub(super) fn in_head_noscript(&mut self, token: &mut Token) -> Next {
        if self.insert_leading_space(token) {
            return Next::Done;
        }
        match *token {
            Token::Doctype(_) => return Next::Done,
            Token::Comment(_) => return self.in_head(token),
            Token::Start(tag) => match tag.tag {
                Tag::Html => return self.in_body(token),
                Tag::Basefont | Tag::Bgsound | Tag::Link | Tag::Meta | Tag::Noframes | Tag::Style => return self.in_head(token),
                Tag::Head | Tag::Noscript => return Next::Done,
                _ => {}
            },
            Token::End(tag) => match tag.tag {
                Tag::Noscript => {
                    self.pop();
                    self.switch_to(Mode::InHead);
                    return Next::Done;
                }
                Tag::Br => {}
                _ => return Next::Done,
            },
            Token::Text(_) | Token::Eof => {}
        }
        self.pop();
        self.switch_to(Mode::InHead);
        Next::Again
    }

    pub(super) fn after_head(&mut self, token: &mut Token) -> Next {
        if self.insert_leading_space(token) {
            return Next::Done;
        }
        match *token {
            Token::Doctype(_) => return Next::Done,
            Token::Comment(comment) => {
                self.insert_comment(comment);
                return Next::Done;
            }
            Token::Start(tag) => match tag.tag {
                Tag::Html => return self.in_body(token),
                Tag::Body => {
                    self.insert_html(&tag);
                    self.is_frameset_ok = false;
                    self.switch_to(Mode::InBody);
                    return Next::Done;
                }
                Tag::Frameset => {
                    self.insert_html(&tag);
                    self.switch_to(Mode::InFrameset);
                    return Next::Done;
                }
                Tag::Base
                | Tag::Basefont
                | Tag::Bgsound
                | Tag::Link
                | Tag::Meta
                | Tag::Noframes
                | Tag::Script
                | Tag::Style
                | Tag::Template
                | Tag::Title => {
                    return self.in_head_again(token);
                }
                Tag::Head => return Next::Done,
                _ => {}
            },
            Token::End(tag) => match tag.tag {
                Tag::Template => return self.in_head(token),
                Tag::Body | Tag::Html | Tag::Br => {}
                _ => return Next::Done,
            },
            Token::Text(_) | Token::Eof => {}
        }
        self.insert_implied(Tag::Body);
        self.switch_to(Mode::InBody);
        Next::Again
    }

    /// Puts what comes after the head, but belongs there, into the head.
    fn in_head_again(&mut self, token: &mut Token) -> Next {
        let head = self.head;
        if head == NONE {
            return self.in_head(token);
        }
        self.stack.push(Open::html(head, Tag::Head));
        let next = self.in_head(token);
        self.close_in_the_middle(head);
        next
    }

    /// Adds the attributes of a second `<html>` or `<body>` to the first, but for those it has.
    pub(super) fn add_attrs(&mut self, node: u32, tag: &TagToken) {
        if tag.attrs == NONE || self.draft.node(node).tag == Tag::Document {
            return;
        }
        let source = self.tokens.source().as_bytes();
        let name = |attr: &AttrSpan| &source[attr.name_start as usize..][..usize::from(attr.name_len)];
        let mut all = self.draft.attrs_of(node).to_vec();
        let had = all.len();
        for attr in self.draft.attrs_from(tag.attrs) {
            let is_same = |known: &AttrSpan| known.name == attr.name && name(known).eq_ignore_ascii_case(name(attr));
            if all.len() < MAX_ATTRIBUTES && !all.iter().any(is_same) {
                all.push(*attr);
            }
        }
        if all.len() == had {
            return;
        }
        let attrs = self.draft.attrs();
        let first = attrs.len();
        attrs.extend(all.into_iter().map(|attr| AttrSpan { flags: attr.flags & !flag::LAST, ..attr }));
        if let Some(last) = attrs[first..].last_mut() {
            last.flags |= flag::LAST;
        }
        self.draft.node_mut(node).attrs = offset(first);
    }
}

/// End tags that do something even before there is a head: they imply one.
fn may_end_before_head(tag: Tag) -> bool {
    matches!(tag, Tag::Head | Tag::Body | Tag::Html | Tag::Br)
}
