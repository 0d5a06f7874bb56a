//! Small files in the official formats, made with the libraries that make real ones.

use flate2::{Compression, write::GzEncoder};
use pruning_playground::data::{Dataset, DatasetId, NamedFile, Split, from_files};
use pruning_playground::error::{Error, ErrorCode, Result};
use std::io::Write;

pub const RECORD: usize = 3073;
pub const TRAIN_IMAGES: &str = "train-images-idx3-ubyte";

/// Names and contents.
pub type Files<'a> = [(&'a str, &'a [u8])];

pub fn named<'a>(files: &Files<'a>) -> Vec<NamedFile<'a>> {
    files
        .iter()
        .map(|&(name, bytes)| NamedFile { name, bytes })
        .collect()
}

pub fn read(id: DatasetId, files: &Files<'_>) -> Result<Dataset> {
    from_files(id, &named(files))
}

/// The error is about data and one sentence that holds all of `parts`.
pub fn assert_says(error: &Error, parts: &[&str]) {
    assert_eq!(error.code, ErrorCode::BadData);
    assert!(!error.message.contains('\n'), "{}", error.message);
    for part in parts {
        assert!(
            error.message.contains(part),
            "no \"{part}\" in: {}",
            error.message
        );
    }
}

pub fn assert_refused(id: DatasetId, files: &Files<'_>, parts: &[&str]) {
    assert_says(&read(id, files).unwrap_err(), parts);
}

/// CIFAR-10 with the training batch given.
pub fn cifar_refused(train: &[u8], parts: &[&str]) {
    let test = cifar_batch(1, 0);
    assert_refused(
        DatasetId::Cifar10,
        &[("data_batch_1.bin", train), ("test_batch.bin", &test)],
        parts,
    );
}

/// MNIST of 5 + 3 images with the file at `place` replaced.
pub fn mnist_refused(place: usize, bytes: &[u8], parts: &[&str]) {
    assert_refused(
        DatasetId::Mnist,
        &Mnist::new(5, 3, 28, 28).with(place, bytes),
        parts,
    );
}

/// `count` records whose bytes depend on their place and on `salt`.
pub fn cifar_batch(count: usize, salt: usize) -> Vec<u8> {
    let record = |i: usize| {
        let label = ((i * 3 + salt) % 10) as u8;
        std::iter::once(label).chain((1..RECORD).map(move |j| (i * 31 + j * 7 + salt * 101) as u8))
    };
    (0..count).flat_map(record).collect()
}

/// What batches one after another decode to.
pub fn cifar_split(batches: &[&[u8]]) -> Split {
    let records = || batches.iter().flat_map(|batch| batch.chunks(RECORD));
    Split {
        pixels: records().flat_map(|record| &record[1..]).copied().collect(),
        labels: records().map(|record| record[0]).collect(),
    }
}

pub fn idx_images(count: u32, height: u32, width: u32) -> Vec<u8> {
    let mut bytes = idx_header(3, &[count, height, width]);
    bytes.extend((0..count * height * width).map(|i| (i * 13 + 5) as u8));
    bytes
}

pub fn idx_labels(count: u32) -> Vec<u8> {
    let mut bytes = idx_header(1, &[count]);
    bytes.extend((0..count).map(|i| (i % 10) as u8));
    bytes
}

pub fn idx_header(dimensions: u8, sizes: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, dimensions];
    bytes.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    bytes
}

/// The four files of an IDX data set.
pub struct Mnist {
    pub train_images: Vec<u8>,
    pub train_labels: Vec<u8>,
    pub test_images: Vec<u8>,
    pub test_labels: Vec<u8>,
}

impl Mnist {
    pub fn new(train: u32, test: u32, height: u32, width: u32) -> Self {
        Self {
            train_images: idx_images(train, height, width),
            train_labels: idx_labels(train),
            test_images: idx_images(test, height, width),
            test_labels: idx_labels(test),
        }
    }

    pub fn files(&self) -> [(&str, &[u8]); 4] {
        [
            ("train-images-idx3-ubyte", &self.train_images),
            ("train-labels-idx1-ubyte", &self.train_labels),
            ("t10k-images-idx3-ubyte", &self.test_images),
            ("t10k-labels-idx1-ubyte", &self.test_labels),
        ]
    }

    /// The same with one file's content replaced.
    pub fn with<'a>(&'a self, place: usize, bytes: &'a [u8]) -> [(&'a str, &'a [u8]); 4] {
        let mut files = self.files();
        files[place].1 = bytes;
        files
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn tar(entries: &Files<'_>) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in entries {
        let mut header = tar_header(bytes.len() as u64);
        builder.append_data(&mut header, path, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub fn tar_header(size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

/// A tar header that says `size` bytes, and no bytes.
pub fn tar_claim(path: &str, size: u64) -> Vec<u8> {
    let mut header = tar_header(size);
    header.set_path(path).unwrap();
    header.set_cksum();
    header.as_bytes().to_vec()
}

/// gzip members that unpack to `gibibytes` GiB of zeros, about 1 MB each.
pub fn gzipped_zeros(gibibytes: usize) -> Vec<u8> {
    gzip(&vec![0; 1 << 26]).repeat(16 * gibibytes)
}
