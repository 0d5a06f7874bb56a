//! Scoring and ranking the weights of the network as it is when the job begins; training may go on meanwhile.

use crate::error::Result;
use crate::learn::state::KEPT;
use crate::net::{Graph, Layout};
use crate::protocol::{Bulk, Event, ScoredTables};
use crate::prune::method::{Criterion, Method};
use crate::prune::scoring::{SYNFLOW_ROUNDS, Subject};
use crate::prune::tables::Tables;
use crate::prune::{Ranking, Units};
use crate::session::look::{Look, Ranked};
use crate::session::outbox::Outbox;
use crate::session::queue::{Job, Kind, Slice};
use crate::session::run::Run;
use crate::slices::Sliced;
use std::rc::Rc;
use web_time::{Duration, Instant};

/// A slice, as long as one of measuring.
const SLICE: Duration = Duration::from_millis(25);
/// Progress is told of what takes longer than this, and as often.
const TOLD_EVERY: Duration = Duration::from_millis(250);

/// Of larger networks, no array of all weights is sent.
const MOST_SENT: usize = 250_000;
/// How many numbers the table of kept weights has at most, and how many spaces between its knots.
const MOST_KEPT: usize = 50_000;
const MOST_SPACES: usize = 1024;

/// A scoring under way.
pub(in crate::session) struct Scoring {
    look: Rc<Look>,
    method: Method,
    work: Sliced<Result<Ranking>>,
    total: u32,
    told: Instant,
}

impl Scoring {
    /// Of the network of `run` as it is, by `method`, on the way to a `sparsity` where that matters to it.
    pub(in crate::session) async fn begin(
        run: &Run,
        method: Method,
        sparsity: f64,
    ) -> Result<Self> {
        let look = Rc::new(Look {
            revision: run.revision,
            trainer: run.trainer.clone(),
            parameters: run.trainer.parameters().await?,
        });
        let images = match method.score_batch as usize {
            0 => run.train_len(),
            n => n.min(run.train_len()),
        };
        let chunk = run.test.chunk();
        let (batcher, data) = (run.batcher.clone(), run.data.clone());
        let (device, seed) = (run.device.clone(), run.config.seed);
        let (of, by) = (look.clone(), method.clone());
        let work = Sliced::new(|breath| async move {
            let slice = |i: usize| {
                let from = i * chunk;
                let range = from..(from + chunk).min(images);
                (from < images).then(|| batcher.batch(&data.train, range, &device))
            };
            let subject = Subject {
                trainer: &of.trainer,
                parameters: &of.parameters,
                slice: &slice,
                seed,
                device: &device,
                breath: &breath,
            };
            let scores = subject.scores_to(&by, sparsity).await?;
            let units = Units::new(&by, &of.trainer.graph, scores, of.trainer.mask());
            Ranking::new(units, of.trainer.mask(), &by)
        });
        Ok(Self {
            total: parts(method.criterion, images.div_ceil(chunk) as u32),
            look,
            method,
            work,
            told: Instant::now(),
        })
    }

    /// Whether it is of the network of `run` as it is now.
    pub(in crate::session) fn is_of(&self, run: &Run) -> bool {
        self.look.revision == run.revision
    }

    /// The next slice; the ranking, once it is there.
    pub(in crate::session) async fn slice(&mut self, out: &mut Outbox) -> Result<Option<Ranked>> {
        let Some(ranking) = self.work.slice(SLICE).await else {
            if self.told.elapsed() >= TOLD_EVERY {
                self.told = Instant::now();
                let done = self.work.done().min(self.total);
                out.event(Event::Scoring {
                    done,
                    total: self.total,
                });
            }
            return Ok(None);
        };
        Ok(Some(Ranked {
            look: self.look.clone(),
            method: self.method.clone(),
            ranking: ranking?,
        }))
    }
}

/// What is sent of a large network's ranking.
fn tables(ranking: &Ranking, layout: &Layout) -> Bulk {
    let spaces = MOST_SPACES.min(MOST_KEPT / layout.layers().count().max(1));
    let Tables {
        knots,
        scores,
        kept,
    } = Tables::new(ranking, layout, spaces);
    Bulk {
        knots: Some(knots),
        sorted: Some(scores),
        kept_at: Some(kept),
        ..Default::default()
    }
}

/// Channel groups that the mask removes.
fn removed(graph: &Graph, mask: &[u8]) -> u32 {
    let removed = graph.removed_groups(mask).unwrap_or_default();
    removed.into_iter().filter(|&gone| gone).count() as u32
}

/// The first and the last step at which a weight was cut.
fn cut_steps(cut_at: &[u32]) -> Vec<u32> {
    let steps = || cut_at.iter().copied().filter(|&step| step != KEPT);
    let mut found: Vec<u32> = steps().min().into_iter().chain(steps().max()).collect();
    found.dedup();
    found
}

