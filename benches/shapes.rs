//! What hostile pages cost: each at one, two and four times the size. Where the time for a megabyte stays, it is linear.
//!
//! ```sh
//! cargo bench --bench shapes              # all
//! cargo bench --bench shapes -- figures   # those with that in their names
//! ```

#![expect(clippy::print_stdout, reason = "the table is what this bench is for")]

use std::time::{Duration, Instant};

use copydesk::Engine;
use copydesk::html::{PageReader, Parser};

#[path = "../tests/support/shapes.rs"]
mod shapes;

/// Growth of the time from one size to the fourfold from which on a shape is marked: 4 is linear, 16 quadratic.
const SUSPECT: f64 = 6.0;
/// Shorter times are not compared: the clock is not that fine.
const SHORTEST: Duration = Duration::from_millis(10);

/// The processor time of this thread where the system tells it in a file, so that a busy machine does not show; else time as it passes.
fn now(start: Instant) -> Duration {
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat").ok().and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let before = now(start);
    let result = work();
    (now(start).saturating_sub(before), result)
}

/// What parsing, reading and cleaning take: the least of three rounds.
fn cost(engine: &Engine, page: &str) -> [Duration; 3] {
    let (mut parser, mut reader) = (Parser::default(), PageReader::default());
    let mut least = [Duration::MAX; 3];
    for _ in 0..3 {
        let (parsing, tree) = time(|| parser.parse(page).expect("it is below 4 GiB"));
        parser.recycle(tree);
        let (reading, document) = time(|| reader.read(page, None).expect("it is below 4 GiB").with_language("en"));
        let (cleaning, _) = time(|| std::hint::black_box(engine.clean_document(&document).text.len()));
        for (least, now) in least.iter_mut().zip([parsing, reading, cleaning]) {
            *least = now.min(*least);
        }
    }
    least
}

fn main() {
    // `cargo bench` passes `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let engine = Engine::builder().build().expect("the built-in rules are well formed");
    cost(&engine, "<p>Rules are compiled when first needed.");
    println!("| shape | MB | parse, ms | read, ms | clean, ms | growth at four times the size |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for shape in shapes::SHAPES.iter().filter(|shape| wanted.is_empty() || wanted.iter().any(|part| shape.name.contains(part))) {
        let costs = [1, 2, 4].map(|times| {
            let page = (shape.page)(shape.pieces * times);
            (page.len(), cost(&engine, &page))
        });
        let column = |stage: usize| costs.map(|(_, cost)| format!("{:.1}", cost[stage].as_secs_f64() * 1e3)).join(" / ");
        let growth = |stage: usize| costs[2].1[stage].as_secs_f64() / costs[0].1[stage].max(SHORTEST).as_secs_f64();
        let worst = (0..3).map(growth).fold(0.0, f64::max);
        #[expect(clippy::cast_precision_loss, reason = "a rounded figure is printed")]
        let megabytes = costs[0].0 as f64 / 1e6;
        let mark = if worst > SUSPECT { " **" } else { "" };
        println!("| {} | {megabytes:.1} | {} | {} | {} | {worst:.1}{mark} |", shape.name, column(0), column(1), column(2));
    }
}
