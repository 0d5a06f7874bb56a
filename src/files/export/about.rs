//! What a file of a network says of itself, as pairs of texts: the metadata of safetensors and of ONNX alike.

use crate::config::RunConfig;
use crate::data::DatasetInfo;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::eval::Metrics;
use crate::net::Net;
use crate::prune::recipe::Recipe;
use serde::{Deserialize, Serialize};

/// Counts changes of these pairs that an older reader would get wrong.
pub(super) const VERSION: &str = "1";

/// What of pruning an exported network shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum NetworkKind {
    /// Nothing is cut.
    Dense,
    /// What is cut is 0, under masks.
    Masked,
    /// Removed filters are left out.
    Compacted,
}

/// How a network was made and how well it does.
#[derive(Clone, Debug)]
pub struct About<'a> {
    pub kind: NetworkKind,
    pub dataset: &'a DatasetInfo,
    /// Over the whole test set.
    pub test: Metrics,
    /// Which filters of each layer but the last are left of a compacted network, as numbered before.
    pub filters: Option<&'a [Vec<usize>]>,
    pub recipe: Option<&'a Recipe>,
}

impl About<'_> {
    /// Numbers that are compared bit for bit stand alone, in the shortest form that reads back to the same bits; the rest
    /// is JSON. `net` is the network in the file, node by node, for programs that know no preset by its name.
    ///
    /// # Errors
    /// None that a correct network can cause.
    pub fn pairs(&self, config: &RunConfig, net: &Net, step: u32) -> Result<Vec<(String, String)>> {
        let Metrics {
            loss,
            accuracy,
            samples,
        } = self.test;
        let mut pairs = vec![
            ("export", VERSION.to_owned()),
            ("network", json(&self.kind)?.trim_matches('"').to_owned()),
            ("config", json(config)?),
            ("net", json(net)?),
            ("seed", config.seed.to_string()),
            ("step", step.to_string()),
            ("dataset", json(self.dataset)?),
            ("accuracy", accuracy.to_string()),
            ("loss", loss.to_string()),
            ("samples", samples.to_string()),
        ];
        if let Some(recipe) = self.recipe {
            pairs.push(("recipe", json(recipe)?));
        }
        if let Some(filters) = self.filters {
            pairs.push(("filters", json(filters)?));
        }
        let owned = pairs
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value));
        Ok(owned.collect())
    }
}

fn json(value: &(impl Serialize + ?Sized)) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::new(ErrorCode::BadNetwork, e.to_string()))
}
