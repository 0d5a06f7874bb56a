//! Gradients of several workers, summed.

/// Adds `weight * gradients` to `sum`, number by number.
pub fn accumulate(sum: &mut [f32], gradients: &[f32], weight: f32) {
    debug_assert_eq!(sum.len(), gradients.len());
    for (sum, gradient) in sum.iter_mut().zip(gradients) {
        *sum += weight * gradient;
    }
}

/// Whether all are numbers, and none is infinite.
pub fn all_finite(numbers: &[f32]) -> bool {
    // An infinity or what is no number, times 0, is no number: one branch at the end is enough.
    numbers.iter().map(|x| x * 0.0).sum::<f32>() == 0.0
}

/// How many are not 0.
pub fn count_nonzero(numbers: &[f32]) -> usize {
    numbers.iter().map(|&x| usize::from(x != 0.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_that_is_none_is_found_wherever_it_is() {
        let mut numbers = vec![-1e30f32; 1000];
        assert!(all_finite(&numbers) && all_finite(&[]));
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            numbers[777] = bad;
            assert!(!all_finite(&numbers), "{bad}");
            numbers[777] = 0.0;
        }
        assert_eq!(count_nonzero(&numbers), 999);
    }

    #[test]
    fn shares_weigh_what_they_are_told() {
        let mut sum = [1.0, 2.0];
        accumulate(&mut sum, &[10.0, 20.0], 0.25);
        assert_eq!(sum, [3.5, 7.0]);
    }
}
