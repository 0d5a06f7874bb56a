//! The bytes of a network as files of different kinds would hold it: what a download really is.

use super::way::Way;
use crate::learn::state::TrainState;
use crate::net::{CnnConfig, Parameters};
use crate::shrink::compact::compact;
use serde::Serialize;

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

    /// Weights that are 0 count as cut. Biases are f32 in all of them.
    pub fn bytes(self, config: &CnnConfig, parameters: &Parameters) -> Vec<u8> {
        let mut out = Vec::new();
        for (weights, shape) in parameters.weights.iter().zip(config.weight_shapes()) {
            let row = shape[1..].iter().product::<usize>().max(1);
            match self {
                Self::Dense => floats(&mut out, weights.iter()),
                Self::Csr => csr(&mut out, weights, row),
                Self::Bitmap => bitmap(&mut out, weights),
            }
        }
        floats(&mut out, parameters.biases.iter().flatten());
        out
    }
}

/// The network before the cut in one file, where it is known, and after it in each way there is.
pub fn encodings(
    config: &CnnConfig,
    before: Option<&Parameters>,
    state: &TrainState,
) -> Vec<(Encoded, Vec<u8>)> {
    let encode = |way, encoding: Encoding, config: &CnnConfig, parameters: &Parameters| {
        let bytes = encoding.bytes(config, parameters);
        (Encoded { way, encoding }, bytes)
    };
    let masked = state.parameters.clone().under(config, &state.mask);
    let dense = |before| encode(Way::Dense, Encoding::Dense, config, before);
    let mut all: Vec<_> = before.map(dense).into_iter().collect();
    all.extend(Encoding::ALL.map(|encoding| encode(Way::Masked, encoding, config, &masked)));
    if let Some(smaller) = compact(config, state) {
        let parameters = smaller.state.parameters;
        all.push(encode(
            Way::Compacted,
            Encoding::Dense,
            &smaller.config,
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
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_definitions() {
        let config = CnnConfig {
            channels: 1,
            height: 8,
            width: 8,
            widths: [2, 3],
            classes: 10,
        };
        let mut parameters = Parameters::he_normal(&config, 1);
        let all = config.layout().total();
        for weights in &mut parameters.weights {
            weights.iter_mut().skip(1).step_by(2).for_each(|w| *w = 0.0);
        }
        let kept: usize = parameters.weights.iter().map(|w| left(w).count()).sum();
        let biases = 4 * (2 + 3 + 10);
        let size = |encoding: Encoding| encoding.bytes(&config, &parameters).len();
        assert_eq!(size(Encoding::Dense), 4 * all + biases);
        assert_eq!(size(Encoding::Csr), 4 * (2 + 3 + 10) + 6 * kept + biases);
        let bits: usize = parameters.weights.iter().map(|w| w.len().div_ceil(8)).sum();
        assert_eq!(size(Encoding::Bitmap), bits + 4 * kept + biases);
    }
}
