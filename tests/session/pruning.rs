//! Scores, cuts and what they leave alone.

use crate::support::{errors, point};
use crate::{begin, cut_steps, preview, prune, set_method, state};
use pollster::block_on;
use pruning_playground::learn::state::KEPT;
use pruning_playground::protocol::*;
use pruning_playground::prune::method::{Criterion, Granularity, Method, Scope};
use pruning_playground::prune::selection::Selection;

const OF_WEIGHTS: [Criterion; 6] = [
    Criterion::Random,
    Criterion::Magnitude,
    Criterion::Gradient,
    Criterion::Taylor,
    Criterion::Synflow,
    Criterion::Grasp,
];

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
    let weights = &after.parameters.values;
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
fn the_answers_at_rest_add_up_to_the_curve_point_by_point() {
    let mut driven = begin();
    let messages = block_on(driven.train(250));
    let last = messages.last().unwrap().revision;
    let at_rest = || messages.iter().filter(|m| m.revision == last);
    let mut curve: Vec<(f64, f64)> = at_rest()
        .filter_map(|m| match m.event {
            Event::Curve { sparsity, test, .. } => Some((sparsity, test.accuracy)),
            _ => None,
        })
        .collect();
    curve.sort_by(|a, b| a.0.total_cmp(&b.0));
    let told: Vec<_> = at_rest()
        .filter(|m| matches!(m.event, Event::Answers { .. }))
        .collect();
    assert_eq!(told.len(), 1);
    let Event::Answers {
        sparsities,
        labels,
        breaking,
        fragile,
        ..
    } = &told[0].event
    else {
        unreachable!()
    };
    let answers = told[0].bulk.answers.as_ref().unwrap();
    assert_eq!(answers.len(), 33 * labels.len());
    let found: Vec<(f64, f64)> = sparsities
        .iter()
        .zip(answers.chunks(labels.len()))
        .map(|(&sparsity, said)| {
            let right = said.iter().zip(labels).filter(|(a, b)| a == b).count();
            (sparsity, right as f64 / labels.len() as f64)
        })
        .collect();
    assert_eq!(found, curve);
    let pixels = told[0].bulk.images.as_ref().unwrap();
    assert_eq!(pixels.len(), fragile.len() * 64);
    let from = |image: &u32| breaking[*image as usize];
    assert!(fragile.iter().all(|image| from(image) > 0) && fragile.is_sorted_by_key(from));
}

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
    assert!(
        gone.iter()
            .all(|&f| after.parameters.values[1864 + f] == 0.0)
    );
    let kept = (0..8).filter(|f| !gone.contains(f));
    assert!(
        kept.map(|f| after.parameters.values[1864 + f])
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
