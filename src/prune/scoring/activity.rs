//! How often filters are active (APoZ, Hu et al., 2016).

use super::Subject;
use crate::error::Result;
use crate::net::{Graph, Kind, Op, Shape};
use crate::ops::transfer::read;
use pruning_kernels::{self as kernels, Block};

/// How often the channels of one activation were not zero.
struct Count {
    active: Vec<u32>,
    positions: usize,
}

impl Subject<'_> {
    /// Share of activations after ReLU that are not zero, filter by filter: 1 - APoZ (Hu et al., 2016). A filter that no ReLU
    /// follows is always active. Counted on the host: nothing else needs what is before pooling.
    pub(super) async fn activity(&self) -> Result<Vec<f32>> {
        let graph = self.graph();
        let mut counts: Vec<Option<Count>> = graph.nodes().map(|_| None).collect();
        let mut images = 0;
        for batch in self.batches() {
            let n = batch.labels.len();
            let seen = self.trainer.model.activations(batch.images);
            let (steps, tensors): (Vec<_>, Vec<_>) = seen.into_iter().unzip();
            for (step, values) in steps.into_iter().zip(read(tensors).await?) {
                let step = &graph.steps()[step];
                let count = match step.kind {
                    Kind::Block => self.of_block(step, n, &values),
                    _ => of_relu(graph, step.output, n, &values),
                };
                // A block ends in its pooling, after its ReLU.
                let relu = match step.kind {
                    Kind::Block => step.output - 2,
                    _ => step.output - 1,
                };
                let sum = counts[relu].get_or_insert_with(|| Count {
                    active: vec![0; count.active.len()],
                    positions: count.positions,
                });
                for (sum, active) in sum.active.iter_mut().zip(count.active) {
                    *sum += active;
                }
            }
            images += n;
            self.breath.take().await;
        }
        let layers = graph.layers().iter();
        let shares = layers.flat_map(|layer| {
            let count = relu_after(graph, layer.node).and_then(|relu| counts[relu].as_ref());
            (0..layer.dims[0]).map(move |filter| match count {
                Some(count) => {
                    count.active[filter] as f32 / (count.positions * images).max(1) as f32
                }
                None => 1.0,
            })
        });
        Ok(shares.collect())
    }

    /// Of whole pooling windows: an odd last row or column is left out.
    fn of_block(&self, step: &crate::net::Step, n: usize, pixels: &[f32]) -> Count {
        let graph = self.graph();
        let [c, h, w] = match value_shape(graph, step.inputs[0]) {
            Shape::Image(dims) => dims,
            Shape::Flat(n) => [n, 1, 1],
        };
        let [weight, bias] = [0, 1].map(|i| {
            let parameter = &graph.parameters()[step.parameters[i]];
            self.parameters.of(parameter)
        });
        let block = Block {
            n,
            c,
            h,
            w,
            o: bias.len(),
        };
        Count {
            active: kernels::active(&block, pixels, weight, bias),
            positions: 4 * (h / 2) * (w / 2),
        }
    }
}

fn of_relu(graph: &Graph, value: usize, n: usize, values: &[f32]) -> Count {
    let shape = value_shape(graph, value);
    let (channels, positions) = (shape.channels(), shape.positions());
    let mut active = vec![0; channels];
    for image in values.chunks(values.len() / n.max(1)) {
        for (count, channel) in active.iter_mut().zip(image.chunks(positions)) {
            *count += channel.iter().filter(|&&x| x > 0.0).count() as u32;
        }
    }
    Count { active, positions }
}

fn value_shape(graph: &Graph, value: usize) -> Shape {
    match value
        .checked_sub(1)
        .and_then(|node| graph.nodes().nth(node))
    {
        Some((_, checked)) => checked.shape,
        None => Shape::Image(graph.input()),
    }
}

/// The ReLU that the channels of a layer come to, through what passes them on unchanged in number.
fn relu_after(graph: &Graph, node: usize) -> Option<usize> {
    let mut value = node + 1;
    loop {
        let (next, op) = graph
            .nodes()
            .enumerate()
            .find(|(_, (_, checked))| checked.inputs.contains(&value))
            .map(|(i, (node, _))| (i, &node.op))?;
        match op {
            Op::Relu | Op::Relu6 => return Some(next),
            Op::BatchNorm | Op::Add | Op::Dropout { .. } => value = next + 1,
            _ => return None,
        }
    }
}
