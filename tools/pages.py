#!/usr/bin/env python3
"""Writes the pages of fixtures/html: an article, a forum thread and a listing, as web servers send them.

Their sentences are put together from lists below, always in the same way, so that counts of instructions on these
pages can be compared from one month to the next. Changing a page means measuring anew: docs/performance.md has the counts.

    python3 tools/pages.py            write the pages
    python3 tools/pages.py --check    say whether those in fixtures/html are these
"""

import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "html"

WHO = ["The harbour board", "Ann Mackie, who runs the grocery on the front,", "A spokesman for the ferry company",
       "The islanders", "Two of the divers", "The council", "Iain Ross, who chairs the board,", "The owner of the northern café",
       "The engineers", "A driver who had waited since dawn", "The school’s head teacher", "The distillery’s manager"]
DID = ["said that", "had hoped that", "would not say whether", "asked in March whether", "wrote to the ministry that",
       "told the meeting that", "doubts that", "learned on Monday that", "has known since the winter that", "is certain that"]
WHAT = ["the pier would hold another thirty years", "the fenders had been torn out by the storm", "the road to the north would stay closed",
        "the barley could be landed before Easter", "the repair would cost a third more than planned",
        "the footings had been poured between two tides", "the company would pay its part of the bill",
        "the mail had waited eleven weeks on the quay", "the new barrier would be ready in time",
        "nobody had looked below the second fender since 1998", "the crane could be hired for another month",
        "the timetable of the summer would be kept"]
TAIL = ["", "", ", and nobody contradicted", ", weather permitting", ", as the minutes show", ", although the sums were never published",
        ", which came as news to most of the room", ", or so the letter says", ", for the first time since the war",
        ", at a cost of £3.1&nbsp;million", " &mdash; a promise it had made before"]
NOUNS = ["harbour", "island", "ferry", "winter", "bridge", "council", "market", "school", "museum", "railway", "garden", "library",
         "weather", "storm", "quarry", "coast", "football", "kitchen", "theatre", "village"]
VERBS = ["reopens", "waits", "votes", "grows", "closes early", "asks for help", "looks back", "moves north", "counts the cost", "is sold"]
PLACES = ["Port Ellen", "Bowmore", "Lagavulin", "Craighouse", "Oban", "Tarbert", "Mallaig", "Ullapool"]
NAMES = ["marta_l", "jonas.ek", "northbank", "tidewatch", "ferryman72", "kiln&still", "quayside", "old_salt"]


class Dice:
    """A small generator of numbers that is the same everywhere."""

    def __init__(self, seed):
        self.state = seed

    def roll(self, sides):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % sides

    def pick(self, things):
        return things[self.roll(len(things))]


def sentence(dice):
    return f"{dice.pick(WHO)} {dice.pick(DID)} {dice.pick(WHAT)}{dice.pick(TAIL)}."


def paragraph(dice, sentences):
    return " ".join(sentence(dice) for _ in range(sentences))


def headline(dice):
    return f"{dice.pick(NOUNS).capitalize()} {dice.pick(VERBS)} at {dice.pick(PLACES)}"


def slug(text):
    return "".join(c if c.isalnum() else "-" for c in text.lower())


def styles(dice, rules):
    sides = ["top", "right", "bottom", "left"]
    lines = []
    for number in range(rules):
        name = f".{dice.pick(NOUNS)}-{number}__{dice.pick(NOUNS)}"
        lines.append(f"{name}{{margin-{dice.pick(sides)}:{dice.roll(40)}px;color:#{dice.roll(4096):03x};display:flex}}")
    return "<style>" + "".join(lines) + "</style>"


def script(dice, statements):
    lines = [f"w.q.push({{slot:'{dice.pick(NOUNS)}_{n}',sizes:[[{dice.roll(900)},{dice.roll(600)}]],if:a<b&&c>{n}}});" for n in range(statements)]
    return "<script>(function(w){w.q=w.q||[];" + "".join(lines) + "})(window);</script>"


def icon(dice):
    points = " ".join(f"{dice.pick('MLQ')}{dice.roll(24)} {dice.roll(24)}" for _ in range(8))
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{points}z" fill="currentColor"/></svg>'


def head(dice, title, extra=""):
    links = "".join(f'<link rel="preload" href="https://cdn.example.com/fonts/{noun}-{n}.woff2" as="font" crossorigin>\n' for n, noun in enumerate(NOUNS[:6]))
    return f"""<!DOCTYPE html>
<html lang="en" class="no-js">
<head>
<meta charset="utf-8">
<title>{title} - The Quay Post</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="og:title" content="{title}">
<meta property="og:site_name" content="The Quay Post">
<meta property="og:image" content="https://cdn.example.com/i/{slug(title)}.jpg?w=1200&amp;h=630">
<link rel="canonical" href="https://www.example.com/news/{slug(title)}">
{links}{extra}{styles(dice, 120)}
{script(dice, 30)}
</head>
"""


