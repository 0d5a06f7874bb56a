//! Cutting: the weights are scored as they are, and the mask that this gives is held from then on.

use super::scoring::{Ranked, Scoring};
use super::{Job, Kind, Slice};
use crate::error::Result;
use crate::protocol::{PointKind, Selection};
use crate::prune::method::Method;
use crate::session::outbox::Outbox;
use crate::session::run::Run;
use std::rc::Rc;

/// How much is to go.
pub(in crate::session) enum Amount {
    /// What a person has selected.
    Selected(Selection),
    /// By a recipe, so that the network is so sparse.
    Sparsity(f64),
}

pub(in crate::session) struct Cutting {
    command: u32,
    amount: Amount,
    method: Method,
    scoring: Option<Scoring>,
}

impl Cutting {
    pub(in crate::session) fn new(command: u32, amount: Amount, method: Method) -> Self {
        Self {
            command,
            amount,
            method,
            scoring: None,
        }
    }

    fn of_recipe(&self) -> bool {
        matches!(self.amount, Amount::Sparsity(_))
    }

    /// The ranking of the network as it is now, not as it was ranked some steps ago.
    async fn ranked(&mut self, run: &Run, out: &mut Outbox) -> Result<Option<Rc<Ranked>>> {
        if let Some(ranked) = run.ranked_by(&self.method) {
            return Ok(Some(ranked.clone()));
        }
        let scoring = match &mut self.scoring {
            Some(scoring) if scoring.is_of(run) => scoring,
            other => other.insert(Scoring::begin(run, self.method.clone()).await?),
        };
        Ok(scoring.slice(out).await?.map(Rc::new))
    }
}

impl Job for Cutting {
    fn kind(&self) -> Kind {
        Kind::Cut
    }

    fn command(&self) -> u32 {
        self.command
    }

    fn awaited(&self) -> bool {
        !self.of_recipe()
    }

    fn slice<'a>(&'a mut self, run: &'a mut Run, out: &'a mut Outbox) -> Slice<'a> {
        Box::pin(async move {
            let Some(ranked) = self.ranked(run, out).await? else {
                return Ok(false);
            };
            run.cut_by(&ranked, &self.amount, out).await?;
            if self.of_recipe() {
                run.acted(out);
            }
            Ok(true)
        })
    }
}

impl Run {
    /// Holds the mask that `amount` gives under a ranking of the network in hand.
    async fn cut_by(&mut self, ranked: &Ranked, amount: &Amount, out: &mut Outbox) -> Result<()> {
        let ranking = &ranked.ranking;
        let units = match amount {
            Amount::Selected(selection) => ranking.select(selection)?,
            Amount::Sparsity(sparsity) => ranking.select(&Selection::Fraction(*sparsity))?,
        };
        if !self.trainer.mask().contains(&0) {
            self.dense = Some(self.trainer.model.clone());
        }
        self.threshold = ranking.threshold(&units);
        self.trainer.hold(ranking.mask(&units));
        self.cause = out.command();
        self.changed(out);
        self.rehearse_training(out);
        self.add_point(PointKind::Pruned, out).await
    }
}
