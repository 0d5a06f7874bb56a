use super::*;
use crate::error::ErrorCode;
use crate::net::{Layout, network, two_conv};
use crate::prune::Scores;
use crate::prune::method::Granularity;
use proptest::prelude::*;

/// Weights of a made-up network whose layers have `sizes` weights.
fn units(scores: &[f32], sizes: [usize; 3]) -> Units {
    let names = ["conv1", "conv2", "fc"];
    Units::of_weights(Layout::new(names.into_iter().zip(sizes)), scores.to_vec())
}

fn thirds(n: usize) -> [usize; 3] {
    [n / 3, n / 3, n - 2 * (n / 3)]
}

fn method(scope: Scope) -> Method {
    Method {
        scope,
        ..Default::default()
    }
}

fn ranking_under(scores: &[f32], mask: &[u8], method: &Method) -> Ranking {
    Ranking::new(units(scores, thirds(scores.len())), mask, method).expect("finite")
}

fn ranking(scores: &[f32]) -> Ranking {
    ranking_under(scores, &vec![1; scores.len()], &Method::default())
}

fn cut(ranking: &Ranking, p: f64) -> Vec<u8> {
    ranking.mask(&ranking.select(&Selection::Fraction(p)).expect("in range"))
}

fn zeros(mask: &[u8]) -> usize {
    mask.iter().filter(|&&m| m == 0).count()
}

#[test]
fn a_score_that_is_not_finite_is_refused_with_its_layer() {
    let error = Ranking::new(
        units(&[1.0, 2.0, f32::NAN], [1; 3]),
        &[1; 3],
        &Method::default(),
    );
    let error = error.expect_err("not finite");
    assert_eq!(error.code, ErrorCode::Diverged);
    assert!(error.message.contains("layer fc"), "{error}");
}

#[test]
fn equal_scores_go_by_position() {
    assert_eq!(cut(&ranking(&[1.0; 8]), 0.5), [0, 0, 0, 0, 1, 1, 1, 1]);
}

#[test]
fn a_threshold_cuts_strictly_below_itself() {
    let r = ranking(&[0.5, 0.25, 0.5, 0.125]);
    let count = |t: f32| {
        r.select(&Selection::Threshold(t))
            .map(|cut| zeros(&r.mask(&cut)))
    };
    assert_eq!(count(0.5), Ok(2));
    assert_eq!(count(0.5f32.next_up()), Ok(4));
    assert_eq!(count(f32::INFINITY), Ok(4));
    assert!(count(f32::NAN).is_err());
    assert!(r.select(&Selection::Fraction(1.5)).is_err());
    assert!(r.select(&Selection::Layers(vec![0.5])).is_err());
    let by_layer = ranking_under(&[0.5; 6], &[1; 6], &method(Scope::Layer));
    assert!(by_layer.select(&Selection::Threshold(0.5)).is_err());
}

