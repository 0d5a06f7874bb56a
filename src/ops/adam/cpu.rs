//! A step of Adam on Burn's CPU backend, by the kernels of `kernels/`.

use super::ops::{AdamKernels, BETA_1, BETA_2};
use crate::ops::flex::{values, values_mut};
use burn::backend::tensor::FloatTensor;
use burn_flex::{Flex, FlexTensor};
use pruning_kernels::AdamStep;

impl AdamKernels for Flex {
    fn adam_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        factor: f32,
        epsilon: f32,
        learning_rate: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let step = AdamStep {
            betas: [BETA_1, BETA_2],
            factor,
            epsilon,
            learning_rate,
        };
        let own = |tensor: FlexTensor| tensor.to_contiguous();
        let [mut parameter, gradient, mut first, mut second] =
            [parameter, gradient, first, second].map(own);
        step.take(
            values_mut(&mut parameter),
            values(&gradient),
            values_mut(&mut first),
            values_mut(&mut second),
        );
        (parameter, first, second)
    }
}
