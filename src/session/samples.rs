//! Which images a figure is over, and in which order they are measured.
//!
//! A figure over a part of a split is an estimate of the figure over all of it. It is an honest one only if the part is
//! drawn at random: the files' own order won't do (the first half of MNIST's test set is the easier one). The order is
//! drawn once and is the same in every session, and each part is the beginning of it, so that estimates of one size
//! are over the same images, and a larger one holds all images of a smaller one.

use crate::data::Split;
use crate::data::batch::{Batch, Batcher};
use crate::data::order::sample_order;
use crate::error::Result;
use crate::learn::eval::{Tally, logits, top};
use crate::learn::model::Model;
use crate::net::Graph;
use burn::tensor::Device;
use std::ops::Range;

/// How many images are shown as examples. They are evaluated with every first estimate.
const EXAMPLES: usize = 12;
/// Multiply-accumulates of a first estimate, so that the CPU backend gives it well within 100 ms. A size that followed
/// the speed of the device would make figures that no other device shows.
const LIVE_MACS: usize = 150_000_000;
/// Fewer images than this estimate nothing, and fewer than the other draw no curve. With the examples, so many are within
/// 100 ms for the reference network too.
const LEAST_LIVE: usize = 16;
const LEAST_CURVE: usize = 64;
/// Multiply-accumulates of one forward pass: on a CPU slices are made of these, and must be short.
const CHUNK_MACS: usize = 200_000_000;
/// Images in one forward pass; bounds its memory.
pub(super) const EVAL_BATCH: usize = 128;

/// The images of a split in the order in which they are measured.
pub(super) struct Samples {
    order: Vec<u32>,
    /// Images in one forward pass.
    chunk: usize,
    /// Where the parts end that are measured by themselves: the first estimate, a point of the curve, all images.
    ends: [usize; 3],
    /// Those of the first estimate, on the device.
    live: Vec<Batch>,
}

impl Samples {
    /// Of the first `len` images of `split`.
    pub(super) fn new(
        split: &Split,
        len: usize,
        graph: &Graph,
        batcher: &Batcher,
        device: &Device,
    ) -> Self {
        let macs = graph.macs().iter().sum::<usize>().max(1);
        let live = (LIVE_MACS / macs).max(LEAST_LIVE);
        let curve = live.max(LEAST_CURVE);
        let mut samples = Self {
            order: sample_order(len),
            chunk: chunk(macs),
            ends: [live.min(len), curve.min(len), len],
            live: Vec::new(),
        };
        let mut from = 0;
        while from < samples.ends[0] {
            let range = samples.range(from);
            from = range.end;
            samples
                .live
                .push(samples.gather(range, split, batcher, device));
        }
        samples
    }

    /// The images of the first estimate.
    pub(super) fn live(&self) -> &[Batch] {
        &self.live
    }

    /// How many images that is.
    pub(super) fn live_len(&self) -> usize {
        self.ends[0]
    }

    /// Images that are passed forward together.
    pub(super) fn chunk(&self) -> usize {
        self.chunk
    }

    /// How many images a point of the curve is over.
    pub(super) fn curve_len(&self) -> usize {
        self.ends[1]
    }

    /// The numbers of the images at these places of the order.
    pub(super) fn images(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
        self.order[range].iter().map(|&i| i as usize)
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// The next images from `from` on that are passed forward together. They don't depend on where an evaluation began,
    /// and so neither does a bit of what it comes to.
    fn range(&self, from: usize) -> Range<usize> {
        let end = self.ends.into_iter().find(|&end| from < end);
        from..end.map_or(from, |end| (from + self.chunk).min(end))
    }

    fn gather(
        &self,
        range: Range<usize>,
        split: &Split,
        batcher: &Batcher,
        device: &Device,
    ) -> Batch {
        batcher.batch(split, self.images(range), device)
    }

    /// Evaluates up to `chunks` passes more of `sweep` with one read; how many there were.
    pub(super) async fn advance(
        &self,
        sweep: &mut Sweep,
        chunks: u32,
        split: &Split,
        batcher: &Batcher,
        device: &Device,
    ) -> Result<u32> {
        let mut batches = Vec::new();
        let mut from = sweep.done();
        while batches.len() < chunks as usize && from < sweep.end.min(self.len()) {
            let range = self.range(from);
            batches.push(match self.live.get(from / self.chunk) {
                Some(batch) if from < self.ends[0] => batch.clone(),
                _ => self.gather(range.clone(), split, batcher, device),
            });
            from = range.end;
        }
        let labels: Vec<u8> = batches.iter().flat_map(|b| b.labels.clone()).collect();
        let found = logits(&sweep.model, &batches).await?;
        let classes = found.len() / labels.len().max(1);
        let said = found.chunks(classes.max(1)).map(|row| top(row) as u8);
        sweep.answers.extend(said);
        sweep.tally.add(&found, &labels);
        Ok(batches.len() as u32)
    }
}

/// An evaluation over the beginning of the order, under way.
pub(super) struct Sweep {
    model: Model,
    tally: Tally,
    /// What the network says of each image that was measured here.
    answers: Vec<u8>,
    end: usize,
}

impl Sweep {
    /// Goes on from what `tally` has, up to the image `end`, which is the end of a part.
    pub(super) fn new(model: Model, tally: Tally, end: usize) -> Self {
        Self {
            model,
            tally,
            answers: Vec::new(),
            end,
        }
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    pub(super) fn into_answers(self) -> Vec<u8> {
        self.answers
    }

    pub(super) fn done(&self) -> usize {
        self.tally.samples() as usize
    }

    pub(super) fn finished(&self) -> bool {
        self.done() >= self.end
    }
}

/// The first image of each class, then the first of the others.
pub(super) fn examples_of(test: &Split) -> Vec<usize> {
    let mut seen = [false; 256];
    let (mut first, rest): (Vec<usize>, Vec<usize>) = (0..test.len())
        .partition(|&i| !std::mem::replace(&mut seen[usize::from(test.labels[i])], true));
    first.extend(rest);
    first.truncate(EXAMPLES);
    first
}

/// Images in one forward pass: a power of two, since each size is a kernel of its own on a GPU. There it is not the
/// work that takes the time, but the number of passes.
fn chunk(macs: usize) -> usize {
    match cfg!(feature = "webgpu") {
        true => EVAL_BATCH,
        false => (1 << (CHUNK_MACS / macs).max(1).ilog2()).min(EVAL_BATCH),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(len: usize, chunk: usize, ends: [usize; 3]) -> Samples {
        Samples {
            order: sample_order(len),
            chunk,
            ends,
            live: Vec::new(),
        }
    }

    #[test]
    fn passes_cover_every_image_once_and_end_with_each_part() {
        for (chunk, ends) in [
            (8, [12, 64, 1000]),
            (128, [360, 360, 360]),
            (1, [3, 4, 5]),
            (128, [8, 8, 9]),
        ] {
            let samples = samples(ends[2], chunk, ends);
            let (mut from, mut seen) = (0, Vec::new());
            while from < samples.len() {
                let range = samples.range(from);
                assert!(!range.is_empty() && range.len() <= chunk);
                from = range.end;
                seen.push(from);
            }
            assert_eq!(from, samples.len());
            assert!(ends.iter().all(|end| seen.contains(end)), "{seen:?}");
        }
    }

    #[test]
    fn a_pass_of_the_default_network_is_a_whole_batch_and_one_of_the_reference_network_is_short() {
        if cfg!(not(feature = "webgpu")) {
            assert_eq!(
                (chunk(23_680), chunk(20_725_760), chunk(usize::MAX)),
                (128, 8, 1)
            );
        }
    }
}
