//! The backward pass of a block, for every backend that has its kernels.

use super::{BlockKernels, BlockOps};
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Autodiff, TensorMetadata};

/// Where its inputs were and how its values were routed.
#[derive(Debug)]
struct BlockBackward;

impl<B: BlockKernels> Backward<B, 3> for BlockBackward {
    type State = (NodeId, NodeId, IntTensor<B>);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let [node_x, node_weight, node_bias] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let (x, weight, route) = ops.state;
        let x: FloatTensor<B> = checkpointer.retrieve_node_output(x);
        let weight: FloatTensor<B> = checkpointer.retrieve_node_output(weight);
        if let Some(node) = node_x {
            let [height, width] = [x.shape()[2], x.shape()[3]];
            let dx =
                B::block_input_gradient(weight, route.clone(), gradient.clone(), height, width);
            grads.register::<B>(node.id, dx);
        }
        if node_weight.is_some() || node_bias.is_some() {
            let (dw, db) = B::block_parameter_gradients(x, route, gradient);
            for (node, gradient) in [(node_weight, dw), (node_bias, db)] {
                if let Some(node) = node {
                    grads.register::<B>(node.id, gradient);
                }
            }
        }
    }
}

impl<B: BlockKernels, C: CheckpointStrategy> BlockOps for Autodiff<B, C> {
    fn block(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let prepared = BlockBackward
            .prepare::<C>([x.node(), weight.node(), bias.node()])
            .compute_bound()
            .stateful();
        match prepared {
            OpsKind::Tracked(mut prepared) => {
                let [at_x, at_weight] = [prepared.checkpoint(&x), prepared.checkpoint(&weight)];
                let (x, weight, bias) = (
                    x.into_primitive(),
                    weight.into_primitive(),
                    bias.into_primitive(),
                );
                let (pooled, route) = B::block_forward(x, weight, bias);
                prepared.finish((at_x, at_weight, route), pooled)
            }
            OpsKind::UnTracked(prepared) => {
                let (x, weight, bias) = (
                    x.into_primitive(),
                    weight.into_primitive(),
                    bias.into_primitive(),
                );
                prepared.finish(B::block_forward(x, weight, bias).0)
            }
        }
    }
}
