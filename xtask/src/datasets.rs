//! The data sets that come from files: official names, sizes, checksums and sources.

use crate::checksum::Checksum;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// A data set that has to be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Dataset {
    #[value(name = "cifar-10")]
    Cifar10,
    Mnist,
    FashionMnist,
}

/// A file of the official distribution.
#[derive(Clone, Copy, Debug)]
pub struct OfficialFile {
    pub name: &'static str,
    /// Images or labels in it.
    pub records: u64,
    pub checksum: Checksum,
}

/// The archive of the CIFAR-10 binary files, by name.
pub const CIFAR_ARCHIVE: &str = "cifar-10-binary.tar.gz";

/// Where the CIFAR-10 archive is, with the checksum that its publisher gives. The second is
/// another archive of the same files (Apache MXNet, gluon).
pub const CIFAR_SOURCES: [(&str, Checksum); 2] = [
    (
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        Checksum::Md5("c32a1d4ab5d03f1284b67883e8d87530"),
    ),
    (
        "https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/gluon/dataset/cifar10/cifar-10-binary.tar.gz",
        Checksum::Sha1("fab780a1e191a7eda0f345501ccd62d20f7ed891"),
    ),
];

/// Checksums: Apache MXNet, gluon vision data sets.
const CIFAR_FILES: [OfficialFile; 6] = [
    cifar(
        "data_batch_1.bin",
        "aadd24acce27caa71bf4b10992e9e7b2d74c2540",
    ),
    cifar(
        "data_batch_2.bin",
        "c0ba65cce70568cd57b4e03e9ac8d2a5367c1795",
    ),
    cifar(
        "data_batch_3.bin",
        "1dd00a74ab1d17a6e7d73e185b69dbf31242f295",
    ),
    cifar(
        "data_batch_4.bin",
        "aab85764eb3584312d3c7f65fd2fd016e36a258e",
    ),
    cifar(
        "data_batch_5.bin",
        "26e2849e66a845b7f1e4614ae70f4889ae604628",
    ),
    cifar("test_batch.bin", "67eb016db431130d61cd03c7ad570b013799c88c"),
];

