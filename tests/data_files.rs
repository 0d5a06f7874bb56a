//! Data sets from files: what is read, what is refused and in which words, real samples.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "data_files/archives.rs"]
mod archives;
#[path = "data_files/damaged.rs"]
mod damaged;
#[path = "data_files/fixtures.rs"]
mod fixtures;
#[path = "data_files/properties.rs"]
mod properties;
#[path = "data_files/real.rs"]
mod real;

use fixtures::*;
use pruning_playground::data::DatasetId;

#[test]
fn loose_cifar_batches_train_in_the_order_of_their_names() {
    let (one, two, test) = (cifar_batch(3, 1), cifar_batch(2, 2), cifar_batch(4, 3));
    let files = [
        ("x/test_batch.bin", test.as_slice()),
        ("x/data_batch_2.bin", &two),
        ("x/batches.meta.txt", b"airplane\n"),
        ("x/._data_batch_1.bin", b"Mac OS X"),
        ("x/data_batch_1.bin", &one),
    ];
    let cifar = read(DatasetId::Cifar10, &files).unwrap();
    assert_eq!(cifar.train, cifar_split(&[&one, &two]));
    assert_eq!(cifar.test, cifar_split(&[&test]));
    assert_eq!((cifar.channels, cifar.height, cifar.width), (3, 32, 32));
    assert_eq!(
        (cifar.classes[0].as_str(), cifar.classes[9].as_str()),
        ("airplane", "truck")
    );
}

#[test]
fn a_cifar_archive_gives_what_its_files_give_whatever_their_order() {
    let batches: Vec<Vec<u8>> = (1..=5).map(|i| cifar_batch(2 + i, i)).collect();
    let test = cifar_batch(3, 9);
    let names: Vec<String> = (1..=5)
        .map(|i| format!("cifar-10-batches-bin/data_batch_{i}.bin"))
        .collect();
    let entry = |i: usize| (names[i].as_str(), batches[i].as_slice());
    let archive = tar(&[
        ("cifar-10-batches-bin/readme.html", b"<html>"),
        entry(3),
        ("cifar-10-batches-bin/test_batch.bin", &test),
        entry(0),
        entry(4),
        entry(1),
        entry(2),
    ]);
    let whole: Vec<&[u8]> = batches.iter().map(Vec::as_slice).collect();
    for (name, bytes) in [
        ("a.tar", archive.clone()),
        ("a.tar.gz", gzip(&archive)),
        ("a (1)", gzip(&archive)),
    ] {
        let cifar = read(DatasetId::Cifar10, &[(name, &bytes)]).unwrap();
        assert_eq!(cifar.train, cifar_split(&whole), "{name}");
        assert_eq!(cifar.test, cifar_split(&[&test]), "{name}");
    }
}

#[test]
fn an_archive_beside_its_unpacked_files_is_not_read_twice() {
    let (train, test) = (cifar_batch(3, 1), cifar_batch(2, 2));
    let archive = gzip(&tar(&[
        ("data_batch_1.bin", &train),
        ("test_batch.bin", &test),
    ]));
    let files = [
        ("cifar-10-binary.tar.gz", archive.as_slice()),
        ("data_batch_1.bin", &train),
        ("test_batch.bin", &test),
    ];
    assert_eq!(read(DatasetId::Cifar10, &files).unwrap().train.len(), 3);

    let mnist = Mnist::new(4, 2, 28, 28);
    let packed = gzip(&mnist.train_images);
    let mut files = mnist.files().to_vec();
    files.push(("train-images-idx3-ubyte.gz", &packed));
    assert_eq!(read(DatasetId::Mnist, &files).unwrap().train.len(), 4);
}

#[test]
fn idx_files_are_read_packed_or_not_whatever_their_names_say_of_it() {
    let mnist = Mnist::new(5, 3, 28, 28);
    let plain = read(DatasetId::Mnist, &mnist.files()).unwrap();
    assert_eq!(plain.train.pixels, mnist.train_images[16..]);
    assert_eq!(plain.train.labels, mnist.train_labels[8..]);
    assert_eq!(plain.test.pixels, mnist.test_images[16..]);
    assert_eq!(plain.test.labels, mnist.test_labels[8..]);
    assert_eq!((plain.channels, plain.height, plain.width), (1, 28, 28));

    let packed = mnist.files().map(|(_, bytes)| gzip(bytes));
    let names = [
        "raw/train-images.idx3-ubyte",
        "raw/train-labels.idx1-ubyte.gz",
        "raw\\t10k-images-idx3-ubyte.GZ",
        "raw/T10K-labels-idx1-ubyte",
    ];
    let files: Vec<(&str, &[u8])> = names
        .into_iter()
        .zip(packed.iter().map(Vec::as_slice))
        .collect();
    assert_eq!(read(DatasetId::Mnist, &files).unwrap(), plain);
}

#[test]
fn idx_images_of_any_size_from_4_to_64_are_read() {
    for (height, width) in [(4, 4), (64, 64), (5, 60)] {
        let mnist = Mnist::new(3, 2, height, width);
        let read = read(DatasetId::FashionMnist, &mnist.files()).unwrap();
        assert_eq!((read.height, read.width), (height as usize, width as usize));
        assert_eq!(read.train.pixels.len(), 3 * read.image_len());
        assert_eq!(read.classes[9], "Ankle boot");
    }
}
