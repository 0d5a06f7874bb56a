//! Running statistics for a network that a cut leaves, a slice at a time.

use crate::learn::model::Model;
use crate::learn::reestimate::Reestimation;
use crate::session::run::Run;
use web_time::{Duration, Instant};

/// A slice, as long as one of measuring.
const SLICE: Duration = Duration::from_millis(25);

pub(in crate::session) struct Reestimate {
    work: Reestimation,
    /// Training images that are taken in, in the order in which they are measured.
    done: usize,
    end: usize,
}

impl Reestimate {
    /// Of `model`; None where it has no statistics, or nobody wants them anew.
    pub(in crate::session) fn of(run: &Run, model: &Model) -> Option<Self> {
        let end = (run.config.reestimate as usize).min(run.train_len());
        (end > 0 && run.graph().has_statistics()).then(|| Self {
            work: Reestimation::new(model.clone()),
            done: 0,
            end,
        })
    }

    /// Takes in as many batches as fit a slice; whether all are.
    pub(in crate::session) fn slice(&mut self, run: &Run) -> bool {
        let start = Instant::now();
        while self.done < self.end && start.elapsed() < SLICE {
            let to = (self.done + run.batch_len()).min(self.end);
            let images = run.live_train.images(self.done..to);
            let batch = run.batcher.batch(&run.data.train, images, &run.device);
            self.work.add(&batch);
            self.done = to;
        }
        self.done >= self.end
    }

    /// The network with its new statistics.
    pub(in crate::session) fn finish(self) -> Model {
        self.work.finish()
    }
}
