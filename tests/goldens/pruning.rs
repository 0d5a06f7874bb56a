//! Masks, scores and counts of pruning against PyTorch.

use super::*;
use pruning_playground::net::network;
use pruning_playground::prune::method::{Criterion, Granularity, Method, Scope};
use pruning_playground::prune::scoring::{Subject, synflow};
use pruning_playground::prune::selection::Selection;
use pruning_playground::prune::{Ranking, Scores, Units, prune_count, scores};
use pruning_playground::slices::Breath;

fn ranking(method: &Method, scores: Scores, graph: &Arc<Graph>) -> Ranking {
    let all = vec![1; graph.layout().total()];
    let units = Units::new(method, graph, scores, &all);
    Ranking::new(units, &all, method).expect("finite")
}

/// The entry `id` of goldens.json.
fn entry(id: &str) -> Value {
    let json = json();
    let entries = json["masks"].as_array().expect("masks");
    entries.iter().find(|e| e["id"] == *id).expect(id).clone()
}

/// Logits and loss of the golden network under `mask`.
fn under(mask: Vec<u8>) -> (Vec<f32>, f64) {
    let device = Device::flex();
    let mut trainer = Trainer::new(shape(), &state(), RULE, &device);
    trainer.hold(mask);
    let batch = batch(&device);
    let found = block_on(logits(&trainer.model, std::slice::from_ref(&batch))).expect("finite");
    let mut tally = Tally::default();
    tally.add(&found, &batch.labels);
    (found, f64::from(tally.metrics().loss))
}

/// Mask, counts, logits and loss of golden `id`.
fn assert_is_golden(mask: Vec<u8>, id: &str) {
    let entry = entry(id);
    assert_eq!(mask, golden_mask(id), "{id}");
    let kept: Vec<u64> = shape()
        .layout()
        .kept(&mask)
        .into_iter()
        .map(u64::from)
        .collect();
    let known = |l: &&str| {
        entry["kept"][format!("{l}.weight")]
            .as_u64()
            .expect("count")
    };
    assert_eq!(kept, LAYERS.iter().map(known).collect::<Vec<_>>(), "{id}");
    assert_eq!(
        Some(mask.iter().filter(|&&m| m == 0).count() as u64),
        entry["pruned"].as_u64()
    );
    let (found, loss) = under(mask);
    assert!(
        largest_difference(&found, &floats(&file("pruned_logits.safetensors"), id)) <= 1e-5,
        "{id}"
    );
    assert!(
        (loss - entry["loss"].as_f64().expect("a number")).abs() <= 1e-5,
        "{id}"
    );
}

const SPARSITIES: [&str; 5] = ["0.25", "0.50", "0.75", "0.90", "0.95"];

/// The scores of `method` on the golden network and batch.
fn golden_scores(method: &Method) -> Scores {
    let device = Device::flex();
    let trainer = Trainer::new(shape(), &state(), RULE, &device);
    let subject = Subject {
        trainer: &trainer,
        parameters: &state().parameters,
        slice: &|i| (i == 0).then(|| batch(&device)),
        seed: 0,
        device: &device,
        breath: &Breath::default(),
    };
    block_on(subject.scores(method)).expect("read")
}

fn method(criterion: Criterion, scope: Scope, granularity: Granularity) -> Method {
    Method {
        criterion,
        scope,
        granularity,
        ..Default::default()
    }
}

#[test]
fn masks_of_weights_their_thresholds_logits_and_losses_are_pytorchs() {
    for (name, criterion, scope) in [
        ("global_l1", Criterion::Magnitude, Scope::Global),
        ("global_grad", Criterion::Gradient, Scope::Global),
        ("global_weight_grad", Criterion::Taylor, Scope::Global),
        ("layerwise_l1", Criterion::Magnitude, Scope::Layer),
    ] {
        let method = method(criterion, scope, Granularity::Weight);
        let ranking = ranking(&method, golden_scores(&method), &shape());
        for s in SPARSITIES {
            let id = format!("{name}/{s}");
            let fraction = s.parse().expect("a number");
            let cut = ranking
                .select(&Selection::Fraction(fraction))
                .expect("in range");
            assert_is_golden(ranking.mask(&cut), &id);
            if scope == Scope::Global {
                let t = &entry(&id)["threshold"]["conv1.weight conv2.weight fc.weight"]["smallest_kept"];
                let t = t.as_f64().expect("a number");
                assert!(
                    (f64::from(ranking.threshold(&cut)) - t).abs() <= 1e-6,
                    "{id}"
                );
                let by_threshold = Selection::Threshold(ranking.threshold(&cut));
                assert_eq!(ranking.select(&by_threshold), Ok(cut), "{id}");
            } else {
                let by_hand = ranking.select(&Selection::Layers(vec![fraction; 3]));
                assert_eq!(by_hand, Ok(cut), "{id}");
            }
        }
    }
}

