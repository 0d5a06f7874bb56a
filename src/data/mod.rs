//! Bytes -> [`Dataset`]: embedded digits, procedural shapes, CIFAR-10 and IDX files, own images.
//!
//! Nothing here knows of tensors, devices or the page, and nothing here trusts a byte: whatever a
//! file holds, the answer is a data set or an [`Error`] that says where the file is wrong.

mod archive;
mod cifar;
mod digits;
mod idx;
mod normalise;
pub mod order;
mod own;
mod shapes;
mod stream;

pub use crate::config::DatasetId;
pub use digits::digits;
pub use normalise::Normalisation;
pub use shapes::shapes;

use crate::error::{Error, ErrorCode, Result};

/// Labelled images of one size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// n x channels x height x width, row-major, 0..=255.
    pub pixels: Vec<u8>,
    /// The class of each image, an index into [`Dataset::classes`].
    pub labels: Vec<u8>,
}

impl Split {
    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

/// Images to train on and images to test on, none of them in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    pub id: DatasetId,
    pub classes: Vec<String>,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub train: Split,
    pub test: Split,
}

impl Dataset {
    /// Bytes in an image: channels x height x width.
    pub fn image_len(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// CRC-32 of all images and labels: tells data sets of one id apart.
    pub fn digest(&self) -> u32 {
        let mut crc = flate2::Crc::new();
        for split in [&self.train, &self.test] {
            crc.update(&split.labels);
            crc.update(&split.pixels);
        }
        crc.sum()
    }

    /// Mean and standard deviation of each channel over the training images as they are now.
    pub fn normalisation(&self) -> Normalisation {
        Normalisation::of(&self.train.pixels, self.channels, self.height * self.width)
    }
}

/// A file as a person gave it: its name or path, and all of its bytes.
#[derive(Clone, Copy, Debug)]
pub struct NamedFile<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

/// Reads a data set from its official files, packed or not; files that are not its own are ignored.
///
/// - CIFAR-10: `data_batch_*.bin` and `test_batch.bin`, or a tar or tar.gz of them.
/// - MNIST, Fashion-MNIST: the four IDX files, gzipped or not.
/// - Own images: one `.safetensors` file, as the page packs it.
///
/// # Errors
/// [`ErrorCode::BadData`], naming the file, the byte offset, what is there and what belongs there.
pub fn from_files(id: DatasetId, files: &[NamedFile<'_>]) -> Result<Dataset> {
    if files.is_empty() {
        return Err(bad_data(format!(
            "no files were given; {} needs {}",
            id.name(),
            expected_files(id)
        )));
    }
    match id {
        DatasetId::Cifar10 => cifar::load(files),
        DatasetId::Mnist | DatasetId::FashionMnist => idx::load(id, files),
        DatasetId::Own => own::load(files),
        DatasetId::Digits | DatasetId::Shapes => Err(bad_data(format!(
            "{} is built in and is not read from files",
            id.name()
        ))),
    }
}

fn expected_files(id: DatasetId) -> &'static str {
    match id {
        DatasetId::Cifar10 => "cifar-10-binary.tar.gz, or data_batch_1.bin and test_batch.bin",
        DatasetId::Mnist | DatasetId::FashionMnist => {
            "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte (or their .gz)"
        }
        DatasetId::Own => "own-images.safetensors, which the page packs from a folder or zip",
        DatasetId::Digits | DatasetId::Shapes => "no files",
    }
}

/// The first few names, for a sentence.
fn listing(files: &[NamedFile<'_>]) -> String {
    const SHOWN: usize = 5;
    let names: Vec<&str> = files.iter().take(SHOWN).map(|f| f.name).collect();
    match files.len() {
        0 => "nothing".into(),
        n if n > SHOWN => format!("{} and {} more", names.join(", "), n - SHOWN),
        _ => names.join(", "),
    }
}

/// The last component of a path, whichever way its separators lean.
fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Names come from people and archives, and may hold anything; the sentence stays one line.
fn bad_data(message: impl Into<String>) -> Error {
    let message: String = message.into();
    Error::new(
        ErrorCode::BadData,
        message.replace(char::is_control, "\u{fffd}"),
    )
}
