//! Which images pruning forgets: the sparsity from which an image's answer stays wrong (after Hooker et al. 2019, "What Do
//! Compressed Deep Neural Networks Forget?").

/// For each image the first point of a grid of ascending sparsities from which its answer is wrong at every point after it
/// too: 0 where it is wrong at all of them, the number of points where it is right at the last. `answers` holds a class
/// for each image, point after point. An answer that comes back at a larger sparsity was not yet lost for good.
pub fn breaking_points(answers: &[Vec<u8>], labels: &[u8]) -> Vec<u32> {
    let mut breaking = vec![0; labels.len()];
    for (point, said) in answers.iter().enumerate() {
        for ((from, said), label) in breaking.iter_mut().zip(said).zip(labels) {
            if said == label {
                *from = point as u32 + 1;
            }
        }
    }
    breaking
}

/// The images that a cut loses, the most fragile first, of equals the earlier first. Those that are wrong at every point are
/// none: there was nothing to lose.
pub fn most_fragile(breaking: &[u32]) -> Vec<u32> {
    // There are few points, and no sort is as small in the bundle.
    let points = breaking.iter().fold(0, |most, &from| from.max(most));
    let mut order = Vec::new();
    for point in 1..=points {
        for (image, &from) in breaking.iter().enumerate() {
            if from == point {
                order.push(image as u32);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_that_comes_back_is_not_lost_yet() {
        let answers = [vec![0, 1, 2, 9], vec![5, 1, 2, 9], vec![0, 5, 2, 9]];
        let breaking = breaking_points(&answers, &[0, 1, 2, 3]);
        assert_eq!(breaking, [3, 2, 3, 0]);
        assert_eq!(most_fragile(&breaking), [1, 0, 2]);
    }

    proptest! {
        #[test]
        fn from_its_breaking_point_on_an_image_is_wrong_and_just_before_it_right(
            (labels, answers) in (1usize..20, 1usize..34).prop_flat_map(|(images, points)| (
                prop::collection::vec(0u8..3, images),
                prop::collection::vec(prop::collection::vec(0u8..3, images), points),
            ))
        ) {
            let breaking = breaking_points(&answers, &labels);
            prop_assert_eq!(breaking.len(), labels.len());
            for (image, (&label, &from)) in labels.iter().zip(&breaking).enumerate() {
                let from = from as usize;
                prop_assert!(answers[from..].iter().all(|said| said[image] != label));
                prop_assert!(from == 0 || answers[from - 1][image] == label);
            }
            let order = most_fragile(&breaking);
            prop_assert!(order.windows(2).all(|w| breaking[w[0] as usize] <= breaking[w[1] as usize]));
            prop_assert_eq!(order.len(), breaking.iter().filter(|&&from| from > 0).count());
        }
    }
}
