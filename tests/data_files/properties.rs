//! What holds for all files, on random ones.

use super::fixtures::*;
use proptest::prelude::*;
use pruning_playground::data::DatasetId;

const NAMES: [&str; 8] = [
    "data_batch_1.bin",
    "test_batch.bin",
    "cifar-10-binary.tar.gz",
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte",
    "readme.html",
];

/// Random bytes, bare or behind the beginning of a real file, so that decoders get past the magic.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let beginnings = vec![
        Vec::new(),
        vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255],
        vec![0, 0, 8, 3],
        idx_header(3, &[2, 28, 28]),
        vec![0, 0, 8, 1, 0, 0, 0, 9],
        tar_claim("data_batch_1.bin", 3073),
    ];
    let random = prop::collection::vec(any::<u8>(), 0..2000);
    (prop::sample::select(beginnings), random, any::<bool>()).prop_map(
        |(beginning, random, pack)| {
            let bytes = [beginning, random].concat();
            if pack { gzip(&bytes) } else { bytes }
        },
    )
}

/// A valid CIFAR-10 or MNIST, by number, as files.
fn valid(which: usize) -> (DatasetId, Vec<(&'static str, Vec<u8>)>) {
    let (train, test) = (cifar_batch(2, 1), cifar_batch(1, 2));
    let archive = tar(&[("b/test_batch.bin", &test), ("b/data_batch_1.bin", &train)]);
    let mnist = Mnist::new(3, 2, 6, 5);
    let names = [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ];
    let idx = mnist.files().map(|(_, bytes)| bytes.to_vec());
    match which {
        0 => (
            DatasetId::Cifar10,
            vec![("data_batch_1.bin", train), ("test_batch.bin", test)],
        ),
        1 => (DatasetId::Cifar10, vec![("c.tar", archive)]),
        2 => (DatasetId::Cifar10, vec![("c.tar.gz", gzip(&archive))]),
        3 => (DatasetId::Mnist, names.into_iter().zip(idx).collect()),
        _ => (
            DatasetId::Mnist,
            names
                .into_iter()
                .zip(idx.map(|bytes| gzip(&bytes)))
                .collect(),
        ),
    }
}

fn borrow<'a>(files: &'a [(&'static str, Vec<u8>)]) -> Vec<(&'a str, &'a [u8])> {
    files
        .iter()
        .map(|(name, bytes)| (*name, bytes.as_slice()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn random_bytes_are_refused_or_read_and_never_panic(contents in prop::collection::vec(bytes(), 8)) {
        let files: Vec<(&str, &[u8])> = NAMES.into_iter().zip(contents.iter().map(Vec::as_slice)).collect();
        for id in DatasetId::ALL {
            for files in [&files[..], &files[2..3]] {
                if let Err(error) = read(id, files) {
                    assert_says(&error, &[]);
                }
            }
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_refused(which in 0usize..5, file in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let (id, mut files) = valid(which);
        prop_assert!(read(id, &borrow(&files)).is_ok());
        let bytes = &mut files[file.index(4) % if id == DatasetId::Mnist { 4 } else { 1 }].1;
        // Only zeros follow the last entry of a plain tar: the first of them marks its end.
        let len = if which == 1 { bytes.len() - 512 } else { bytes.len() };
        bytes.truncate(cut.index(len));
        // A loose batch has no header, so whole records are a shorter batch.
        prop_assume!(which != 0 || bytes.len() % RECORD != 0);
        let error = read(id, &borrow(&files)).unwrap_err();
        assert_says(&error, &[]);
    }

    #[test]
    fn one_changed_byte_is_refused_or_read_and_never_panics(which in 0usize..5, at in any::<prop::sample::Index>(), flip in 1u8..) {
        let (id, mut files) = valid(which);
        let bytes = &mut files[0].1;
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        match read(id, &borrow(&files)) {
            Ok(read) => {
                prop_assert_eq!(read.train.pixels.len(), read.train.len() * read.image_len());
                prop_assert_eq!(read.test.pixels.len(), read.test.len() * read.image_len());
            }
            Err(error) => assert_says(&error, &[]),
        }
    }

    #[test]
    fn whatever_is_packed_is_read_back(train in 1usize..6, test in 1usize..4, salt in 0usize..1000) {
        let (a, b, c) = (cifar_batch(train, salt), cifar_batch(1, salt + 1), cifar_batch(test, salt + 2));
        let archive = gzip(&tar(&[("data_batch_2.bin", &b), ("test_batch.bin", &c), ("data_batch_1.bin", &a)]));
        let cifar = read(DatasetId::Cifar10, &[("c", &archive)]).unwrap();
        prop_assert_eq!(cifar.train, cifar_split(&[&a, &b]));
        prop_assert_eq!(cifar.test, cifar_split(&[&c]));
    }
}
