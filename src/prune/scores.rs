//! One score a weight: the lower, the sooner it is cut.

use super::Layout;
use crate::error::{Error, ErrorCode, Result};

/// |w| (Han et al., NIPS 2015).
pub fn magnitude(weights: &[f32]) -> Vec<f32> {
    weights.iter().map(|w| w.abs()).collect()
}

/// A ranking of NaN means nothing: the error names the layer and the place.
pub fn require_finite(scores: &[f32], layout: &Layout) -> Result<()> {
    for (name, range) in layout.layers() {
        if let Some(i) = scores[range.clone()].iter().position(|s| !s.is_finite()) {
            let value = scores[range.start + i];
            return Err(Error::new(
                ErrorCode::Diverged,
                format!(
                    "the score of weight {i} of layer {name} is {value}; training has diverged: \
                     go back to an earlier point or lower the learning rate"
                ),
            ));
        }
    }
    Ok(())
}
