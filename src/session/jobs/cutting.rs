//! Cutting: the weights are scored as they are, and the mask that this gives is held from then on.

use super::scoring::Scoring;
use crate::error::Result;
use crate::protocol::PointKind;
use crate::prune::method::{Criterion, Method};
use crate::prune::selection::Selection;
use crate::session::look::Ranked;
use crate::session::outbox::Outbox;
use crate::session::queue::{Job, Kind, Slice};
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
    /// Whether the command waits for it, or has begun what leads to it.
    awaited: bool,
    scoring: Option<Scoring>,
}

impl Cutting {
    /// What `command` asks for.
    pub(in crate::session) fn asked(command: u32, amount: Amount, method: Method) -> Self {
        Self {
            command,
            amount,
            method,
            awaited: true,
            scoring: None,
        }
    }

    /// What the recipe comes to that `command` has begun.
    pub(in crate::session) fn led_to(command: u32, amount: Amount, method: Method) -> Self {
        Self {
            awaited: false,
            ..Self::asked(command, amount, method)
        }
    }

    fn of_recipe(&self) -> bool {
        matches!(self.amount, Amount::Sparsity(_))
    }

    /// The ranking of the network as it is now, not as it was ranked some steps ago.
    async fn ranked(&mut self, run: &Run, out: &mut Outbox) -> Result<Option<Rc<Ranked>>> {
        let sparsity = match self.amount {
            Amount::Selected(_) => 1.0,
            Amount::Sparsity(sparsity) => sparsity,
        };
        // SynFlow's order is another one for each sparsity that it is on the way to.
        let any_way = self.method.criterion != Criterion::Synflow || sparsity == 1.0;
        if let Some(ranked) = run.ranked_by(&self.method).filter(|_| any_way) {
            return Ok(Some(ranked.clone()));
        }
        let scoring = match &mut self.scoring {
            Some(scoring) if scoring.is_of(run) => scoring,
            other => other.insert(Scoring::begin(run, self.method.clone(), sparsity).await?),
        };
        Ok(scoring.slice(out).await?.map(Rc::new))
    }
}

impl Job<Run> for Cutting {
    fn kind(&self) -> Kind {
        Kind::Cut
    }

    fn command(&self) -> u32 {
        self.command
    }

    fn awaited(&self) -> bool {
        self.awaited
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
            Amount::Sparsity(sparsity) => ranking.reaching(*sparsity)?,
        };
        if !self.masked() {
            self.dense = Some(self.trainer.model.clone());
        }
        self.threshold = ranking.threshold(&units);
        self.trainer.hold(ranking.mask(&units));
        self.cause = out.command();
        self.changed(out);
        self.rehearse_training(out);
        let method = ranked.method.clone();
        self.add_point(PointKind::Pruned, method, out).await
    }
}
