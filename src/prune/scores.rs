//! Scores that weights alone decide, and what holds for all scores: the lower, the sooner cut.

use crate::error::{Error, ErrorCode, Result};
use crate::net::Layout;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Uniform in 0 to 1, from the seed.
pub fn random(n: usize, seed: u32) -> Vec<f32> {
    // Another stream than the initial weights', which come from the same seed.
    let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
    rng.set_stream(1);
    (0..n).map(|_| rng.random::<f32>()).collect()
}

/// |w| (Han et al., NIPS 2015).
pub fn magnitude(weights: &[f32]) -> Vec<f32> {
    weights.iter().map(|w| w.abs()).collect()
}

/// |g|: the source article's sensitivity. Not the loss that cutting the weight would cause: that is
/// [`taylor`], to first order.
pub fn gradient(gradients: &[f32]) -> Vec<f32> {
    magnitude(gradients)
}

/// |w * g| (SNIP, Lee et al., ICLR 2019; its square ranks the same: Molchanov et al., ICLR 2017).
pub fn taylor(weights: &[f32], gradients: &[f32]) -> Vec<f32> {
    weights
        .iter()
        .zip(gradients)
        .map(|(w, g)| (w * g).abs())
        .collect()
}

/// w * (H g). GraSP's own score is -w * (H g), of which the *highest* go (Wang et al., ICLR 2020);
/// here the lowest go.
pub fn grasp(weights: &[f32], hessian_gradient: &[f32]) -> Vec<f32> {
    weights
        .iter()
        .zip(hessian_gradient)
        .map(|(w, hg)| w * hg)
        .collect()
}

/// L1 norm of each filter, that is of each row of `len` weights (Li et al., ICLR 2017).
pub fn filter_l1(weights: &[f32], len: usize) -> Vec<f32> {
    let norm = |f: &[f32]| f.iter().map(|w| f64::from(w.abs())).sum::<f64>() as f32;
    weights.chunks(len.max(1)).map(norm).collect()
}

/// L2 norm of each filter.
pub fn filter_l2(weights: &[f32], len: usize) -> Vec<f32> {
    let norm = |f: &[f32]| f.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>().sqrt() as f32;
    weights.chunks(len.max(1)).map(norm).collect()
}

/// Sum of each filter's L2 distances to the other filters of its layer (FPGM, He et al., CVPR 2019):
/// the filter nearest to the geometric median is the one that others can replace.
pub fn fpgm(weights: &[f32], len: usize) -> Vec<f32> {
    let filters: Vec<&[f32]> = weights.chunks(len.max(1)).collect();
    let distance = |a: &[f32], b: &[f32]| {
        let squares = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2));
        squares.sum::<f64>().sqrt()
    };
    filters
        .iter()
        .map(|f| filters.iter().map(|other| distance(f, other)).sum::<f64>() as f32)
        .collect()
}

/// A ranking of NaN means nothing: the error names the layer and the place.
pub fn require_finite(scores: &[f32], layout: &Layout) -> Result<()> {
    for (name, range) in layout.layers() {
        if let Some(i) = scores[range.clone()].iter().position(|s| !s.is_finite()) {
            let value = scores[range.start + i];
            return Err(Error::new(
                ErrorCode::Diverged,
                format!(
                    "score {i} of layer {name} is {value}; training has diverged: go back to an \
                     earlier point or lower the learning rate"
                ),
            ));
        }
    }
    Ok(())
}
