use burn::tensor::Tensor;
use burn::tensor::module;
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};

pub fn max_pool2d(x: Tensor<4>, k: usize, stride: usize) -> Tensor<4> {
    module::max_pool2d(x, MaxPoolOptions::new([k, k]).with_stride([stride, stride]))
}

pub fn avg_pool2d(x: Tensor<4>, k: usize, stride: usize) -> Tensor<4> {
    module::avg_pool2d(x, AvgPoolOptions::new([k, k]).with_stride([stride, stride]))
}

pub fn global_avg_pool(x: Tensor<4>) -> Tensor<2> {
    let [n, c, _, _] = x.dims();
    x.mean_dims(&[2, 3]).reshape([n, c])
}
