//! A training state as bytes and back: a safetensors file, so that others can read it.
//!
//! Tensors: `conv1.weight` ... `fc.bias`, Adam's `adam.first.*` and `adam.second.*`, and
//! `mask.conv1` ... (u8, 1 keeps), `cut_at.conv1` ... (u32, the step of the cut, `KEPT` where kept;
//! absent in older files). Metadata: format, settings, step.

use crate::config::RunConfig;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::state::{KEPT, Moments, TrainState};
use crate::net::{Graph, Parameter, Parameters, Role};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::HashMap;

const FORMAT: &str = "pruning-playground-checkpoint/1";

/// How every refusal begins.
pub(crate) const REFUSAL: &str = "this checkpoint can't be used: ";

fn bad(sentence: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::BadCheckpoint, format!("{REFUSAL}{sentence}"))
}

/// Writes `state`, made with `config` by the network `graph`.
///
/// # Errors
/// None that a correct state can cause; the format's own are passed on.
pub fn to_bytes(state: &TrainState, config: &RunConfig, graph: &Graph) -> Result<Vec<u8>> {
    to_bytes_with(state, config, graph, [])
}

/// As [`to_bytes`], with more to say in the metadata.
///
/// # Errors
/// None that a correct state can cause; the format's own are passed on.
pub fn to_bytes_with(
    state: &TrainState,
    config: &RunConfig,
    graph: &Graph,
    more: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<u8>> {
    // Views, since a copy of each would be as large as the file.
    let mut tensors: Vec<(String, TensorView<'_>)> = Vec::new();
    let mut add = |name: String, dtype, dims: &[usize], bytes| -> Result<()> {
        tensors.push((
            name,
            TensorView::new(dtype, dims.to_vec(), bytes).map_err(bad)?,
        ));
        Ok(())
    };
    let mut all = vec![("", &state.parameters)];
    let mut metadata = HashMap::from([
        ("format".to_owned(), FORMAT.to_owned()),
        (
            "config".to_owned(),
            serde_json::to_string(config).map_err(bad)?,
        ),
        ("step".to_owned(), state.step.to_string()),
    ]);
    metadata.extend(more);
    if let Some(moments) = &state.moments {
        let (first, time) = match moments.second.values.is_empty() {
            true => ("sgd.momentum.", "sgd.time"),
            false => ("adam.first.", "adam.time"),
        };
        all.extend([(first, &moments.first), ("adam.second.", &moments.second)]);
        metadata.insert(time.to_owned(), moments.time.to_string());
    }
    for (prefix, numbers) in all {
        let there = |p: &&Parameter| p.range.end <= numbers.values.len();
        for p in graph.parameters().iter().filter(there) {
            let name = format!("{prefix}{}", p.name);
            add(name, Dtype::F32, &p.dims, bytes_of(numbers.of(p)))?;
        }
    }
    for ((name, range), dims) in graph.layout().layers().zip(graph.weight_shapes()) {
        let mask = &state.mask[range];
        add(format!("mask.{name}"), Dtype::U8, &dims, mask)?;
    }
    for ((name, range), dims) in graph.layout().layers().zip(graph.weight_shapes()) {
        let steps = bytes_of(&state.cut_at[range]);
        add(format!("cut_at.{name}"), Dtype::U32, &dims, steps)?;
    }
    safetensors::serialize(tensors, Some(metadata)).map_err(bad)
}

/// Reads a checkpoint of the network `graph`; everything is checked before anything is used.
///
/// # Errors
/// Says what is wrong with the file, or where its network differs.
pub fn from_bytes(bytes: &[u8], graph: &Graph) -> Result<TrainState> {
    let metadata = metadata(bytes)?;
    let number = |key: &str| -> Result<u32> {
        let text = metadata
            .get(key)
            .ok_or_else(|| bad(format!("it does not say {key}")))?;
        match text.parse() {
            Ok(number) if number <= MOST_STEPS => Ok(number),
            _ => Err(bad(format!("its {key} is not a number of steps"))),
        }
    };
    let file = SafeTensors::deserialize(bytes).map_err(bad)?;
    let has = |key: &str| metadata.contains_key(key);
    let moments = match (has("adam.time"), has("sgd.time")) {
        (true, _) => Some(Moments {
            time: number("adam.time")?,
            first: parameters(&file, "adam.first.", learnt(graph))?,
            second: parameters(&file, "adam.second.", learnt(graph))?,
        }),
        (false, true) => Some(Moments {
            time: number("sgd.time")?,
            first: parameters(&file, "sgd.momentum.", learnt(graph))?,
            second: Parameters::default(),
        }),
        (false, false) => None,
    };
    // Adam takes the square root of these.
    if moments.as_ref().is_some_and(|m| m.second.any(|x| x < 0.0)) {
        return Err(bad("a second moment of Adam is below 0"));
    }
    let step = number("step")?;
    let parameters = parameters(&file, "", graph.parameters().iter())?;
    let negative =
        |p: &Parameter| p.role == Role::Variance && parameters.of(p).iter().any(|&v| v < 0.0);
    if let Some(p) = graph.parameters().iter().find(|p| negative(p)) {
        return Err(bad(format!("a variance in {} is below 0", p.name)));
    }
    let mask = mask(&file, graph)?;
    Ok(TrainState {
        step,
        parameters,
        moments,
        cut_at: cut_at(&file, graph, &mask, step)?,
        mask,
    })
}

/// More steps than anybody has trained; beyond them a count would come to its end.
const MOST_STEPS: u32 = 1 << 30;

/// The settings that a checkpoint was made with, in their ranges.
///
/// # Errors
/// Says what is wrong with the file or its settings.
pub fn config_of(bytes: &[u8]) -> Result<RunConfig> {
    let metadata = metadata(bytes)?;
    let text = metadata
        .get("config")
        .ok_or_else(|| bad("it does not say its settings"))?;
    let config: RunConfig = serde_json::from_str(text)
        .map_err(|error| bad(format!("its settings can't be read: {error}")))?;
    config.validate().map_err(bad)?;
    Ok(config)
}

/// What a checkpoint says of itself, once it says that it is one.
pub(crate) fn metadata(bytes: &[u8]) -> Result<HashMap<String, String>> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(bad)?;
    let metadata = header
        .metadata()
        .clone()
        .ok_or_else(|| bad("it has no metadata"))?;
    match metadata.get("format").map(String::as_str) == Some(FORMAT) {
        true => Ok(metadata),
        false => Err(bad(format!("its format is not {FORMAT}"))),
    }
}

fn learnt(graph: &Graph) -> impl Iterator<Item = &Parameter> {
    let parameters = graph.parameters().iter();
    parameters.filter(|p| p.range.end <= graph.learnt())
}

fn parameters<'a>(
    file: &SafeTensors<'_>,
    prefix: &str,
    which: impl Iterator<Item = &'a Parameter>,
) -> Result<Parameters> {
    let which: Vec<&Parameter> = which.collect();
    let mut values = Vec::with_capacity(which.iter().map(|p| p.range.len()).sum());
    for p in which {
        let name = format!("{prefix}{}", p.name);
        let bytes = view(file, &name, Dtype::F32, &p.dims)?.chunks_exact(4);
        let start = values.len();
        values.extend(bytes.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])));
        if !values[start..].iter().all(|v: &f32| v.is_finite()) {
            return Err(bad(format!("{name} has values that are not finite")));
        }
    }
    Ok(Parameters { values })
}

