//! An operation against another that is to be the same, on one device.

use burn::tensor::{Device, Tensor};
use pruning_playground::ops::transfer::{flatten, read, tensor};

/// Reproducible numbers in -1 to 1.
pub fn numbers(seed: u32, len: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(747_796_405).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

/// Of any rank: rank 4 with ones behind.
pub type Operands = Vec<Tensor<4>>;

/// What an operation gives, as rank 4 or less.
pub type Operation = Box<dyn Fn(Operands) -> Tensor<4>>;

pub fn vector(t: &Tensor<4>) -> Tensor<1> {
    flatten(t.clone())
}

/// The result, and the gradients of a weighted sum of it with respect to all operands.
async fn all(operation: &Operation, shapes: &[[usize; 4]], device: &Device) -> Vec<Vec<f32>> {
    let operands: Operands = (0..)
        .zip(shapes)
        .map(|(i, shape)| {
            let values = numbers(i, shape.iter().product());
            tensor(values, *shape, device).autodiff().require_grad()
        })
        .collect();
    let result = operation(operands.clone());
    let shape = result.dims();
    let factors = tensor(numbers(99, shape.iter().product()), shape, device).autodiff();
    let mut gradients = (result.clone() * factors).sum().backward();
    let mut found = vec![flatten(result.inner())];
    for operand in &operands {
        let gradient = operand.grad_remove(&mut gradients).expect("of an operand");
        found.push(flatten(gradient));
    }
    let plain = operands.into_iter().map(Tensor::inner).collect();
    found.push(flatten(operation(plain)));
    read(found).await.expect("read")
}

/// Compares values, gradients, and values without autodiff.
pub async fn compare(
    what: &str,
    own: Operation,
    burns: Operation,
    shapes: &[[usize; 4]],
    device: &Device,
) {
    let (found, known) = (
        all(&own, shapes, device).await,
        all(&burns, shapes, device).await,
    );
    assert_eq!(found.len(), known.len());
    for (i, (found, known)) in found.iter().zip(&known).enumerate() {
        assert_close(&format!("{what} {shapes:?}, {i}"), found, known);
    }
    assert_eq!(found.first(), found.last(), "{what}: without autodiff too");
    assert_eq!(
        found,
        all(&own, shapes, device).await,
        "{what}: the same bits each time"
    );
}

/// Within 1e-5 of the largest number, or of 1.
pub fn assert_close(what: &str, found: &[f32], known: &[f32]) {
    assert_eq!(found.len(), known.len(), "{what}");
    let size = known.iter().fold(1f32, |a, b| a.max(b.abs()));
    for (i, (a, b)) in found.iter().zip(known).enumerate() {
        let apart = (a - b).abs();
        assert!(apart <= 1e-5 * size, "{what} at {i}: {a} instead of {b}");
    }
}
