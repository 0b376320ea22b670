#!/usr/bin/env python3
"""Figures of a labelled set by site and by language, and their means over sites.

A few sites with long menus can rule a figure that counts lines. Here every site counts the same.

    tools/sites.py TARGET/copydesk GOLD.jsonl... [--lines] [--worst N] [-- OPTION...]

A gold file has one document a line: `{id, url_host, lang, lines: [{text, label, blank_before?, unsure?}]}`. Labels `body`, `headline` and
`subhead` are the story; captions, bylines, credits and dates may stay or go; everything else ought to go. With `--lines` the file is one of
pages cut into lines instead, `{id, host, lines: [[text, is_story, kind, ...], ...]}`. What follows `--` is given to `copydesk clean`.
"""

import argparse
import collections
import json
import re
import subprocess
import sys
import tempfile

STORY = {"body", "headline", "subhead"}
EITHER = {"byline", "dateline_timestamp", "caption", "alt_text", "photo_credit", "agency_credit"}
# Words of a line of pages that count as story when it is lost; shorter ones are mostly names and labels.
STORY_WORDS = 10
# A line of the story is gone when fewer than half of its runs of so many words are kept: captions come back with brackets and credits
# around them, and a marker may have been cut out of a line.
RUN = 4


def site_of(host):
    """The host without `www`: subdomains are often papers of their own."""
    return re.sub(r"^www\.", "", host or "unknown")


def gold_documents(paths, as_lines):
    """Documents as `(id, site, language, [(text, kind)], source text)`; kind is "story", "furniture" or None."""
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for record in map(json.loads, filter(str.strip, file)):
                if as_lines:
                    lines = [(line[0], "story" if line[1] else None if line[2] == "Caption" else "furniture") for line in record["lines"]]
                    text = "\n".join(line[0] for line in record["lines"])
                    yield record["id"], site_of(record["host"]), "any", lines, text
                    continue
                lines, text = [], []
                for line in record["lines"]:
                    text.append("\n" * int(line.get("blank_before", 0)) + line["text"])
                    label = line["label"]
                    kind = "story" if label in STORY else None if label in EITHER else "furniture"
                    lines.append((line["text"], None if line.get("unsure") else kind))
                yield record["id"], site_of(record.get("url_host")), record["lang"], lines, "\n".join(text)


def cleaned(program, documents, options):
    """The lines that each document keeps."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for name, site, lang, _, text in documents:
            record = {"id": name, "url_host": site, "text": text}
            if lang != "any":
                record["lang"] = lang
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
        file.flush()
        command = [program, "clean", "--from", "jsonl", "--to", "jsonl", "--captions", "end", *options, file.name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {record["id"]: key_set(record["text"]) for record in map(json.loads, done.stdout.splitlines())}


def key(text):
    """A line as it is compared: its words."""
    return " ".join(re.findall(r"\w+", text.lower())) or text.strip()


def key_set(text):
    return {key(line) for line in text.split("\n") if line.strip()}


def runs(text):
    """The runs of four words of a text; its words run together if it is shorter."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1))}


def count(documents, kept, as_lines):
    """Counts by site and by language."""
    by_site, by_lang = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for name, site, lang, lines, _ in documents:
        tally = collections.Counter()
        kept_runs = set().union(*(runs(line) for line in kept[name])) if kept[name] else set()
        for text, kind in lines:
            if kind is None:
                continue
            gone = key(text) not in kept[name]
            if kind == "story" and gone:
                own = runs(text)
                gone = 2 * len(own & kept_runs) < len(own)
            if kind == "story" and as_lines and len(text.split()) < STORY_WORDS:
                continue
            tally[kind] += 1
            tally[kind + " gone"] += gone
            if kind == "story":
                tally["chars"] += len(text)
                tally["chars gone"] += len(text) * gone
        by_site[site].update(tally)
        by_lang[lang].update(tally)
    return by_site, by_lang


def share(part, whole):
    return 100 * part / whole if whole else None


def show(value):
    return "    –" if value is None else f"{value:5.1f}"


def row(name, tally):
    precision = share(tally["furniture gone"], tally["furniture gone"] + tally["story gone"])
    recall = share(tally["furniture gone"], tally["furniture"])
    lost = share(tally["chars gone"], tally["chars"]) or 0
    return f"{name[:40]:<40} {show(precision)} {show(recall)} {lost:6.2f} {tally['furniture']:6} {tally['story']:6}"


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("gold", nargs="+")
    parser.add_argument("--lines", action="store_true", help="pages cut into lines instead of labelled articles")
    parser.add_argument("--worst", type=int, default=10, help="sites to show, those with most furniture left first")
    given = sys.argv[1:]
    end = given.index("--") if "--" in given else len(given)
    args, options = parser.parse_args(given[:end]), given[end + 1 :]
    documents = list(gold_documents(args.gold, args.lines))
    kept = cleaned(args.program, documents, options)
    by_site, by_lang = count(documents, kept, args.lines)
    print(f"{'':<40} prec.  rec.  lost%  furn.  story")
    for lang, tally in sorted(by_lang.items(), key=lambda item: -item[1]["furniture"]):
        print(row(f"language {lang}", tally))
    worst = sorted(by_site.items(), key=lambda item: item[1]["furniture gone"] - item[1]["furniture"])
    for site, tally in worst[: args.worst]:
        print(row(site, tally))
    print(row("all lines", sum(by_site.values(), collections.Counter())))
    sites = by_site.values()
    recall = mean(share(tally["furniture gone"], tally["furniture"]) for tally in sites)
    lost = mean(share(tally["chars gone"], tally["chars"]) for tally in sites)
    hurt = sum(tally["story gone"] > 0 for tally in sites)
    print(f"mean over {len(by_site)} sites: recall {recall:.1f} %, story lost {lost:.3f} %; sites with a story line gone: {hurt}")


if __name__ == "__main__":
    main()
