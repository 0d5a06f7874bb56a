//! A network as ONNX (<https://onnx.ai>, opset 17): pixels in, logits out, normalisation included.

use super::onnx_proto::{
    ATTRIBUTE_INT, ATTRIBUTE_INTS, AttributeProto, Dimension, DimensionProto, FLOAT, GraphProto,
    ModelProto, NodeProto, OperatorSetIdProto, StringStringEntryProto, TensorProto,
    TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};
use crate::data::Normalisation;
use crate::net::{CnnConfig, LAYERS, Parameters};
use prost::Message;

const IR_VERSION: i64 = 8;
const OPSET: i64 = 17;

/// The bytes of a model with input `pixels` (f32, `[n, channels, height, width]`, 0 to 255) and output `logits` (f32,
/// `[n, classes]`), with `metadata` in its `metadata_props`. Masks are in the weights: what is cut is 0.
///
/// `parameters` must have the sizes of `config`.
pub fn to_onnx(
    config: &CnnConfig,
    parameters: &Parameters,
    normalisation: &Normalisation,
    metadata: &[(String, String)],
) -> Vec<u8> {
    let mut initializer = scaling(normalisation);
    let tensors = parameters.weights.iter().zip(&parameters.biases);
    for ((layer, dims), (weight, bias)) in
        LAYERS.into_iter().zip(config.weight_shapes()).zip(tensors)
    {
        initializer.push(tensor(&format!("{layer}.bias"), &[dims[0]], bias));
        initializer.push(tensor(&format!("{layer}.weight"), &dims, weight));
    }
    let image = [config.channels, config.height, config.width];
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
            node: nodes(),
            name: "cnn".to_owned(),
            initializer,
            input: vec![value(
                "pixels",
                &image,
                "Pixels from 0 to 255, channel by channel",
            )],
            output: vec![value(
                "logits",
                &[config.classes],
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

fn nodes() -> Vec<NodeProto> {
    let mut nodes = vec![
        node("Div", &["pixels", "scale"], "scaled", vec![]),
        node("Sub", &["scaled", "mean"], "centred", vec![]),
        node("Div", &["centred", "std"], "images", vec![]),
    ];
    for (layer, from, to) in [("conv1", "images", "pool1"), ("conv2", "pool1", "pool2")] {
        let [weight, bias, sum, active] =
            ["weight", "bias", "sum", "relu"].map(|part| format!("{layer}.{part}"));
        let same = vec![
            ints("kernel_shape", &[3, 3]),
            ints("pads", &[1, 1, 1, 1]),
            ints("strides", &[1, 1]),
        ];
        nodes.push(node("Conv", &[from, &weight, &bias], &sum, same));
        nodes.push(node("Relu", &[&sum], &active, vec![]));
        let halve = vec![ints("kernel_shape", &[2, 2]), ints("strides", &[2, 2])];
        nodes.push(node("MaxPool", &[&active], to, halve));
    }
    nodes.push(node(
        "Flatten",
        &["pool2"],
        "features",
        vec![int("axis", 1)],
    ));
    let linear = ["features", "fc.weight", "fc.bias"];
    nodes.push(node("Gemm", &linear, "logits", vec![int("transB", 1)]));
    nodes
}

fn node(op: &str, inputs: &[&str], output: &str, attribute: Vec<AttributeProto>) -> NodeProto {
    NodeProto {
        input: inputs.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        name: format!("{output}/{op}"),
        op_type: op.to_owned(),
        attribute,
    }
}

fn int(name: &str, i: i64) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        i,
        ints: vec![],
        r#type: ATTRIBUTE_INT,
    }
}

fn ints(name: &str, ints: &[i64]) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        i: 0,
        ints: ints.to_vec(),
        r#type: ATTRIBUTE_INTS,
    }
}

fn tensor(name: &str, dims: &[usize], values: &[f32]) -> TensorProto {
    TensorProto {
        dims: dims.iter().map(|&d| d as i64).collect(),
        data_type: FLOAT,
        name: name.to_owned(),
        raw_data: values.iter().flat_map(|v| v.to_le_bytes()).collect(),
    }
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
