//! The shortcut without weights (He et al., CVPR 2016, option A): every so many rows and columns, then channels of zeros.

/// The sizes of such a shortcut, of images `[n, c, h, w]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlicePad {
    pub c: usize,
    pub h: usize,
    pub w: usize,
    /// From one row or column that is kept to the next; the first is kept.
    pub stride: usize,
    /// Channels of zeros before the input's and after them.
    pub before: usize,
    pub after: usize,
}

impl SlicePad {
    /// Channels, height and width of the result.
    pub fn output(&self) -> [usize; 3] {
        let [height, width] = [self.h, self.w].map(|size| size.div_ceil(self.stride));
        [self.before + self.c + self.after, height, width]
    }

    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        let size: usize = self.output().iter().product();
        let mut result = vec![0.0; x.len() / self.image().max(1) * size];
        self.each_row(x.len(), |kept, given| {
            let from = x[given..given + self.w].iter().step_by(self.stride);
            let to = result[kept..].iter_mut();
            to.zip(from).for_each(|(to, from)| *to = *from);
        });
        result
    }

    /// The gradient with respect to the input.
    pub fn gradient(&self, gradient: &[f32]) -> Vec<f32> {
        let size: usize = self.output().iter().product();
        let mut result = vec![0.0; gradient.len() / size.max(1) * self.image()];
        self.each_row(result.len(), |kept, given| {
            let to = result[given..given + self.w].iter_mut();
            let to = to.step_by(self.stride);
            to.zip(&gradient[kept..]).for_each(|(to, from)| *to = *from);
        });
        result
    }

    fn image(&self) -> usize {
        self.c * self.h * self.w
    }

    /// Calls `f` with where each row that is kept begins in the result, and where in the input of `len` numbers.
    fn each_row(&self, len: usize, mut f: impl FnMut(usize, usize)) {
        let [channels, height, width] = self.output();
        let planes = len / (self.h * self.w).max(1);
        for plane in 0..planes {
            let channel = plane / self.c * channels + self.before + plane % self.c;
            for row in 0..height {
                let given = (plane * self.h + row * self.stride) * self.w;
                f((channel * height + row) * width, given);
            }
        }
    }
}
