//! Bytes -> [`Dataset`]: embedded digits, procedural shapes, CIFAR-10 and IDX files, own images.
//!
//! Nothing here knows of tensors, devices or the page, and nothing here trusts a byte: whatever a
//! file holds, the answer is a data set or an [`Error`](crate::error::Error) that says where the file is wrong.

mod archive;
pub mod augment;
pub mod batch;
mod cifar;
mod dataset;
mod digits;
mod files;
mod id;
mod idx;
mod normalise;
pub mod order;
mod own;
pub mod random;
mod shapes;
mod stream;

pub use dataset::{Dataset, DatasetInfo, Split};
pub use digits::digits;
pub use files::NamedFile;
pub use id::DatasetId;
pub use normalise::Normalisation;
pub use shapes::shapes;

use crate::error::Result;
use files::{bad_data, expected_files};

/// Reads a data set from its official files, packed or not; files that are not its own are ignored.
///
/// - CIFAR-10: `data_batch_*.bin` and `test_batch.bin`, or a tar or tar.gz of them.
/// - MNIST, Fashion-MNIST: the four IDX files, gzipped or not.
/// - Own images: one `.safetensors` file, as the page packs it.
///
/// # Errors
/// [`BadData`](crate::error::ErrorCode::BadData), naming the file, the byte offset, what is there and what belongs there.
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
