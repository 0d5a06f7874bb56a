//! Networks of the field's papers, by name.

use super::graph::Graph;
use super::op::Net;
use super::text::parse;
use crate::error::{Error, ErrorCode, Result};
use std::sync::Arc;

/// Names of the presets; each with `/2`, `/4` or `/8` after it is that much narrower.
pub const PRESETS: [&str; 10] = [
    "lenet-300-100",
    "lenet-5",
    "lenet-5-relu",
    "conv-2",
    "conv-4",
    "conv-6",
    "vgg-small",
    "resnet-20",
    "resnet-20-b",
    "mobile",
];

/// The article's network, with as many filters as the settings say.
pub const TWO_CONV: &str = "two-conv";

/// Conv 3x3, ReLU, max-pool 2, twice, and a linear layer.
///
/// # Errors
/// The images are too small.
pub fn two_conv(input: [usize; 3], [a, b]: [usize; 2], classes: usize) -> Result<Arc<Graph>> {
    let net = parse(&two_conv_text([a, b]), input, classes)?;
    Graph::new(net).map(Arc::new)
}

fn two_conv_text([a, b]: [usize; 2]) -> String {
    format!("c3-{a} r p2 c3-{b} r p2 f")
}

/// The network of this name, short text or JSON of nodes, for images of `input` and so many `classes`. `widths` are the
/// filters of `two-conv`.
///
/// # Errors
/// Says what can't be read, or which layer can't work and why.
pub fn network(
    written: &str,
    widths: [usize; 2],
    input: [usize; 3],
    classes: usize,
) -> Result<Arc<Graph>> {
    let written = written.trim();
    let net = if written.starts_with('{') {
        let net: Net = serde_json::from_str(written).map_err(|error| {
            Error::new(
                ErrorCode::BadConfig,
                format!("this network can't be read: {error}"),
            )
        })?;
        if net.input != input || net.classes != classes {
            let ([a, b, c], [d, e, f]) = (net.input, input);
            return Err(Error::new(
                ErrorCode::BadConfig,
                format!(
                    "this network takes images of {a}x{b}x{c} and tells {} classes apart; these are {d}x{e}x{f} of {classes}",
                    net.classes
                ),
            ));
        }
        net
    } else {
        let filters = widths.map(|w| w.min(u32::MAX as usize) as u32);
        let text = text_of(written, filters).unwrap_or_else(|| written.to_owned());
        parse(&text, input, classes)?
    };
    Graph::new(net).map(Arc::new)
}

/// The short text of a preset (of `two-conv` with so many filters); None where there is none of this name.
pub fn text_of(name: &str, widths: [u32; 2]) -> Option<String> {
    if name.is_empty() || name == TWO_CONV {
        return Some(two_conv_text(widths.map(|w| w as usize)));
    }
    let (name, divisor) = name.rsplit_once('/').unwrap_or((name, "1"));
    let divisor: usize = match divisor {
        "1" => 1,
        "2" => 2,
        "4" => 4,
        "8" => 8,
        _ => return None,
    };
    let width = |full: usize| (full / divisor).max(1);
    Some(match name {
        "lenet-300-100" => format!("f-{} r f-{} r f", width(300), width(100)),
        "lenet-5" | "lenet-5-relu" => {
            let r = if name == "lenet-5" { "" } else { " r" };
            let [a, b, c] = [20, 50, 500].map(width);
            format!("c5-{a}p0{r} p2 c5-{b}p0{r} p2 f-{c} r f")
        }
        "conv-2" | "conv-4" | "conv-6" => {
            let stages = [64, 128, 256].map(width);
            let pairs = match name {
                "conv-2" => 1,
                "conv-4" => 2,
                _ => 3,
            };
            let pair = |a: &usize| format!("c3-{a} r c3-{a} r p2 ");
            let convolutions: String = stages[..pairs].iter().map(pair).collect();
            let hidden = width(256);
            format!("{convolutions}f-{hidden} r f-{hidden} r f")
        }
        "vgg-small" => {
            let pair = |a: usize| format!("c3-{a} b r c3-{a} b r");
            let [a, b, c] = [32, 64, 128].map(|full| pair(width(full)));
            format!("{a} p2 {b} p2 {c} g f")
        }
        "resnet-20" => resnet(3, [16, 32, 64].map(width), |stride, out| {
            format!("z{stride}-{out}")
        }),
        "resnet-20-b" => resnet(3, [16, 32, 64].map(width), |stride, out| {
            format!("c1-{out}s{stride} b")
        }),
        "mobile" => {
            let separable =
                |stride: usize, out: usize| format!("d3s{stride} b r c1-{} b r ", width(out));
            let blocks: String = [(1, 32), (2, 64), (1, 64), (2, 128), (1, 128)]
                .into_iter()
                .map(|(stride, out)| separable(stride, out))
                .collect();
            format!("c3-{} b r {blocks}g f", width(16))
        }
        _ => return None,
    })
}

