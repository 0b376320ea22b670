//! Reader comments: data of their own where they are asked for, the text itself where they are what the page is about.

use copydesk::html::PageReader;
use copydesk::{Article, Comment, Engine, PageKind, Scratch};

const STORY: &str = "<h1>Ferry back in service</h1>
    <p>The first ferry in eleven weeks left the harbour on Friday morning, with 212 passengers and nine lorries on board.</p>
    <p>The terminal was closed after waves tore two of the four fenders from the pier, the harbour board said in a statement.</p>
    <p>Sailings will run twice a day until the end of the month, weather permitting, and four times a day from then on.</p>";

fn page(head: &str, below: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Ferry back in service</title>{head}</head><body><nav><a href=/>Home</a></nav><main><article>{STORY}</article>{below}</main></body></html>"
    )
}

/// The article with comments asked for and without.
fn cleaned(page: &str) -> (Article<'static>, Article<'static>) {
    let engine = Engine::builder().build().expect("the built-in rules are well formed");
    let clean = |yes| {
        let mut reader = PageReader::default().with_comments(yes);
        let document = reader.read(page, Some("https://news.example/ferry")).expect("it is short");
        let article = engine.clean_with(&document, &mut Scratch::default()).into_owned();
        assert_eq!(article.source(), document.source(), "text and what was dropped are the source");
        article
    };
    (clean(true), clean(false))
}

fn comment(author: &str, date: &str, text: &str, reply_to: Option<usize>) -> Comment {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Comment { author: some(author), date: some(date), text: text.to_owned(), reply_to }
}

#[test]
fn comments_on_an_article_are_data_when_asked_for() {
    let below = "<section id=comments class=comments-area><h2>2 Comments</h2><ol class=comment-list>
        <li id=comment-11 class='comment even'><article class=comment-body>
          <footer class=comment-meta><div class='comment-author vcard'><img src=/a.png alt=''><b class=fn>Ann Roe</b> <span class=says>says:</span></div>
          <div class=comment-metadata><a href=#c11><time datetime='2025-03-14T09:12:00+00:00'>14 March 2025 at 9:12</time></a></div></footer>
          <div class=comment-content><p>I was on it. The queue went round the block.</p><p>Bring a flask.</p></div>
          <div class=reply><a href=#r>Reply</a></div></article></li>
        <li id=comment-12 class='comment odd'><article class=comment-body>
          <footer class=comment-meta><div class='comment-author vcard'><b class=fn>Bo Lee</b> <span class=says>says:</span></div>
          <div class=comment-metadata><time datetime='2025-03-15'>15 March 2025</time></div></footer>
          <div class=comment-content><p>And who pays for the fenders?</p></div></article></li></ol>
        <div id=respond><h3>Leave a reply</h3><form><label>Name</label><input><textarea></textarea><button>Post comment</button></form></div></section>";
    let page = page("", below);
    let (with, without) = cleaned(&page);
    assert_eq!(
        with.comments,
        [
            comment("Ann Roe", "2025-03-14T09:12:00+00:00", "I was on it. The queue went round the block.\n\nBring a flask.", None),
            comment("Bo Lee", "2025-03-15", "And who pays for the fenders?", None),
        ]
    );
    assert!(with.text.contains("Sailings will run twice a day") && !with.text.contains("fenders?"));
    let gone = with.dropped.iter().find(|piece| piece.text == "And who pays for the fenders?").expect("it is not in the text");
    assert_eq!((gone.category.as_str(), gone.rule.as_str()), ("comments", "html.comments"));
    assert_eq!(without.comments, []);
}

#[test]
fn a_first_line_in_bold_is_the_author() {
    let below = "<section class=comments id=comments><h3>2 comments</h3>
        <div class=comment><b>oldsalt</b><p>My grandfather rang that bell, and he never got a ticket.</p></div>
        <div class=comment><p><strong>No!</strong></p><p>Not again.</p></div></section>";
    let (with, _) = cleaned(&page("", below));
    assert_eq!(
        with.comments,
        [
            comment("oldsalt", "", "My grandfather rang that bell, and he never got a ticket.", None),
            comment("", "", "No!\n\nNot again.", None)
        ]
    );
}

