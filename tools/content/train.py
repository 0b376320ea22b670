#!/usr/bin/env python3
"""Train the model of the main content. Python 3.11+, numpy, scipy, catboost.

    train.py WORK SET...      # folders with input.jsonl ({id, url, html} a line) and gold.json; writes model.bin and record.json to WORK

A set's kind goes by its folder's name: `wcxb` has the true text (main_content), `fundus` body_with_summary, `trafeval` segments.

1. Blocks and their numbers come from the program itself (`examples/content_features.rs`), so that training and use can't differ.
2. Weights of class names: a logistic regression over the names around a block, for names that several sites use.
3. Trees over the numbers, five times with a fifth of the sites left out: what is reported is on sites the model has not seen. The
   weights that a training page is given are from a regression that has not seen its site either.
4. The same on everything, written as whole numbers.
"""
import hashlib
import json
import re
import struct
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from catboost import CatBoost, Pool
from scipy.optimize import minimize

import labels

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import forest  # noqa: E402

FOLDS = 5
SITES = 8  # a class name counts if this many sites have it
LEAST = 0.25  # as in `src/html/content/decide.rs`
TOKEN_UNIT = 32
PARAMETERS = dict(loss_function="CrossEntropy", iterations=220, depth=6, learning_rate=0.15, l2_leaf_reg=6, border_count=48, rsm=0.25,
                  bootstrap_type="MVS", subsample=0.6, random_seed=1, verbose=0, allow_writing_files=False)


def features(folder, out, weights=None):
    """Runs the program over a set; returns its pages, with their numbers as rows, and the names of the numbers."""
    options = [str(weights)] if weights else []
    return forest.rows("content_features", folder / "input.jsonl", out, "features.i16", "pages.jsonl", "blocks", options)


def site(page):
    host = re.match(r"https?://([^/:]+)", page["url"] or "")
    return forest.site_of(host.group(1) if host else page["id"])


def label(page, gold, kind):
    page["kind"], page["gold"] = kind, gold
    page["words"] = [labels.words(block[0]) for block in page["blocks"]]
    page["count"] = np.array([len(words) for words in page["words"]], float)
    if kind == "trafeval":
        page["labels"] = labels.by_segments([block[0] for block in page["blocks"]], gold["with"], gold["without"])
        known = ~np.isnan(page["labels"])
        weight = np.where(known, 6 + np.minimum(page["count"], 30), 0)
        page["weights"] = weight / max(weight.sum(), 1) * 0.5 * min(1, known.sum() / 4)
    else:
        text = gold["main_content" if kind == "wcxb" else "body_with_summary"]
        page["labels"] = labels.by_text(page["words"], text, [block[2] for block in page["blocks"]])
        # The measure is a mean over pages of shared words, so a word weighs the more the fewer there are.
        wanted = (page["count"] * page["labels"]).sum()
        page["weights"] = (page["count"] + 0.7) / (wanted + 0.35 * page["count"].sum() + 30)
    page["fold"] = int(hashlib.md5(site(page).encode()).hexdigest(), 16) % FOLDS


def names_around(page, vocabulary):
    """For each block, how often each known class name stands around it."""
    boxes, inside = [], np.zeros(len(page["blocks"]), int)
    for index, (parent, first, end, tag, tokens) in enumerate(page["boxes"]):
        counts = Counter(boxes[parent]) if index else Counter()
        if tag not in ("html", "body"):
            counts.update(vocabulary[token] for token, _ in tokens if token in vocabulary)
        boxes.append(counts)
        inside[first:end] = index
    return [boxes[index] for index in inside]


