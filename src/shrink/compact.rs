//! Physical removal of channels: the network rebuilt smaller, an ordinary dense one of fewer filters.
//!
//! A removed channel has neither weights nor a bias (see `docs/methods.md`), so that leaving it out is the same function: each
//! tensor is gathered along the axes that the channel groups name.

use crate::learn::state::{Moments, TrainState};
use crate::net::{Graph, NO_GROUP, Net, Op, Parameter, Parameters, Role};
use std::ops::Range;
use std::sync::Arc;

/// A network without its removed channels.
#[derive(Clone, Debug, PartialEq)]
pub struct Compacted {
    pub graph: Arc<Graph>,
    /// Everything that training needs to go on with it: numbers, moments, masks of what is left.
    pub state: TrainState,
    /// Which filters of each prunable layer are left, as numbered before; but for the layer of the classes.
    pub filters: Vec<Vec<usize>>,
}

/// Rebuilds the network of `state` without the channels that its mask removes; None where it removes none. A layer whose
/// filters are all removed keeps one, of zeros, since a network needs one.
pub fn compact(graph: &Arc<Graph>, state: &TrainState) -> Option<Compacted> {
    let mut removed = graph.removed_groups(&state.mask)?;
    keep_one_each(graph, &mut removed);
    if !removed.contains(&true) {
        return None;
    }
    let pick = Pick {
        graph,
        removed: &removed,
    };
    // What is left of a network that works does.
    let smaller = Graph::new(pick.net()).ok()?;
    let state = TrainState {
        step: state.step,
        parameters: pick.numbers(&state.parameters),
        moments: state.moments.as_ref().map(|moments| Moments {
            time: moments.time,
            first: pick.numbers(&moments.first),
            second: pick.numbers(&moments.second),
        }),
        mask: pick.of_weights(&state.mask),
        cut_at: pick.of_weights(&state.cut_at),
    };
    let ends_in_groups = |node: usize| {
        let groups = graph.channels().of_value(node + 1);
        groups.iter().any(|&group| group != NO_GROUP)
    };
    let layers = graph
        .layers()
        .iter()
        .filter(|layer| ends_in_groups(layer.node));
    let filters = layers.map(|layer| pick.kept(layer.node + 1)).collect();
    Some(Compacted {
        graph: Arc::new(smaller),
        state,
        filters,
    })
}

fn keep_one_each(graph: &Graph, removed: &mut [bool]) {
    for layer in graph.layers() {
        let groups = graph.channels().of_value(layer.node + 1);
        let gone = |&group: &u32| group != NO_GROUP && removed[group as usize];
        if groups.iter().all(gone)
            && let Some(&first) = groups.first()
        {
            removed[first as usize] = false;
        }
    }
}

/// What is left of a network.
struct Pick<'a> {
    graph: &'a Graph,
    removed: &'a [bool],
}

