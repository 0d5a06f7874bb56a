//! Gaussian noise from a table of quantiles: one look-up a pixel.

use rand::Rng;

const HALF: usize = 2048;
const QUANTILES: usize = 2 * HALF;
/// Steps of the integration in a standard deviation.
const STEPS: usize = 2048;

/// Noise of a given standard deviation, in steps of 1/4096 of probability: it ends at 3.7 deviations.
pub(super) struct Noise {
    /// In grey levels; empty for no noise.
    table: Vec<i16>,
}

impl Noise {
    /// `deviation` in grey levels, finite and not negative.
    pub(super) fn new(deviation: f32) -> Self {
        if deviation <= 0.0 {
            return Self { table: Vec::new() };
        }
        let upper = upper_quantiles();
        let levels = |z: &f64| {
            let level = z * f64::from(deviation);
            (level + 0.5) as i16
        };
        let table = upper
            .iter()
            .rev()
            .map(|z| -levels(z))
            .chain(upper.iter().map(levels))
            .collect();
        Self { table }
    }

    /// Adds an independent sample to each pixel, kept within 0..=255.
    pub(super) fn add(&self, rng: &mut impl Rng, pixels: &mut [u8]) {
        if self.table.len() != QUANTILES {
            return;
        }
        // 64 random bits are five samples of 12 bits.
        for pixels in pixels.chunks_mut(5) {
            let mut bits = rng.next_u64();
            for pixel in pixels {
                let sample = self.table[bits as usize % QUANTILES];
                *pixel = (i16::from(*pixel) + sample).clamp(0, 255) as u8;
                bits >>= 12;
            }
        }
    }
}

/// The standard normal quantiles at probability 1/2 + (k + 1/2) / 4096, k = 0..2048, by summing
/// the density. The density follows from one step to the next by multiplication, because
/// exp(-(x+h)^2/2) = exp(-x^2/2) exp(-xh) exp(-h^2/2): no call of `exp`, whose last bit differs
/// between platforms.
fn upper_quantiles() -> Vec<f64> {
    let h = 1.0 / STEPS as f64;
    let half_area = 1.253_314_137_315_500_3 * STEPS as f64; // sqrt(pi / 2) / h
    let square = h * h;
    let shrink = 1.0 - square + square * square / 2.0;
    let (mut density, mut ratio) = (1.0, 1.0 - square / 2.0 + square * square / 8.0);
    let (mut area, mut x) = (0.0, 0.0);
    (0..HALF)
        .map(|k| {
            let wanted = (k as f64 + 0.5) / HALF as f64 * half_area;
            loop {
                let next = density * ratio;
                let slice = (density + next) / 2.0;
                if area + slice >= wanted {
                    return x + h * (wanted - area) / slice;
                }
                area += slice;
                x += h;
                density = next;
                ratio *= shrink;
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_normal_distribution() {
        let upper = upper_quantiles();
        // Percent points of published tables, at probabilities midway between two entries.
        for (p, z) in [
            (0.75, 0.674_489_75),
            (0.975, 1.959_963_98),
            (0.995, 2.575_829_30),
        ] {
            let at = (p - 0.5) * 2.0 * HALF as f64 - 0.5;
            let (low, high) = (upper[at as usize], upper[at as usize + 1]);
            let found = low + (high - low) * (at - at.floor());
            assert!((found - z).abs() < 1e-4, "{p}: {found}");
        }
        assert!(upper.is_sorted() && (3.6..3.8).contains(&upper[HALF - 1]));
    }

    #[test]
    fn noise_has_the_deviation_asked_for_and_no_bias() {
        let table = Noise::new(40.0).table;
        let mean = table.iter().map(|&v| f64::from(v)).sum::<f64>() / QUANTILES as f64;
        let square = table
            .iter()
            .map(|&v| f64::from(v) * f64::from(v))
            .sum::<f64>()
            / QUANTILES as f64;
        assert_eq!(mean, 0.0);
        assert!((square.sqrt() - 40.0).abs() < 0.2, "{}", square.sqrt());
    }
}
