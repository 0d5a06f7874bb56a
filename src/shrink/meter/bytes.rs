//! The bytes of a network as files of different kinds would hold it: what a download really is.

use super::way::Way;
use crate::learn::state::TrainState;
use crate::net::{Graph, Parameters};
use crate::shrink::compact::compact;
use serde::Serialize;
use std::sync::Arc;

/// How the weights of a network are laid out in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Every weight, f32.
    Dense,
    /// Compressed sparse rows: of each filter or output, where it ends (u32), columns (u16, or u32 where rows are longer)
    /// and values (f32) of the weights that are left.
    Csr,
    /// A bit for every weight, and the values (f32) of those that are left.
    Bitmap,
}

/// Which network a file holds, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Encoded {
    pub way: Way,
    pub encoding: Encoding,
}

impl Encoding {
    pub const ALL: [Self; 3] = [Self::Dense, Self::Csr, Self::Bitmap];

    /// Weights that are 0 count as cut. Biases and what batch normalisation has are f32 in all of them.
    pub fn bytes(self, graph: &Graph, parameters: &Parameters) -> Vec<u8> {
        let mut out = Vec::new();
        for (i, layer) in graph.layers().iter().enumerate() {
            let weights = parameters.layer(graph, i);
            let row = layer.dims[1..].iter().product::<usize>().max(1);
            match self {
                Self::Dense => floats(&mut out, weights.iter()),
                Self::Csr => csr(&mut out, weights, row),
                Self::Bitmap => bitmap(&mut out, weights),
            }
        }
        let rest = &parameters.values[graph.layout().total()..];
        floats(&mut out, rest.iter());
        out
    }
}

/// The network before the cut in one file, where it is known, and after it in each way there is.
pub fn encodings(
    graph: &Arc<Graph>,
    before: Option<&Parameters>,
    state: &TrainState,
) -> Vec<(Encoded, Vec<u8>)> {
    let encode = |way, encoding: Encoding, graph: &Graph, parameters: &Parameters| {
        let bytes = encoding.bytes(graph, parameters);
        (Encoded { way, encoding }, bytes)
    };
    let masked = state.parameters.clone().under(graph, &state.mask);
    let dense = |before| encode(Way::Dense, Encoding::Dense, graph, before);
    let mut all: Vec<_> = before.map(dense).into_iter().collect();
    all.extend(Encoding::ALL.map(|encoding| encode(Way::Masked, encoding, graph, &masked)));
    if let Some(smaller) = compact(graph, state) {
        let parameters = smaller.state.parameters;
        all.push(encode(
            Way::Compacted,
            Encoding::Dense,
            &smaller.graph,
            &parameters,
        ));
    }
    all
}

fn floats<'a>(out: &mut Vec<u8>, values: impl Iterator<Item = &'a f32>) {
    out.extend(values.flat_map(|v| v.to_le_bytes()));
}

fn left(weights: &[f32]) -> impl Iterator<Item = &f32> {
    weights.iter().filter(|w| **w != 0.0)
}

fn csr(out: &mut Vec<u8>, weights: &[f32], row: usize) {
    let mut end = 0u32;
    for row in weights.chunks(row) {
        end += left(row).count() as u32;
        out.extend(end.to_le_bytes());
    }
    for values in weights.chunks(row) {
        let columns = values.iter().enumerate().filter(|(_, w)| **w != 0.0);
        for (column, _) in columns {
            match u16::try_from(row) {
                Ok(_) => out.extend((column as u16).to_le_bytes()),
                Err(_) => out.extend((column as u32).to_le_bytes()),
            }
        }
    }
    floats(out, left(weights));
}

fn bitmap(out: &mut Vec<u8>, weights: &[f32]) {
    let byte = |eight: &[f32]| {
        let bits = eight.iter().enumerate();
        bits.fold(0u8, |byte, (i, w)| byte | u8::from(*w != 0.0) << i)
    };
    out.extend(weights.chunks(8).map(byte));
    floats(out, left(weights));
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::net::two_conv;

    #[test]
    fn sizes_are_those_of_the_definitions() {
        let graph = two_conv([1, 8, 8], [2, 3], 10).expect("it fits");
        let mut parameters = Parameters::he_normal(&graph, 1);
        let all = graph.layout().total();
        for (_, range) in graph.layout().layers() {
            let weights = parameters.values[range].iter_mut();
            weights.skip(1).step_by(2).for_each(|w| *w = 0.0);
        }
        let kept = left(parameters.weights(&graph)).count();
        let biases = 4 * (2 + 3 + 10);
        let size = |encoding: Encoding| encoding.bytes(&graph, &parameters).len();
        assert_eq!(size(Encoding::Dense), 4 * all + biases);
        assert_eq!(size(Encoding::Csr), 4 * (2 + 3 + 10) + 6 * kept + biases);
        let layers = graph.layout().layers();
        let bits: usize = layers.map(|(_, range)| range.len().div_ceil(8)).sum();
        assert_eq!(size(Encoding::Bitmap), bits + 4 * kept + biases);
    }
}
