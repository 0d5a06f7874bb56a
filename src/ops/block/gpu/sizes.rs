//! What the kernels of a block are told of it.

/// The sizes of a block.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Images.
    pub n: usize,
    /// Channels of the input, its height and width.
    pub c: usize,
    pub h: usize,
    pub w: usize,
    /// Filters.
    pub o: usize,
}

impl Sizes {
    /// Pooled height and width.
    pub fn pooled(&self) -> [usize; 2] {
        [self.h / 2, self.w / 2]
    }
}
