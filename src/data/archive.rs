//! Files as they are, or out of tar: each a reader whose memory grows only with bytes that are there.

use super::files::{NamedFile, bad_data, base_name};
use super::stream::{BLOCK, Budget, Stream};
use crate::error::{Error, Result};
use std::io::{self, Read};

/// The most that one file may hold once unpacked. The largest official one has 47 MB.
pub(super) const MAX_FILE: u64 = 256 << 20;
/// Memory is taken in steps of at most this size, whatever a header promises.
const STEP: usize = 32 << 20;

/// A file to read: one that was given, or an entry of an archive that was given.
pub(super) struct Member<'a> {
    /// The name for messages, with the archive's name where there is one.
    pub(super) label: String,
    /// The last component of the path, lower case, without `.gz`.
    pub(super) base: String,
    /// The size in bytes, where it is known before reading.
    pub(super) size: Option<u64>,
    /// How many bytes were read.
    pub(super) offset: u64,
    reader: &'a mut dyn Read,
}

impl Member<'_> {
    /// Reads until `buffer` is full or the file ends; returns how much was read.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.reader.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    let at = self.offset + filled as u64;
                    return Err(own_error(&e).unwrap_or_else(|| {
                        bad_data(format!(
                            "{}: unreadable at byte {at} ({e}); download it again",
                            self.label
                        ))
                    }));
                }
            }
        }
        self.offset += filled as u64;
        Ok(filled)
    }

    /// Appends up to `len` bytes, growing `out` only as they arrive; returns how many there were.
    pub(super) fn append(&mut self, out: &mut Vec<u8>, len: usize) -> Result<usize> {
        let mut appended = 0;
        while appended < len {
            let step = (len - appended).min(STEP);
            self.reserve(out, step, len - appended)?;
            let start = out.len();
            out.resize(start + step, 0);
            let n = self.fill(&mut out[start..])?;
            out.truncate(start + n);
            appended += n;
            if n < step {
                break;
            }
        }
        Ok(appended)
    }

    /// Makes room for `needed` bytes, and ahead of need for up to `promised` of them.
    pub(super) fn reserve(&self, out: &mut Vec<u8>, needed: usize, promised: usize) -> Result<()> {
        if out.capacity() - out.len() >= needed {
            return Ok(());
        }
        out.try_reserve_exact(promised.min(STEP).max(needed)).map_err(|_| {
            bad_data(format!(
                "{}: there is no memory for more than {} bytes of this data set; give fewer files",
                self.label,
                out.len()
            ))
        })
    }
}

/// Calls `visit` for the file, or for each entry of the archive that it is, if `wanted` takes its
/// base name (lower case, without `.gz`). An archive is read to its end, checksum and all.
pub(super) fn for_each_member(
    file: &NamedFile<'_>,
    budget: &mut Budget,
    wanted: &dyn Fn(&str) -> bool,
    visit: &mut dyn FnMut(Member<'_>) -> Result<()>,
) -> Result<()> {
    let base = member_base(file.name);
    let (own, archive) = (wanted(&base), named_as_archive(file.name));
    let mut stream = match Stream::open(file, budget) {
        Ok(stream) => stream,
        Err(e) if own || archive => return Err(e),
        Err(_) => return Ok(()),
    };
    if is_tar(&stream.head) {
        let end = read_entries(&mut stream, wanted, visit)?;
        return stream.finish_tar(end);
    }
    if own {
        return visit(Member {
            label: file.name.into(),
            base,
            size: stream.size(),
            offset: 0,
            reader: &mut stream,
        });
    }
    if archive {
        return Err(bad_data(format!(
            "{} is no archive: it begins with {} at byte 0, where gzip has 1f 8b, and has no \"ustar\" at byte 257; download it again",
            file.name,
            hex(&stream.head)
        )));
    }
    Ok(())
}

/// Whether these first bytes of a file are a tar header.
fn is_tar(head: &[u8]) -> bool {
    head.len() as u64 == BLOCK && head[257..].starts_with(b"ustar")
}

/// The name by which a file is recognised: last component, lower case, without `.gz`.
pub(super) fn member_base(path: &str) -> String {
    let base = base_name(path).to_ascii_lowercase();
    base.strip_suffix(".gz").unwrap_or(&base).to_owned()
}

/// The first four bytes, for a message.
pub(super) fn hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "nothing".into();
    }
    let shown: Vec<String> = bytes.iter().take(4).map(|b| format!("{b:02x}")).collect();
    shown.join(" ")
}

fn named_as_archive(path: &str) -> bool {
    let base = member_base(path);
    base.ends_with(".tar") || base.ends_with(".tgz")
}

/// An error of ours that travelled through another library's reader.
fn own_error(e: &io::Error) -> Option<Error> {
    e.get_ref()?.downcast_ref::<Error>().cloned()
}

/// Visits the wanted entries of a tar; returns where the last of all entries ends.
fn read_entries(
    stream: &mut Stream<'_, '_>,
    wanted: &dyn Fn(&str) -> bool,
    visit: &mut dyn FnMut(Member<'_>) -> Result<()>,
) -> Result<u64> {
    let name = stream.name;
    // Not in the library's words: they quote raw bytes.
    let damaged = |at: u64, e: io::Error| {
        own_error(&e).unwrap_or_else(|| {
            bad_data(format!("{name}: damaged tar: at byte {at} of it the header of an entry, or an end mark of zeros, is expected; download it again"))
        })
    };
    let mut end = 0;
    let mut archive = tar::Archive::new(&mut *stream);
    // Raw, because the library would otherwise hold long names and extended headers of any size.
    for entry in archive.entries().map_err(|e| damaged(0, e))?.raw(true) {
        let mut entry = entry.map_err(|e| damaged(end, e))?;
        let (start, size) = (entry.raw_file_position(), entry.size());
        end = start.saturating_add(size.div_ceil(BLOCK).saturating_mul(BLOCK));
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let base = member_base(&path);
        if !entry.header().entry_type().is_file() || !wanted(&base) {
            continue;
        }
        let label = format!("{name}: {path}");
        if size > MAX_FILE {
            return Err(bad_data(format!(
                "{label}: its header at byte {} says {size} bytes; at most {MAX_FILE} are expected",
                start.saturating_sub(BLOCK)
            )));
        }
        visit(Member {
            label,
            base,
            size: Some(size),
            offset: 0,
            reader: &mut entry,
        })?;
    }
    Ok(end)
}
