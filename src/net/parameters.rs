//! The numbers of a network, host side, and those that it begins with.

use super::channels::NO_GROUP;
use super::checked::{Parameter, Role};
use super::graph::Graph;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};
use serde::{Deserialize, Serialize};

/// What a network begins with. Made on the host, so that every backend starts from the same bits; biases are 0 but with
/// PyTorch's, gamma 1 and beta 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Initialisation {
    /// Normal with standard deviation sqrt(2 / fan_in) (He et al., ICCV 2015).
    #[default]
    HeNormal,
    /// Normal with standard deviation sqrt(2 / (fan_in + fan_out)) (Glorot & Bengio, AISTATS 2010).
    GlorotNormal,
    /// Uniform within 1 / sqrt(fan_in), biases too.
    Pytorch,
}

/// Numbers of one network, host side, in the order of [`Graph`]: all of them, or those that are learnt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    pub values: Vec<f32>,
}

impl Parameters {
    /// What `graph` begins with.
    pub fn initial(graph: &Graph, how: Initialisation, seed: u32) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
        // A standard normal can always be made; `Normal::new` fails on a bad deviation only.
        let normal: Option<Normal<f64>> = Normal::new(0.0, 1.0).ok();
        let mut values = Vec::with_capacity(graph.len());
        let mut fan_in = 1;
        for parameter in graph.parameters() {
            let count = parameter.range.len();
            if let Role::Weight = parameter.role {
                fan_in = parameter.dims[1..].iter().product();
            }
            let fan_out = parameter.dims[0]
                * parameter
                    .dims
                    .get(2..)
                    .unwrap_or_default()
                    .iter()
                    .product::<usize>();
            let mut normals = |scale: f64| -> Vec<f32> {
                let mut sample = |n: Normal<f64>| (n.sample(&mut rng) * scale) as f32;
                let numbers = (0..count).map(|_| normal.map_or(0.0, &mut sample));
                numbers.collect()
            };
            values.extend(match (parameter.role, how) {
                (Role::Weight, Initialisation::HeNormal) => normals((2.0 / fan_in as f64).sqrt()),
                (Role::Weight, Initialisation::GlorotNormal) => {
                    normals((2.0 / (fan_in + fan_out) as f64).sqrt())
                }
                (Role::Weight | Role::Bias, Initialisation::Pytorch) => {
                    let bound = 1.0 / (fan_in_of(graph, parameter) as f64).sqrt();
                    (0..count)
                        .map(|_| (bound * (2.0 * rng.random::<f64>() - 1.0)) as f32)
                        .collect()
                }
                (Role::Gamma | Role::Variance, _) => vec![1.0; count],
                _ => vec![0.0; count],
            });
        }
        Self { values }
    }

    /// [`Self::initial`] of He.
    pub fn he_normal(graph: &Graph, seed: u32) -> Self {
        Self::initial(graph, Initialisation::HeNormal, seed)
    }

    /// All prunable weights as one sequence, in layer order.
    pub fn weights(&self, graph: &Graph) -> &[f32] {
        &self.values[..graph.layout().total()]
    }

    /// As [`Self::weights`].
    pub fn weights_mut(&mut self, graph: &Graph) -> &mut [f32] {
        &mut self.values[..graph.layout().total()]
    }

    /// The weights of a prunable layer.
    pub fn layer(&self, graph: &Graph, layer: usize) -> &[f32] {
        // Weights are the first parameters, in the order of layers.
        &self.values[graph.parameters()[layer].range.clone()]
    }

    pub fn of(&self, parameter: &Parameter) -> &[f32] {
        &self.values[parameter.range.clone()]
    }

    /// Biases, gamma and beta, in their order.
    pub fn others(&self, graph: &Graph) -> &[f32] {
        &self.values[graph.layout().total()..graph.learnt()]
    }

    /// Applies `f` to every number.
    pub fn map(&mut self, f: impl Fn(f32) -> f32) {
        self.values.iter_mut().for_each(|x| *x = f(*x));
    }

    /// Whether `test` holds for any number.
    pub fn any(&self, test: impl Fn(f32) -> bool) -> bool {
        self.values.iter().any(|&x| test(x))
    }

    /// Combines with `other`, number by number.
    pub fn zip(mut self, other: &Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let pairs = self.values.iter_mut().zip(&other.values);
        pairs.for_each(|(a, b)| *a = f(*a, *b));
        self
    }

    /// These numbers under a mask over all prunable weights: cut weights are 0, and biases, gamma and beta of removed channels.
    pub fn under(mut self, graph: &Graph, mask: &[u8]) -> Self {
        let weights = self.weights_mut(graph).iter_mut();
        weights
            .zip(mask)
            .for_each(|(w, &keeps)| *w *= f32::from(keeps));
        for (parameter, kept) in graph.removed_parameters(mask) {
            let values = &mut self.values[parameter.range.clone()];
            let gone = values.iter_mut().zip(kept).filter(|(_, kept)| !kept);
            gone.for_each(|(value, _)| *value = 0.0);
        }
        self
    }
}

fn fan_in_of(graph: &Graph, parameter: &Parameter) -> usize {
    let weight = graph
        .parameters()
        .iter()
        .find(|p| p.node == parameter.node && p.role == Role::Weight);
    weight.map_or(1, |p| p.dims[1..].iter().product())
}

impl Graph {
    /// Biases, gamma and beta that go with removed channels, each with what is kept of it.
    pub fn removed_parameters(&self, mask: &[u8]) -> Vec<(&Parameter, Vec<bool>)> {
        let Some(removed) = self.removed_groups(mask) else {
            return Vec::new();
        };
        let kept = |&group: &u32| group == NO_GROUP || !removed[group as usize];
        self.parameters()
            .iter()
            .filter(|p| matches!(p.role, Role::Bias | Role::Gamma | Role::Beta))
            .map(|p| {
                let groups = self.channels().of_value(p.node + 1);
                (p, groups.iter().map(kept).collect::<Vec<bool>>())
            })
            .filter(|(_, kept)| kept.contains(&false))
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::net::two_conv;

    #[test]
    fn initial_weights_have_their_standard_deviation_and_their_seed() {
        let graph = two_conv([3, 32, 32], [64, 128], 10).expect("it fits");
        for (how, deviations) in [
            (
                Initialisation::HeNormal,
                [2.0 / 27.0, 2.0 / 576.0, 2.0 / 8192.0],
            ),
            (
                Initialisation::GlorotNormal,
                [2.0 / 603.0, 2.0 / 1728.0, 2.0 / 8202.0],
            ),
            (
                Initialisation::Pytorch,
                [1.0 / 81.0, 1.0 / 1728.0, 1.0 / 24576.0],
            ),
        ] {
            let p = Parameters::initial(&graph, how, 1);
            for (layer, variance) in deviations.into_iter().enumerate() {
                let weights = p.layer(&graph, layer);
                let squares = weights.iter().map(|w| f64::from(w * w)).sum::<f64>();
                let ratio = (squares / weights.len() as f64 / variance).sqrt();
                assert!((ratio - 1.0).abs() < 0.05, "{how:?} {layer}: {ratio}");
            }
            assert_eq!(p, Parameters::initial(&graph, how, 1));
            assert_ne!(p, Parameters::initial(&graph, how, 2));
        }
    }
}
