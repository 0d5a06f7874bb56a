//! Numbers to the device and back.

use crate::error::{Error, ErrorCode, Result};
use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
#[cfg(feature = "webgpu")]
use burn::tensor::Transaction;
use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

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
    let all = data(tensors).await.map_err(|e| failed(&e))?.into_iter();
    all.map(|data| data.try_into_vec::<f32>().map_err(|e| failed(&e)))
        .collect()
}

/// One by one: there is nothing to wait for, and a transaction would link what numbers of all types need.
#[cfg(not(feature = "webgpu"))]
async fn data(tensors: Vec<Tensor<1>>) -> std::result::Result<Vec<TensorData>, ExecutionError> {
    let mut all = Vec::with_capacity(tensors.len());
    for tensor in tensors {
        all.push(Dispatch::float_into_data(tensor.into_dispatch()).await?);
    }
    Ok(all)
}

#[cfg(feature = "webgpu")]
async fn data(tensors: Vec<Tensor<1>>) -> std::result::Result<Vec<TensorData>, ExecutionError> {
    let empty = Transaction::default();
    let all = tensors.into_iter().fold(empty, Transaction::register);
    all.execute_async().await
}

fn failed(e: &dyn std::fmt::Debug) -> Error {
    let text = format!("the device could not be read: {e:?}");
    Error::new(ErrorCode::Device, text)
}