def navigation(dice):
    sections = []
    for noun in NOUNS[:12]:
        items = "".join(f'<li class="nav__item"><a class="nav__link" href="/{noun}/{slug(place)}" data-track="nav-{noun}">{place}</a></li>' for place in PLACES[:5])
        sections.append(f'<li class="nav__section" data-menu="{noun}"><a href="/{noun}">{noun.capitalize()}</a>{icon(dice)}<ul class="nav__sub" hidden>{items}</ul></li>\n')
    return f'<header class="site-header" role="banner"><a class="logo" href="/">{icon(dice)}The Quay Post</a><nav class="nav" aria-label="Main"><ul>{"".join(sections)}</ul></nav></header>\n'


def card(dice, number):
    title = headline(dice)
    sources = ", ".join(f"https://cdn.example.com/i/{number}.jpg?w={width} {width}w" for width in (320, 640, 960))
    return (f'<li class="card card--{number % 3}"><a class="card__link" href="/news/{slug(title)}-{number}" data-position="{number}">'
            f'<div class="card__media"><img class="card__image lazy" alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-srcset="{sources}" loading="lazy"></div>'
            f'<h3 class="card__title">{title}</h3><p class="card__teaser">{sentence(dice)}</p><time class="card__time" datetime="2025-03-{1 + number % 28:02}">{1 + number % 28} March</time></a></li>\n')


def footer(dice):
    columns = "".join(f'<div class="footer__column"><h4>{noun.capitalize()}</h4><ul>' + "".join(f'<li><a href="/about/{noun}/{n}">{headline(dice)}</a></li>' for n in range(6)) + "</ul></div>\n" for noun in NOUNS[12:17])
    return (f'<footer class="site-footer" role="contentinfo">{columns}<p class="follow">Follow us on Facebook, Instagram and X</p>'
            f'<p class="legal">&copy; 2025 The Quay Post. All rights reserved. <a href="/privacy">Privacy</a> | <a href="/terms">Terms of use</a></p></footer>\n{script(dice, 20)}')


def article():
    dice = Dice(1)
    title = "Ferry back in service at Port Ellen after pier repairs"
    data = ('<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"' + title + '","datePublished":"2025-03-14T07:40:00Z",'
            '"author":[{"@type":"Person","name":"Moira Calder"},{"@type":"Person","name":"Tom Reyes"}],"publisher":{"@type":"Organization","name":"The Quay Post"}}</script>\n')
    story = []
    for number in range(28):
        link = f' <a href="/news/{slug(headline(dice))}">{dice.pick(NOUNS).capitalize()} {dice.pick(VERBS)}</a>.' if number % 4 == 1 else ""
        story.append(f'<p class="story__text" data-p="{number}">{paragraph(dice, 2 + dice.roll(3))}{link}</p>\n')
        if number % 8 == 3:
            story.append('<div class="ad-slot" data-slot="mid"><span class="ad-slot__label">Advertisement</span></div>\n')
        if number % 8 == 5:
            story.append(f'<figure class="figure"><picture><source srcset="/i/{number}.webp" type="image/webp"><img src="/i/{number}.jpg" alt="{sentence(dice)}" width="960" height="640"></picture>'
                         f'<figcaption class="figure__caption">{sentence(dice)} <span class="figure__credit">Photo: Moira Calder/Quay Pictures</span></figcaption></figure>\n')
        if number % 8 == 7:
            story.append(f'<h2 class="story__heading">{headline(dice)}</h2>\n<blockquote class="quote"><p>“{sentence(dice)}”</p></blockquote>\n')
    cards = "".join(card(dice, number) for number in range(26))
    return (head(dice, title, data) + '<body class="page page--article">\n' + navigation(dice) + '<main id="main"><article class="story">'
            f'<h1 class="story__title">{title}</h1>\n<p class="byline">By <a rel="author" href="/people/moira">Moira Calder</a> and <a rel="author" href="/people/tom">Tom Reyes</a></p>\n'
            '<time class="story__time" datetime="2025-03-14T07:40:00Z">14 March 2025, 7:40 am</time>\n<ul class="share">'
            + "".join(f'<li><button class="share__button" data-network="{name}">{icon(dice)}<span>Share on {name}</span></button></li>' for name in ("Facebook", "X", "WhatsApp"))
            + "</ul>\n" + "".join(story) + '<div class="newsletter"><h3>Sign up for our morning newsletter</h3><form action="/subscribe"><input type="email" name="email" placeholder="Your email"><button>Subscribe</button></form></div>\n'
            '<p class="tips">Do you have a story tip? Email: tips@example.com.</p></article>\n'
            f'<aside class="related"><h2>Related articles</h2><ul class="cards">{cards}</ul></aside></main>\n' + footer(dice) + "</body>\n</html>\n")


