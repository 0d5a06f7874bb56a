#![allow(clippy::expect_used)]
use super::*;
use crate::net::{Op, network};

fn graph(text: &str) -> Graph {
    let net = crate::net::network(text, [8, 16], [3, 16, 16], 10).expect(text);
    Graph::clone(&net)
}

#[test]
fn weights_come_first_then_what_else_is_learnt_then_statistics() {
    let graph = graph("c3-4 b r c3-6 r p2 f");
    let names: Vec<&str> = graph.parameters().iter().map(|p| p.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "conv1.weight",
            "conv2.weight",
            "fc.weight",
            "bn1.weight",
            "bn1.bias",
            "conv2.bias",
            "fc.bias",
            "bn1.running_mean",
            "bn1.running_var"
        ]
    );
    assert_eq!(graph.learnt() + 8, graph.len());
    assert_eq!(graph.parameters()[3].range.start, graph.layout().total());
}

#[test]
fn what_goes_together_is_a_group() {
    let graph = graph("c3-4 b r [c3-4 b r c3-4 b|] r d3 b r c1-5 b r p2 f");
    let layers: Vec<&str> = graph.layers().iter().map(|l| l.name.as_str()).collect();
    assert_eq!(layers, ["conv1", "conv2", "conv3", "conv4", "conv5", "fc"]);
    let groups = graph.channels().groups();
    assert_eq!(groups.len(), 4 + 4 + 5);
    assert_eq!(groups[0], [(0, 0), (2, 0), (3, 0)]);
    assert_eq!(groups[4], [(1, 0)]);
    assert_eq!(groups[8], [(4, 0)]);
    let spaces: Vec<&[usize]> = graph
        .channels()
        .spaces()
        .iter()
        .map(|s| s.layers.as_slice())
        .collect();
    assert_eq!(spaces, [&[0, 2, 3][..], &[1], &[4]]);
    let features = graph.channels().of_value(graph.nodes().count() - 1);
    assert_eq!((features.len(), features[0], features[64]), (5 * 64, 8, 9));
}

#[test]
fn fused_blocks_are_those_that_nothing_else_reads() {
    let fused = |text: &str| {
        graph(text)
            .steps()
            .iter()
            .filter(|s| s.kind == crate::net::Kind::Block)
            .count()
    };
    assert_eq!(fused("c3-8 r p2 c3-16 r p2 f"), 2);
    assert_eq!(fused("c3-8 b r p2 c5-16 r p2 c3-4 r a2 f"), 0);
    assert_eq!(fused("c3-8 [r p2|p2] f"), 0);
}

#[test]
fn networks_that_can_not_work_are_refused_with_the_layer() {
    let net = network("c3-4 r f", [8, 16], [3, 16, 16], 10)
        .expect("it fits")
        .net()
        .clone();
    let changed = |change: &dyn Fn(&mut Net)| {
        let mut net = net.clone();
        change(&mut net);
        Graph::new(net).expect_err("it can't work").message
    };
    let conv = |net: &mut Net, set: &dyn Fn(&mut crate::net::Conv)| {
        if let Op::Conv(conv) = &mut net.nodes[0].op {
            set(conv);
        }
    };
    for (says, change) in [
        (
            "conv1",
            Box::new(|n: &mut Net| conv(n, &|c| c.out = usize::MAX)) as Box<dyn Fn(&mut Net)>,
        ),
        ("conv1", Box::new(|n| conv(n, &|c| c.kernel = 0))),
        ("conv1", Box::new(|n| conv(n, &|c| c.groups = 2))),
        ("conv1", Box::new(|n| conv(n, &|c| c.stride = 0))),
        (
            "relu1",
            Box::new(|n| n.nodes[1].inputs[0] = "nobody".to_owned()),
        ),
        (
            "conv1",
            Box::new(|n| n.nodes[0].inputs[0] = "relu1".to_owned()),
        ),
        ("relu1", Box::new(|n| n.nodes[1].inputs.clear())),
        ("name", Box::new(|n| n.nodes[1].name = "conv1".to_owned())),
        ("name", Box::new(|n| n.nodes[1].name = "<b>".to_owned())),
        ("layers", Box::new(|n| n.nodes.clear())),
        (
            "layers",
            Box::new(|n| n.nodes = vec![n.nodes[1].clone(); 1000]),
        ),
        ("images", Box::new(|n| n.input = [usize::MAX, 2, 2])),
        ("classes", Box::new(|n| n.classes = 0)),
        ("fc", Box::new(|n| n.classes = 11)),
        (
            "reads",
            Box::new(|n| n.nodes[1].inputs[0] = "input".to_owned()),
        ),
    ] {
        let message = changed(&*change);
        assert!(message.contains(says), "{says}: {message}");
    }
}
