//! What a backend computes itself for cross-entropy, and its backward pass.

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, backend_extension};
use burn::tensor::Shape;

/// Shapes: `logits` and `one_hot` `[n, classes]`.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Fusion: cfg(feature = "webgpu"))]
pub trait LossKernels: Backend {
    /// The mean cross-entropy `[1]`, and its gradient with respect to the logits.
    #[fusion(meta = lazy::results)]
    fn loss_and_gradient(
        logits: FloatTensor<Self>,
        one_hot: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

/// Cross-entropy as a differentiable operation. The labels are constants.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Autodiff)]
pub trait LossOps: Backend {
    fn cross_entropy(logits: FloatTensor<Self>, one_hot: FloatTensor<Self>) -> FloatTensor<Self>;
}

#[cfg(feature = "webgpu")]
impl LossOps for burn_cubecl::Cube {
    fn cross_entropy(logits: FloatTensor<Self>, one_hot: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::loss_and_gradient(logits, one_hot).0
    }
}

#[cfg(feature = "cpu")]
impl LossOps for burn_flex::Flex {
    fn cross_entropy(logits: FloatTensor<Self>, one_hot: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::loss_and_gradient(logits, one_hot).0
    }
}

/// The gradient is known as soon as the loss is: it only has to be scaled.
#[derive(Debug)]
struct LossBackward;

impl<B: Backend> Backward<B, 1> for LossBackward {
    type State = FloatTensor<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [node] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        if let Some(node) = node {
            let factor = B::float_reshape(gradient, Shape::from([1, 1]));
            grads.register::<B>(node.id, B::float_mul(ops.state, factor));
        }
    }
}

impl<B: LossKernels, C: CheckpointStrategy> LossOps for Autodiff<B, C> {
    fn cross_entropy(logits: FloatTensor<Self>, one_hot: FloatTensor<Self>) -> FloatTensor<Self> {
        let prepared = LossBackward
            .prepare::<C>([logits.node()])
            .compute_bound()
            .stateful();
        let [logits, one_hot] = [logits, one_hot].map(|t| t.into_primitive());
        let (loss, gradient) = B::loss_and_gradient(logits, one_hot);
        match prepared {
            OpsKind::Tracked(prepared) => prepared.finish(gradient, loss),
            OpsKind::UnTracked(prepared) => prepared.finish(loss),
        }
    }
}

/// Shapes and types of what the operations give, known before they are carried out.
#[cfg(feature = "webgpu")]
mod lazy {
    use burn::backend::fusion::custom::TensorSpec;
    use burn::tensor::{DType, Shape};

    pub fn results(logits: &TensorSpec, _: &TensorSpec) -> (TensorSpec, TensorSpec) {
        let loss = TensorSpec::new(Shape::from([1]), DType::F32);
        (loss, logits.clone())
    }
}
