//! The shape of the two-conv CNN.

use super::layout::Layout;

/// Names of the prunable layers, in their order.
pub const LAYERS: [&str; 3] = ["conv1", "conv2", "fc"];

/// What a network is for: the shape of an image, the filters, the classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CnnConfig {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    /// Filters of the two convolutions.
    pub widths: [usize; 2],
    pub classes: usize,
}

impl CnnConfig {
    /// Features that reach the linear layer: two 2x2 poolings quarter each side.
    pub fn features(&self) -> usize {
        self.widths[1] * (self.height / 4) * (self.width / 4)
    }

    /// Weight shapes of the prunable layers: `[out, in, 3, 3]`, `[out, in, 3, 3]`, `[out, in]`.
    pub fn weight_shapes(&self) -> [Vec<usize>; 3] {
        let [w1, w2] = self.widths;
        [
            vec![w1, self.channels, 3, 3],
            vec![w2, w1, 3, 3],
            vec![self.classes, self.features()],
        ]
    }

    /// Multiply-accumulates of each layer for one image, dense.
    pub fn macs(&self) -> [usize; 3] {
        let [c1, c2, fc] = self.weight_shapes().map(|s| s.iter().product::<usize>());
        let pixels = self.height * self.width;
        [c1 * pixels, c2 * (self.height / 2) * (self.width / 2), fc]
    }

    pub fn layout(&self) -> Layout {
        let sizes = self.weight_shapes().map(|s| s.iter().product());
        Layout::new(LAYERS.into_iter().zip(sizes))
    }

    /// Weights and biases.
    pub fn parameters(&self) -> usize {
        self.layout().total() + self.widths[0] + self.widths[1] + self.classes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_network_has_the_counts_of_the_article_done_right() {
        let config = CnnConfig {
            channels: 3,
            height: 32,
            width: 32,
            widths: [64, 128],
            classes: 10,
        };
        let weights: Vec<usize> = config.layout().layers().map(|(_, r)| r.len()).collect();
        assert_eq!(weights, [1_728, 73_728, 81_920]);
        assert_eq!(config.layout().total(), 157_376);
        assert_eq!(config.macs(), [1_769_472, 18_874_368, 81_920]);
    }
}