impl Pick<'_> {
    /// Which channels of a value are left.
    fn kept(&self, value: usize) -> Vec<usize> {
        let groups = self.graph.channels().of_value(value).iter().enumerate();
        let left = |group: u32| group == NO_GROUP || !self.removed[group as usize];
        groups
            .filter(|&(_, &group)| left(group))
            .map(|(channel, _)| channel)
            .collect()
    }

    fn net(&self) -> Net {
        let mut net = self.graph.net().clone();
        for (i, (node, (_, checked))) in net.nodes.iter_mut().zip(self.graph.nodes()).enumerate() {
            let given = self.kept(i + 1);
            match &mut node.op {
                Op::Conv(conv) => {
                    conv.out = given.len();
                    if conv.groups > 1 {
                        conv.groups = given.len();
                    }
                }
                Op::Linear { out, .. } => *out = given.len(),
                Op::SlicePad { before, after, .. } => {
                    let input = self.graph.channels().of_value(checked.inputs[0]).len();
                    let start = *before;
                    let within =
                        |range: Range<usize>| given.iter().filter(|&c| range.contains(c)).count();
                    *before = within(0..start);
                    *after = within(start + input..usize::MAX);
                }
                _ => {}
            }
        }
        net
    }

    /// Of numbers in the order of the graph, all of them or the first.
    fn numbers(&self, all: &Parameters) -> Parameters {
        let there = |p: &&Parameter| p.range.end <= all.values.len();
        let parameters = self.graph.parameters().iter().filter(there);
        Parameters {
            values: parameters
                .flat_map(|p| self.gathered(p, all.of(p)))
                .collect(),
        }
    }

    /// Of a sequence over all prunable weights.
    fn of_weights<T: Copy>(&self, all: &[T]) -> Vec<T> {
        let weights = self.graph.parameters().iter();
        let weights = weights.filter(|p| p.role == Role::Weight);
        weights
            .flat_map(|p| self.gathered(p, &all[p.range.clone()]))
            .collect()
    }

    /// What is left of the values of one parameter.
    fn gathered<T: Copy>(&self, parameter: &Parameter, values: &[T]) -> Vec<T> {
        let rows = self.kept(parameter.node + 1);
        let Some((&out, rest)) = parameter.dims.split_first() else {
            return values.to_vec();
        };
        let left = blocks(values, values.len() / out.max(1), &rows);
        if parameter.role != Role::Weight {
            return left;
        }
        let row = rest.iter().product::<usize>();
        let depthwise =
            matches!(&self.graph.net().nodes[parameter.node].op, Op::Conv(conv) if conv.groups > 1);
        if depthwise {
            return left;
        }
        let input = self.graph.nodes().nth(parameter.node);
        let columns = self.kept(input.map_or(0, |(_, checked)| checked.inputs[0]));
        let window = row / rest[0].max(1);
        left.chunks(row.max(1))
            .flat_map(|row| blocks(row, window, &columns))
            .collect()
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
    use crate::learn::optimiser::Rule;
    use crate::learn::train::Trainer;
    use crate::net::two_conv;
    use crate::prune::method::{Granularity, Method};
    use crate::prune::{Scores, Units};
    use burn::tensor::Device;
    use pollster::block_on;
    use proptest::prelude::*;

    const RULE: Rule = Rule::Adam {
        learning_rate: 1e-2,
    };

    fn batch(device: &Device) -> Batch {
        let data = data::digits().expect("it is embedded");
        Batcher::new(&data).batch(&data.train, 0..16, device)
    }

    /// A network trained for a few steps, some of its filters then removed.
    fn pruned(widths: [usize; 2], cut: &[bool]) -> (Arc<Graph>, Trainer) {
        let graph = two_conv([1, 8, 8], widths, 10).expect("it fits");
        let device = Device::flex();
        let mut trainer = Trainer::new(graph.clone(), &TrainState::fresh(&graph, 3), RULE, &device);
        let batch = batch(&device);
        for _ in 0..5 {
            trainer.step(&batch, &Objective::Labels);
        }
        let method = Method {
            granularity: Granularity::Filter,
            ..Default::default()
        };
        let scores = Scores::Filters(vec![0.0; widths.iter().sum::<usize>() + 10]);
        let units = Units::new(&method, &graph, scores, trainer.mask());
        let mask = units.mask(cut, trainer.mask());
        trainer.hold(mask);
        (graph, trainer)
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
            let (graph, mut trainer) = pruned([w1, w2], &cut);
            let state = block_on(trainer.state()).expect("the CPU works");
            let Some(compacted) = compact(&graph, &state) else {
                // Nothing to leave out, or nothing could be: one filter is always left.
                let left = |cut: &[bool]| cut.iter().filter(|&&c| !c).count().max(1);
                prop_assert_eq!([left(&cut[..w1]), left(&cut[w1..])], [w1, w2]);
                return Ok(());
            };
            let device = Device::flex();
            let batch = batch(&device);
            let mut smaller = Trainer::new(compacted.graph, &compacted.state, RULE, &device);
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
        let (graph, trainer) = pruned([2, 3], &[true, false, false, true, false]);
        let state = block_on(trainer.state()).expect("the CPU works");
        let compacted = compact(&graph, &state).expect("filters are removed");
        assert_eq!(compacted.filters, [vec![1], vec![0, 2]]);
        assert_eq!(
            compacted.state.parameters.layer(&compacted.graph, 0),
            &state.parameters.layer(&graph, 0)[9..]
        );
        assert!(compacted.state.mask.iter().all(|&m| m == 1));
        let sizes = compacted.graph.layout().total();
        assert_eq!(
            (compacted.state.mask.len(), compacted.state.cut_at.len()),
            (sizes, sizes)
        );
    }

    #[test]
    fn a_network_with_all_its_filters_is_left_alone() {
        let (graph, trainer) = pruned([2, 3], &[false; 5]);
        let state = block_on(trainer.state()).expect("the CPU works");
        assert_eq!(compact(&graph, &state), None);
    }
}