fn mask(file: &SafeTensors<'_>, graph: &Graph) -> Result<Vec<u8>> {
    let mut mask = Vec::new();
    for layer in graph.layers() {
        let (layer, dims) = (&layer.name, &layer.dims);
        mask.extend_from_slice(view(file, &format!("mask.{layer}"), Dtype::U8, dims)?);
    }
    match mask.iter().all(|&m| m <= 1) {
        true => Ok(mask),
        false => Err(bad("a mask has values other than 0 and 1")),
    }
}

/// When each weight was cut. A layer without it comes from an older file: by `step` at the latest.
fn cut_at(file: &SafeTensors<'_>, graph: &Graph, mask: &[u8], step: u32) -> Result<Vec<u32>> {
    let mut steps = Vec::with_capacity(mask.len());
    for ((layer, range), dims) in graph.layout().layers().zip(graph.weight_shapes()) {
        let name = format!("cut_at.{layer}");
        match file.tensor(&name) {
            Err(_) => steps.extend(
                mask[range]
                    .iter()
                    .map(|&m| if m == 1 { KEPT } else { step }),
            ),
            Ok(_) => steps.extend(
                view(file, &name, Dtype::U32, &dims)?
                    .chunks_exact(4)
                    .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])),
            ),
        }
    }
    match steps
        .iter()
        .zip(mask)
        .all(|(&at, &m)| (at == KEPT) == (m == 1))
    {
        true => Ok(steps),
        false => Err(bad("its masks and the steps of its cuts disagree")),
    }
}

