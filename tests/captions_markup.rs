//! Captions by markup, kind by kind: each page has one picture or several between two paragraphs of a story.

use std::sync::LazyLock;

use copydesk::{Article, Engine};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builder().build().expect("the built-in rules are well formed"));

fn article(head: &str, figure: &str) -> Article<'static> {
    let page = format!(
        "<!doctype html><html lang=en><head><title>Ferry back in service</title><meta property=og:type content=article>{head}</head><body>
         <nav><a href=/>Home</a> <a href=/islands>Islands</a></nav><main><article><h1>Ferry back in service</h1>
         <p>The first ferry in eleven weeks left the harbour on Friday morning, with 212 passengers and nine lorries on board.</p>
         {figure}
         <p>The terminal was closed after waves tore two of the four fenders from the pier, the harbour board said in a statement.</p>
         <p>Sailings will run twice a day until the end of the month, weather permitting, and four times a day from then on.</p>
         </article></main><footer><a href=/contact>Contact</a></footer></body></html>"
    );
    ENGINE.clean_html(&page, Some("https://news.example/islands/ferry")).expect("it is short")
}

/// Type, text, credit and address of each caption.
fn captions(article: &Article<'_>) -> Vec<(&'static str, String, String, String)> {
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    article.captions.iter().map(|c| (c.kind.as_str(), c.text.clone(), some(&c.credit), some(&c.image_url))).collect()
}

