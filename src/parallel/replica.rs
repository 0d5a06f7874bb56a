//! The side of a worker: a replica of the network, and the images that it learns from.

use super::payload::{self, Packing};
use super::wire::{
    Answer, Part, Task, read_order, read_words, section, take_section, unreadable, words,
};
use crate::config::RunConfig;
use crate::data::batch::{Batch, Batcher};
use crate::data::order::BatchOrder;
use crate::data::{Normalisation, Split};
use crate::error::Result;
use crate::files::checkpoint;
use crate::learn::distillation::Distillation;
use crate::learn::model::Model;
use crate::learn::objective::Objective;
use crate::learn::schedule::Phase;
use crate::learn::train::Trainer;
use crate::net::{self, Graph, Net};
use crate::ops::transfer::read;
use burn::tensor::Device;
use std::sync::Arc;
use web_time::Instant;

/// Everything that a network learns from, but for its weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Coursework {
    pub config: RunConfig,
    pub graph: Arc<Graph>,
    pub normalisation: Normalisation,
    /// The images that are trained on.
    pub images: Split,
}

impl Coursework {
    pub fn to_bytes(&self) -> Vec<u8> {
        let [channels, height, width] = self.graph.input();
        let dims = [channels, height, width, self.graph.classes()].map(|n| n as u32);
        let bits = |values: &[f32]| words(&values.iter().map(|v| v.to_bits()).collect::<Vec<_>>());
        let mut out = Vec::with_capacity(self.images.pixels.len() + self.images.len() + 4096);
        // Settings are plain numbers and names, which JSON can always hold.
        section(
            &mut out,
            &serde_json::to_vec(&self.config).unwrap_or_default(),
        );
        section(&mut out, &words(&dims));
        section(&mut out, &bits(&self.normalisation.mean));
        section(&mut out, &bits(&self.normalisation.std));
        section(&mut out, &self.images.labels);
        section(&mut out, &self.images.pixels);
        out
    }

    /// # Errors
    /// The bytes are no coursework.
    pub fn from_bytes(mut bytes: &[u8]) -> Result<Self> {
        let bytes = &mut bytes;
        let config: RunConfig =
            serde_json::from_str(text(take_section(bytes)?)?).map_err(|_| unreadable())?;
        config.validate()?;
        let [channels, height, width, classes] = read_words(take_section(bytes)?)[..] else {
            return Err(unreadable());
        };
        let [channels, height, width, classes] =
            [channels, height, width, classes].map(|n| n as usize);
        let widths = config.widths.map(|w| w as usize);
        let graph = net::network(&config.network, widths, [channels, height, width], classes)?;
        let floats = |bytes: &[u8]| read_words(bytes).into_iter().map(f32::from_bits).collect();
        let normalisation = Normalisation {
            mean: floats(take_section(bytes)?),
            std: floats(take_section(bytes)?),
        };
        let labels = take_section(bytes)?.to_vec();
        let pixels = take_section(bytes)?.to_vec();
        let image = channels
            .checked_mul(height)
            .and_then(|n| n.checked_mul(width))
            .ok_or_else(unreadable)?;
        let fits = labels.len().checked_mul(image) == Some(pixels.len()) && !labels.is_empty();
        let known = labels.iter().all(|&label| usize::from(label) < classes);
        let normal = [&normalisation.mean, &normalisation.std]
            .iter()
            .all(|values| values.len() == channels);
        match fits && known && normal {
            true => Ok(Self {
                config,
                graph,
                normalisation,
                images: Split { pixels, labels },
            }),
            false => Err(unreadable()),
        }
    }
}

/// What a worker has: nothing, until it is given coursework and a state.
pub struct Replica {
    device: Device,
    coursework: Option<Coursework>,
    standing: Option<Standing>,
    teacher: Option<(Model, Distillation)>,
}

/// A network that stands at a state.
struct Standing {
    trainer: Trainer,
    order: BatchOrder,
    batcher: Batcher,
    packing: Packing,
    /// What has not been sent of earlier gradients.
    left: Vec<f32>,
}

impl Replica {
    pub fn new(device: Device) -> Self {
        Self {
            device,
            coursework: None,
            standing: None,
            teacher: None,
        }
    }

    /// Carries out an order; the answer to its last task, if it has one.
    ///
    /// # Errors
    /// The order can't be read, or comes before what it needs.
    pub async fn answer(&mut self, order: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut answer = None;
        for part in read_order(order)? {
            match part {
                Part::Coursework(bytes) => {
                    self.coursework = Some(Coursework::from_bytes(bytes)?);
                    self.standing = None;
                    self.teacher = None;
                }
                Part::State(bytes) => self.stand_at(bytes)?,
                Part::Teacher(bytes) => self.learn_from(bytes)?,
                Part::FineTuning => {
                    let standing = self.standing.as_mut().ok_or_else(unreadable)?;
                    standing.trainer.enter(Phase::FineTuning);
                }
                Part::Update(bytes) => {
                    let standing = self.standing.as_mut().ok_or_else(unreadable)?;
                    let gradients = payload::read(bytes, standing.packing.len())?;
                    standing
                        .trainer
                        .descend(&standing.packing.unpack(&gradients));
                }
                Part::Parameters(bytes) => {
                    let standing = self.standing.as_mut().ok_or_else(unreadable)?;
                    let numbers = payload::read(bytes, standing.packing.len())?;
                    standing.trainer.put(&standing.packing.unpack(&numbers));
                }
                Part::Task(task) => answer = Some(self.work(task).await?.to_bytes()),
            }
        }
        Ok(answer)
    }

