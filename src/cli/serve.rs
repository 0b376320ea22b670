//! `copydesk serve`: the same over HTTP, for callers in other languages.
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /clean` | the article, as `copydesk.article/1` |
//! | `POST /explain` | the article with every decision, as `copydesk explain --json` has it |
//! | `GET /healthz` | that it works, and with which rules |
//! | `GET /metrics` | counts, in the text format of Prometheus |
//! | `GET /openapi.json` | the description of all this |
//!
//! A body is a text (`text/plain`), a page (`text/html`), a record (`application/json`), or records
//! (`application/x-ndjson`, `/clean` only). Each request is worked on in a thread of its own, as many at once as there are `--jobs`;
//! one that takes too long gets an answer at once, though its thread goes on to the end of its record.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::exit::Exit;
use super::messages::Messages;
use super::options::{EngineArgs, InputArgs, bytes};
use crate::document::Document;
use crate::engine::Engine;
use crate::html::charset;
use crate::io::{Format, JsonLines, Printer, Problem, article_schema, decode};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8730")]
    listen: SocketAddr,
    /// How many requests are worked on at once [default: as many as there are processors]
    #[arg(short, long, value_name = "NUMBER")]
    jobs: Option<usize>,
    /// Largest body, in bytes; K, M and G may follow
    #[arg(long, value_name = "BYTES", default_value = "16M", value_parser = bytes)]
    max_body: usize,
    /// Longest time that a request may take, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 30_000)]
    timeout: u64,
    /// List everything that was removed
    #[arg(long)]
    removed: bool,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    engine: EngineArgs,
}

/// What all requests share.
struct Desk {
    engine: Engine,
    input: InputArgs,
    removed: bool,
    timeout: Duration,
    room: Arc<Semaphore>,
    counts: Counts,
}

pub(super) fn run(args: &Args, messages: Messages) -> anyhow::Result<Exit> {
    let jobs = args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1);
    let desk = Arc::new(Desk {
        engine: args.engine.engine(true)?,
        input: args.input.clone(),
        removed: args.removed,
        timeout: Duration::from_millis(args.timeout),
        room: Arc::new(Semaphore::new(jobs)),
        counts: Counts::default(),
    });
    let router = Router::new()
        .route("/clean", post(clean))
        .route("/explain", post(explain))
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], openapi().to_string()) }))
        .layer(DefaultBodyLimit::max(args.max_body))
        .with_state(desk);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(args.listen).await.with_context(|| format!("cannot listen on {}", args.listen))?;
        messages.note(format_args!("listening on http://{}", listener.local_addr()?));
        axum::serve(listener, router).with_graceful_shutdown(stopped()).await?;
        Ok(Exit::Done)
    })
}

/// Waits until somebody wants it to end: Ctrl-C, or a signal to.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut ended) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupted => {}
            _ = ended.recv() => {}
        }
        return;
    }
    let _ = interrupted.await;
}

/// A body, or why it cannot be had: above all that it is too large.
type Body = Result<Bytes, BytesRejection>;

async fn clean(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Body) -> Response {
    worked_on(desk, body, move |desk, body| desk.clean(&headers, body)).await
}

async fn explain(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Body) -> Response {
    worked_on(desk, body, move |desk, body| desk.explain(&headers, body)).await
}

async fn healthz(State(desk): State<Arc<Desk>>) -> Response {
    Answer::ok(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "rules": desk.engine.rules_hash() }).to_string())
        .into_response()
}

async fn metrics(State(desk): State<Arc<Desk>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], desk.counts.text()).into_response()
}

/// Does work in a thread of its own, once there is room for it.
async fn worked_on(desk: Arc<Desk>, body: Body, work: impl FnOnce(&Desk, &[u8]) -> Answer + Send + 'static) -> Response {
    let began = Instant::now();
    let body = match body {
        Ok(body) => body,
        Err(rejection) => {
            let answer = Answer::error(rejection.status(), rejection.body_text());
            desk.counts.add(&answer, began.elapsed());
            return answer.into_response();
        }
    };
    let own = Arc::clone(&desk);
    let done = async move {
        let room = Arc::clone(&own.room).acquire_owned().await;
        let result = tokio::task::spawn_blocking(move || {
            let answer = work(&own, &body);
            drop(room);
            answer
        });
        result
            .await
            .unwrap_or_else(|_| Answer::error(StatusCode::INTERNAL_SERVER_ERROR, "cleaning has failed; this is a fault of copydesk"))
    };
    let answer = tokio::time::timeout(desk.timeout, done)
        .await
        .unwrap_or_else(|_| Answer::error(StatusCode::SERVICE_UNAVAILABLE, "it took too long (--timeout)"));
    desk.counts.add(&answer, began.elapsed());
    answer.into_response()
}

/// What a request gets.
struct Answer {
    status: StatusCode,
    content_type: &'static str,
    body: String,
    bytes_in: usize,
}

impl Answer {
    fn ok(body: String) -> Self {
        Self { status: StatusCode::OK, content_type: "application/json", body, bytes_in: 0 }
    }

    fn error(status: StatusCode, message: impl std::fmt::Display) -> Self {
        Self { status, ..Self::ok(json!({ "error": message.to_string() }).to_string()) }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, [(header::CONTENT_TYPE, self.content_type)], self.body).into_response()
    }
}

/// What a body is.
enum Sent {
    Record(Vec<u8>),
    Records,
}

impl Desk {
    fn clean(&self, headers: &HeaderMap, body: &[u8]) -> Answer {
        let (sent, content_type) = match sent(headers, body) {
            Ok(Sent::Record(line)) => (line, "application/json"),
            Ok(Sent::Records) => (body.to_vec(), "application/x-ndjson"),
            Err(answer) => return answer,
        };
        let printer = Printer::new(Format::JsonLines, self.engine.rules_hash()).removed(self.removed);
        let mut lines = JsonLines::new(self.engine.clone(), printer.clone()).names(self.input.names()).pages(self.input.pages());
        if let Some(lang) = &self.input.lang {
            lines = lines.lang(lang);
        }
        if let Some(host) = &self.input.host {
            lines = lines.host(host);
        }
        let mut output = printer.output(Vec::new(), true);
        let mut problems: Vec<Problem> = Vec::new();
        let result = lines.run("body", &sent[..], &mut output, &mut problems);
        let written = output.finish().unwrap_or_default();
        let failed = problems.iter().find(|problem| !problem.is_warning());
        match (result, failed) {
            (Err(error), _) => Answer::error(StatusCode::INTERNAL_SERVER_ERROR, error),
            (Ok(()), Some(problem)) if content_type == "application/json" => Answer::error(StatusCode::UNPROCESSABLE_ENTITY, &problem.kind),
            (Ok(()), _) => {
                let body = String::from_utf8_lossy(&written).into_owned();
                Answer { content_type, bytes_in: sent.len(), ..Answer::ok(body) }
            }
        }
    }

    fn explain(&self, headers: &HeaderMap, body: &[u8]) -> Answer {
        let record: Value = match sent(headers, body) {
            Ok(Sent::Record(line)) => match serde_json::from_slice(&line) {
                Ok(record) => record,
                Err(error) => return Answer::error(StatusCode::UNPROCESSABLE_ENTITY, format_args!("not a JSON object: {error}")),
            },
            Ok(Sent::Records) => return Answer::error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "one record at a time is explained"),
            Err(answer) => return answer,
        };
        let names = self.input.names();
        let field = |name: &str| record[name].as_str();
        let first = |names: &[String]| names.iter().find_map(|name| field(name).filter(|value| !value.trim().is_empty()));
        let mut pages = self.input.pages().with_selectors(self.engine.selectors());
        let mut document = match (field(&names.text), field(&names.html)) {
            (Some(text), _) => Document::from_text(text),
            (None, Some(page)) => match pages.read(page, first(&names.url)) {
                Ok(document) => document,
                Err(error) => return Answer::error(StatusCode::PAYLOAD_TOO_LARGE, error),
            },
            (None, None) => return Answer::error(StatusCode::UNPROCESSABLE_ENTITY, format_args!("no field `{}`", names.text)),
        };
        if let Some(host) = first(&names.host).or(self.input.host.as_deref()) {
            document = document.with_host(host);
        }
        if let Some(lang) = first(&names.lang).or(self.input.lang.as_deref()) {
            document = document.with_language(lang);
        }
        let explained = super::explain::article_json(field("id").unwrap_or("body"), &document, &self.engine.explain(&document));
        Answer { bytes_in: body.len(), ..Answer::ok(explained) }
    }
}

/// The body as a record, whatever its type.
fn sent(headers: &HeaderMap, body: &[u8]) -> Result<Sent, Answer> {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("text/plain").to_ascii_lowercase();
    let record = |name: &str, text: &str| Ok(Sent::Record(json!({ name: text }).to_string().into_bytes()));
    match declared.split(';').next().unwrap_or_default().trim() {
        "text/plain" => record("text", &decode(body).text),
        "text/html" | "application/xhtml+xml" => record("html", &charset::decode(body, Some(&declared)).text),
        // Line ends stand between values only: those in strings are written with escapes.
        "application/json" => Ok(Sent::Record(body.iter().map(|&byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }).collect())),
        "application/x-ndjson" | "application/jsonl" => Ok(Sent::Records),
        other => Err(Answer::error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format_args!("`{other}` is none of text/plain, text/html, application/json, application/x-ndjson"),
        )),
    }
}

/// Counts for `/metrics`.
#[derive(Default)]
struct Counts {
    done: AtomicU64,
    failed: AtomicU64,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    micros: AtomicU64,
}

impl Counts {
    fn add(&self, answer: &Answer, took: Duration) {
        let count = if answer.status.is_success() { &self.done } else { &self.failed };
        count.fetch_add(1, Ordering::Relaxed);
        self.bytes_in.fetch_add(answer.bytes_in as u64, Ordering::Relaxed);
        self.bytes_out.fetch_add(answer.body.len() as u64, Ordering::Relaxed);
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn text(&self) -> String {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        format!(
            "# HELP copydesk_requests_total Requests that were answered.\n# TYPE copydesk_requests_total counter\n\
             copydesk_requests_total{{result=\"done\"}} {}\ncopydesk_requests_total{{result=\"failed\"}} {}\n\
             # HELP copydesk_bytes_in_total Bytes of bodies that were cleaned.\n# TYPE copydesk_bytes_in_total counter\ncopydesk_bytes_in_total {}\n\
             # HELP copydesk_bytes_out_total Bytes of answers.\n# TYPE copydesk_bytes_out_total counter\ncopydesk_bytes_out_total {}\n\
             # HELP copydesk_seconds_total Time that answers took.\n# TYPE copydesk_seconds_total counter\ncopydesk_seconds_total {:.6}\n",
            read(&self.done),
            read(&self.failed),
            read(&self.bytes_in),
            read(&self.bytes_out),
            read(&self.micros) as f64 / 1e6,
        )
    }
}

/// The description of the service. What comes out is described by the schema of articles.
fn openapi() -> Value {
    let article: Value = serde_json::from_str(&article_schema()).unwrap_or_default();
    let body = |records: bool| {
        let record = json!({ "type": "object", "properties": {
            "text": { "type": "string" }, "html": { "type": "string" }, "id": {}, "url": { "type": "string" }, "lang": { "type": "string" },
        }});
        let text = || json!({ "schema": { "type": "string" } });
        let mut content = json!({ "text/plain": text(), "text/html": text(), "application/json": { "schema": record } });
        if records {
            content["application/x-ndjson"] = text();
        }
        json!({ "required": true, "content": content })
    };
    let json_of = |schema: Value| json!({ "application/json": { "schema": schema } });
    let error = |about: &str| json!({ "description": about, "content": json_of(json!({ "type": "object", "properties": { "error": { "type": "string" } } })) });
    let answers = |content: Value| {
        json!({
            "200": { "description": "Done.", "content": content },
            "413": error("The body is too large."),
            "415": error("The body is of a type that is not read."),
            "422": error("The record cannot be cleaned."),
            "503": error("It took too long."),
        })
    };
    json!({
        "openapi": "3.1.0",
        "info": { "title": "copydesk", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "MIT OR Apache-2.0" } },
        "paths": {
            "/clean": { "post": { "summary": "Clean an article", "requestBody": body(true), "responses": answers(json_of(article)) } },
            "/explain": { "post": { "summary": "Say what was decided of each line, and why", "requestBody": body(false), "responses": answers(json_of(json!({ "type": "object" }))) } },
            "/healthz": { "get": { "summary": "Say that it works", "responses": { "200": { "description": "It does.", "content": json_of(json!({ "type": "object" })) } } } },
            "/metrics": { "get": { "summary": "Counts, for Prometheus", "responses": { "200": { "description": "Counts.", "content": { "text/plain": { "schema": { "type": "string" } } } } } } },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_every_way_in() {
        let described = openapi();
        for path in ["/clean", "/explain", "/healthz", "/metrics"] {
            assert!(described["paths"][path].is_object(), "{path}");
        }
        let article = &described["paths"]["/clean"]["post"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_eq!(article["title"], "copydesk.article/1");
    }
}
