//! What a cut would do: a first estimate at once, refined to the whole test set while the session rests.

use super::reestimating::Reestimate;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::eval::Metrics;
use crate::learn::model::{MaskTensors, Model};
use crate::net::sparsity;
use crate::protocol::{Bulk, Event};
use crate::prune::Ranking;
use crate::prune::selection::Selection;
use crate::session::outbox::Outbox;
use crate::session::queue::{Job, Kind, Slice};
use crate::session::run::Run;
use crate::session::samples::Sweep;
use web_time::{Duration, Instant};

/// Between two estimates of one preview, each over more images: a person reads no faster.
const ESTIMATE_EVERY: Duration = Duration::from_millis(100);

/// A network as it would be under a selection.
pub(in crate::session) struct Cut {
    units: u32,
    pub(in crate::session) threshold: f32,
    mask: Vec<u8>,
    pub(in crate::session) model: Model,
}

impl Cut {
    pub(in crate::session) fn into_mask(self) -> Vec<u8> {
        self.mask
    }

    fn previewed(
        &self,
        selection: Selection,
        test: Metrics,
        reestimated: Option<Metrics>,
        ms: f64,
    ) -> Event {
        Event::Previewed {
            selection,
            units: self.units,
            pruned: self.mask.iter().filter(|&&m| m == 0).count() as u32,
            sparsity: sparsity(&self.mask),
            threshold: self.threshold,
            test,
            reestimated,
            ms,
        }
    }
}

/// The same by running statistics of its own.
enum Anew {
    Unwanted,
    Estimating(Box<Reestimate>),
    Measuring(Sweep),
}

impl Anew {
    fn metrics(&self) -> Option<Metrics> {
        match self {
            Self::Measuring(sweep) if sweep.done() > 0 => Some(sweep.tally().metrics()),
            _ => None,
        }
    }

    fn finished(&self) -> bool {
        match self {
            Self::Unwanted => true,
            Self::Estimating(_) => false,
            Self::Measuring(sweep) => sweep.finished(),
        }
    }
}

/// An estimate that is being refined.
struct Preview {
    command: u32,
    /// The state of weights and masks that it is of.
    revision: u32,
    selection: Selection,
    cut: Cut,
    sweep: Sweep,
    anew: Anew,
    /// When the last estimate was told.
    told: Instant,
}

impl Preview {
    /// A slice of measuring by the statistics as they are, or by those that fit the cut.
    async fn go_on(&mut self, run: &mut Run) -> Result<()> {
        match std::mem::replace(&mut self.anew, Anew::Unwanted) {
            Anew::Estimating(mut work) => {
                self.anew = match work.slice(run) {
                    true => Anew::Measuring(run.full_test(work.finish())),
                    false => Anew::Estimating(work),
                };
                Ok(())
            }
            Anew::Measuring(mut sweep) => {
                let behind = sweep.done() < self.sweep.done();
                let which = if behind { &mut sweep } else { &mut self.sweep };
                let done = run.sweep_on(which).await;
                self.anew = Anew::Measuring(sweep);
                done
            }
            Anew::Unwanted => run.sweep_on(&mut self.sweep).await,
        }
    }

    fn previewed(&self, test: Metrics) -> Event {
        let selection = self.selection.clone();
        self.cut
            .previewed(selection, test, self.anew.metrics(), 0.0)
    }
}

impl Job<Run> for Preview {
    fn kind(&self) -> Kind {
        Kind::Preview
    }

    fn command(&self) -> u32 {
        self.command
    }

    fn slice<'a>(&'a mut self, run: &'a mut Run, out: &'a mut Outbox) -> Slice<'a> {
        Box::pin(async move {
            if self.revision != run.revision {
                return Ok(true);
            }
            self.go_on(run).await?;
            let finished = self.sweep.finished() && self.anew.finished();
            if finished || self.told.elapsed() >= ESTIMATE_EVERY {
                let test = self.sweep.tally().metrics();
                out.event(self.previewed(test));
                self.told = Instant::now();
            }
            Ok(finished)
        })
    }
}

impl Run {
    /// The last ranking. While the network trains it is of some steps ago.
    pub(in crate::session) fn ranking(&self) -> Result<&Ranking> {
        let unscored = || {
            Error::new(
                ErrorCode::BadCommand,
                "the weights have not been scored yet",
            )
        };
        let ranked = self.ranked.as_ref().ok_or_else(unscored)?;
        Ok(&ranked.ranking)
    }

    /// What the network would be under `selection`; nothing is changed.
    pub(in crate::session) fn cut(&self, selection: &Selection) -> Result<Cut> {
        let ranking = self.ranking()?;
        let units = ranking.select(selection)?;
        let mut mask = ranking.mask(&units);
        // Until it is ranked anew, what was just cut is in no ranking.
        let held = self.trainer.mask();
        mask.iter_mut().zip(held).for_each(|(m, held)| *m &= held);
        let tensors = MaskTensors::new(self.graph(), &mask, &self.device);
        Ok(Cut {
            units: units.iter().filter(|&&cut| cut).count() as u32,
            threshold: ranking.threshold(&units),
            model: self.trainer.model.masked(&tensors),
            mask,
        })
    }

    pub(in crate::session) async fn preview(
        &mut self,
        selection: Selection,
        images: Option<u32>,
        out: &mut Outbox,
    ) -> Result<()> {
        let start = Instant::now();
        let cut = self.cut(&selection)?;
        let (test, probabilities) = self.live(&cut.model).await?;
        let took = start.elapsed();
        self.pace.previewed(&selection, took);
        let ms = took.as_secs_f64() * 1e3;
        out.with(
            cut.previewed(selection.clone(), test.metrics(), None, ms),
            Bulk {
                probabilities: Some(probabilities),
                ..Default::default()
            },
        );
        let all = self.test.len();
        let enough = images.map_or(all, |images| all.min(images as usize));
        let sweep = Sweep::new(cut.model.clone(), test, enough);
        let anew = Reestimate::of(self, &cut.model)
            .map_or(Anew::Unwanted, |work| Anew::Estimating(Box::new(work)));
        if sweep.finished() && anew.finished() {
            // It takes the place of the one before none the less.
            self.jobs.drop_all(Kind::Preview, out);
            return Ok(());
        }
        let preview = Preview {
            command: out.command(),
            revision: self.revision,
            selection,
            cut,
            sweep,
            anew,
            told: Instant::now(),
        };
        self.jobs.add(preview, out);
        Ok(())
    }
}
