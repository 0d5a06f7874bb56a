//! Following a recipe: one action after another, between which it can be paused, stepped or stopped.

use super::jobs::cutting::{Amount, Cutting};
use super::outbox::Outbox;
use super::queue::Kind;
use super::run::Run;
use super::work::{Following, Lesson, Work};
use crate::error::{Error, ErrorCode, Result};
use crate::learn::distillation::Distillation;
use crate::learn::state::TrainState;
use crate::learn::train::Trainer;
use crate::protocol::RecipeState;
use crate::prune::recipe::{Action, Recipe};
use crate::prune::shuffle::shuffled;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;

impl Run {
    fn following(&mut self) -> Option<&mut Following> {
        match &mut self.work {
            Work::Follow(following) => Some(following),
            _ => None,
        }
    }

    pub(super) fn follow(&mut self, recipe: Recipe, out: &mut Outbox) -> Result<()> {
        recipe.validate()?;
        self.give_up(out);
        self.config.method = recipe.method.clone();
        let actions: VecDeque<Action> = recipe.actions().into();
        let following = Following {
            name: recipe.name,
            method: recipe.method,
            total: actions.len() as u32,
            actions,
            paused: false,
            begun: false,
            remembered: None,
        };
        out.event(following.event(RecipeState::Running));
        self.begin_work(Work::Follow(Box::new(following)), out);
        Ok(())
    }

    /// Gives up the recipe in hand, if there is one; what it has made stays.
    pub(super) fn give_up(&mut self, out: &mut Outbox) {
        if let Some(following) = self.following() {
            let event = following.event(RecipeState::Stopped);
            out.event(event);
            self.work = Work::Rest;
        }
    }

    /// Halts the recipe in hand; what it still has to do is kept for later.
    pub(super) fn halt(&mut self, out: &mut Outbox) {
        if self.work.active() {
            self.jobs.drop_all(Kind::Curve, out);
        }
        if let Some(following) = self.following() {
            following.paused = true;
            following.begun = false;
            let event = following.progress();
            out.event(event);
        }
    }

    /// Goes on with the recipe in hand; false where there is none.
    pub(super) fn resume(&mut self, out: &mut Outbox) -> bool {
        let Some(following) = self.following() else {
            return false;
        };
        following.paused = false;
        let event = following.progress();
        out.event(event);
        self.jobs.make_way(out);
        self.forget_replicas();
        self.tell_activity(out);
        true
    }

    /// One training step of the recipe in hand, which is paused, or its next action; whether that is done.
    pub(super) async fn step_recipe(&mut self, out: &mut Outbox) -> Result<bool> {
        let Some(following) = self.following() else {
            return Ok(true);
        };
        let distil = match following.actions.front() {
            Some(Action::Train { distil, .. }) => distil,
            other => {
                if let Some(amount) = other.and_then(Amount::of) {
                    let cutting = Cutting::asked(out.command(), amount, self.method());
                    self.jobs.add(cutting, out);
                    return Ok(false);
                }
                self.next_action(out).await?;
                return Ok(true);
            }
        };
        let distil = *distil;
        let lesson = self.lesson(distil)?;
        self.forget_replicas();
        self.train_once(&lesson, out).await?;
        self.evaluated(out).await?;
        self.end_of_training(out).await?;
        Ok(true)
    }

    /// Goes on with the recipe in hand: trains for a slice, or does its next action.
    pub(super) async fn follow_on(&mut self, out: &mut Outbox) -> Result<()> {
        let Some(following) = self.following() else {
            return Ok(());
        };
        let Some(Action::Train { distil, .. }) = following.actions.front() else {
            return self.next_action(out).await;
        };
        let distil = *distil;
        if !std::mem::replace(&mut following.begun, true) {
            self.jobs.make_way(out);
            self.forget_replicas();
            self.tell_activity(out);
        }
        let lesson = self.lesson(distil)?;
        if self.train_slice(&lesson, out).await? {
            self.end_of_training(out).await?;
        }
        Ok(())
    }