def regression(matrix, target, weight, penalty=3e-5):
    weight = weight / weight.sum()

    def loss(at):
        chance = 1 / (1 + np.exp(-np.clip(matrix @ at[:-1] + at[-1], -30, 30)))
        error = -(weight * (target * np.log(chance + 1e-12) + (1 - target) * np.log(1 - chance + 1e-12))).sum()
        slope = weight * (chance - target)
        return error + penalty * (at[:-1] ** 2).sum(), np.append(matrix.T @ slope + 2 * penalty * at[:-1], slope.sum())

    return minimize(loss, np.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B", options=dict(maxiter=60)).x[:-1]


def token_weights(pages, fold, rows):
    """Weights of class names, one list for each fold left out and one from everything; for names that enough sites have."""
    sites = defaultdict(set)
    for page in pages:
        for *_, tag, tokens in page["boxes"]:
            if tag not in ("html", "body"):
                for token, _ in tokens:
                    sites[token].add(site(page))
    known = sorted(token for token, its_sites in sites.items() if len(its_sites) >= SITES)
    vocabulary = {token: index for index, token in enumerate(known)}
    data, indices, ends = [], [], [0]
    for page in pages:
        for counts in names_around(page, vocabulary):
            indices.extend(counts.keys())
            data.extend(counts.values())
            ends.append(len(indices))
    matrix = sparse.csr_matrix((np.array(data, np.float32), np.array(indices, np.int32), np.array(ends)), (len(ends) - 1, len(known)))
    lists = []
    for left_out in [*range(FOLDS), None]:
        used = rows["keep"] & (fold != left_out if left_out is not None else True)
        weights = np.clip(np.round(regression(matrix[used], rows["label"][used], rows["weight"][used]) * TOKEN_UNIT), -127, 127)
        lists.append([(token, int(weight)) for token, weight in zip(known, weights) if weight])
    return lists


def sample(label, weight, share=0.8):
    """Leaves out most of the many rows that weigh next to nothing, and lets the rest of them weigh more."""
    known = (weight > 0) & ~np.isnan(label)
    least = np.quantile(weight[known], share)
    keep = known & (np.random.default_rng(1).random(len(weight)) < weight / least)
    return dict(keep=keep, label=label, weight=np.maximum(weight, least))


def choose(page, chance):
    """What the program's `decide` does: the best text by the chances, each text once; none that is expected to score below `LEAST`."""
    if not len(chance):
        return np.zeros(0, bool)
    chance = np.where([block[1] == "Caption" for block in page["blocks"]], 0, chance)
    order = np.argsort(-chance, kind="stable")
    shared, taken = np.cumsum((chance * page["count"])[order]), np.cumsum(page["count"][order])
    expected = 2 * shared / (taken + shared[-1] + 1e-9)
    best = np.argmax(expected)
    if expected[best] < LEAST:
        return np.zeros(len(chance), bool)
    kept = chance >= chance[order[best]]
    copies = {}
    for block in np.flatnonzero(kept):
        key = tuple(page["words"][block])
        if len(key) >= 6:
            before = copies.setdefault(key, block)
            if before != block:
                lesser = before if chance[block] > chance[before] else block
                kept[lesser] = False
                copies[key] = block if lesser == before else before
    return kept


def word_f1(got, true):
    got, true = Counter(got), Counter(labels.words(true))
    total = sum(got.values()) + sum(true.values())
    return 2 * sum((got & true).values()) / total if got and true else float(not got and not true)


def report(pages, chances):
    """The figures of `html_score.py`, from chances by page."""
    scores, segments = defaultdict(list), Counter()
    for page, chance in zip(pages, chances):
        kept = np.flatnonzero(choose(page, chance))
        gold = page["gold"]
        if page["kind"] == "trafeval":
            text = labels.squeeze(" ".join(page["blocks"][block][0] for block in kept))
            found = sum(labels.squeeze(segment) in text for segment in gold["with"])
            segments.update(tp=found, fn=len(gold["with"]) - found, fp=sum(labels.squeeze(segment) in text for segment in gold["without"]))
            continue
        got = [word for block in kept for word in page["words"][block]]
        score = max(word_f1(got, gold[key]) for key in ("main_content", "body", "body_with_summary") if key in gold)
        scores[page["kind"]].append(score)
        if page["kind"] == "wcxb":
            scores["wcxb " + gold["page_type"]].append(score)
    figures = {kind: round(float(np.mean(score)), 4) for kind, score in sorted(scores.items())}
    if segments:
        figures["trafeval"] = round(2 * segments["tp"] / (2 * segments["tp"] + segments["fp"] + segments["fn"]), 4)
    return figures


def write(path, tokens, columns, model):
    """Writes the model as `src/html/content/model.rs` reads it."""
    out = bytearray(b"CDM2") + struct.pack("<I", len(tokens))
    for token, weight in sorted(tokens):
        out += struct.pack("<Ih", token, weight)
    out += forest.trees(model, f"{path}.json", columns)
    path.write_bytes(out)


def main():
    work, folders = Path(sys.argv[1]).resolve(), [Path(folder).resolve() for folder in sys.argv[2:]]
    pages = []
    for folder in folders:
        gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
        for page in features(folder, work / folder.name)[0]:
            label(page, gold[page["id"]], folder.name)
            pages.append(page)
    fold = np.concatenate([np.full(len(page["blocks"]), page["fold"]) for page in pages])
    rows = sample(np.concatenate([page["labels"] for page in pages]), np.concatenate([page["weights"] for page in pages]))
    lists = token_weights(pages, fold, rows)
    weights = work / "weights.json"
    weights.write_text(json.dumps([lists, {page["id"]: page["fold"] for page in pages}]))
    both = [features(folder, work / folder.name, weights) for folder in folders]
    names = both[0][1]
    matrix = np.concatenate([page["rows"] for seen, _ in both for page in seen])

    def trees(used):
        model = CatBoost(PARAMETERS)
        model.fit(Pool(matrix[used], rows["label"][used], weight=rows["weight"][used] * 1000))
        return model

    score = np.zeros(len(fold))
    for left_out in range(FOLDS):
        score[fold == left_out] = trees(rows["keep"] & (fold != left_out)).predict(matrix[fold == left_out])
    ends = np.cumsum([len(page["blocks"]) for page in pages])[:-1]
    figures = report(pages, np.split(1 / (1 + np.exp(-score)), ends))
    model = trees(rows["keep"])
    write(work / "model.bin", lists[-1], len(names), model)
    used = sorted(zip(model.get_feature_importance().round(2).tolist(), names), reverse=True)
    record = dict(figures=figures, pages=len(pages), sites=len(set(map(site, pages))), blocks=len(fold), rows=int(rows["keep"].sum()),
                  tokens=len(lists[-1]), parameters=PARAMETERS, importance={name: share for share, name in used if share})
    (work / "record.json").write_text(json.dumps(record, indent=1))
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
