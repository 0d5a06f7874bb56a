//! Backward: only the positions that were the largest of their four and passed ReLU have a gradient. They are listed,
//! and taken 4 at a time, so that what they add up to is loaded and stored once for 4.

use crate::padded;
use crate::terms::{Term, add_all};
use crate::{Block, CLOSED};

/// Gradients with respect to weight `[o, c, 3, 3]` and bias `[o]`, from `gradient` `[n, o, h/2, w/2]`.
pub fn parameter_gradients(
    block: &Block,
    x: &[f32],
    route: &[u8],
    gradient: &[f32],
) -> (Vec<f32>, Vec<f32>) {
    let filter = block.filter();
    let (run, stride) = (3 * block.c, padded::stride(block));
    let mut weights = vec![0.0; block.o * filter];
    let mut biases = vec![0.0; block.o];
    block.check(x.len(), weights.len(), [route.len(), gradient.len()]);
    let mut padded = vec![0.0; padded::len(block)];
    let mut terms = Vec::new();
    for (n, image) in x.chunks_exact(block.image().max(1)).enumerate() {
        padded::pad(block, image, &mut padded);
        let planes = planes(block, n, route, gradient);
        let filters = weights.chunks_exact_mut(filter.max(1)).zip(&mut biases);
        for ((weights, bias), (route, gradient)) in filters.zip(planes) {
            terms.clear();
            each_open(block, route, gradient, |y, x, gradient| {
                *bias += gradient;
                let at = padded::window(block, y, x);
                terms.push(Term {
                    at,
                    factor: gradient,
                });
            });
            for (row, weights) in weights.chunks_exact_mut(run.max(1)).enumerate() {
                add_all(weights, &padded[row * stride..], &terms);
            }
        }
    }
    (padded::channels_first(block, &weights), biases)
}

/// The gradient with respect to `x`, `[n, c, h, w]`.
pub fn input_gradient(block: &Block, weight: &[f32], route: &[u8], gradient: &[f32]) -> Vec<f32> {
    let weight = padded::channels_last(block, weight);
    let (run, stride) = (3 * block.c, padded::stride(block));
    let mut out = vec![0.0; block.n * block.image()];
    block.check(out.len(), weight.len(), [route.len(), gradient.len()]);
    let mut padded = vec![0.0; padded::len(block)];
    // The filters with a gradient, position by position.
    let mut terms: Vec<Vec<Term>> = vec![Vec::new(); block.h * block.w];
    for (n, image) in out.chunks_exact_mut(block.image().max(1)).enumerate() {
        padded.fill(0.0);
        terms.iter_mut().for_each(Vec::clear);
        for (o, (route, gradient)) in planes(block, n, route, gradient).enumerate() {
            each_open(block, route, gradient, |y, x, gradient| {
                let at = o * block.filter();
                terms[y * block.w + x].push(Term {
                    at,
                    factor: gradient,
                });
            });
        }
        for (position, terms) in terms.iter().enumerate() {
            let from = padded::window(block, position / block.w, position % block.w);
            for row in 0..3 {
                let sum = &mut padded[from + row * stride..][..run];
                add_all(sum, &weight[row * run..], terms);
            }
        }
        padded::unpad(block, &padded, image);
    }
    out
}

/// Routes and gradients of image `n`, filter by filter.
fn planes<'a>(
    block: &Block,
    n: usize,
    route: &'a [u8],
    gradient: &'a [f32],
) -> impl Iterator<Item = (&'a [u8], &'a [f32])> {
    let plane = block.plane().max(1);
    let range = n * block.o * plane..(n + 1) * block.o * plane;
    let gradients = gradient[range.clone()].chunks_exact(plane);
    route[range].chunks_exact(plane).zip(gradients)
}

/// Calls `f` with the position and the gradient of each pooled value that has one.
#[inline(always)]
fn each_open(block: &Block, route: &[u8], gradient: &[f32], mut f: impl FnMut(usize, usize, f32)) {
    let width = block.w / 2;
    let rows = route
        .chunks_exact(width.max(1))
        .zip(gradient.chunks_exact(width.max(1)));
    for (y, (routes, gradients)) in rows.enumerate() {
        for (x, (&route, &gradient)) in routes.iter().zip(gradients).enumerate() {
            if route != CLOSED && gradient != 0.0 {
                let route = usize::from(route);
                f(2 * y + route / 2, 2 * x + route % 2, gradient);
            }
        }
    }
}
