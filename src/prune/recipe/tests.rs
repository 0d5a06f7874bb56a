use super::*;
use proptest::prelude::*;

fn recipe(plan: Procedure) -> Recipe {
    Recipe {
        name: "test".into(),
        method: Method::default(),
        plan,
        distil: None,
    }
}

#[test]
fn a_winning_ticket_and_its_controls_differ_in_the_last_round_only() {
    let of = |control| {
        let plan = Procedure::LotteryTicket {
            train: 100,
            rate: 0.5,
            rounds: 2,
            rates: None,
            rewind_to: 10,
            control,
        };
        recipe(plan).actions()
    };
    let train = |steps| Action::Train {
        steps,
        distil: None,
        phase: Phase::Training,
    };
    let begin = [Action::Reset, train(10), Action::Remember, train(90)];
    let first = [
        Action::Prune { sparsity: 0.5 },
        Action::Rewind,
        train(90),
        Action::Prune { sparsity: 0.75 },
    ];
    let ticket = [begin.as_slice(), &first, &[Action::Rewind, train(90)]].concat();
    assert_eq!(of(Control::None), ticket);
    let other = [
        begin.as_slice(),
        &first,
        &[Action::Reinitialise, train(100)],
    ]
    .concat();
    assert_eq!(of(Control::Reinitialise), other);
    let other = [
        begin.as_slice(),
        &first,
        &[Action::ShuffleMasks, Action::Rewind, train(90)],
    ]
    .concat();
    assert_eq!(of(Control::RandomMask), other);
}

#[test]
fn what_is_out_of_range_is_named() {
    let plans = [
        (
            Procedure::OneShot {
                train: 1,
                sparsity: 1.5,
                fine_tune: 1,
            },
            "sparsity",
        ),
        (
            Procedure::OneShot {
                train: 1,
                sparsity: f64::NAN,
                fine_tune: 1,
            },
            "sparsity",
        ),
        (
            Procedure::Iterative {
                train: 1,
                rate: 0.2,
                rounds: 0,
                rates: None,
                fine_tune: 1,
            },
            "rounds",
        ),
        (
            Procedure::Gradual {
                train: 1,
                to: 0.9,
                cuts: 0,
                every: 1,
                fine_tune: 1,
            },
            "cuts",
        ),
        (
            Procedure::OneShot {
                train: 0,
                sparsity: 0.5,
                fine_tune: 0,
            },
            "the recipe never trains",
        ),
        (
            Procedure::Iterative {
                train: u32::MAX,
                rate: 0.5,
                rounds: 9,
                rates: None,
                fine_tune: 1,
            },
            "4294967304",
        ),
    ];
    for (plan, name) in plans {
        let error = recipe(plan).validate().expect_err(name);
        assert!(error.message.starts_with(name), "{error}");
    }
    let far = Procedure::LotteryTicket {
        train: 5,
        rate: 0.2,
        rounds: 1,
        rates: None,
        rewind_to: 6,
        control: Control::None,
    };
    assert!(recipe(far).validate().is_err());
}

#[test]
fn json_with_an_unknown_field_is_refused_and_defaults_fill_in() {
    let text = r#"{"name":"x","plan":{"kind":"one-shot","train":10,"sparsity":0.5,"fineTune":5}}"#;
    let read: Recipe = serde_json::from_str(text).expect("valid");
    assert_eq!(
        read,
        recipe(Procedure::OneShot {
            train: 10,
            sparsity: 0.5,
            fine_tune: 5
        })
        .named("x")
    );
    assert!(serde_json::from_str::<Recipe>(&text.replace("name", "nom")).is_err());
    assert!(serde_json::from_str::<Recipe>(&text.replace("train", "trian")).is_err());
    let again: Recipe =
        serde_json::from_str(&serde_json::to_string(&read).expect("text")).expect("valid");
    assert_eq!(again, read);
}

impl Recipe {
    fn named(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }
}

proptest! {
    #[test]
    fn sparsity_only_grows_and_ends_where_it_should(rate in 0.01f64..0.7, n in 1u32..20, to in 0.0f64..=1.0) {
        let sparsities = |plan| -> Vec<f64> {
            let sparsity = |a: &Action| match a { Action::Prune { sparsity } => Some(*sparsity), _ => None };
            recipe(plan).actions().iter().filter_map(sparsity).collect()
        };
        let iterative = sparsities(Procedure::Iterative { train: 1, rate, rounds: n, fine_tune: 1, rates: None });
        prop_assert!(iterative.windows(2).all(|w| w[0] < w[1]));
        prop_assert!((iterative[n as usize - 1] - (1.0 - (1.0 - rate).powf(f64::from(n)))).abs() < 1e-9);
        let gradual = sparsities(Procedure::Gradual { train: 1, to, cuts: n, every: 1, fine_tune: 1 });
        prop_assert!(gradual.windows(2).all(|w| w[0] <= w[1]));
        prop_assert!((gradual[n as usize - 1] - to).abs() < 1e-12);
    }
}
