//! How many workers train fastest: tried one number after another, while training.

/// Steps and milliseconds that a number of workers is measured for, at least. The first step is not counted: workers start in it.
const STEPS: u32 = 5;
const MILLISECONDS: f64 = 250.0;

/// A number of workers is tried for a while, then the next, until more do not help.
#[derive(Debug)]
pub struct Choice {
    most: usize,
    /// Numbers of workers with the images a second that they trained.
    tried: Vec<(usize, f64)>,
    /// Steps of the number in hand, their images and milliseconds.
    steps: u32,
    images: f64,
    ms: f64,
    settled: Option<usize>,
}

impl Choice {
    pub fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            tried: Vec::new(),
            steps: 0,
            images: 0.0,
            ms: 0.0,
            settled: None,
        }
    }

    /// How many workers are to train now.
    pub fn workers(&self) -> usize {
        self.settled
            .unwrap_or_else(|| self.tried.last().map_or(1, |&(last, _)| next(last)))
    }

    pub fn tried(&self) -> &[(usize, f64)] {
        &self.tried
    }

    /// Notes a step of the number in hand; true when another number is to train from now on.
    pub fn note(&mut self, images: f64, ms: f64) -> bool {
        if self.settled.is_some() {
            return false;
        }
        let before = self.workers();
        if self.steps > 0 {
            self.images += images;
            self.ms += ms;
        }
        self.steps += 1;
        if self.steps <= STEPS || self.ms < MILLISECONDS {
            return false;
        }
        let speed = self.images / self.ms * 1e3;
        let better = self.tried.iter().all(|&(_, other)| speed > other);
        self.tried.push((before, speed));
        (self.steps, self.images, self.ms) = (0, 0.0, 0.0);
        if !better || next(before) > self.most {
            let best = self
                .tried
                .iter()
                .copied()
                .reduce(|a, b| if b.1 > a.1 { b } else { a });
            self.settled = best.map(|(workers, _)| workers);
        }
        self.workers() != before
    }
}

/// 1, 2, 3, 4, 6, 9, 13: more of many make less of a difference.
fn next(workers: usize) -> usize {
    workers
        + (workers / 2)
            .max(1)
            .min(if workers < 4 { 1 } else { workers })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number that is kept where `n` workers take `ms(n)` for a step.
    fn kept(most: usize, ms: impl Fn(usize) -> f64) -> (usize, Vec<usize>) {
        let mut choice = Choice::new(most);
        for _ in 0..10_000 {
            choice.note(64.0, ms(choice.workers()));
        }
        (
            choice.workers(),
            choice.tried().iter().map(|t| t.0).collect(),
        )
    }

    #[test]
    fn the_fastest_number_is_kept_and_none_beyond_it_is_tried_but_the_next() {
        assert_eq!(
            kept(8, |n| 100.0 / n.min(2) as f64 + n as f64),
            (2, vec![1, 2, 3])
        );
        assert_eq!(kept(8, |n| 10.0 * n as f64), (1, vec![1, 2]));
        assert_eq!(kept(8, |n| 100.0 / n as f64), (6, vec![1, 2, 3, 4, 6]));
        assert_eq!(kept(1, |_| 100.0), (1, vec![1]));
    }

    #[test]
    fn a_slow_start_is_not_held_against_a_number() {
        let mut choice = Choice::new(2);
        let mut last = 0;
        for _ in 0..100 {
            let workers = choice.workers();
            let ms = if workers == last {
                60.0 / workers as f64
            } else {
                5000.0
            };
            last = workers;
            choice.note(1.0, ms);
        }
        assert_eq!(choice.workers(), 2);
    }
}
