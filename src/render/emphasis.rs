//! From stretches of text that look like something to marks that open and close.
//!
//! ```text
//! stretches   The | old, strong | pier, strong and emphasis | .
//! marks       The <strong>old <em>pier</em></strong>.
//! ```
//!
//! Marks nest in one order, links outermost, so that a style that goes on over several stretches is opened once. White space between marks
//! is outside of the marks that end or begin there.

use super::story::{Link, Stretch};
use crate::document::Style;

/// A mark around text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark<'a> {
    Link(Link<'a>),
    /// One bit of a style.
    Style(Style),
}

/// Text, or the border of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open(Mark<'a>),
    Close(Mark<'a>),
    Text(&'a str),
}

/// The order in which styles nest, the outermost first.
const ORDER: [Style; 6] = [Style::STRONG, Style::EMPHASIS, Style::STRUCK, Style::ABOVE, Style::BELOW, Style::CODE];

/// The tokens of a line, without white space around it. Styles in `without` are not marked.
pub(super) fn tokens<'a>(line: &[Stretch<'a>], without: Style) -> Vec<Token<'a>> {
    let mut tokens = Vec::with_capacity(2 * line.len());
    let mut open: Vec<Mark<'a>> = Vec::new();
    let mut spaces: Vec<&'a str> = Vec::new();
    for stretch in line {
        let core = stretch.text.trim();
        if core.is_empty() {
            spaces.push(stretch.text);
            continue;
        }
        let start = stretch.text.len() - stretch.text.trim_start().len();
        spaces.push(&stretch.text[..start]);
        let wanted = marks(stretch, without);
        let common = open.iter().zip(&wanted).take_while(|(one, other)| one == other).count();
        close(&mut open, common, &mut tokens);
        // Nothing before the first text is white space of the line.
        let is_first = tokens.is_empty();
        tokens.extend(spaces.drain(..).filter(|space| !space.is_empty() && !is_first).map(Token::Text));
        for &mark in &wanted[common..] {
            tokens.push(Token::Open(mark));
            open.push(mark);
        }
        tokens.push(Token::Text(core));
        spaces.push(&stretch.text[start + core.len()..]);
    }
    close(&mut open, 0, &mut tokens);
    tokens
}

fn close<'a>(open: &mut Vec<Mark<'a>>, common: usize, tokens: &mut Vec<Token<'a>>) {
    tokens.extend(open.drain(common..).rev().map(Token::Close));
}

fn marks<'a>(stretch: &Stretch<'a>, without: Style) -> Vec<Mark<'a>> {
    let style = stretch.style.without(without);
    let styles = ORDER.into_iter().filter(|&bit| style.has(bit)).map(Mark::Style);
    stretch.link.map(Mark::Link).into_iter().chain(styles).collect()
}
