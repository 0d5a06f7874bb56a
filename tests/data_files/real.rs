//! Samples of the real data sets, where there are any: the folder named by `PLAYGROUND_DATA`, or
//! `../shared/data` beside the repository.

use super::fixtures::read;
use pruning_playground::data::{Dataset, DatasetId, Split};
use std::path::{Path, PathBuf};

/// All files of a folder of the samples, or nothing, with a word about it.
fn sample(folder: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let root = match std::env::var_os("PLAYGROUND_DATA") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
    };
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
        println!(
            "no {folder} in {}: only the fixtures were tested",
            root.display()
        );
        return None;
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    Some(
        paths
            .map(|path| {
                (
                    format!("{folder}/{}", path.file_name().unwrap().display()),
                    std::fs::read(&path).unwrap(),
                )
            })
            .collect(),
    )
}

fn load(id: DatasetId, folder: &str) -> Option<Dataset> {
    let files = sample(folder)?;
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    Some(read(id, &files).unwrap())
}

fn counts(split: &Split) -> [usize; 10] {
    std::array::from_fn(|class| {
        split
            .labels
            .iter()
            .filter(|&&l| usize::from(l) == class)
            .count()
    })
}

#[test]
fn real_cifar_10_has_its_published_class_counts() {
    let Some(cifar) = load(DatasetId::Cifar10, "cifar-10-batches-bin") else {
        return;
    };
    assert_eq!(
        counts(&cifar.train),
        [1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981]
    );
    assert_eq!(
        counts(&cifar.test),
        [389, 392, 426, 389, 400, 388, 396, 397, 408, 415]
    );
    assert_eq!(cifar.train.pixels.len(), 10_000 * 3072);
    // The figures in general use for all 50,000 images, which a fifth of them meets to 0.01.
    let normalisation = cifar.normalisation();
    for (found, published) in normalisation.mean.iter().zip([0.4914, 0.4822, 0.4465]) {
        assert!((found - published).abs() < 0.01, "{normalisation:?}");
    }
    for (found, published) in normalisation.std.iter().zip([0.2470, 0.2435, 0.2616]) {
        assert!((found - published).abs() < 0.01, "{normalisation:?}");
    }
}

#[test]
fn real_fashion_mnist_has_its_published_class_counts() {
    let Some(fashion) = load(DatasetId::FashionMnist, "fashion-mnist") else {
        return;
    };
    assert_eq!(
        counts(&fashion.train),
        [1122, 1220, 1201, 1212, 1181, 1204, 1244, 1192, 1195, 1229]
    );
    assert_eq!(counts(&fashion.test), [1000; 10]);
    assert_eq!(
        (fashion.channels, fashion.height, fashion.width),
        (1, 28, 28)
    );
}

#[test]
fn real_mnist_has_its_published_class_counts_and_moments() {
    let Some(mnist) = load(DatasetId::Mnist, "mnist") else {
        return;
    };
    assert_eq!(
        counts(&mnist.train),
        [1206, 1351, 1176, 1228, 1184, 1048, 1208, 1279, 1127, 1193]
    );
    assert_eq!(
        counts(&mnist.test),
        [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    );
    let normalisation = mnist.normalisation();
    assert!(
        (normalisation.mean[0] - 0.1307).abs() < 0.01,
        "{normalisation:?}"
    );
    assert!(
        (normalisation.std[0] - 0.3081).abs() < 0.01,
        "{normalisation:?}"
    );
}
