//! Files of the network in hand: a copy of it is measured over the whole test set, then written.

use super::Outbox;
use super::reporting::dataset_info;
use super::run::Run;
use crate::config::RunConfig;
use crate::error::{Error, ErrorCode, Result};
use crate::files::export::{self, About, ExportFormat, Network, NetworkKind};
use crate::learn::eval::Metrics;
use crate::learn::model::Cnn;
use crate::net::sparsity;
use crate::protocol::{Bulk, Event};
use crate::prune::recipe::Recipe;
use crate::shrink::compact::compact;

/// A network on its way into a file, as it was when it was asked for.
pub(super) struct Export {
    request: u32,
    format: ExportFormat,
    network: Network,
    kind: NetworkKind,
    sparsity: f64,
    filters: Option<[Vec<usize>; 2]>,
    recipe: Option<Recipe>,
}

impl Run {
    pub(super) async fn export(
        &mut self,
        request: u32,
        format: ExportFormat,
        compacted: bool,
        recipe: Option<Recipe>,
    ) -> Result<()> {
        if let Some(recipe) = &recipe {
            recipe.validate()?;
        }
        let state = self.trainer.state().await?;
        let sparsity = sparsity(&state.mask);
        let mut export = Export {
            request,
            format,
            kind: match state.mask.contains(&0) {
                false => NetworkKind::Dense,
                true => NetworkKind::Masked,
            },
            network: Network {
                config: self.config.clone(),
                shape: self.shape().clone(),
                state,
            },
            sparsity,
            filters: None,
            recipe,
        };
        if compacted {
            export.compact()?;
        }
        let Network { shape, state, .. } = &export.network;
        let model = Cnn::new(shape, &state.parameters, &self.device);
        let sweep = self.full_test(model);
        self.background.export(export, sweep);
        Ok(())
    }

    /// Writes a network that has been measured.
    pub(super) fn write(&self, export: Export, test: Metrics, out: &mut Outbox) -> Result<()> {
        let Export {
            request,
            format,
            network,
            kind,
            sparsity,
            filters,
            recipe,
        } = export;
        let about = About {
            kind,
            dataset: &dataset_info(&self.data, self.train_len()),
            test,
            filters: filters.as_ref(),
            recipe: recipe.as_ref(),
        };
        let file = match format {
            ExportFormat::Safetensors => export::to_safetensors(&network, &about)?,
            ExportFormat::Onnx => export::to_onnx(
                &network.shape,
                &network.state.parameters,
                &self.data.normalisation(),
                &about.pairs(&network.config, network.state.step)?,
            ),
        };
        out.with(
            Event::Exported {
                request,
                format,
                network: kind,
                step: network.state.step,
                sparsity,
                test,
            },
            Bulk {
                file: Some(file),
                ..Default::default()
            },
        );
        Ok(())
    }

    pub(super) fn export_test_images(&self, request: u32, out: &mut Outbox) -> Result<()> {
        let file = Some(export::test_images(&self.data)?);
        let count = self.data.test.len() as u32;
        out.with(
            Event::TestImages { request, count },
            Bulk {
                file,
                ..Default::default()
            },
        );
        Ok(())
    }
}

impl Export {
    fn compact(&mut self) -> Result<()> {
        let Network {
            config,
            shape,
            state,
        } = &self.network;
        let smaller = compact(shape, state).ok_or_else(|| {
            Error::new(
                ErrorCode::BadCommand,
                "no filter is removed, so that there is nothing to leave out: prune filters first",
            )
        })?;
        let config = RunConfig {
            widths: smaller.config.widths.map(|w| w as u32),
            ..config.clone()
        };
        self.network = Network {
            config,
            shape: smaller.config,
            state: smaller.state,
        };
        self.kind = NetworkKind::Compacted;
        self.filters = Some(smaller.filters);
        Ok(())
    }
}
