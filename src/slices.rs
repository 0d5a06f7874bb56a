//! Long work in slices: a future that gives way now and then, and what carries it on. So the work itself stays written
//! as what it is, one loop, and whoever waits for a slice waits for no longer than that.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use web_time::{Duration, Instant};

/// Where work gives way. Work that nobody slices never does.
#[derive(Default)]
pub struct Breath {
    until: Cell<Option<Instant>>,
    paused: Cell<bool>,
    taken: Cell<u32>,
}

impl Breath {
    /// Counts a part of the work as done, and gives way if the slice is over.
    pub async fn take(&self) {
        self.taken.set(self.taken.get() + 1);
        if self.until.get().is_none_or(|until| Instant::now() < until) {
            return;
        }
        self.paused.set(true);
        let mut given = false;
        poll_fn(|_| match std::mem::replace(&mut given, true) {
            false => Poll::Pending,
            true => Poll::Ready(()),
        })
        .await;
    }
}

/// Work that is done a slice at a time.
pub struct Sliced<T> {
    breath: Rc<Breath>,
    work: Pin<Box<dyn Future<Output = T>>>,
}

impl<T> Sliced<T> {
    pub fn new<F: Future<Output = T> + 'static>(work: impl FnOnce(Rc<Breath>) -> F) -> Self {
        let breath = Rc::new(Breath::default());
        Self {
            work: Box::pin(work(breath.clone())),
            breath,
        }
    }

    /// Works on until the first breath after `time`; what comes of it, once it is done. Not to be called after that.
    pub async fn slice(&mut self, time: Duration) -> Option<T> {
        self.breath.until.set(Some(Instant::now() + time));
        self.breath.paused.set(false);
        poll_fn(|context| match self.work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            // It gives way of itself: whoever else it may wait for would wake it.
            Poll::Pending if self.breath.paused.get() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Parts of the work that are done.
    pub fn done(&self) -> u32 {
        self.breath.taken.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pollster::block_on;

    #[test]
    fn work_goes_on_where_it_gave_way_and_ends_with_what_it_comes_to() {
        let mut sum = Sliced::new(|breath| async move {
            let mut sum = 0;
            for i in 1..=4 {
                sum += i;
                breath.take().await;
            }
            sum
        });
        for done in 1..=4 {
            assert_eq!(block_on(sum.slice(Duration::ZERO)), None);
            assert_eq!(sum.done(), done);
        }
        assert_eq!(block_on(sum.slice(Duration::ZERO)), Some(10));
    }

    #[test]
    fn a_long_slice_does_all_and_work_that_is_not_sliced_never_gives_way() {
        let three = |breath: Rc<Breath>| async move {
            for _ in 0..3 {
                breath.take().await;
            }
            7
        };
        let mut sliced = Sliced::new(three);
        assert_eq!(block_on(sliced.slice(Duration::from_secs(60))), Some(7));
        assert_eq!(block_on(three(Rc::default())), 7);
    }
}
