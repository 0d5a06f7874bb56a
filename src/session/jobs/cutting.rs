//! Cutting: the weights are scored as they are, and the mask that this gives is held from then on.

use super::reestimating::Reestimate;
use super::scoring::Scoring;
use crate::error::Result;
use crate::learn::model::MaskTensors;
use crate::protocol::PointKind;
use crate::prune::method::{Criterion, Method};
use crate::prune::rates::LayerSparsities;
use crate::prune::recipe::Action;
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
    /// By a recipe, each layer as sparse as its kind is to be.
    Layers(LayerSparsities),
}

impl Amount {
    /// What an action of a recipe cuts; None where it cuts nothing.
    pub(in crate::session) fn of(action: &Action) -> Option<Self> {
        match action {
            Action::Prune { sparsity } => Some(Self::Sparsity(*sparsity)),
            Action::PruneLayers(sparsities) => Some(Self::Layers(*sparsities)),
            _ => None,
        }
    }
}

pub(in crate::session) struct Cutting {
    command: u32,
    amount: Amount,
    method: Method,
    /// Whether the command waits for it, or has begun what leads to it.
    awaited: bool,
    scoring: Option<Scoring>,
    /// What is to be held, while it is given running statistics of its own.
    decided: Option<Decided>,
}

/// A cut that is not made yet.
struct Decided {
    ranked: Rc<Ranked>,
    mask: Vec<u8>,
    threshold: f32,
    statistics: Option<Reestimate>,
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
            decided: None,
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
        !matches!(self.amount, Amount::Selected(_))
    }

    /// The ranking of the network as it is now, not as it was ranked some steps ago.
    async fn ranked(&mut self, run: &Run, out: &mut Outbox) -> Result<Option<Rc<Ranked>>> {
        let sparsity = match &self.amount {
            Amount::Selected(_) => 1.0,
            Amount::Sparsity(sparsity) => *sparsity,
            Amount::Layers(sparsities) => sparsities.of_all(run.graph()),
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
            let of = |decided: &Decided| decided.ranked.look.revision == run.revision;
            let mut decided = match self.decided.take().filter(of) {
                Some(decided) => decided,
                None => {
                    let Some(ranked) = self.ranked(run, out).await? else {
                        return Ok(false);
                    };
                    run.decide(ranked, &self.amount)?
                }
            };
            if let Some(work) = &mut decided.statistics
                && !work.slice(run)
            {
                self.decided = Some(decided);
                return Ok(false);
            }
            run.cut_as(decided, out).await?;
            if self.of_recipe() {
                run.acted(out);
            }
            Ok(true)
        })
    }
}

impl Run {
    /// What `amount` cuts under a ranking of the network in hand.
    fn decide(&self, ranked: Rc<Ranked>, amount: &Amount) -> Result<Decided> {
        let ranking = &ranked.ranking;
        let units = match amount {
            Amount::Selected(selection) => ranking.select(selection)?,
            Amount::Sparsity(sparsity) => ranking.reaching(*sparsity)?,
            Amount::Layers(sparsities) => {
                let fractions = sparsities.of_layers(self.graph());
                ranking.select(&Selection::Layers(fractions))?
            }
        };
        let mask = ranking.mask(&units);
        let tensors = MaskTensors::new(self.graph(), &mask, &self.device);
        let statistics = Reestimate::of(self, &self.trainer.model.masked(&tensors));
        Ok(Decided {
            threshold: ranking.threshold(&units),
            mask,
            statistics,
            ranked,
        })
    }

    /// Holds the mask that was decided on.
    async fn cut_as(&mut self, decided: Decided, out: &mut Outbox) -> Result<()> {
        if !self.masked() {
            self.dense = Some(self.trainer.model.clone());
        }
        self.threshold = decided.threshold;
        self.trainer.hold(decided.mask);
        if let Some(statistics) = decided.statistics {
            self.trainer.take_statistics(&statistics.finish());
        }
        self.cause = out.command();
        self.changed(out);
        self.rehearse_training(out);
        let method = decided.ranked.method.clone();
        self.add_point(PointKind::Pruned, method, out).await
    }
}
