//! Published checksums of files.

use anyhow::{Context, Result};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A checksum in lower-case hexadecimal, by the algorithm in which it was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    Md5(&'static str),
    Sha1(&'static str),
    Sha256(&'static str),
}

impl Checksum {
    /// Whether the file has this checksum.
    pub fn matches(self, path: &Path) -> Result<bool> {
        let digest = match self {
            Self::Md5(_) => of_file::<Md5>(path),
            Self::Sha1(_) => of_file::<Sha1>(path),
            Self::Sha256(_) => of_file::<Sha256>(path),
        };
        Ok(digest? == self.digits())
    }

    pub fn digits(self) -> &'static str {
        match self {
            Self::Md5(digits) | Self::Sha1(digits) | Self::Sha256(digits) => digits,
        }
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algorithm = match self {
            Self::Md5(_) => "md5",
            Self::Sha1(_) => "sha1",
            Self::Sha256(_) => "sha256",
        };
        write!(formatter, "{algorithm} {}", self.digits())
    }
}

/// The SHA-256 of a file, in hexadecimal.
pub fn sha256(path: &Path) -> Result<String> {
    of_file::<Sha256>(path)
}

/// The SHA-256 of some text, in hexadecimal.
pub fn sha256_of(text: &str) -> Result<String> {
    Ok(of_reader::<Sha256>(text.as_bytes())?)
}

fn of_file<D: Digest>(path: &Path) -> Result<String> {
    File::open(path)
        .and_then(of_reader::<D>)
        .with_context(|| format!("{} could not be read", path.display()))
}

fn of_reader<D: Digest>(mut reader: impl Read) -> io::Result<String> {
    let mut hasher = D::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_equal_the_published_test_vectors_for_abc() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc")?;
        // RFC 1321, appendix A.5; FIPS 180-2, appendices A.1 and B.1.
        for checksum in [
            Checksum::Md5("900150983cd24fb0d6963f7d28e17f72"),
            Checksum::Sha1("a9993e364706816aba3e25717850c26c9cd0d89d"),
            Checksum::Sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ] {
            assert!(checksum.matches(&path)?, "{checksum}");
        }
        assert!(!Checksum::Md5("900150983cd24fb0d6963f7d28e17f73").matches(&path)?);
        Ok(())
    }
}
