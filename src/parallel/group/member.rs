//! What a group knows of its workers, and what they learn from.

use crate::config::RunConfig;
use crate::data::order::batch_size;
use crate::data::{Dataset, Split};
use crate::net::Graph;
use crate::parallel::replica::Coursework;
use crate::parallel::staleness::Version;
use crate::parallel::wire::Task;
use std::rc::Rc;
use std::sync::Arc;

/// What a network learns from, on the side of the session.
pub struct Course {
    pub config: RunConfig,
    pub graph: Arc<Graph>,
    pub data: Rc<Dataset>,
    /// How many of the training images are trained on.
    pub images: usize,
}

impl Course {
    pub(super) fn coursework(&self) -> Vec<u8> {
        let Split { pixels, labels } = &self.data.train;
        let coursework = Coursework {
            config: self.config.clone(),
            graph: self.graph.clone(),
            normalisation: self.data.normalisation(),
            images: Split {
                pixels: pixels[..self.images * self.data.image_len()].to_vec(),
                labels: labels[..self.images].to_vec(),
            },
        };
        coursework.to_bytes()
    }

    /// Multiply-accumulates of a forward pass of so many images.
    pub(super) fn macs(&self, images: usize) -> f64 {
        (self.graph.macs().iter().sum::<usize>() * images) as f64
    }

    pub(super) fn batch(&self) -> usize {
        batch_size(self.config.batch, self.images)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    Starting,
    Ready,
    Failed,
}

pub(super) struct Member {
    pub(super) health: Health,
    /// Whether it has the course.
    pub(super) taught: bool,
    /// The version of the weights that its replica stands at.
    pub(super) at: Option<Version>,
    pub(super) assigned: Option<Assigned>,
    /// Without an answer in between.
    pub(super) losses: u32,
    /// The version that its last gradient was applied to.
    pub(super) idle_since: Version,
}

impl Member {
    pub(super) fn new() -> Self {
        Self {
            health: Health::Starting,
            taught: false,
            at: None,
            assigned: None,
            losses: 0,
            idle_since: 0,
        }
    }

    pub(super) fn idle(&self) -> bool {
        self.health == Health::Ready && self.assigned.is_none()
    }

    /// Whether it is not idle yet, for reasons that no plan has: it starts, or ends what no longer counts.
    pub(super) fn late(&self) -> bool {
        match &self.assigned {
            None => self.health == Health::Starting,
            Some(assigned) => assigned.cancelled,
        }
    }
}

/// A task that a worker has.
pub(super) struct Assigned {
    pub(super) task: Task,
    pub(super) share: usize,
    /// Of the weights that it is about.
    pub(super) version: Version,
    /// Its answer no longer counts.
    pub(super) cancelled: bool,
    pub(super) posted: bool,
    /// The weights to compute with, where they are not the replica's own: kept, so that another worker can do the same.
    pub(super) parameters: Option<Vec<u8>>,
    /// There and back.
    pub(super) bytes: usize,
    pub(super) from: f64,
    /// When its answer is there, on the simulated clock.
    pub(super) arrival: f64,
    /// Milliseconds of computing: on the simulated clock those that it takes, else those that it took.
    pub(super) compute: f64,
    pub(super) answer: Option<Heard>,
}

/// The answer to a task.
pub(super) struct Heard {
    /// In the order of arrival.
    pub(super) order: u32,
    pub(super) loss: f32,
    pub(super) gradients: Vec<f32>,
}
