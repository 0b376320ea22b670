//! One page, one stage, so many times: what `tools/instructions.py` counts the instructions of.
//!
//! The script runs this program twice under valgrind, with different `times`, and takes the difference: what is left is the page
//! alone, without start-up, reading of rules and first growth of memory. `cargo bench` runs each stage once, to see that it works.

use std::process::ExitCode;

use copydesk::html::{PageReader, Parser, charset};
use copydesk::{Document, Engine, Scratch};

/// What can be counted.
const STAGES: [&str; 4] = ["parse", "read", "clean", "text"];

/// Works on a page `times` times and returns the bytes or nodes that came out, so that nothing is left undone.
fn run(stage: &str, page: &[u8], times: usize) -> Option<usize> {
    let (mut parser, mut reader) = (Parser::default(), PageReader::default());
    // As the program does unless somebody asks what went.
    let build = || Engine::builder().names_outside(false).build().expect("the built-in rules are well formed");
    let decode = || charset::decode(page, Some("utf-8")).text;
    let mut out = 0;
    match stage {
        "parse" => {
            for _ in 0..times {
                let page = decode();
                let tree = parser.parse(&page).expect("it is below 4 GiB");
                out += tree.len();
                parser.recycle(tree);
            }
        }
        "read" => {
            for _ in 0..times {
                out += reader.read(&decode(), None).expect("it is below 4 GiB").source().len();
            }
        }
        // With new buffers each time, which know no line from before.
        "clean" => {
            let engine = build();
            for _ in 0..times {
                let page = decode();
                out += engine.clean_with(&reader.read(&page, None).expect("it is below 4 GiB"), &mut Scratch::default()).text.len();
            }
        }
        // The page's text as plain text: the rules alone.
        "text" => {
            let engine = build();
            let text = reader.read(&decode(), None).expect("it is below 4 GiB").source().to_owned();
            for _ in 0..times {
                out += engine.clean_with(&Document::from_text(&text).with_language("en"), &mut Scratch::default()).text.len();
            }
        }
        _ => return None,
    }
    Some(out)
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [stage, path, times] = args.as_slice() else {
        for stage in STAGES {
            run(stage, include_bytes!("../fixtures/html/article.html"), 1);
        }
        eprintln!("each stage ran once; `python3 tools/instructions.py` counts its instructions");
        return ExitCode::SUCCESS;
    };
    let (Ok(page), Ok(times)) = (std::fs::read(path), times.parse()) else {
        eprintln!("usage: instructions {} PAGE TIMES", STAGES.join("|"));
        return ExitCode::from(2);
    };
    if let Some(out) = run(stage, &page, times) {
        eprintln!("{out}");
    } else {
        eprintln!("no stage {stage}: there are {}", STAGES.join(", "));
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}
