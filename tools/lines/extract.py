#!/usr/bin/env python3
"""Turn pages into the texts that extractors make of them, to train the line score on. Python 3.11+; beautifulsoup4, lxml, html_text,
readability-lxml, resiliparse, trafilatura, newspaper4k, goose3.

    extract.py SET... > texts.jsonl    # folders with input.jsonl ({id, url, html} a line) and gold.json

Each page goes through some of the tools, drawn by its id, so that the same pages always meet the same tools. Written are lines of
`{id, url_host, text}`, the id being `set/page/tool`. What a tool cannot read is left out, and so are pages that the set says are no
articles.
"""
import json
import logging
import random
import re
import signal
import sys
import warnings
from multiprocessing import Pool
from pathlib import Path
from urllib.parse import urlparse

import goose3
import html_text
import newspaper
import readability
import trafilatura
from bs4 import BeautifulSoup, Comment, Doctype
from resiliparse.extract.html2text import extract_plain_text

TEXTS = 3  # of a page
LONGEST = 700_000  # characters of a page
SECONDS = 20
SKIPPED = {"script", "style", "noscript", "template", "svg", "head"}
BLOCKS = set(
    "p div section article header footer aside nav ul ol li dl dt dd h1 h2 h3 h4 h5 h6 table tr td th figure figcaption blockquote pre form"
    " fieldset address main details summary hr".split()
)


def story_element(html):
    """The largest `article`, else `main`, else the body."""
    soup = BeautifulSoup(html, "lxml")
    found = soup.find_all("article") or soup.find_all("main") or [soup.body]
    return max((element for element in found if element), key=lambda element: len(element.get_text()), default=None)


def block_texts(html, alternatives=False):
    """The texts of all blocks of the story's element; with alternative texts of pictures if asked."""
    root = story_element(html)
    lines, words = [], []

    def end():
        line = re.sub(r"\s+", " ", "".join(words)).strip()
        words.clear()
        if line:
            lines.append(line)

    stack = [(iter([root] if root else []), None)]
    while stack:
        child = next(stack[-1][0], None)
        if child is None:
            if stack.pop()[1] in BLOCKS:
                end()
            continue
        name = getattr(child, "name", None)
        if name is None:
            if not isinstance(child, (Comment, Doctype)):
                words.append(str(child))
        elif name == "br":
            end()
        elif name == "img":
            if alternatives and child.get("alt", "").strip():
                end()
                words.append(child["alt"])
                end()
        elif name not in SKIPPED:
            if name in BLOCKS:
                end()
            stack.append((iter(child.children), name))
    end()
    return "\n".join(lines)


def tag_texts(html):
    """The texts of headings, paragraphs, list items and captions, in order."""
    root = story_element(html)
    found = root.find_all(["h1", "h2", "h3", "h4", "p", "li", "figcaption"]) if root else []
    return "\n".join(re.sub(r"\s+", " ", element.get_text(" ")).strip() for element in found if not element.find_parent(["p", "figcaption"]))


def newspaper_text(html, url):
    article = newspaper.Article(url or "http://example.org/")
    article.download(input_html=html)
    article.parse()
    return article.text


TOOLS = {
    "bs4_blocks": (3, lambda html, url: block_texts(html)),
    "bs4_blocks_alt": (2, lambda html, url: block_texts(html, True)),
    "bs4_tags": (2.5, lambda html, url: tag_texts(html)),
    "html_text": (2, lambda html, url: html_text.extract_text(str(story_element(html) or ""))),
    "resiliparse_main": (3, lambda html, url: extract_plain_text(html, main_content=True)),
    "resiliparse_article": (2, lambda html, url: extract_plain_text(str(story_element(html) or ""), main_content=False)),
    "readability_lxml": (3.5, lambda html, url: html_text.extract_text(readability.Document(html).summary())),
    "trafilatura_recall": (1.5, lambda html, url: trafilatura.extract(html, favor_recall=True, include_comments=True)),
    "newspaper4k": (1, newspaper_text),
    "resiliparse_page": (0.4, lambda html, url: extract_plain_text(html, main_content=False)),
    "goose3": (0.3, lambda html, url: goose3.Goose({"enable_image_fetching": False}).extract(raw_html=html).cleaned_text),
}


class TooLong(Exception):
    """A tool took too long."""


def stop(*_):
    raise TooLong


def texts(job):
    name, page = job
    signal.signal(signal.SIGALRM, stop)
    left, draw, found = dict(TOOLS), random.Random(page["id"]), []
    for _ in range(TEXTS):
        tool = draw.choices(list(left), [weight for weight, _ in left.values()])[0]
        _, run = left.pop(tool)
        try:
            signal.alarm(SECONDS)
            text = run(page["html"], page.get("url")) or ""
        except Exception:  # what a tool cannot read is left out, whatever it raises
            continue
        finally:
            signal.alarm(0)
        lines = "\n".join(re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
        if lines.strip():
            host = urlparse(page.get("url") or "").hostname
            found.append({"id": f"{name}/{page['id']}/{tool}", "url_host": host, "text": re.sub(r"\n{4,}", "\n\n\n", lines)})
    return found


def jobs(folders):
    for folder in map(Path, folders):
        gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
        with open(folder / "input.jsonl", encoding="utf-8") as lines:
            for page in map(json.loads, lines):
                if len(page["html"]) <= LONGEST and gold[page["id"]].get("page_type", "article") == "article":
                    yield folder.name, page


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    with Pool() as pool:
        for found in pool.imap(texts, jobs(sys.argv[1:]), chunksize=4):
            for record in found:
                print(json.dumps(record, ensure_ascii=False))


if __name__ == "__main__":
    main()
