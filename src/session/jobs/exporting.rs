//! Files of the network in hand: a copy of it is measured over the whole test set, then written.

use crate::config::RunConfig;
use crate::data::Normalisation;
use crate::error::{Error, ErrorCode, Result};
use crate::files::export;
use crate::files::export::{About, Network};
use crate::files::export::{ExportFormat, NetworkKind};
use crate::learn::model::Model;
use crate::net::{Graph, TWO_CONV, sparsity};
use crate::protocol::{Bulk, Event};
use crate::prune::recipe::Recipe;
use crate::session::outbox::Outbox;
use crate::session::queue::{Job, Kind, Slice};
use crate::session::reporting::dataset_info;
use crate::session::run::Run;
use crate::session::samples::Sweep;
use crate::shrink::compact::compact;

/// A network on its way into a file, as it was when it was asked for.
struct Export {
    command: u32,
    sweep: Sweep,
    format: ExportFormat,
    network: Network,
    kind: NetworkKind,
    sparsity: f64,
    filters: Option<Vec<Vec<usize>>>,
    recipe: Option<Recipe>,
    fold: bool,
}

impl Job<Run> for Export {
    fn kind(&self) -> Kind {
        Kind::Export
    }

    fn command(&self) -> u32 {
        self.command
    }

    fn awaited(&self) -> bool {
        true
    }

    fn slice<'a>(&'a mut self, run: &'a mut Run, out: &'a mut Outbox) -> Slice<'a> {
        Box::pin(async move {
            run.sweep_on(&mut self.sweep).await?;
            if self.sweep.finished() {
                self.write(run, out)?;
            }
            Ok(self.sweep.finished())
        })
    }
}

impl Run {
    pub(in crate::session) async fn export(
        &mut self,
        format: ExportFormat,
        (compacted, fold): (bool, bool),
        recipe: Option<Recipe>,
        out: &mut Outbox,
    ) -> Result<()> {
        if fold && format != ExportFormat::Onnx {
            return Err(Error::new(
                ErrorCode::BadCommand,
                "batch normalisation is folded into convolutions in ONNX alone: safetensors keeps it, to go on with",
            ));
        }
        if self.jobs.full(Kind::Export) {
            return Err(Error::new(
                ErrorCode::BadCommand,
                "as many files as can be are being made already: wait for the first of them",
            ));
        }
        if let Some(recipe) = &recipe {
            recipe.validate()?;
        }
        let state = self.trainer.state().await?;
        let (sparsity, masked) = (sparsity(&state.mask), state.mask.contains(&0));
        let network = Network {
            config: self.config.clone(),
            graph: self.graph().clone(),
            state,
        };
        let (network, filters) = match compacted {
            true => {
                let (network, filters) = compacted_of(&network)?;
                (network, Some(filters))
            }
            false => (network, None),
        };
        let model = Model::new(&network.graph, &network.state.parameters, &self.device);
        let export = Export {
            command: out.command(),
            sweep: self.full_test(model),
            format,
            kind: match (compacted, masked) {
                (true, _) => NetworkKind::Compacted,
                (false, true) => NetworkKind::Masked,
                (false, false) => NetworkKind::Dense,
            },
            network,
            sparsity,
            filters,
            recipe,
            fold,
        };
        self.jobs.add(export, out);
        Ok(())
    }

    pub(in crate::session) fn export_test_images(&self, out: &mut Outbox) -> Result<()> {
        let file = Some(export::test_images(&self.data)?);
        let count = self.data.test.len() as u32;
        out.with(
            Event::TestImages { count },
            Bulk {
                file,
                ..Default::default()
            },
        );
        Ok(())
    }
}

impl Export {
    /// Writes the network, which has been measured.
    fn write(&self, run: &Run, out: &mut Outbox) -> Result<()> {
        let test = self.sweep.tally().metrics();
        let network = &self.network;
        let about = About {
            kind: self.kind,
            dataset: &dataset_info(&run.data, run.train_len()),
            test,
            filters: self.filters.as_deref(),
            recipe: self.recipe.as_ref(),
        };
        let file = match self.format {
            ExportFormat::Safetensors => export::to_safetensors(network, &about)?,
            ExportFormat::Onnx => self.onnx(&run.data.normalisation(), &about)?,
        };
        out.with(
            Event::Exported {
                format: self.format,
                network: self.kind,
                step: network.state.step,
                sparsity: self.sparsity,
                test,
            },
            Bulk {
                file: Some(file),
                ..Default::default()
            },
        );
        Ok(())
    }
}

impl Export {
    /// The network as ONNX, batch normalisation folded or kept.
    fn onnx(&self, normalisation: &Normalisation, about: &About<'_>) -> Result<Vec<u8>> {
        let Network {
            config,
            graph,
            state,
        } = &self.network;
        let (graph, parameters) = match self.fold {
            true => export::folded(graph, &state.parameters)?,
            false => (graph.clone(), state.parameters.clone()),
        };
        let mut pairs = about.pairs(config, graph.net(), state.step)?;
        if self.fold {
            pairs.push(("folded".to_owned(), "batch-norm".to_owned()));
        }
        Ok(export::to_onnx(&graph, &parameters, normalisation, &pairs))
    }
}

/// A network without its removed filters, and which filters are left.
fn compacted_of(network: &Network) -> Result<(Network, Vec<Vec<usize>>)> {
    let smaller = compact(&network.graph, &network.state).ok_or_else(|| {
        Error::new(
            ErrorCode::BadCommand,
            "no filter is removed, so that there is nothing to leave out: prune filters first",
        )
    })?;
    let config = smaller_config(&network.config, &smaller.graph);
    let network = Network {
        config,
        graph: smaller.graph,
        state: smaller.state,
    };
    Ok((network, smaller.filters))
}

/// The settings that say the smaller network: its widths where those say it all, else the network itself.
fn smaller_config(config: &RunConfig, smaller: &Graph) -> RunConfig {
    let mut config = config.clone();
    if let (TWO_CONV, [a, b, _]) = (config.network.as_str(), smaller.layers()) {
        config.widths = [a, b].map(|layer| layer.dims[0] as u32);
    } else {
        // Names and numbers, which JSON can always hold.
        config.network = serde_json::to_string(smaller.net()).unwrap_or_default();
    }
    config
}
