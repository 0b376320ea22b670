#!/usr/bin/env python3
"""Runs copydesk side by side with other parsers and extractors over the same pages and prints a Markdown table.

    python3 tools/peers.py                          the pages of fixtures/html, over and over
    python3 tools/peers.py pages.jsonl [more.jsonl] pages of one's own: a JSON object {"id", "url", "html"} a line

The others are installed from their registries into a folder outside of the checkout (`--folder`, kept for the next run): Python's
into a virtual environment, Rust's into a small Cargo project that builds copydesk too. Contenders take turns, `--rounds` times; each
run is a process of its own on one thread that first reads all pages, works on them once (`--warm`), and then prints the processor
time that it takes for all of them. So what else the machine does hardly shows, and the ratios less than the rest. The median counts.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent

# trafilatura needs lxml_html_clean, which newer releases of lxml no longer bring.
PYTHON_PACKAGES = ["resiliparse", "lxml_html_clean", "trafilatura", "turbohtml"]
RUST_PACKAGES = {"scraper": "0.29", "dom_smoothie": "0.19", "rs-trafilatura": "0.2", "serde_json": "1", "cpu-time": "1"}

# Who runs: name in the table, package, what it does, command (`rust` or `python`, and the name there). The second is the measure.
CONTENDERS = [
    ("copydesk, parse", "copydesk", "a tree", ("rust", "copydesk-parse")),
    ("copydesk, all", "copydesk", "decodes, parses, cleans with all packs", ("rust", "copydesk-clean")),
    ("copydesk, all, specification parser", "copydesk", "the same on html5ever", ("rust", "copydesk-spec")),
    ("turbohtml, parse", "turbohtml", "a tree", ("python", "turbohtml-parse")),
    ("turbohtml, article", "turbohtml", "parses, main text and metadata", ("python", "turbohtml-article")),
    ("resiliparse, parse", "Resiliparse", "a tree", ("python", "resiliparse-parse")),
    ("resiliparse, main content", "Resiliparse", "parses, main text", ("python", "resiliparse-main")),
    ("scraper, parse", "scraper", "a tree", ("rust", "scraper")),
    ("dom_smoothie", "dom_smoothie", "parses, main content and metadata", ("rust", "dom_smoothie")),
    ("rs-trafilatura", "rs-trafilatura", "parses, main text and metadata", ("rust", "rs-trafilatura")),
    ("trafilatura", "trafilatura", "parses, main text", ("python", "trafilatura")),
]
MEASURE = "copydesk, all"

MAIN_RS = r'''
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use copydesk::html::{PageReader, Parser, charset};
use copydesk::{Engine, Scratch};

/// Works on all pages; returns the processor time, the bytes that came out, and how many pages failed.
fn run(pages: &[String], mut work: impl FnMut(&str) -> Option<usize>) -> (Duration, usize, usize) {
    let (mut bytes, mut failed) = (0, 0);
    let start = cpu_time::ProcessTime::now();
    for page in pages {
        match catch_unwind(AssertUnwindSafe(|| work(page))) {
            Ok(Some(length)) => bytes += length,
            _ => failed += 1,
        }
    }
    (start.elapsed(), bytes, failed)
}

fn cleaner(by_specification: bool) -> impl FnMut(&str) -> Option<usize> {
    let engine = Engine::builder().names_outside(false).build().expect("the built-in rules are well formed");
    let (mut reader, mut scratch) = (PageReader::default().by_specification(by_specification), Scratch::default());
    move |page| {
        let decoded = charset::decode(page.as_bytes(), None);
        let document = reader.read(&decoded.text, None).ok()?;
        let article = engine.clean_with(&document, &mut scratch);
        Some(article.text.len())
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let lines = std::fs::read_to_string(&args[2]).expect("the pages can be read");
    let pages: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("it is JSON")["html"].as_str().unwrap_or_default().to_owned())
        .collect();
    let warm: usize = args[3].parse().expect("a number");
    std::panic::set_hook(Box::new(|_| {}));
    let mut parser = Parser::default();
    let mut work: Box<dyn FnMut(&str) -> Option<usize>> = match args[1].as_str() {
        "copydesk-parse" => Box::new(move |page| {
            let tree = parser.parse(page).ok()?;
            let nodes = tree.len();
            parser.recycle(tree);
            Some(nodes)
        }),
        "copydesk-clean" => Box::new(cleaner(false)),
        "copydesk-spec" => Box::new(cleaner(true)),
        "scraper" => Box::new(|page| Some(scraper::Html::parse_document(page).tree.nodes().count())),
        "dom_smoothie" => Box::new(|page| Some(dom_smoothie::Readability::new(page, None, None).ok()?.parse().ok()?.text_content.len())),
        "rs-trafilatura" => Box::new(|page| Some(rs_trafilatura::extract(page).ok()?.content_text.len())),
        name => panic!("no contender {name}"),
    };
    run(&pages[..warm.min(pages.len())], &mut work);
    let (time, bytes, failed) = run(&pages, &mut work);
    println!("{} {bytes} {failed}", time.as_secs_f64());
}
'''

MAIN_PY = r'''
import json, logging, sys, time

name, path, warm = sys.argv[1], sys.argv[2], int(sys.argv[3])
logging.disable(logging.CRITICAL)
with open(path, encoding="utf-8") as lines:
    pages = [json.loads(line)["html"] for line in lines]
if name == "turbohtml-parse":
    import turbohtml
    work = lambda page: 1 if turbohtml.parse(page, positions=False) else 0
elif name == "turbohtml-article":
    import turbohtml
    work = lambda page: len(turbohtml.parse(page, positions=False).article().text)
elif name == "resiliparse-parse":
    from resiliparse.parse.html import HTMLTree
    work = lambda page: 1 if HTMLTree.parse(page) else 0
elif name == "resiliparse-main":
    from resiliparse.extract.html2text import extract_plain_text
    work = lambda page: len(extract_plain_text(page, main_content=True))
elif name == "trafilatura":
    import trafilatura
    work = lambda page: len(trafilatura.extract(page) or "")
else:
    sys.exit(f"no contender {name}")

def run(pages):
    length = failed = 0
    start = time.process_time()
    for page in pages:
        try:
            length += work(page)
        except Exception:
            failed += 1
    return time.process_time() - start, length, failed

run(pages[:warm])
print(*run(pages))
'''


def call(command, **options):
    """Runs a command whose output nobody needs, unless it fails."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
    return done.returncode == 0


