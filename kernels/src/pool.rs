//! Pooling of planes, without padding.

/// The sizes of a pooling: windows of `k` by `k`, `stride` apart, over planes of `h` by `w`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    pub h: usize,
    pub w: usize,
    /// At most 16.
    pub k: usize,
    pub stride: usize,
}

impl Pool {
    /// Height and width of the result; rows and columns that fill no window are left out.
    pub fn output(&self) -> [usize; 2] {
        [self.h, self.w].map(|size| {
            let room = size.checked_sub(self.k);
            room.map_or(0, |room| room / self.stride + 1)
        })
    }

    fn planes(&self, values: usize) -> usize {
        values / (self.h * self.w).max(1)
    }

    /// The largest of each window, and which of its numbers that is, row by row: the first of equals. What is not a number
    /// is passed on.
    pub fn largest(&self, x: &[f32]) -> (Vec<f32>, Vec<u8>) {
        debug_assert!(self.k <= 16, "places in a window are bytes");
        let [height, width] = self.output();
        let mut best = vec![f32::NEG_INFINITY; self.planes(x.len()) * height * width];
        let mut route = vec![0; best.len()];
        let rows = best.chunks_exact_mut(width.max(1));
        let rows = rows.zip(route.chunks_exact_mut(width.max(1)));
        for (row, (best, route)) in rows.enumerate() {
            let x = &x[self.first(row, height)..];
            match (self.k, self.stride) {
                (2, 2) => largest_of_row::<2>(x, self.w, 2, best, route),
                (3, 2) => largest_of_row::<3>(x, self.w, 2, best, route),
                _ => self.largest_of_row(x, best, route),
            }
        }
        (best, route)
    }

    fn largest_of_row(&self, x: &[f32], best: &mut [f32], route: &mut [u8]) {
        for place in 0..self.k * self.k {
            let from = &x[place / self.k * self.w + place % self.k..];
            let from = from.iter().step_by(self.stride);
            for ((best, route), &x) in best.iter_mut().zip(route.iter_mut()).zip(from) {
                if x > *best || x.is_nan() {
                    (*best, *route) = (x, place as u8);
                }
            }
        }
    }

    /// The gradient of [`Self::largest`].
    pub fn largest_gradient(&self, route: &[u8], gradient: &[f32]) -> Vec<f32> {
        debug_assert_eq!(route.len(), gradient.len(), "gradients");
        let [height, width] = self.output();
        let planes = gradient.len() / (height * width).max(1);
        let mut result = vec![0.0; planes * self.h * self.w];
        let rows = gradient.chunks_exact(width.max(1));
        let rows = rows.zip(route.chunks_exact(width.max(1)));
        for (row, (gradient, route)) in rows.enumerate() {
            let first = self.first(row, height);
            for (column, (gradient, &place)) in gradient.iter().zip(route).enumerate() {
                let place = usize::from(place);
                let at = first + place / self.k * self.w + place % self.k;
                result[at + column * self.stride] += gradient;
            }
        }
        result
    }

    /// The mean of each window.
    pub fn mean(&self, x: &[f32]) -> Vec<f32> {
        let [height, width] = self.output();
        let mut sums = vec![0.0; self.planes(x.len()) * height * width];
        for (row, sums) in sums.chunks_exact_mut(width.max(1)).enumerate() {
            let first = self.first(row, height);
            for place in 0..self.k * self.k {
                let from = &x[first + place / self.k * self.w + place % self.k..];
                let from = from.iter().step_by(self.stride);
                sums.iter_mut().zip(from).for_each(|(sum, x)| *sum += x);
            }
            sums.iter_mut().for_each(|sum| *sum *= self.share());
        }
        sums
    }

    /// The gradient of [`Self::mean`].
    pub fn mean_gradient(&self, gradient: &[f32]) -> Vec<f32> {
        let [height, width] = self.output();
        let planes = gradient.len() / (height * width).max(1);
        let mut result = vec![0.0; planes * self.h * self.w];
        for (row, gradient) in gradient.chunks_exact(width.max(1)).enumerate() {
            let first = self.first(row, height);
            for place in 0..self.k * self.k {
                let to = &mut result[first + place / self.k * self.w + place % self.k..];
                let to = to.iter_mut().step_by(self.stride);
                to.zip(gradient)
                    .for_each(|(to, gradient)| *to += gradient * self.share());
            }
        }
        result
    }

    /// Where the first window of a row of the result begins.
    fn first(&self, row: usize, height: usize) -> usize {
        (row / height * self.h + row % height * self.stride) * self.w
    }

    fn share(&self) -> f32 {
        1.0 / (self.k * self.k) as f32
    }
}

/// The largest of windows of a size that is known when this is compiled: whole windows are kept in registers.
fn largest_of_row<const K: usize>(
    x: &[f32],
    width: usize,
    stride: usize,
    best: &mut [f32],
    route: &mut [u8],
) {
    let rows: [&[f32]; K] = std::array::from_fn(|row| &x[row * width..][..width]);
    for (i, (best, route)) in best.iter_mut().zip(route).enumerate() {
        let (mut largest, mut from) = (f32::NEG_INFINITY, 0);
        for (row, values) in rows.iter().enumerate() {
            let values = &values[i * stride..][..K];
            for (column, &x) in values.iter().enumerate() {
                let larger = (x > largest) | x.is_nan();
                largest = if larger { x } else { largest };
                from = if larger {
                    (row * K + column) as u8
                } else {
                    from
                };
            }
        }
        (*best, *route) = (largest, from);
    }
}

/// The mean of each plane.
pub fn plane_means(x: &[f32], plane: usize) -> Vec<f32> {
    let planes = x.chunks_exact(plane.max(1));
    planes
        .map(|values| (crate::sums::sum(values) / plane as f64) as f32)
        .collect()
}

/// The gradient of [`plane_means`].
pub fn plane_means_gradient(gradient: &[f32], plane: usize) -> Vec<f32> {
    let share = 1.0 / plane.max(1) as f32;
    let planes = gradient.iter();
    planes
        .flat_map(|gradient| std::iter::repeat_n(gradient * share, plane))
        .collect()
}
