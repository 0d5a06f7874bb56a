//! The session as a page drives it, natively on the CPU backend.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::data::DatasetId;
use pruning_playground::files::checkpoint;
use pruning_playground::learn::distillation::Distillation;
use pruning_playground::learn::eval::Metrics;
use pruning_playground::learn::state::{KEPT, TrainState};
use pruning_playground::net::CnnConfig;
use pruning_playground::protocol::*;
use pruning_playground::prune::method::{Criterion, Granularity, Method, Scope};
use pruning_playground::prune::recipe::{Control, Plan, Recipe};
use pruning_playground::prune::selection::Selection;
use support::{Driven, errors, loss_to_step_100, point, to_the_brink};

const SHAPE: CnnConfig = CnnConfig {
    channels: 1,
    height: 8,
    width: 8,
    widths: [8, 16],
    classes: 10,
};

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
    previewed(&block_on(driven.send(Command::Preview { selection })))
}

fn prune(driven: &mut Driven, fraction: f64) -> Vec<Message> {
    let selection = Selection::Fraction(fraction);
    let mut messages = block_on(driven.send(Command::Prune { selection }));
    messages.extend(block_on(driven.scored()));
    assert_eq!(errors(&messages), [""; 0]);
    messages
}

#[test]
fn the_same_seed_gives_the_same_weights_bit_for_bit_and_another_does_not() {
    let trained = |seed| {
        let config = RunConfig {
            seed,
            ..Default::default()
        };
        let (mut driven, _) = block_on(Driven::new(Device::flex(), config));
        block_on(driven.train(60));
        state(&driven)
    };
    assert_eq!(trained(5), trained(5));
    assert_ne!(trained(5).parameters, trained(6).parameters);
}

#[test]
fn the_loss_after_100_steps_is_that_of_every_other_target() {
    let loss = block_on(loss_to_step_100(Device::flex()));
    assert!((loss - support::LOSS_TO_STEP_100).abs() <= 1e-3, "{loss}");
}

#[test]
fn a_restored_run_goes_on_bit_for_bit() {
    let mut driven = begin();
    block_on(driven.train(30));
    let (_, saved) = point(&prune(&mut driven, 0.5)).unwrap();
    block_on(driven.train(30));
    let straight = state(&driven);
    let messages = block_on(driven.restore(&saved));
    assert_eq!(errors(&messages), [""; 0]);
    assert!(messages.iter().all(|m| m.run_id == 2));
    block_on(driven.train(30));
    assert_eq!(state(&driven), straight);
    // In another session too, as after a worker's death.
    let mut other = begin();
    block_on(other.restore(&saved));
    block_on(other.train(30));
    assert_eq!(state(&other), straight);
}

#[test]
fn a_state_told_in_the_midst_of_training_is_that_step_and_goes_on_elsewhere_bit_for_bit() {
    let mut driven = begin();
    block_on(driven.send(Command::Run));
    let trained = block_on(driven.session.advance());
    assert_eq!(errors(&trained), [""; 0]);
    let before = state(&driven);
    let messages = block_on(driven.send(Command::Save));
    let [message, done] = &messages[..] else {
        panic!("{messages:?}")
    };
    assert_eq!(done.event, Event::Done);
    let Event::Saved { step } = message.event else {
        panic!("{message:?}")
    };
    assert_eq!((step, state(&driven)), (before.step, before));
    let saved = message.bulk.checkpoint.clone().unwrap();
    let mut other = begin();
    block_on(other.restore(&saved));
    assert_eq!(state(&other), state(&driven));
    for one in [&mut driven, &mut other] {
        block_on(one.send(Command::Pause));
        block_on(one.train(30));
    }
    assert_eq!(state(&other), state(&driven));
}

#[test]
fn a_preview_changes_nothing_and_going_back_gives_the_exact_accuracy() {
    let mut driven = begin();
    block_on(driven.train(100));
    let before = state(&driven);
    let dense = preview(&mut driven, 0.0);
    let cut = preview(&mut driven, 0.95);
    assert_eq!(cut.0, 1771, "round(0.95 * 1864)");
    assert!((cut.1 - 1771.0 / 1864.0).abs() < 1e-12);
    assert!(cut.2.accuracy < dense.2.accuracy);
    assert_eq!(preview(&mut driven, 0.0), dense);
    assert_eq!(state(&driven), before);
}

