//! Networks as short texts, for addresses: `c3-8 r p2 c3-16 r p2 f`.
//!
//! | word | layer |
//! | --- | --- |
//! | `c3-64`, `c5-20p0`, `c3-32s2` | convolution 3x3 with 64 filters; `p` padding (else the size is kept), `s` stride |
//! | `d3`, `d3s2` | depthwise convolution |
//! | `b`, `r`, `r6` | batch normalisation, ReLU, ReLU6 |
//! | `p2`, `a2`, `g` | max-pooling, average pooling (`p3s2`: of 3, stride 2), global average |
//! | `f-300`, `f` | linear layer of 300, of as many as there are classes; an image is flattened before it |
//! | `o50` | dropout of 50% |
//! | `[`…`\|`…`]` | two branches and their sum; an empty one is the identity |
//! | `z2-32` | every second row and column, and zeros up to 32 channels (shortcut "A") |
//!
//! Words are parted by spaces, underscores or plus signs. A convolution that batch normalisation follows has no bias.

use super::op::{Conv, INPUT, Net, Node, Op};
use super::shape::{Shape, shape_of};
use crate::error::{Error, ErrorCode, Result};
use std::collections::HashMap;

/// Longer than any network that can be drawn.
const MOST_LETTERS: usize = 4000;

/// Reads a short text as a network for images of `input` and so many `classes`.
///
/// # Errors
/// Names the word that can't be read or the layer that can't work.
pub fn parse(text: &str, input: [usize; 3], classes: usize) -> Result<Net> {
    if text.len() > MOST_LETTERS {
        return Err(bad(format!(
            "a network is written in at most {MOST_LETTERS} letters"
        )));
    }
    let spaced = text
        .replace(['_', '+', ',', '\n', '\t'], " ")
        .replace('[', " [ ")
        .replace(']', " ] ")
        .replace('|', " | ");
    let words: Vec<&str> = spaced.split(' ').filter(|word| !word.is_empty()).collect();
    let mut builder = Builder {
        net: Net {
            input,
            classes,
            nodes: Vec::new(),
        },
        linears: words.iter().filter(|w| w.starts_with('f')).count(),
        counts: HashMap::new(),
        at: INPUT.to_owned(),
        shape: Shape::Image(input),
        open: Vec::new(),
    };
    for (i, word) in words.iter().enumerate() {
        builder.word(word, words.get(i + 1).copied())?;
    }
    match builder.open.is_empty() {
        true => Ok(builder.net),
        false => Err(bad("a [ has no ] that ends it")),
    }
}

fn bad(sentence: impl Into<String>) -> Error {
    Error::new(ErrorCode::BadConfig, sentence)
}

/// Where two branches began, and where the first of them came to.
struct Branch {
    from: (String, Shape),
    first: Option<(String, Shape)>,
}

struct Builder {
    net: Net,
    /// How many linear layers there will be: one alone is called `fc`.
    linears: usize,
    counts: HashMap<&'static str, usize>,
    /// The node in hand and what it gives.
    at: String,
    shape: Shape,
    open: Vec<Branch>,
}

impl Builder {
    fn word(&mut self, word: &str, next: Option<&str>) -> Result<()> {
        match word {
            "[" => self.open.push(Branch {
                from: (self.at.clone(), self.shape),
                first: None,
            }),
            "|" => {
                let here = (self.at.clone(), self.shape);
                match self.open.last_mut() {
                    Some(branch) if branch.first.is_none() => {
                        branch.first = Some(here);
                        (self.at, self.shape) = branch.from.clone();
                    }
                    _ => return Err(bad("a | stands between two branches, within [ and ]")),
                }
            }
            "]" => {
                let Some(Branch {
                    first: Some((first, shape)),
                    ..
                }) = self.open.pop()
                else {
                    return Err(bad("a ] ends two branches, as in [ c3-16 | ]"));
                };
                let inputs = vec![first, self.at.clone()];
                self.push(Op::Add, "add", inputs, &[shape, self.shape])?;
            }
            _ => {
                let op = self.op(word, next)?;
                if let (Op::Linear { .. }, Shape::Image(_)) = (&op, self.shape) {
                    self.then(Op::Flatten, "flatten")?;
                }
                let prefix = match &op {
                    Op::Conv(_) => "conv",
                    Op::Linear { .. } => "fc",
                    Op::BatchNorm => "bn",
                    Op::Relu | Op::Relu6 => "relu",
                    Op::SlicePad { .. } => "shortcut",
                    Op::Dropout { .. } => "drop",
                    _ => "pool",
                };
                self.then(op, prefix)?;
            }
        }
        Ok(())
    }

    fn then(&mut self, op: Op, prefix: &'static str) -> Result<()> {
        self.push(op, prefix, vec![self.at.clone()], &[self.shape])
    }

    fn push(
        &mut self,
        op: Op,
        prefix: &'static str,
        inputs: Vec<String>,
        given: &[Shape],
    ) -> Result<()> {
        let count = self.counts.entry(prefix).or_default();
        *count += 1;
        let name = match prefix {
            "flatten" if *count == 1 => "flatten".to_owned(),
            "fc" if self.linears == 1 => "fc".to_owned(),
            _ => format!("{prefix}{count}"),
        };
        self.shape =
            shape_of(&op, given).map_err(|why| bad(format!("layer {name} can't work: {why}")))?;
        self.at.clone_from(&name);
        self.net.nodes.push(Node { name, op, inputs });
        Ok(())
    }

