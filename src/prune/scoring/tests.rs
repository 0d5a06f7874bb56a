use super::*;
use crate::learn::optimiser::Rule;
use crate::learn::state::TrainState;
use crate::net::{sparsity, two_conv};
use crate::prune::method::Scope;
use crate::prune::selection::Selection;
use crate::prune::{Ranking, Units};
use crate::slices::Breath;
use pollster::block_on;

fn graph() -> Arc<Graph> {
    two_conv([1, 8, 8], [8, 16], 10).expect("it fits")
}

fn ranking(method: &Method, seed: u32, mask: &[u8], to: f64) -> Ranking {
    let device = Device::flex();
    let mut state = TrainState::fresh(&graph(), seed);
    state.mask = mask.to_vec();
    let rule = Rule::Adam {
        learning_rate: 1e-3,
    };
    let trainer = Trainer::new(graph(), &state, rule, &device);
    let subject = Subject {
        trainer: &trainer,
        parameters: &block_on(trainer.parameters()).expect("the CPU works"),
        slice: &|_| None,
        seed,
        device: &device,
        breath: &Breath::default(),
    };
    let scores = block_on(subject.scores_to(method, to)).expect("finite");
    let units = Units::new(method, &graph(), scores, mask);
    Ranking::new(units, mask, method).expect("finite")
}

fn all() -> Vec<u8> {
    vec![1; graph().layout().total()]
}

fn method(criterion: Criterion, granularity: Granularity) -> Method {
    Method {
        criterion,
        granularity,
        ..Default::default()
    }
}

#[test]
fn random_filters_over_all_layers_come_from_each_as_it_has_them() {
    let random = method(Criterion::Random, Granularity::Filter);
    let seeds = 1..=60;
    let of_conv1 = |seed| {
        let cut = ranking(&random, seed, &all(), 1.0).select(&Selection::Fraction(1.0 / 3.0));
        let cut = cut.expect("in range");
        assert_eq!(cut.iter().filter(|&&c| c).count(), 8);
        cut[..8].iter().filter(|&&c| c).count()
    };
    let share = seeds.clone().map(of_conv1).sum::<usize>() as f64 / (60.0 * 8.0);
    // One standard deviation of the mean over the seeds is 0.018.
    assert!((share - 1.0 / 3.0).abs() < 0.06, "{share}");
}

#[test]
fn random_fours_come_from_each_layer_and_from_each_place() {
    let random = method(Criterion::Random, Granularity::TwoOfFour);
    let r = ranking(&random, 3, &all(), 1.0);
    let half = r.mask(&r.select(&Selection::Fraction(0.5)).expect("in range"));
    let graph = graph();
    let layout = graph.layout();
    let cut: Vec<usize> = layout.layers().map(|(_, r)| r.len()).collect();
    let kept = layout.kept(&half);
    assert_eq!(kept[0], 72, "rows of nine");
    for layer in [1, 2] {
        let share = 1.0 - f64::from(kept[layer]) / cut[layer] as f64;
        assert!((share - 0.25).abs() < 0.05, "{share}");
    }
    for place in 0..4 {
        let cut = half[72..]
            .iter()
            .skip(place)
            .step_by(4)
            .filter(|&&m| m == 0);
        let share = cut.count() as f64 / 448.0;
        assert!((share - 0.25).abs() < 0.07, "{place}: {share}");
    }
}

#[test]
fn synflow_cuts_filters_and_fours_in_rounds_and_leaves_what_is_cut_alone() {
    for (granularity, to) in [(Granularity::Filter, 0.6), (Granularity::TwoOfFour, 0.3)] {
        for scope in [Scope::Global, Scope::Layer] {
            let synflow = Method {
                scope,
                ..method(Criterion::Synflow, granularity)
            };
            let r = ranking(&synflow, 1, &all(), to);
            // Those that go have the number of their round.
            let sorted = r.sorted();
            let gone = sorted.iter().filter(|&&score| score < 100.0).count();
            let reached = r.reaching(to).expect("in range");
            assert_eq!(gone, reached.iter().filter(|&&c| c).count());
            let rounds = sorted[..gone].iter().map(|s| *s as u32);
            let mut rounds: Vec<u32> = rounds.collect();
            rounds.dedup();
            assert!(rounds.len() > 8, "{rounds:?}");
            let mask = r.mask(&reached);
            assert!((sparsity(&mask) - to).abs() < 0.05, "{}", sparsity(&mask));
            // No layer collapses.
            assert!(graph().layout().kept(&mask).iter().all(|&kept| kept > 0));
            let more = ranking(&synflow, 1, &mask, 0.7);
            let again = more.mask(&more.reaching(0.7).expect("in range"));
            assert!(again.iter().zip(&mask).all(|(now, before)| now <= before));
        }
    }
}
