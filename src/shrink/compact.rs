//! Physical removal of filters: the network rebuilt smaller, an ordinary dense one of fewer filters.
//!
//! A removed filter has neither weights nor a bias (see `docs/methods.md`), so that leaving it out is the same function:
//! its output channel goes, and with it the input channel of the next layer.

use crate::learn::state::{Moments, TrainState};
use crate::net::{CnnConfig, Parameters, removed_filters};

/// A network without its removed filters.
#[derive(Clone, Debug, PartialEq)]
pub struct Compacted {
    pub config: CnnConfig,
    /// Everything that training needs to go on with it: weights, moments, masks of what is left.
    pub state: TrainState,
    /// Which filters of the two convolutions are left, as numbered before.
    pub filters: [Vec<usize>; 2],
}

/// Rebuilds the network of `state` without the filters that its mask removes; None where it removes none. A layer whose
/// filters are all removed keeps one, of zeros, since a network needs one.
pub fn compact(config: &CnnConfig, state: &TrainState) -> Option<Compacted> {
    let removed = removed_filters(config, &state.mask)?;
    let filters = removed.map(|removed| {
        let left: Vec<usize> = (0..removed.len()).filter(|&i| !removed[i]).collect();
        if left.is_empty() { vec![0] } else { left }
    });
    let smaller = CnnConfig {
        widths: [filters[0].len(), filters[1].len()],
        ..config.clone()
    };
    if smaller.widths == config.widths {
        return None;
    }
    let pick = Pick {
        config,
        filters: &filters,
    };
    let state = TrainState {
        step: state.step,
        parameters: pick.parameters(&state.parameters),
        moments: state.moments.as_ref().map(|moments| Moments {
            time: moments.time,
            first: pick.parameters(&moments.first),
            second: pick.parameters(&moments.second),
        }),
        mask: pick.all(&state.mask),
        cut_at: pick.all(&state.cut_at),
    };
    Some(Compacted {
        config: smaller,
        state,
        filters,
    })
}

/// What belongs to the filters that are left.
struct Pick<'a> {
    config: &'a CnnConfig,
    filters: &'a [Vec<usize>; 2],
}

impl Pick<'_> {
    fn parameters(&self, all: &Parameters) -> Parameters {
        let [c1, c2, fc] = &all.weights;
        let [b1, b2, b3] = &all.biases;
        let [first, second] = self.filters;
        Parameters {
            weights: [self.layer(0, c1), self.layer(1, c2), self.layer(2, fc)],
            biases: [blocks(b1, 1, first), blocks(b2, 1, second), b3.clone()],
        }
    }

    /// Of a sequence over all prunable weights.
    fn all<T: Copy>(&self, values: &[T]) -> Vec<T> {
        let layout = self.config.layout();
        let layers = layout.layers().enumerate();
        layers
            .flat_map(|(i, (_, range))| self.layer(i, &values[range]))
            .collect()
    }

    /// Of the weights of one layer.
    fn layer<T: Copy>(&self, index: usize, values: &[T]) -> Vec<T> {
        let [first, second] = self.filters;
        let row = self.config.weight_shapes()[index][1..].iter().product();
        let positions = self.config.features() / self.config.widths[1];
        let inputs = |values: &[T], block, filters: &[usize]| -> Vec<T> {
            let rows = values.chunks(row);
            rows.flat_map(|row| blocks(row, block, filters)).collect()
        };
        match index {
            0 => blocks(values, row, first),
            1 => inputs(&blocks(values, row, second), 9, first),
            _ => inputs(values, positions, second),
        }
    }
}

/// The blocks of `len` values that have these numbers.
fn blocks<T: Copy>(values: &[T], len: usize, numbers: &[usize]) -> Vec<T> {
    let block = |&n: &usize| values[n * len..(n + 1) * len].iter().copied();
    numbers.iter().flat_map(block).collect()
}

