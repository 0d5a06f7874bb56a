//! A person's own images. The page decodes and scales them and packs them into one safetensors file:
//! `images` u8 `[n, 3, 32, 32]`, `labels` u8 `[n]`, and in the metadata `classes`, a JSON list of names.

use super::dataset::{Dataset, Split};
use super::files::{NamedFile, bad_data, expected_files, listing};
use super::id::DatasetId;
use super::order::epoch_order;
use crate::error::Result;
use safetensors::{Dtype, SafeTensors};

const CHANNELS: usize = 3;
const SIDE: usize = 32;
const IMAGE: usize = CHANNELS * SIDE * SIDE;
const CLASSES: std::ops::RangeInclusive<usize> = 2..=10;
const IMAGES: std::ops::RangeInclusive<usize> = 8..=60_000;
const NAME_CHARS: usize = 64;
/// One to train on and one to test on.
const LEAST_IN_CLASS: usize = 2;
/// One image in so many is for testing.
const TEST_SHARE: usize = 5;
/// Not the seed of a run: a network that was trained under one seed must never have seen the images that
/// another seed tests on.
const SPLIT_SEED: u32 = 0;

pub(super) fn load(files: &[NamedFile<'_>]) -> Result<Dataset> {
    let [file] = files else {
        return Err(bad_data(format!(
            "{} are {} files; own images come as one: {}",
            listing(files),
            files.len(),
            expected_files(DatasetId::Own)
        )));
    };
    let name = file.name;
    let foreign = |e: &dyn std::fmt::Display| {
        bad_data(format!(
            "{name} is not a file of own images ({e}); choose the folder or zip again"
        ))
    };
    let (_, header) = SafeTensors::read_metadata(file.bytes).map_err(|e| foreign(&e))?;
    let metadata = header.metadata().as_ref();
    let classes = metadata
        .and_then(|m| m.get("classes"))
        .ok_or_else(|| foreign(&"it names no classes"))?;
    let classes: Vec<String> = serde_json::from_str(classes).map_err(|e| foreign(&e))?;
    let tensors = SafeTensors::deserialize(file.bytes).map_err(|e| foreign(&e))?;
    let labels = tensors.tensor("labels").map_err(|e| foreign(&e))?;
    let images = tensors.tensor("images").map_err(|e| foreign(&e))?;
    let n = labels.data().len();
    let fits = labels.dtype() == Dtype::U8
        && images.dtype() == Dtype::U8
        && labels.shape() == [n]
        && images.shape() == [n, CHANNELS, SIDE, SIDE];
    if !fits {
        return Err(foreign(&format!(
            "its images are {:?}, its labels {:?}; [n, {CHANNELS}, {SIDE}, {SIDE}] and [n] bytes are expected",
            images.shape(),
            labels.shape()
        )));
    }
    check_classes(&classes)?;
    check_labels(labels.data(), &classes)?;
    let (train, test) = split(labels.data(), classes.len());
    Ok(Dataset {
        id: DatasetId::Own,
        classes,
        channels: CHANNELS,
        height: SIDE,
        width: SIDE,
        train: gather(&train, images.data(), labels.data()),
        test: gather(&test, images.data(), labels.data()),
    })
}

fn check_classes(classes: &[String]) -> Result<()> {
    if !CLASSES.contains(&classes.len()) {
        return Err(bad_data(format!(
            "there are {} classes; make {} to {} folders, one for each class",
            classes.len(),
            CLASSES.start(),
            CLASSES.end()
        )));
    }
    for (i, class) in classes.iter().enumerate() {
        if class.trim().is_empty() || class.chars().count() > NAME_CHARS {
            return Err(bad_data(format!(
                "the name of class {} has {} characters; give its folder a name of 1 to {NAME_CHARS}",
                i + 1,
                class.chars().count()
            )));
        }
        if classes[..i].contains(class) {
            return Err(bad_data(format!(
                "two classes are called {class}; give their folders different names"
            )));
        }
    }
    Ok(())
}

fn check_labels(labels: &[u8], classes: &[String]) -> Result<()> {
    if !IMAGES.contains(&labels.len()) {
        return Err(bad_data(format!(
            "there are {} images; give {} to {}",
            labels.len(),
            IMAGES.start(),
            IMAGES.end()
        )));
    }
    if let Some(i) = labels.iter().position(|&l| usize::from(l) >= classes.len()) {
        return Err(bad_data(format!(
            "image {i} has the label {}, but there are only {} classes; choose the folder or zip again",
            labels[i],
            classes.len()
        )));
    }
    for (class, name) in classes.iter().enumerate() {
        let count = labels.iter().filter(|&&l| usize::from(l) == class).count();
        if count < LEAST_IN_CLASS {
            return Err(bad_data(format!(
                "class {name} has {count} readable images; give every class at least {LEAST_IN_CLASS}, one to train on and one to test on"
            )));
        }
    }
    Ok(())
}

/// Indices to train and to test on, in mixed order; of each class a fifth tests, and at least one image.
fn split(labels: &[u8], classes: usize) -> (Vec<usize>, Vec<usize>) {
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for class in 0..classes {
        let of_class: Vec<usize> = (0..labels.len())
            .filter(|&i| usize::from(labels[i]) == class)
            .collect();
        let n = of_class.len();
        let tested = ((n + TEST_SHARE / 2) / TEST_SHARE).max(1);
        let order = epoch_order(SPLIT_SEED, class as u32, n);
        let mut shuffled = order.into_iter().map(|i| of_class[i as usize]);
        test.extend(shuffled.by_ref().take(tested));
        train.extend(shuffled);
    }
    // A limited training set takes the first images, and must find every class among them.
    let mixed = |indices: &[usize]| -> Vec<usize> {
        epoch_order(SPLIT_SEED, classes as u32, indices.len())
            .into_iter()
            .map(|i| indices[i as usize])
            .collect()
    };
    (mixed(&train), mixed(&test))
}

fn gather(indices: &[usize], pixels: &[u8], labels: &[u8]) -> Split {
    Split {
        pixels: indices
            .iter()
            .flat_map(|&i| pixels[i * IMAGE..(i + 1) * IMAGE].iter().copied())
            .collect(),
        labels: indices.iter().map(|&i| labels[i]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_image_is_in_one_split_and_every_class_in_both(
            counts in prop::collection::vec(2..60usize, 2..=10)
        ) {
            let labels: Vec<u8> = counts
                .iter()
                .enumerate()
                .flat_map(|(class, &n)| std::iter::repeat_n(class as u8, n))
                .collect();
            let (train, test) = split(&labels, counts.len());
            let mut all = [train.clone(), test.clone()].concat();
            all.sort_unstable();
            prop_assert!(all.into_iter().eq(0..labels.len()));
            for (class, &n) in counts.iter().enumerate() {
                let of = |indices: &[usize]| {
                    indices.iter().filter(|&&i| usize::from(labels[i]) == class).count()
                };
                prop_assert!(of(&train) >= 1 && of(&test) >= 1);
                prop_assert!((of(&test) as f64 - n as f64 / 5.0).abs() <= 1.0);
            }
            prop_assert_eq!(split(&labels, counts.len()), (train, test));
        }
    }

    #[test]
    fn the_first_training_images_are_of_every_class() {
        let labels: Vec<u8> = (0..10).flat_map(|class| [class; 50]).collect();
        let (train, _) = split(&labels, 10);
        let mut seen: Vec<u8> = train[..100].iter().map(|&i| labels[i]).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 10);
    }
}
