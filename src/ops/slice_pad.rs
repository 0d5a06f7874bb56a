use burn::tensor::{Tensor, s};

pub fn slice_pad(x: Tensor<4>, stride: usize, before: usize, after: usize) -> Tensor<4> {
    let x = x.slice(s![.., .., ..;stride as isize, ..;stride as isize]);
    let [n, _, h, w] = x.dims();
    let zeros = |c: usize, x: &Tensor<4>| Tensor::zeros([n, c, h, w], &x.device());
    let mut parts = Vec::new();
    if before > 0 {
        parts.push(zeros(before, &x));
    }
    let after_part = (after > 0).then(|| zeros(after, &x));
    parts.push(x);
    parts.extend(after_part);
    Tensor::cat(parts, 1)
}