#[test]
fn cut_weights_stay_exactly_0_through_fine_tuning() {
    let mut driven = begin();
    block_on(driven.train(60));
    let (cut, _) = point(&prune(&mut driven, 0.8)).unwrap();
    assert_eq!(cut.kind, PointKind::Pruned);
    assert_eq!(
        (cut.kept.iter().sum::<u32>(), cut.total),
        (1864 - 1491, 1864)
    );
    let (tuned, _) = point(&block_on(driven.train(100))).unwrap();
    assert_eq!((tuned.kind, &tuned.kept), (PointKind::FineTuned, &cut.kept));
    assert!(
        tuned.test.accuracy > cut.test.accuracy + 0.1,
        "{cut:?} {tuned:?}"
    );
    let after = state(&driven);
    let weights = after.parameters.concat_weights();
    assert!(
        weights
            .iter()
            .zip(&after.mask)
            .all(|(w, m)| *m == 1 || *w == 0.0)
    );
    // A later cut only removes more.
    let again = prune(&mut driven, 0.5);
    assert_eq!(point(&again).unwrap().0.kept, cut.kept);
}

#[test]
fn a_step_is_one_step_and_fine_tuning_as_many_as_asked() {
    let mut driven = begin();
    block_on(driven.send(Command::Step));
    assert_eq!(state(&driven).step, 1);
    block_on(driven.train(37));
    assert_eq!(state(&driven).step, 38);
}

#[test]
fn a_train_limit_makes_epochs_of_the_first_images_only() {
    let config = RunConfig {
        train_limit: 100,
        ..Default::default()
    };
    let (mut driven, messages) = block_on(Driven::new(Device::flex(), config));
    let infos = messages.iter().filter_map(|m| match &m.event {
        Event::Configured { dataset, .. } => Some((dataset.train, dataset.test)),
        _ => None,
    });
    assert_eq!(infos.collect::<Vec<_>>(), [(100, 360)]);
    let mut epochs = block_on(driven.train(3))
        .into_iter()
        .filter_map(|m| match m.event {
            Event::Trained { epoch, .. } => Some(epoch),
            _ => None,
        });
    assert_eq!(epochs.next_back(), Some(1.0), "three whole batches of 32");
}

#[test]
fn pause_at_rest_keeps_single_steps_as_a_point_once() {
    let mut driven = begin();
    block_on(driven.send(Command::Step));
    let (kept, _) = point(&block_on(driven.send(Command::Pause))).unwrap();
    assert_eq!(kept.step, 1);
    assert_eq!(point(&block_on(driven.send(Command::Pause))), None);
}

#[test]
fn pause_ends_fine_tuning_with_a_point_and_rest() {
    let mut driven = begin();
    block_on(driven.send(Command::FineTune {
        steps: 1_000_000,
        distil: None,
    }));
    block_on(driven.session.advance());
    let messages = block_on(driven.send(Command::Pause));
    assert!(messages.iter().any(|m| m.event
        == Event::State {
            activity: Activity::Idle
        }));
    assert!(point(&messages).is_some());
    let step = state(&driven).step;
    block_on(driven.settle());
    assert_eq!(state(&driven).step, step);
}

#[test]
fn at_rest_the_whole_curve_is_drawn_from_dense_to_chance() {
    let mut driven = begin();
    let messages = block_on(driven.train(250));
    let last = messages.last().unwrap().revision;
    // Those before are of the network in training.
    let at_rest = messages.iter().filter(|m| m.revision == last);
    let curve: Vec<(f64, f64, u32)> = at_rest
        .filter_map(|m| match m.event {
            Event::Curve {
                sparsity,
                test,
                remaining,
                ..
            } => Some((sparsity, test.accuracy, remaining)),
            _ => None,
        })
        .collect();
    assert_eq!(curve.len(), 33);
    assert_eq!(curve[32].2, 0);
    let (dense, _) = point(&messages).unwrap();
    assert_eq!((curve[0].0, curve[0].1), (0.0, dense.test.accuracy));
    assert_eq!(curve[1].0, 1.0);
    assert!(curve[1].1 < 0.2, "an empty network guesses");
}

