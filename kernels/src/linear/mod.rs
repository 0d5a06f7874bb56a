//! A linear layer, forward and backward: few outputs have a way of their own.
//!
//! `x` `[n, inputs]`, `weight` `[outputs, inputs]`, `bias` `[outputs]`, results and their gradient `[n, outputs]`.

mod narrow;
mod wide;

pub use narrow::dot;

/// Outputs up to which a layer is narrow.
const NARROW: usize = 16;

/// `x` times the transposed `weight`, plus `bias`.
pub fn linear(x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let inputs = weight.len() / bias.len().max(1);
    debug_assert_eq!(weight.len(), inputs * bias.len(), "weights");
    debug_assert_eq!(x.len() % inputs.max(1), 0, "inputs");
    // One image or two would leave most of a tile empty.
    if bias.len() <= NARROW || x.len() <= 2 * inputs {
        narrow::linear(x, weight, bias)
    } else {
        wide::linear(x, weight, bias)
    }
}

/// Gradients with respect to `weight` and `bias`.
pub fn linear_parameter_gradients(
    x: &[f32],
    gradient: &[f32],
    outputs: usize,
) -> (Vec<f32>, Vec<f32>) {
    let images = gradient.len() / outputs.max(1);
    debug_assert_eq!(gradient.len(), images * outputs, "gradients");
    debug_assert_eq!(x.len() % images.max(1), 0, "inputs");
    if outputs <= NARROW {
        narrow::parameter_gradients(x, gradient, outputs)
    } else {
        wide::parameter_gradients(x, gradient, outputs)
    }
}

/// The gradient with respect to `x`.
pub fn linear_input_gradient(weight: &[f32], gradient: &[f32], outputs: usize) -> Vec<f32> {
    debug_assert_eq!(weight.len() % outputs.max(1), 0, "weights");
    debug_assert_eq!(gradient.len() % outputs.max(1), 0, "gradients");
    if outputs <= NARROW {
        narrow::input_gradient(weight, gradient, outputs)
    } else {
        wide::input_gradient(weight, gradient, outputs)
    }
}