/// He et al., CVPR 2016: three stages of `blocks` blocks; the first of a later stage halves the picture.
fn resnet(blocks: usize, widths: [usize; 3], shortcut: impl Fn(usize, usize) -> String) -> String {
    let mut text = format!("c3-{} b r ", widths[0]);
    for (stage, out) in widths.into_iter().enumerate() {
        for block in 0..blocks {
            let first = stage > 0 && block == 0;
            let stride = if first { 2 } else { 1 };
            let shortcut = if first {
                shortcut(stride, out)
            } else {
                String::new()
            };
            text += &format!("[ c3-{out}s{stride} b r c3-{out} b | {shortcut} ] r ");
        }
    }
    text + "g f"
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn presets_have_the_weights_of_their_papers() {
        let mnist = [1, 28, 28];
        let cifar = [3, 32, 32];
        for (name, input, weights) in [
            ("lenet-300-100", mnist, 266_200),
            ("lenet-5", mnist, 430_500),
            ("lenet-5-relu", mnist, 430_500),
            ("conv-2", cifar, 4_300_992),
            ("conv-4", cifar, 2_425_024),
            ("conv-6", cifar, 2_261_184),
            ("vgg-small", cifar, 287_840),
            ("resnet-20", cifar, 268_336),
            ("resnet-20-b", cifar, 270_896),
            ("mobile", cifar, 35_680),
        ] {
            let graph = network(name, [8, 16], input, 10).expect(name);
            assert_eq!(graph.layout().total(), weights, "{name}");
        }
        for name in PRESETS {
            for divisor in ["", "/2", "/4", "/8"] {
                let written = format!("{name}{divisor}");
                network(&written, [8, 16], cifar, 10).expect(&written);
            }
        }
    }

    #[test]
    fn the_reference_network_has_the_counts_of_the_article_done_right() {
        let graph = two_conv([3, 32, 32], [64, 128], 10).expect("it fits");
        let weights: Vec<usize> = graph.layout().layers().map(|(_, r)| r.len()).collect();
        assert_eq!(weights, [1_728, 73_728, 81_920]);
        assert_eq!(graph.layout().total(), 157_376);
        assert_eq!(graph.macs(), [1_769_472, 18_874_368, 81_920]);
    }

    #[test]
    fn a_network_for_other_images_is_refused() {
        let graph = network("conv-2/8", [8, 16], [3, 32, 32], 10).expect("it fits");
        let json = serde_json::to_string(graph.net()).expect("plain data");
        assert_eq!(network(&json, [8, 16], [3, 32, 32], 10), Ok(graph));
        for (written, input) in [
            (json.as_str(), [1, 28, 28]),
            ("{", [3, 32, 32]),
            ("lenet-5", [1, 8, 8]),
            ("conv-2/3", [3, 32, 32]),
        ] {
            assert!(network(written, [8, 16], input, 10).is_err(), "{written}");
        }
    }
}
