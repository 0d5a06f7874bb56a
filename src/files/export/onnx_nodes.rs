//! The nodes of a network in ONNX, after the normalisation of its pixels.

use super::onnx_proto::{
    ATTRIBUTE_FLOAT, ATTRIBUTE_INT, ATTRIBUTE_INTS, AttributeProto, FLOAT, INT64, NodeProto,
    TensorProto,
};
use crate::net::{Graph, Op};

/// All nodes, and the constants that they need beside the parameters. What a node gives is called `<name>/out`; names of the
/// network's own have no slash.
pub(super) fn nodes(graph: &Graph) -> (Vec<NodeProto>, Vec<TensorProto>) {
    let mut writer = Writer {
        nodes: vec![
            node("Div", &["pixels", "scale"], "scaled", vec![]),
            node("Sub", &["scaled", "mean"], "centred", vec![]),
            node("Div", &["centred", "std"], "images", vec![]),
        ],
        constants: Vec::new(),
    };
    let names: Vec<String> = std::iter::once("images".to_owned())
        .chain(graph.nodes().map(|(node, _)| format!("{}/out", node.name)))
        .collect();
    let last = names.len() - 1;
    for (i, (node, checked)) in graph.nodes().enumerate() {
        let inputs: Vec<&str> = checked.inputs.iter().map(|&v| names[v].as_str()).collect();
        let parameters = checked.parameters.iter();
        let parameters: Vec<&str> = parameters
            .map(|&p| graph.parameters()[p].name.as_str())
            .collect();
        let output = match i + 1 == last {
            true => "logits",
            false => names[i + 1].as_str(),
        };
        writer.write(&node.op, &inputs, &parameters, output);
    }
    (writer.nodes, writer.constants)
}

struct Writer {
    nodes: Vec<NodeProto>,
    constants: Vec<TensorProto>,
}

impl Writer {
    fn write(&mut self, op: &Op, inputs: &[&str], parameters: &[&str], output: &str) {
        let all = [inputs, parameters].concat();
        let with = |op, attributes| node(op, &all, output, attributes);
        let windows = |kernel: usize, stride: usize| {
            let (kernel, stride) = (kernel as i64, stride as i64);
            vec![
                ints("kernel_shape", &[kernel, kernel]),
                ints("strides", &[stride, stride]),
            ]
        };
        let written = match *op {
            Op::Conv(conv) => {
                let mut attributes = windows(conv.kernel, conv.stride);
                attributes.push(ints("pads", &[conv.padding as i64; 4]));
                attributes.push(int("group", conv.groups as i64));
                with("Conv", attributes)
            }
            Op::Linear { .. } => with("Gemm", vec![int("transB", 1)]),
            Op::BatchNorm => with("BatchNormalization", vec![float("epsilon", 1e-5)]),
            Op::Relu => with("Relu", vec![]),
            Op::Relu6 => {
                let (low, high) = (format!("{output}/low"), format!("{output}/high"));
                self.constants.push(tensor(&low, &[], &[0.0]));
                self.constants.push(tensor(&high, &[], &[6.0]));
                node("Clip", &[inputs[0], &low, &high], output, vec![])
            }
            Op::MaxPool { kernel, stride } => with("MaxPool", windows(kernel, stride)),
            Op::AvgPool { kernel, stride } => with("AveragePool", windows(kernel, stride)),
            Op::GlobalAvgPool => {
                let pooled = format!("{output}/pooled");
                self.nodes
                    .push(node("GlobalAveragePool", inputs, &pooled, vec![]));
                node("Flatten", &[&pooled], output, vec![int("axis", 1)])
            }
            Op::Flatten => with("Flatten", vec![int("axis", 1)]),
            Op::Add => with("Add", vec![]),
            Op::SlicePad {
                stride,
                before,
                after,
            } => {
                let stride = stride as i64;
                let mut constant = |what: &str, values: &[i64]| {
                    let name = format!("{output}/{what}");
                    self.constants.push(whole_numbers(&name, values));
                    name
                };
                let sliced = format!("{output}/sliced");
                let [starts, ends] = [
                    constant("starts", &[0, 0]),
                    constant("ends", &[i64::MAX, i64::MAX]),
                ];
                let [axes, steps] = [
                    constant("axes", &[2, 3]),
                    constant("steps", &[stride, stride]),
                ];
                let zeros = [0, before as i64, 0, 0, 0, after as i64, 0, 0];
                let pads = constant("pads", &zeros);
                let slice = [inputs[0], &starts, &ends, &axes, &steps];
                self.nodes.push(node("Slice", &slice, &sliced, vec![]));
                node("Pad", &[&sliced, &pads], output, vec![])
            }
            // In evaluation it does nothing.
            Op::Dropout { .. } => with("Identity", vec![]),
        };
        self.nodes.push(written);
    }
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
        f: 0.0,
        i,
        ints: vec![],
        r#type: ATTRIBUTE_INT,
    }
}

fn float(name: &str, f: f32) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        f,
        i: 0,
        ints: vec![],
        r#type: ATTRIBUTE_FLOAT,
    }
}

fn ints(name: &str, ints: &[i64]) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        f: 0.0,
        i: 0,
        ints: ints.to_vec(),
        r#type: ATTRIBUTE_INTS,
    }
}

pub(super) fn tensor(name: &str, dims: &[usize], values: &[f32]) -> TensorProto {
    TensorProto {
        dims: dims.iter().map(|&d| d as i64).collect(),
        data_type: FLOAT,
        name: name.to_owned(),
        raw_data: values.iter().flat_map(|v| v.to_le_bytes()).collect(),
    }
}

fn whole_numbers(name: &str, values: &[i64]) -> TensorProto {
    TensorProto {
        dims: vec![values.len() as i64],
        data_type: INT64,
        name: name.to_owned(),
        raw_data: values.iter().flat_map(|v| v.to_le_bytes()).collect(),
    }
}
