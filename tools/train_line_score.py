#!/usr/bin/env python3
"""Train the line score (src/engine/score.rs) on the labelled plain-text set.

    cargo run --release --example line_features < input.jsonl > features.jsonl
    python3 tools/train_line_score.py SHARED features.jsonl [--out src/engine/score.model]

SHARED is the folder with data/text-gold/*.jsonl and bench/text_score.py; input.jsonl is what the scorer's --write-input
writes. Needs numpy and scikit-learn (the versions used stand in the model file). Sites are kept together in cross-validation;
the figures printed are those of lines of sites that the trees have not seen. The model is integers only, so it gives the same
bits everywhere; features about claimed furniture (the last MONOTONE ones) may only raise the score.
"""
import argparse
import glob
import importlib.util
import json
import os
import re

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

MONOTONE = 7
SCALE = 1000  # leaf values are stored in thousandths
SETTINGS = dict(max_iter=90, learning_rate=0.08, max_leaf_nodes=8, min_samples_leaf=12, l2_regularization=3.0, random_state=7,
                early_stopping=False)


def load(shared, features):
    spec = importlib.util.spec_from_file_location("text_score", os.path.join(shared, "bench", "text_score.py"))
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    gold = {d["id"]: d for d in scorer.read_jsonl(sorted(glob.glob(os.path.join(shared, "data", "text-gold", "*.jsonl"))))}
    labels, sites = {}, {}
    for doc in gold.values():
        at = 0
        for number, line in enumerate(doc["lines"]):
            at += len(("\n" * int(line.get("blank_before", 0))).encode()) + (1 if number else 0)
            raw = line["text"].encode()
            lead = len(raw) - len(raw.lstrip())
            labels[doc["id"], at + lead] = line
            at += len(raw)
        sites[doc["id"]] = doc.get("site") or doc["url_host"]
    x, y, groups, texts = [], [], [], []
    for row in map(json.loads, open(features, encoding="utf-8")):
        line = labels.get((row["id"], row["span"][0]))
        if line is None or line.get("unsure"):
            continue
        x.append(row["features"])
        y.append(int(line["label"] in scorer.REMOVABLE))
        groups.append(sites[row["id"]])
        texts.append((row["id"], line["label"], line["text"]))
    return np.array(x, dtype=float), np.array(y), np.array(groups), texts


def model(columns):
    constraint = [0] * (columns - MONOTONE) + [1] * MONOTONE
    return HistGradientBoostingClassifier(monotonic_cst=constraint, **SETTINGS)


def cross_validate(x, y, groups, texts, show):
    chance = np.zeros(len(y))
    for train, test in GroupKFold(n_splits=10).split(x, y, groups):
        chance[test] = model(x.shape[1]).fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    print(f"lines {len(y)}, furniture {int(y.sum())}, sites {len(set(groups))}; on unseen sites:")
    for least in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97):
        taken = chance >= least
        right = int((taken & (y == 1)).sum())
        print(f"  score >= {least:.2f}: {right} of {int(y.sum())} found, {int(taken.sum()) - right} wrongly")
    if show:
        for at in np.argsort(-chance):
            if y[at] == 0 and chance[at] >= show:
                print(f"  {chance[at]:.2f} {texts[at]}")


def export(fitted, path, x, y, groups):
    lines = [
        "# Line score: gradient-boosted trees over the integer features of src/engine/score.rs.",
        f"# Trained by tools/train_line_score.py (scikit-learn {sklearn.__version__}) on {len(y)} lines of {len(set(groups))} sites, {int(y.sum())} of them furniture.",
        "# bias B; then for each tree `t` and its nodes: `f FEATURE THRESHOLD LEFT RIGHT` (value <= threshold goes left) or `l VALUE`. Thousandths of log-odds.",
        f"bias {round(float(fitted._baseline_prediction.ravel()[0]) * SCALE)}",
    ]
    for (tree,) in fitted._predictors:
        lines.append("t")
        for node in tree.nodes:
            if node["is_leaf"]:
                lines.append(f"l {round(float(node['value']) * SCALE)}")
            else:
                lines.append(f"f {node['feature_idx']} {int(np.floor(node['num_threshold']))} {node['left']} {node['right']}")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    print(f"wrote {path}: {len(fitted._predictors)} trees, {os.path.getsize(path)} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared")
    parser.add_argument("features")
    parser.add_argument("--out")
    parser.add_argument("--show", type=float, help="print wrongly found lines with at least this score")
    args = parser.parse_args()
    x, y, groups, texts = load(args.shared, args.features)
    cross_validate(x, y, groups, texts, args.show)
    if args.out:
        export(model(x.shape[1]).fit(x, y), args.out, x, y, groups)


if __name__ == "__main__":
    main()
