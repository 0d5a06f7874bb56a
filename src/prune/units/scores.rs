//! Scores as criteria give them, before they become those of units.

/// No unit; a rank that is never reached.
pub const NEVER: u32 = u32::MAX;

/// Scores as criteria give them.
#[derive(Clone, Debug, PartialEq)]
pub enum Scores {
    /// One for each prunable weight. A filter has the mean over its weights, a four the sum of the two
    /// that go; those of cut weights count as 0.
    Weights(Vec<f32>),
    /// One for each filter of each prunable layer, whose size has been divided out; those of the classes are left out of account.
    Filters(Vec<f32>),
    /// One for each unit, to be compared as they are; `within` has one for each weight, by which two of
    /// four are chosen (empty for other units).
    Units { scores: Vec<f32>, within: Vec<f32> },
}

pub(super) fn size(shape: &[usize]) -> usize {
    shape.iter().product()
}

/// What is cut stays cut: whatever its score says now, it counts as 0.
pub(super) fn of_weights(scores: Scores, held: &[u8]) -> Vec<f32> {
    let (Scores::Weights(mut scores)
    | Scores::Filters(mut scores)
    | Scores::Units { mut scores, .. }) = scores;
    for (score, _) in scores.iter_mut().zip(held).filter(|(_, m)| **m == 0) {
        *score = 0.0;
    }
    scores
}