#[test]
fn a_bad_command_or_file_is_told_and_leaves_the_session_as_it_was() {
    let mut driven = begin();
    block_on(driven.train(20));
    let before = state(&driven);
    let config = RunConfig {
        dataset: DatasetId::Cifar10,
        ..Default::default()
    };
    let names = vec!["data_batch_1.bin".to_owned()];
    let bulk = Bulk {
        files: Some(vec![vec![11; 3073]]),
        ..Default::default()
    };
    let load = Command::LoadFiles {
        run_id: 9,
        config: config.clone(),
        names,
    };
    let refused = [
        block_on(driven.ask(load, bulk)),
        block_on(driven.send(Command::Configure { run_id: 9, config })),
        block_on(driven.send(Command::Configure {
            run_id: 9,
            config: RunConfig {
                batch: 0,
                ..Default::default()
            },
        })),
        block_on(driven.send(Command::Prune {
            selection: Selection::Fraction(2.0),
        })),
        block_on(driven.send(Command::Preview {
            selection: Selection::Threshold(f32::NAN),
        })),
        block_on(driven.restore(b"not a checkpoint")),
    ];
    for messages in refused {
        assert_eq!(errors(&messages).len(), 1, "{messages:?}");
        assert!(messages.iter().all(|m| m.run_id == 1));
    }
    assert_eq!(state(&driven), before);
    assert_eq!(errors(&block_on(driven.train(5))), [""; 0]);
}

#[test]
fn nothing_but_configure_is_taken_before_configure() {
    let mut driven = Driven::over(pruning_playground::session::Session::new(Device::flex()));
    assert!(!driven.session.busy());
    assert_eq!(errors(&block_on(driven.send(Command::Run))).len(), 1);
}

#[test]
fn a_diverged_loss_stops_the_training_once_and_says_what_to_do() {
    let mut driven = begin();
    let good = state(&driven);
    block_on(to_the_brink(&mut driven, &good, &SHAPE));
    let began = driven.last + 1;
    let messages = block_on(driven.train(100));
    let failures: Vec<&Message> = messages.iter().filter(|m| is_error(m)).collect();
    // Nothing of what is left is measured again and again.
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(failures[0].command, began);
    assert!(errors(&messages)[0].contains("go back to an earlier point"));
    assert!(!driven.session.busy());
    // It can be left again.
    let bytes = checkpoint::to_bytes(&good, &RunConfig::default(), &SHAPE).unwrap();
    assert_eq!(errors(&block_on(driven.restore(&bytes))), [""; 0]);
    assert_eq!(errors(&block_on(driven.train(3))), [""; 0]);
}

fn is_error(message: &Message) -> bool {
    matches!(message.event, Event::Error { .. })
}

#[test]
fn a_state_that_computes_no_finite_numbers_does_not_take_the_place_of_the_one_in_hand() {
    let mut driven = begin();
    block_on(driven.train(20));
    let before = state(&driven);
    let mut absurd = TrainState::fresh(&SHAPE, 1);
    absurd.parameters.weights[0].fill(3e38);
    let bytes = checkpoint::to_bytes(&absurd, &RunConfig::default(), &SHAPE).unwrap();
    let messages = block_on(driven.restore(&bytes));
    assert_eq!(errors(&messages).len(), 1);
    assert!(messages.iter().all(|m| m.run_id == 1));
    assert_eq!(state(&driven), before);
    assert_eq!(errors(&block_on(driven.train(5))), [""; 0]);
}

#[test]
fn digits_are_learnt_to_95_percent() {
    let mut driven = begin();
    let (dense, _) = point(&block_on(driven.train(1_000))).unwrap();
    assert!(dense.test.accuracy >= 0.95, "{dense:?}");
    assert_eq!(dense.test.samples, 360);
}

