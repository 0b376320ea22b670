#!/usr/bin/env python3
"""Writes fixtures/batch: the same few stories in every form that `copydesk clean` reads.

    python3 tools/fixtures.py

All of it is made up. What is written does not change from run to run. The Parquet file needs pyarrow and is left as it is
without it.
"""

import csv
import gzip
import io
import json
import pathlib
import zlib
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "batch"

STORIES = [
    {
        "id": "ferry",
        "url": "https://news.example/ferry",
        "title": "Ferry back in service",
        "blocks": [
            "The first ferry in eleven weeks left the harbour on Friday morning with forty passengers and a lorry of feed.",
            "Advertisement",
            "Repairs to the pier had taken twice as long as planned, the harbour office said, because divers found more damage below the water line.",
        ],
        "caption": "The ferry leaves the old pier on Friday. Photo: Mara Lind",
    },
    {
        "id": "library",
        "url": "https://news.example/library",
        "title": "Library opens at night",
        "blocks": [
            "The town library will stay open until midnight on weekdays from May, after students had asked for it for years.",
            "Two guards and a librarian will be on duty, and the reading room on the ground floor will be heated all night.",
            "Sign up for our newsletter",
        ],
        "caption": "",
    },
    {
        "id": "bridge",
        "url": "https://news.example/bridge",
        "title": "Café owners fear the new bridge",
        "blocks": [
            "The new bridge takes the traffic out of the old town, and with it, say those who own cafés there, the guests.",
            "Sales on the market square have fallen by a fifth since the opening, according to a survey of the chamber of trade.",
            "Story continues below advertisement",
            "The mayor wants to wait for the summer before he draws conclusions from the numbers of a wet spring.",
        ],
        "caption": "",
    },
]


def blocks(story):
    lines = list(story["blocks"])
    if story["caption"]:
        lines.insert(1, story["caption"])
    return lines


def text(story):
    return "\n\n".join([story["title"], *blocks(story)]) + "\n"


def body(story):
    parts = [f"<p>{escape(line)}</p>" for line in story["blocks"]]
    if story["caption"]:
        parts.insert(1, f'<figure><img src="/{story["id"]}.jpg" alt=""><figcaption>{escape(story["caption"])}</figcaption></figure>')
    return "\n".join(parts)


def page(story, charset="utf-8"):
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="{charset}"><title>{escape(story["title"])} | The Example</title></head>\n'
        '<body><nav><a href="/">Home</a> <a href="/sport">Sport</a> <a href="/weather">Weather</a></nav>\n'
        f'<article><h1>{escape(story["title"])}</h1>\n{body(story)}\n</article>\n'
        '<footer><a href="/legal">Legal</a> <a href="/contact">Contact</a></footer></body></html>\n'
    )


