//! Numbers to the device and back.

use crate::error::{Error, ErrorCode, Result};
use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::{Device, Tensor, TensorData, Transaction};

/// A tensor of `shape` with these values. Burn's own way would link conversions between all types that numbers can have.
pub fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    let data = TensorData::new(values, shape);
    Tensor::from_dispatch(Dispatch::float_from_data(data, device.as_dispatch()))
}

pub fn flatten<const D: usize>(t: Tensor<D>) -> Tensor<1> {
    let n = t.dims().iter().product::<usize>();
    t.reshape([n])
}

/// Reads tensors back in one go.
///
/// # Errors
/// The device was lost or a kernel failed.
pub async fn read(tensors: Vec<Tensor<1>>) -> Result<Vec<Vec<f32>>> {
    let failed = |e: &dyn std::fmt::Debug| {
        Error::new(
            ErrorCode::Device,
            format!("the device could not be read: {e:?}"),
        )
    };
    tensors
        .into_iter()
        .fold(Transaction::default(), |t, tensor| t.register(tensor))
        .execute_async()
        .await
        .map_err(|e| failed(&e))?
        .into_iter()
        .map(|data| data.try_into_vec::<f32>().map_err(|e| failed(&e)))
        .collect()
}
