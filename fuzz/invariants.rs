//! What holds for every article that comes out, whatever went in.
//!
//! Shared by the fuzz targets and by `tests/properties.rs`. Each function panics with the source text when its claim does not hold.

use copydesk::{Article, Explanation, Status};

/// Everything below, for an article made from `source`.
pub(crate) fn check_article(source: &str, article: &Article<'_>) {
    text_is_a_subsequence(source, article);
    source_is_rebuilt(source, article);
    dropped_pieces_lie_in_the_source(source, article);
    captions_lie_in_the_text(source, article);
    status_fits_the_text(source, article);
}

/// Nothing is added to a text and nothing changes its place.
fn text_is_a_subsequence(source: &str, article: &Article<'_>) {
    let mut left = source.chars();
    let lost = article.text.chars().find(|&c| !left.any(|other| other == c));
    assert_eq!(lost, None, "the text is no subsequence of {source:?}: {:?}", article.text);
}

/// Nothing is lost.
fn source_is_rebuilt(source: &str, article: &Article<'_>) {
    assert_eq!(article.source(), source, "dropped: {:?}", article.dropped);
}

/// Each piece is where it says, with its white space, after the one before it.
fn dropped_pieces_lie_in_the_source(source: &str, article: &Article<'_>) {
    let mut at = 0;
    for piece in &article.dropped {
        let text = source.get(piece.span.start..piece.span.end);
        assert_eq!(text, Some(&*piece.text), "span {:?} of {source:?}", piece.span);
        assert!(!piece.text.is_empty(), "an empty piece of {source:?} at {:?}", piece.span);
        let start = piece.span.start.checked_sub(piece.lead.len()).expect("white space lies in the source");
        let end = piece.span.end + piece.trail.len();
        assert!(start >= at, "a piece of {source:?} overlaps the one before it: {piece:?}");
        assert_eq!(source.get(start..piece.span.start), Some(&*piece.lead), "lead in {source:?}");
        assert_eq!(source.get(piece.span.end..end), Some(&*piece.trail), "trail in {source:?}");
        assert!(piece.lead.trim().is_empty() && piece.trail.trim().is_empty(), "more than white space went with {piece:?} of {source:?}");
        assert!(piece.caption.is_none_or(|caption| caption < article.captions.len()), "{piece:?} of {source:?}");
        let is_lost = piece.rule.as_str() == "html.figure" && piece.caption.is_none() && piece.text.chars().any(char::is_alphanumeric);
        assert!(!is_lost, "a caption by markup is in no caption of {source:?}: {piece:?}");
        at = end;
    }
}

/// Captions stand in the order of the source, at places that the text has.
fn captions_lie_in_the_text(source: &str, article: &Article<'_>) {
    let points = article.text.chars().count();
    let mut last = 0;
    for (index, caption) in article.captions.iter().enumerate() {
        assert!(caption.offset <= points, "{caption:?} of {source:?} lies behind the {points} code points of the text");
        assert!(caption.offset >= last, "{caption:?} of {source:?} is out of order");
        assert!(caption.count >= 1, "{caption:?} of {source:?}");
        assert!(caption.repeats.is_none_or(|first| first < index), "{caption:?} of {source:?} repeats a later one");
        let says_nothing = caption.text.is_empty() && caption.credit.is_none() && caption.credit_raw.is_none() && caption.alt.is_none();
        assert!(!says_nothing, "{caption:?} of {source:?} says nothing");
        last = caption.offset;
    }
}

fn status_fits_the_text(source: &str, article: &Article<'_>) {
    match article.status {
        Status::Ok => assert!(!article.text.trim().is_empty(), "no text is left of {source:?}"),
        Status::Empty => assert!(article.text.trim().is_empty(), "text is left of {source:?}: {:?}", article.text),
        Status::Refused => assert!(article.dropped.is_empty() && article.text == source, "refused and still changed: {source:?}"),
    }
}

/// An explanation says of every block what the article did with it.
pub(crate) fn check_explanation(source: &str, explanation: &Explanation<'_>) {
    let dropped = &explanation.article.dropped;
    for block in &explanation.blocks {
        let gone = dropped.iter().any(|piece| piece.span.contains(block.span));
        assert_eq!(block.kept, !gone, "block {:?} of {source:?}: {:?}", block.span.of(source), block.decisions);
    }
}
