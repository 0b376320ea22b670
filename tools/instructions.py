#!/usr/bin/env python3
"""Counts the instructions that copydesk needs for each page of fixtures/html and compares them with those on record.

    python3 tools/instructions.py            print a table of the counts, beside those of docs/performance.md
    python3 tools/instructions.py --check    and fail where one has grown by more than 3 %
    python3 tools/instructions.py --write    put them on record

Times on a busy machine say little; counts hardly move from run to run. They depend on the compiler, on the processor's features that
valgrind shows, and on hash tables' random seeds, which is what the 3 % are for. Needs valgrind.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECORD = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- instructions: begin -->", "<!-- instructions: end -->"
STAGES = ["parse", "read", "clean", "text"]
TOLERANCE = 0.03
# Runs of a page whose difference is taken: the first ones let memory grow, and patterns see so much text that they are compiled.
FEW, MANY = 60, 64


def build():
    """The program that runs a stage: the release build without optimisation across packages, which takes long and changes little."""
    settings = {"CARGO_PROFILE_RELEASE_LTO": "off", "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16"}
    command = ["cargo", "build", "--release", "--bench", "instructions", "--message-format=json", "--manifest-path", str(ROOT / "Cargo.toml")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **settings})
    if done.returncode != 0:
        sys.exit("the bench cannot be built")
    messages = (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))
    programs = [m["executable"] for m in messages if m.get("target", {}).get("name") == "instructions" and m.get("executable")]
    return programs[-1]


def count(program, stage, page, times):
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", program, stage, str(page), str(times)]
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"valgrind failed on {page.name}, {stage}:\n{done.stderr}")
    return int(found[1].replace(",", ""))


def on_record():
    """Counts by page and stage, as docs/performance.md has them."""
    text = RECORD.read_text(encoding="utf-8")
    part = text[text.index(BEGIN) : text.index(END)]
    rows = re.findall(r"^\| (\w+) \| (\w+) \| [\d,]+ \| ([\d,]+) \|", part, re.M)
    return {(page, stage): int(number.replace(",", "")) for page, stage, number in rows}


def table(counts, sizes):
    lines = ["| page | stage | bytes | instructions | a byte |", "| --- | --- | ---: | ---: | ---: |"]
    for (page, stage), number in counts.items():
        lines.append(f"| {page} | {stage} | {sizes[page]:,} | {number:,} | {number / sizes[page]:.1f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail where a count has grown by more than 3 %%")
    parser.add_argument("--write", action="store_true", help="put the counts on record in docs/performance.md")
    args = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("valgrind is not installed")
    program = build()
    pages = sorted((ROOT / "fixtures" / "html").glob("*.html"))
    sizes = {page.stem: page.stat().st_size for page in pages}
    counts = {}
    for page in pages:
        for stage in STAGES:
            few, many = (count(program, stage, page, times) for times in (FEW, MANY))
            counts[page.stem, stage] = (many - few) // (MANY - FEW)
    print(table(counts, sizes))
    before = on_record()
    grown = []
    for key, number in counts.items():
        change = number / before[key] - 1 if before.get(key) else None
        if change is not None and abs(change) > 0.001:
            print(f"{key[0]}, {key[1]}: {change:+.1%} against the record", file=sys.stderr)
        if change is not None and change > TOLERANCE:
            grown.append(f"{key[0]}, {key[1]}")
    if args.write:
        text = RECORD.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN, 1)
        tail = rest.split(END, 1)[1]
        RECORD.write_text(f"{head}{BEGIN}\n{table(counts, sizes)}\n{END}{tail}", encoding="utf-8")
    elif args.check and (grown or not before):
        sys.exit(f"more instructions than on record: {', '.join(grown)}" if grown else "nothing is on record")


main()