    /// Where a training of the recipe has come to its end, there is a point of what it has made.
    async fn end_of_training(&mut self, out: &mut Outbox) -> Result<()> {
        if self.work.left() == Some(0) {
            self.acted(out);
            self.measured_point(self.method(), out).await?;
        }
        Ok(())
    }

    /// What a training learns from: the labels, or with `distil` the network that the first cut was made from.
    pub(super) fn lesson(&self, distil: Option<Distillation>) -> Result<Lesson> {
        let Some(distil) = distil else {
            return Ok(Lesson::Labels);
        };
        distil.validate()?;
        let teacher = self.dense.clone().ok_or_else(|| {
            Error::new(
                ErrorCode::BadCommand,
                "there is no dense network to learn from: train one, then prune it",
            )
        })?;
        Ok(Lesson::Teacher(Box::new(teacher), distil))
    }

    /// The first action of the recipe is done.
    pub(super) fn acted(&mut self, out: &mut Outbox) {
        if let Some(following) = self.following() {
            following.actions.pop_front();
            following.begun = false;
            let event = following.progress();
            out.event(event);
        }
    }

    /// Does the next action of the recipe, which is no training, or ends it.
    async fn next_action(&mut self, out: &mut Outbox) -> Result<()> {
        let Some(following) = self.following() else {
            return Ok(());
        };
        let Some(action) = following.actions.front().copied() else {
            let event = following.event(RecipeState::Done);
            let method = following.method.clone();
            out.event(event);
            self.rest(out);
            return match self.unsaved {
                true => self.measured_point(method, out).await,
                false => Ok(()),
            };
        };
        if let Some(amount) = Amount::of(&action) {
            let cutting = Cutting::led_to(out.command(), amount, self.method());
            // It says itself when it is done.
            self.jobs.add(cutting, out);
            return Ok(());
        }
        self.act(action, out).await?;
        self.acted(out);
        Ok(())
    }

    async fn act(&mut self, action: Action, out: &mut Outbox) -> Result<()> {
        let seed = self.config.seed;
        match action {
            Action::Reset => {
                let state = TrainState::initial(self.graph(), self.config.initialisation, seed);
                self.put(&state, out);
            }
            // These are done in slices.
            Action::Train { .. } | Action::Prune { .. } | Action::PruneLayers(_) => {}
            Action::Remember => {
                let state = self.trainer.state().await?;
                if let Some(following) = self.following() {
                    following.remembered = Some(state);
                }
            }
            Action::Rewind => {
                let remembered = self.following().and_then(|f| f.remembered.clone());
                let mut state = remembered.ok_or_else(|| {
                    Error::new(
                        ErrorCode::BadCommand,
                        "the recipe rewinds to what it never remembered",
                    )
                })?;
                self.under_masks_held(&mut state);
                self.put(&state, out);
            }
            Action::Reinitialise => {
                // Any other seed will do, as long as it is the same in every run.
                let seed = seed.wrapping_add(0x9e37_79b9);
                let how = self.config.initialisation;
                let mut state = TrainState::initial(self.graph(), how, seed);
                self.under_masks_held(&mut state);
                self.put(&state, out);
            }
            Action::ShuffleMasks => {
                let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
                rng.set_stream(2);
                let granularity = self.method().granularity;
                let mask = shuffled(granularity, self.graph(), self.trainer.mask(), &mut rng);
                self.trainer.hold(mask);
                self.changed(out);
            }
        }
        Ok(())
    }

    /// Gives `state` the masks held, and when each weight was cut.
    fn under_masks_held(&self, state: &mut TrainState) {
        state.mask = self.trainer.mask().to_vec();
        state.cut_at = self.trainer.cut_at().to_vec();
    }

    /// Goes on from `state`.
    fn put(&mut self, state: &TrainState, out: &mut Outbox) {
        let graph = self.graph().clone();
        self.trainer = Trainer::new(graph, state, self.config.descent(), &self.device);
        self.changed(out);
        self.rehearse_training(out);
    }
}

#[cfg(all(test, feature = "cpu"))]
#[allow(clippy::expect_used)]
mod tests;
