//! Recipes: where they end, and what they cut by.

use crate::support::point;
use crate::{begin, follow, graph, kept, recipe, set_method, state};
use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::learn::state::{KEPT, TrainState};
use pruning_playground::protocol::*;
use pruning_playground::prune::method::{Criterion, Granularity, Method, Scope};
use pruning_playground::prune::recipe::{Control, Procedure, Recipe};
use pruning_playground::prune::scoring::synflow;
use pruning_playground::prune::selection::Selection;
use pruning_playground::prune::{Ranking, Units};
use pruning_playground::slices::Breath;

const ITERATIVE: Procedure = Procedure::Iterative {
    train: 60,
    rate: 0.5,
    rounds: 3,
    rates: None,
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
    let initial = state(&begin()).parameters.values;
    let ticket = |control| {
        let mut driven = begin();
        let plan = Procedure::LotteryTicket {
            train: 40,
            rate: 0.5,
            rounds: 1,
            rates: None,
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
        let weights = &state.parameters.values;
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
    let graph = graph();
    let layout = graph.layout();
    assert_eq!(layout.kept(&shuffled.mask), layout.kept(&winning.mask));
}

#[test]
fn a_recipe_prunes_by_its_own_method_whatever_is_looked_at_meanwhile() {
    let mut straight = begin();
    follow(&mut straight, recipe(ITERATIVE));
    let mut driven = begin();
    let recipe = recipe(ITERATIVE);
    block_on(driven.send(Command::Follow { recipe }));
    for _ in 0..4 {
        block_on(driven.session.advance());
    }
    let other = Method {
        criterion: Criterion::Random,
        granularity: Granularity::Filter,
        ..Default::default()
    };
    set_method(&mut driven, other);
    block_on(driven.settle());
    assert_eq!(state(&driven), state(&straight));
}

#[test]
fn what_a_recipe_makes_is_told_with_the_method_of_the_recipe() {
    for stop in [false, true] {
        let mut driven = begin();
        let own = recipe(ITERATIVE);
        block_on(driven.send(Command::Follow { recipe: own }));
        block_on(driven.session.advance());
        let other = Method {
            criterion: Criterion::Random,
            ..Default::default()
        };
        let mut messages = set_method(&mut driven, other);
        if stop {
            messages.extend(block_on(driven.send(Command::Stop)));
        }
        messages.extend(block_on(driven.settle()));
        let methods: Vec<_> = messages
            .iter()
            .filter_map(|m| match &m.event {
                Event::Point(point) => Some(point.method.criterion),
                _ => None,
            })
            .collect();
        assert!(!methods.is_empty());
        assert!(
            methods.iter().all(|c| *c == Criterion::Magnitude),
            "{methods:?}"
        );
    }
}

#[test]
fn a_rewound_ticket_still_says_when_each_weight_was_cut() {
    let mut driven = begin();
    let plan = Procedure::LotteryTicket {
        train: 30,
        rate: 0.5,
        rounds: 1,
        rates: None,
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

fn of_units(plan: Procedure, granularity: Granularity, scope: Scope) -> Recipe {
    let method = Method {
        granularity,
        scope,
        ..Default::default()
    };
    Recipe {
        method,
        ..recipe(plan)
    }
}

#[test]
fn synflow_as_a_recipe_takes_its_rounds_to_the_sparsity_that_was_asked_for() {
    let method = Method {
        criterion: Criterion::Synflow,
        ..Default::default()
    };
    let plan = Procedure::BeforeTraining {
        sparsity: 0.9,
        train: 1,
    };
    let mut driven = begin();
    let recipe = Recipe {
        method: method.clone(),
        ..recipe(plan)
    };
    follow(&mut driven, recipe);
    let fresh = TrainState::fresh(&graph(), RunConfig::default().seed);
    let to = |sparsity: f64| {
        let (weights, device) = (&fresh.parameters, Device::flex());
        let breath = Breath::default();
        let graph = graph();
        let order = synflow(
            weights,
            &graph,
            &fresh.mask,
            &method,
            sparsity,
            &device,
            &breath,
        );
        let order = block_on(order).unwrap();
        let units = Units::new(&method, &graph, order, &fresh.mask);
        let ranking = Ranking::new(units, &fresh.mask, &method).unwrap();
        ranking.mask(&ranking.select(&Selection::Fraction(0.9)).unwrap())
    };
    assert_eq!(state(&driven).mask, to(0.9));
    assert_ne!(
        state(&driven).mask,
        to(1.0),
        "the rounds to an empty network are others"
    );
}

#[test]
fn the_sparsity_of_a_recipe_is_the_one_that_comes_out_whatever_the_units() {
    let one_shot = |sparsity| Procedure::OneShot {
        train: 20,
        sparsity,
        fine_tune: 5,
    };
    let mut driven = begin();
    let four = of_units(one_shot(0.5), Granularity::TwoOfFour, Scope::Global);
    follow(&mut driven, four);
    assert_eq!(kept(&driven), [72, 576, 320], "the full pattern");
    let four = of_units(one_shot(0.2), Granularity::TwoOfFour, Scope::Layer);
    follow(&mut driven, four);
    let zeros = 1864 - kept(&driven).iter().sum::<u32>();
    assert!(
        (373..=374).contains(&zeros),
        "{zeros}: 0.2 and at most a four more"
    );
    for scope in [Scope::Global, Scope::Layer] {
        follow(
            &mut driven,
            of_units(one_shot(0.5), Granularity::Filter, scope),
        );
        let zeros = 1864 - kept(&driven).iter().sum::<u32>();
        // A filter of conv1 has at most 9 + 144 weights.
        assert!((932..932 + 153).contains(&zeros), "{zeros}");
    }
    // The last layer is spared, so that the others make up for it.
    let mut spared = recipe(one_shot(0.5));
    spared.method.spare_classifier = true;
    follow(&mut driven, spared);
    assert_eq!(kept(&driven).iter().sum::<u32>(), 932);
    assert_eq!(kept(&driven)[2], 640);
}

#[test]
fn a_random_mask_has_the_units_of_the_ticket_that_it_controls() {
    for granularity in [Granularity::Filter, Granularity::TwoOfFour] {
        let masks = [Control::None, Control::RandomMask].map(|control| {
            let plan = Procedure::LotteryTicket {
                train: 20,
                rate: 0.4,
                rounds: 1,
                rates: None,
                rewind_to: 0,
                control,
            };
            let mut driven = begin();
            follow(&mut driven, of_units(plan, granularity, Scope::Layer));
            state(&driven).mask
        });
        let [ticket, control] = &masks;
        assert_ne!(ticket, control);
        assert_eq!(
            graph().layout().kept(ticket),
            graph().layout().kept(control)
        );
        let filters = |mask: &[u8]| {
            let count = |filters: &[bool]| filters.iter().filter(|&&gone| gone).count();
            let removed = graph().removed_groups(mask);
            removed.map(|removed| [count(&removed[..8]), count(&removed[8..])])
        };
        if granularity == Granularity::Filter {
            assert!(filters(ticket).is_some());
            assert_eq!(filters(ticket), filters(control));
        } else {
            let mut fours = control[72..].chunks(4).map(|four| four.iter().sum::<u8>());
            assert!(fours.all(|kept| kept == 2 || kept == 4));
        }
    }
}
