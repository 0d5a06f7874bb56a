//! A data set: labelled images of one size.

use super::id::DatasetId;
use super::normalise::Normalisation;
use serde::Serialize;

/// Labelled images of one size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// n x channels x height x width, row-major, 0..=255.
    pub pixels: Vec<u8>,
    /// The class of each image, an index into [`Dataset::classes`].
    pub labels: Vec<u8>,
}

impl Split {
    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

/// Images to train on and images to test on, none of them in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    pub id: DatasetId,
    pub classes: Vec<String>,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub train: Split,
    pub test: Split,
}

impl Dataset {
    /// Channels, height and width of an image.
    pub fn image(&self) -> [usize; 3] {
        [self.channels, self.height, self.width]
    }

    /// Bytes in an image: channels x height x width.
    pub fn image_len(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// CRC-32 of all images and labels: tells data sets of one id apart.
    pub fn digest(&self) -> u32 {
        let mut crc = flate2::Crc::new();
        for split in [&self.train, &self.test] {
            crc.update(&split.labels);
            crc.update(&split.pixels);
        }
        crc.sum()
    }

    /// Mean and standard deviation of each channel over the training images as they are now.
    pub fn normalisation(&self) -> Normalisation {
        Normalisation::of(&self.train.pixels, self.channels, self.height * self.width)
    }
}

/// What is told of a data set.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DatasetInfo {
    pub id: DatasetId,
    /// CRC-32 of its images and labels: files of one data set may hold different images.
    pub digest: u32,
    pub classes: Vec<String>,
    pub channels: u32,
    pub height: u32,
    pub width: u32,
    pub train: u32,
    pub test: u32,
    /// Of each channel, of pixels scaled to 0..1: the network is fed `(pixel / 255 - mean) / std`.
    pub mean: Vec<f32>,
    pub std: Vec<f32>,
}
