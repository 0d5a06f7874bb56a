//! What is measured while the session rests: the preview and points over the whole test set, and the
//! one-shot curve. One slice at a time, the most wanted first.

use super::Outbox;
use super::cutting::Cut;
use super::exporting::Export;
use super::run::Run;
use super::samples::Sweep;
use crate::error::Result;
use crate::learn::eval::Tally;
use crate::learn::model::Cnn;
use crate::protocol::{Event, Point};
use crate::prune::selection::Selection;
use std::collections::VecDeque;
use web_time::{Duration, Instant};

/// Points of the one-shot curve.
const CURVE: u32 = 33;
/// Whether a kernel is compiled when it is first needed.
const COMPILES: bool = cfg!(feature = "webgpu");
/// Between two estimates of one preview, each over more images: a person reads no faster.
const ESTIMATE_EVERY: Duration = Duration::from_millis(100);

#[derive(Default)]
pub(super) struct Background {
    /// Whether training is to be rehearsed.
    rehearsal: bool,
    /// Networks to be measured and written; each has its own copy of all that it needs.
    exports: VecDeque<(Export, Sweep)>,
    points: VecDeque<(Point, Sweep)>,
    preview: Option<Preview>,
    /// Fractions still to be measured; None where the curve has not been begun.
    curve: Option<VecDeque<f64>>,
    /// The point of the curve that is being measured, and its sparsity.
    curve_point: Option<(f64, Sweep)>,
}

struct Preview {
    request: u32,
    selection: Selection,
    cut: Cut,
    sweep: Sweep,
    /// When the last estimate was told.
    told: Instant,
}

impl Preview {
    fn estimate(&self) -> Event {
        let test = self.sweep.tally().metrics();
        self.cut
            .previewed(self.request, self.selection.clone(), test, 0.0)
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
            || self.rehearsal
            || !self.points.is_empty()
            || self.preview.is_some()
            || self.curve_point.is_some()
            || self.curve.as_ref().is_none_or(|c| !c.is_empty())
    }

    pub(super) fn exporting(&self) -> bool {
        !self.exports.is_empty()
    }

    /// Training will need other kernels than before.
    pub(super) fn rehearse(&mut self) {
        self.rehearsal = COMPILES;
    }

    pub(super) fn export(&mut self, export: Export, sweep: Sweep) {
        self.exports.push_back((export, sweep));
    }

    /// What was drawn belongs to other weights.
    pub(super) fn restart_curve(&mut self) {
        self.curve = None;
        self.curve_point = None;
        self.preview = None;
    }

    pub(super) fn remeasure(&mut self, point: Point, sweep: Sweep) {
        self.points.push_back((point, sweep));
    }

    /// Takes the place of the preview before: only the latest counts. `sweep` holds the estimate that was told just now.
    pub(super) fn refine(&mut self, request: u32, selection: Selection, cut: Cut, sweep: Sweep) {
        self.preview = (!sweep.finished()).then(|| Preview {
            request,
            selection,
            cut,
            sweep,
            told: Instant::now(),
        });
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
        if let Some((export, mut sweep)) = self.background.exports.pop_front() {
            self.sweep_on(&mut sweep).await?;
            if sweep.finished() {
                self.write(export, sweep.tally().metrics(), out)?;
            } else {
                self.background.exports.push_front((export, sweep));
            }
        } else if let Some(mut preview) = self.background.preview.take() {
            self.sweep_on(&mut preview.sweep).await?;
            let finished = preview.sweep.finished();
            if finished || preview.told.elapsed() >= ESTIMATE_EVERY {
                out.event(preview.estimate());
                preview.told = Instant::now();
            }
            self.background.preview = (!finished).then_some(preview);
        } else if COMPILES && std::mem::take(&mut self.background.rehearsal) {
            self.rehearse().await?;
        } else if let Some((mut point, mut sweep)) = self.background.points.pop_front() {
            self.sweep_on(&mut sweep).await?;
            if sweep.finished() {
                point.test = sweep.tally().metrics();
                out.event(Event::Point(point));
            } else {
                self.background.points.push_front((point, sweep));
            }
        } else {
            self.measure_curve(out).await?;
        }
        Ok(())
    }

    /// Evaluates as many images more as fit a slice.
    pub(super) async fn sweep_on(&mut self, sweep: &mut Sweep) -> Result<()> {
        let (start, before) = (Instant::now(), sweep.done());
        let passes = self.pace.passes();
        let passes = self
            .test
            .advance(sweep, passes, &self.data.test, &self.batcher, &self.device)
            .await?;
        if sweep.done() > before {
            self.pace.swept(passes, start.elapsed());
        }
        Ok(())
    }

    /// An evaluation of `model` over the whole test set, not begun.
    pub(super) fn full_test(&self, model: Cnn) -> Sweep {
        Sweep::new(model, Tally::default(), self.test.len())
    }

    async fn measure_curve(&mut self, out: &mut Outbox) -> Result<()> {
        let (sparsity, mut sweep) = match self.background.curve_point.take() {
            Some(under_way) => under_way,
            None => {
                let curve = self.background.curve.get_or_insert_with(curve_fractions);
                let Some(fraction) = curve.pop_front() else {
                    return Ok(());
                };
                let cut = self.cut(&Selection::Fraction(fraction))?;
                let sparsity = cut.sparsity();
                let sweep = Sweep::new(cut.model, Tally::default(), self.test.curve_len());
                (sparsity, sweep)
            }
        };
        self.sweep_on(&mut sweep).await?;
        if !sweep.finished() {
            self.background.curve_point = Some((sparsity, sweep));
            return Ok(());
        }
        let remaining = self.background.curve.as_ref().map_or(0, VecDeque::len) as u32;
        out.event(Event::Curve {
            sparsity,
            test: sweep.tally().metrics(),
            remaining,
        });
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