#[test]
fn the_accuracy_after_150_steps_is_the_one_that_webgpu_is_held_to() {
    let accuracy = block_on(support::accuracy_at_step_150(Device::flex()));
    assert!(
        (accuracy - support::ACCURACY_AT_STEP_150).abs() < 1e-9,
        "{accuracy}"
    );
}

fn set_method(driven: &mut Driven, method: Method) -> Vec<Message> {
    let messages = block_on(driven.send(Command::SetMethod { method }));
    assert_eq!(errors(&messages), [""; 0]);
    messages
}

const OF_WEIGHTS: [Criterion; 6] = [
    Criterion::Random,
    Criterion::Magnitude,
    Criterion::Gradient,
    Criterion::Taylor,
    Criterion::Synflow,
    Criterion::Grasp,
];

#[test]
fn every_criterion_ranks_and_cuts_and_none_changes_what_is_there() {
    let mut driven = begin();
    block_on(driven.train(150));
    let before = state(&driven);
    let magnitude = preview(&mut driven, 0.5);
    for criterion in OF_WEIGHTS {
        for scope in [Scope::Global, Scope::Layer] {
            set_method(
                &mut driven,
                Method {
                    criterion,
                    scope,
                    ..Default::default()
                },
            );
            let cut = preview(&mut driven, 0.5);
            assert_eq!(cut.0, 932, "{criterion:?} {scope:?}");
        }
    }
    let filters = [
        Criterion::FilterL1,
        Criterion::FilterL2,
        Criterion::Fpgm,
        Criterion::Activation,
    ];
    for criterion in OF_WEIGHTS.into_iter().chain(filters) {
        let granularity = Granularity::Filter;
        set_method(
            &mut driven,
            Method {
                criterion,
                scope: Scope::Layer,
                granularity,
                ..Default::default()
            },
        );
        // 4 of 8 and 8 of 16 filters with what reads them: 36 + 1152 - 4 * 8 * 9 + 320 weights.
        assert_eq!(
            preview(&mut driven, 0.5).0,
            36 + (1152 - 288) + 320,
            "{criterion:?}"
        );
    }
    let granularity = Granularity::TwoOfFour;
    set_method(
        &mut driven,
        Method {
            granularity,
            ..Default::default()
        },
    );
    assert_eq!(
        preview(&mut driven, 1.0).0,
        576 + 320,
        "conv1's nine inputs stay dense"
    );
    set_method(&mut driven, Method::default());
    assert_eq!(preview(&mut driven, 0.5), magnitude);
    assert_eq!(state(&driven), before);
}

#[test]
fn magnitude_and_taylor_keep_more_than_random() {
    let mut driven = begin();
    block_on(driven.train(400));
    let mut at = |criterion| {
        set_method(
            &mut driven,
            Method {
                criterion,
                ..Default::default()
            },
        );
        preview(&mut driven, 0.4).2.accuracy
    };
    let random = at(Criterion::Random);
    assert!(at(Criterion::Magnitude) > random + 0.1);
    assert!(at(Criterion::Taylor) > random + 0.1);
}

#[test]
fn a_removed_filter_takes_its_bias_and_stays_removed() {
    let mut driven = begin();
    block_on(driven.train(100));
    let granularity = Granularity::Filter;
    let criterion = Criterion::FilterL1;
    set_method(
        &mut driven,
        Method {
            criterion,
            granularity,
            scope: Scope::Layer,
            ..Default::default()
        },
    );
    prune(&mut driven, 0.25);
    block_on(driven.train(50));
    let after = state(&driven);
    let gone: Vec<usize> = (0..8)
        .filter(|f| after.mask[f * 9..(f + 1) * 9].iter().all(|&m| m == 0))
        .collect();
    assert_eq!(gone.len(), 2);
    assert!(gone.iter().all(|&f| after.parameters.biases[0][f] == 0.0));
    let kept = (0..8).filter(|f| !gone.contains(f));
    assert!(
        kept.map(|f| after.parameters.biases[0][f])
            .all(|b| b != 0.0)
    );
}

