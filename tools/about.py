#!/usr/bin/env python3
"""How often titles, authors and days of pages are right.

    tools/about.py TARGET/copydesk PAGES GOLD

PAGES is JSON Lines (`{id, url, html}`) or such a file compressed with xz. GOLD is JSON, `{id: {title, author or authors, publish_date or published}}`,
compressed or not. Titles and names are compared without case, marks and spaces. `right` is all of it and no more; authors are `partly` right when one
of them is.
"""

import collections
import json
import lzma
import re
import subprocess
import sys
import tempfile
import unicodedata


def opened(path):
    return lzma.open(path, "rt") if path.endswith(".xz") else open(path, encoding="utf-8")


def bare(text):
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text or "").lower()).strip()


def verdict(expected, found):
    if not expected:
        return "invented" if found else None
    if not found:
        return "missing"
    if expected == found:
        return "right"
    return "partly" if isinstance(found, set) and expected & found else "wrong"


def main():
    program, pages, gold = sys.argv[1:4]
    with opened(gold) as file:
        gold = json.load(file)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as records, opened(pages) as file:
        records.writelines(file)
        records.flush()
        command = [program, "clean", "--from", "jsonl", "--to", "jsonl", records.name]
        articles = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout.split("\n")[:-1]
    counts = collections.defaultdict(collections.Counter)
    for article in map(json.loads, articles):
        page = gold.get(article["id"])
        if page is None:
            continue
        authors = page.get("authors") or [page.get("author")]
        names = lambda names: {bare(name) for name in names or [] if bare(name)}
        day = page.get("publish_date") or page.get("published") or ""
        for field, expected, found in [
            ("title", bare(page.get("title")), bare(article.get("title"))),
            ("authors", names(authors), names(article.get("authors"))),
            ("day", day[:10], article.get("date_published", "")[:10]),
        ]:
            counts[field][verdict(expected, found)] += 1
    kinds = ["right", "partly", "wrong", "missing", "invented"]
    print("| field | " + " | ".join(kinds) + " |\n| --- |" + " ---: |" * len(kinds))
    for field, own in counts.items():
        print(f"| {field} | " + " | ".join(str(own[kind]) for kind in kinds) + " |")


if __name__ == "__main__":
    main()