#[test]
fn two_of_four_is_pytorchs() {
    let method = method(Criterion::Magnitude, Scope::Global, Granularity::TwoOfFour);
    let ranking = ranking(&method, golden_scores(&method), &shape());
    let mask = ranking.mask(&ranking.select(&Selection::Fraction(1.0)).expect("in range"));
    let bytes = file("masks.safetensors");
    let st = SafeTensors::deserialize(&bytes).expect("safetensors");
    // conv1 has rows of 27, which 4 does not divide: the goldens have no mask for it.
    let known = ["conv2", "fc"].map(|l| {
        st.tensor(&format!("two_of_four.{l}.weight"))
            .expect(l)
            .data()
            .to_vec()
    });
    assert_eq!(mask[108..], known.concat());
    assert!(mask[..108].iter().all(|&m| m == 1));
    let (found, loss) = under(mask);
    assert!(
        largest_difference(
            &found,
            &floats(&file("pruned_logits.safetensors"), "two_of_four")
        ) <= 1e-5
    );
    assert!((loss - entry("two_of_four")["loss"].as_f64().expect("a number")).abs() <= 1e-5);
}

#[test]
fn removed_filters_their_logits_and_losses_are_pytorchs() {
    for (name, criterion) in [
        ("filter_l1", Criterion::FilterL1),
        ("filter_l2", Criterion::FilterL2),
        ("fpgm", Criterion::Fpgm),
    ] {
        let method = method(criterion, Scope::Layer, Granularity::Filter);
        let scores = golden_scores(&method);
        let Scores::Filters(values) = &scores else {
            panic!("scores of filters")
        };
        let bytes = file("scores.safetensors");
        let known = [0, 1]
            .map(|l| floats(&bytes, &format!("{name}.{}.weight", LAYERS[l])))
            .concat();
        // The goldens have norms; a score is the mean over the filter's weights.
        let len = |f: usize| if f < 4 { 3 * 9 } else { 4 * 9 };
        let norms: Vec<f32> = (0..10)
            .zip(values)
            .map(|(f, v)| v * len(f) as f32)
            .collect();
        assert!(largest_difference(&norms, &known) <= 1e-5, "{name}");
        let ranking = ranking(&method, scores, &shape());
        for s in ["0.25", "0.50", "0.75"] {
            let id = format!("{name}/{s}");
            let cut = ranking
                .select(&Selection::Fraction(s.parse().expect("a number")))
                .expect("in range");
            let gone = |range: std::ops::Range<usize>| -> Vec<u64> {
                let start = range.start;
                range
                    .filter(|&u| cut[u])
                    .map(|u| (u - start) as u64)
                    .collect()
            };
            let entry = entry(&id);
            let known = |l: &str| -> Vec<u64> {
                let list = entry["pruned_filters"][l].as_array().expect("filters");
                list.iter().map(|v| v.as_u64().expect("index")).collect()
            };
            assert_eq!(
                (gone(0..4), gone(4..10)),
                (known("conv1.weight"), known("conv2.weight")),
                "{id}"
            );
            let (found, loss) = under(ranking.mask(&cut));
            let golden = floats(
                &file("pruned_logits.safetensors"),
                &format!("{id}.filters_removed"),
            );
            assert!(largest_difference(&found, &golden) <= 1e-5, "{id}");
            let known = entry["loss_filters_removed"].as_f64().expect("a number");
            assert!((loss - known).abs() <= 1e-5, "{id}");
        }
    }
}

#[test]
fn synflow_in_100_rounds_is_the_papers() {
    let device = Device::flex();
    let graph = shape();
    let layout = graph.layout();
    let all = vec![1; layout.total()];
    for s in SPARSITIES {
        let sparsity: f64 = s.parse().expect("a number");
        let method = method(Criterion::Synflow, Scope::Global, Granularity::Weight);
        let order = block_on(synflow(
            &state().parameters,
            &shape(),
            &all,
            &method,
            sparsity,
            &device,
            &Breath::default(),
        ))
        .expect("finite");
        let ranking = ranking(&method, order, &shape());
        let cut = ranking
            .select(&Selection::Fraction(sparsity))
            .expect("in range");
        assert_is_golden(ranking.mask(&cut), &format!("synflow/{s}"));
    }
}

#[test]
fn scores_from_gradients_are_pytorchs() {
    let bytes = file("scores.safetensors");
    for (name, criterion) in [
        ("grad", Criterion::Gradient),
        ("weight_grad", Criterion::Taylor),
    ] {
        let method = method(criterion, Scope::Global, Granularity::Weight);
        let Scores::Weights(found) = golden_scores(&method) else {
            panic!("scores of weights")
        };
        let known = LAYERS
            .map(|l| floats(&bytes, &format!("{name}.{l}.weight")))
            .concat();
        assert!(largest_difference(&found, &known) <= 1e-6, "{name}");
    }
}

