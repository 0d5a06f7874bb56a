//! The session as a page drives it, natively on the CPU backend.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod liveness;
mod pruning;
mod recipes;
mod state;
#[path = "../support/mod.rs"]
mod support;
mod teacher;
mod training;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::learn::eval::Metrics;
use pruning_playground::learn::state::TrainState;
use pruning_playground::net::{Graph, two_conv};
use pruning_playground::protocol::*;
use pruning_playground::prune::method::Method;
use pruning_playground::prune::recipe::{Procedure, Recipe};
use pruning_playground::prune::selection::Selection;
use std::sync::Arc;
use support::{Driven, errors};

/// The default network on the default data set.
fn graph() -> Arc<Graph> {
    two_conv([1, 8, 8], [8, 16], 10).unwrap()
}

fn begin() -> Driven {
    let (driven, messages) = block_on(Driven::new(Device::flex(), RunConfig::default()));
    assert_eq!(errors(&messages), [""; 0]);
    driven
}

fn state(driven: &Driven) -> TrainState {
    block_on(driven.session.state()).unwrap()
}

fn previewed(messages: &[Message]) -> (u32, f64, Metrics) {
    messages
        .iter()
        .find_map(|m| match m.event {
            Event::Previewed {
                pruned,
                sparsity,
                test,
                ..
            } => Some((pruned, sparsity, test)),
            _ => None,
        })
        .expect("a preview")
}

fn preview(driven: &mut Driven, fraction: f64) -> (u32, f64, Metrics) {
    let selection = Selection::Fraction(fraction);
    previewed(&block_on(driven.send(Command::Preview {
        selection,
        images: None,
    })))
}

fn prune(driven: &mut Driven, fraction: f64) -> Vec<Message> {
    let selection = Selection::Fraction(fraction);
    let mut messages = block_on(driven.send(Command::Prune { selection }));
    messages.extend(block_on(driven.scored()));
    assert_eq!(errors(&messages), [""; 0]);
    messages
}

fn set_method(driven: &mut Driven, method: Method) -> Vec<Message> {
    let messages = block_on(driven.send(Command::SetMethod { method }));
    assert_eq!(errors(&messages), [""; 0]);
    messages
}

fn recipe(plan: Procedure) -> Recipe {
    Recipe {
        name: "test".into(),
        method: Method::default(),
        plan,
        distil: None,
    }
}

fn follow(driven: &mut Driven, recipe: Recipe) -> Vec<Message> {
    let mut messages = block_on(driven.send(Command::Follow { recipe }));
    messages.extend(block_on(driven.settle()));
    assert_eq!(errors(&messages), [""; 0]);
    messages
}

fn kept(driven: &Driven) -> Vec<u32> {
    graph().layout().kept(&state(driven).mask)
}

fn cut_steps(messages: &[Message]) -> Vec<u32> {
    let scored = messages.iter().rev();
    scored
        .filter_map(|m| m.bulk.cut_at.clone())
        .next()
        .expect("a scored event")
}
