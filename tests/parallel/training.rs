//! Rates, augmentation and dropout are those of one worker; batch normalisation trains on one.

use super::*;
use pruning_playground::learn::schedule::Schedule;

fn eventful() -> RunConfig {
    RunConfig {
        network: "c3-8 r p2 f-32 r o50 f".into(),
        schedule: Schedule::Steps,
        drops: vec![12, 18],
        warm_up: 5,
        fine_tuning_rate: 0.1,
        augment: true,
        ..Default::default()
    }
}

#[test]
fn workers_follow_the_schedule_and_drop_and_shift_what_one_does() {
    let through = |mut driven: Driven| {
        train(&mut driven, 20);
        prune(&mut driven, 0.5);
        train(&mut driven, 10);
        state(&driven)
    };
    let one = through(block_on(Driven::new(Device::flex(), eventful())).0);
    for count in [2, 3] {
        let many = through(spread_with(
            eventful(),
            &workers(count),
            1,
            Faults::default(),
        ));
        let difference = largest_difference(&one, &many);
        assert!(difference < 2e-5, "{count} workers: {difference}");
    }
    let plan = Plan {
        asynchronous: true,
        staleness: Some(0),
        ..workers(3)
    };
    // What the optimiser remembers of weights that are cut does not travel.
    let many = through(spread_with(eventful(), &plan, 1, Faults::default()));
    assert_eq!(many.parameters, one.parameters);
}

#[test]
fn a_network_with_statistics_says_why_it_trains_on_one_and_nothing_is_lost() {
    let normalised = || RunConfig {
        network: "c3-8 b r g f".into(),
        ..Default::default()
    };
    let mut driven = spread_with(normalised(), &workers(1), 1, Faults::default());
    train(&mut driven, 5);
    let before = state(&driven);
    let messages = block_on(driven.send(Command::Parallel { plan: workers(2) }));
    let [sentence] = &errors(&messages)[..] else {
        panic!("{messages:?}")
    };
    assert!(sentence.contains("batch normalisation"), "{sentence}");
    assert_eq!(state(&driven), before);
    train(&mut driven, 5);
    let alone = block_on(Driven::new(Device::flex(), normalised())).0;
    assert_eq!(state(&driven), trained(alone, 10));
    // A plan that was there before trains such a network alone, and the next one together.
    let mut driven = spread_with(normalised(), &workers(2), 1, Faults::default());
    let messages = train(&mut driven, 10);
    let together = |m: &Message| matches!(m.event, Event::Workers(_));
    assert!(!messages.iter().any(together));
    let config = RunConfig::default();
    block_on(driven.send(Command::Configure { run_id: 2, config }));
    assert!(train(&mut driven, 10).iter().any(together));
}
