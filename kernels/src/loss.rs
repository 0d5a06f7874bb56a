//! Cross-entropy of a softmax, with its gradient: both come from the same exponentials.

/// The mean over the rows of `-sum(one_hot * log(softmax(logits)))`, in nats, and its gradient with respect to `logits`.
/// Both arguments are `[n, classes]`.
pub fn cross_entropy(logits: &[f32], one_hot: &[f32], classes: usize) -> (f32, Vec<f32>) {
    debug_assert_eq!(logits.len(), one_hot.len(), "labels");
    debug_assert_eq!(logits.len() % classes.max(1), 0, "logits");
    let rows = logits.chunks_exact(classes.max(1));
    let scale = 1.0 / rows.len().max(1) as f32;
    let mut gradient = vec![0.0; logits.len()];
    let mut loss = 0.0;
    let labels = one_hot.chunks_exact(classes.max(1));
    for ((logits, labels), gradient) in rows
        .zip(labels)
        .zip(gradient.chunks_exact_mut(classes.max(1)))
    {
        let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = logits.iter().map(|x| (x - max).exp()).sum();
        let log_sum = sum.ln();
        let count: f32 = labels.iter().sum();
        for ((g, x), label) in gradient.iter_mut().zip(logits).zip(labels) {
            let log_p = x - max - log_sum;
            loss -= label * log_p;
            *g = (log_p.exp() * count - label) * scale;
        }
    }
    (loss * scale, gradient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_logits_have_the_loss_of_chance_and_a_wrong_answer_pulls() {
        let (loss, gradient) = cross_entropy(&[5.0; 4], &[0.0, 1.0, 0.0, 0.0], 4);
        assert!((loss - 4f32.ln()).abs() < 1e-6);
        assert_eq!(gradient, [0.25, -0.75, 0.25, 0.25]);
    }

    #[test]
    fn large_logits_do_not_overflow_and_what_is_no_number_is_passed_on() {
        let (loss, gradient) = cross_entropy(&[1e4, -1e4], &[1.0, 0.0], 2);
        assert_eq!((loss, gradient), (0.0, vec![0.0, 0.0]));
        assert!(cross_entropy(&[f32::NAN, 1.0], &[1.0, 0.0], 2).0.is_nan());
    }
}
