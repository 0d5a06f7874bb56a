//! Following a recipe: one action after another, between which it can be paused, stepped or stopped.

use super::Outbox;
use super::run::Run;
use crate::error::{Error, ErrorCode, Result};
use crate::protocol::{Activity, Event, RecipeState, Selection};
use crate::recipe::{Action, Recipe};
use crate::train::{TrainState, Trainer};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;

/// A recipe under way.
pub(super) struct Following {
    name: String,
    actions: VecDeque<Action>,
    total: u32,
    paused: bool,
    /// The state to rewind to.
    remembered: Option<TrainState>,
}

impl Following {
    fn event(&self, state: RecipeState) -> Event {
        Event::Recipe {
            name: self.name.clone(),
            done: self.total - self.actions.len() as u32,
            total: self.total,
            state,
        }
    }
}

impl Run {
    /// Whether a recipe has something to do now.
    pub(super) fn follows(&self) -> bool {
        self.following.as_ref().is_some_and(|f| !f.paused)
    }

    pub(super) fn follow(&mut self, recipe: Recipe, out: &mut Outbox) -> Result<()> {
        recipe.validate()?;
        self.give_up(out);
        self.rest(out);
        self.background.clear();
        self.config.method = recipe.method.clone();
        let actions: VecDeque<Action> = recipe.actions().into();
        let total = actions.len() as u32;
        let following = Following {
            name: recipe.name,
            actions,
            total,
            paused: false,
            remembered: None,
        };
        out.event(following.event(RecipeState::Running));
        self.following = Some(following);
        out.state(Activity::Training);
        Ok(())
    }

    /// Gives up the recipe in hand, if there is one; what it has made stays.
    pub(super) fn give_up(&mut self, out: &mut Outbox) {
        if let Some(following) = self.following.take() {
            out.event(following.event(RecipeState::Stopped));
        }
    }

    /// Halts the recipe in hand; the steps not yet trained are kept for later.
    pub(super) fn halt(&mut self, out: &mut Outbox) {
        let left = self
            .remaining
            .filter(|&steps| steps > 0 && self.activity != Activity::Idle);
        let distil = self.distil;
        if let Some(following) = &mut self.following {
            following.paused = true;
            if let Some(steps) = left {
                following
                    .actions
                    .push_front(Action::Train { steps, distil });
            }
            out.event(following.event(RecipeState::Paused));
        }
    }

    /// Goes on with the recipe in hand; false where there is none.
    pub(super) fn resume(&mut self, out: &mut Outbox) -> bool {
        let Some(following) = &mut self.following else {
            return false;
        };
        following.paused = false;
        self.background.clear();
        out.event(following.event(RecipeState::Running));
        out.state(Activity::Training);
        true
    }

    /// One training step of the recipe in hand, or its next action; false where there is none.
    pub(super) async fn step_recipe(&mut self, out: &mut Outbox) -> Result<bool> {
        let Some(following) = &mut self.following else {
            return Ok(false);
        };
        if let Some(Action::Train { steps, distil }) = following.actions.front_mut() {
            self.distil = *distil;
            *steps -= 1;
            if *steps == 0 {
                following.actions.pop_front();
            }
            self.forget_replicas();
            self.train_once(out).await?;
            self.report(out).await?;
        } else {
            self.next_action(out).await?;
        }
        Ok(true)
    }

    /// Does the next action of the recipe, or ends it.
    pub(super) async fn next_action(&mut self, out: &mut Outbox) -> Result<()> {
        let Some(following) = &mut self.following else {
            return Ok(());
        };
        let Some(action) = following.actions.pop_front() else {
            out.event(following.event(RecipeState::Done));
            self.following = None;
            return match self.unsaved {
                true => self.finish(out).await,
                false => {
                    self.rest(out);
                    Ok(())
                }
            };
        };
        self.act(action, out).await?;
        if let Some(following) = &self.following {
            let state = if following.paused {
                RecipeState::Paused
            } else {
                RecipeState::Running
            };
            out.event(following.event(state));
        }
        Ok(())
    }

    async fn act(&mut self, action: Action, out: &mut Outbox) -> Result<()> {
        let seed = self.config.seed;
        match action {
            Action::Reset => self.put(&TrainState::fresh(self.shape(), seed)),
            Action::Train { steps, distil } => {
                self.distil = distil;
                let activity = match self.trainer.mask().contains(&0) {
                    true => Activity::FineTuning,
                    false => Activity::Training,
                };
                self.work(activity, Some(steps), out);
            }
            Action::Prune { fraction } => self.cut_to(Selection::Fraction(fraction), out).await?,
            Action::Remember => {
                let state = self.trainer.state().await?;
                if let Some(following) = &mut self.following {
                    following.remembered = Some(state);
                }
            }
            Action::Rewind => {
                let remembered = self.following.as_ref().and_then(|f| f.remembered.clone());
                let mut state = remembered.ok_or_else(|| {
                    Error::new(
                        ErrorCode::BadCommand,
                        "the recipe rewinds to what it never remembered",
                    )
                })?;
                self.under_masks_held(&mut state);
                self.put(&state);
            }
            Action::Reinitialise => {
                // Any other seed will do, as long as it is the same in every run.
                let mut state = TrainState::fresh(self.shape(), seed.wrapping_add(0x9e37_79b9));
                self.under_masks_held(&mut state);
                self.put(&state);
            }
            Action::ShuffleMasks => {
                let mut mask = self.trainer.mask().to_vec();
                let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
                rng.set_stream(2);
                for (_, range) in self.shape().layout().layers() {
                    mask[range].shuffle(&mut rng);
                }
                self.trainer.hold(mask);
                self.changed();
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
    pub(super) fn put(&mut self, state: &TrainState) {
        let shape = self.shape().clone();
        self.trainer = Trainer::new(shape, state, self.config.learning_rate, &self.device);
        self.changed();
        self.background.rehearse();
    }
}
