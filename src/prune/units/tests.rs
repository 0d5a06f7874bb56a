use super::*;
use crate::error::ErrorCode;
use crate::net::{Graph, two_conv};
use crate::prune::selection::Selection;
use crate::prune::shuffle::shuffled;
use crate::prune::{Ranking, prune_count};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::ops::Range;
use std::sync::Arc;

/// All weights of a network whose first layer has rows of 9, which four does not divide.
const ALL: usize = 36 + 144 + 48;
const FOURS: [Range<usize>; 2] = [36..180, 180..228];

fn graph() -> Arc<Graph> {
    two_conv([1, 8, 8], [4, 4], 3).expect("it fits")
}

fn method(granularity: Granularity) -> Method {
    Method {
        granularity,
        ..Default::default()
    }
}

fn fours(scope: Scope) -> Method {
    Method {
        scope,
        ..method(Granularity::TwoOfFour)
    }
}

fn zeros(mask: &[u8]) -> usize {
    mask.iter().filter(|&&m| m == 0).count()
}

fn ranking(method: &Method, scores: &[f32], mask: &[u8]) -> Ranking {
    let scores = Scores::Weights(scores.to_vec());
    let units = Units::new(method, &graph(), scores, mask);
    Ranking::new(units, mask, method).expect("finite")
}

fn cut(ranking: &Ranking, p: f64) -> Vec<u8> {
    ranking.mask(&ranking.select(&Selection::Fraction(p)).expect("in range"))
}

/// Few distinct values, so that ties are common; some below zero, as GraSP's.
fn scores() -> impl Strategy<Value = Vec<f32>> {
    let score = (0u8..30).prop_map(|v| f32::from(v) / 7.0 - 0.5);
    prop::collection::vec(score, ALL)
}

/// Masks with few zeros and with many.
fn masks() -> impl Strategy<Value = Vec<u8>> {
    let keeps = |p| prop::bool::weighted(p).prop_map(u8::from);
    (0.0f64..=1.0).prop_flat_map(move |p| prop::collection::vec(keeps(p), ALL))
}

fn scopes() -> impl Strategy<Value = Scope> {
    prop::sample::select(vec![Scope::Global, Scope::Layer])
}

fn granularities() -> impl Strategy<Value = Granularity> {
    use Granularity::{Filter, TwoOfFour, Weight};
    prop::sample::select(vec![Weight, Filter, TwoOfFour])
}

/// What cutting a four loses: the lowest of its weights until two are gone.
fn loss_of(scores: &[f32], held: &[u8]) -> f32 {
    let kept = scores.iter().zip(held).filter(|(_, m)| **m == 1);
    let mut left: Vec<f32> = kept.map(|(s, _)| *s).collect();
    left.sort_by(f32::total_cmp);
    left.iter().take(left.len().saturating_sub(2)).sum()
}