const MNIST_FILES: [OfficialFile; 4] = [
    idx(
        "train-images-idx3-ubyte.gz",
        60_000,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    idx(
        "train-labels-idx1-ubyte.gz",
        60_000,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    idx(
        "t10k-images-idx3-ubyte.gz",
        10_000,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    idx(
        "t10k-labels-idx1-ubyte.gz",
        10_000,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
];

const FASHION_FILES: [OfficialFile; 4] = [
    idx(
        "train-images-idx3-ubyte.gz",
        60_000,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    idx(
        "train-labels-idx1-ubyte.gz",
        60_000,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    idx(
        "t10k-images-idx3-ubyte.gz",
        10_000,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
    idx(
        "t10k-labels-idx1-ubyte.gz",
        10_000,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
];

const fn cifar(name: &'static str, sha1: &'static str) -> OfficialFile {
    OfficialFile {
        name,
        records: 10_000,
        checksum: Checksum::Sha1(sha1),
    }
}

const fn idx(name: &'static str, records: u64, sha256: &'static str) -> OfficialFile {
    OfficialFile {
        name,
        records,
        checksum: Checksum::Sha256(sha256),
    }
}

impl Dataset {
    pub const ALL: [Self; 3] = [Self::Cifar10, Self::Mnist, Self::FashionMnist];

    /// The name in URLs, folders and commands.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cifar10 => "cifar-10",
            Self::Mnist => "mnist",
            Self::FashionMnist => "fashion-mnist",
        }
    }

    pub fn official_files(self) -> &'static [OfficialFile] {
        match self {
            Self::Cifar10 => &CIFAR_FILES,
            Self::Mnist => &MNIST_FILES,
            Self::FashionMnist => &FASHION_FILES,
        }
    }

    /// Folders on the web that hold the official files under their names; for CIFAR-10 see
    /// [`CIFAR_SOURCES`].
    pub fn mirrors(self) -> &'static [&'static str] {
        match self {
            Self::Cifar10 => &[],
            Self::Mnist => &[
                "https://storage.googleapis.com/cvdf-datasets/mnist/",
                "https://ossci-datasets.s3.amazonaws.com/mnist/",
            ],
            Self::FashionMnist => &[
                "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion/",
            ],
        }
    }

    /// Under what its files may be passed on; None where its publisher does not say.
    pub fn licence(self) -> Option<&'static str> {
        match self {
            Self::Cifar10 => None,
            Self::Mnist => Some(include_str!("../licences/mnist.txt")),
            Self::FashionMnist => Some(include_str!("../licences/fashion-mnist.txt")),
        }
    }

    /// The files of this data set in one folder, each once: unpacked ones before the archive
    /// that holds them. Empty where the folder has none.
    pub fn files_in(self, folder: &Path) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = self
            .official_files()
            .iter()
            .filter_map(|file| {
                let unpacked = file.name.trim_end_matches(".gz");
                [file.name, unpacked]
                    .map(|name| folder.join(name))
                    .into_iter()
                    .find(|path| path.is_file())
            })
            .collect();
        let archive = folder.join(CIFAR_ARCHIVE);
        if self == Self::Cifar10 && found.is_empty() && archive.is_file() {
            found.push(archive);
        }
        found
    }

    /// The files in a folder that a person named: in it, or in one below it that has the data
    /// set's name or the name that the official archive unpacks to.
    pub fn find(self, folder: &Path) -> Vec<PathBuf> {
        let mut folders = vec![folder.to_owned(), folder.join(self.name())];
        if self == Self::Cifar10 {
            folders.push(folder.join("cifar-10-batches-bin"));
        }
        folders
            .iter()
            .map(|folder| self.files_in(folder))
            .find(|files| !files.is_empty())
            .unwrap_or_default()
    }

    /// What a folder should hold, for a message.
    pub fn expected_names(self) -> &'static str {
        match self {
            Self::Cifar10 => {
                "data_batch_1.bin to data_batch_5.bin and test_batch.bin, or cifar-10-binary.tar.gz"
            }
            Self::Mnist | Self::FashionMnist => {
                "{train,t10k}-images-idx3-ubyte and {train,t10k}-labels-idx1-ubyte, with .gz or without"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stamp;
    use anyhow::Result;

    fn names(files: &[PathBuf]) -> Vec<String> {
        files
            .iter()
            .filter_map(|path| path.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn files_are_found_in_the_folder_named_and_in_the_usual_ones_below_it() -> Result<()> {
        for below in ["", "cifar-10", "cifar-10-batches-bin"] {
            let folder = tempfile::tempdir()?;
            for file in ["test_batch.bin", "data_batch_3.bin", "batches.meta.txt"] {
                stamp::write(&folder.path().join(below).join(file), "")?;
            }
            assert_eq!(
                names(&Dataset::Cifar10.find(folder.path())),
                ["data_batch_3.bin", "test_batch.bin"]
            );
        }
        Ok(())
    }

    #[test]
    fn no_image_is_found_twice_where_packed_and_unpacked_files_lie_together() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for file in [
            "train-images-idx3-ubyte",
            "train-images-idx3-ubyte.gz",
            "train-labels-idx1-ubyte",
            "data_batch_1.bin",
            CIFAR_ARCHIVE,
        ] {
            stamp::write(&folder.path().join(file), "")?;
        }
        assert_eq!(
            names(&Dataset::Mnist.find(folder.path())),
            ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"]
        );
        assert_eq!(
            names(&Dataset::Cifar10.find(folder.path())),
            ["data_batch_1.bin"]
        );
        Ok(())
    }

    #[test]
    fn checksums_have_the_length_of_their_algorithm() {
        let of_files = Dataset::ALL
            .iter()
            .flat_map(|dataset| dataset.official_files())
            .map(|file| file.checksum);
        for checksum in of_files.chain(CIFAR_SOURCES.map(|(_, checksum)| checksum)) {
            let length = match checksum {
                Checksum::Md5(_) => 32,
                Checksum::Sha1(_) => 40,
                Checksum::Sha256(_) => 64,
            };
            assert_eq!(checksum.digits().len(), length, "{checksum}");
        }
    }
}
