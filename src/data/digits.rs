//! The embedded digits: 1,797 images of 8x8, the test set of the UCI "Optical Recognition of
//! Handwritten Digits" (Alpaydin and Kaynak, CC BY 4.0). See `assets/digits/README.md`.

use super::dataset::{Dataset, Split};
use super::files::bad_data;
use super::id::DatasetId;
use crate::error::Result;

const NAME: &str = "assets/digits/digits.bin";
/// Not packed: what sends the bundle packs it, and better with this in it as it is.
const ASSET: &[u8] = include_bytes!("../../assets/digits/digits.bin");
const IMAGES: usize = 1797;
const TRAIN: usize = 1437;
const PIXELS: usize = 64;
/// The darkest value in the source: the number of ink pixels in a 4x4 block.
const MAX: u16 = 16;

/// 1,437 training and 360 test images, 1x8x8; the split is part of the asset and never changes.
///
/// # Errors
/// [`ErrorCode::BadData`](crate::error::ErrorCode::BadData) if the embedded asset is damaged.
pub fn digits() -> Result<Dataset> {
    decode(ASSET)
}

fn decode(bytes: &[u8]) -> Result<Dataset> {
    let expected = IMAGES * (1 + PIXELS);
    if bytes.len() != expected {
        return Err(bad_data(format!(
            "{NAME} has {} bytes; {expected} are expected",
            bytes.len()
        )));
    }
    let (labels, planes) = bytes.split_at(IMAGES);
    let in_range = labels.iter().all(|&l| l <= 9) && planes.iter().all(|&v| u16::from(v) <= MAX);
    if !in_range {
        return Err(bad_data(format!(
            "{NAME}: labels must be 0 to 9 and values 0 to {MAX}"
        )));
    }
    let split = |range: std::ops::Range<usize>| Split {
        pixels: range.clone().flat_map(|i| image(planes, i)).collect(),
        labels: labels[range].to_vec(),
    };
    Ok(Dataset {
        id: DatasetId::Digits,
        classes: (0..10).map(|d| d.to_string()).collect(),
        channels: 1,
        height: 8,
        width: 8,
        train: split(0..TRAIN),
        test: split(TRAIN..IMAGES),
    })
}

/// One image out of the planes (64 x 1,797), scaled from 0..=16 to 0..=255, halves up.
fn image(planes: &[u8], index: usize) -> impl Iterator<Item = u8> + '_ {
    planes
        .chunks_exact(IMAGES)
        .map(move |plane| ((u16::from(plane[index]) * 255 + MAX / 2) / MAX) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_split_holds_every_image_once_and_each_class_in_proportion() -> Result<()> {
        let digits = digits()?;
        let (train, test) = (counts(&digits.train), counts(&digits.test));
        assert_eq!((digits.train.len(), digits.test.len()), (1437, 360));
        // Published class counts of the source.
        let whole: Vec<usize> = train.iter().zip(test).map(|(a, b)| a + b).collect();
        assert_eq!(whole, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
        for (class, test) in test.into_iter().enumerate() {
            let share = whole[class] as f64 * 360.0 / 1797.0;
            assert!(
                (test as f64 - share).abs() < 1.0,
                "class {class}: {test} of {share}"
            );
        }
        assert_eq!(digits.train.pixels.len(), 1437 * digits.image_len());
        assert_eq!(digits.test.pixels.len(), 360 * digits.image_len());
        Ok(())
    }

    #[test]
    fn the_first_image_is_the_six_that_the_source_has() -> Result<()> {
        #[rustfmt::skip]
        const SIX: [u16; 64] = [
            0, 0,  3, 15,  4,  0,  0, 0,
            0, 0, 12, 16,  2,  0,  0, 0,
            0, 1, 16,  7,  1,  0,  0, 0,
            0, 3, 16,  1,  6,  1,  0, 0,
            0, 3, 15,  8, 12, 13,  3, 0,
            0, 2, 16,  2,  0,  7, 12, 0,
            0, 0, 13,  9,  4,  9, 15, 0,
            0, 0,  3, 13, 16, 15,  5, 0,
        ];
        let digits = digits()?;
        assert_eq!(digits.train.labels[0], 6);
        let scaled = SIX.map(|v| (f64::from(v) * 255.0 / 16.0).round() as u8);
        assert_eq!(digits.train.pixels[..64], scaled);
        Ok(())
    }

    #[test]
    fn a_damaged_asset_is_an_error() {
        let mut asset = ASSET.to_vec();
        asset[20_000] ^= 0x20;
        assert!(decode(&asset).is_err());
        assert!(decode(&ASSET[..30_000]).is_err());
        assert!(decode(&[]).is_err());
    }
}
