//! Hostile pages of any size, for the test that nothing is lost of them and for the bench that says what they cost.

/// A kind of page.
pub(crate) struct Shape {
    /// What it is.
    pub(crate) name: &'static str,
    /// Makes a page of so many pieces.
    pub(crate) page: fn(usize) -> String,
    /// How many `x` are in the text of that page.
    #[allow(dead_code, reason = "the bench does not ask")]
    pub(crate) letters: fn(usize) -> usize,
    /// Pieces that make a page of about half a megabyte.
    pub(crate) pieces: usize,
}

/// Joins what `piece` makes of the numbers below `count`.
pub(crate) fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

const fn shape(name: &'static str, pieces: usize, page: fn(usize) -> String, letters: fn(usize) -> usize) -> Shape {
    Shape { name, page, letters, pieces }
}

/// Each opened and never closed, or closed and never opened, or all in one.
pub(crate) const SHAPES: &[Shape] = &[
    shape("nested divs", 80_000, |n| "<div>x".repeat(n), |n| n),
    shape("nested divs without text", 100_000, |n| format!("{}x", "<div>".repeat(n)), |_| 1),
    shape("nested lists", 50_000, |n| "<ul><li>x".repeat(n), |n| n),
    shape("nested tables", 30_000, |n| "<table><tr><td>x".repeat(n), |n| n),
    shape("strangers in tables", 40_000, |n| "<table>x<td>".repeat(n), |n| n),
    shape("nested quotations", 30_000, |n| "<blockquote><p>x".repeat(n), |n| n),
    shape("nested sections with headings", 30_000, |n| "<section><h2>x</h2>".repeat(n), |n| n),
    shape("nested figures", 25_000, |n| "<figure><img><figcaption>x".repeat(n), |n| n),
    shape("nested links", 60_000, |n| "<a href=y>x".repeat(n), |n| n),
    shape("nested formatting", 100_000, |n| "<b>x".repeat(n), |n| n),
    shape("nested elements of one's own", 60_000, |n| "<my-box>x".repeat(n), |n| n),
    // Drawings have no text.
    shape("nested drawings", 70_000, |n| format!("x{}", "<svg>y".repeat(n)), |_| 1),
    shape("nested pages in drawings", 20_000, |n| "<svg><foreignObject><p>x".repeat(n), |n| n),
    shape("end tags", 60_000, |n| format!("{}x", "</div></p></b>".repeat(n / 2)), |_| 1),
    shape("paragraphs", 100_000, |n| "<p>x".repeat(n), |n| n),
    shape("line breaks", 100_000, |n| "<br>x".repeat(n), |n| n),
    shape("breaks in one paragraph of formatting", 50_000, |n| format!("<p><b><i>{}", "x<br>".repeat(n)), |n| n),
    shape("rows of one table", 50_000, |n| format!("<table>{}", "<tr><td>x".repeat(n)), |n| n),
    shape("cells of one row", 80_000, |n| format!("<table><tr>{}", "<td>x".repeat(n)), |n| n),
    shape("items of one list", 80_000, |n| format!("<ol>{}", "<li>x".repeat(n)), |n| n),
    shape("terms of one list", 50_000, |n| format!("<dl>{}", "<dt>x<dd>x".repeat(n)), |n| 2 * n),
    shape("options", 50_000, |n| format!("<p>x<select>{}</select>", "<option>o".repeat(n)), |_| 1),
    shape("links side by side", 35_000, |n| "<a href=y>x</a> ".repeat(n), |n| n),
    shape("spans side by side", 35_000, |n| "<span>x</span> ".repeat(n), |n| n),
    shape("figures side by side", 10_000, |n| "<figure><img src=y><figcaption>x</figcaption></figure>".repeat(n), |n| n),
    shape("pictures side by side", 40_000, |n| format!("x{}", "<img src=y alt=z>".repeat(n)), |_| 1),
    shape("pictures between lines", 20_000, |n| "<p>x<img src=y alt=z>".repeat(n), |n| n),
    shape("attributes of one element", 50_000, |n| format!("<p{}>x", numbered(n, |number| format!(" a{number}=v"))), |_| 1),
    shape("classes of one element", 80_000, |n| format!("<p class='{}'>x", numbered(n, |number| format!("c{number} "))), |_| 1),
    shape("a class each", 30_000, |n| numbered(n, |number| format!("<p class=c{number}>x")), |n| n),
    shape("one long value", 500_000, |n| format!("<p title='{}'>x", "v".repeat(n)), |_| 1),
    shape("one long name", 500_000, |n| format!("<p{}>x", "n".repeat(n)), |_| 1),
    shape("one long word", 500_000, |n| "x".repeat(n), |n| n),
    shape("one long line", 250_000, |n| "x ".repeat(n), |n| n),
    shape("line feeds", 500_000, |n| format!("x{}x", "\n".repeat(n)), |_| 2),
    shape("preformatted lines", 250_000, |n| format!("<pre>{}", "x\n".repeat(n)), |n| n),
    shape("entities", 100_000, |n| format!("{}x", "&amp;".repeat(n)), |_| 1),
    shape("entities without an end", 100_000, |n| format!("{}x", "&notanentity".repeat(n / 2)), |_| 1),
    shape("entities of spaces", 80_000, |n| format!("x{}x", "&nbsp;".repeat(n)), |_| 2),
    shape("signs of tags", 500_000, |n| format!("x{}", "<".repeat(n)), |_| 1),
    shape("comments", 60_000, |n| "<!---->x".repeat(n), |n| n),
    shape("empty scripts", 25_000, |n| "<script></script>x".repeat(n), |n| n),
    shape("hidden elements", 25_000, |n| format!("x{}", "<p hidden>y</p>".repeat(n)), |_| 1),
    shape("nested hidden elements", 40_000, |n| format!("x{}", "<div hidden>y".repeat(n)), |_| 1),
    shape("data about the article", 5_000, |n| format!("x<script type=application/ld+json>{}", "{\"@graph\":[".repeat(n * 8)), |_| 1),
    shape("properties", 15_000, |n| format!("{}<p>x", "<meta property=og:title content=y>".repeat(n)), |_| 1),
    shape("forms", 30_000, |n| "<form><input>x</form>".repeat(n), |n| n),
    shape("buttons", 30_000, |n| "<button>y<p>x</button>".repeat(n), |n| n),
    shape("details", 20_000, |n| "<details><summary>x</summary>".repeat(n), |n| n),
    shape("ruby", 40_000, |n| "<ruby>x<rt>y".repeat(n), |n| n),
    shape("templates", 50_000, |n| format!("x{}", "<template>".repeat(n)), |_| 1),
    // Something long around many things, each of which might look at it.
    shape("a long class around pictures", 14_000, |n| around("<div class='", "caption ", n, "'>", "<img src=y>x"), |n| n),
    shape("a long class around paragraphs", 25_000, |n| around("<div class='", "body ", n, "'>", "<p>x"), |n| n),
    shape(
        "a long caption in an attribute around pictures",
        12_000,
        |n| around("<div data-caption='", "<b>y ", n, "'>", "<img src=y>x"),
        |n| n,
    ),
    shape(
        "a long type around authors",
        8_000,
        |n| around("<div itemscope itemtype='", "/Review", n, "'>", "<i itemprop=author>x</i>"),
        |n| n,
    ),
    shape("a long byline around authors", 10_000, |n| around("<p class=author>", "x ", n, "", "<a rel=author>x</a>"), |n| 2 * n),
    shape("a long heading before paragraphs", 50_000, |n| around("<h1>", "x ", n, "</h1>", "<p>x"), |n| 2 * n),
    shape("a long title before headings", 30_000, |n| around("<title>", "y ", n, "</title>", "<h2>x</h2>"), |n| n),
    shape(
        "a long address before links",
        12_000,
        |n| around("<base href='https://a.example/", "y", n, "'>", "<a href=y><img src=y>x</a>"),
        |n| n,
    ),
    // Captions that say the same are one.
    shape("a long figure around captions", 10_000, |n| around("<figure><img>", "<i></i>", n, "", "<figcaption>x</figcaption>"), |_| 1),
    shape("a long link around pictures", 20_000, |n| around("<a href=y>", "x ", n, "", "<img src=y>x"), |n| 2 * n),
    shape("a long cell around tables", 15_000, |n| around("<table><td>", "x ", n, "", "<table><td>x</table>"), |n| 2 * n),
    shape(
        "a long story in the page's data before paragraphs",
        20_000,
        |n| around("<script type=application/ld+json>{\"@type\":\"Article\",\"articleBody\":\"", "y z ", n, "\"}</script>", "<p>x"),
        |n| n,
    ),
];

/// So many pieces of `filler` between the two ends of a beginning, then as many `pieces`.
fn around(start: &str, filler: &str, count: usize, end: &str, piece: &str) -> String {
    format!("{start}{}{end}{}", filler.repeat(count), piece.repeat(count))
}
