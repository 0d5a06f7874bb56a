//! The content of a file that was given, inflated if it is gzip, up to a limit.

use super::files::{NamedFile, bad_data};
use crate::error::Result;
use flate2::bufread::MultiGzDecoder;
use std::io::{self, Read};

/// The unit of tar, and what is read ahead to tell what a file is.
pub(super) const BLOCK: u64 = 512;
/// The most that is inflated in reading one data set, kept or skipped.
const MAX_INFLATED: u64 = 1 << 30;

/// What may still be inflated.
pub(super) struct Budget(u64);

impl Budget {
    pub(super) fn new() -> Self {
        Self(MAX_INFLATED)
    }
}

enum Source<'a> {
    Plain(&'a [u8]),
    Gzip(Box<MultiGzDecoder<&'a [u8]>>),
}

/// The content of a file as a reader. Its errors are ours already, inside an [`io::Error`].
pub(super) struct Stream<'a, 'b> {
    pub(super) name: &'a str,
    /// The first [`BLOCK`] bytes, read ahead; fewer if there are fewer.
    pub(super) head: Vec<u8>,
    head_taken: usize,
    packed_len: usize,
    source: Source<'a>,
    budget: &'b mut Budget,
    /// How many bytes were handed out.
    offset: u64,
}

impl<'a, 'b> Stream<'a, 'b> {
    /// Begins to read; gzip is known by its first bytes, whatever the name says.
    pub(super) fn open(file: &NamedFile<'a>, budget: &'b mut Budget) -> Result<Self> {
        let source = if file.bytes.starts_with(&[0x1f, 0x8b]) {
            Source::Gzip(Box::new(MultiGzDecoder::new(file.bytes)))
        } else {
            Source::Plain(file.bytes)
        };
        let mut stream = Self {
            name: file.name,
            head: vec![0; BLOCK as usize],
            head_taken: 0,
            packed_len: file.bytes.len(),
            source,
            budget,
            offset: 0,
        };
        stream.read_head()?;
        Ok(stream)
    }

    fn read_head(&mut self) -> Result<()> {
        let mut head = std::mem::take(&mut self.head);
        let mut filled = 0;
        while filled < head.len() {
            match self.read_source(&mut head[filled..])? {
                0 => break,
                n => filled += n,
            }
        }
        head.truncate(filled);
        self.head = head;
        Ok(())
    }

    /// The size of the content in bytes, where it is known before reading.
    pub(super) fn size(&self) -> Option<u64> {
        match self.source {
            Source::Plain(_) => Some(self.packed_len as u64),
            Source::Gzip(_) => None,
        }
    }

    fn read_source(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let gzip = match &mut self.source {
            // Reading from memory can't fail.
            Source::Plain(bytes) => return Ok(bytes.read(buffer).unwrap_or(0)),
            Source::Gzip(gzip) => gzip,
        };
        let read = gzip.read(buffer);
        let (name, len) = (self.name, self.packed_len);
        let at = len - gzip.get_ref().len();
        let n = read.map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => bad_data(format!(
                "{name} is cut short: its gzip data goes on where the file ends, at byte {len}; download it again"
            )),
            _ => bad_data(format!("{name}: damaged gzip data near byte {at} of {len} ({e}); download it again")),
        })?;
        self.budget.0 = self.budget.0.checked_sub(n as u64).ok_or_else(|| {
            bad_data(format!(
                "{name} unpacks to too much: at byte {at} of {len} more than {MAX_INFLATED} bytes have come out, which no data set known here does"
            ))
        })?;
        Ok(n)
    }

    /// Reads what follows the last entry, so that the end mark and the gzip checksum are seen.
    pub(super) fn finish_tar(&mut self, end: u64) -> Result<()> {
        if self.offset < end.saturating_add(BLOCK) {
            return Err(bad_data(format!(
                "{} is cut short: the tar ends at byte {}, without an end mark of zeros; download it again",
                self.name, self.offset
            )));
        }
        let mut rest = [0; 4096];
        while self.read_source(&mut rest)? > 0 {}
        Ok(())
    }
}

impl Read for Stream<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = if self.head_taken < self.head.len() {
            let n = (&self.head[self.head_taken..]).read(buffer)?;
            self.head_taken += n;
            n
        } else {
            self.read_source(buffer).map_err(io::Error::other)?
        };
        self.offset += n as u64;
        Ok(n)
    }
}
