//! Ranking, previewing and cutting the weights of a run.

use super::Outbox;
use super::run::Run;
use super::samples::{EVAL_BATCH, Sweep};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Cnn, MaskTensors, Parameters};
use crate::protocol::{Bulk, Event, Metrics, PointKind, Selection};
use crate::prune::method::Method;
use crate::prune::{Ranking, Units, layout::sparsity};
use crate::scoring::Subject;
use web_time::Instant;

/// A network as it would be under a selection.
pub(super) struct Cut {
    units: u32,
    threshold: f32,
    mask: Vec<u8>,
    pub(super) model: Cnn,
}

impl Cut {
    /// Zeros in the mask / prunable weights.
    pub(super) fn sparsity(&self) -> f64 {
        sparsity(&self.mask)
    }

    pub(super) fn into_mask(self) -> Vec<u8> {
        self.mask
    }

    pub(super) fn previewed(
        &self,
        request: u32,
        selection: Selection,
        test: Metrics,
        ms: f64,
    ) -> Event {
        Event::Previewed {
            request,
            selection,
            units: self.units,
            pruned: self.mask.iter().filter(|&&m| m == 0).count() as u32,
            sparsity: self.sparsity(),
            threshold: self.threshold,
            test,
            ms,
        }
    }
}

impl Run {
    /// How the weights rank by the method in hand.
    pub(super) async fn rank(&self, parameters: &Parameters) -> Result<Ranking> {
        self.rank_to(parameters, &self.config.method, 1.0).await
    }

    /// How the weights rank by `method`, on the way to `sparsity` where that matters to it.
    async fn rank_to(
        &self,
        parameters: &Parameters,
        method: &Method,
        sparsity: f64,
    ) -> Result<Ranking> {
        let n = match method.score_batch as usize {
            0 => self.train_len(),
            n => n.min(self.train_len()),
        };
        let slice = |i: usize| {
            let from = i * EVAL_BATCH;
            let range = from..(from + EVAL_BATCH).min(n);
            (from < n).then(|| self.batcher.batch(&self.data.train, range, &self.device))
        };
        let subject = Subject {
            trainer: &self.trainer,
            parameters,
            slice: &slice,
            seed: self.config.seed,
            device: &self.device,
        };
        let scores = subject.scores_to(method, sparsity).await?;
        let shapes = self.shape().weight_shapes();
        let units = Units::new(method, &shapes, scores, self.trainer.mask());
        Ranking::new(units, self.trainer.mask(), method)
    }

    pub(super) fn ranking(&self) -> Result<&Ranking> {
        let unscored = || {
            Error::new(
                ErrorCode::BadCommand,
                "the weights have not been scored yet",
            )
        };
        self.ranking.as_ref().ok_or_else(unscored)
    }

    /// Another way to rank; weights and masks stay. What could not be scored changes nothing.
    pub(super) async fn set_method(&mut self, method: Method, out: &mut Outbox) -> Result<()> {
        method.validate()?;
        let before = std::mem::replace(&mut self.config.method, method);
        if let Err(error) = self.score(out).await {
            self.config.method = before;
            return Err(error);
        }
        self.revision += 1;
        self.background.restart_curve();
        Ok(())
    }

    /// What the network would be under `selection`; nothing is changed.
    pub(super) fn cut(&self, selection: &Selection) -> Result<Cut> {
        let ranking = self.ranking()?;
        Ok(self.without(ranking, &ranking.select(selection)?))
    }

    /// What the network would be without the marked units.
    fn without(&self, ranking: &Ranking, units: &[bool]) -> Cut {
        let mask = ranking.mask(units);
        let tensors = MaskTensors::new(self.shape(), &mask, &self.device);
        Cut {
            units: units.iter().filter(|&&cut| cut).count() as u32,
            threshold: ranking.threshold(units),
            model: self.trainer.model.masked(&tensors),
            mask,
        }
    }

    pub(super) async fn preview(
        &mut self,
        request: u32,
        selection: Selection,
        out: &mut Outbox,
    ) -> Result<()> {
        let start = Instant::now();
        let cut = self.cut(&selection)?;
        let (test, probabilities) = self.live(&cut.model).await?;
        let took = start.elapsed();
        self.pace.previewed(&selection, took);
        let ms = took.as_secs_f64() * 1e3;
        out.with(
            cut.previewed(request, selection.clone(), test.metrics(), ms),
            Bulk {
                probabilities: Some(probabilities),
                ..Default::default()
            },
        );
        let sweep = Sweep::new(cut.model.clone(), test, self.test.len());
        self.background.refine(request, selection, cut, sweep);
        Ok(())
    }

    /// Holds the mask that `selection` gives, from now on.
    pub(super) async fn cut_to(&mut self, selection: Selection, out: &mut Outbox) -> Result<()> {
        // Cut what is there now, not what was ranked some steps ago.
        let parameters = self.trainer.parameters().await?;
        self.ranking = Some(self.rank(&parameters).await?);
        let cut = self.cut(&selection)?;
        self.commit(cut, out).await
    }

    /// Cuts by `method`, whichever is in hand, until the network is as sparse as that.
    pub(super) async fn cut_until(
        &mut self,
        method: &Method,
        sparsity: f64,
        out: &mut Outbox,
    ) -> Result<()> {
        let parameters = self.trainer.parameters().await?;
        let ranking = self.rank_to(&parameters, method, sparsity).await?;
        let cut = self.without(&ranking, &ranking.reaching(sparsity)?);
        self.commit(cut, out).await
    }

    async fn commit(&mut self, cut: Cut, out: &mut Outbox) -> Result<()> {
        if !self.trainer.mask().contains(&0) {
            self.teacher = Some(self.trainer.model.clone());
        }
        self.threshold = cut.threshold;
        self.trainer.hold(cut.mask);
        self.changed();
        self.background.rehearse();
        self.add_point(PointKind::Pruned, out).await
    }
}
