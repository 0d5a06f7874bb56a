//! Counts the images or labels in a data file, so that a subset can be told from a broken file.

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// A label byte and 3 planes of 32x32 bytes (https://www.cs.toronto.edu/~kriz/cifar.html).
const CIFAR_RECORD_BYTES: u64 = 3073;
/// The first four bytes of an IDX file of unsigned bytes, with one and with three dimensions.
const IDX_LABELS: [u8; 4] = [0, 0, 8, 1];
const IDX_IMAGES: [u8; 4] = [0, 0, 8, 3];

/// The number of records in a file of this official name. The content may be anywhere, so the
/// path need not end in the name. An error says what is wrong with the content.
pub fn count(path: &Path, name: &str) -> Result<u64> {
    if name.ends_with(".bin") {
        let bytes = fs::metadata(path)?.len();
        ensure!(
            bytes > 0 && bytes % CIFAR_RECORD_BYTES == 0,
            "{name} is not a CIFAR-10 binary file: its {bytes} bytes are not a whole number of \
             records of {CIFAR_RECORD_BYTES} bytes"
        );
        return Ok(bytes / CIFAR_RECORD_BYTES);
    }
    let expected = if name.contains("idx3") {
        IDX_IMAGES
    } else {
        IDX_LABELS
    };
    let (magic, count) =
        idx_header(path, name).with_context(|| format!("{name} has no IDX header"))?;
    ensure!(
        magic == expected,
        "{name} is not the IDX file that its name says: it begins with {magic:02x?} where \
         {expected:02x?} is expected"
    );
    Ok(count)
}

fn idx_header(path: &Path, name: &str) -> Result<([u8; 4], u64)> {
    let file = File::open(path)?;
    let mut reader: Box<dyn Read> = if name.ends_with(".gz") {
        Box::new(GzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let (mut magic, mut count) = ([0; 4], [0; 4]);
    reader.read_exact(&mut magic)?;
    reader.read_exact(&mut count)?;
    Ok((magic, u64::from(u32::from_be_bytes(count))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_counted_from_the_size_or_the_header() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("file");
        fs::write(&path, vec![0; 3073 * 4])?;
        assert_eq!(count(&path, "test_batch.bin")?, 4);
        fs::write(&path, [0, 0, 8, 3, 0, 0, 0x2e, 0xe0, 0, 0, 0, 28])?;
        assert_eq!(count(&path, "train-images-idx3-ubyte")?, 12_000);
        Ok(())
    }

    #[test]
    fn a_broken_or_misnamed_file_is_an_error_that_names_it() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("file");
        let cases: [(&[u8], &str); 5] = [
            (&[0; 3072], "test_batch.bin"),
            (&[], "data_batch_1.bin"),
            (&[0, 0, 8, 1, 0, 0, 0, 9], "t10k-images-idx3-ubyte"),
            (&[0, 0, 8], "t10k-labels-idx1-ubyte"),
            (&[0, 0, 8, 1, 0, 0, 0, 9], "t10k-labels-idx1-ubyte.gz"),
        ];
        for (bytes, name) in cases {
            fs::write(&path, bytes)?;
            let message = count(&path, name).err().map(|error| error.to_string());
            assert!(
                message.as_deref().is_some_and(|m| m.starts_with(name)),
                "{name}: {message:?}"
            );
        }
        Ok(())
    }
}
