//! The order in which an epoch visits the training images.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// A permutation of `0..n` (Fisher-Yates, ChaCha8), a pure function of its arguments on every
/// platform: data order needs no state in a checkpoint.
pub fn epoch_order(seed: u32, epoch: u32, n: usize) -> Vec<u32> {
    let mut key = *b"........data order of an epoch..";
    key[..4].copy_from_slice(&seed.to_le_bytes());
    key[4..8].copy_from_slice(&epoch.to_le_bytes());
    let mut order: Vec<u32> = (0..=u32::MAX).take(n).collect();
    order.shuffle(&mut ChaCha8Rng::from_seed(key));
    order
}

/// The order in which `n` images are measured where a figure is over a part of them: a random one, and always the same.
pub fn sample_order(n: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..=u32::MAX).take(n).collect();
    order.shuffle(&mut ChaCha8Rng::from_seed(
        *b"the order images are measured in",
    ));
    order
}

/// Images in a batch: no more than there are.
pub fn batch_size(batch: u32, images: usize) -> usize {
    (batch as usize).min(images).max(1)
}

/// Which images are in the batch of each training step: a pure function of seed, step and number of images.
pub struct BatchOrder {
    seed: u32,
    images: usize,
    batch: usize,
    /// The order of the epoch in hand.
    epoch: (u32, Vec<u32>),
}

impl BatchOrder {
    pub fn new(seed: u32, images: usize, batch: u32) -> Self {
        Self {
            seed,
            images,
            batch: batch_size(batch, images),
            epoch: (u32::MAX, Vec::new()),
        }
    }

    /// Whole batches only: the few images left over come in another epoch's order.
    pub fn steps_per_epoch(&self) -> u32 {
        (self.images / self.batch).max(1) as u32
    }

    pub fn seed(&self) -> u32 {
        self.seed
    }

    pub fn epoch_of(&self, step: u32) -> u32 {
        step / self.steps_per_epoch()
    }

    /// The images of the batch of `step`.
    pub fn of(&mut self, step: u32) -> &[u32] {
        let per_epoch = self.steps_per_epoch();
        let (epoch, at) = (step / per_epoch, step % per_epoch);
        if self.epoch.0 != epoch {
            self.epoch = (epoch, epoch_order(self.seed, epoch, self.images));
        }
        let from = at as usize * self.batch;
        &self.epoch.1[from..(from + self.batch).min(self.images)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_visits_every_image_once() {
        for n in [0, 1, 2, 97, 5000] {
            let mut order = epoch_order(7, 3, n);
            order.sort_unstable();
            assert!(order.iter().copied().eq(0..n as u32));
        }
    }

    #[test]
    fn order_depends_on_seed_and_epoch_and_on_nothing_else() {
        assert_eq!(epoch_order(1, 0, 100), epoch_order(1, 0, 100));
        assert_ne!(epoch_order(1, 0, 100), epoch_order(1, 1, 100));
        assert_ne!(epoch_order(1, 0, 100), epoch_order(0, 1, 100));
    }

    #[test]
    fn order_is_the_same_on_every_platform_and_in_every_version() {
        assert_eq!(epoch_order(1, 0, 8), [5, 0, 7, 3, 6, 1, 2, 4]);
        assert_eq!(sample_order(8), [1, 6, 2, 3, 5, 7, 4, 0]);
    }

    #[test]
    fn samples_are_every_image_once_and_not_in_the_order_of_the_file() {
        let mut order = sample_order(1000);
        let early = order[..100].iter().filter(|&&i| i < 500).count();
        assert!(
            (35..=65).contains(&early),
            "{early} of 100 from the first half"
        );
        order.sort_unstable();
        assert!(order.iter().copied().eq(0..1000));
    }
}
