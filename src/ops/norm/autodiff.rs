//! Batch normalisation as operations that can be differentiated.

use super::ops::{NormKernels, NormOps, Normal};
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend};

/// Mean and variance are those of the batch, or constants.
#[derive(Debug)]
enum Norm {
    OfBatch,
    Given,
}

impl<B: NormKernels> Backward<B, 3> for Norm {
    type State = Normal<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = grads.consume::<B>(&ops.node);
        let (x, gamma, beta) = match self {
            Self::OfBatch => B::norm_train_gradients(ops.state, gradient),
            Self::Given => B::norm_gradients(ops.state, gradient),
        };
        for (node, gradient) in ops.parents.into_iter().zip([x, gamma, beta]) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

impl<B: NormKernels, C: CheckpointStrategy> NormOps for Autodiff<B, C> {
    fn norm_train(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let prepared = Norm::OfBatch
            .prepare::<C>([x.node(), gamma.node(), beta.node()])
            .compute_bound()
            .stateful();
        let [x, gamma, beta] = [x, gamma, beta].map(|t| t.into_primitive());
        let (y, mean, variance) = B::norm_train_forward(x.clone(), gamma.clone(), beta);
        let normal = Normal {
            x,
            gamma,
            mean: mean.clone(),
            variance: variance.clone(),
        };
        let y = match prepared {
            OpsKind::Tracked(prepared) => prepared.finish(normal, y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        };
        (y, Self::from_inner(mean), Self::from_inner(variance))
    }

    fn norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let prepared = Norm::Given
            .prepare::<C>([x.node(), gamma.node(), beta.node()])
            .compute_bound()
            .stateful();
        let [x, gamma, beta, mean, variance] =
            [x, gamma, beta, mean, variance].map(|t| t.into_primitive());
        let normal = Normal {
            x,
            gamma,
            mean,
            variance,
        };
        let y = B::norm_forward(normal.clone(), beta);
        match prepared {
            OpsKind::Tracked(prepared) => prepared.finish(normal, y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}
