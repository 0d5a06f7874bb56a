//! The backward pass of an operation on an input, a weight and a bias, for every backend that has its kernels.

use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend};
use std::fmt::Debug;

/// An operation by its passes. The input and the weight are there again in the backward pass.
pub trait Passes<B: Backend>: Debug + Send + Sized + 'static {
    /// What else the backward pass needs.
    type Kept: Clone + Debug + Send + 'static;

    fn forward(
        x: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
    ) -> (FloatTensor<B>, Self::Kept);

    /// The gradient with respect to `x`, which gives its shape.
    fn input_gradient(
        x: &FloatTensor<B>,
        weight: FloatTensor<B>,
        kept: Self::Kept,
        gradient: FloatTensor<B>,
    ) -> FloatTensor<B>;

    /// Gradients with respect to weight and bias.
    fn parameter_gradients(
        x: FloatTensor<B>,
        kept: Self::Kept,
        gradient: FloatTensor<B>,
    ) -> (FloatTensor<B>, FloatTensor<B>);
}

/// The backward pass of `O`: its state is where the input and the weight were, and what else is kept.
#[derive(Debug)]
struct Back<O>(O);

impl<B: Backend, O: Passes<B>> Backward<B, 3> for Back<O> {
    type State = (NodeId, NodeId, O::Kept);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let [node_x, node_weight, node_bias] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let (x, weight, kept) = ops.state;
        let x: FloatTensor<B> = checkpointer.retrieve_node_output(x);
        let weight: FloatTensor<B> = checkpointer.retrieve_node_output(weight);
        if let Some(node) = node_x {
            let dx = O::input_gradient(&x, weight, kept.clone(), gradient.clone());
            grads.register::<B>(node.id, dx);
        }
        if node_weight.is_some() || node_bias.is_some() {
            let (dw, db) = O::parameter_gradients(x, kept, gradient);
            for (node, gradient) in [(node_weight, dw), (node_bias, db)] {
                if let Some(node) = node {
                    grads.register::<B>(node.id, gradient);
                }
            }
        }
    }
}

/// `operation` as one that can be differentiated.
pub fn tracked<B: Backend, C: CheckpointStrategy, O: Passes<B>>(
    operation: O,
    x: FloatTensor<Autodiff<B, C>>,
    weight: FloatTensor<Autodiff<B, C>>,
    bias: FloatTensor<Autodiff<B, C>>,
) -> FloatTensor<Autodiff<B, C>> {
    let prepared = Back(operation)
        .prepare::<C>([x.node(), weight.node(), bias.node()])
        .compute_bound()
        .stateful();
    match prepared {
        OpsKind::Tracked(mut prepared) => {
            let [at_x, at_weight] = [prepared.checkpoint(&x), prepared.checkpoint(&weight)];
            let [x, weight, bias] = [x, weight, bias].map(|t| t.into_primitive());
            let (result, kept) = O::forward(x, weight, bias);
            prepared.finish((at_x, at_weight, kept), result)
        }
        OpsKind::UnTracked(prepared) => {
            let [x, weight, bias] = [x, weight, bias].map(|t| t.into_primitive());
            prepared.finish(O::forward(x, weight, bias).0)
        }
    }
}

/// An operation on one tensor by its passes; what it is to do is in the value itself.
pub trait Unary<B: Backend>: Clone + Debug + Send + 'static {
    /// What the backward pass needs.
    type Kept: Clone + Debug + Send + 'static;

    fn forward(&self, x: FloatTensor<B>) -> (FloatTensor<B>, Self::Kept);

    /// The gradient with respect to the tensor.
    fn input_gradient(&self, kept: Self::Kept, gradient: FloatTensor<B>) -> FloatTensor<B>;
}

/// The backward pass of a [`Unary`].
#[derive(Debug)]
struct UnaryBack<O>(O);

impl<B: Backend, O: Unary<B>> Backward<B, 1> for UnaryBack<O> {
    type State = O::Kept;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [node] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        if let Some(node) = node {
            grads.register::<B>(node.id, self.0.input_gradient(ops.state, gradient));
        }
    }
}

/// `operation` as one that can be differentiated.
pub fn tracked_unary<B: Backend, C: CheckpointStrategy, O: Unary<B>>(
    operation: O,
    x: FloatTensor<Autodiff<B, C>>,
) -> FloatTensor<Autodiff<B, C>> {
    let prepared = UnaryBack(operation.clone())
        .prepare::<C>([x.node()])
        .compute_bound()
        .stateful();
    let (result, kept) = operation.forward(x.into_primitive());
    match prepared {
        OpsKind::Tracked(prepared) => prepared.finish(kept, result),
        OpsKind::UnTracked(prepared) => prepared.finish(result),
    }
}
