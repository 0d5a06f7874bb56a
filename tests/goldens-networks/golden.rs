//! One network of the goldens: its graph, its numbers, its files.

use burn::tensor::Device;
use pruning_playground::data::batch::Batch;
use pruning_playground::net::{Conv, Graph, Net, Node, Op, Parameters};
use pruning_playground::ops::transfer::tensor;
use safetensors::SafeTensors;
use serde_json::Value;
use std::sync::Arc;

pub const NAMES: [&str; 10] = [
    "mlp",
    "lenet5",
    "lenet5-relu",
    "conv4",
    "vgg-bn",
    "resnet-b",
    "resnet-a",
    "resnet-a-end",
    "separable",
    "separable6",
];

pub struct Golden {
    name: &'static str,
    pub json: Value,
    pub graph: Arc<Graph>,
    pub parameters: Parameters,
}

fn bytes(path: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/goldens-networks/");
    std::fs::read(format!("{folder}{path}")).expect(path)
}

impl Golden {
    pub fn open(name: &'static str) -> Self {
        let all: Value = serde_json::from_slice(&bytes("goldens.json")).expect("JSON");
        let json = all["networks"][name].clone();
        let graph = Arc::new(Graph::new(net(&json)).expect(name));
        let mut golden = Self {
            name,
            json,
            graph,
            parameters: Parameters::default(),
        };
        let model = golden.file("model");
        let names = golden.graph.parameters().iter().map(|p| &p.name);
        let values = names.flat_map(|name| golden.floats(&model, name)).collect();
        golden.parameters = Parameters { values };
        golden
    }

    pub fn file(&self, what: &str) -> Vec<u8> {
        bytes(&format!("{}/{what}.safetensors", self.name))
    }

    pub fn floats(&self, file: &[u8], name: &str) -> Vec<f32> {
        let file = SafeTensors::deserialize(file).expect("safetensors");
        let data = file.tensor(name).expect(name).data().to_vec();
        data.chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect()
    }

    pub fn batch(&self, device: &Device) -> Batch {
        let file = self.file("batch");
        let parsed = SafeTensors::deserialize(&file).expect("safetensors");
        let labels = parsed.tensor("labels").expect("labels").data();
        let labels: Vec<u8> = labels.chunks_exact(8).map(|b| b[0]).collect();
        let mut one_hot = vec![0.0; labels.len() * 10];
        for (row, &label) in one_hot.chunks_mut(10).zip(&labels) {
            row[usize::from(label)] = 1.0;
        }
        let [c, h, w] = self.graph.input();
        let n = labels.len();
        Batch {
            images: tensor(self.floats(&file, "input"), [n, c, h, w], device),
            one_hot: tensor(one_hot, [n, 10], device),
            labels,
            first_row: 0,
        }
    }

    /// The mask `id` over all prunable weights.
    pub fn mask(&self, id: &str) -> Vec<u8> {
        let file = self.file("masks");
        let file = SafeTensors::deserialize(&file).expect("safetensors");
        let of = |name: &str| {
            file.tensor(&format!("{id}.{name}.weight"))
                .expect(id)
                .data()
                .to_vec()
        };
        self.graph
            .layers()
            .iter()
            .flat_map(|layer| of(&layer.name))
            .collect()
    }

    /// Members and score of each group.
    pub fn groups(&self) -> Vec<(Vec<(String, usize)>, f64)> {
        let groups = self.json["groups"].as_array().expect("groups").iter();
        groups
            .map(|group| {
                let members = group["members"].as_array().expect("members").iter();
                let member = |m: &Value| {
                    (
                        m[0].as_str().expect("name").to_owned(),
                        m[1].as_u64().expect("channel") as usize,
                    )
                };
                (
                    members.map(member).collect(),
                    group["score"].as_f64().expect("score"),
                )
            })
            .collect()
    }

    /// The filters that an entry removes, as layer and channel.
    pub fn removed(&self, entry: &Value) -> Vec<(usize, usize)> {
        let layers = self.graph.layers().iter().enumerate();
        layers
            .flat_map(|(i, layer)| {
                let list = entry["removed"][&layer.name]
                    .as_array()
                    .cloned()
                    .unwrap_or_default();
                list.into_iter()
                    .map(move |c| (i, c.as_u64().expect("channel") as usize))
            })
            .collect()
    }
}

fn net(json: &Value) -> Net {
    let number = |value: &Value, key: &str| value[key].as_u64().expect(key) as usize;
    let op = |node: &Value| match node["op"].as_str().expect("op") {
        "conv2d" => Op::Conv(Conv {
            out: number(node, "out"),
            kernel: number(node, "kernel"),
            stride: number(node, "stride"),
            padding: number(node, "padding"),
            groups: number(node, "groups"),
            bias: node["bias"].as_bool().expect("bias"),
        }),
        "linear" => Op::Linear {
            out: number(node, "out"),
            bias: node["bias"].as_bool().unwrap_or(true),
        },
        "batch_norm2d" => Op::BatchNorm,
        "relu" => Op::Relu,
        "relu6" => Op::Relu6,
        "max_pool2d" => Op::MaxPool {
            kernel: number(node, "kernel"),
            stride: number(node, "stride"),
        },
        "avg_pool2d" => Op::AvgPool {
            kernel: number(node, "kernel"),
            stride: number(node, "stride"),
        },
        "global_avg_pool" => Op::GlobalAvgPool,
        "flatten" => Op::Flatten,
        "add" => Op::Add,
        "slice_pad" => Op::SlicePad {
            stride: number(node, "stride"),
            before: number(node, "before"),
            after: number(node, "after"),
        },
        other => panic!("{other} is no operation"),
    };
    let nodes = json["nodes"].as_array().expect("nodes").iter();
    Net {
        input: [0, 1, 2].map(|i| json["input"][i].as_u64().expect("input") as usize),
        classes: number(json, "classes"),
        nodes: nodes
            .map(|node| Node {
                name: node["name"].as_str().expect("name").to_owned(),
                op: op(node),
                inputs: node["inputs"]
                    .as_array()
                    .expect("inputs")
                    .iter()
                    .map(|v| v.as_str().expect("a name").to_owned())
                    .collect(),
            })
            .collect(),
    }
}

pub fn close(a: &[f32], b: &[f32], tolerance: f32) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance)
}

pub fn assert_close(found: &[f32], known: &[f32], tolerance: f32, what: &str) {
    let most = found
        .iter()
        .zip(known)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    assert!(close(found, known, tolerance), "{what}: {most}");
}

/// The device that is tested: the CPU's where there is that backend, else WebGPU's; None where there is no adapter.
#[cfg(feature = "cpu")]
pub fn device() -> Option<Device> {
    Some(Device::flex())
}

#[cfg(not(feature = "cpu"))]
pub fn device() -> Option<Device> {
    // A runtime can be initialised once only.
    static DEVICE: std::sync::OnceLock<Option<Device>> = std::sync::OnceLock::new();
    let open = || match Device::wgpu_options().init() {
        Ok(device) => Some(device),
        Err(e) => {
            eprintln!("not tested: {e}");
            None
        }
    };
    DEVICE.get_or_init(open).clone()
}
