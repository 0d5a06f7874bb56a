//! Workers in one process, whose answers come in any order, and which end and go astray at random.

use burn::tensor::Device;
use pruning_playground::parallel::peers::{Loss, Peers, Tidings};
use pruning_playground::parallel::replica::Replica;
use pruning_playground::parallel::wire::Answer;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// How often, of all tasks, a worker ends or gives numbers that are not finite instead of an answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    pub ends: f64,
    pub hangs: f64,
    pub astray: f64,
    /// All workers end before they have answered anything.
    pub never_start: bool,
    /// How often nothing comes within the time that the group waits, though something will.
    pub late: f64,
    /// The first of the workers answers so many tasks, and from then on nothing.
    pub silent_after: Option<u32>,
}

pub struct LocalPeers {
    inner: RefCell<Inner>,
    /// How often the group has asked what comes next.
    pub asked: Cell<u32>,
    faults: Faults,
    most: usize,
}

struct Inner {
    workers: Vec<Worker>,
    rng: ChaCha8Rng,
}

#[derive(Default)]
struct Worker {
    replica: Option<Replica>,
    told_ready: bool,
    orders: VecDeque<Vec<u8>>,
    /// How many more tasks it answers, where it does not answer for ever.
    answers: Option<u32>,
    lost: Option<Loss>,
}

impl LocalPeers {
    /// `seed` decides in which order answers come, and what fails.
    pub fn new(seed: u64, faults: Faults) -> Rc<Self> {
        Rc::new(Self {
            inner: RefCell::new(Inner {
                workers: Vec::new(),
                rng: ChaCha8Rng::seed_from_u64(seed),
            }),
            asked: Cell::new(0),
            faults,
            most: 4,
        })
    }

    /// `worker` is found not to answer.
    pub fn lose(&self, worker: usize) {
        self.inner.borrow_mut().workers[worker].lost = Some(Loss::Hang);
    }

    fn started(&self) -> Worker {
        Worker {
            replica: Some(Replica::new(Device::flex())),
            ..Default::default()
        }
    }

    /// Takes no time: how fast the machine is, is of no account.
    async fn happen(&self) -> Option<Tidings> {
        self.asked.set(self.asked.get() + 1);
        let (w, what) = {
            let inner = &mut *self.inner.borrow_mut();
            let can: Vec<usize> = (0..inner.workers.len())
                .filter(|&w| {
                    let worker = &inner.workers[w];
                    let answers = worker.answers != Some(0) && !worker.orders.is_empty();
                    worker.lost.is_some() || !worker.told_ready || answers
                })
                .collect();
            let silent = inner.workers.iter().any(|worker| worker.answers == Some(0));
            assert!(
                silent || !can.is_empty(),
                "the group waits for what never comes"
            );
            let late = self.faults.late;
            if can.is_empty() || (late > 0.0 && inner.rng.random::<f64>() < late) {
                return None;
            }
            let w = can[inner.rng.random_range(0..can.len())];
            let worker = &mut inner.workers[w];
            if let Some(loss) = worker.lost.take() {
                worker.replica = None;
                worker.told_ready = true;
                worker.orders.clear();
                return Some(Tidings::Lost(w, loss));
            }
            if !worker.told_ready {
                worker.told_ready = true;
                if self.faults.never_start {
                    return Some(Tidings::Lost(w, Loss::Gone));
                }
                return Some(Tidings::Ready(w));
            }
            let order = worker.orders.pop_front().unwrap();
            worker.answers = worker.answers.map(|left| left - 1);
            (
                w,
                (
                    worker.replica.take().unwrap(),
                    order,
                    inner.rng.random::<f64>(),
                ),
            )
        };
        let (mut replica, order, chance) = what;
        let answer = replica.answer(&order).await.unwrap().unwrap();
        self.come_to(w, replica, answer, chance)
    }

    /// What comes of an answer by `chance`.
    fn come_to(&self, w: usize, replica: Replica, answer: Vec<u8>, chance: f64) -> Option<Tidings> {
        let inner = &mut *self.inner.borrow_mut();
        inner.workers[w].replica = Some(replica);
        let Faults {
            ends,
            hangs,
            astray,
            ..
        } = self.faults;
        if chance < ends {
            return Some(Tidings::Lost(w, Loss::Gone));
        }
        if chance < ends + hangs {
            return Some(Tidings::Lost(w, Loss::Hang));
        }
        if chance < ends + hangs + astray {
            let mut astray = Answer::from_bytes(&answer).unwrap();
            let at = astray.gradients.len() - 4;
            astray.gradients[at..].copy_from_slice(&f32::NAN.to_le_bytes());
            return Some(Tidings::Answer(w, astray.to_bytes()));
        }
        Some(Tidings::Answer(w, answer))
    }
}

impl Peers for LocalPeers {
    fn most(&self) -> usize {
        self.most
    }

    fn resize(&self, workers: usize) {
        let mut inner = self.inner.borrow_mut();
        inner.workers.truncate(workers);
        while inner.workers.len() < workers {
            let mut worker = self.started();
            worker.answers = self
                .faults
                .silent_after
                .filter(|_| inner.workers.is_empty());
            inner.workers.push(worker);
        }
    }

    fn replace(&self, worker: usize) {
        self.inner.borrow_mut().workers[worker] = self.started();
    }

    fn post(&self, worker: usize, order: Vec<u8>) {
        self.inner.borrow_mut().workers[worker]
            .orders
            .push_back(order);
    }

    fn next(&self, _: f64) -> Pin<Box<dyn Future<Output = Option<Tidings>> + '_>> {
        Box::pin(self.happen())
    }
}