def install_python(folder):
    """The interpreter of a virtual environment with the packages that can be had, and their versions."""
    environment = folder / "python"
    python = environment / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    for package in PYTHON_PACKAGES:
        if not call([python, "-m", "pip", "install", "--quiet", package]):
            print(f"{package} cannot be installed and is left out", file=sys.stderr)
    listed = json.loads(subprocess.run([str(python), "-m", "pip", "list", "--format=json"], check=True, capture_output=True, text=True).stdout)
    (folder / "peers.py").write_text(MAIN_PY, encoding="utf-8")
    return python, {package["name"]: package["version"] for package in listed}


def install_rust(folder):
    """The program of the Rust contenders, and the versions of their packages."""
    project = folder / "rust"
    (project / "src").mkdir(parents=True, exist_ok=True)
    needs = "".join(f'{name} = "{version}"\n' for name, version in RUST_PACKAGES.items())
    # The release build without optimisation across packages, for all alike: that takes long and changes little.
    manifest = f"""
        [package]
        name = "peers"
        version = "0.0.0"
        edition = "2024"
        [workspace]
        [dependencies]
        copydesk = {{ path = {json.dumps(str(ROOT))} }}
    """
    (project / "Cargo.toml").write_text(textwrap.dedent(manifest) + needs, encoding="utf-8")
    (project / "src" / "main.rs").write_text(MAIN_RS, encoding="utf-8")
    # copydesk runs with the versions that it is tested with.
    shutil.copy(ROOT / "Cargo.lock", project / "Cargo.lock")
    if not call(["cargo", "build", "--release", "--manifest-path", project / "Cargo.toml"]):
        sys.exit("the Rust contenders cannot be built")
    command = ["cargo", "metadata", "--format-version", "1", "--manifest-path", str(project / "Cargo.toml")]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    versions = {package["name"]: package["version"] for package in metadata["packages"]}
    return pathlib.Path(metadata["target_directory"]) / "release" / "peers", versions


