//! Convolution on Burn's CPU backend, by the kernels of `kernels/`.

use super::ops::{ConvKernels, Window};
use crate::ops::flex::{dims, floats, values};
use burn::backend::tensor::FloatTensor;
use burn_flex::{Flex, FlexTensor};
use pruning_kernels::{self as kernels, Conv};

fn sizes(x: &FlexTensor, weight: &FlexTensor, how: Window) -> Conv {
    let ([n, c, h, w], [o, _, k, _]) = (dims(x), dims(weight));
    Conv {
        n,
        c,
        h,
        w,
        o,
        k,
        stride: how.stride,
        padding: how.padding,
        groups: how.groups,
    }
}

impl ConvKernels for Flex {
    fn conv_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: Option<FloatTensor<Self>>,
        how: Window,
    ) -> FloatTensor<Self> {
        let [x, weight] = [x, weight].map(|t| t.to_contiguous());
        let bias = bias.map(|t| t.to_contiguous());
        let sizes = sizes(&x, &weight, how);
        let bias = bias.as_ref().map(values);
        let y = kernels::conv(&sizes, values(&x), values(&weight), bias);
        let [height, width] = sizes.output();
        floats(y, [sizes.n, sizes.o, height, width])
    }

    fn conv_input_gradient(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        how: Window,
    ) -> FloatTensor<Self> {
        let [weight, gradient] = [weight, gradient].map(|t| t.to_contiguous());
        let sizes = sizes(&x, &weight, how);
        let result = kernels::conv_input_gradient(&sizes, values(&weight), values(&gradient));
        floats(result, dims(&x))
    }

    fn conv_weight_gradient(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        how: Window,
    ) -> FloatTensor<Self> {
        let [x, gradient] = [x, gradient].map(|t| t.to_contiguous());
        let sizes = sizes(&x, &weight, how);
        let result = kernels::conv_weight_gradient(&sizes, values(&x), values(&gradient));
        floats(result, dims(&weight))
    }

    fn conv_bias_gradient(
        _: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [_, o, height, width] = dims(&gradient);
        let gradient = gradient.to_contiguous();
        let result = kernels::plane_sums(values(&gradient), o, height * width);
        floats(result, [dims(&bias)[0]])
    }
}
