//! Bad gzip and tar: damaged, cut short, lying about sizes, or unpacking without end.

use super::fixtures::*;
use pruning_playground::data::DatasetId::Cifar10;
use std::time::{Duration, Instant};

#[test]
fn damaged_gzip_is_refused_with_the_place() {
    let good = gzip(&idx_images(5, 28, 28));
    let mut checksum = good.clone();
    let at = checksum.len() - 8;
    checksum[at] ^= 1;
    mnist_refused(
        0,
        &checksum,
        &[
            TRAIN_IMAGES,
            "damaged gzip",
            &format!("byte {} of", good.len()),
            "download",
        ],
    );
    mnist_refused(
        0,
        &good[..good.len() / 2],
        &[
            TRAIN_IMAGES,
            "cut short",
            &format!("byte {}", good.len() / 2),
        ],
    );
    let mut method = good.clone();
    method[2] = 7;
    mnist_refused(0, &method, &[TRAIN_IMAGES, "damaged gzip"]);
    let trailing = [good.as_slice(), b"junk that is no gzip"].concat();
    mnist_refused(0, &trailing, &[TRAIN_IMAGES, "damaged gzip"]);
}

#[test]
fn a_page_saved_as_an_archive_is_refused_with_its_first_bytes() {
    for name in ["cifar-10-binary.tar.gz", "cifar.tgz", "cifar.tar"] {
        let files = [(name, b"<html>503".as_slice())];
        assert_refused(
            Cifar10,
            &files,
            &[name, "3c 68 74 6d at byte 0", "1f 8b", "ustar"],
        );
    }
}

#[test]
fn a_truncated_archive_is_refused_even_between_two_entries() {
    let (train, test) = (cifar_batch(1, 1), cifar_batch(1, 2));
    let entries = [
        ("data_batch_1.bin", train.as_slice()),
        ("test_batch.bin", &test),
        ("data_batch_2.bin", &train),
    ];
    let archive = tar(&entries);
    let between = 2 * (512 + 3584);
    for (cut, parts) in [
        (between, ["c.tar is cut short", "byte 8192"]),
        (between + 100, ["c.tar: damaged tar", "byte 8192"]),
        (between + 612, ["data_batch_2.bin is cut short", "byte 100"]),
    ] {
        assert_refused(Cifar10, &[("c.tar", &archive[..cut])], &parts);
        assert_refused(Cifar10, &[("c.tar", &gzip(&archive[..cut]))], &parts);
    }
    let mut header = archive.clone();
    header[4096 + 20] ^= 1;
    assert_refused(
        Cifar10,
        &[("c.tar", &header)],
        &["c.tar: damaged tar", "byte 4096"],
    );
    let mut packed = gzip(&archive);
    let at = packed.len() - 8;
    packed[at] ^= 1;
    assert_refused(
        Cifar10,
        &[("c.tar.gz", &packed)],
        &["c.tar.gz: damaged gzip", "download"],
    );
}

#[test]
fn names_with_control_characters_leave_the_sentence_on_one_line() {
    let archive = tar(&[("a\n\u{1b}[31m/data_batch_1.bin", b"x")]);
    assert_refused(
        Cifar10,
        &[("c\r\n.tar", &archive)],
        &["data_batch_1.bin ends at byte 1"],
    );
}

#[test]
fn absurd_entry_sizes_are_refused_at_their_header() {
    for size in [10 << 30, u64::MAX - 600, u64::MAX] {
        let wanted = tar_claim("data_batch_1.bin", size);
        let skipped = tar_claim("readme.html", size);
        for (bytes, what) in [(wanted, "byte 0"), (skipped, "c.tar")] {
            assert_refused(Cifar10, &[("c.tar", &bytes)], &["c.tar", what]);
            assert_refused(Cifar10, &[("c.tar", &gzip(&bytes))], &["c.tar", what]);
        }
    }
    let over = tar_claim("data_batch_1.bin", 10 << 30);
    assert_refused(
        Cifar10,
        &[("c.tar", &over)],
        &["10737418240 bytes", "at most 268435456"],
    );
}

#[test]
fn what_unpacks_without_end_is_refused_soon() {
    let start = Instant::now();
    let zeros = gzipped_zeros(3);
    assert!(zeros.len() < 20 << 20);
    let skipped = [gzip(&tar_claim("readme.html", 10 << 30)), zeros.clone()].concat();
    assert_refused(
        Cifar10,
        &[("c.tar.gz", &skipped)],
        &["c.tar.gz unpacks to too much", "1073741824"],
    );
    let tail = [
        gzip(&tar(&[("data_batch_1.bin", &cifar_batch(1, 1))])),
        zeros.clone(),
    ]
    .concat();
    assert_refused(
        Cifar10,
        &[("c.tar.gz", &tail)],
        &["c.tar.gz unpacks to too much", "1073741824"],
    );
    cifar_refused(&zeros, &["data_batch_1.bin", "at most 268435456"]);
    mnist_refused(0, &zeros, &[TRAIN_IMAGES, "00 00 00 00 at byte 0"]);
    let images = [gzip(&idx_header(3, &[5, 28, 28])), zeros].concat();
    mnist_refused(0, &images, &[TRAIN_IMAGES, "goes on past byte 3936"]);
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}