    fn stand_at(&mut self, bytes: &[u8]) -> Result<()> {
        let Coursework {
            config,
            graph,
            normalisation,
            images,
        } = self.coursework.as_ref().ok_or_else(unreadable)?;
        let state = checkpoint::from_bytes(bytes, graph)?;
        let packing = Packing::new(graph, &state.mask);
        self.standing = Some(Standing {
            trainer: Trainer::new(graph.clone(), &state, config.descent(), &self.device),
            order: BatchOrder::new(config.seed, images.len(), config.batch),
            batcher: Batcher::of(graph.input(), graph.classes(), normalisation.clone()),
            left: vec![0.0; packing.len()],
            packing,
        });
        self.teacher = None;
        Ok(())
    }

    fn learn_from(&mut self, mut bytes: &[u8]) -> Result<()> {
        let coursework = self.coursework.as_ref().ok_or_else(unreadable)?;
        let net: Net =
            serde_json::from_str(text(take_section(&mut bytes)?)?).map_err(|_| unreadable())?;
        let [a, b, c, d] = read_words(take_section(&mut bytes)?)[..] else {
            return Err(unreadable());
        };
        let double = |low: u32, high: u32| f64::from_bits(u64::from(low) | u64::from(high) << 32);
        let how = Distillation {
            alpha: double(a, b),
            temperature: double(c, d),
        };
        how.validate()?;
        let graph = Arc::new(Graph::new(net)?);
        let ours = &coursework.graph;
        if (graph.input(), graph.classes()) != (ours.input(), ours.classes()) {
            return Err(unreadable());
        }
        let all = Packing::whole(&graph);
        let parameters = all.unpack(&payload::read(bytes, all.len())?);
        self.teacher = Some((Model::new(&graph, &parameters, &self.device), how));
        Ok(())
    }

    async fn work(
        &mut self,
        Task {
            id,
            step,
            from,
            to,
            largest,
        }: Task,
    ) -> Result<Answer> {
        let start = Instant::now();
        let Coursework { images, config, .. } = self.coursework.as_ref().ok_or_else(unreadable)?;
        let Standing {
            trainer,
            order,
            batcher,
            packing,
            left,
        } = self.standing.as_mut().ok_or_else(unreadable)?;
        let rows = from as usize..to as usize;
        if rows.is_empty() || rows.end > order.of(step).len() {
            return Err(unreadable());
        }
        let batch = batcher.share(images, order, step, rows, config.augment, &self.device);
        let teacher = self.teacher.as_ref();
        let objective = teacher.map_or(Objective::Labels, |(teacher, how)| {
            Objective::Teacher(teacher, how)
        });
        let (loss, mut numbers) = gradients(trainer, step, &batch, &objective, packing).await?;
        let gradients = match largest as usize {
            0 => payload::dense(&numbers),
            count => {
                numbers
                    .iter_mut()
                    .zip(left.iter())
                    .for_each(|(x, kept_back)| *x += kept_back);
                let sent = payload::take_largest(&mut numbers, count);
                *left = numbers;
                sent
            }
        };
        Ok(Answer {
            id,
            loss,
            ms: start.elapsed().as_secs_f32() * 1e3,
            gradients,
        })
    }
}

/// A teacher and how it teaches, as [`Part::Teacher`] has it.
///
/// # Errors
/// The device failed.
pub(super) async fn teacher_bytes(teacher: &Model, how: &Distillation) -> Result<Vec<u8>> {
    let halves = |x: f64| [x.to_bits() as u32, (x.to_bits() >> 32) as u32];
    let ([a, b], [c, d]) = (halves(how.alpha), halves(how.temperature));
    let mut out = Vec::new();
    // Names and numbers, which JSON can always hold.
    let net = serde_json::to_vec(teacher.graph.net()).unwrap_or_default();
    section(&mut out, &net);
    section(&mut out, &words(&[a, b, c, d]));
    let all = Packing::whole(&teacher.graph);
    out.extend(payload::dense(&all.pack(&teacher.parameters().await?)));
    Ok(out)
}

/// The loss of rows of the batch of a step and its gradients, those that travel.
async fn gradients(
    trainer: &Trainer,
    step: u32,
    batch: &Batch,
    objective: &Objective<'_>,
    packing: &Packing,
) -> Result<(f32, Vec<f32>)> {
    let backward = trainer.backward(step, batch, objective);
    let loss = read(vec![backward.loss.clone()]).await?.concat();
    let gradients = packing.pack(&backward.read().await?);
    Ok((loss.first().copied().unwrap_or(f32::NAN), gradients))
}

fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| unreadable())
}
