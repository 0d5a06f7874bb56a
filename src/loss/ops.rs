//! What a backend computes itself for cross-entropy, and its backward pass.

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::fusion::custom::TensorSpec;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, TensorMetadata, backend_extension};
use burn::tensor::{DType, Shape};

/// Shapes: `logits` and `one_hot` `[n, classes]`.
#[backend_extension(Cube, Flex: cfg(feature = "cpu"), Fusion)]
pub trait LossKernels: Backend {
    /// The mean cross-entropy `[1]`, and its gradient with respect to the logits.
    #[fusion(meta = results)]
    fn loss_and_gradient(
        logits: FloatTensor<Self>,
        one_hot: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let scale = 1.0 / logits.shape()[0] as f32;
        let log_p = Self::log_softmax(logits, 1);
        let sum = Self::float_sum(Self::float_mul(log_p.clone(), one_hot.clone()));
        let count = Self::float_sum_dim(one_hot.clone(), 1);
        let gradient = Self::float_sub(Self::float_mul(Self::float_exp(log_p), count), one_hot);
        (
            Self::float_mul_scalar(sum, (-scale).into()),
            Self::float_mul_scalar(gradient, scale.into()),
        )
    }
}

/// Cross-entropy as a differentiable operation. The labels are constants.
#[backend_extension(Cube, Flex: cfg(feature = "cpu"), Autodiff)]
pub trait LossOps: Backend {
    fn cross_entropy(logits: FloatTensor<Self>, one_hot: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl LossOps for burn_cubecl::Cube {
    fn cross_entropy(logits: FloatTensor<Self>, one_hot: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::loss_and_gradient(logits, one_hot).0
    }
}

#[cfg(feature = "cpu")]
impl LossKernels for burn_flex::Flex {}

#[cfg(feature = "cpu")]
impl LossOps for burn_flex::Flex {
    fn cross_entropy(logits: FloatTensor<Self>, one_hot: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::loss_and_gradient(logits, one_hot).0
    }
}

fn results(logits: &TensorSpec, _: &TensorSpec) -> (TensorSpec, TensorSpec) {
    let loss = TensorSpec::new(Shape::from([1]), DType::F32);
    (loss, logits.clone())
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
