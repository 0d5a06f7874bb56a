//! Networks to take home, in the formats that others read.

mod onnx;
mod onnx_proto;

pub use onnx::to_onnx;
