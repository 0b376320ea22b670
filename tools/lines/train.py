#!/usr/bin/env python3
"""Train the line score. Python 3.11+, numpy, catboost.

    train.py WORK TEXTS SET... [--labelled GOLD.jsonl...]

`TEXTS` are those of `extract.py`, `SET` the folders of its pages, with gold.json; `GOLD` are texts with a label a line. Writes model.bin and
record.json to `WORK`. The kind of a set goes by its folder's name, as in `tools/content/train.py`.

1. The lines that rules leave, and their columns, come from the program (`examples/line_columns.rs`), so that training and use can't differ.
2. A line is furniture if the true text of its page lacks it (`tools/content/labels.py`). Where a set has segments only, what the program
   makes of the page stands for the true text. Captions, headlines, bylines and dates are to stay, whether the true text has them or not.
3. Stories of our own (`stories.jsonl`), written to be taken for furniture, have nothing but story lines; each is read twice more as part
   of a long one, with furniture around it (`around.json`).
4. Trees five times with a fifth of the sites left out: what is reported is on sites the model has not seen. What rules took around a line
   may only raise its score, so that a text without it, once cleaned, has no more to give.
   Rows come twice, once with a quarter of the rules left out: on other sites rules know fewer of the phrases.
5. The same on everything, written as whole numbers.
"""
import argparse
import hashlib
import json
import random
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from catboost import CatBoost, Pool

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "content")]
import forest  # noqa: E402
import labels  # noqa: E402

FOLDS = 5
PARAMETERS = dict(loss_function="CrossEntropy", iterations=150, depth=5, learning_rate=0.18, l2_leaf_reg=10, border_count=48, rsm=0.3,
                  bootstrap_type="MVS", subsample=0.6, random_seed=1, verbose=0, allow_writing_files=False)
# What a line counts in training by where it is from, shared by the lines of a text, and by what it is.
OF_PAGE, OF_SEGMENTS, OF_STORY, OF_LABELLED = 1.5, 1.0, 4.0, 0.25
LONGER = 2  # times that a story of our own is part of a long one
# Each text counts twice: with all rules, and with so many left out, drawn anew for each text.
LEFT_OUT = {"": 0, " with rules left out": 0.25}
KINDS = {"furniture": 1.0, "story": 2.0, "meta": 3.0}
STORY = {"body", "headline", "subhead"}
META = {"byline", "dateline_timestamp", "caption", "alt_text", "photo_credit", "agency_credit"}
UNKNOWN = 0.5  # as a label: neither story nor furniture
CHANCES = (0.5, 0.6, 0.75, 0.8, 0.85, 0.9)


def columns(texts, out, left_out):
    """Runs the program over texts; returns them with their blocks, the scored ones and their rows, and the names of the columns."""
    return forest.rows("line_columns", texts, out, "columns.i16", "lines.jsonl", "scored", [str(left_out)])


def cleaned(folder, out):
    """What the program makes of the pages of a set, by their ids."""
    with open(folder / "input.jsonl", encoding="utf-8") as pages, open(out, "w", encoding="utf-8") as file:
        command = ["cargo", "run", "--release", "--quiet", "--", "clean", "--from", "jsonl", "--to", "jsonl"]
        subprocess.run(command, stdin=pages, stdout=file, check=True, cwd=forest.REPOSITORY)
    with open(out, encoding="utf-8") as file:
        return {record["id"]: record for record in map(json.loads, file)}


def runs(words):
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)} or {tuple(words)}


class Sample:
    """Rows to train on."""

    def __init__(self):
        self.rows, self.kinds, self.weights, self.sites, self.sets = [], [], [], [], []

    def add(self, row, kind, weight, site, name):
        self.rows.append(row)
        self.kinds.append(kind)
        self.weights.append(weight * KINDS[kind])
        self.sites.append(site)
        self.sets.append(name)


def weight(of, text):
    """A page of a thousand lines says hardly more than one of ten."""
    return of / max(len(text["scored"]), 8) ** 0.6


def far_from(told, most):
    """Whether each line stands more than so many lines from all that are told."""
    near = np.convolve(told, np.ones(2 * most + 1), "same") if len(told) > 2 * most else np.full(len(told), told.sum())
    return near < 0.5


