//! The service as its callers meet it. Runs with `cargo test --features serve`.
#![cfg(feature = "serve")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

struct Service {
    child: Child,
    address: String,
}

impl Service {
    fn start(options: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(options).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim().strip_prefix("listening on http://").expect("it says where it listens").to_owned();
        Self { child, address }
    }

    /// The status and the body of an answer.
    fn ask(&self, method: &str, path: &str, content_type: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        // A body that is too large may be refused before it is read.
        let _ = stream.write_all(body);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("it answers");
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn post(&self, path: &str, content_type: &str, body: &[u8]) -> (u16, Value) {
        let (status, body) = self.ask("POST", path, content_type, body);
        (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const STORY: &str = "Advertisement\n\nThe first ferry in eleven weeks left the harbour on Friday morning with forty passengers.\n";

#[test]
fn texts_pages_and_records_are_cleaned() {
    let service = Service::start(&[]);
    let (status, article) = service.post("/clean", "text/plain; charset=utf-8", STORY.as_bytes());
    assert_eq!((status, &article["schema"]), (200, &"copydesk.article/1".into()));
    assert!(article["text"].as_str().unwrap().starts_with("The first ferry"), "{article}");
    let page = b"<p>Advertisement<p>The first caf\xe9 on the pier opened on Friday morning, with forty guests and a band.";
    let (_, article) = service.post("/clean", "text/html; charset=iso-8859-1", page);
    assert!(article["text"].as_str().unwrap().contains("café"), "{article}");
    let record = format!("{{\n\"id\": 7, \"text\": {}\n}}", Value::from(STORY));
    assert_eq!(service.post("/clean", "application/json", record.as_bytes()).1["id"], 7);
    let (_, lines) = service.ask("POST", "/clean", "application/x-ndjson", b"{\"text\":\"A story.\"}\n{\"text\":\"Another.\"}\n");
    assert_eq!(lines.lines().count(), 2);
    let (status, explained) = service.post("/explain", "text/plain", STORY.as_bytes());
    assert_eq!((status, &explained["blocks"][0]["kept"]), (200, &false.into()), "{explained}");
}

#[test]
fn what_is_wrong_is_told() {
    let service = Service::start(&["--max-body", "10K"]);
    let (status, answer) = service.post("/clean", "application/json", b"{oops");
    assert_eq!(status, 422);
    assert!(answer["error"].as_str().unwrap().starts_with("not a JSON object"), "{answer}");
    assert_eq!(service.post("/clean", "application/json", b"{\"id\":1}").1["error"], "no field `text`");
    assert_eq!(service.post("/clean", "image/png", b"x").0, 415);
    let (status, answer) = service.post("/clean", "text/plain", &vec![b'a'; 20_000]);
    assert!(status == 413 && answer["error"].is_string(), "{status} {answer}");
    assert_eq!(service.ask("GET", "/clean", "text/plain", b"").0, 405);
}

#[test]
fn it_says_how_it_is() {
    let service = Service::start(&[]);
    let (_, health) = service.ask("GET", "/healthz", "", b"");
    assert_eq!(serde_json::from_str::<Value>(&health).unwrap()["status"], "ok");
    service.post("/clean", "text/plain", STORY.as_bytes());
    assert!(service.ask("GET", "/metrics", "", b"").1.contains("copydesk_requests_total{result=\"done\"} 1\n"));
    let (_, description) = service.ask("GET", "/openapi.json", "", b"");
    assert!(serde_json::from_str::<Value>(&description).unwrap()["paths"]["/clean"].is_object());
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_well() {
    let mut service = Service::start(&[]);
    assert!(Command::new("kill").args(["-TERM".to_owned(), service.child.id().to_string()]).status().unwrap().success());
    assert_eq!(service.child.wait().unwrap().code(), Some(0));
}
