//! Procedural images: one of ten shapes, anywhere, of any size and colour, under noise.
//!
//! The same seed gives the same bytes on every platform: only `+ - * /` and `sqrt`, which IEEE 754
//! rounds exactly, are used, never `sin` or `exp`.

mod draw;
mod noise;

use super::dataset::{Dataset, Split};
use super::id::DatasetId;
use draw::Placement;
use noise::Noise;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SIDE: usize = 32;
const PLANE: usize = SIDE * SIDE;
const TRAIN: usize = 4000;
const TEST: usize = 1000;
/// Standard deviation of the noise in grey levels where `noise` is 1.
const LOUDEST: f32 = 128.0;
/// The least difference in luma between shape and background, of 255.
const CONTRAST: i32 = 80;
pub(super) const CLASSES: [&str; 10] = [
    "circle",
    "square",
    "triangle",
    "cross",
    "ring",
    "star",
    "diamond",
    "horizontal stripes",
    "vertical stripes",
    "checkerboard",
];

/// 4,000 training and 1,000 test images, 3x32x32, in ten equally frequent classes that follow each
/// other in turn. `noise` is 0 to 1, clamped; not a number counts as 0.
pub fn shapes(noise: f32, seed: u32) -> Dataset {
    let level = if noise > 0.0 {
        noise.min(1.0) * LOUDEST
    } else {
        0.0
    };
    let noise = Noise::new(level);
    Dataset {
        id: DatasetId::Shapes,
        classes: CLASSES.map(String::from).to_vec(),
        channels: 3,
        height: SIDE,
        width: SIDE,
        train: split(&noise, seed, 0, TRAIN),
        test: split(&noise, seed, 1, TEST),
    }
}

fn split(noise: &Noise, seed: u32, part: u64, images: usize) -> Split {
    let mut key = *b"....procedural shapes in colour.";
    key[..4].copy_from_slice(&seed.to_le_bytes());
    let mut rng = ChaCha8Rng::from_seed(key);
    rng.set_stream(2 * part);
    // Noise has a generator of its own, so that its level changes no shape, and a fast one,
    // because 15 million pixels are drawn while a person waits.
    let mut noise_rng = ChaCha8Rng::from_seed(key);
    noise_rng.set_stream(2 * part + 1);
    let mut noise_rng = Xoshiro256PlusPlus::from_rng(&mut noise_rng);
    let labels: Vec<u8> = (0..images).map(|i| (i % CLASSES.len()) as u8).collect();
    let mut pixels = vec![0; images * 3 * PLANE];
    for (image, &class) in pixels.chunks_exact_mut(3 * PLANE).zip(&labels) {
        paint(&mut rng, class, image);
        noise.add(&mut noise_rng, image);
    }
    Split { pixels, labels }
}

/// One clean image, 3x32x32.
fn paint(rng: &mut ChaCha8Rng, class: u8, image: &mut [u8]) {
    let (ground, ink) = colours(rng);
    let placement = Placement::draw(class, &mut |low, high| low + (high - low) * unit(rng));
    let (red, rest) = image.split_at_mut(PLANE);
    let (green, blue) = rest.split_at_mut(PLANE);
    let mut planes = [red, green, blue];
    for (plane, grey) in planes.iter_mut().zip(ground) {
        plane.fill(grey);
    }
    let (rows, columns) = placement.bounds(SIDE);
    for y in rows {
        for x in columns.clone() {
            let cover = placement.coverage(class, x as f32 + 0.5, y as f32 + 0.5);
            if cover > 0.0 {
                for ((plane, from), to) in planes.iter_mut().zip(ground).zip(ink) {
                    let (from, to) = (f32::from(from), f32::from(to));
                    plane[y * SIDE + x] = (from + (to - from) * cover + 0.5) as u8;
                }
            }
        }
    }
}

/// Background and shape, far enough apart to be told apart without seeing hue.
fn colours(rng: &mut ChaCha8Rng) -> ([u8; 3], [u8; 3]) {
    loop {
        let [a, b, c, _] = rng.next_u32().to_le_bytes();
        let [d, e, f, _] = rng.next_u32().to_le_bytes();
        let (ground, ink) = ([a, b, c], [d, e, f]);
        if (luma(ground) - luma(ink)).abs() >= CONTRAST {
            return (ground, ink);
        }
    }
}

/// ITU-R BT.601 luma, 0..=255.
fn luma([r, g, b]: [u8; 3]) -> i32 {
    (299 * i32::from(r) + 587 * i32::from(g) + 114 * i32::from(b)) / 1000
}

/// Uniform in 0..1, in steps of 2^-24.
fn unit(rng: &mut ChaCha8Rng) -> f32 {
    (rng.next_u32() >> 8) as f32 / 16_777_216.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FNV-1a, 64 bits.
    fn digest(bytes: &[u8]) -> u64 {
        bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_on_every_platform() {
        let noisy = shapes(0.3, 1);
        assert_eq!(digest(&noisy.train.pixels), 0x4c47_7953_a7a5_5192);
        assert_eq!(digest(&noisy.test.pixels), 0x2303_ba7e_6867_11ba);
        assert_eq!(digest(&shapes(0.0, 1).test.pixels), 0xb529_7506_9bc5_b35b);
    }

    #[test]
    fn seeds_and_splits_differ() {
        let (one, two) = (shapes(0.0, 1), shapes(0.0, 2));
        assert_ne!(one.train, two.train);
        assert_ne!(one.train.pixels[..3 * PLANE], one.test.pixels[..3 * PLANE]);
    }

    #[test]
    fn classes_are_balanced_in_every_ten_images() {
        let shapes = shapes(0.0, 3);
        assert_eq!((shapes.train.len(), shapes.test.len()), (4000, 1000));
        assert_eq!(shapes.train.pixels.len(), 4000 * shapes.image_len());
        for labels in [&shapes.train.labels, &shapes.test.labels] {
            for ten in labels.chunks(10) {
                assert!((0..10).all(|class| ten.contains(&class)));
            }
        }
    }

    #[test]
    fn noise_changes_pixels_and_not_shapes() {
        let (clean, noisy) = (shapes(0.0, 1).test.pixels, shapes(0.1, 1).test.pixels);
        let far = clean
            .iter()
            .zip(&noisy)
            .filter(|(a, b)| a.abs_diff(**b) > 48)
            .count();
        assert!(clean != noisy && far == 0, "{far}");
    }

    #[test]
    fn noise_outside_its_range_is_clamped() {
        assert_eq!(shapes(7.0, 1).test, shapes(1.0, 1).test);
        assert_eq!(shapes(-1.0, 1).test, shapes(0.0, 1).test);
        assert_eq!(shapes(f32::NAN, 1).test, shapes(0.0, 1).test);
    }
}