proptest! {
    #[test]
    fn of_the_fours_that_fraction_is_cut(
        scores in scores(), mask in masks(), p in 0.0f64..=1.0, scope in scopes(), never_empty in any::<bool>(),
    ) {
        let method = Method { never_empty, ..fours(scope) };
        let after = cut(&ranking(&method, &scores, &mask), p);
        prop_assert_eq!(&after[..36], &mask[..36], "four does not divide its rows");
        let gone = |mask: &[u8], range: &Range<usize>| {
            mask[range.clone()].chunks(4).filter(|four| zeros(four) >= 2).count()
        };
        let together = 36..ALL;
        let layers = match scope {
            Scope::Global => std::slice::from_ref(&together),
            Scope::Layer => &FOURS,
        };
        for range in layers {
            let wanted = prune_count(p, range.len() / 4);
            prop_assert_eq!(gone(&after, range), wanted.max(gone(&mask, range)));
        }
        for (now, before) in after.chunks(4).zip(mask.chunks(4)).skip(9) {
            prop_assert!(now.iter().zip(before).all(|(now, before)| now <= before));
            prop_assert!(now == before || zeros(now) == 2);
        }
    }

    #[test]
    fn the_fours_that_lose_least_go_and_of_each_its_two_lowest(
        scores in scores(), mask in masks(), p in 0.0f64..=1.0,
    ) {
        let after = cut(&ranking(&fours(Scope::Global), &scores, &mask), p);
        let (mut most_cut, mut least_kept) = (f32::NEG_INFINITY, f32::INFINITY);
        for four in (36..ALL).step_by(4).map(|start| start..start + 4) {
            let [now, held] = [&after[four.clone()], &mask[four.clone()]];
            let scores = &scores[four];
            if now != held {
                most_cut = most_cut.max(loss_of(scores, held));
                let of = |m: u8| (0..4).filter(move |&i| held[i] == 1 && now[i] == m).map(|i| scores[i]);
                let highest_cut = of(0).fold(f32::NEG_INFINITY, f32::max);
                prop_assert!(highest_cut <= of(1).fold(f32::INFINITY, f32::min));
            } else if zeros(held) < 2 {
                least_kept = least_kept.min(loss_of(scores, held));
            }
        }
        prop_assert!(most_cut <= least_kept);
    }

    #[test]
    fn masks_only_shrink_and_follow_from_the_ranks(
        scores in scores(), mask in masks(), a in 0.0f64..=1.0, b in 0.0f64..=1.0,
        scope in scopes(), granularity in granularities(),
    ) {
        let method = Method { scope, ..method(granularity) };
        let r = ranking(&method, &scores, &mask);
        let (lo, hi) = (cut(&r, a.min(b)), cut(&r, a.max(b)));
        prop_assert!(lo.iter().zip(&mask).all(|(now, before)| now <= before));
        prop_assert!(hi.iter().zip(&lo).all(|(more, less)| more <= less));
        let k: usize = r.groups().iter()
            .map(|g| prune_count(a.min(b), g.units as usize).max(g.held as usize)).sum();
        let from_ranks: Vec<u8> = r.ranks().iter().zip(&mask)
            .map(|(&rank, &m)| u8::from(m == 1 && rank as usize >= k)).collect();
        prop_assert_eq!(from_ranks, lo);
    }

    #[test]
    fn what_is_cut_has_no_say(
        scores in scores(), other in scores(), mask in masks(), p in 0.0f64..=1.0, granularity in granularities(),
    ) {
        let changed: Vec<f32> = scores.iter().zip(&other).zip(&mask)
            .map(|((&s, &o), &m)| if m == 0 { o } else { s }).collect();
        let [a, b] = [&scores, &changed].map(|s| ranking(&method(granularity), s, &mask));
        prop_assert_eq!(cut(&a, p), cut(&b, p));
        prop_assert_eq!(a.sorted(), b.sorted());
    }

    #[test]
    fn a_sparsity_is_the_one_that_comes_out(
        scores in scores(), mask in masks(), s in 0.0f64..=1.0, scope in scopes(), granularity in granularities(),
        spare_classifier in any::<bool>(),
    ) {
        let method = Method { scope, spare_classifier, ..method(granularity) };
        let r = ranking(&method, &scores, &mask);
        let reached = r.reaching(s).expect("in range");
        if granularity == Granularity::Weight && !spare_classifier {
            prop_assert_eq!(Ok(reached), r.select(&Selection::Fraction(s)));
            return Ok(());
        }
        let wanted = prune_count(s, ALL);
        let found = zeros(&r.mask(&reached));
        let all = zeros(&r.mask(&r.reaching(1.0).expect("in range")));
        prop_assert!(found >= wanted || found == all);
        // The last unit to go was needed.
        let ranks = r.ranks();
        let newly = (0..ALL).filter(|&i| mask[i] == 1 && r.mask(&reached)[i] == 0);
        if let Some(last) = newly.map(|i| ranks[i]).max() {
            let before = (0..ALL).filter(|&i| mask[i] == 0 || ranks[i] < last).count();
            prop_assert!(before < wanted);
        }
    }

    #[test]
    fn a_shuffled_mask_has_as_many_units_cut_in_each_layer(
        scores in scores(), p in 0.0f64..=1.0, seed in any::<u64>(), granularity in granularities(),
    ) {
        let method = method(granularity);
        let ticket = cut(&ranking(&method, &scores, &[1; ALL]), p);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let control = shuffled(granularity, &graph(), &ticket, &mut rng);
        let layout = unit_layout(Granularity::Weight, &graph());
        prop_assert_eq!(layout.kept(&control), layout.kept(&ticket));
        let units = Units::new(&method, &graph(), Scores::Weights(scores.clone()), &control);
        let per_layer = |mask: &[u8]| -> Vec<usize> {
            let held = units.held(mask);
            units.layout.layers().map(|(_, r)| held[r].iter().filter(|&&h| h).count()).collect()
        };
        prop_assert_eq!(per_layer(&control), per_layer(&ticket));
        if granularity == Granularity::Filter {
            prop_assert_eq!(units.mask(&units.held(&control), &[1; ALL]), control);
        }
    }
}

#[test]
fn a_score_that_is_not_finite_is_refused_with_its_layer_whatever_the_units() {
    for (granularity, at, layer) in [
        (Granularity::Weight, 3, "conv1"),
        (Granularity::TwoOfFour, 40, "conv2"),
        (Granularity::TwoOfFour, 227, "fc"),
        (Granularity::Filter, 3, "conv1"),
    ] {
        for bad in [f32::NAN, f32::INFINITY] {
            let mut scores = vec![1.0; ALL];
            scores[at] = bad;
            let method = method(granularity);
            let units = Units::new(&method, &graph(), Scores::Weights(scores), &[1; ALL]);
            let error = Ranking::new(units, &[1; ALL], &method).expect_err("not finite");
            assert_eq!(error.code, ErrorCode::Diverged);
            assert!(error.message.contains(&format!("layer {layer}")), "{error}");
        }
    }
}

#[test]
fn half_of_the_fours_is_half_of_the_pattern_and_a_sparsity_of_one_half_all_of_it() {
    let scores: Vec<f32> = (0..ALL).map(|i| i as f32).collect();
    let r = ranking(&fours(Scope::Global), &scores, &[1; ALL]);
    assert_eq!(zeros(&cut(&r, 0.5)), 48, "24 of 48 fours");
    assert_eq!(zeros(&cut(&r, 1.0)), 96);
    let pattern = r.mask(&r.reaching(0.5).expect("in range"));
    assert_eq!(
        pattern,
        cut(&r, 1.0),
        "conv1 stays dense, so that 0.5 can't be reached"
    );
    let by_hand = r.select(&Selection::Layers(vec![1.0, 0.0, 1.0]));
    assert_eq!(zeros(&r.mask(&by_hand.expect("three layers"))), 24);
}

#[test]
fn means_of_layers_are_divided_out_where_that_is_asked_for() {
    // conv1's filters are ten times as large as conv2's.
    let size = |i: usize| if i < 36 { 10.0 } else { 1.0 };
    let scores: Vec<f32> = (0..ALL)
        .map(|i| size(i) * (1.0 + (i / 9 % 4) as f32))
        .collect();
    let first_of = |normalise: bool| {
        let method = Method {
            normalise,
            ..method(Granularity::Filter)
        };
        let r = ranking(&method, &scores, &[1; ALL]);
        let cut = r.select(&Selection::Fraction(0.5)).expect("in range");
        cut[..4].iter().filter(|&&c| c).count()
    };
    assert_eq!((first_of(false), first_of(true)), (0, 2));
}
