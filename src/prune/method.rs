//! How weights are scored, compared and cut: the settings that make a pruning method.

use crate::error::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};

/// What a weight's (or a filter's) score is: the lower, the sooner it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Criterion {
    /// Uniform, from the seed: the control.
    Random,
    /// |w| (Han et al., NIPS 2015).
    #[default]
    Magnitude,
    /// |dL/dw| over the score batch.
    Gradient,
    /// |w * dL/dw| over the score batch (SNIP, Lee et al., ICLR 2019; Molchanov et al., ICLR 2017).
    Taylor,
    /// The round in which SynFlow cuts the weight, of 100 on the way to the sparsity that a recipe asks
    /// for, or to an empty network (Tanaka et al., NeurIPS 2020). No data.
    Synflow,
    /// w * (H g) over the score batch, H g by a finite difference of the gradient (GraSP, Wang et al.,
    /// ICLR 2020, whose score is the negative, of which the highest go).
    Grasp,
    /// L1 norm of the filter (Li et al., ICLR 2017) / number of its weights.
    FilterL1,
    /// L2 norm of the filter / number of its weights.
    FilterL2,
    /// Sum of the filter's distances to the others of its layer (FPGM, He et al., CVPR 2019) / number
    /// of its weights.
    Fpgm,
    /// Share of activations after ReLU that are not zero over the score batch: 1 - APoZ (Hu et al., 2016).
    Activation,
}

/// Which scores are compared. Of filters, Li et al. (ICLR 2017) compare those of a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// One ranking over all layers.
    #[default]
    Global,
    /// The same fraction of each layer.
    Layer,
}

/// What is cut at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Granularity {
    #[default]
    Weight,
    /// An output channel of a convolution, with its bias and the next layer's matching inputs.
    Filter,
    /// The lower two of four neighbours along the flattened inputs; all of the fours are the 2:4 pattern.
    /// Layers whose inputs four does not divide stay dense.
    #[serde(rename = "2:4")]
    TwoOfFour,
}

/// A pruning method. It decides the order in which weights go, not how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Method {
    pub criterion: Criterion,
    pub scope: Scope,
    pub granularity: Granularity,
    /// Training images that a data-driven score looks at; 0 takes all.
    pub score_batch: u32,
    /// Never cut the last layer.
    pub spare_classifier: bool,
    /// Never cut the last weight (or filter) of a layer. Two of four never empty one.
    pub never_empty: bool,
    /// Divide the scores of filters that are ranked over all layers by the mean of their layer's first
    /// (Torch-Pruning's normalizer="mean").
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(not(target_arch = "wasm32"), ts(as = "Option<bool>", optional))]
    pub normalise: bool,
}

impl Default for Method {
    fn default() -> Self {
        Self {
            criterion: Criterion::default(),
            scope: Scope::default(),
            granularity: Granularity::default(),
            score_batch: 256,
            spare_classifier: false,
            never_empty: false,
            normalise: false,
        }
    }
}

impl Criterion {
    /// Whether it scores filters as a whole, not weights.
    pub fn of_filters(self) -> bool {
        matches!(
            self,
            Self::FilterL1 | Self::FilterL2 | Self::Fpgm | Self::Activation
        )
    }
}

impl Method {
    /// # Errors
    /// A criterion that scores filters while weights are to be cut.
    pub fn validate(&self) -> Result<()> {
        if self.criterion.of_filters() && self.granularity != Granularity::Filter {
            return Err(Error::new(
                ErrorCode::BadConfig,
                "this criterion scores whole filters: choose to cut filters, or another criterion",
            ));
        }
        Ok(())
    }
}
