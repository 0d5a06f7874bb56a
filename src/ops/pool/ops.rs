//! What a backend computes for pooling; where it has no kernels of its own, Burn's operations.

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, TensorMetadata, backend_extension};
use burn::tensor::{IntDType, Shape};

/// Height and width of a window, and from one to the next.
#[derive(Clone, Copy, Debug)]
pub struct Windows {
    pub k: usize,
    pub stride: usize,
}

impl Windows {
    fn sizes(self) -> [[usize; 2]; 2] {
        [[self.k; 2], [self.stride; 2]]
    }
}

const NO_PADDING: [usize; 2] = [0; 2];
const NO_DILATION: [usize; 2] = [1; 2];

/// `x` is `[n, c, h, w]`.
pub trait PoolKernels: Backend {
    /// The largest of each window, and a route of the backend's own for the gradient.
    fn largest_forward(
        x: FloatTensor<Self>,
        windows: Windows,
    ) -> (FloatTensor<Self>, IntTensor<Self>) {
        let [size, stride] = windows.sizes();
        let pooled = Self::max_pool2d_with_indices(
            x,
            size,
            stride,
            NO_PADDING,
            NO_DILATION,
            false,
            IntDType::I32,
        );
        (pooled.output, pooled.indices)
    }

    /// The gradient with respect to `x`, which gives its shape.
    fn largest_gradient(
        x: FloatTensor<Self>,
        windows: Windows,
        route: IntTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [size, stride] = windows.sizes();
        let pooled = Self::max_pool2d_with_indices_backward(
            x,
            size,
            stride,
            NO_PADDING,
            NO_DILATION,
            false,
            gradient,
            route,
        );
        pooled.x_grad
    }

    fn mean_forward(x: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self> {
        let [size, stride] = windows.sizes();
        Self::avg_pool2d(x, size, stride, NO_PADDING, true, false)
    }

    /// The gradient with respect to `x`, which gives its shape.
    fn mean_gradient(
        x: FloatTensor<Self>,
        windows: Windows,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [size, stride] = windows.sizes();
        Self::avg_pool2d_backward(x, gradient, size, stride, NO_PADDING, true, false)
    }

    /// `[n, c]`
    fn plane_means_forward(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let [n, c, h, w] = x.shape().dims();
        let planes = Self::float_reshape(x, Shape::from([n * c, h * w]));
        Self::float_reshape(Self::float_mean_dim(planes, 1), Shape::from([n, c]))
    }

    /// The gradient with respect to an `x` of this height and width.
    fn plane_means_gradient(
        gradient: FloatTensor<Self>,
        height: usize,
        width: usize,
    ) -> FloatTensor<Self> {
        let [n, c] = gradient.shape().dims();
        let share = 1.0 / (height * width) as f32;
        let shares = Self::float_mul_scalar(gradient, share.into());
        let shares = Self::float_reshape(shares, Shape::from([n, c, 1, 1]));
        Self::float_expand(shares, Shape::from([n, c, height, width]))
    }
}

#[cfg(feature = "webgpu")]
impl PoolKernels for burn_cubecl::Cube {}

/// The differentiable operations.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Autodiff)]
pub trait PoolOps: Backend {
    fn largest(x: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self>;
    fn mean(x: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self>;
    fn plane_means(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

#[cfg(feature = "webgpu")]
impl PoolOps for burn_cubecl::Cube {
    fn largest(x: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self> {
        Self::largest_forward(x, windows).0
    }

    fn mean(x: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self> {
        Self::mean_forward(x, windows)
    }

    fn plane_means(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::plane_means_forward(x)
    }
}

#[cfg(feature = "cpu")]
impl PoolOps for burn_flex::Flex {
    fn largest(x: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self> {
        Self::largest_forward(x, windows).0
    }

    fn mean(x: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self> {
        Self::mean_forward(x, windows)
    }

    fn plane_means(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::plane_means_forward(x)
    }
}
