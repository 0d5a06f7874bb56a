//! How long a slice of work is: long enough to be efficient, short enough that a command is not kept waiting.

use crate::prune::selection::Selection;
use web_time::{Duration, Instant};

/// A slice of training while nobody moves the slider, and while somebody does.
const SLICE: Duration = Duration::from_millis(60);
const SLICE_WHILE_PREVIEWING: Duration = Duration::from_millis(15);
/// A slice of measuring at rest. The first move of the slider comes upon one.
const EVAL_SLICE: Duration = Duration::from_millis(25);
/// Looks at the network take a tenth of the time at most: so much of it reports, which come at most this often, and of
/// the time that training takes this share whatever else there is to be seen; and the most that may be put by, so that
/// it doesn't come in one go after a pause.
const REPORTING: f64 = 0.03;
const REPORT_EVERY: Duration = Duration::from_millis(400);
const LOOKING: f64 = 0.075;
const MOST_EARNED: f64 = 0.05;
const SAVE_EVERY: Duration = Duration::from_secs(10);
/// What a preview and the slice before it may take together, so that the picture is there within 100 ms of a move. Where
/// they take longer, work waits for a slider on the move until it has been at rest for so long; but one slice in so
/// many seconds is done none the less.
const PROMPT: Duration = Duration::from_millis(80);
const AT_REST_AFTER: Duration = Duration::from_millis(120);
const STARVED_AFTER: Duration = Duration::from_secs(2);

/// What is known of the speed of this device, and when things were last done.
#[derive(Default)]
pub(super) struct Pace {
    /// A training step, a pass of an evaluation, a preview, a report.
    step: Option<Duration>,
    pass: Option<Duration>,
    preview: Duration,
    report: Duration,
    report_every: Duration,
    /// When somebody was last answered.
    answered: Option<Instant>,
    slider: Option<Slider>,
    sliced: Option<Instant>,
    /// Seconds that training has earned for looks at the network; below 0 where more was spent.
    earned: f64,
    reported: Option<Instant>,
    saved: Option<Instant>,
    /// Spent on a step that is not taken yet.
    waited: Duration,
}

/// Where the slider was last previewed, and the move that led there.
struct Slider {
    selection: Selection,
    began: Instant,
    moved: Instant,
}

impl Pace {
    pub(super) fn answered(&mut self) {
        self.answered = Some(Instant::now());
    }

    /// A preview that comes again, after a report, is no move of the slider.
    pub(super) fn previewed(&mut self, selection: &Selection, took: Duration) {
        let now = Instant::now();
        self.answered = Some(now);
        self.preview = took;
        let last = self.slider.take();
        self.slider = Some(match last {
            Some(slider) if slider.selection == *selection => slider,
            last => Slider {
                selection: selection.clone(),
                began: last
                    .filter(|slider| slider.moved.elapsed() < took + AT_REST_AFTER)
                    .map_or(now, |slider| slider.began),
                moved: now,
            },
        });
    }

    /// How many steps make a slice; the first is a single one, to learn what it takes.
    pub(super) fn steps(&self) -> u32 {
        fitting(self.step, self.slice())
    }

    /// How many passes make a slice of an evaluation.
    pub(super) fn passes(&self) -> u32 {
        fitting(self.pass, EVAL_SLICE)
    }

    fn slice(&self) -> Duration {
        let since = self.answered.map(|at| at.elapsed());
        match since.is_some_and(|since| since < Duration::from_secs(1)) {
            true => SLICE_WHILE_PREVIEWING,
            false => SLICE,
        }
    }

    /// Notes time spent on training; all that was since a step was last taken.
    pub(super) fn waited(&mut self, time: Duration) -> Duration {
        self.waited += time;
        self.waited
    }

    /// A step under way is given up.
    pub(super) fn begins(&mut self) {
        self.waited = Duration::ZERO;
    }

    pub(super) fn trained(&mut self, steps: u32, time: Duration) {
        self.waited = Duration::ZERO;
        self.step = Some(smoothed(self.step, time / steps.max(1)));
        self.earned = (self.earned + LOOKING * time.as_secs_f64()).min(MOST_EARNED);
    }

    /// Whether there is time for a look at the network in training.
    pub(super) fn may_look(&self) -> bool {
        self.earned >= 0.0
    }

    pub(super) fn looked(&mut self, took: Duration) {
        self.earned -= took.as_secs_f64();
    }

    pub(super) fn swept(&mut self, passes: u32, time: Duration) {
        self.pass = Some(smoothed(self.pass, time / passes.max(1)));
    }

    /// A slice of work has ended.
    pub(super) fn sliced(&mut self) {
        self.sliced = Some(Instant::now());
    }

    pub(super) fn report_due(&self) -> bool {
        self.reported
            .is_none_or(|at| at.elapsed() >= self.report_every)
    }

    /// Where workers use every core, what a report takes is theirs, and so is what the page takes to draw it.
    pub(super) fn reported(&mut self, took: Duration, workers: bool) {
        self.report = took;
        let every = REPORT_EVERY.max(took.div_f64(REPORTING));
        self.report_every = if workers { 2 * every } else { every };
        self.reported = Some(Instant::now());
    }

    pub(super) fn save_due(&self) -> bool {
        self.saved.is_none_or(|at| at.elapsed() >= SAVE_EVERY)
    }

    pub(super) fn saved(&mut self) {
        self.saved = Some(Instant::now());
    }

    /// How long the next slice should wait for a slider on the move: of training, or of measuring at rest.
    pub(super) fn patience(&self, training: bool) -> Duration {
        let one = |known: Option<Duration>| known.unwrap_or_default();
        let report = match self.report_due() {
            true => self.report,
            false => Duration::ZERO,
        };
        self.waits(match training {
            true => one(self.step).max(SLICE_WHILE_PREVIEWING) + report,
            false => one(self.pass).max(EVAL_SLICE),
        })
    }

    /// How long a slice that takes `slice` should wait for a slider on the move.
    fn waits(&self, slice: Duration) -> Duration {
        let Some(slider) = &self.slider else {
            return Duration::ZERO;
        };
        let since = self.sliced.map_or(slider.began, |at| at.max(slider.began));
        if slice + self.preview <= PROMPT || since.elapsed() >= STARVED_AFTER {
            return Duration::ZERO;
        }
        AT_REST_AFTER.saturating_sub(slider.moved.elapsed())
    }
}

fn fitting(one: Option<Duration>, slice: Duration) -> u32 {
    one.map_or(1, |one| {
        (slice.as_secs_f64() / one.as_secs_f64().max(1e-6)).clamp(1.0, 256.0) as u32
    })
}

fn smoothed(before: Option<Duration>, now: Duration) -> Duration {
    before.map_or(now, |before| (before * 3 + now) / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_looks_at_a_network_in_training_take_a_tenth_of_its_time_at_most() {
        let mut pace = Pace::default();
        let (slice, look) = (SLICE.as_secs_f64(), EVAL_SLICE.as_secs_f64());
        let (mut trained, mut looked) = (0.0, 0.0);
        while trained < 600.0 {
            if pace.may_look() {
                pace.looked(EVAL_SLICE);
                looked += look;
            } else {
                pace.trained(1, SLICE);
                trained += slice;
            }
        }
        let looking = looked / (trained + looked);
        assert!(looking > 0.04, "{looking}");
        for ms in [1, 20, 60, 1000] {
            let took = Duration::from_millis(ms);
            pace.reported(took, false);
            let reporting = took.div_duration_f64(pace.report_every);
            assert!(looking + reporting <= 0.1, "{looking} {reporting}");
        }
    }
}