#[test]
fn replies_name_the_comment_that_they_reply_to() {
    let one = |id: u8, author: &str, text: &str, replies: &str| {
        format!(
            "<li class=comment id=li-comment-{id}><div id=comment-{id}><p class=comment-author>{author}</p><p class=comment-date>May {id}, 2025</p>
             <div class=comment-text>{text}</div><a class=comment-reply-link href=#>Reply</a></div>{replies}</li>"
        )
    };
    let inner = one(3, "Cy", "Nor do I.", "");
    let replies = format!(
        "<ul class=children>{}{}</ul>",
        one(2, "Bo", "I don’t think so.", &format!("<ul class=children>{inner}</ul>")),
        one(4, "Di", "Me too!", "")
    );
    let below = format!(
        "<div id=comments><ul class=commentlist>{}{}</ul></div>",
        one(1, "Ann", "Is it true?", &replies),
        one(5, "Ed", "First!", "")
    );
    let (with, _) = cleaned(&page("", &below));
    let found: Vec<_> =
        with.comments.iter().map(|c| (c.author.as_deref().unwrap_or(""), c.date.as_deref().unwrap_or(""), &*c.text, c.reply_to)).collect();
    assert_eq!(
        found,
        [
            ("Ann", "2025-05-01", "Is it true?", None),
            ("Bo", "2025-05-02", "I don’t think so.", Some(0)),
            ("Cy", "2025-05-03", "Nor do I.", Some(1)),
            ("Di", "2025-05-04", "Me too!", Some(0)),
            ("Ed", "2025-05-05", "First!", None),
        ]
    );
}

#[test]
fn comments_are_known_by_microdata_microformats_and_headings() {
    let microdata = "<div><div itemprop=comment itemscope itemtype='https://schema.org/Comment'><span itemprop=author itemscope><span itemprop=name>Ann</span></span>
        <meta itemprop=dateCreated content=2025-03-14><div itemprop=text>At last!</div><button>Like</button></div></div>";
    let microformats = "<section class=comments><div class='p-comment h-cite'><a class='p-author h-card' href=/ann>Ann</a>
        <time class=dt-published datetime=2025-03-14>today</time><p class=p-content>At last!</p></div></section>";
    let heading = "<section><h3>Comments (1)</h3><ul><li><b class=author>Ann</b><span class=date>14 March 2025</span><p>At last!</p></li></ul></section>";
    for below in [microdata, microformats, heading] {
        let (with, _) = cleaned(&page("", below));
        assert_eq!(with.comments, [comment("Ann", "2025-03-14", "At last!", None)], "{below}");
    }
}

#[test]
fn comments_of_structured_data_are_taken_where_the_page_shows_none() {
    let head = r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry back in service","comment":[
        {"@type":"Comment","author":{"@type":"Person","name":"Ann"},"dateCreated":"2025-03-14","text":"At last!",
         "comment":{"@type":"Comment","text":"Quite."}}]}</script>"#;
    let (with, without) = cleaned(&page(head, ""));
    assert_eq!(with.comments, [comment("Ann", "2025-03-14", "At last!", None), comment("", "", "Quite.", Some(0))]);
    assert_eq!(with.about.kind, Some(PageKind::Article));
    assert_eq!((with.text, without.comments.len()), (without.text, 0));
}

#[test]
fn a_page_with_a_form_only_has_no_comments() {
    let forms = [
        "<div id=comments class=comments-area><h2>Comments</h2><p class=no-comments>Be the first to comment.</p>
         <form class=comment-form><p class=comment-notes>Your address is not published.</p><label>Comment</label><textarea></textarea></form></div>",
        "<div id=disqus_thread><noscript>Please switch on scripts to see the comments.</noscript></div>",
        "<aside class=widget_recent_comments><h3>Recent comments</h3><ul id=recentcomments><li><span class=comment-author-link>Ann</span> on <a href=/x>Pier closed</a></li></ul></aside>",
        "<div class=comments><ul><li><a href=/a>Pier closed for the winter</a> <time>14 March 2025</time></li><li><a href=/b>Island council votes</a> <time>13 March 2025</time></li></ul></div>",
        "<section class=comments><div class=comment>Write to us if you have something to say about this story.</div></section>",
    ];
    for below in forms {
        let (with, without) = cleaned(&page("", below));
        assert_eq!(with.comments, [], "{below}");
        assert_eq!(with.text, without.text, "{below}");
    }
}

#[test]
fn an_opinion_page_named_comment_keeps_its_story() {
    let page = format!(
        "<body class=comment><div class='comment comments'><article class=comment id=comment-4>{STORY}<p class=author>Ann Roe</p><time>14 March 2025</time></article></div>"
    );
    let (with, without) = cleaned(&page);
    assert_eq!(with.comments, []);
    assert_eq!(with.text, without.text);
    assert!(with.text.contains("Sailings will run twice a day"));
}