def gather(files, most, into):
    """Writes the pages to one file, evenly taken so that they are `most` megabytes at most; returns number and bytes of them."""
    if files:
        pages = [json.loads(line)["html"] for file in files for line in open(file, encoding="utf-8")]
    else:
        pages = [page.read_text(encoding="utf-8") for page in sorted((ROOT / "fixtures" / "html").glob("*.html"))] * 50
    if not pages:
        sys.exit("there are no pages")
    total = sum(len(page.encode()) for page in pages)
    step = max(1, -(-total // int(most * 1e6)))
    pages = pages[::step]
    with open(into, "w", encoding="utf-8") as out:
        for page in pages:
            out.write(json.dumps({"html": page}) + "\n")
    return len(pages), sum(len(page.encode()) for page in pages)


def measure(commands, pages, rounds, warm):
    """Seconds of each contender in each round, and how many pages failed; `None` for one that does not run."""
    results = {name: ([], 0) for name in commands}
    for number in range(rounds):
        for name, command in commands.items():
            if results[name] is None:
                continue
            done = subprocess.run([*map(str, command), str(pages), str(warm)], capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
            if done.returncode != 0:
                print(f"{name} does not run:\n{done.stderr[-2000:]}", file=sys.stderr)
                results[name] = None
                continue
            seconds, _, failed = done.stdout.split()[-3:]
            results[name] = (results[name][0] + [float(seconds)], int(failed))
            print(f"round {number + 1}: {name}: {float(seconds):.2f} s", file=sys.stderr)
    return results


def processor():
    try:
        lines = open("/proc/cpuinfo", encoding="utf-8").read().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def table(results, versions, size):
    measured = {name: (statistics.median(result[0]), result[1]) for name, result in results.items() if result}
    own = measured[MEASURE][0]
    lines = ["| contender | version | what it does | time against copydesk's | MB/s | failed pages |", "| --- | --- | --- | ---: | ---: | ---: |"]
    for name, package, about, _ in CONTENDERS:
        if name in measured:
            seconds, failed = measured[name]
            ratio = "1" if name == MEASURE else f"{seconds / own:.2f}"
            lines.append(f"| {name} | {versions.get(package, '')} | {about} | {ratio} | {size / 1e6 / seconds:.1f} | {failed} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pages", nargs="*", help="JSON Lines with an `html` field; the pages of fixtures/html over and over without")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "copydesk-peers", help="where the others are installed")
    parser.add_argument("--megabytes", type=float, default=20, help="use so much of the pages, evenly taken (default: 20)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each runs (default: 3)")
    parser.add_argument("--warm", type=int, default=1_000_000, help="pages to work on before the clock starts (default: all)")
    parser.add_argument("--only", action="append", help="run only contenders with this in their names, and the measure")
    args = parser.parse_args()
    folder = args.folder.resolve()
    if ROOT == folder or ROOT in folder.parents:
        sys.exit("--folder has to lie outside of the checkout")
    folder.mkdir(parents=True, exist_ok=True)
    python, versions = install_python(folder)
    program, rust_versions = install_rust(folder)
    versions.update(rust_versions)
    pages = folder / "pages.jsonl"
    count, size = gather(args.pages, args.megabytes, pages)
    commands = {}
    for name, package, _, (kind, inner) in CONTENDERS:
        wanted = not args.only or name == MEASURE or any(part in name for part in args.only)
        if wanted and package in versions:
            commands[name] = [program, inner] if kind == "rust" else [python, folder / "peers.py", inner]
    results = measure(commands, pages, args.rounds, args.warm)
    if not results[MEASURE]:
        sys.exit("copydesk itself does not run")
    print(f"{datetime.date.today()}, {count} pages, {size / 1e6:.1f} MB, one thread, {args.rounds} rounds, {processor()}\n")
    print(table(results, versions, size))


main()
