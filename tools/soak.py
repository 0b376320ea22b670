#!/usr/bin/env python3
"""Sends many made-up records through `copydesk clean` and watches its memory.

    python3 tools/soak.py target/release/copydesk 10000000

Prints a line every million records: records sent, seconds, MB/s of JSON Lines, resident memory in MB. Memory is read from /proc, so
this runs on Linux. All records must come back, in order.
"""

import pathlib
import subprocess
import sys
import threading
import time

SENTENCES = [
    "The council voted on Friday to keep the old pier open until the end of the season.",
    "Divers had found more damage below the water line than the harbour office expected.",
    "Two of the nine members were against it, and one was not there.",
    "The numbers are those of a wet spring, the mayor said, and prove nothing.",
    "Nobody was hurt, but the road stayed closed until the evening.",
]
JUNK = ["Advertisement", "Sign up for our newsletter", "Follow us on Facebook and Twitter", "Story continues below advertisement"]


def record(number):
    lines = [f"Report number {number} from the harbour"]
    for step in range(6):
        lines.append(f"{SENTENCES[(number + step) % 5]} {SENTENCES[(number * 3 + step) % 5]} This is part {step} of {number}.")
    lines.insert(1 + number % 5, JUNK[number % 4])
    text = "\\n\\n".join(lines)
    return f'{{"id":{number},"url":"https://site{number % 5000}.example/{number}","text":"{text}"}}\n'


def memory(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def check(out, result):
    """Reads what comes back and counts what is not in its place."""
    count = wrong = 0
    for line in out:
        if f'"id":{count},'.encode() not in line[:80]:
            wrong += 1
        count += 1
    result.extend([count, wrong])


def main():
    program, total = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    options = sys.argv[3:]
    process = subprocess.Popen([program, "clean", "--from", "jsonl", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    result = []
    reader = threading.Thread(target=check, args=(process.stdout, result))
    reader.start()
    began, sent, peak = time.monotonic(), 0, 0.0
    step = max(1, total // 10)
    for first in range(0, total, 1000):
        block = "".join(record(number) for number in range(first, min(first + 1000, total))).encode()
        process.stdin.write(block)
        sent += len(block)
        done = min(first + 1000, total)
        if done % step < 1000:
            now = memory(process)
            peak = max(peak, now)
            seconds = time.monotonic() - began
            print(f"{done:>10} records  {seconds:8.1f} s  {sent / seconds / 1e6:6.1f} MB/s  {now:6.1f} MB", flush=True)
    process.stdin.close()
    reader.join()
    code = process.wait()
    count, wrong = result
    print(f"{count} came back, {wrong} not in their place; exit code {code}; at most {peak:.1f} MB at the times above")
    sys.exit(0 if (count, wrong, code) == (total, 0, 0) else 1)


if __name__ == "__main__":
    main()
