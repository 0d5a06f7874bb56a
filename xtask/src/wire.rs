//! How large files are, as they lie there and on the wire.

use crate::compressed::{self, Coding};
use anyhow::Result;
use std::fs;
use std::ops::Add;
use std::path::Path;

/// Bytes as they are, and as a static host sends them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub raw: u64,
    pub brotli: u64,
}

impl Size {
    pub fn max(self, other: Self) -> Self {
        Self {
            raw: self.raw.max(other.raw),
            brotli: self.brotli.max(other.brotli),
        }
    }
}

impl Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            brotli: self.brotli + other.brotli,
        }
    }
}

/// Bytes of a file, and of the compressed copy that the website has of it.
pub fn measure(path: &Path, cache: &Path) -> Result<Size> {
    let copy = compressed::copy_of(path, Coding::Brotli, cache)?;
    Ok(Size {
        raw: fs::metadata(path)?.len(),
        brotli: fs::metadata(copy)?.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figure_is_that_of_the_bytes_at_hand_not_of_earlier_ones() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("module");
        let cache = folder.path().join("cache");
        fs::write(&path, "a".repeat(1000))?;
        let first = measure(&path, &cache)?;
        assert_eq!(measure(&path, &cache)?, first);
        fs::write(&path, (0..1000).map(|n| n.to_string()).collect::<String>())?;
        let second = measure(&path, &cache)?;
        assert!(second.brotli > first.brotli, "{first:?} {second:?}");
        Ok(())
    }
}
