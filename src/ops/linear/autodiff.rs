//! The backward pass of the linear layer, for every backend that has its kernels.

use super::ops::{LinearKernels, LinearOps};
use burn::backend::Autodiff;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

/// Where its inputs were.
#[derive(Debug)]
struct LinearBackward;

impl<B: LinearKernels> Backward<B, 3> for LinearBackward {
    type State = (NodeId, NodeId);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let [node_x, node_weight, node_bias] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let (x, weight) = ops.state;
        let x: FloatTensor<B> = checkpointer.retrieve_node_output(x);
        let weight: FloatTensor<B> = checkpointer.retrieve_node_output(weight);
        if let Some(node) = node_x {
            let dx = B::linear_input_gradient(weight, gradient.clone());
            grads.register::<B>(node.id, dx);
        }
        if node_weight.is_some() || node_bias.is_some() {
            let (dw, db) = B::linear_parameter_gradients(x, gradient);
            for (node, gradient) in [(node_weight, dw), (node_bias, db)] {
                if let Some(node) = node {
                    grads.register::<B>(node.id, gradient);
                }
            }
        }
    }
}

impl<B: LinearKernels, C: CheckpointStrategy> LinearOps for Autodiff<B, C> {
    fn linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let prepared = LinearBackward
            .prepare::<C>([x.node(), weight.node(), bias.node()])
            .compute_bound()
            .stateful();
        match prepared {
            OpsKind::Tracked(mut prepared) => {
                let state = (prepared.checkpoint(&x), prepared.checkpoint(&weight));
                let [x, weight, bias] = [x, weight, bias].map(|t| t.into_primitive());
                prepared.finish(state, B::linear_forward(x, weight, bias))
            }
            OpsKind::UnTracked(prepared) => {
                let [x, weight, bias] = [x, weight, bias].map(|t| t.into_primitive());
                prepared.finish(B::linear_forward(x, weight, bias))
            }
        }
    }
}
