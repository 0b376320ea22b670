#!/usr/bin/env python3
"""Takes one WARC through copydesk, resiliparse and trafilatura, one after the other, and prints how long each took.

    pip install resiliparse trafilatura
    python3 tools/warc_peers.py target/release/copydesk pages.warc.gz [rounds]

Each reads the archive by itself, on one processor (where the system lets a process be tied to one), takes the text of every page and
drops it. MB are those of the pages, unpacked. The best of some rounds counts, as others may use the machine.
"""

import os
import subprocess
import sys
import time

READ = """
import sys
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from fastwarc.warc import ArchiveIterator, WarcRecordType
pages = total = 0
for record in ArchiveIterator(open(sys.argv[1], "rb"), record_types=WarcRecordType.response):
    body = record.reader.read()
    pages, total = pages + 1, total + len(body)
    page = bytes_to_str(body, record.http_charset or detect_encoding(body))
    {extract}
print(pages, total)
"""
RESILIPARSE = "from resiliparse.extract.html2text import extract_plain_text\n" + READ.replace("{extract}", "extract_plain_text(page, main_content=True)")
TRAFILATURA = "import trafilatura\n" + READ.replace("{extract}", "trafilatura.extract(page)")


def tied():
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def timed(command):
    began = os.times()
    wall = time.monotonic()
    result = subprocess.run(command, capture_output=True, text=True, preexec_fn=tied, check=True)
    ended = os.times()
    used = ended.children_user + ended.children_system - began.children_user - began.children_system
    return time.monotonic() - wall, used, result.stdout


def main():
    program, archive = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    commands = {
        "copydesk": [program, "clean", "-j1", "--to", "text", archive],
        "resiliparse": [sys.executable, "-c", RESILIPARSE, archive],
        "trafilatura": [sys.executable, "-c", TRAFILATURA, archive],
    }
    best, pages, total = {}, 0, 0
    for _ in range(rounds):
        for name, command in commands.items():
            wall, used, out = timed(command)
            if name == "resiliparse":
                pages, total = map(int, out.split())
            best[name] = min(best.get(name, (wall, used)), (wall, used), key=lambda times: times[1])
    print(f"{pages} pages, {total / 1e6:.1f} MB")
    for name, (wall, used) in best.items():
        print(f"{name:12} {wall:8.2f} s, {used:8.2f} s of processor, {total / used / 1e6:8.1f} MB/s")


if __name__ == "__main__":
    main()
