//! Tensors of Burn's CPU backend as slices and back.

use burn::tensor::{Bytes, DType, Element, Shape};
use burn_flex::{FlexTensor, Layout};
use bytemuck::Pod;

/// The numbers of a contiguous tensor.
///
/// # Panics
/// It is another tensor. That is a fault of this program, and its kernels would take nothing for zeros: better to end.
pub fn values(tensor: &FlexTensor) -> &[f32] {
    all_of(tensor)
}

/// As [`values`], of routes.
pub fn routes(tensor: &FlexTensor) -> &[u8] {
    all_of(tensor)
}

/// As [`values`], to be changed: the tensor's own, and nobody else's.
pub fn values_mut(tensor: &mut FlexTensor) -> &mut [f32] {
    let len = values(tensor).len();
    let storage = tensor.storage_mut();
    assert!(storage.len() == len, "{FAULT}");
    storage
}

fn all_of<E: Element + Pod>(tensor: &FlexTensor) -> &[E] {
    let all = tensor.as_slice();
    assert!(all.is_some(), "{FAULT}");
    all.unwrap_or_default()
}

const FAULT: &str = "the CPU backend has a tensor of another type or layout than its kernels read: a fault of this program";

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

/// Of the shape of `other`.
pub fn like(other: &FlexTensor, values: Vec<f32>) -> FlexTensor {
    let shape = other.layout().shape().clone();
    FlexTensor::new(
        Bytes::from_elems(values),
        Layout::contiguous(shape),
        DType::F32,
    )
}

pub fn tensor<const D: usize>(bytes: Bytes, shape: [usize; D], dtype: DType) -> FlexTensor {
    FlexTensor::new(bytes, Layout::contiguous(Shape::from(shape)), dtype)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_tensor() {
        let mut two = floats(vec![1.0, 2.0], [2]);
        let kept = two.clone();
        values_mut(&mut two)[0] = 3.0;
        assert_eq!(
            (values(&two), values(&kept)),
            (&[3.0, 2.0][..], &[1.0, 2.0][..])
        );
    }

    #[test]
    #[should_panic(expected = "another type or layout")]
    fn a_tensor_of_another_type_is_not_taken_for_nothing() {
        values(&tensor(Bytes::from_elems(vec![1u8]), [1], DType::U8));
    }

    #[test]
    #[should_panic(expected = "another type or layout")]
    fn a_tensor_out_of_order_is_not_taken_for_nothing() {
        values(&floats(vec![1.0; 4], [2, 2]).transpose(0, 1));
    }
}
