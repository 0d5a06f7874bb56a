//! A network as data: what is written down, sent and stored. No tensors, and nothing is checked yet (see [`super::Graph`]).

use serde::{Deserialize, Serialize};

/// Nodes in an order in which each comes after its inputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Net {
    /// Channels, height and width of an image.
    pub input: [usize; 3],
    pub classes: usize,
    pub nodes: Vec<Node>,
}

/// One operation on the results of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub name: String,
    pub op: Op,
    /// Names of earlier nodes, or [`INPUT`].
    pub inputs: Vec<String>,
}

/// What an input is called that is the image itself.
pub const INPUT: &str = "input";

/// Operations; definitions are PyTorch's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    /// `[c, h, w]` to `[out, h', w']`; weight `[out, c / groups, kernel, kernel]`.
    Conv(Conv),
    /// `[n]` to `[out]`; weight `[out, n]`.
    Linear {
        out: usize,
        bias: bool,
    },
    /// Over batch, height and width of each channel; epsilon 1e-5, momentum 0.1.
    BatchNorm,
    Relu,
    Relu6,
    /// No padding; a last row or column that fills no window is left out.
    MaxPool {
        kernel: usize,
        stride: usize,
    },
    /// As `MaxPool`.
    AvgPool {
        kernel: usize,
        stride: usize,
    },
    /// `[c, h, w]` to `[c]`.
    GlobalAvgPool,
    /// `[c, h, w]` to `[c * h * w]`, channel first.
    Flatten,
    /// Of two inputs of one shape.
    Add,
    /// Every `stride`-th row and column, with `before` and `after` channels of zeros around: the shortcut "A" of ResNets
    /// (He et al., CVPR 2016).
    SlicePad {
        stride: usize,
        before: usize,
        after: usize,
    },
    /// In training, so many per cent of the values are 0 and the others scaled up (Srivastava et al., 2014).
    Dropout {
        percent: u32,
    },
}

/// A convolution of square kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conv {
    pub out: usize,
    pub kernel: usize,
    pub stride: usize,
    pub padding: usize,
    /// 1, or as many as there are input channels and output channels (depthwise).
    pub groups: usize,
    pub bias: bool,
}

impl Conv {
    /// Stride 1, and padding that keeps the size.
    pub fn same(out: usize, kernel: usize) -> Self {
        Self {
            out,
            kernel,
            stride: 1,
            padding: kernel / 2,
            groups: 1,
            bias: true,
        }
    }
}

impl Node {
    pub fn new(name: impl Into<String>, op: Op, input: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            op,
            inputs: vec![input.into()],
        }
    }
}

impl Op {
    /// What a sentence calls it.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Conv(_) => "convolution",
            Self::Linear { .. } => "linear layer",
            Self::BatchNorm => "batch normalisation",
            Self::Relu => "ReLU",
            Self::Relu6 => "ReLU6",
            Self::MaxPool { .. } => "max-pooling",
            Self::AvgPool { .. } => "average pooling",
            Self::GlobalAvgPool => "global average",
            Self::Flatten => "flattening",
            Self::Add => "addition",
            Self::SlicePad { .. } => "zero-padded shortcut",
            Self::Dropout { .. } => "dropout",
        }
    }
}
