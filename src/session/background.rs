//! What is measured while the session rests: points and previews over the whole test set, and the
//! one-shot curve. One slice at a time, the most wanted first.

use super::Outbox;
use super::cutting::Cut;
use super::exporting::Export;
use super::run::{EVAL_BATCH, Run, slices};
use crate::error::Result;
use crate::eval::{Tally, logits};
use crate::model::Cnn;
use crate::protocol::{Bulk, Event, Point, Selection};
use std::collections::VecDeque;

/// Points of the one-shot curve.
const CURVE: u32 = 33;

#[derive(Default)]
pub(super) struct Background {
    /// Networks to be measured and written; each has its own copy of all that it needs.
    exports: VecDeque<(Export, FullTest)>,
    points: VecDeque<(Point, FullTest)>,
    preview: Option<(Preview, FullTest)>,
    /// Fractions still to be measured; None where the curve has not been begun.
    curve: Option<VecDeque<f64>>,
}

struct Preview {
    request: u32,
    selection: Selection,
    cut: Cut,
}

/// An evaluation over the whole test set, under way.
pub(super) struct FullTest {
    model: Cnn,
    pub(super) tally: Tally,
    next: usize,
}

impl FullTest {
    pub(super) fn new(model: Cnn) -> Self {
        Self {
            model,
            tally: Tally::default(),
            next: 0,
        }
    }
}

impl Background {
    pub(super) fn clear(&mut self) {
        *self = Self {
            curve: Some(VecDeque::new()),
            exports: std::mem::take(&mut self.exports),
            ..Self::default()
        };
    }

    pub(super) fn pending(&self) -> bool {
        self.exporting()
            || !self.points.is_empty()
            || self.preview.is_some()
            || self.curve.as_ref().is_none_or(|c| !c.is_empty())
    }

    pub(super) fn exporting(&self) -> bool {
        !self.exports.is_empty()
    }

    pub(super) fn export(&mut self, export: Export, model: Cnn) {
        self.exports.push_back((export, FullTest::new(model)));
    }

    /// What was drawn belongs to other weights.
    pub(super) fn restart_curve(&mut self) {
        self.curve = None;
        self.preview = None;
    }

    pub(super) fn remeasure(&mut self, point: Point, model: Cnn) {
        self.points.push_back((point, FullTest::new(model)));
    }

    pub(super) fn refine(&mut self, request: u32, selection: Selection, cut: Cut) {
        let full = FullTest::new(cut.model.clone());
        let preview = Preview {
            request,
            selection,
            cut,
        };
        self.preview = Some((preview, full));
    }
}

/// The fractions of the curve, each half between those before it, denser towards 1, where the knee is.
fn curve_fractions() -> VecDeque<f64> {
    let last = CURVE - 1;
    let mut seen = vec![false; CURVE as usize];
    let mut fractions = VecDeque::new();
    let mut stride = last;
    while stride > 0 {
        for i in (0..CURVE).step_by(stride as usize) {
            if !std::mem::replace(&mut seen[i as usize], true) {
                let t = f64::from(i) / f64::from(last);
                fractions.push_back(1.0 - (1.0 - t).powf(1.5));
            }
        }
        stride /= 2;
    }
    fractions
}

impl Run {
    /// The next slice of what is still to be measured.
    pub(super) async fn measure(&mut self, out: &mut Outbox) -> Result<()> {
        if let Some((export, mut full)) = self.background.exports.pop_front() {
            if self.full_test_slice(&mut full).await? {
                self.write(export, full.tally.metrics(), out)?;
            } else {
                self.background.exports.push_front((export, full));
            }
        } else if let Some((preview, mut full)) = self.background.preview.take() {
            if self.full_test_slice(&mut full).await? {
                let Preview {
                    request,
                    selection,
                    cut,
                } = preview;
                out.event(cut.previewed(request, selection, full.tally.metrics(), 0.0));
            } else {
                self.background.preview = Some((preview, full));
            }
        } else if let Some((mut point, mut full)) = self.background.points.pop_front() {
            if self.full_test_slice(&mut full).await? {
                point.test = full.tally.metrics();
                out.event(Event::Point(point));
            } else {
                self.background.points.push_front((point, full));
            }
        } else {
            self.curve_point(out).await?;
        }
        Ok(())
    }

    /// Evaluates the next batch of the test set; true when it was the last.
    pub(super) async fn full_test_slice(&self, full: &mut FullTest) -> Result<bool> {
        let end = (full.next + EVAL_BATCH).min(self.data.test.len());
        for batch in slices(full.next..end, &self.batcher, &self.data.test, &self.device) {
            let values = logits(&full.model, std::slice::from_ref(&batch)).await?;
            full.tally.add(&values, &batch.labels);
        }
        full.next = end;
        Ok(end == self.data.test.len())
    }

    async fn curve_point(&mut self, out: &mut Outbox) -> Result<()> {
        let curve = self.background.curve.get_or_insert_with(curve_fractions);
        let Some(fraction) = curve.pop_front() else {
            return Ok(());
        };
        let remaining = curve.len() as u32;
        let cut = self.cut(&Selection::Fraction(fraction))?;
        let (test, _) = self.live(&cut.model).await?;
        let sparsity = cut.sparsity();
        out.with(
            Event::Curve {
                sparsity,
                test,
                remaining,
            },
            Bulk::default(),
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_goes_from_0_to_1_coarse_to_fine_and_each_fraction_once() {
        let fractions = curve_fractions();
        assert_eq!(fractions.len(), CURVE as usize);
        assert_eq!((fractions[0], fractions[1]), (0.0, 1.0));
        let mut sorted: Vec<f64> = fractions.into();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|w| w[0] < w[1] && w[1] - w[0] < 0.05));
    }
}