#[test]
fn by_hand_each_layer_loses_its_own_fraction() {
    let r = ranking(&[3.0, 1.0, 2.0, 4.0, 0.1, 0.2, 0.3, 0.4, 9.0, 8.0, 7.0, 6.0]);
    let select = Selection::Layers(vec![0.5, 0.0, 0.25]);
    let mask = r.mask(&r.select(&select).expect("three layers"));
    assert_eq!(mask, [1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
}

#[test]
fn a_removed_filter_takes_the_inputs_that_it_feeds() {
    // conv1: 2 filters of 1 channel, conv2: 1 filter of 2 inputs, fc: 1 class of 1 feature.
    let graph = two_conv([1, 4, 4], [2, 1], 1).expect("it fits");
    let mut weights = vec![1.0; 18 + 18 + 1];
    weights[..9].fill(0.5);
    let method = Method {
        granularity: Granularity::Filter,
        ..Default::default()
    };
    let units = Units::new(&method, &graph, Scores::Weights(weights), &[1; 37]);
    assert_eq!(units.scores, [0.5, 1.0, 1.0], "means over their weights");
    let r = Ranking::new(units, &[1; 37], &Method::default()).expect("finite");
    let mask = r.mask(&[true, false, false]);
    assert_eq!(zeros(&mask[..9]), 9, "the filter");
    assert_eq!(zeros(&mask[9..18]), 0);
    assert_eq!(zeros(&mask[18..27]), 9, "conv2's inputs from it");
    assert_eq!(zeros(&mask[27..]), 0);
    let mask = r.mask(&[false, false, true]);
    assert_eq!(
        (zeros(&mask[..18]), zeros(&mask[18..])),
        (0, 19),
        "conv2's filter and fc's input"
    );
}

#[test]
fn what_two_of_four_has_cut_it_cuts_again_whatever_the_scores_say_then() {
    let graph = network("f", [8, 16], [1, 1, 8], 1).expect("it fits");
    let method = Method {
        granularity: Granularity::TwoOfFour,
        ..Default::default()
    };
    let cut = |scores: [f32; 8], held: &[u8]| {
        let units = Units::new(&method, &graph, Scores::Weights(scores.to_vec()), held);
        let ranking = Ranking::new(units, held, &method).expect("finite");
        ranking.mask(&ranking.select(&Selection::Fraction(1.0)).expect("in range"))
    };
    let first = cut([1.0, 2.0, 3.0, 4.0, 8.0, 7.0, 6.0, 5.0], &[1; 8]);
    assert_eq!(first, [0, 0, 1, 1, 1, 1, 0, 0]);
    assert_eq!(cut([4.0, 3.0, 2.0, 1.0, 5.0, 6.0, 7.0, 8.0], &first), first);
}

fn scores() -> impl Strategy<Value = Vec<f32>> {
    // Few distinct values, so that ties are common.
    prop::collection::vec((0u8..20).prop_map(|v| f32::from(v) / 7.0), 3..200)
}

fn scopes() -> impl Strategy<Value = Scope> {
    prop::sample::select(vec![Scope::Global, Scope::Layer])
}

/// How many go at `p`: of all together, or of each layer.
fn expected(n: usize, p: f64, scope: Scope) -> usize {
    match scope {
        Scope::Global => prune_count(p, n),
        Scope::Layer => thirds(n).map(|n| prune_count(p, n)).iter().sum(),
    }
}

proptest! {
    #[test]
    fn counts_are_exact_and_the_lowest_go(scores in scores(), p in 0.0f64..=1.0) {
        let r = ranking(&scores);
        let mask = cut(&r, p);
        prop_assert_eq!(zeros(&mask), prune_count(p, scores.len()));
        let of = |m: u8| scores.iter().zip(&mask).filter(move |(_, x)| **x == m).map(|(s, _)| *s);
        let lowest_kept = of(1).fold(f32::INFINITY, f32::min);
        prop_assert!(of(0).fold(f32::NEG_INFINITY, f32::max) <= lowest_kept);
        if mask.contains(&1) {
            let selected = r.select(&Selection::Fraction(p)).expect("in range");
            prop_assert_eq!(r.threshold(&selected), lowest_kept);
        }
    }

    #[test]
    fn each_layer_loses_the_same_fraction_where_layers_are_ranked_apart(scores in scores(), p in 0.0f64..=1.0) {
        let n = scores.len();
        let mask = cut(&ranking_under(&scores, &vec![1; n], &method(Scope::Layer)), p);
        let mut start = 0;
        for size in thirds(n) {
            prop_assert_eq!(zeros(&mask[start..start + size]), prune_count(p, size));
            start += size;
        }
    }

    #[test]
    fn every_fraction_is_a_prefix_of_the_order(scores in scores(), p in 0.0f64..=1.0, scope in scopes(), held in 0.0f64..=1.0) {
        let n = scores.len();
        let mask = cut(&ranking(&scores), held);
        let r = ranking_under(&scores, &mask, &method(scope));
        let k: usize = r.groups().iter()
            .map(|g| prune_count(p, g.units as usize).max(g.held as usize)).sum();
        let from_ranks: Vec<u8> = r.ranks().iter().zip(&mask)
            .map(|(&rank, &m)| u8::from(m == 1 && rank as usize >= k)).collect();
        prop_assert_eq!(from_ranks, cut(&r, p));
        prop_assert_eq!(r.sorted().len(), n);
    }

    #[test]
    fn nothing_goes_at_0_and_everything_at_1(scores in scores(), scope in scopes()) {
        let r = ranking_under(&scores, &vec![1; scores.len()], &method(scope));
        prop_assert_eq!(zeros(&cut(&r, 0.0)), 0);
        prop_assert_eq!(zeros(&cut(&r, 1.0)), scores.len());
    }

    #[test]
    fn masks_only_shrink_as_the_fraction_grows(scores in scores(), a in 0.0f64..=1.0, b in 0.0f64..=1.0, scope in scopes()) {
        let r = ranking_under(&scores, &vec![1; scores.len()], &method(scope));
        let (lo, hi) = (cut(&r, a.min(b)), cut(&r, a.max(b)));
        prop_assert!(lo.iter().zip(&hi).all(|(l, h)| h <= l));
    }

    #[test]
    fn a_held_mask_stays_cut(scores in scores(), held in 0.0f64..=1.0, p in 0.0f64..=1.0, scope in scopes()) {
        let mask = cut(&ranking(&scores), held);
        let again = cut(&ranking_under(&scores, &mask, &method(scope)), p);
        prop_assert!(again.iter().zip(&mask).all(|(new, old)| new <= old));
        if scope == Scope::Global {
            prop_assert_eq!(zeros(&again), prune_count(p, scores.len()).max(zeros(&mask)));
        }
    }

    #[test]
    fn a_positive_scale_changes_no_mask(scores in scores(), p in 0.0f64..=1.0) {
        let scaled: Vec<f32> = scores.iter().map(|s| s * 4.0).collect();
        prop_assert_eq!(cut(&ranking(&scores), p), cut(&ranking(&scaled), p));
    }

    #[test]
    fn where_scores_differ_the_order_of_the_weights_does_not_matter(
        n in 3usize..100, p in 0.0f64..=1.0, seed in 0u32..1000,
    ) {
        let order = crate::data::order::epoch_order(seed, 0, n);
        let scores: Vec<f32> = (0..n).map(|i| i as f32).collect();
        let permuted: Vec<f32> = order.iter().map(|&i| scores[i as usize]).collect();
        let (mask, of_permuted) = (cut(&ranking(&scores), p), cut(&ranking(&permuted), p));
        prop_assert!(order.iter().zip(&of_permuted).all(|(&i, m)| mask[i as usize] == *m));
    }

    #[test]
    fn the_options_keep_what_they_promise(scores in scores(), scope in scopes(), spare in any::<bool>()) {
        let n = scores.len();
        let method = Method { scope, never_empty: true, spare_classifier: spare, ..Default::default() };
        let mask = cut(&ranking_under(&scores, &vec![1; n], &method), 1.0);
        let mut start = 0;
        for (layer, size) in thirds(n).into_iter().enumerate() {
            let kept = size - zeros(&mask[start..start + size]);
            prop_assert_eq!(kept, if spare && layer == 2 { size } else { 1 });
            start += size;
        }
        prop_assert_eq!(expected(n, 1.0, scope), n);
    }
}

proptest! {
    #[test]
    fn tables_have_what_a_cut_comes_to_at_each_of_their_places(
        seed in 0u32..50, spaces in 1usize..40, share in 0.0f64..0.6, layered: bool, granularity in 0usize..3,
    ) {
        let graph = network("c3-8 b r [c3-8 b|] r p2 f-12 r f", [2, 2], [4, 8, 8], 4).expect("it fits");
        let layout = graph.layout().clone();
        let n = layout.total();
        let scores: Vec<f32> = (0..n as u32).map(|i| ((i * 7919 + seed * 31) % 1009) as f32 / 1009.0).collect();
        let method = Method {
            granularity: [Granularity::Weight, Granularity::Filter, Granularity::TwoOfFour][granularity],
            scope: if layered { Scope::Layer } else { Scope::Global },
            ..Default::default()
        };
        let of = |mask: &[u8]| {
            let units = Units::new(&method, &graph, Scores::Weights(scores.clone()), mask);
            Ranking::new(units, mask, &method).expect("finite")
        };
        let fresh = of(&vec![1; n]);
        let mask = fresh.mask(&fresh.select(&Selection::Fraction(share)).expect("in range"));
        let ranking = of(&mask);
        let tables = crate::prune::tables::Tables::new(&ranking, &layout, spaces);
        let (knots, layers) = (tables.knots.len(), layout.layers().count());
        prop_assert_eq!((tables.scores.len(), tables.kept.len()), (knots, knots * layers));
        prop_assert!(knots <= spaces + 1 && tables.knots.is_sorted_by(|a, b| a < b), "{:?}", tables.knots);
        prop_assert_eq!(tables.knots[0], ranking.all().held);
        prop_assert_eq!(tables.knots[knots - 1] as usize, ranking.order.len());
        for (i, &units) in tables.knots.iter().enumerate() {
            let cut = ranking.first(units as usize);
            let kept = layout.kept(&ranking.mask(&cut));
            let told: Vec<u32> = (0..layers).map(|layer| tables.kept[layer * knots + i]).collect();
            prop_assert_eq!(told, kept, "{} units", units);
            if !layered {
                prop_assert_eq!(tables.scores[i], ranking.threshold(&cut));
            }
        }
    }
}