fn view<'a>(file: &SafeTensors<'a>, name: &str, dtype: Dtype, dims: &[usize]) -> Result<&'a [u8]> {
    let tensor = file.tensor(name).map_err(bad)?;
    if tensor.dtype() != dtype || tensor.shape() != dims {
        return Err(bad(format!(
            "{name} is {:?} {:?}, but this network needs {dtype:?} {dims:?}",
            tensor.dtype(),
            tensor.shape()
        )));
    }
    Ok(tensor.data())
}

// The format is little-endian, as WebAssembly and all that this is built for natively.
const _: () = assert!(cfg!(target_endian = "little"));

fn bytes_of<T: bytemuck::NoUninit>(values: &[T]) -> &[u8] {
    bytemuck::cast_slice(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::two_conv;
    use std::sync::Arc;

    fn graph() -> Arc<Graph> {
        two_conv([1, 8, 8], [2, 3], 10).expect("it fits")
    }

    fn bytes() -> (TrainState, Vec<u8>) {
        let mut state = TrainState::fresh(&graph(), 3);
        state.step = 77;
        state.mask[5] = 0;
        state.cut_at[5] = 40;
        // Means of squares are not below 0.
        let mut second = Parameters::he_normal(&graph(), 5);
        second.map(f32::abs);
        state.moments = Some(Moments {
            time: 70,
            first: Parameters::he_normal(&graph(), 4),
            second,
        });
        let bytes = to_bytes(&state, &RunConfig::default(), &graph()).expect("a correct state");
        (state, bytes)
    }

    #[test]
    fn what_is_written_is_read_bit_for_bit() {
        let (state, bytes) = bytes();
        assert_eq!(from_bytes(&bytes, &graph()), Ok(state));
    }

    #[test]
    fn settings_come_back_and_ones_out_of_range_are_refused() {
        let state = TrainState::fresh(&graph(), 3);
        let with = |widths| {
            let config = RunConfig {
                widths,
                ..Default::default()
            };
            let bytes = to_bytes(&state, &config, &graph()).expect("a correct state");
            (config_of(&bytes), config)
        };
        let (read, config) = with([2, 3]);
        assert_eq!(read, Ok(config));
        for widths in [[0, 3], [2, 257], [u32::MAX, 3]] {
            let error = with(widths).0.unwrap_err();
            assert_eq!(error.code, ErrorCode::BadCheckpoint);
            assert!(error.message.contains("widths"), "{error}");
        }
        assert!(config_of(&[]).is_err());
    }

    /// The same file without the tensors that `keep` refuses.
    fn only(bytes: &[u8], keep: impl Fn(&str) -> bool) -> Vec<u8> {
        let (_, header) = SafeTensors::read_metadata(bytes).expect("a correct file");
        let file = SafeTensors::deserialize(bytes).expect("a correct file");
        let tensors = file.tensors().into_iter().filter(|(name, _)| keep(name));
        safetensors::serialize(tensors, header.metadata().clone()).expect("correct tensors")
    }

    #[test]
    fn weights_cut_in_an_older_file_went_by_its_step() {
        let (mut state, bytes) = bytes();
        let older = only(&bytes, |name| !name.starts_with("cut_at."));
        state.cut_at[5] = 77;
        assert_eq!(from_bytes(&older, &graph()), Ok(state));
    }

    #[test]
    fn a_kept_weight_with_a_step_of_its_cut_is_refused() {
        let (mut state, _) = bytes();
        state.cut_at[6] = 12;
        let bytes =
            to_bytes(&state, &RunConfig::default(), &graph()).expect("writing checks nothing");
        let error = from_bytes(&bytes, &graph()).unwrap_err();
        assert!(error.message.contains("disagree"), "{error}");
    }

    #[test]
    fn damaged_and_foreign_files_are_refused_with_a_sentence() {
        let (_, bytes) = bytes();
        let wider = two_conv([1, 8, 8], [2, 4], 10).expect("it fits");
        let error = from_bytes(&bytes, &wider).unwrap_err();
        assert_eq!(error.code, ErrorCode::BadCheckpoint);
        assert!(error.message.contains("conv2.weight"), "{error}");
        for end in [0, 7, 8, 100, bytes.len() - 1] {
            assert!(from_bytes(&bytes[..end], &graph()).is_err(), "cut at {end}");
        }
        let mut huge = bytes.clone();
        huge[..8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(from_bytes(&huge, &graph()).is_err());
        let at = bytes.len() - 4;
        let mut mask = bytes.clone();
        mask[at] = 9;
        assert!(from_bytes(&mask, &graph()).is_err());
    }
}
