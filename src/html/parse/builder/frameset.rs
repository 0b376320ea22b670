//! Framesets, and what comes after the end of the body.

use super::{Builder, Mode, Next};
use crate::html::names::Tag;
use crate::html::parse::tokenizer::{Text, Token};

impl Builder<'_> {
    pub(super) fn after_body(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Text(text) if self.is_all_space(&text) => return self.in_body(token),
            Token::Comment(comment) => {
                let html = self.stack.get(0).map_or(0, |open| open.node);
                self.append_comment_to(html, comment);
                return Next::Done;
            }
            Token::Doctype(_) | Token::Eof => return self.in_body_eof(token),
            Token::Start(tag) if tag.tag == Tag::Html => return self.in_body(token),
            Token::End(tag) if tag.tag == Tag::Html => {
                if self.context.is_none() {
                    self.switch_to(Mode::AfterAfterBody);
                }
                return Next::Done;
            }
            _ => {}
        }
        self.switch_to(Mode::InBody);
        Next::Again
    }

    pub(super) fn after_after_body(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Text(text) if self.is_all_space(&text) => return self.in_body(token),
            Token::Comment(comment) => {
                self.append_comment_to(0, comment);
                return Next::Done;
            }
            Token::Doctype(_) | Token::Eof => return self.in_body_eof(token),
            Token::Start(tag) if tag.tag == Tag::Html => return self.in_body(token),
            _ => {}
        }
        self.switch_to(Mode::InBody);
        Next::Again
    }

    /// After the body there is nothing left to do at the end of the page.
    fn in_body_eof(&mut self, token: &mut Token) -> Next {
        if *token == Token::Eof { Next::Done } else { self.in_body(token) }
    }

    pub(super) fn in_frameset(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Text(text) => self.insert_only_space(text),
            Token::Comment(comment) => self.insert_comment(comment),
            Token::Doctype(_) | Token::Eof => {}
            Token::Start(tag) => match tag.tag {
                Tag::Html => return self.in_body(token),
                Tag::Frameset => {
                    self.insert_html(&tag);
                }
                Tag::Frame => self.insert_void(&tag),
                Tag::Noframes => return self.in_head(token),
                _ => {}
            },
            Token::End(tag) => {
                if tag.tag == Tag::Frameset && self.stack.len() > 1 {
                    self.pop();
                    if self.context.is_none() && self.current() != Tag::Frameset {
                        self.switch_to(Mode::AfterFrameset);
                    }
                }
            }
        }
        Next::Done
    }

    pub(super) fn after_frameset(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Text(text) => self.insert_only_space(text),
            Token::Comment(comment) => self.insert_comment(comment),
            Token::Doctype(_) | Token::Eof => {}
            Token::Start(tag) => match tag.tag {
                Tag::Html => return self.in_body(token),
                Tag::Noframes => return self.in_head(token),
                _ => {}
            },
            Token::End(tag) => {
                if tag.tag == Tag::Html {
                    self.switch_to(Mode::AfterAfterFrameset);
                }
            }
        }
        Next::Done
    }

    pub(super) fn after_after_frameset(&mut self, token: &mut Token) -> Next {
        match *token {
            Token::Text(text) => self.insert_only_space_as_body(text),
            Token::Comment(comment) => self.append_comment_to(0, comment),
            Token::Doctype(_) | Token::Eof | Token::End(_) => {}
            Token::Start(tag) => match tag.tag {
                Tag::Html => return self.in_body(token),
                Tag::Noframes => return self.in_head(token),
                _ => {}
            },
        }
        Next::Done
    }

    /// The white space in a text, piece by piece; framesets have no other text.
    fn spaces_of(&self, text: Text) -> impl Iterator<Item = Text> {
        let mut rest = text;
        std::iter::from_fn(move || {
            (rest.start < rest.stop).then(|| {
                let space = self.split_space(&mut rest);
                let skipped = self.text_of(&rest).chars().next().map_or(0, char::len_utf8);
                rest.start += crate::html::tree::offset(skipped);
                space
            })
        })
        .filter(|space| space.start < space.stop)
    }

    pub(super) fn insert_only_space(&mut self, text: Text) {
        let pieces: Vec<Text> = self.spaces_of(text).collect();
        for piece in pieces {
            self.insert_text(&piece);
        }
    }

    fn insert_only_space_as_body(&mut self, text: Text) {
        let pieces: Vec<Text> = self.spaces_of(text).collect();
        for piece in pieces {
            self.body_text(&piece);
        }
    }
}
