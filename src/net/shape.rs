//! The shape of what a node gives for one image.

use super::op::{Conv, Op};

/// Without the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Channels, height, width.
    Image([usize; 3]),
    Flat(usize),
}

impl Shape {
    pub fn len(self) -> usize {
        match self {
            // Of a network that is not checked yet, it need not fit.
            Self::Image([c, h, w]) => c.saturating_mul(h).saturating_mul(w),
            Self::Flat(n) => n,
        }
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Channels of an image, features of a flat value.
    pub fn channels(self) -> usize {
        match self {
            Self::Image([c, _, _]) => c,
            Self::Flat(n) => n,
        }
    }

    /// Numbers of one channel.
    pub fn positions(self) -> usize {
        match self {
            Self::Image([_, h, w]) => h * w,
            Self::Flat(_) => 1,
        }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Image([c, h, w]) => write!(f, "{c}x{h}x{w}"),
            Self::Flat(n) => write!(f, "{n} features"),
        }
    }
}

/// No side, kernel or number of channels is larger: beyond it, products need not fit.
const MOST: usize = 1 << 16;

/// What `op` gives for inputs of these shapes.
///
/// # Errors
/// What it needs instead, as the end of a sentence.
pub fn shape_of(op: &Op, inputs: &[Shape]) -> Result<Shape, String> {
    let wanted = if *op == Op::Add { 2 } else { 1 };
    if inputs.len() != wanted {
        return Err(format!("it needs {wanted} input(s), not {}", inputs.len()));
    }
    let x = inputs[0];
    let image = || match x {
        Shape::Image(dims) => Ok(dims),
        Shape::Flat(_) => Err(format!("it needs an image, not {x}")),
    };
    match *op {
        Op::Conv(ref conv) => convolved(conv, image()?),
        Op::Linear { out, .. } => match x {
            Shape::Flat(_) => Ok(Shape::Flat(within("outputs", out, 1..=MOST)?)),
            Shape::Image(_) => Err("it needs flattened features, not an image".to_owned()),
        },
        Op::BatchNorm => image().map(Shape::Image),
        Op::Relu | Op::Relu6 => Ok(x),
        Op::MaxPool { kernel, stride } | Op::AvgPool { kernel, stride } => {
            let [c, h, w] = image()?;
            within("kernel", kernel, 1..=64)?;
            within("stride", stride, 1..=64)?;
            let [h, w] = [
                windows(h, kernel, stride, 0)?,
                windows(w, kernel, stride, 0)?,
            ];
            Ok(Shape::Image([c, h, w]))
        }
        Op::GlobalAvgPool => image().map(|[c, ..]| Shape::Flat(c)),
        Op::Flatten => {
            image()?;
            Ok(Shape::Flat(within("features", x.len(), 1..=1 << 24)?))
        }
        Op::Add if inputs[0] == inputs[1] => Ok(x),
        Op::Add => Err(format!("it adds {x} and {}, which differ", inputs[1])),
        Op::SlicePad {
            stride,
            before,
            after,
        } => {
            let [c, h, w] = image()?;
            within("stride", stride, 1..=64)?;
            within("zero channels", before.max(after), 0..=MOST)?;
            let c = within("channels", before + c + after, 1..=MOST)?;
            Ok(Shape::Image([c, h.div_ceil(stride), w.div_ceil(stride)]))
        }
        Op::Dropout { percent } => {
            within("per cent", percent as usize, 0..=95)?;
            Ok(x)
        }
    }
}

fn convolved(conv: &Conv, [c, h, w]: [usize; 3]) -> Result<Shape, String> {
    within("filters", conv.out, 1..=MOST)?;
    within("kernel", conv.kernel, 1..=11)?;
    within("stride", conv.stride, 1..=4)?;
    within("padding", conv.padding, 0..=conv.kernel / 2 + 1)?;
    let depthwise = conv.groups == c && conv.out == c;
    if conv.groups != 1 && !depthwise {
        return Err(format!(
            "its groups can be 1, or {c} with {c} filters (depthwise), not {} with {}",
            conv.groups, conv.out
        ));
    }
    let side = |side| windows(side, conv.kernel, conv.stride, conv.padding);
    Ok(Shape::Image([conv.out, side(h)?, side(w)?]))
}

fn windows(side: usize, kernel: usize, stride: usize, padding: usize) -> Result<usize, String> {
    match (side + 2 * padding).checked_sub(kernel) {
        Some(rest) => Ok(rest / stride + 1),
        None => Err(format!(
            "its window of {kernel} does not fit a picture of {side}: leave out a pooling before it, or take larger images"
        )),
    }
}

fn within(
    what: &str,
    value: usize,
    range: std::ops::RangeInclusive<usize>,
) -> Result<usize, String> {
    match range.contains(&value) {
        true => Ok(value),
        false => Err(format!(
            "its {what} can be {} to {}, not {value}",
            range.start(),
            range.end()
        )),
    }
}
