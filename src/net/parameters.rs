//! The numbers of a network, host side, and those that it begins with.

use super::cnn::CnnConfig;
use super::filters::removed_filters;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};

/// Numbers of one network, host side: `weights` and `biases` of the layers in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    pub weights: [Vec<f32>; 3],
    pub biases: [Vec<f32>; 3],
}

impl Parameters {
    /// He initialisation (He et al., ICCV 2015): weights normal with standard deviation
    /// sqrt(2 / fan_in), biases 0. Made on the host, so that every backend starts from the same bits.
    pub fn he_normal(config: &CnnConfig, seed: u32) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
        let shapes = config.weight_shapes();
        let weights = shapes.clone().map(|shape| {
            let fan_in: usize = shape[1..].iter().product();
            let scale = (2.0 / fan_in as f64).sqrt();
            let count = shape.iter().product();
            // A standard normal can always be made; `Normal::new` fails on a bad deviation only.
            let normal = Normal::new(0.0, 1.0).ok();
            (0..count)
                .map(|_| normal.map_or(0.0, |n: Normal<f64>| (n.sample(&mut rng) * scale) as f32))
                .collect()
        });
        let biases = shapes.map(|shape| vec![0.0; shape[0]]);
        Self { weights, biases }
    }

    /// Applies `f` to every number.
    pub fn map(&mut self, f: impl Fn(f32) -> f32) {
        let all = self.weights.iter_mut().chain(&mut self.biases).flatten();
        all.for_each(|x| *x = f(*x));
    }

    /// Whether `test` holds for any number.
    pub fn any(&self, test: impl Fn(f32) -> bool) -> bool {
        let mut all = self.weights.iter().chain(&self.biases).flatten();
        all.any(|&x| test(x))
    }

    /// Combines with `other`, number by number.
    pub fn zip(mut self, other: &Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let mine = self.weights.iter_mut().chain(&mut self.biases).flatten();
        let others = other.weights.iter().chain(&other.biases).flatten();
        mine.zip(others).for_each(|(a, b)| *a = f(*a, *b));
        self
    }

    /// These numbers under a mask over all prunable weights: cut weights are 0, and the biases of removed filters.
    pub fn under(mut self, config: &CnnConfig, mask: &[u8]) -> Self {
        let weights = self.weights.iter_mut().flatten();
        weights
            .zip(mask)
            .for_each(|(w, &keeps)| *w *= f32::from(keeps));
        if let Some(removed) = removed_filters(config, mask) {
            for (biases, removed) in self.biases.iter_mut().zip(removed) {
                let gone = biases.iter_mut().zip(removed).filter(|(_, gone)| *gone);
                gone.for_each(|(bias, _)| *bias = 0.0);
            }
        }
        self
    }

    /// All weights as one sequence, in layer order.
    pub fn concat_weights(&self) -> Vec<f32> {
        self.weights.concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn he_initialisation_has_its_standard_deviation_and_its_seed() {
        let config = CnnConfig {
            channels: 3,
            height: 32,
            width: 32,
            widths: [64, 128],
            classes: 10,
        };
        let p = Parameters::he_normal(&config, 1);
        for (weights, fan_in) in p.weights.iter().zip([27.0, 576.0, 8192.0]) {
            let mean_square =
                weights.iter().map(|w| f64::from(w * w)).sum::<f64>() / weights.len() as f64;
            let ratio = mean_square.sqrt() / (2.0f64 / fan_in).sqrt();
            assert!((ratio - 1.0).abs() < 0.05, "{ratio}");
        }
        assert_eq!(p, Parameters::he_normal(&config, 1));
        assert_ne!(p, Parameters::he_normal(&config, 2));
    }
}