    fn op(&self, word: &str, next: Option<&str>) -> Result<Op> {
        let unknown = || {
            let word: String = word.chars().take(20).collect();
            bad(format!(
                "{word} is no layer: write one as in c3-16 (convolution), r (ReLU), p2 (max-pooling), b (batch normalisation), g (global average), f-100 (linear)"
            ))
        };
        let bias = next != Some("b");
        let mut rest = word;
        let letter = rest.chars().next().ok_or_else(unknown)?;
        rest = &rest[letter.len_utf8()..];
        let main = take_number(&mut rest).ok_or_else(unknown)?;
        let mut out = None;
        let mut stride = None;
        let mut padding = None;
        while let Some(mark) = rest.chars().next() {
            rest = &rest[mark.len_utf8()..];
            let number = take_number(&mut rest).flatten();
            let slot = match mark {
                '-' => &mut out,
                's' => &mut stride,
                'p' => &mut padding,
                _ => return Err(unknown()),
            };
            if number.is_none() || slot.is_some() {
                return Err(unknown());
            }
            *slot = number;
        }
        let pooled = |kernel: usize| (kernel, stride.unwrap_or(kernel));
        Ok(match (letter, main, out) {
            ('c', Some(kernel), Some(out)) => Op::Conv(Conv {
                stride: stride.unwrap_or(1),
                padding: padding.unwrap_or(kernel / 2),
                bias,
                ..Conv::same(out, kernel)
            }),
            ('d', Some(kernel), None) => Op::Conv(Conv {
                stride: stride.unwrap_or(1),
                padding: padding.unwrap_or(kernel / 2),
                groups: self.shape.channels(),
                bias,
                ..Conv::same(self.shape.channels(), kernel)
            }),
            ('b', None, None) => Op::BatchNorm,
            ('r', None, None) => Op::Relu,
            ('r', Some(6), None) => Op::Relu6,
            ('p', Some(kernel), None) => {
                let (kernel, stride) = pooled(kernel);
                Op::MaxPool { kernel, stride }
            }
            ('a', Some(kernel), None) => {
                let (kernel, stride) = pooled(kernel);
                Op::AvgPool { kernel, stride }
            }
            ('g', None, None) => Op::GlobalAvgPool,
            ('f', None, out) => Op::Linear {
                out: out.unwrap_or(self.net.classes),
                bias: true,
            },
            ('o', Some(percent), None) => Op::Dropout {
                percent: percent as u32,
            },
            ('z', Some(stride), Some(channels)) => {
                let zeros = channels.checked_sub(self.shape.channels()).ok_or_else(|| {
                    bad(format!(
                        "{word} can't work: {} channels come to it already",
                        self.shape.channels()
                    ))
                })?;
                Op::SlicePad {
                    stride,
                    before: zeros / 2,
                    after: zeros - zeros / 2,
                }
            }
            _ => return Err(unknown()),
        })
    }
}

/// The number at the beginning, if there is one; None where it is one that nothing can have.
#[allow(clippy::option_option)]
fn take_number(rest: &mut &str) -> Option<Option<usize>> {
    let len = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, after) = rest.split_at(len);
    *rest = after;
    match digits {
        "" => Some(None),
        digits => digits.parse().ok().map(Some),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::net::Graph;

    #[test]
    fn a_text_is_the_network_that_it_says() {
        let net = parse("c3-8 r p2 c3-16 r p2 f", [1, 28, 28], 10).expect("it fits");
        let names: Vec<&str> = net.nodes.iter().map(|n| n.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc"
            ]
        );
        let net = parse("c3-4_b_r_[c3-8s2+b|z2-8]r_g_f-10", [3, 16, 16], 10).expect("it fits");
        let graph = Graph::new(net).expect("it fits");
        let names: Vec<&str> = graph.layers().iter().map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["conv1", "conv2", "fc"]);
        assert!(graph.parameters().iter().all(|p| p.name != "conv1.bias"));
    }

    #[test]
    fn what_is_no_network_is_refused_with_its_word() {
        for (text, says) in [
            ("", "layers"),
            ("x", "x is no layer"),
            ("c3 f", "c3 is no layer"),
            ("c3-8q2 f", "c3-8q2"),
            ("c3-8 p2 p2 p2 p2 f", "pool4"),
            ("c3-8 ] f", "]"),
            ("[ c3-8 f", "]"),
            ("| f", "|"),
            ("[c3-8|] f", "add1"),
            ("c3-99999999999999999999 f", "c3-9999"),
            ("c3-8", "conv1"),
            ("f-9", "fc"),
            ("f-300 c3-8", "conv1"),
            ("c3-60000 c3-60000 f", "conv2"),
            ("ä f", "is no layer"),
        ] {
            let error = parse(text, [1, 8, 8], 10)
                .and_then(Graph::new)
                .expect_err(text);
            assert!(error.message.contains(says), "{text}: {error}");
        }
    }
}