def add_page(sample, text, gold, page, kind, site, name):
    """Labels the lines of a text by the true text of its page."""
    true = page.get("text") if kind == "trafeval" else gold.get("main_content" if kind == "wcxb" else "body_with_summary")
    true_words = labels.words(true or "")
    words = [labels.words(block) for block in text["blocks"]]
    there = {word for block in words for word in block}
    if len(true or "") < 200 or sum(word in there for word in true_words) < 0.6 * len(true_words):
        return
    label = labels.by_text(words, true, [""] * len(words))
    sure = np.zeros(len(words))
    labels.by_runs(words, true_words, sure)
    label[far_from(sure >= 0.6, 2) & (sure < 0.6) & (label > 0.7)] = UNKNOWN
    if kind == "trafeval":
        told = labels.by_segments(text["blocks"], gold["with"], gold["without"])
        label = np.where(np.isnan(told), label, told)
    captions = set()
    for caption in page.get("captions") or []:
        for field in ("text", "credit", "alt"):
            captions |= runs(labels.words(caption[field])) if caption.get(field) else set()
    title = set(labels.words(gold.get("title") or page.get("title") or ""))
    authors = gold.get("authors") or gold.get("author") or page.get("authors") or []
    authors = [set(labels.words(author)) for author in ([authors] if isinstance(authors, str) else authors) if isinstance(author, str)]
    astray = far_from(label > 0.7, 3)
    first = next((block for block, own in enumerate(words) if label[block] > 0.7 and len(own) >= 8), len(words))
    for block, row in zip(text["scored"], text["rows"]):
        own, share = words[block], label[block]
        is_caption = own and 2 * len(runs(own) & captions) >= len(runs(own))
        is_title = len(own) >= 3 and title and len(set(own) & title) >= 0.8 * len(set(own))
        names_author = any(author and author <= set(own) and len(own) <= len(author) + 6 for author in authors)
        is_date = len(own) <= 8 and sum(word.isdigit() for word in own) >= 2 and any(re.fullmatch(r"(19|20)\d\d", word) for word in own)
        if is_caption or is_title or names_author or is_date and share < 0.5:
            # Lists of other stories have writers and dates of their own, and the headline again.
            if astray[block] and block > first:
                continue
            kind_of_line = "meta"
        elif 0.3 <= share <= 0.7:
            continue
        else:
            kind_of_line = "furniture" if share < 0.3 else "story"
        sample.add(row, kind_of_line, weight(OF_SEGMENTS if kind == "trafeval" else OF_PAGE, text), site, name)


def add_labelled(sample, text, gold, name):
    """Labels the lines of a text by those that people gave them."""
    known = {re.sub(r"\s+", " ", line["text"]).strip(): line for line in gold["lines"]}
    for block, row in zip(text["scored"], text["rows"]):
        line = known.get(re.sub(r"\s+", " ", text["blocks"][block]).strip())
        if line and not line.get("unsure"):
            kind = "story" if line["label"] in STORY else "meta" if line["label"] in META else "furniture"
            sample.add(row, kind, OF_LABELLED, forest.site_of(gold["url_host"] or "unknown"), name)


def read_labelled(paths, out):
    """Writes labelled texts as input for the program; returns them by id."""
    found = {}
    with open(out, "w", encoding="utf-8") as file:
        for path in paths:
            for gold in map(json.loads, filter(str.strip, open(path, encoding="utf-8"))):
                found[gold["id"]] = gold
                text = "\n".join("\n" * int(line.get("blank_before", 0)) + line["text"] for line in gold["lines"])
                record = {"id": gold["id"], "lang": gold["lang"], "url_host": gold["url_host"], "text": text}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return found


def write_stories(out):
    """Writes our stories, and each more often as part of a long one: among paragraphs of others, with furniture around. Stories of our own are
    short, and trees would else take any short line of a long one for furniture."""
    around = json.loads((HERE / "around.json").read_text(encoding="utf-8"))
    stories = [json.loads(line) for line in open(HERE / "stories.jsonl", encoding="utf-8")]
    with open(out, "w", encoding="utf-8") as file:
        for story in stories:
            file.write(json.dumps(story, ensure_ascii=False) + "\n")
            for draw in map(random.Random, (f"{story['id']} {number}" for number in range(LONGER * (story["lang"] in around)))):
                longer = {**story, "text": longer_text(story, stories, around[story["lang"]], draw)}
                file.write(json.dumps(longer, ensure_ascii=False) + "\n")
    return out


