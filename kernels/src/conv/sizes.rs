//! The sizes of a convolution.

/// The sizes of a convolution (PyTorch's: cross-correlation). `x` is `[n, c, h, w]`, `weight` `[o, c/groups, k, k]`, `bias`
/// `[o]`; the result is `[n, o, height, width]`, with zeros for what lies in the padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// Images.
    pub n: usize,
    /// Channels of the input.
    pub c: usize,
    /// Height and width of the input.
    pub h: usize,
    pub w: usize,
    /// Filters.
    pub o: usize,
    /// Height and width of a filter.
    pub k: usize,
    pub stride: usize,
    pub padding: usize,
    /// Of channels, each with its own filters; divides `c` and `o`. Where a group has one channel, the convolution is depthwise.
    pub groups: usize,
}

impl Conv {
    /// Height and width of the result; 0 where a filter is larger than the input with its padding.
    pub fn output(&self) -> [usize; 2] {
        [self.h, self.w].map(|size| {
            let room = (size + 2 * self.padding).checked_sub(self.k);
            room.map_or(0, |room| room / self.stride + 1)
        })
    }

    /// Values of one image.
    pub fn image(&self) -> usize {
        self.c * self.h * self.w
    }

    /// Values of one filter in the result, of one image.
    pub fn plane(&self) -> usize {
        let [height, width] = self.output();
        height * width
    }

    /// Weights of one filter.
    pub fn filter(&self) -> usize {
        self.c / self.groups * self.k * self.k
    }

    /// The weights of the group that the `i`th part of all images in a row belongs to.
    pub fn group<'a>(&self, i: usize, weight: &'a [f32]) -> &'a [f32] {
        let size = weight.len() / self.groups;
        &weight[i % self.groups * size..][..size]
    }

    pub fn depthwise(&self) -> bool {
        self.c == self.groups
    }

    /// Checks slices against these sizes, where checks are compiled: what is not there would be left out of a result.
    pub fn check(&self, x: usize, weight: usize, result: usize) {
        debug_assert_eq!([self.c % self.groups, self.o % self.groups], [0; 2]);
        debug_assert_eq!(x, self.n * self.image(), "values of the images");
        debug_assert_eq!(weight, self.o * self.filter(), "weights");
        debug_assert_eq!(result, self.n * self.o * self.plane(), "results");
    }
}
