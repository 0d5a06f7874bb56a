//! Filters as groups of weights: a filter's own, and those of the next layer that read what it gives.

use super::cnn::CnnConfig;

/// Which filters of the two convolutions are removed, that is have neither weights left nor anything
/// left that reads them; None where no filter is.
pub fn removed_filters(config: &CnnConfig, mask: &[u8]) -> Option<[Vec<bool>; 2]> {
    let mut left = config.widths.map(|width| vec![false; width]);
    let [first, second] = config.widths;
    let row = |shape: &[usize]| shape[1..].iter().product::<usize>();
    let [row1, row2, row3] = config.weight_shapes().map(|shape| row(&shape));
    let (conv2, fc) = (first * row1, first * row1 + second * row2);
    let positions = row3 / second;
    for i in (0..mask.len()).filter(|&i| mask[i] != 0) {
        if i < conv2 {
            left[0][i / row1] = true;
        } else if i < fc {
            left[1][(i - conv2) / row2] = true;
            left[0][(i - conv2) / 9 % first] = true;
        } else {
            left[1][(i - fc) % row3 / positions] = true;
        }
    }
    let removed = left.map(|filters| filters.into_iter().map(|left| !left).collect::<Vec<bool>>());
    let any = removed.iter().flatten().any(|&gone| gone);
    any.then_some(removed)
}