#[test]
fn each_kind_of_markup_gives_its_caption() {
    let mut wrong = Vec::new();
    for (name, figure) in ONE {
        let article = article("", figure);
        let kind = if name.starts_with("video") { "video" } else { "photo" };
        let expected = [(kind, "The pier after the repairs.", "Ann Roe/Northern Wire", "https://news.example/img/pier.jpg")];
        let found = captions(&article);
        let found: Vec<_> = found.iter().map(|(kind, text, credit, url)| (*kind, text.as_str(), credit.as_str(), url.as_str())).collect();
        let kind_agrees = found.first().is_some_and(|found| found.0 == kind || found.0 == "gallery" && name.starts_with("gallery"));
        let is_right =
            found.len() == 1 && kind_agrees && (found[0].1, found[0].2, found[0].3) == (expected[0].1, expected[0].2, expected[0].3);
        if !is_right {
            wrong.push(format!("{name}: {found:?}"));
        }
        for word in ["after the repairs", "Ann Roe"] {
            if article.text.contains(word) {
                wrong.push(format!("{name}: `{word}` is in the text"));
            }
        }
        if !article.text.contains("212 passengers") || !article.text.contains("two of the four fenders") {
            wrong.push(format!("{name}: the story is not whole: {}", article.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One picture each, with the same caption and credit.
const ONE: &[(&str, &str)] = &[
    (
        "figcaption",
        "<figure><img src=/img/pier.jpg alt='A pier'><figcaption>The pier after the repairs. Photo: Ann Roe/Northern Wire</figcaption></figure>",
    ),
    (
        "figcaption with a credit of its own",
        "<figure><img src=/img/pier.jpg><figcaption><span>The pier after the repairs.</span> <cite>Ann Roe/Northern Wire</cite></figcaption></figure>",
    ),
    (
        "picture with sources",
        "<figure><picture><source srcset='/img/pier-s.jpg 400w'><img src=/img/pier.jpg></picture><figcaption>The pier after the repairs. <small>Ann Roe/Northern Wire</small></figcaption></figure>",
    ),
    (
        "WordPress, classic",
        "<div id=attachment_12 class='wp-caption alignnone' style='width: 610px'><a href=/img/pier.jpg><img src=/img/pier.jpg></a><p class=wp-caption-text>The pier after the repairs. (Photo: Ann Roe/Northern Wire)</p></div>",
    ),
    (
        "WordPress, blocks",
        "<figure class='wp-block-image size-large'><img src=/img/pier.jpg><figcaption class=wp-element-caption>The pier after the repairs. © Ann Roe/Northern Wire</figcaption></figure>",
    ),
    (
        "caption class beside a figure",
        "<figure><img src=/img/pier.jpg></figure><div class=photo-caption>The pier after the repairs.</div><div class=photo-credit>Ann Roe/Northern Wire</div>",
    ),
    (
        "caption class around both",
        "<div class=image><img src=/img/pier.jpg><p class=caption>The pier after the repairs. <em class=credit>Ann Roe/Northern Wire</em></p></div>",
    ),
    (
        "aria-describedby",
        "<figure aria-describedby=d1><img src=/img/pier.jpg></figure><p id=d1>The pier after the repairs. Photo: Ann Roe/Northern Wire</p>",
    ),
    (
        "aria-labelledby",
        "<figure aria-labelledby=d1><img src=/img/pier.jpg><div><p id=d1>The pier after the repairs. Photo: Ann Roe/Northern Wire</p></div></figure>",
    ),
    (
        "role figure",
        "<div role=figure aria-labelledby=d1><img src=/img/pier.jpg><p id=d1>The pier after the repairs. Photo: Ann Roe/Northern Wire</p></div>",
    ),
    (
        "microdata",
        "<div itemscope itemtype=https://schema.org/ImageObject><img itemprop=contentUrl src=/img/pier.jpg><span itemprop=caption>The pier after the repairs.</span> <span itemprop=copyrightHolder>Ann Roe/Northern Wire</span></div>",
    ),
    (
        "microdata, description and creditText",
        "<div itemprop=image itemscope itemtype=https://schema.org/ImageObject><img src=/img/pier.jpg itemprop=url><p itemprop=description>The pier after the repairs.</p><p itemprop=creditText>Ann Roe/Northern Wire</p></div>",
    ),
    (
        "microdata in meta",
        "<div itemscope itemtype=https://schema.org/ImageObject><img itemprop=contentUrl src=/img/pier.jpg><meta itemprop=caption content='The pier after the repairs.'><meta itemprop=creditText content='Ann Roe/Northern Wire'></div>",
    ),
    (
        "RDFa",
        "<div vocab=https://schema.org/ typeof=ImageObject><img property=contentUrl src=/img/pier.jpg><span property=caption>The pier after the repairs.</span> <span property=creditText>Ann Roe/Northern Wire</span></div>",
    ),
    (
        "RDFa with a prefix",
        "<div typeof=schema:ImageObject><img property=schema:contentUrl src=/img/pier.jpg><span property=schema:caption>The pier after the repairs.</span> <span property=schema:copyrightHolder>Ann Roe/Northern Wire</span></div>",
    ),
    ("data attributes", "<p><img src=/img/pier.jpg data-caption='The pier after the repairs.' data-credit='Ann Roe/Northern Wire'></p>"),
    (
        "data attributes of the box",
        "<div class=lead data-image-caption='The pier after the repairs.' data-image-credit='Ann Roe/Northern Wire'><img src=/img/pier.jpg></div>",
    ),
    (
        "data attributes, other names",
        "<figure data-img-caption='The pier after the repairs.' data-photo-credit='Ann Roe/Northern Wire'><img src=/img/pier.jpg></figure>",
    ),
    (
        "data attribute with a credit",
        "<figure><img src=/img/pier.jpg data-caption='The pier after the repairs.' data-copyright='© Ann Roe/Northern Wire'></figure>",
    ),
    (
        "data attribute with both",
        "<figure><img src=/img/pier.jpg data-caption='The pier after the repairs. Photo: Ann Roe/Northern Wire'></figure>",
    ),
    (
        "data attribute with escaped markup",
        "<a data-fancybox data-caption='&lt;p&gt;The pier after the repairs.&lt;/p&gt; &lt;span class=credit&gt;Ann Roe/Northern Wire&lt;/span&gt;' href=/img/pier.jpg><img src=/img/pier.jpg></a>",
    ),
    (
        "AMP",
        "<figure><amp-img src=/img/pier.jpg width=600 height=400 layout=responsive></amp-img><figcaption>The pier after the repairs. <span class=credit>Ann Roe/Northern Wire</span></figcaption></figure>",
    ),
    (
        "lazy with noscript",
        "<figure><img class=lazy src=data:image/gif;base64,R0lGOD data-src=/img/pier.jpg><noscript><img src=/img/pier.jpg></noscript><figcaption>The pier after the repairs. Photo: Ann Roe/Northern Wire</figcaption></figure>",
    ),
    (
        "gallery, classic item",
        "<dl class=gallery-item><dt class=gallery-icon><a href=/x><img src=/img/pier.jpg></a></dt><dd class='wp-caption-text gallery-caption'>The pier after the repairs. Photo: Ann Roe/Northern Wire</dd></dl>",
    ),
    (
        "table",
        "<table class=image align=right><tr><td><img src=/img/pier.jpg></td></tr><tr><td class=caption>The pier after the repairs. Photo: Ann Roe/Northern Wire</td></tr></table>",
    ),
    (
        "button that opens the picture",
        "<figure><div role=button tabindex=0><img src=/img/pier.jpg></div><figcaption>The pier after the repairs. | Ann Roe/Northern Wire</figcaption></figure>",
    ),
    (
        "shown twice",
        "<div class=desktop-only><figure><img src=/img/pier.jpg><figcaption>The pier after the repairs. Photo: Ann Roe/Northern Wire</figcaption></figure></div><div class=mobile-only><figure><img src=/img/pier.jpg><figcaption>The pier after the repairs. Photo: Ann Roe/Northern Wire</figcaption></figure></div>",
    ),
    (
        "video, own",
        "<figure><video poster=/img/pier.jpg src=/v.mp4></video><figcaption>The pier after the repairs. Photo: Ann Roe/Northern Wire</figcaption></figure>",
    ),
    (
        "video, still of a player",
        "<div class=video-player><img src=/img/pier.jpg><p class=video-caption>The pier after the repairs. <span class=video-credit>Ann Roe/Northern Wire</span></p></div>",
    ),
    (
        "video, AMP",
        "<figure><amp-video poster=/img/pier.jpg src=/v.mp4></amp-video><figcaption>The pier after the repairs. Photo: Ann Roe/Northern Wire</figcaption></figure>",
    ),
];

#[test]
fn galleries_give_each_picture_once() {
    let slides = |slide: &dyn Fn(u8) -> String| (1..=3).map(slide).collect::<String>();
    let list = slides(&|n| {
        format!(
            "<li class=slide><img src=/img/{n}.jpg><div class=caption>Pier number {n} at low tide.</div><div class=credit>Ann Roe/Northern Wire</div></li>"
        )
    });
    let amp = slides(&|n| {
        format!(
            "<div class=slide><amp-img src=/img/{n}.jpg width=600 height=400></amp-img><div class=caption>Pier number {n} at low tide. Photo: Ann Roe/Northern Wire</div></div>"
        )
    });
    let figures = slides(&|n| {
        format!(
            "<amp-img src=/img/{n}.jpg width=600 height=400></amp-img><figcaption>Pier number {n} at low tide. Photo: Ann Roe/Northern Wire</figcaption>"
        )
    });
    let links = slides(&|n| {
        format!(
            "<a href=/img/{n}.jpg data-sub-html='&lt;p&gt;Pier number {n} at low tide.&lt;/p&gt;' data-copyright='Ann Roe/Northern Wire'><img src=/img/{n}.jpg></a>"
        )
    });
    let json = (1..=3)
        .map(|n| format!("{{\"src\":\"/img/{n}.jpg\",\"caption\":\"Pier number {n} at low tide.\",\"credit\":\"Ann Roe/Northern Wire\"}}"))
        .collect::<Vec<_>>()
        .join(",");
    let pages = [
        ("list", format!("<ul class=gallery>{list}</ul>")),
        ("list twice", format!("<ul class=gallery>{list}</ul><ul class='gallery thumbnails'>{list}</ul>")),
        ("carousel", format!("<amp-carousel class=gallery type=slides layout=responsive>{amp}</amp-carousel>")),
        (
            "carousel of figures",
            format!(
                "<amp-carousel class=gallery type=slides>{}</amp-carousel>",
                figures.replace("<amp-img", "<figure><amp-img").replace("</figcaption>", "</figcaption></figure>")
            ),
        ),
        ("links", format!("<div class=gallery>{links}</div>")),
        ("data", format!("<div class=gallery data-gallery='[{json}]'></div>")),
        ("data in an object", format!("<div class=slideshow data-config='{{\"title\":\"Piers\",\"images\":[{json}]}}'></div>")),
    ];
    let mut wrong = Vec::new();
    for (name, page) in pages {
        let article = article("", &page);
        let found = captions(&article);
        let found: Vec<_> = found.iter().map(|(kind, text, credit, url)| (*kind, text.as_str(), credit.as_str(), url.as_str())).collect();
        let expected = [
            ("gallery", "Pier number 1 at low tide.", "Ann Roe/Northern Wire", "https://news.example/img/1.jpg"),
            ("gallery", "Pier number 2 at low tide.", "Ann Roe/Northern Wire", "https://news.example/img/2.jpg"),
            ("gallery", "Pier number 3 at low tide.", "Ann Roe/Northern Wire", "https://news.example/img/3.jpg"),
        ];
        if found != expected || article.text.contains("low tide") || !article.text.contains("212 passengers") {
            wrong.push(format!("{name}: {found:?}\n{}", article.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn structured_data_tells_what_the_markup_does_not() {
    let head = r#"<base href="/islands/"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry back in service","image":[
        {"@type":"ImageObject","url":"/img/pier.jpg","caption":"The pier after the repairs.","creditText":"Ann Roe/Northern Wire"}]}</script>"#;
    for figure in ["<figure><img src=../img/pier.jpg></figure>", "<p><img src=/img/pier.jpg></p>"] {
        let article = article(head, figure);
        let expected = (
            "photo",
            "The pier after the repairs.".to_owned(),
            "Ann Roe/Northern Wire".to_owned(),
            "https://news.example/img/pier.jpg".to_owned(),
        );
        assert_eq!(captions(&article), [expected], "{figure}");
    }
}

#[test]
fn what_only_looks_like_a_caption_stays() {
    let stays = [
        "<div itemscope itemtype=https://schema.org/Product><p itemprop=description>The rope on the quay is new, and it is the colour of the ferry itself.</p></div>",
        "<p data-caption=x>The rope on the quay is new, and it is the colour of the ferry itself.</p>",
        "<div data-config='{\"caption\":\"Short\"}'><p>The rope on the quay is new, and it is the colour of the ferry itself.</p></div>",
        "<section aria-labelledby=h><h2 id=h>Ropes</h2><p>The rope on the quay is new, and it is the colour of the ferry itself.</p></section>",
    ];
    for piece in stays {
        let article = article("", piece);
        assert!(article.text.contains("The rope on the quay"), "{piece}: {}", article.text);
        assert!(article.captions.is_empty(), "{piece}: {:?}", article.captions);
    }
}
