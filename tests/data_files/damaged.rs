//! Bad batches and IDX files: the sentence names the file, the place, and what belongs there.

use super::fixtures::*;
use pruning_playground::data::DatasetId::{self, Cifar10, Mnist as MnistId};

#[test]
fn no_files_and_built_in_data_sets_are_refused() {
    assert_refused(Cifar10, &[], &["no files", "cifar-10-binary.tar.gz"]);
    assert_refused(MnistId, &[], &["no files", "t10k-labels-idx1-ubyte"]);
    for id in [DatasetId::Digits, DatasetId::Shapes] {
        assert_refused(id, &[("a", b"a")], &["built in", id.name()]);
    }
}

#[test]
fn missing_files_are_named_and_so_is_what_was_given() {
    let batch = cifar_batch(1, 1);
    assert_refused(
        Cifar10,
        &[("data_batch_1.bin", &batch)],
        &["test_batch.bin is missing", "data_batch_1.bin"],
    );
    assert_refused(
        Cifar10,
        &[("train.bin", &batch)],
        &["data_batch_*.bin is missing", "train.bin"],
    );
    let archive = gzip(&tar(&[("cifar-10-batches-py/data_batch_1", &batch)]));
    assert_refused(
        Cifar10,
        &[("cifar-10-python.tar.gz", &archive)],
        &["missing", "cifar-10-python.tar.gz", "the binary version"],
    );
    let mnist = Mnist::new(2, 2, 28, 28);
    for (i, (name, _)) in mnist.files().into_iter().enumerate() {
        let mut files = mnist.files().to_vec();
        files.remove(i);
        assert_refused(MnistId, &files, &[&format!("missing: {name} (")]);
    }
}

#[test]
fn the_same_file_twice_is_refused_with_both_names() {
    let (train, test) = (cifar_batch(1, 1), cifar_batch(1, 2));
    let files = [
        ("a/data_batch_1.bin", train.as_slice()),
        ("b/data_batch_1.bin", &train),
        ("test_batch.bin", &test),
    ];
    assert_refused(
        Cifar10,
        &files,
        &["a/data_batch_1.bin", "b/data_batch_1.bin", "one of them"],
    );
    let mnist = Mnist::new(2, 2, 28, 28);
    let mut files = mnist.files().to_vec();
    files.push(("fashion/train-images.idx3-ubyte", &mnist.train_images));
    assert_refused(
        MnistId,
        &files,
        &[
            TRAIN_IMAGES,
            "fashion/train-images.idx3-ubyte",
            "one of them",
        ],
    );
}

#[test]
fn empty_files_are_refused() {
    cifar_refused(b"", &["data_batch_1.bin is empty", "3073"]);
    cifar_refused(&gzip(b""), &["data_batch_1.bin", "byte 0", "3073"]);
    mnist_refused(0, b"", &[TRAIN_IMAGES, "nothing at byte 0", "00 00 08 03"]);
    mnist_refused(
        0,
        &gzip(b""),
        &[TRAIN_IMAGES, "nothing at byte 0", "00 00 08 03"],
    );
    assert_refused(
        Cifar10,
        &[("cifar-10-binary.tar.gz", b"")],
        &["cifar-10-binary.tar.gz", "nothing at byte 0"],
    );
}

#[test]
fn a_truncated_batch_says_in_which_record_it_ends() {
    let batch = cifar_batch(3, 1);
    cifar_refused(
        &batch[..7000],
        &[
            "data_batch_1.bin ends at byte 7000",
            "the record at byte 6146",
            "3073",
        ],
    );
    let cut = gzip(&batch[..7000]);
    cifar_refused(
        &cut,
        &["data_batch_1.bin is cut short", "byte 7000", "3073"],
    );
}

#[test]
fn labels_above_nine_are_refused_with_their_offset() {
    let mut batch = cifar_batch(3, 1);
    batch[2 * RECORD] = 10;
    cifar_refused(
        &batch,
        &["data_batch_1.bin", "byte 6146", "is 10", "0 to 9"],
    );
    let archive = gzip(&tar(&[("x/data_batch_1.bin", &batch)]));
    assert_refused(
        Cifar10,
        &[("c.tar.gz", &archive)],
        &["c.tar.gz: x/data_batch_1.bin", "byte 6146", "0 to 9"],
    );
    let mut labels = idx_labels(3);
    labels[9] = 255;
    mnist_refused(
        3,
        &labels,
        &["t10k-labels-idx1-ubyte", "byte 9", "is 255", "0 to 9"],
    );
}

#[test]
fn idx_files_with_a_wrong_magic_number_are_refused() {
    mnist_refused(
        0,
        &idx_labels(5),
        &[
            TRAIN_IMAGES,
            "00 00 08 01 at byte 0",
            "00 00 08 03 is expected",
        ],
    );
    mnist_refused(
        1,
        &idx_images(5, 28, 28),
        &[
            "train-labels",
            "00 00 08 03 at byte 0",
            "00 00 08 01 is expected",
        ],
    );
    mnist_refused(
        2,
        b"<!DOCTYPE html>",
        &["t10k-images", "3c 21 44 4f at byte 0", "00 00 08 03"],
    );
}

#[test]
fn idx_files_of_another_length_than_their_header_says_are_refused() {
    let images = idx_images(5, 28, 28);
    let parts = [TRAIN_IMAGES, "promises 3936 bytes"];
    for bytes in [images[..3935].to_vec(), [images.as_slice(), &[0]].concat()] {
        mnist_refused(0, &bytes, &parts);
        mnist_refused(0, &gzip(&bytes), &parts);
    }
    mnist_refused(0, &images[..3], &[TRAIN_IMAGES, "00 00 08 at byte 0"]);
    mnist_refused(
        0,
        &images[..11],
        &[TRAIN_IMAGES, "ends at byte 11", "header of 16 bytes"],
    );
}

#[test]
fn idx_headers_with_impossible_sizes_are_refused_before_memory_is_taken() {
    for (sizes, at) in [
        ([5, 3, 28], "byte 8"),
        ([5, 28, 65], "byte 12"),
        ([5, u32::MAX, 28], "byte 8"),
    ] {
        mnist_refused(0, &idx_header(3, &sizes), &[TRAIN_IMAGES, at, "4 to 64"]);
    }
    let most = idx_header(3, &[u32::MAX, 64, 64]);
    for bytes in [most.clone(), gzip(&most)] {
        mnist_refused(
            0,
            &bytes,
            &[
                TRAIN_IMAGES,
                "bytes 4 to 16",
                "17592186040320",
                "at most 268435456",
            ],
        );
    }
    let plausible = gzip(&idx_header(3, &[60_000, 64, 64]));
    mnist_refused(
        0,
        &plausible,
        &[TRAIN_IMAGES, "ends at byte 16", "245760016"],
    );
    mnist_refused(
        1,
        &idx_header(1, &[u32::MAX]),
        &["train-labels", "4294967295", "at most 268435456"],
    );
    mnist_refused(
        0,
        &idx_header(3, &[0, 28, 28]),
        &[TRAIN_IMAGES, "byte 4", "0 images"],
    );
}

#[test]
fn images_and_labels_that_do_not_belong_together_are_refused() {
    mnist_refused(
        1,
        &idx_labels(4),
        &[
            "train-labels",
            "byte 4",
            "4 labels",
            "train-images",
            "5 images",
        ],
    );
    mnist_refused(
        2,
        &idx_images(3, 28, 32),
        &["t10k-images", "byte 8", "28 x 32", "28 x 28"],
    );
}
