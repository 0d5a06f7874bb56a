//! Batch normalisation on Burn's CPU backend, by the kernels of `kernels/`.

use super::ops::{NormGradients, NormKernels, Normal};
use crate::ops::flex::{dims, floats, like, values};
use burn::backend::tensor::FloatTensor;
use burn_flex::{Flex, FlexTensor};
use pruning_kernels::{self as kernels, Channels};

fn channels(x: &FlexTensor) -> Channels {
    let [_, channels, h, w] = dims(x);
    let plane = h * w;
    Channels { channels, plane }
}

impl Normal<Flex> {
    fn contiguous(self) -> Self {
        Self {
            x: self.x.to_contiguous(),
            gamma: self.gamma.to_contiguous(),
            mean: self.mean.to_contiguous(),
            variance: self.variance.to_contiguous(),
        }
    }

    fn values(&self) -> kernels::Normal<'_> {
        kernels::Normal {
            gamma: values(&self.gamma),
            mean: values(&self.mean),
            variance: values(&self.variance),
        }
    }
}

impl NormKernels for Flex {
    fn norm_train_forward(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let x = x.to_contiguous();
        let channels = channels(&x);
        let (mean, variance) = channels.moments(values(&x));
        let [mean, variance] = [mean, variance].map(|t| floats(t, [channels.channels]));
        let normal = Normal {
            x,
            gamma,
            mean: mean.clone(),
            variance: variance.clone(),
        };
        (Self::norm_forward(normal, beta), mean, variance)
    }

    fn norm_forward(normal: Normal<Self>, beta: FloatTensor<Self>) -> FloatTensor<Self> {
        let (normal, beta) = (normal.contiguous(), beta.to_contiguous());
        let x = values(&normal.x);
        let y = channels(&normal.x).normalise(x, normal.values(), values(&beta));
        like(&normal.x, y)
    }

    fn norm_train_gradients(
        normal: Normal<Self>,
        gradient: FloatTensor<Self>,
    ) -> NormGradients<Self> {
        backward(Channels::train_gradients, normal, gradient)
    }

    fn norm_gradients(normal: Normal<Self>, gradient: FloatTensor<Self>) -> NormGradients<Self> {
        backward(Channels::gradients, normal, gradient)
    }
}

type Pass = fn(&Channels, &[f32], kernels::Normal, &[f32]) -> kernels::NormGradients;

fn backward(pass: Pass, normal: Normal<Flex>, gradient: FlexTensor) -> NormGradients<Flex> {
    let (normal, gradient) = (normal.contiguous(), gradient.to_contiguous());
    let channels = channels(&normal.x);
    let x = values(&normal.x);
    let (x, gamma, beta) = pass(&channels, x, normal.values(), values(&gradient));
    let [gamma, beta] = [gamma, beta].map(|t| floats(t, [channels.channels]));
    (like(&normal.x, x), gamma, beta)
}
