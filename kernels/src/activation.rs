//! ReLU, and ReLU6, which nothing above 6 passes.

/// `min(max(x, 0), ceiling)`; what is not a number is passed on.
pub fn relu(x: &[f32], ceiling: f32) -> Vec<f32> {
    let clipped = |&x: &f32| {
        let x = if x <= 0.0 { 0.0 } else { x };
        if x >= ceiling { ceiling } else { x }
    };
    x.iter().map(clipped).collect()
}

/// The gradient with respect to what came to be `y`: 0 at 0 and at the ceiling.
pub fn relu_gradient(y: &[f32], ceiling: f32, gradient: &[f32]) -> Vec<f32> {
    debug_assert_eq!(y.len(), gradient.len(), "gradients");
    let passed = |(&y, &gradient): (&f32, &f32)| {
        let closed = (y <= 0.0) | (y >= ceiling);
        if closed { 0.0 } else { gradient }
    };
    y.iter().zip(gradient).map(passed).collect()
}