def longer_text(story, stories, around, draw):
    """A story among paragraphs of others in its language, with some furniture above, beside and below."""
    known = {line for lines in around.values() for line in lines}
    others = [line for other in stories if other["lang"] == story["lang"] and other["id"] != story["id"] for line in other["text"].split("\n")]
    prose = sorted({line for line in others if len(line) > 80 and line.endswith(".")})
    own = [line for line in story["text"].split("\n") if line and line not in known]
    paragraphs = draw.sample(prose, min(len(prose), draw.randint(5, 25)))
    between = draw.randint(1, len(paragraphs)) if draw.random() < 0.4 else len(paragraphs)
    above, below = around["above"][: draw.randint(0, 4)], around["below"][: draw.randint(1, 6)]
    beside = around["beside"] if draw.random() < 0.5 else []
    gap, own_gap = draw.choice([("\n", "\n"), ("\n\n", "\n\n"), ("\n\n", "\n")])
    return gap.join(above + paragraphs[:between] + beside + [own_gap.join(own)] + paragraphs[between:] + below)


def report(chances, kinds):
    """Of the lines of each kind, how many have at least a chance."""
    return {f"{least}": {kind: int(((kinds == kind) & (chances >= least)).sum()) for kind in KINDS} for least in CHANCES}


def write(path, count, model):
    """Writes the model as `src/engine/score/mod.rs` reads it."""
    path.write_bytes(b"CDL1" + forest.trees(model, f"{path}.json", count))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--labelled", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    sample = Sample()

    golds = {folder.name: json.loads((folder / "gold.json").read_text(encoding="utf-8")) for folder in args.sets}
    pages = {folder.name: cleaned(folder, args.work / f"{folder.name}.jsonl") for folder in args.sets}
    with open(args.texts, encoding="utf-8") as file:
        hosts = {record["id"]: record["url_host"] for record in map(json.loads, file)}
    labelled = args.work / "labelled.jsonl"
    known = read_labelled(args.labelled, labelled)
    for text in columns(write_stories(args.work / "stories.jsonl"), args.work / "stories", 0)[0]:
        for row in text["rows"]:
            sample.add(row, "story", weight(OF_STORY, text), f"story {text['id']}", "stories")
    for part, left_out in LEFT_OUT.items():
        texts, names = columns(args.texts, args.work / "texts", left_out)
        for text in texts:
            kind, _, rest = text["id"].partition("/")
            page, site = rest.rpartition("/")[0], forest.site_of(hosts[text["id"]] or "unknown")
            add_page(sample, text, golds[kind][page], pages[kind].get(page, {}), kind, site, "pages" + part)
        for text in columns(labelled, args.work / "labelled", left_out)[0]:
            add_labelled(sample, text, known[text["id"]], "labelled" + part)

    rows, kinds, sets = np.array(sample.rows), np.array(sample.kinds), np.array(sample.sets)
    weights, sites = np.array(sample.weights), np.array(sample.sites)
    fold = np.array([int(hashlib.md5(site.encode()).hexdigest(), 16) % FOLDS for site in sample.sites])
    rising = [int(name.startswith("taken")) for name in names]

    def trees(used):
        model = CatBoost(PARAMETERS | dict(monotone_constraints=rising))
        model.fit(Pool(rows[used], kinds[used] == "furniture", weight=weights[used]))
        return model

    def chances(model, used):
        return model.predict(rows[used], prediction_type="Probability")[:, 1]

    unseen = np.zeros(len(rows))
    for left_out in range(FOLDS):
        unseen[fold == left_out] = chances(trees(fold != left_out), fold == left_out)
    figures = {name: report(unseen[sets == name], kinds[sets == name]) for name in sorted(set(sets))}
    labelled = np.char.startswith(sets, "labelled")
    if args.labelled:
        model = trees(~labelled & ~np.isin(sites, sites[labelled]))
        for name in sorted(set(sets[labelled])):
            figures[f"{name}, trained on pages of other sites alone"] = report(chances(model, sets == name), kinds[sets == name])
    model = trees(np.ones(len(rows), bool))
    write(args.work / "model.bin", len(names), model)
    used = sorted(zip(model.get_feature_importance().round(2).tolist(), names), reverse=True)
    lines = {name: {kind: int(((sets == name) & (kinds == kind)).sum()) for kind in KINDS} for name in sorted(set(sets))}
    record = dict(lines=lines, at_least=figures, texts=len(texts), sites=len(set(sites[sets == "pages"])), parameters=PARAMETERS,
                  importance={name: share for share, name in used if share})
    (args.work / "record.json").write_text(json.dumps(record, indent=1))
    print(json.dumps(dict(lines=lines, at_least=figures), indent=1))


if __name__ == "__main__":
    main()