/// How many parts a scoring has, each at most a pass over a part of the score batch.
fn parts(criterion: Criterion, passes: u32) -> u32 {
    match criterion {
        Criterion::Synflow => SYNFLOW_ROUNDS,
        Criterion::Gradient | Criterion::Taylor | Criterion::Activation => passes,
        Criterion::Grasp => 3 * passes,
        _ => 1,
    }
}

/// Ranks the weights and tells of it. With a method of its own, that is the run's from then on.
pub(in crate::session) struct Score {
    command: u32,
    asked: Option<Method>,
    scoring: Option<Scoring>,
}

impl Score {
    /// By the method of the run.
    pub(in crate::session) fn of(command: u32) -> Self {
        Self {
            command,
            asked: None,
            scoring: None,
        }
    }

    /// By another method, which `command` asks for.
    pub(in crate::session) fn by(command: u32, method: Method) -> Self {
        Self {
            asked: Some(method),
            ..Self::of(command)
        }
    }
}

impl Job<Run> for Score {
    fn kind(&self) -> Kind {
        Kind::Score
    }

    fn command(&self) -> u32 {
        self.command
    }

    fn awaited(&self) -> bool {
        self.asked.is_some()
    }

    fn slice<'a>(&'a mut self, run: &'a mut Run, out: &'a mut Outbox) -> Slice<'a> {
        Box::pin(async move {
            let scoring = match &mut self.scoring {
                // At rest, what was ranked in the meantime is of no use any more.
                Some(scoring) if run.work.active() || scoring.is_of(run) => scoring,
                stale => {
                    let method = self.asked.as_ref().unwrap_or(&run.config.method);
                    stale.insert(Scoring::begin(run, method.clone(), 1.0).await?)
                }
            };
            let Some(ranked) = scoring.slice(out).await? else {
                return Ok(false);
            };
            if self.asked.is_some() {
                run.config.method = ranked.method.clone();
            } else if ranked.method != run.config.method {
                // It was asked for another in the meantime.
                return Ok(true);
            }
            run.ranked(ranked, out);
            Ok(true)
        })
    }
}

impl Run {
    /// Takes up a ranking and tells of it.
    fn ranked(&mut self, ranked: Ranked, out: &mut Outbox) {
        let Look {
            revision,
            trainer,
            parameters,
        } = &*ranked.look;
        let (graph, mask) = (&trainer.graph, trainer.mask());
        let large = mask.len() > MOST_SENT;
        let bulk = match large {
            true => tables(&ranked.ranking, graph.layout()),
            false => Bulk {
                weights: Some(parameters.weights(graph).to_vec()),
                biases: Some(parameters.others(graph).to_vec()),
                ranks: Some(ranked.ranking.ranks()),
                sorted: Some(ranked.ranking.sorted()),
                masks: Some(mask.to_vec()),
                cut_at: Some(trainer.cut_at().to_vec()),
                ..Default::default()
            },
        };
        out.about(out.command(), Some(*revision)).with(
            Event::Scored {
                step: trainer.step,
                kept: graph.layout().kept(mask),
                method: ranked.method.clone(),
                groups: ranked.ranking.groups(),
                tables: large.then(|| ScoredTables {
                    layers: ranked.ranking.by_layer().to_vec(),
                    removed: removed(graph, mask),
                    cut_steps: cut_steps(trainer.cut_at()),
                }),
            },
            bulk,
        );
        self.ranked = Some(Rc::new(ranked));
    }

    /// The ranking of the network as it is by `method`, where there is one.
    pub(in crate::session) fn ranked_by(&self, method: &Method) -> Option<&Rc<Ranked>> {
        let fresh = |ranked: &&Rc<Ranked>| {
            ranked.look.revision == self.revision && ranked.method == *method
        };
        self.ranked.as_ref().filter(fresh)
    }

    pub(in crate::session) fn wants_scoring(&self) -> bool {
        self.measurable()
            && !self.jobs.has(Kind::Score)
            && self.ranked_by(&self.config.method).is_none()
    }

    pub(in crate::session) fn scores(&self) -> bool {
        self.jobs.has(Kind::Score)
    }

    /// Gives up the scoring in hand, and with it what waits for it. A method that takes too long for a person gives way
    /// to one that takes no time.
    pub(in crate::session) fn stop_scoring(&mut self, out: &mut Outbox) {
        let asked = self.jobs.awaits(Kind::Score);
        let scores = self.jobs.drop_all(Kind::Score, out);
        let cuts = self.jobs.drop_all(Kind::Cut, out);
        if cuts {
            self.halt(out);
        }
        if (scores || cuts) && !asked {
            self.config.method.criterion = Criterion::Magnitude;
        }
    }
}
