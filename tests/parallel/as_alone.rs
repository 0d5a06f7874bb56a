//! What a session does alone it does with workers too.

use super::*;

#[test]
fn masks_fine_tuning_and_distillation_are_as_with_one() {
    let through = |mut driven: Driven| {
        train(&mut driven, 30);
        prune(&mut driven, 0.8);
        train(&mut driven, 20);
        prune(&mut driven, 0.9);
        let distil = Some(Distillation::default());
        let mut all = block_on(driven.send(Command::FineTune { steps: 20, distil }));
        all.extend(block_on(driven.settle()));
        assert_eq!(errors(&all), [""; 0]);
        state(&driven)
    };
    let (one, many) = (through(alone()), through(spread(&workers(2), 1)));
    assert_eq!(one.step, many.step);
    assert!(
        largest_difference(&one, &many) < 2e-4,
        "{}",
        largest_difference(&one, &many)
    );
    let cut = |state: &TrainState| state.mask.iter().filter(|&&m| m == 0).count();
    assert_eq!(cut(&one), cut(&many));
    let weights = &many.parameters.values;
    assert!(
        weights
            .iter()
            .zip(&many.mask)
            .all(|(&w, &m)| m == 1 || w == 0.0)
    );
}

#[test]
fn a_restored_run_goes_on_bit_for_bit_with_workers() {
    let mut driven = spread(&workers(2), 1);
    train(&mut driven, 25);
    let (_, saved) = point(&prune(&mut driven, 0.5)).unwrap();
    train(&mut driven, 25);
    let straight = state(&driven);
    assert_eq!(errors(&block_on(driven.restore(&saved))), [""; 0]);
    train(&mut driven, 25);
    assert_eq!(state(&driven).parameters, straight.parameters);
    let mut other = spread(&workers(2), 9);
    block_on(other.restore(&saved));
    train(&mut other, 25);
    assert_eq!(state(&other).parameters, straight.parameters);
}

#[test]
fn a_winning_ticket_is_found_by_workers_too() {
    let recipe = Recipe {
        name: "ticket".into(),
        method: Default::default(),
        plan: Procedure::LotteryTicket {
            train: 20,
            rate: 0.5,
            rounds: 2,
            rates: None,
            rewind_to: 0,
            control: Control::None,
        },
        distil: None,
    };
    let follow = |mut driven: Driven| {
        let mut all = block_on(driven.send(Command::Follow {
            recipe: recipe.clone(),
        }));
        all.extend(block_on(driven.settle()));
        assert_eq!(errors(&all), [""; 0]);
        state(&driven)
    };
    let many = follow(spread(&workers(2), 1));
    assert_eq!(many, follow(spread(&workers(2), 2)));
    assert_eq!(many.step, follow(alone()).step);
}