#[cfg(all(test, feature = "cpu"))]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::data;
    use crate::data::batch::{Batch, Batcher};
    use crate::learn::eval::logits;
    use crate::learn::objective::Objective;
    use crate::learn::train::Trainer;
    use crate::prune::method::{Granularity, Method};
    use crate::prune::{Scores, Units};
    use burn::tensor::Device;
    use pollster::block_on;
    use proptest::prelude::*;

    fn batch(config: &CnnConfig, device: &Device) -> Batch {
        let data = data::digits().expect("it is embedded");
        assert_eq!(
            (config.channels, config.height),
            (data.channels, data.height)
        );
        Batcher::new(&data).batch(&data.train, 0..16, device)
    }

    /// A network trained for a few steps, some of its filters then removed.
    fn pruned(widths: [usize; 2], cut: &[bool]) -> (CnnConfig, Trainer) {
        let config = CnnConfig {
            channels: 1,
            height: 8,
            width: 8,
            widths,
            classes: 10,
        };
        let device = Device::flex();
        let mut trainer = Trainer::new(
            config.clone(),
            &TrainState::fresh(&config, 3),
            1e-2,
            &device,
        );
        let batch = batch(&config, &device);
        for _ in 0..5 {
            trainer.step(&batch, &Objective::Labels);
        }
        let method = Method {
            granularity: Granularity::Filter,
            ..Default::default()
        };
        let scores = Scores::Filters(vec![0.0; widths.iter().sum()]);
        let units = Units::new(&method, &config.weight_shapes(), scores, trainer.mask());
        let mask = units.mask(cut, trainer.mask());
        trainer.hold(mask);
        (config, trainer)
    }

    fn outputs(trainer: &Trainer, batch: &Batch) -> Vec<f32> {
        block_on(logits(&trainer.model, std::slice::from_ref(batch))).expect("finite")
    }

    fn difference(a: &[f32], b: &[f32]) -> f32 {
        assert_eq!(a.len(), b.len());
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_smaller_network_is_the_same_function_now_and_after_training_on(
            w1 in 1usize..6, w2 in 1usize..7, seed in any::<u16>(),
        ) {
            let cut: Vec<bool> = (0..w1 + w2).map(|i| seed >> i & 1 == 1).collect();
            let (config, mut trainer) = pruned([w1, w2], &cut);
            let state = block_on(trainer.state()).expect("the CPU works");
            let Some(compacted) = compact(&config, &state) else {
                // Nothing to leave out, or nothing could be: one filter is always left.
                let left = |cut: &[bool]| cut.iter().filter(|&&c| !c).count().max(1);
                prop_assert_eq!([left(&cut[..w1]), left(&cut[w1..])], [w1, w2]);
                return Ok(());
            };
            let device = Device::flex();
            let batch = batch(&config, &device);
            let mut smaller = Trainer::new(compacted.config, &compacted.state, 1e-2, &device);
            prop_assert!(difference(&outputs(&trainer, &batch), &outputs(&smaller, &batch)) <= 1e-5);
            for _ in 0..3 {
                trainer.step(&batch, &Objective::Labels);
                smaller.step(&batch, &Objective::Labels);
            }
            prop_assert!(difference(&outputs(&trainer, &batch), &outputs(&smaller, &batch)) <= 1e-4);
        }
    }

    #[test]
    fn filters_that_are_left_keep_their_weights_and_dates() {
        let (config, trainer) = pruned([2, 3], &[true, false, false, true, false]);
        let state = block_on(trainer.state()).expect("the CPU works");
        let compacted = compact(&config, &state).expect("filters are removed");
        assert_eq!(compacted.filters, [vec![1], vec![0, 2]]);
        assert_eq!(
            compacted.state.parameters.weights[0],
            state.parameters.weights[0][9..]
        );
        assert!(compacted.state.mask.iter().all(|&m| m == 1));
        let sizes = compacted.config.layout().total();
        assert_eq!(
            (compacted.state.mask.len(), compacted.state.cut_at.len()),
            (sizes, sizes)
        );
    }

    #[test]
    fn a_network_with_all_its_filters_is_left_alone() {
        let (config, trainer) = pruned([2, 3], &[false; 5]);
        let state = block_on(trainer.state()).expect("the CPU works");
        assert_eq!(compact(&config, &state), None);
    }
}
