//! Convolution.

use burn::tensor::Tensor;
use burn::tensor::module;
use burn::tensor::ops::ConvOptions;

/// How a kernel moves over its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub stride: usize,
    pub padding: usize,
    pub groups: usize,
}

/// `[n, c, h, w]` to `[n, o, h', w']`.
pub fn conv2d(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>, how: Window) -> Tensor<4> {
    let Window {
        stride,
        padding,
        groups,
    } = how;
    let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], groups);
    module::conv2d(x, weight, bias, options)
}
