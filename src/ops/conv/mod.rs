//! Convolution in general: any size of filter, stride, padding and groups, as PyTorch has it.

mod autodiff;
#[cfg(feature = "cpu")]
mod cpu;
mod ops;

use burn::backend::Dispatch;
use burn::tensor::Tensor;
use ops::ConvOps;
pub use ops::Window;

/// `x` `[n, c, h, w]` with the filters `weight` `[o, c / groups, k, k]`, plus `bias` `[o]` where there is one:
/// `[n, o, (h + 2 * padding - k) / stride + 1, ..]`.
pub fn conv2d(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>, how: Window) -> Tensor<4> {
    let [x, weight] = [x, weight].map(Tensor::into_dispatch);
    Tensor::from_dispatch(match bias {
        Some(bias) => Dispatch::conv_with_bias(x, weight, bias.into_dispatch(), how),
        None => Dispatch::conv(x, weight, how),
    })
}
