//! The one-shot curve of accuracy against sparsity: whole while the session rests, and coarser, again and again, while the
//! network trains.

use crate::error::Result;
use crate::learn::eval::Tally;
use crate::learn::model::MaskTensors;
use crate::net::sparsity;
use crate::protocol::{Bulk, Event};
use crate::prune::breaking::{breaking_points, most_fragile};
use crate::prune::selection::Selection;
use crate::session::look::{Look, Ranked};
use crate::session::outbox::Outbox;
use crate::session::queue::{Job, Kind, Slice};
use crate::session::run::Run;
use crate::session::samples::{Samples, Sweep};
use std::collections::VecDeque;
use std::rc::Rc;

/// Points of a whole curve.
const WHOLE: u32 = 33;
/// Of a living one, by the multiply-accumulates and the images that it may take: it has less than a tenth of the time, and is to
/// be there twice a second for the default network and once in two seconds for the reference network. A size that
/// followed the speed of the device would make figures that no other device shows.
const LIVE: [u32; 3] = [33, 17, 9];
const LIVE_MACS: u64 = 1_500_000_000;
const LIVE_IMAGES: usize = 7_000;
/// Images that are sent of those that are lost first.
const SHOWN: usize = 48;

pub(in crate::session) struct Curve {
    command: u32,
    of: Rc<Ranked>,
    whole: bool,
    left: VecDeque<f64>,
    images: usize,
    /// The point that is being measured, and its sparsity.
    point: Option<(f64, Sweep)>,
    /// Of a whole one: the sparsity of each point that is there, ascending, and what the network says of each image.
    sparsities: Vec<f64>,
    answers: Vec<Vec<u8>>,
}

