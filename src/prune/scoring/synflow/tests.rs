use super::*;
use crate::net::network;
use crate::prune::method::Criterion;
use pollster::block_on;

fn graph(text: &str) -> Arc<Graph> {
    network(text, [8, 16], [3, 32, 32], 10).expect("it fits")
}

/// Scores at initialisation, and the sum of each layer's.
fn scores(graph: &Arc<Graph>) -> (Vec<f32>, Vec<f64>) {
    let device = Device::flex();
    let mut positive = Parameters::he_normal(graph, 1);
    positive.map(f32::abs);
    let all = vec![1; graph.layout().total()];
    let flow = Flow::new(graph, &positive, &all, &device);
    let scores = block_on(flow.scores(&all, &device)).expect("the CPU works");
    let sum = |range: std::ops::Range<usize>| scores[range].iter().map(|&s| f64::from(s)).sum();
    let sums = graph
        .layout()
        .layers()
        .map(|(_, range)| sum(range))
        .collect();
    (scores, sums)
}

/// So many convolutions in a row, without normalisation: R grows by a factor of 10 with each.
fn plain(depth: usize) -> String {
    format!("p4 {}g f", "c3-16 r ".repeat(depth))
}

#[test]
fn every_layer_of_a_chain_carries_the_whole_flow_however_deep() {
    // Tanaka et al. (NeurIPS 2020), theorem 1: the scores of each layer add up to R, where no bias adds to it.
    for text in ["conv-6/4", "lenet-300-100", &plain(12), &plain(90)] {
        let (scores, sums) = scores(&graph(text));
        assert!(scores.iter().all(|s| s.is_finite()), "{text}");
        assert!(sums[0] > 1e-3, "{text}: {}", sums[0]);
        for (layer, sum) in sums.iter().enumerate() {
            assert!(
                (sum / sums[0] - 1.0).abs() < 1e-3,
                "{text} {layer}: {sums:?}"
            );
        }
    }
}

#[test]
fn units_change_no_order_and_no_digit() {
    let graph = graph("conv-6/8");
    let device = Device::flex();
    let mut positive = Parameters::initial(&graph, crate::net::Initialisation::Pytorch, 1);
    positive.map(f32::abs);
    let all = vec![1; graph.layout().total()];
    let plain = Scale::of(&graph, &positive);
    assert!(plain.is_far_from(&plain.none()), "it has something to do");
    let of = |scale: Scale| {
        let flow = Flow::in_units(&graph, &positive, scale, &device);
        block_on(flow.scores(&all, &device)).expect("the CPU works")
    };
    let (scaled, unscaled) = (of(plain.clone()), of(plain.none()));
    let factor = unscaled[0] / scaled[0];
    assert_eq!(factor.log2().fract(), 0.0, "{factor}");
    for (a, b) in scaled.iter().zip(&unscaled) {
        assert_eq!(a * factor, *b);
    }
}

#[test]
fn residual_networks_are_scored_to_the_end() {
    for (text, to) in [
        ("resnet-20/2", 0.95),
        ("mobile/2", 0.9),
        (plain(60).as_str(), 0.9),
    ] {
        let graph = graph(text);
        let mut parameters = Parameters::he_normal(&graph, 1);
        // As of a network that has learnt: statistics other than those that it begins with.
        for parameter in graph.parameters() {
            let value = match parameter.role {
                crate::net::Role::Variance => 1e-2,
                crate::net::Role::Mean => 1e-3,
                _ => continue,
            };
            parameters.values[parameter.range.clone()].fill(value);
        }
        let (device, breath) = (Device::flex(), Breath::default());
        let all = vec![1; graph.layout().total()];
        let method = Method {
            criterion: Criterion::Synflow,
            ..Default::default()
        };
        let scores = synflow(&parameters, &graph, &all, &method, to, &device, &breath);
        let scores = block_on(scores).expect("finite to the last round");
        let ranking = Ranking::new(Units::new(&method, &graph, scores, &all), &all, &method);
        let ranking = ranking.expect("finite");
        let mask = ranking.mask(&ranking.reaching(to).expect("in range"));
        assert!((zeros_of(&mask) - to).abs() < 1e-3, "{text}");
        // What SynFlow is for: no layer collapses.
        assert!(
            graph.layout().kept(&mask).iter().all(|&kept| kept > 0),
            "{text}"
        );
    }
}

impl Scale {
    fn none(&self) -> Self {
        Self(vec![0; self.0.len()])
    }
}
