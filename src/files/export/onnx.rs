//! A network as ONNX (<https://onnx.ai>, opset 17): pixels in, logits out, normalisation included.

use super::onnx_nodes::{nodes, tensor};
use super::onnx_proto::{
    Dimension, DimensionProto, FLOAT, GraphProto, ModelProto, OperatorSetIdProto,
    StringStringEntryProto, TensorProto, TensorShapeProto, TensorTypeProto, TypeProto,
    ValueInfoProto,
};
use crate::data::Normalisation;
use crate::net::{Graph, Parameters};
use prost::Message;

const IR_VERSION: i64 = 8;
const OPSET: i64 = 17;

/// The bytes of a model with input `pixels` (f32, `[n, channels, height, width]`, 0 to 255) and output `logits` (f32,
/// `[n, classes]`), with `metadata` in its `metadata_props`. Masks are in the weights: what is cut is 0.
///
/// `parameters` must have the size of `graph`.
pub fn to_onnx(
    graph: &Graph,
    parameters: &Parameters,
    normalisation: &Normalisation,
    metadata: &[(String, String)],
) -> Vec<u8> {
    let mut initializer = scaling(normalisation);
    let numbers = graph.parameters().iter();
    initializer.extend(numbers.map(|p| tensor(&p.name, &p.dims, parameters.of(p))));
    let (node, constants) = nodes(graph);
    initializer.extend(constants);
    ModelProto {
        ir_version: IR_VERSION,
        opset_import: vec![OperatorSetIdProto {
            domain: String::new(),
            version: OPSET,
        }],
        producer_name: env!("CARGO_PKG_NAME").to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        doc_string: "Pixels from 0 to 255 in, logits out; normalisation is part of the graph."
            .to_owned(),
        graph: Some(GraphProto {
            node,
            name: "cnn".to_owned(),
            initializer,
            input: vec![value(
                "pixels",
                &graph.input(),
                "Pixels from 0 to 255, channel by channel",
            )],
            output: vec![value(
                "logits",
                &[graph.classes()],
                "One a class, before the softmax",
            )],
        }),
        metadata_props: metadata
            .iter()
            .map(|(key, value)| StringStringEntryProto {
                key: key.clone(),
                value: value.clone(),
            })
            .collect(),
    }
    .encode_to_vec()
}

/// What `(p / 255 - mean) / std` needs, in the same order of operations, so that it comes to the same bits.
fn scaling(normalisation: &Normalisation) -> Vec<TensorProto> {
    let channels = normalisation.mean.len();
    vec![
        tensor("scale", &[1], &[255.0]),
        tensor("mean", &[1, channels, 1, 1], &normalisation.mean),
        tensor("std", &[1, channels, 1, 1], &normalisation.std),
    ]
}

/// A tensor of any number of rows of these dimensions.
fn value(name: &str, dims: &[usize], about: &str) -> ValueInfoProto {
    let rows = Dimension::Param("n".to_owned());
    let dims = dims.iter().map(|&d| Dimension::Value(d as i64));
    let dim = std::iter::once(rows)
        .chain(dims)
        .map(|value| DimensionProto { value: Some(value) })
        .collect();
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto {
            tensor_type: Some(TensorTypeProto {
                elem_type: FLOAT,
                shape: Some(TensorShapeProto { dim }),
            }),
        }),
        doc_string: about.to_owned(),
    }
}
