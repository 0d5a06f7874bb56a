//! Convolution as operations that can be differentiated: no gradient is computed that nobody asks for.

use super::ops::{ConvKernels, ConvOps, Window};
use burn::backend::Autodiff;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

#[derive(Debug)]
struct Conv(Window);

/// Input and weight.
type Operands<B> = (FloatTensor<B>, FloatTensor<B>);

impl Conv {
    /// Registers the gradients of input and weight.
    fn operands<B: ConvKernels>(
        &self,
        [node_x, node_weight]: [Option<NodeId>; 2],
        (x, weight): Operands<B>,
        gradient: FloatTensor<B>,
        grads: &mut Gradients,
    ) {
        if let Some(id) = node_weight {
            let (x, weight) = (x.clone(), weight.clone());
            let dw = B::conv_weight_gradient(x, weight, gradient.clone(), self.0);
            grads.register::<B>(id, dw);
        }
        if let Some(id) = node_x {
            let dx = B::conv_input_gradient(x, weight, gradient, self.0);
            grads.register::<B>(id, dx);
        }
    }
}

impl<B: ConvKernels> Backward<B, 2> for Conv {
    type State = Operands<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = grads.consume::<B>(&ops.node);
        let nodes = ops.parents.map(|node| node.map(|node| node.id));
        self.operands::<B>(nodes, ops.state, gradient, grads);
    }
}

impl<B: ConvKernels> Backward<B, 3> for Conv {
    /// The bias too, for its shape.
    type State = (Operands<B>, FloatTensor<B>);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [node_x, node_weight, node_bias] = ops.parents.map(|node| node.map(|node| node.id));
        let gradient = grads.consume::<B>(&ops.node);
        let (operands, bias) = ops.state;
        if let Some(id) = node_bias {
            let db = B::conv_bias_gradient(operands.0.clone(), bias, gradient.clone());
            grads.register::<B>(id, db);
        }
        self.operands::<B>([node_x, node_weight], operands, gradient, grads);
    }
}

impl<B: ConvKernels, C: CheckpointStrategy> ConvOps for Autodiff<B, C> {
    fn conv(x: FloatTensor<Self>, weight: FloatTensor<Self>, how: Window) -> FloatTensor<Self> {
        let prepared = Backward::<B, 2>::prepare::<C>(Conv(how), [x.node(), weight.node()])
            .compute_bound()
            .stateful();
        let [x, weight] = [x, weight].map(|t| t.into_primitive());
        let y = B::conv_forward(x.clone(), weight.clone(), None, how);
        match prepared {
            OpsKind::Tracked(prepared) => prepared.finish((x, weight), y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }

    fn conv_with_bias(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        how: Window,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node(), bias.node()];
        let prepared = Backward::<B, 3>::prepare::<C>(Conv(how), nodes)
            .compute_bound()
            .stateful();
        let [x, weight, bias] = [x, weight, bias].map(|t| t.into_primitive());
        let y = B::conv_forward(x.clone(), weight.clone(), Some(bias.clone()), how);
        match prepared {
            OpsKind::Tracked(prepared) => prepared.finish(((x, weight), bias), y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}
