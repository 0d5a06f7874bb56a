//! From bytes to tensors: batches of images and their labels on the device.

use super::augment::change;
use super::dataset::{Dataset, Split};
use super::normalise::Normalisation;
use super::order::BatchOrder;
use crate::ops::transfer::tensor;
use burn::tensor::{Device, Tensor};
use std::ops::Range;

/// Images `[n, channels, height, width]`, normalised, and their labels as rows `[n, classes]` with a
/// single 1 (so that cross-entropy needs no gather, whose gradient is a slow scatter on a GPU).
#[derive(Clone, Debug)]
pub struct Batch {
    pub images: Tensor<4>,
    pub one_hot: Tensor<2>,
    pub labels: Vec<u8>,
    /// Where it begins in the batch of a training step that it is a share of.
    pub first_row: u32,
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
        let mut values = Vec::new();
        let mut labels = Vec::new();
        for i in indices {
            self.normalisation
                .apply(self.pixels(split, i), self.image_len(), &mut values);
            labels.push(split.labels[i]);
        }
        self.on_device(values, labels, device)
    }

    /// The images in `rows` of the batch of a training step, as many of them as there are. `augment`: each as it is changed
    /// in the epoch of this step.
    pub fn share(
        &self,
        split: &Split,
        order: &mut BatchOrder,
        step: u32,
        rows: Range<usize>,
        augment: bool,
        device: &Device,
    ) -> Batch {
        let (seed, epoch, first_row) = (order.seed(), order.epoch_of(step), rows.start as u32);
        let images = order.of(step).iter().skip(rows.start).take(rows.len());
        let mut batch = match augment {
            false => self.batch(split, images.map(|&i| i as usize), device),
            true => {
                let (mut values, mut labels) = (Vec::new(), Vec::new());
                let mut pixels = Vec::with_capacity(self.image_len());
                for &i in images {
                    pixels.clear();
                    let image = self.pixels(split, i as usize);
                    change(seed, epoch, i).apply(image, self.shape(), &mut pixels);
                    self.normalisation
                        .apply(&pixels, self.image_len(), &mut values);
                    labels.push(split.labels[i as usize]);
                }
                self.on_device(values, labels, device)
            }
        };
        batch.first_row = first_row;
        batch
    }

    fn shape(&self) -> [usize; 3] {
        [self.channels, self.height, self.width]
    }

    fn image_len(&self) -> usize {
        self.shape().iter().product()
    }

    fn pixels<'a>(&self, split: &'a Split, image: usize) -> &'a [u8] {
        let len = self.image_len();
        &split.pixels[image * len..(image + 1) * len]
    }

    fn on_device(&self, values: Vec<f32>, labels: Vec<u8>, device: &Device) -> Batch {
        let mut one_hot = vec![0.0; labels.len() * self.classes];
        for (row, &label) in one_hot.chunks_mut(self.classes).zip(&labels) {
            row[usize::from(label)] = 1.0;
        }
        let n = labels.len();
        Batch {
            images: tensor(values, [n, self.channels, self.height, self.width], device),
            one_hot: tensor(one_hot, [n, self.classes], device),
            labels,
            first_row: 0,
        }
    }
}
