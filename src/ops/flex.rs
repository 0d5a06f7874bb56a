//! Tensors of Burn's CPU backend as slices and back.

use burn::tensor::{Bytes, DType, Shape};
use burn_flex::{FlexTensor, Layout};

/// Of a contiguous tensor of floats; nothing of any other.
pub fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().unwrap_or_default()
}

pub fn routes(tensor: &FlexTensor) -> &[u8] {
    tensor.as_slice().unwrap_or_default()
}

/// Of a tensor of rank 4; a missing dimension counts as 1.
pub fn dims(tensor: &FlexTensor) -> [usize; 4] {
    let mut dims = [1; 4];
    for (dim, &size) in dims.iter_mut().zip(tensor.layout().shape().iter()) {
        *dim = size;
    }
    dims
}

pub fn floats<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    tensor(Bytes::from_elems(values), shape, DType::F32)
}

pub fn tensor<const D: usize>(bytes: Bytes, shape: [usize; D], dtype: DType) -> FlexTensor {
    FlexTensor::new(bytes, Layout::contiguous(Shape::from(shape)), dtype)
}