def record(kind, headers, block):
    lines = ["WARC/1.0", f"WARC-Type: {kind}", *headers, f"Content-Length: {len(block)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def member(data):
    """One gzip member without a time stamp."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="") as out:
        out.write(data)
    return packed.getvalue()


def chunked(data, size=300):
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def about(number, url):
    return [
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        "WARC-Date: 2026-03-02T06:00:00Z",
        f"WARC-Target-URI: {url}",
    ]


def response(number, url, http, block):
    headers = "\r\n".join(["HTTP/1.1 200 OK", *http]).encode() + b"\r\n\r\n"
    return record("response", [*about(number, url), "Content-Type: application/http; msgtype=response"], headers + block)


def warc():
    """Five records: what the archive is, a plain page, one in chunks and packed, one in Latin-1, a picture."""
    ferry, library, bridge = STORIES
    info = record(
        "warcinfo",
        ["WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>", "WARC-Date: 2026-03-02T06:00:00Z", "Content-Type: application/warc-fields"],
        b"software: tools/fixtures.py\r\n",
    )
    packed = chunked(member(page(library).encode()))
    latin = page(bridge, "x-user-defined").replace('<meta charset="x-user-defined">', "").encode("iso-8859-1")
    return [
        info,
        response(1, ferry["url"], ["Content-Type: text/html; charset=utf-8"], page(ferry).encode()),
        response(2, library["url"], ["Content-Type: text/html", "Transfer-Encoding: chunked", "Content-Encoding: gzip"], packed),
        response(3, bridge["url"], ["Content-Type: text/html; charset=iso-8859-1"], latin),
        response(4, "https://news.example/ferry.jpg", ["Content-Type: image/jpeg"], bytes(range(256))),
    ]


def wet():
    records = []
    for number, story in enumerate(STORIES):
        records.append(record("conversion", [*about(number, story["url"]), "Content-Type: text/plain"], text(story).encode()))
    return records


def rss():
    items = []
    for story in STORIES:
        items.append(
            "    <item>\n"
            f"      <title>{escape(story['title'])}</title>\n"
            f"      <link>{story['url']}</link>\n"
            f'      <guid isPermaLink="false">{story["id"]}</guid>\n'
            "      <pubDate>Mon, 02 Mar 2026 06:00:00 GMT</pubDate>\n"
            f"      <description>{escape(story['blocks'][0])}</description>\n"
            f"      <content:encoded><![CDATA[{body(story)}]]></content:encoded>\n"
            f'      <media:thumbnail url="https://news.example/{story["id"]}.jpg" width="80"/>\n'
            "    </item>\n"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<?xml-stylesheet href="/feed.xsl" type="text/xsl"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">\n  <channel>\n'
        "    <title>The Example &amp; Advertiser</title>\n    <link>https://news.example/</link>\n"
        "    <description>News from nowhere</description>\n    <language>en</language>\n    <!-- three stories -->\n"
        + "".join(items)
        + "  </channel>\n</rss>\n"
    )


def atom():
    entries = []
    for story in STORIES:
        entries.append(
            "  <entry>\n"
            f"    <id>tag:news.example,2026:{story['id']}</id>\n"
            f'    <title type="text">{escape(story["title"])}</title>\n'
            f'    <link rel="alternate" href="{story["url"]}"/>\n'
            "    <updated>2026-03-02T06:00:00Z</updated>\n    <author><name>Mara Lind</name></author>\n"
            f'    <content type="html">{escape(body(story))}</content>\n'
            "  </entry>\n"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        "  <id>https://news.example/</id>\n  <title>The Example</title>\n  <updated>2026-03-02T06:00:00Z</updated>\n" + "".join(entries) + "</feed>\n"
    )


def json_feed():
    items = []
    for story in STORIES:
        items.append({"id": story["id"], "url": story["url"], "title": story["title"], "content_html": body(story), "_example": {"shares": 1.50, "none": None}})
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "The Example", "home_page_url": "https://news.example/", "items": items}
    return json.dumps(feed, indent=2) + "\n"


def table():
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["nr", "id", "url", "text"])
    for number, story in enumerate(STORIES):
        writer.writerow([number, story["id"], story["url"], text(story)])
    return out.getvalue()


def json_lines():
    lines = [{"id": story["id"], "url": story["url"], "score": 0.5, "text": text(story)} for story in STORIES]
    lines[1] = {"id": STORIES[1]["id"], "url": STORIES[1]["url"], "html": page(STORIES[1])}
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def parquet(path):
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        print("no pyarrow: the Parquet file is left as it is")
        return
    data = pa.table(
        {
            "id": [story["id"] for story in STORIES],
            "url": [story["url"] for story in STORIES],
            "text": [text(story) for story in STORIES],
            "score": pa.array([0.5, None, 2.25], pa.float32()),
            "tags": pa.array([["sea"], [], ["roads", "trade"]], pa.list_(pa.string())),
            "day": pa.array([20514, 20515, 20516], pa.date32()),
        }
    )
    pq.write_table(data, path, compression="zstd", row_group_size=2)


def main():
    HERE.mkdir(parents=True, exist_ok=True)
    files = {
        "stories.jsonl": json_lines().encode(),
        "stories.jsonl.gz": member(json_lines().encode()),
        "stories.json": (json.dumps([{"id": s["id"], "text": text(s)} for s in STORIES], indent=1) + "\n").encode(),
        "stories.csv": table().encode(),
        "stories.rss": rss().encode(),
        "stories.atom": atom().encode(),
        "feed.json": json_feed().encode(),
        "pages.warc.gz": b"".join(member(part) for part in warc()),
        "texts.wet": b"".join(wet()),
        "folder/harbour/ferry.txt": text(STORIES[0]).encode(),
        "folder/library.html": page(STORIES[1]).encode(),
    }
    for name, data in files.items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print(f"{zlib.crc32(data):08x} {len(data):6} {name}")
    parquet(HERE / "stories.parquet")


if __name__ == "__main__":
    main()
