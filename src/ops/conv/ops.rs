//! What a backend computes for a convolution; where it has no kernels of its own, Burn's operations.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};
use burn::tensor::ops::ConvOptions;

/// How the windows of a convolution lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Rows and columns from one window to the next.
    pub stride: usize,
    /// Rows and columns of zeros on each side of the input.
    pub padding: usize,
    /// Of channels, each with its own filters. As many as channels: a depthwise convolution.
    pub groups: usize,
}

impl Window {
    fn options(self) -> ConvOptions<2> {
        let [stride, padding] = [[self.stride; 2], [self.padding; 2]];
        ConvOptions::new(stride, padding, [1, 1], self.groups)
    }
}

/// Shapes are those of [`super::conv2d`]; `gradient` is that of the result.
pub trait ConvKernels: Backend {
    fn conv_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: Option<FloatTensor<Self>>,
        how: Window,
    ) -> FloatTensor<Self> {
        Self::conv2d(x, weight, bias, how.options())
    }

    /// The gradient with respect to `x`, which gives its shape.
    fn conv_input_gradient(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        how: Window,
    ) -> FloatTensor<Self> {
        Self::conv2d_x_backward(x, weight, gradient, how.options())
    }

    /// The gradient with respect to `weight`, which gives its shape.
    fn conv_weight_gradient(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        how: Window,
    ) -> FloatTensor<Self> {
        Self::conv2d_weight_backward(x, weight, gradient, how.options())
    }

    /// The gradient with respect to `bias`, which gives its shape.
    fn conv_bias_gradient(
        x: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::conv2d_bias_backward(x, bias, gradient)
    }
}

#[cfg(feature = "webgpu")]
impl ConvKernels for burn_cubecl::Cube {}

/// The differentiable operations.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Autodiff)]
pub trait ConvOps: Backend {
    fn conv(x: FloatTensor<Self>, weight: FloatTensor<Self>, how: Window) -> FloatTensor<Self>;

    fn conv_with_bias(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        how: Window,
    ) -> FloatTensor<Self>;
}

/// Without autodiff.
macro_rules! untracked {
    ($backend:ty) => {
        impl ConvOps for $backend {
            fn conv(
                x: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                how: Window,
            ) -> FloatTensor<Self> {
                Self::conv_forward(x, weight, None, how)
            }

            fn conv_with_bias(
                x: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                how: Window,
            ) -> FloatTensor<Self> {
                Self::conv_forward(x, weight, Some(bias), how)
            }
        }
    };
}

#[cfg(feature = "webgpu")]
untracked!(burn_cubecl::Cube);
#[cfg(feature = "cpu")]
untracked!(burn_flex::Flex);
