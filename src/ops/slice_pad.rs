//! The shortcut without weights (He et al., CVPR 2016, option A): every so many rows and columns, then channels of zeros.

use super::autodiff::{Unary, tracked_unary};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::{FloatDType, Shape, Slice, Tensor};

/// Of `x` `[n, c, h, w]` every `stride`-th row and column from the first on, with so many channels of zeros before its own
/// and after them: `[n, before + c + after, h / stride, w / stride]`, rounded up.
pub fn slice_pad(x: Tensor<4>, stride: usize, before: usize, after: usize) -> Tensor<4> {
    let how = Shortcut {
        stride,
        before,
        after,
    };
    Tensor::from_dispatch(Dispatch::slice_pad(x.into_dispatch(), how))
}

#[derive(Clone, Copy, Debug)]
pub struct Shortcut {
    stride: usize,
    before: usize,
    after: usize,
}

/// What a backend computes; where it has no kernels of its own, Burn's operations.
trait SlicePadKernels: Backend {
    fn slice_pad_forward(x: FloatTensor<Self>, how: Shortcut) -> FloatTensor<Self> {
        let (device, shape) = (x.device(), x.shape().dims());
        let zeros = Self::float_zeros(how.result(shape), &device, FloatDType::F32);
        let kept = Self::float_slice(x, &how.kept(shape));
        Self::float_slice_assign(zeros, &how.own(shape), kept)
    }

    /// The gradient with respect to `x`, which gives its shape.
    fn slice_pad_gradient(
        x: FloatTensor<Self>,
        how: Shortcut,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let shape = x.shape().dims();
        let zeros = Self::float_zeros(x.shape(), &x.device(), FloatDType::F32);
        let own = Self::float_slice(gradient, &how.own(shape));
        Self::float_slice_assign(zeros, &how.kept(shape), own)
    }
}

/// Shapes are those of the input.
impl Shortcut {
    fn result(self, [n, c, h, w]: [usize; 4]) -> Shape {
        let [height, width] = [h, w].map(|size| size.div_ceil(self.stride));
        Shape::from([n, self.before + c + self.after, height, width])
    }

    /// The rows and columns of the input that are kept.
    fn kept(self, [n, c, h, w]: [usize; 4]) -> [Slice; 4] {
        let step = self.stride as isize;
        let every = |size: usize| Slice::new(0, Some(size as isize), step);
        [Slice::from(0..n), Slice::from(0..c), every(h), every(w)]
    }

    /// The channels of the result that are not zeros.
    fn own(self, [n, c, h, w]: [usize; 4]) -> [Slice; 4] {
        let [height, width] = [h, w].map(|size| size.div_ceil(self.stride));
        let channels = self.before..self.before + c;
        [0..n, channels, 0..height, 0..width].map(Slice::from)
    }
}

#[cfg(feature = "webgpu")]
impl SlicePadKernels for burn_cubecl::Cube {}

#[cfg(feature = "cpu")]
fn sizes(x: &burn_flex::FlexTensor, how: Shortcut) -> pruning_kernels::SlicePad {
    let [_, c, h, w] = super::flex::dims(x);
    pruning_kernels::SlicePad {
        c,
        h,
        w,
        stride: how.stride,
        before: how.before,
        after: how.after,
    }
}

#[cfg(feature = "cpu")]
impl SlicePadKernels for burn_flex::Flex {
    fn slice_pad_forward(x: FloatTensor<Self>, how: Shortcut) -> FloatTensor<Self> {
        use super::flex::{dims, floats, values};
        let sizes = sizes(&x, how);
        let [channels, height, width] = sizes.output();
        let shape = [dims(&x)[0], channels, height, width];
        floats(sizes.forward(values(&x.to_contiguous())), shape)
    }

    fn slice_pad_gradient(
        x: FloatTensor<Self>,
        how: Shortcut,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        use super::flex::{dims, floats, values};
        let gradient = gradient.to_contiguous();
        floats(sizes(&x, how).gradient(values(&gradient)), dims(&x))
    }
}

/// The differentiable operation.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Autodiff)]
trait SlicePadOps: Backend {
    fn slice_pad(x: FloatTensor<Self>, how: Shortcut) -> FloatTensor<Self>;
}

#[cfg(feature = "webgpu")]
impl SlicePadOps for burn_cubecl::Cube {
    fn slice_pad(x: FloatTensor<Self>, how: Shortcut) -> FloatTensor<Self> {
        Self::slice_pad_forward(x, how)
    }
}

#[cfg(feature = "cpu")]
impl SlicePadOps for burn_flex::Flex {
    fn slice_pad(x: FloatTensor<Self>, how: Shortcut) -> FloatTensor<Self> {
        Self::slice_pad_forward(x, how)
    }
}

impl<B: SlicePadKernels> Unary<B> for Shortcut {
    /// The input, for its shape.
    type Kept = FloatTensor<B>;

    fn forward(&self, x: FloatTensor<B>) -> (FloatTensor<B>, FloatTensor<B>) {
        (B::slice_pad_forward(x.clone(), *self), x)
    }

    fn input_gradient(&self, x: FloatTensor<B>, gradient: FloatTensor<B>) -> FloatTensor<B> {
        B::slice_pad_gradient(x, *self, gradient)
    }
}

impl<B: SlicePadKernels, C: CheckpointStrategy> SlicePadOps for Autodiff<B, C> {
    fn slice_pad(x: FloatTensor<Self>, how: Shortcut) -> FloatTensor<Self> {
        tracked_unary::<B, C, _>(how, x)
    }
}