#[test]
fn a_method_that_cannot_be_is_refused_and_the_one_before_goes_on() {
    let mut driven = begin();
    let method = Method {
        criterion: Criterion::Fpgm,
        ..Default::default()
    };
    assert_eq!(
        errors(&block_on(driven.send(Command::SetMethod { method }))).len(),
        1
    );
    assert_eq!(preview(&mut driven, 0.5).0, 932);
}

#[test]
fn by_hand_only_the_layer_that_is_set_loses_weights() {
    let mut driven = begin();
    let selection = Selection::Layers(vec![0.0, 0.5, 0.0]);
    let messages = block_on(driven.send(Command::Prune { selection }));
    assert_eq!(point(&messages).unwrap().0.kept, [72, 576, 640]);
}

fn recipe(plan: Plan) -> Recipe {
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

const ITERATIVE: Plan = Plan::Iterative {
    train: 60,
    rate: 0.5,
    rounds: 3,
    fine_tune: 40,
};

#[test]
fn a_recipe_ends_where_it_says_and_runs_again_to_the_same_bits() {
    let mut driven = begin();
    let messages = follow(&mut driven, recipe(ITERATIVE));
    let first = state(&driven);
    assert_eq!(first.step, 60 + 3 * 40);
    let (last, _) = point(&messages).unwrap();
    assert_eq!(
        last.kept.iter().sum::<u32>(),
        1864 - 1631,
        "round(0.875 * 1864)"
    );
    let sparsities: Vec<f64> = messages
        .iter()
        .filter_map(|m| match &m.event {
            Event::Point(p) if p.kind == PointKind::Pruned => Some(p.sparsity),
            _ => None,
        })
        .collect();
    assert_eq!(
        sparsities,
        [932.0 / 1864.0, 1398.0 / 1864.0, 1631.0 / 1864.0]
    );
    let ended = messages.iter().any(|m| {
        matches!(&m.event, Event::Recipe { done, total, state: RecipeState::Done, .. } if done == total)
    });
    assert!(ended);
    follow(&mut driven, recipe(ITERATIVE));
    assert_eq!(state(&driven), first);
}

#[test]
fn a_recipe_paused_stepped_and_resumed_comes_to_the_same_bits() {
    let mut straight = begin();
    follow(&mut straight, recipe(ITERATIVE));
    let mut driven = begin();
    block_on(driven.send(Command::Follow {
        recipe: recipe(ITERATIVE),
    }));
    for _ in 0..4 {
        block_on(driven.session.advance());
    }
    let messages = block_on(driven.send(Command::Pause));
    assert!(messages.iter().any(|m| matches!(
        &m.event,
        Event::Recipe {
            state: RecipeState::Paused,
            ..
        }
    )));
    let paused = state(&driven);
    block_on(driven.settle());
    assert_eq!(state(&driven), paused);
    // A training step, or the cut that comes next.
    block_on(driven.send(Command::Step));
    let stepped = state(&driven);
    assert_ne!(stepped, paused);
    assert!(stepped.step <= paused.step + 1);
    block_on(driven.send(Command::Run));
    block_on(driven.settle());
    assert_eq!(state(&driven), state(&straight));
}

#[test]
fn a_stopped_recipe_leaves_what_it_has_made() {
    let mut driven = begin();
    block_on(driven.send(Command::Follow {
        recipe: recipe(ITERATIVE),
    }));
    for _ in 0..3 {
        block_on(driven.session.advance());
    }
    let messages = block_on(driven.send(Command::Stop));
    assert!(messages.iter().any(|m| matches!(
        &m.event,
        Event::Recipe {
            state: RecipeState::Stopped,
            ..
        }
    )));
    assert!(point(&messages).is_some());
    let step = state(&driven).step;
    block_on(driven.settle());
    assert_eq!(state(&driven).step, step);
    block_on(driven.train(5));
    assert_eq!(state(&driven).step, step + 5);
}

#[test]
fn a_lottery_ticket_goes_back_to_its_first_weights_and_its_controls_do_not() {
    let initial = state(&begin()).parameters.concat_weights();
    let ticket = |control| {
        let mut driven = begin();
        let plan = Plan::LotteryTicket {
            train: 40,
            rate: 0.5,
            rounds: 1,
            rewind_to: 0,
            control,
        };
        block_on(driven.send(Command::Follow {
            recipe: recipe(plan),
        }));
        // Up to the last training: one step shows what it starts from.
        let mut last = state(&driven);
        while state(&driven).step > 0 || !last.mask.contains(&0) {
            block_on(driven.session.advance());
            last = state(&driven);
        }
        last
    };
    let kept_as_at_first = |state: &TrainState| {
        let weights = state.parameters.concat_weights();
        let all = weights.iter().zip(&initial).zip(&state.mask);
        all.filter(|(_, m)| **m == 1)
            .all(|((w, first), _)| w == first)
    };
    let winning = ticket(Control::None);
    assert!(kept_as_at_first(&winning) && winning.moments.is_none());
    let other = ticket(Control::Reinitialise);
    assert_eq!(other.mask, winning.mask);
    assert!(!kept_as_at_first(&other));
    let shuffled = ticket(Control::RandomMask);
    assert!(kept_as_at_first(&shuffled));
    assert_ne!(shuffled.mask, winning.mask);
    let layout = SHAPE.layout();
    assert_eq!(layout.kept(&shuffled.mask), layout.kept(&winning.mask));
}

#[test]
fn a_pruned_network_learns_from_the_dense_one_and_says_when_there_is_none() {
    let distil = Some(Distillation::default());
    let mut driven = begin();
    let none = block_on(driven.send(Command::FineTune { steps: 5, distil }));
    assert_eq!(errors(&none).len(), 1);
    block_on(driven.train(300));
    let (cut, _) = point(&prune(&mut driven, 0.85)).unwrap();
    let mut messages = block_on(driven.send(Command::FineTune { steps: 100, distil }));
    messages.extend(block_on(driven.settle()));
    let (tuned, _) = point(&messages).unwrap();
    assert!(
        tuned.test.accuracy > cut.test.accuracy + 0.1,
        "{cut:?} {tuned:?}"
    );
    assert_eq!(tuned.kept, cut.kept);
}

fn cut_steps(messages: &[Message]) -> Vec<u32> {
    let scored = messages.iter().rev();
    scored
        .filter_map(|m| m.bulk.cut_at.clone())
        .next()
        .expect("a scored event")
}

#[test]
fn a_weight_that_stays_cut_keeps_the_step_of_its_cut_through_training_cuts_and_going_back() {
    let mut driven = begin();
    block_on(driven.train(20));
    let first = cut_steps(&prune(&mut driven, 0.5));
    assert_eq!(first.iter().filter(|&&at| at == 20).count(), 932);
    assert!(first.iter().all(|&at| at == 20 || at == KEPT));
    let (_, saved) = point(&block_on(driven.train(15))).unwrap();
    assert_eq!(state(&driven).cut_at, first);
    let second = cut_steps(&prune(&mut driven, 0.75));
    assert!(
        second
            .iter()
            .zip(&first)
            .all(|(now, &before)| match before {
                20 => *now == 20,
                _ => *now == 35 || *now == KEPT,
            })
    );
    assert_eq!(second.iter().filter(|&&at| at == 35).count(), 1398 - 932);
    let mut other = begin();
    block_on(other.restore(&saved));
    assert_eq!(cut_steps(&block_on(other.scored())), first);
}

#[test]
fn a_rewound_ticket_still_says_when_each_weight_was_cut() {
    let mut driven = begin();
    let plan = Plan::LotteryTicket {
        train: 30,
        rate: 0.5,
        rounds: 1,
        rewind_to: 0,
        control: Control::None,
    };
    block_on(driven.send(Command::Follow {
        recipe: recipe(plan),
    }));
    while state(&driven).step > 0 || !state(&driven).mask.contains(&0) {
        block_on(driven.session.advance());
    }
    let rewound = state(&driven);
    assert_eq!(rewound.step, 0);
    assert!(
        rewound
            .cut_at
            .iter()
            .zip(&rewound.mask)
            .all(|(&at, &m)| at == if m == 1 { KEPT } else { 30 })
    );
}
