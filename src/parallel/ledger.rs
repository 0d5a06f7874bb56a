//! What is told of a group: who did what when, what was sent, how stale it was.

use crate::parallel::workers::{Lane, Span, SpanKind};

/// Milliseconds of the past that lanes show.
const SHOWN: f64 = 3000.0;
/// Milliseconds that the speed is the mean of.
const REMEMBERED: f64 = 3000.0;
/// More spans than a picture can show apart.
const MOST_SPANS: usize = 90;
/// Staleness is counted one by one up to here; the last count is of all above.
const MOST_STALENESS: usize = 16;

#[derive(Debug, Default)]
pub struct Ledger {
    pub lanes: Vec<Lane>,
    /// Updates by their staleness.
    pub staleness: Vec<u32>,
    /// Of the last step, and of all.
    pub step_bytes: usize,
    pub bytes: f64,
    setting_up: bool,
    /// Whether workers were set up in the last step.
    pub started: bool,
    /// Trained of late, in so many milliseconds.
    pub images: f64,
    pub ms: f64,
    /// Workers that were given up.
    pub lost: u32,
}

impl Ledger {
    pub fn begin(&mut self, workers: usize) {
        self.lanes = vec![Lane::default(); workers];
        self.staleness.clear();
        self.step_bytes = 0;
        (self.images, self.ms) = (0.0, 0.0);
    }

    /// Notes that `worker` was sent something from `from` on, computed for `ms`, and had sent its answer at `to`. What is not
    /// computing is halved between the ways there and back.
    pub fn worked(&mut self, worker: usize, from: f64, ms: f64, to: f64, now: f64) {
        let Some(lane) = self.lanes.get_mut(worker) else {
            return;
        };
        let way = ((to - from - ms) / 2.0).max(0.0);
        for (kind, from, to) in [
            (SpanKind::Send, from, from + way),
            (SpanKind::Compute, from + way, to - way),
            (SpanKind::Send, to - way, to),
        ] {
            if to > from {
                lane.spans.push(Span { kind, from, to });
            }
        }
        lane.spans.retain(|span| span.to > now - SHOWN);
        let more = lane.spans.len().saturating_sub(MOST_SPANS);
        lane.spans.drain(..more);
    }

    /// Notes that an update of `worker` made step `version`.
    pub fn applied(&mut self, worker: usize, version: u32, staleness: u32) {
        if let Some(lane) = self.lanes.get_mut(worker) {
            (lane.version, lane.staleness) = (version, staleness);
        }
    }

    /// Counts an update that was so many updates late.
    pub fn late(&mut self, staleness: u32) {
        let place = (staleness as usize).min(MOST_STALENESS);
        if self.staleness.len() <= place {
            self.staleness.resize(place + 1, 0);
        }
        self.staleness[place] += 1;
    }

    /// Notes what was sent for a step beside what sets workers up.
    pub fn sent(&mut self, bytes: usize) {
        self.bytes += bytes as f64;
        self.started = std::mem::take(&mut self.setting_up);
        // Where workers are set up they are sent a state, and no update.
        if !self.started {
            self.step_bytes = bytes;
        }
    }

    /// Notes that so many images were trained on in `ms`.
    pub fn trained(&mut self, images: f64, ms: f64) {
        self.images += images;
        self.ms += ms;
        // Of late, but not of the last moment: updates come in bursts.
        if self.ms > REMEMBERED {
            (self.images, self.ms) = (self.images / 2.0, self.ms / 2.0);
        }
    }

    /// Notes what was sent to set a worker up.
    pub fn setup(&mut self, bytes: usize) {
        self.bytes += bytes as f64;
        self.setting_up |= bytes > 0;
    }
}
