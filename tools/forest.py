"""What the training of both models shares: rows from the program, sites, and trees as `src/forest.rs` reads them."""
import json
import math
import struct
import subprocess
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
SCORE_UNIT = 1024


def rows(example, source, out, columns, records, parts, options=()):
    """Runs an example of the program over a file. It writes the names of the columns, the rows to the file `columns`, and to `records` what they
    are of, each with a list `parts` of as long as it has rows. Returns the records, with their rows, and the names."""
    command = ["cargo", "run", "--release", "--quiet", "--example", example, "--", str(out), *options]
    with open(source, encoding="utf-8") as file:
        subprocess.run(command, stdin=file, check=True, cwd=REPOSITORY)
    names = (out / "names.txt").read_text().split("\n")
    table = np.fromfile(out / columns, dtype="<i2").reshape(-1, len(names))
    found, start = [], 0
    with open(out / records, encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            record["rows"] = table[start : start + len(record[parts])]
            start += len(record[parts])
            found.append(record)
    return found, names


def site_of(host):
    """The part of a host that somebody registered, near enough."""
    parts = host.lower().split(".")
    return ".".join(parts[-3 if len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3 else -2 :])


def trees(model, path, columns):
    """The trees of a model and its table of chances, as bytes; `path` is for what CatBoost writes on the way."""
    model.save_model(str(path), format="json")
    written = json.loads(Path(path).read_text())
    column = [feature["flat_feature_index"] for feature in written["features_info"]["float_features"]]
    scale, (bias,) = written["scale_and_bias"]
    out = bytearray(struct.pack("<HHi", columns, len(written["oblivious_trees"]), round(bias * SCORE_UNIT)))
    for tree in written["oblivious_trees"]:
        out += struct.pack("<B", len(tree["splits"]))
        for split in tree["splits"]:
            out += struct.pack("<Hh", column[split["float_feature_index"]], clip(math.floor(split["border"])))
        for leaf in tree["leaf_values"]:
            out += struct.pack("<h", clip(round(leaf * scale * SCORE_UNIT)))
    for step in range(257):
        out += struct.pack("<H", min(65535, round(65536 / (1 + math.exp(8 - step / 16)))))
    return out


def clip(number):
    return max(-32768, min(32767, number))
