//! The test set as a safetensors file, for programs that check a network elsewhere: `images` u8
//! `[n, channels, height, width]`, `labels` u8 `[n]`, and in the metadata `dataset` and `classes`, a JSON list.

use crate::data::Dataset;
use crate::error::{Error, ErrorCode, Result};
use safetensors::tensor::{Dtype, TensorView};
use std::collections::HashMap;

/// # Errors
/// None that a correct data set can cause.
pub fn test_images(data: &Dataset) -> Result<Vec<u8>> {
    let bad = |e: &dyn std::fmt::Display| Error::new(ErrorCode::BadData, e.to_string());
    let n = data.test.len();
    let shape = vec![n, data.channels, data.height, data.width];
    let view = |shape, bytes| TensorView::new(Dtype::U8, shape, bytes).map_err(|e| bad(&e));
    let tensors = [
        ("images", view(shape, &data.test.pixels)?),
        ("labels", view(vec![n], &data.test.labels)?),
    ];
    let metadata = HashMap::from([
        ("dataset".to_owned(), data.id.name().to_owned()),
        (
            "classes".to_owned(),
            serde_json::to_string(&data.classes).map_err(|e| bad(&e))?,
        ),
    ]);
    safetensors::serialize(tensors, Some(metadata)).map_err(|e| bad(&e))
}
