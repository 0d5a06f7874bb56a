//! Where each prunable layer lies in the sequence of all prunable weights.

use std::ops::Range;

/// Names and sizes of the prunable layers, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    layers: Vec<(String, Range<usize>)>,
}

impl Layout {
    pub fn new<'a>(layers: impl IntoIterator<Item = (&'a str, usize)>) -> Self {
        let mut start = 0;
        let layers = layers
            .into_iter()
            .map(|(name, len)| {
                let range = start..start + len;
                start = range.end;
                (name.to_owned(), range)
            })
            .collect();
        Self { layers }
    }

    /// Number of prunable weights.
    pub fn total(&self) -> usize {
        self.layers.last().map_or(0, |(_, range)| range.end)
    }

    pub fn layers(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.layers
            .iter()
            .map(|(name, r)| (name.as_str(), r.clone()))
    }

    /// Kept weights, layer by layer, counted from the mask.
    pub fn kept(&self, mask: &[u8]) -> Vec<u32> {
        self.layers()
            .map(|(_, range)| mask[range].iter().map(|&m| u32::from(m)).sum())
            .collect()
    }
}

/// Zeros in the mask / prunable weights.
pub fn sparsity(mask: &[u8]) -> f64 {
    if mask.is_empty() {
        return 0.0;
    }
    mask.iter().filter(|&&m| m == 0).count() as f64 / mask.len() as f64
}
