//! Zero mean and unit deviation, channel by channel.

/// One grey level, so that a channel that is constant is centred and not divided by zero.
const MIN_STD: f64 = 1.0 / 255.0;

/// Mean and standard deviation of each channel, of pixels scaled to 0..1.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalisation {
    pub mean: Vec<f32>,
    pub std: Vec<f32>,
}

impl Normalisation {
    /// Over all images in `pixels` (n x channels x plane). Sums are exact integers, so the result
    /// is the same on every platform. No pixels: mean 0, deviation one grey level.
    pub(super) fn of(pixels: &[u8], channels: usize, plane: usize) -> Self {
        let mut sums = vec![(0u64, 0u64); channels];
        if channels > 0 && plane > 0 {
            for (index, pixels) in pixels.chunks_exact(plane).enumerate() {
                let (sum, squares) = &mut sums[index % channels];
                for &p in pixels {
                    *sum += u64::from(p);
                    *squares += u64::from(p) * u64::from(p);
                }
            }
        }
        let n = (pixels.len() / channels.max(1)).max(1) as f64;
        let (mean, std) = sums
            .into_iter()
            .map(|(sum, squares)| {
                let mean = sum as f64 / n;
                let variance = (squares as f64 / n - mean * mean).max(0.0);
                (
                    (mean / 255.0) as f32,
                    (variance.sqrt() / 255.0).max(MIN_STD) as f32,
                )
            })
            .unzip();
        Self { mean, std }
    }

    /// Appends `(p / 255 - mean) / std` for each pixel of whole images (n x `image_len`), in the
    /// same order.
    pub fn apply(&self, pixels: &[u8], image_len: usize, out: &mut Vec<f32>) {
        let channels = self.mean.len().max(1);
        let plane = (image_len / channels).max(1);
        let tables: Vec<[f32; 256]> = self
            .mean
            .iter()
            .zip(&self.std)
            .map(|(mean, std)| std::array::from_fn(|p| (p as f32 / 255.0 - mean) / std))
            .collect();
        out.reserve(pixels.len());
        for (pixels, table) in pixels.chunks(plane).zip(tables.iter().cycle()) {
            out.extend(pixels.iter().map(|&p| table[usize::from(p)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two images of two channels of four pixels; the second channel is constant.
    const PIXELS: [u8; 16] = [0, 10, 200, 255, 7, 7, 7, 7, 90, 3, 64, 31, 7, 7, 7, 7];

    #[test]
    fn normalised_channels_have_mean_zero_and_deviation_one() {
        let mut out = Vec::new();
        Normalisation::of(&PIXELS, 2, 4).apply(&PIXELS, 8, &mut out);
        let first: Vec<f64> = [&out[..4], &out[8..12]]
            .concat()
            .iter()
            .map(|&v| f64::from(v))
            .collect();
        let mean = first.iter().sum::<f64>() / 8.0;
        let variance = first.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 8.0;
        assert!(
            mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-5,
            "{mean} {variance}"
        );
    }

    #[test]
    fn a_constant_channel_becomes_zero_and_stays_finite() {
        let mut out = Vec::new();
        Normalisation::of(&PIXELS, 2, 4).apply(&PIXELS, 8, &mut out);
        assert!(
            [&out[4..8], &out[12..]]
                .concat()
                .iter()
                .all(|v| v.abs() < 1e-5),
            "{out:?}"
        );
    }

    #[test]
    fn no_images_give_finite_figures() {
        let none = Normalisation::of(&[], 3, 1024);
        assert_eq!(none.mean, [0.0; 3]);
        assert!(none.std.iter().all(|s| *s > 0.0));
    }
}
