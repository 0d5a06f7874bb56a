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
    }
}