impl Curve {
    /// All points, over enough images to have a shape.
    pub(in crate::session) fn whole(command: u32, of: Rc<Ranked>, test: &Samples) -> Self {
        Self {
            command,
            of,
            whole: true,
            left: fractions(WHOLE),
            images: test.curve_len(),
            point: None,
            sparsities: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// As many points as there is time for while the network trains.
    pub(in crate::session) fn live(command: u32, of: Rc<Ranked>, test: &Samples) -> Self {
        let images = test.live_len();
        let macs = of.look.trainer.graph.macs().iter().sum::<usize>();
        let fits = |points: &u32| {
            let images = *points as usize * images;
            images <= LIVE_IMAGES && images as u64 * macs as u64 <= LIVE_MACS
        };
        let points = LIVE.into_iter().find(fits).unwrap_or(LIVE[2]);
        Self {
            command,
            of,
            whole: false,
            left: fractions(points),
            images,
            point: None,
            sparsities: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// The next point, not yet measured.
    fn next(&mut self, run: &Run) -> Result<Option<(f64, Sweep)>> {
        let Some(fraction) = self.left.pop_front() else {
            return Ok(None);
        };
        let Look {
            trainer, revision, ..
        } = &*self.of.look;
        // Where nothing more is cut, the network may just have been evaluated, on the first of the same images; but of a whole curve
        // every answer is to be told.
        let tested = run.tested.filter(|(of, _)| of == revision && !self.whole);
        if let Some((_, tally)) = tested.filter(|_| fraction == 0.0) {
            let sweep = Sweep::new(trainer.model.clone(), tally, self.images);
            return Ok(Some((sparsity(trainer.mask()), sweep)));
        }
        let ranking = &self.of.ranking;
        let mask = ranking.mask(&ranking.select(&Selection::Fraction(fraction))?);
        let tensors = MaskTensors::new(&trainer.graph, &mask, &run.device);
        let model = trainer.model.masked(&tensors);
        let sweep = Sweep::new(model, Tally::default(), self.images);
        Ok(Some((sparsity(&mask), sweep)))
    }

    /// Tells what a whole curve is made of: every answer at every point, and which images are lost first.
    fn tell_answers(&mut self, run: &Run, out: &mut Outbox) {
        let test = &run.data.test;
        let numbers: Vec<usize> = run.test.images(0..self.images).collect();
        let labels: Vec<u8> = numbers.iter().map(|&i| test.labels[i]).collect();
        let breaking = breaking_points(&self.answers, &labels);
        let mut fragile = most_fragile(&breaking);
        fragile.truncate(SHOWN);
        let len = run.data.image_len();
        let mut images = Vec::new();
        for &image in &fragile {
            let from = numbers[image as usize] * len;
            images.extend_from_slice(&test.pixels[from..from + len]);
        }
        let Look {
            trainer, revision, ..
        } = &*self.of.look;
        out.about(self.command, Some(*revision)).with(
            Event::Answers {
                step: trainer.step,
                sparsities: std::mem::take(&mut self.sparsities),
                labels,
                breaking,
                fragile,
            },
            Bulk {
                answers: Some(self.answers.concat()),
                images: Some(images),
                ..Default::default()
            },
        );
    }
}

impl Job<Run> for Curve {
    fn kind(&self) -> Kind {
        Kind::Curve
    }

    fn command(&self) -> u32 {
        self.command
    }

    fn slice<'a>(&'a mut self, run: &'a mut Run, out: &'a mut Outbox) -> Slice<'a> {
        Box::pin(async move {
            let revision = self.of.look.revision;
            let next = match self.point.take() {
                Some(under_way) => Some(under_way),
                None => self.next(run)?,
            };
            let Some((sparsity, mut sweep)) = next else {
                return Ok(true);
            };
            if !sweep.finished() {
                run.sweep_on(&mut sweep).await?;
            }
            if !sweep.finished() {
                self.point = Some((sparsity, sweep));
                return Ok(false);
            }
            out.about(self.command, Some(revision)).event(Event::Curve {
                step: self.of.look.trainer.step,
                sparsity,
                test: sweep.tally().metrics(),
                remaining: self.left.len() as u32,
            });
            if self.whole {
                let at = self.sparsities.partition_point(|s| *s <= sparsity);
                self.sparsities.insert(at, sparsity);
                self.answers.insert(at, sweep.into_answers());
            }
            if self.left.is_empty() {
                match self.whole {
                    true => {
                        self.tell_answers(run, out);
                        run.drawn = Some(revision);
                    }
                    false => run.sketched = Some(revision),
                }
            }
            Ok(self.left.is_empty())
        })
    }
}

impl Run {
    /// What the curve at rest is to be of; None where it is there or can't be had.
    pub(in crate::session) fn wants_curve(&self) -> Option<Rc<Ranked>> {
        let wanted =
            self.measurable() && !self.jobs.has(Kind::Curve) && self.drawn != Some(self.revision);
        self.ranked_by(&self.config.method)
            .filter(|_| wanted)
            .cloned()
    }
}

/// The fractions of a curve of so many points (a power of two and one), each half between those before it, denser
/// towards 1, where the knee is.
fn fractions(points: u32) -> VecDeque<f64> {
    let last = points - 1;
    let mut seen = vec![false; points as usize];
    let mut fractions = VecDeque::new();
    let mut stride = last;
    while stride > 0 {
        for i in (0..points).step_by(stride as usize) {
            if !std::mem::replace(&mut seen[i as usize], true) {
                let t = f64::from(i) / f64::from(last);
                fractions.push_back(1.0 - (1.0 - t).powf(1.5));
            }
        }
        stride /= 2;
    }
    fractions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_goes_from_0_to_1_coarse_to_fine_and_each_fraction_once() {
        for points in LIVE {
            let fractions = fractions(points);
            assert_eq!(fractions.len(), points as usize);
            assert_eq!((fractions[0], fractions[1]), (0.0, 1.0));
            let mut sorted: Vec<f64> = fractions.into();
            sorted.sort_by(f64::total_cmp);
            assert!(sorted.windows(2).all(|w| w[0] < w[1]));
            let widest = 1.6 / f64::from(points - 1);
            assert!(sorted.windows(2).all(|w| w[1] - w[0] < widest));
        }
    }
}