#[test]
fn posts_of_a_forum_are_its_text() {
    let post = |id: u8, author: &str, text: &str| {
        format!(
            "<div class=comment id=comment-{id}><span class=author>{author}</span> <time datetime=2025-03-{id}>day {id}</time><div class=comment-body><p>{text}</p></div></div>"
        )
    };
    let posts: String = [
        post(11, "Ann", "Has anybody tried to take a bicycle with a trailer on the new ferry? The timetable says nothing about it, and nobody picks up the phone."),
        post(12, "Bo", "I have, on Friday. They let you on first, with the motorcycles, and you pay for one bicycle and half a trailer, which came to nine pounds."),
        post(13, "Cy", "Mind the ramp at low tide, though. It is steep, it is wet, and there is nobody to push, so take the heavy things out of the trailer before."),
        post(14, "Di", "On the way back they put ours beside the lorries, and it was fine, but you have to tie it down yourself with a rope that they lend you."),
    ]
    .concat();
    for head in ["", "<meta name=generator content='Discourse 3.2'>", "<meta property=og:type content=article>"] {
        let page = format!(
            "<html><head><title>Bicycles on the ferry</title>{head}</head><body><h1>Bicycles on the ferry</h1><div class=comments>{posts}</div></body></html>"
        );
        let (with, without) = cleaned(&page);
        assert_eq!(with.comments, [], "{head}");
        assert_eq!(with.text, without.text, "{head}");
        assert!(with.text.contains("Mind the ramp"), "{head}");
    }
}

#[test]
fn what_is_shown_twice_is_one_comment() {
    let one = "<li class=comment id=comment-1><b class=fn>Ann</b><p>At last!</p></li>";
    let two = "<li class=comment id=comment-2><b class=fn>Bo</b><p>Quite.</p></li>";
    let below = format!("<div class=comments><h3>Best</h3><ul>{two}</ul><h3>All</h3><ul>{one}{two}</ul></div>");
    let (with, _) = cleaned(&page("", &below));
    let texts: Vec<_> = with.comments.iter().map(|comment| &*comment.text).collect();
    assert_eq!(texts, ["Quite.", "At last!"]);
}

#[test]
fn comments_of_any_soup_are_in_order() {
    let pieces = [
        "<div class=comments>",
        "</div>",
        "<ul>",
        "</ul>",
        "<li class=comment id=comment-1>",
        "<li>",
        "</li>",
        "<b class=author>Ann</b>",
        "<span class=comment-meta>",
        "<time>14 March 2025</time>",
        "</span>",
        "<p class=comment-text>One two three.",
        "<p>Four five six.</p>",
        "<a href=#>Reply</a>",
        "<h2>Comments</h2>",
        "<form>",
        "</form>",
        "<footer>",
    ];
    let mut state = 11_usize;
    let mut found = 0;
    for _ in 0..2_000 {
        let page: String = (0..20)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                pieces[(state >> 33) % pieces.len()]
            })
            .collect();
        let page = format!("<body>{page}");
        let mut reader = PageReader::default().with_comments(true);
        let document = reader.read(&page, None).expect("it is short");
        for (at, comment) in document.comments().iter().enumerate() {
            assert!(comment.reply_to.is_none_or(|before| before < at), "{page}");
            assert!(!comment.text.trim().is_empty() && comment.author.as_deref() != Some(""), "{page}");
            found += 1;
        }
    }
    assert!(found > 100, "{found}");
}

#[test]
fn hostile_pages_take_linear_time() {
    let one = "<li class=comment id=comment-1><b class=author>Ann</b><p>x</p>";
    let shapes = [
        format!("<div class=comments>{}", format!("{one}</li>").repeat(50_000)),
        format!("<div class=comments>{}", format!("<ul>{one}").repeat(20_000)),
        format!("<div class=comments>{}", "<div class=comment><div class=author>".repeat(20_000)),
        format!("<div class=comments><li class=comment>{}", "<span class=date>1</span> x ".repeat(100_000)),
        format!("<div class=comments><li class=comment>{}", "<p class=comment-text><i class=author>".repeat(50_000)),
        format!("<div class='{}'>{}", "comments ".repeat(200), "<p class='comments comment-list'>x".repeat(50_000)),
        "<h2>Comments</h2><ul><li>".repeat(50_000),
        format!("<div class=comments><li class=comment id=comment-1>{}<p>x", "<div class=comment-meta><time>".repeat(50_000)),
    ];
    for shape in shapes {
        let document = PageReader::default().with_comments(true).read(&shape, None).expect("it is short").comments().len();
        assert!(document <= 50_000);
    }
}
