//! Downloads that go on where they broke off and end in a file with the right checksum, or in none.

use crate::checksum::Checksum;
use anyhow::{Context, Error, Result, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use ureq::Agent;
use ureq::http::header::{CONTENT_LENGTH, CONTENT_RANGE, RANGE};
use ureq::http::{HeaderMap, HeaderName};

/// Attempts in a row that bring no new byte before a source is given up.
const FRUITLESS_ATTEMPTS: u32 = 3;

/// One place that a file can be had from, and what must come from there.
#[derive(Clone, Debug)]
pub struct Source {
    pub url: String,
    pub checksum: Checksum,
}

/// Tries the sources in turn. The destination comes into being whole and checked, or not at all;
/// what has arrived of a broken download is kept beside it for the next time.
pub fn fetch(sources: &[Source], destination: &Path) -> Result<()> {
    if let Some(folder) = destination.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut failures = Vec::new();
    for source in sources {
        println!("{}", source.url);
        match fetch_from(source, destination) {
            Ok(()) => return Ok(()),
            Err(error) => {
                println!("  {error:#}");
                failures.push(format!("{}: {error:#}", source.url));
            }
        }
    }
    bail!(
        "{} could not be fetched; run the command again to go on, or use --from\n  {}",
        destination.display(),
        failures.join("\n  ")
    )
}

fn fetch_from(source: &Source, destination: &Path) -> Result<()> {
    let part = part_of(destination, source.checksum);
    complete(&source.url, &part)?;
    if !source.checksum.matches(&part)? {
        fs::remove_file(&part)?;
        bail!(
            "what came is not the official file (expected {}); it was deleted",
            source.checksum
        );
    }
    fs::rename(&part, destination)
        .with_context(|| format!("{} could not be written", destination.display()))
}

/// Mirrors of the same bytes share a part; another archive under the same name has its own.
fn part_of(destination: &Path, checksum: Checksum) -> PathBuf {
    let digits = checksum.digits();
    let short = digits.get(..8).unwrap_or(digits);
    destination.with_added_extension(format!("{short}.part"))
}

fn complete(url: &str, part: &Path) -> Result<()> {
    let agent = agent();
    let mut most = length(part);
    let mut fruitless = 0;
    loop {
        let Transfer::Broken(error) = transfer(&agent, url, part)? else {
            return Ok(());
        };
        let arrived = length(part);
        if arrived > most {
            most = arrived;
            fruitless = 0;
        } else {
            fruitless += 1;
        }
        if fruitless == FRUITLESS_ATTEMPTS {
            return Err(error);
        }
        println!("  {error:#}; going on from byte {arrived}");
        std::thread::sleep(Duration::from_millis(500) * (fruitless + 1));
    }
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(Duration::from_secs(20)))
        .timeout_recv_response(Some(Duration::from_secs(60)))
        // Ends a stalled transfer, too; what has come by then is kept.
        .timeout_recv_body(Some(Duration::from_secs(300)))
        .build()
        .into()
}

enum Transfer {
    /// The server has sent all that it has.
    Ended,
    /// Worth trying again.
    Broken(Error),
}

/// Asks for what is missing of the file and appends it. An error is one that will come again.
fn transfer(agent: &Agent, url: &str, part: &Path) -> Result<Transfer> {
    let offset = length(part);
    let mut request = agent.get(url);
    if offset > 0 {
        request = request.header(RANGE, format!("bytes={offset}-"));
    }
    let response = match request.call() {
        Ok(response) => response,
        Err(error) => return Ok(Transfer::Broken(error.into())),
    };
    let resumed = match response.status().as_u16() {
        206 => {
            ensure!(
                range_start(response.headers()) == Some(offset),
                "the server sent another part of the file than was asked for"
            );
            true
        }
        200 => false,
        // Nothing is missing; the checksum decides whether that is so.
        416 => return Ok(Transfer::Ended),
        status @ 500..=599 => {
            return Ok(Transfer::Broken(Error::msg(format!(
                "the server answered with status {status}"
            ))));
        }
        status => bail!("the server answered with status {status}"),
    };
    let start = if resumed { offset } else { 0 };
    let rest: Option<u64> = header(response.headers(), CONTENT_LENGTH);
    let bar = progress_bar(start, rest.map(|rest| start + rest));
    let file = OpenOptions::new()
        .create(true)
        .write(true)
        .append(resumed)
        .truncate(!resumed)
        .open(part)
        .with_context(|| format!("{} could not be written", part.display()))?;
    receive(response.into_body().into_reader(), file, &bar)
}

fn receive(mut body: impl Read, mut file: File, bar: &ProgressBar) -> Result<Transfer> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                file.write_all(&buffer[..read])?;
                bar.inc(u64::try_from(read)?);
            }
            Err(error) => {
                bar.abandon();
                return Ok(Transfer::Broken(
                    Error::from(error).context("the connection broke off"),
                ));
            }
        }
    }
    file.sync_all()?;
    bar.finish();
    Ok(Transfer::Ended)
}

/// Drawn on a terminal only.
fn progress_bar(start: u64, total: Option<u64>) -> ProgressBar {
    let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
    if let Ok(style) =
        ProgressStyle::with_template("  {bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}")
    {
        bar.set_style(style);
    }
    bar.set_position(start);
    bar.reset_eta();
    bar
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// The first byte of a `Content-Range: bytes FIRST-LAST/TOTAL`.
fn range_start(headers: &HeaderMap) -> Option<u64> {
    let range: String = header(headers, CONTENT_RANGE)?;
    let (first, _) = range.strip_prefix("bytes ")?.split_once('-')?;
    first.parse().ok()
}

fn header<T: std::str::FromStr>(headers: &HeaderMap, name: HeaderName) -> Option<T> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
#[path = "download_tests.rs"]
mod tests;
