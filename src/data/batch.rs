//! From bytes to tensors: batches of images and their labels on the device.

use super::dataset::{Dataset, Split};
use super::normalise::Normalisation;
use crate::ops::transfer::tensor;
use burn::tensor::{Device, Tensor};

/// Images `[n, channels, height, width]`, normalised, and their labels as rows `[n, classes]` with a
/// single 1 (so that cross-entropy needs no gather, whose gradient is a slow scatter on a GPU).
#[derive(Clone, Debug)]
pub struct Batch {
    pub images: Tensor<4>,
    pub one_hot: Tensor<2>,
    pub labels: Vec<u8>,
}

/// Makes batches of one data set.
#[derive(Clone, Debug)]
pub struct Batcher {
    channels: usize,
    height: usize,
    width: usize,
    classes: usize,
    normalisation: Normalisation,
}

impl Batcher {
    pub fn new(data: &Dataset) -> Self {
        Self::of(data.image(), data.classes.len(), data.normalisation())
    }

    /// For images of these channels, height and width.
    pub fn of(
        [channels, height, width]: [usize; 3],
        classes: usize,
        normalisation: Normalisation,
    ) -> Self {
        Self {
            channels,
            height,
            width,
            classes,
            normalisation,
        }
    }

    /// The images of `split` at `indices`, which must lie within it.
    pub fn batch(
        &self,
        split: &Split,
        indices: impl Iterator<Item = usize>,
        device: &Device,
    ) -> Batch {
        let len = self.channels * self.height * self.width;
        let mut values = Vec::new();
        let mut labels = Vec::new();
        for i in indices {
            self.normalisation
                .apply(&split.pixels[i * len..(i + 1) * len], len, &mut values);
            labels.push(split.labels[i]);
        }
        let mut one_hot = vec![0.0; labels.len() * self.classes];
        for (row, &label) in one_hot.chunks_mut(self.classes).zip(&labels) {
            row[usize::from(label)] = 1.0;
        }
        let n = labels.len();
        Batch {
            images: tensor(values, [n, self.channels, self.height, self.width], device),
            one_hot: tensor(one_hot, [n, self.classes], device),
            labels,
        }
    }
}
