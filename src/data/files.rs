//! Files as a person gives them, and sentences about them.

use super::id::DatasetId;
use crate::error::{Error, ErrorCode};

/// A file as a person gave it: its name or path, and all of its bytes.
#[derive(Clone, Copy, Debug)]
pub struct NamedFile<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

pub(super) fn expected_files(id: DatasetId) -> &'static str {
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
pub(super) fn listing(files: &[NamedFile<'_>]) -> String {
    const SHOWN: usize = 5;
    let names: Vec<&str> = files.iter().take(SHOWN).map(|f| f.name).collect();
    match files.len() {
        0 => "nothing".into(),
        n if n > SHOWN => format!("{} and {} more", names.join(", "), n - SHOWN),
        _ => names.join(", "),
    }
}

/// The last component of a path, whichever way its separators lean.
pub(super) fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Names come from people and archives, and may hold anything; the sentence stays one line.
pub(super) fn bad_data(message: impl Into<String>) -> Error {
    let message: String = message.into();
    Error::new(
        ErrorCode::BadData,
        message.replace(char::is_control, "\u{fffd}"),
    )
}
