//! Downloads from a real server on this machine.

use super::*;
use crate::server::Server;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{Response, StatusCode};
use axum::routing::get;
use futures_util::{Stream, StreamExt, stream};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// 100,000 bytes without a short period, and their SHA-256.
fn content() -> Vec<u8> {
    (0..25_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect()
}
const SHA256: &str = "7da779de1eaa52d07827c90101567e1078ae7ed48cb4c9ce41e4895882115028";
const HALF: usize = 50_000;

/// How a server answers, request by request; the last answer is repeated.
#[derive(Clone, Copy)]
enum Answer {
    /// Half of the bytes that the header promises, then the connection is closed.
    BreakOff,
    /// The range asked for, or all.
    Whole,
    /// All, whatever range is asked for.
    IgnoreRange,
    Refuse,
}

/// A server of one file, and the ranges it has been asked for.
struct FileServer {
    server: Server,
    ranges: Arc<Mutex<Vec<Option<u64>>>>,
}

impl FileServer {
    fn start(answers: &'static [Answer]) -> Result<Self> {
        let ranges: Arc<Mutex<Vec<Option<u64>>>> = Arc::default();
        let seen = Arc::clone(&ranges);
        let app = Router::new().route(
            "/file",
            get(move |request: Request| {
                let start = asked_from(&request);
                let number = seen.lock().map_or(0, |mut seen| {
                    seen.push(start);
                    seen.len()
                });
                let answer = answers.get(number - 1).or(answers.last()).copied();
                let response = respond(answer.unwrap_or(Answer::Refuse), start);
                async move { response }
            }),
        );
        let server = Server::start(app, TcpListener::bind("127.0.0.1:0")?)?;
        Ok(Self { server, ranges })
    }

    fn source(&self, checksum: Checksum) -> Source {
        let url = format!("{}file", self.server.url());
        Source { url, checksum }
    }

    fn ranges(&self) -> Vec<Option<u64>> {
        self.ranges
            .lock()
            .map_or_else(|_| Vec::new(), |ranges| ranges.clone())
    }
}

fn asked_from(request: &Request) -> Option<u64> {
    let range = request.headers().get("range")?.to_str().ok()?;
    range
        .strip_prefix("bytes=")?
        .strip_suffix('-')?
        .parse()
        .ok()
}

fn respond(answer: Answer, start: Option<u64>) -> Response<Body> {
    let all = content();
    let first = start.and_then(|start| usize::try_from(start).ok());
    let status = |status| Response::builder().status(status);
    let response = match (answer, first) {
        (Answer::Refuse, _) => status(StatusCode::NOT_FOUND).body(Body::empty()),
        (Answer::Whole, Some(first)) if first >= all.len() => {
            status(StatusCode::RANGE_NOT_SATISFIABLE).body(Body::empty())
        }
        (Answer::Whole, Some(first)) => status(StatusCode::PARTIAL_CONTENT)
            .header(
                "content-range",
                format!("bytes {first}-{}/{}", all.len() - 1, all.len()),
            )
            .body(Body::from(all[first..].to_vec())),
        (Answer::Whole | Answer::IgnoreRange, _) => status(StatusCode::OK).body(Body::from(all)),
        (Answer::BreakOff, _) => status(StatusCode::OK)
            .header("content-length", all.len())
            .body(Body::from_stream(half_then_cut(all))),
    };
    response.unwrap_or_default()
}

fn half_then_cut(all: Vec<u8>) -> impl Stream<Item = Result<Bytes, &'static str>> {
    let half = Bytes::copy_from_slice(&all[..HALF]);
    stream::iter([Ok(half), Err("the line is cut")]).then(|item| async {
        if item.is_err() {
            // So that the half is on its way before the connection closes.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        item
    })
}

fn fetch_into(folder: &Path, server: &FileServer, sha256: &'static str) -> Result<Vec<u8>> {
    let destination = folder.join("file");
    fetch(&[server.source(Checksum::Sha256(sha256))], &destination)?;
    Ok(fs::read(destination)?)
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

#[test]
fn a_download_that_broke_off_goes_on_from_where_it_was() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = FileServer::start(&[Answer::BreakOff, Answer::Whole])?;
    assert_eq!(fetch_into(folder.path(), &server, SHA256)?, content());
    let half = u64::try_from(HALF)?;
    assert_eq!(server.ranges(), [None, Some(half)]);
    assert_eq!(names_in(folder.path())?, ["file"]);
    Ok(())
}

#[test]
fn a_server_that_ignores_ranges_makes_it_start_anew() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = FileServer::start(&[Answer::BreakOff, Answer::IgnoreRange])?;
    assert_eq!(fetch_into(folder.path(), &server, SHA256)?, content());
    Ok(())
}

#[test]
fn what_an_earlier_run_left_is_used() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let part = part_of(&folder.path().join("file"), Checksum::Sha256(SHA256));
    let server = FileServer::start(&[Answer::Whole])?;
    fs::write(&part, &content()[..99_990])?;
    assert_eq!(fetch_into(folder.path(), &server, SHA256)?, content());
    fs::write(&part, content())?;
    assert_eq!(fetch_into(folder.path(), &server, SHA256)?, content());
    assert_eq!(server.ranges(), [Some(99_990), Some(100_000)]);
    Ok(())
}

#[test]
fn a_wrong_checksum_leaves_nothing_behind_and_says_so() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = FileServer::start(&[Answer::Whole])?;
    let wrong = "0000000000000000000000000000000000000000000000000000000000000000";
    let message = fetch_into(folder.path(), &server, wrong)
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(message.contains("not the official file"), "{message}");
    assert!(names_in(folder.path())?.is_empty());
    Ok(())
}

#[test]
fn a_dead_source_gives_way_to_the_next() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let dead = FileServer::start(&[Answer::Refuse])?;
    let alive = FileServer::start(&[Answer::Whole])?;
    let checksum = Checksum::Sha256(SHA256);
    let destination = folder.path().join("file");
    fetch(
        &[dead.source(checksum), alive.source(checksum)],
        &destination,
    )?;
    assert_eq!(fs::read(destination)?, content());
    // A refusal will come again, so it is not asked for again.
    assert_eq!(dead.ranges().len(), 1);
    Ok(())
}

#[test]
fn a_line_that_always_breaks_at_the_same_byte_is_given_up_and_the_part_is_kept() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = FileServer::start(&[Answer::BreakOff])?;
    assert!(fetch_into(folder.path(), &server, SHA256).is_err());
    let part = part_of(&folder.path().join("file"), Checksum::Sha256(SHA256));
    assert_eq!(fs::read(part)?, &content()[..HALF]);
    Ok(())
}