def forum():
    dice = Dice(2)
    title = "Which ferry for a van with a trailer?"
    posts = []
    for number in range(40):
        name = dice.pick(NAMES)
        quote = f'<blockquote class="bbquote"><cite>{dice.pick(NAMES)} wrote:</cite>{sentence(dice)}<br></blockquote>' if number % 3 == 2 else ""
        posts.append(f'<div class="post" id="p{number}"><div class="post-user"><a class="user" href="/u/{name}">{name.replace("&", "&amp;")}</a><br><img class="avatar" src="/a/{name.replace("&", "%26")}.png" alt=""><dl class="stats">'
                     f'<dt>Posts:<dd>{dice.roll(9000)}<dt>Joined:<dd>{2005 + dice.roll(18)}<dt>From:<dd>{dice.pick(PLACES)}</dl></div>\n<div class="post-body"><p class="post-date"><a href="#p{number}">#{number + 1}</a> &raquo; {1 + number % 28} Mar 2025, {dice.roll(24):02}:{dice.roll(60):02}</p>'
                     f'{quote}<div class="content">{paragraph(dice, 1 + dice.roll(4))}<br><br>{sentence(dice)} <b>{dice.pick(NOUNS)} <i>{dice.pick(NOUNS)}</b></i> :-)</div>'
                     f'<div class="signature">-- <br>{dice.pick(NOUNS).capitalize()} {dice.pick(VERBS)}</div><ul class="post-buttons"><li><a href="/reply?p={number}&quote=1">Quote</a><li><a href="/report?p={number}">Report</a></ul></div></div>\n')
    pages = "".join(f'<a class="page" href="?start={n * 40}">{n + 1}</a> ' for n in range(7))
    return (head(dice, title) + '<body class="page page--thread">\n' + navigation(dice) + f'<div id="wrap"><h2 class="topic"><a href="/t/1">{title}</a></h2><div class="pagination">Page 1 of 7 {pages}</div>\n'
            + "".join(posts) + f'<form class="quick-reply"><textarea name="message">Write a reply &hellip;</textarea><input type="submit" value="Send"></form><div class="pagination">{pages}</div>'
            '<p class="online">Users browsing this forum: 3 guests</p></div>\n' + footer(dice) + "</body>\n</html>\n")


def listing():
    dice = Dice(3)
    title = "Sailings and berths of all harbours"
    tables = []
    for place in PLACES:
        rows = "".join(f'<tr class="row {"odd" if n % 2 else "even"}"><td>{dice.roll(24):02}:{dice.roll(60):02}<td><a href="/ship/{slug(dice.pick(NOUNS))}-{n}">MV {dice.pick(NOUNS).capitalize()}</a><td>{dice.pick(PLACES)}<td align="right">£{dice.roll(90)}.{dice.roll(100):02}<td>'
                       f'<select name="berth{n}"><option>Seat<option selected>Cabin<option>Deck</select><td><span class="tag tag--{n % 4}">{dice.pick(VERBS)}</span></tr>\n' for n in range(22))
        tables.append(f'<section class="harbour"><h2 id="{slug(place)}">{place}</h2><p>{paragraph(dice, 2)}</p><table class="sailings"><caption>Sailings from {place}</caption><thead><tr><th>Time<th>Ship<th>To<th>Fare<th>Berth<th>Notes</thead><tbody>{rows}</tbody></table></section>\n')
    filters = "".join(f'<label class="filter"><input type="checkbox" name="to" value="{slug(place)}"> {place} <small>({dice.roll(90)})</small></label>' for place in PLACES)
    cards = "".join(card(dice, number) for number in range(12))
    return (head(dice, title) + '<body class="page page--listing">\n' + navigation(dice) + f'<div class="layout"><aside class="filters"><h3>Filter</h3>{filters}</aside><main><h1>{title}</h1>\n'
            + "".join(tables) + f'<ul class="cards">{cards}</ul></main></div>\n' + footer(dice) + "</body>\n</html>\n")


def main():
    pages = {"article.html": article(), "forum.html": forum(), "listing.html": listing()}
    if sys.argv[1:] == ["--check"]:
        stale = [name for name, page in pages.items() if not (FOLDER / name).is_file() or (FOLDER / name).read_text(encoding="utf-8") != page]
        sys.exit(f"not as tools/pages.py writes them: {', '.join(stale)}" if stale else 0)
    if sys.argv[1:]:
        sys.exit(__doc__)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (FOLDER / name).write_text(page, encoding="utf-8", newline="\n")
        print(f"{name}: {len(page.encode())} bytes")


main()