#[test]
fn counts_round_halves_to_even_as_pytorch_does() {
    for case in json()["rounding"].as_array().expect("cases") {
        let n = case["n"].as_u64().expect("n") as usize;
        let p = case["sparsity"].as_f64().expect("sparsity");
        assert_eq!(
            Some(prune_count(p, n) as u64),
            case["pruned"].as_u64(),
            "{case}"
        );
    }
}

#[test]
fn ties_prune_what_must_go_and_keep_what_must_stay() {
    for case in json()["ties"].as_array().expect("cases") {
        let numbers = |key: &str| -> Vec<f64> {
            let list = case[key].as_array().expect(key);
            list.iter().map(|v| v.as_f64().expect("a number")).collect()
        };
        let values: Vec<f32> = numbers("values").into_iter().map(|v| v as f32).collect();
        let alone = network("f", [8, 16], [1, 1, values.len()], 1).expect("it fits");
        let scores = Scores::Weights(scores::magnitude(&values));
        let ranking = ranking(&Method::default(), scores, &alone);
        let p = case["sparsity"].as_f64().expect("p");
        let mask = ranking.mask(&ranking.select(&Selection::Fraction(p)).expect("in range"));
        let gone = |key: &str| {
            numbers(key)
                .into_iter()
                .map(|i| mask[i as usize] == 0)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            Some(mask.iter().filter(|&&m| m == 0).count() as u64),
            case["pruned"].as_u64()
        );
        assert!(gone("must_prune").into_iter().all(|g| g), "{case}");
        assert!(!gone("must_keep").into_iter().any(|g| g), "{case}");
        let of_equal = gone("equal_at_threshold");
        let count = of_equal.iter().filter(|&&g| g).count();
        assert_eq!(Some(count as u64), case["prune_of_equal"].as_u64());
        assert!(of_equal[..count].iter().all(|&g| g), "ties go by position");
    }
}

#[test]
fn grasp_sums_to_the_growth_of_the_gradient_as_the_weights_grow() {
    // w . (H g) is the derivative of |g|^2 / 2 along w: found here from gradients of scaled weights.
    let method = method(Criterion::Grasp, Scope::Global, Granularity::Weight);
    let Scores::Weights(scores) = golden_scores(&method) else {
        panic!("scores of weights")
    };
    let sum: f64 = scores.iter().map(|&s| f64::from(s)).sum();
    let device = Device::flex();
    let half_square = |scale: f32| {
        let mut state = state();
        let graph = shape();
        let weights = state.parameters.weights_mut(&graph).iter_mut();
        weights.for_each(|w| *w *= scale);
        let trainer = Trainer::new(shape(), &state, RULE, &device);
        let gradients =
            block_on(parameter_gradients(&trainer.model, &batch(&device))).expect("read");
        let weights = gradients.weights(&graph).iter();
        let squares = weights.map(|g| f64::from(*g).powi(2));
        squares.sum::<f64>() / 2.0
    };
    assert_slope(sum, half_square);
}

#[test]
fn grasp_of_a_masked_network_knows_nothing_of_the_weights_that_are_cut() {
    // As above, of the gradient over the weights that are left: they alone move.
    let mask = golden_mask("global_l1/0.50");
    let device = Device::flex();
    let masked = |scale: f32| {
        let mut state = state();
        let graph = shape();
        let weights = state.parameters.weights_mut(&graph).iter_mut();
        weights.for_each(|w| *w *= scale);
        state.mask = mask.clone();
        Trainer::new(shape(), &state, RULE, &device)
    };
    let trainer = masked(1.0);
    let parameters = block_on(trainer.parameters()).expect("read");
    let subject = Subject {
        trainer: &trainer,
        parameters: &parameters,
        slice: &|i| (i == 0).then(|| batch(&device)),
        seed: 0,
        device: &device,
        breath: &Breath::default(),
    };
    let method = method(Criterion::Grasp, Scope::Global, Granularity::Weight);
    let Ok(Scores::Weights(scores)) = block_on(subject.scores(&method)) else {
        panic!("scores of weights")
    };
    let sum: f64 = scores.iter().map(|&s| f64::from(s)).sum();
    let half_square = |scale: f32| {
        let gradients =
            block_on(parameter_gradients(&masked(scale).model, &batch(&device))).expect("read");
        let graph = shape();
        let kept = gradients.weights(&graph).iter().zip(&mask);
        let squares = kept.map(|(&g, &m)| f64::from(g).powi(2) * f64::from(m));
        squares.sum::<f64>() / 2.0
    };
    assert_slope(sum, half_square);
}

/// That `sum` is the slope of `f` at 1, as a difference of finite steps has it.
fn assert_slope(sum: f64, f: impl Fn(f32) -> f64) {
    let t = 1e-2;
    let slope = (f(1.0 + t) - f(1.0 - t)) / (2.0 * f64::from(t));
    assert!(
        (sum - slope).abs() <= 0.02 * slope.abs(),
        "{sum} against {slope}"
    );
}
