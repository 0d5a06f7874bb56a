//! Batch normalisation (Ioffe & Szegedy, ICML 2015), by channel over images and positions. Definitions are PyTorch's.

use crate::sums::{sum, sum_of};
use wide::f32x4;

/// Added to a variance.
const EPSILON: f64 = 1e-5;

/// Values of `channels` channels, each a plane of so many numbers in each image: `[n, channels, plane]`.
#[derive(Clone, Copy, Debug)]
pub struct Channels {
    pub channels: usize,
    pub plane: usize,
}

/// What a channel is normalised with, and then scaled and shifted by; one number for each channel.
#[derive(Clone, Copy, Debug)]
pub struct Normal<'a> {
    pub gamma: &'a [f32],
    pub mean: &'a [f32],
    /// Biased: divided by how many there are.
    pub variance: &'a [f32],
}

/// Gradients with respect to `x`, `gamma` and `beta`.
pub type NormGradients = (Vec<f32>, Vec<f32>, Vec<f32>);

impl Channels {
    /// The planes of a channel, image by image.
    fn planes<'a>(
        &self,
        x: &'a [f32],
        channel: usize,
    ) -> impl Iterator<Item = &'a [f32]> + use<'a> {
        let planes = x.chunks_exact(self.plane.max(1));
        planes.skip(channel).step_by(self.channels.max(1))
    }

    /// How many numbers a channel has.
    fn count(&self, x: &[f32]) -> f64 {
        (x.len() / self.channels.max(1)).max(1) as f64
    }

    /// Mean and biased variance of each channel.
    pub fn moments(&self, x: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let count = self.count(x);
        (0..self.channels)
            .map(|channel| {
                let mean = self.planes(x, channel).map(sum).sum::<f64>() / count;
                let middle = f32x4::splat(mean as f32);
                let squares = self.planes(x, channel).map(|plane| {
                    sum_of(plane, plane, |a, _| {
                        let apart = a - middle;
                        apart * apart
                    })
                });
                (mean as f32, (squares.sum::<f64>() / count) as f32)
            })
            .unzip()
    }

    /// `(x - mean) / sqrt(variance + 1e-5) * gamma + beta`.
    pub fn normalise(&self, x: &[f32], normal: Normal, beta: &[f32]) -> Vec<f32> {
        let mut result = x.to_vec();
        let planes = result.chunks_exact_mut(self.plane.max(1)).enumerate();
        for (i, plane) in planes {
            let channel = i % self.channels;
            let (mean, beta) = (normal.mean[channel], beta[channel]);
            let factor = normal.factor(channel) * normal.gamma[channel];
            for value in plane {
                *value = (*value - mean) * factor + beta;
            }
        }
        result
    }

    /// The backward pass of [`Self::normalise`] with mean and variance of `x` itself, which change with it.
    pub fn train_gradients(&self, x: &[f32], normal: Normal, gradient: &[f32]) -> NormGradients {
        let (gamma, beta) = self.parameter_gradients(x, normal, gradient);
        let count = self.count(x) as f32;
        let result = self.input_gradient(normal, gradient, |i, channel, result| {
            let x = &x[i * self.plane..][..self.plane];
            let (mean, factor) = (normal.mean[channel], normal.factor(channel));
            // What moves the mean, and what moves the variance.
            let shift = beta[channel] / count;
            let slope = gamma[channel] / count * factor;
            for (result, x) in result.iter_mut().zip(x) {
                *result -= shift + (x - mean) * slope;
            }
        });
        (result, gamma, beta)
    }

    /// The backward pass of [`Self::normalise`] with mean and variance that are constants.
    pub fn gradients(&self, x: &[f32], normal: Normal, gradient: &[f32]) -> NormGradients {
        let (gamma, beta) = self.parameter_gradients(x, normal, gradient);
        let result = self.input_gradient(normal, gradient, |_, _, _| {});
        (result, gamma, beta)
    }

    /// The gradient after `adjust` (of plane, channel and gradient), scaled.
    #[inline(always)]
    fn input_gradient(
        &self,
        normal: Normal,
        gradient: &[f32],
        adjust: impl Fn(usize, usize, &mut [f32]),
    ) -> Vec<f32> {
        let mut result = gradient.to_vec();
        let planes = result.chunks_exact_mut(self.plane.max(1)).enumerate();
        for (i, plane) in planes {
            let channel = i % self.channels;
            adjust(i, channel, plane);
            let factor = normal.factor(channel) * normal.gamma[channel];
            plane.iter_mut().for_each(|value| *value *= factor);
        }
        result
    }

    fn parameter_gradients(
        &self,
        x: &[f32],
        normal: Normal,
        gradient: &[f32],
    ) -> (Vec<f32>, Vec<f32>) {
        debug_assert_eq!(x.len(), gradient.len(), "gradients");
        (0..self.channels)
            .map(|channel| {
                let mean = f32x4::splat(normal.mean[channel]);
                let planes = self.planes(x, channel).zip(self.planes(gradient, channel));
                let products = planes
                    .map(|(x, gradient)| sum_of(x, gradient, |x, gradient| (x - mean) * gradient));
                let gamma = products.sum::<f64>() * f64::from(normal.factor(channel));
                let beta: f64 = self.planes(gradient, channel).map(sum).sum();
                (gamma as f32, beta as f32)
            })
            .unzip()
    }
}

impl Normal<'_> {
    /// One over the standard deviation of a channel.
    fn factor(&self, channel: usize) -> f32 {
        ((f64::from(self.variance[channel]) + EPSILON).sqrt().recip()) as f32
    }
}
