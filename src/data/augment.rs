//! Augmentation of colour images of things: a crop from 4 pixels of padding and a flip (He et al., CVPR 2016, after Lee et
//! al., 2015). What is done to an image is a pure function of seed, epoch and image, so that nothing has to be
//! remembered, and workers that share a batch see the images that one would.

use super::random::{draw, key};

/// Black pixels around an image before it is cut out again.
pub const PADDING: usize = 4;

/// What is done to an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where the crop begins in the padded image, 0 to twice [`PADDING`]; in the middle nothing moves.
    pub top: usize,
    pub left: usize,
    /// Left and right change places.
    pub flip: bool,
}

/// What is done to the image of this number in an epoch.
pub fn change(seed: u32, epoch: u32, image: u32) -> Change {
    let places = 2 * PADDING as u32 + 1;
    let drawn = draw(key(*b"augment.", &[seed, epoch]), image);
    Change {
        flip: drawn & 1 == 1,
        // 31 bits into 81 places: none is likelier than another by more than one in 10 million.
        top: ((drawn >> 1) % places) as usize,
        left: ((drawn >> 1) / places % places) as usize,
    }
}

impl Change {
    /// Appends an image of these channels, height and width as it is changed.
    pub fn apply(&self, pixels: &[u8], [channels, height, width]: [usize; 3], out: &mut Vec<u8>) {
        for c in 0..channels {
            for y in 0..height {
                let row = (y + self.top).checked_sub(PADDING).filter(|&y| y < height);
                for x in 0..width {
                    let x = if self.flip { width - 1 - x } else { x };
                    let x = (x + self.left).checked_sub(PADDING).filter(|&x| x < width);
                    let at = row.zip(x).map(|(y, x)| (c * height + y) * width + x);
                    out.push(at.map_or(0, |at| pixels[at]));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn changed(change: Change, pixels: &[u8], shape: [usize; 3]) -> Vec<u8> {
        let mut out = Vec::new();
        change.apply(pixels, shape, &mut out);
        out
    }

    #[test]
    fn an_image_moves_and_turns_as_a_whole() {
        let image = [1, 2, 3, 4, 5, 6];
        let of = |top, left, flip| changed(Change { top, left, flip }, &image, [1, 2, 3]);
        assert_eq!(of(4, 4, false), image);
        assert_eq!(of(4, 4, true), [3, 2, 1, 6, 5, 4]);
        assert_eq!(of(5, 4, false), [4, 5, 6, 0, 0, 0]);
        assert_eq!(of(4, 3, false), [0, 1, 2, 0, 4, 5]);
        assert_eq!(of(4, 5, true), [0, 3, 2, 0, 6, 5]);
        assert_eq!(of(0, 0, false), [0; 6]);
    }

    #[test]
    fn changes_are_the_same_on_every_platform_and_in_every_version() {
        let first: Vec<_> = (0..4)
            .map(|image| change(1, 0, image))
            .map(|c| (c.top, c.left, c.flip))
            .collect();
        // Computed by a program of its own.
        let known = [(4, 6, false), (2, 4, true), (6, 5, true), (5, 7, true)];
        assert_eq!(first, known);
    }

    #[test]
    fn every_place_comes_up_about_as_often() {
        let mut places = [[0u32; 9]; 2];
        let mut flips = 0;
        for image in 0..9000 {
            let Change { top, left, flip } = change(3, image % 7, image);
            places[0][top] += 1;
            places[1][left] += 1;
            flips += u32::from(flip);
        }
        // Six standard deviations.
        assert!((4215..=4785).contains(&flips), "{flips}");
        assert!(
            places.iter().flatten().all(|n| (820..=1180).contains(n)),
            "{places:?}"
        );
    }

    proptest! {
        #[test]
        fn nothing_but_pixels_of_the_image_and_black_comes_out(
            (shape, pixels) in ((1usize..4), (1usize..12), (1usize..12)).prop_flat_map(|(c, h, w)| {
                (Just([c, h, w]), prop::collection::vec(1u8.., c * h * w))
            }),
            seed: u32, epoch: u32, image: u32,
        ) {
            let how = change(seed, epoch, image);
            prop_assert_eq!(how, change(seed, epoch, image));
            let out = changed(how, &pixels, shape);
            prop_assert_eq!(out.len(), pixels.len());
            let mut left = pixels.clone();
            for pixel in out.into_iter().filter(|&p| p != 0) {
                let at = left.iter().position(|&p| p == pixel);
                prop_assert!(at.is_some(), "no pixel comes twice");
                left.swap_remove(at.unwrap());
            }
        }
    }
}
