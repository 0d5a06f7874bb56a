//! A layer for a picture.

use super::outbox::Outbox;
use super::run::Run;
use crate::error::{Error, ErrorCode, Result};
use crate::protocol::{Bulk, Event};
use crate::prune::thinning::{Cells, Matrix, Tile};

/// With a weight, a mask and a rank each, under 300 kB.
const MOST_CELLS: usize = 32 * 1024;

impl Run {
    pub(super) fn detail(&self, layer: u32, tile: Option<Tile>, out: &mut Outbox) -> Result<()> {
        let bad = |sentence: String| Error::new(ErrorCode::BadCommand, sentence);
        let ranked = self.ranked.as_ref();
        let ranked = ranked.ok_or_else(|| bad("the weights are not ranked yet".to_owned()))?;
        let trainer = &ranked.look.trainer;
        let layers = trainer.graph.layers();
        let found = layers.get(layer as usize).ok_or_else(|| {
            let most = layers.len().saturating_sub(1);
            bad(format!("layers are 0 to {most}, and none is {layer}"))
        })?;
        let rows = found.dims[0];
        let columns = found.dims[1..].iter().product::<usize>();
        let whole = Tile {
            row: 0,
            column: 0,
            rows: rows as u32,
            columns: columns as u32,
        };
        let tile = tile.unwrap_or(whole).within(rows, columns);
        let tile = tile.ok_or_else(|| {
            bad(format!(
                "layer {} has {rows} x {columns} weights, and none there",
                found.name
            ))
        })?;
        let Some((_, range)) = trainer.graph.layout().layers().nth(layer as usize) else {
            return Ok(());
        };
        let matrix = Matrix {
            columns,
            weights: &ranked.look.parameters.weights(&trainer.graph)[range.clone()],
            mask: &trainer.mask()[range.clone()],
            ranks: &ranked.ranking.ranks()[range],
        };
        let Cells {
            rows,
            columns,
            block,
            weights,
            kept,
            ranks,
        } = matrix.cells(tile, MOST_CELLS);
        out.about(out.command(), Some(ranked.look.revision)).with(
            Event::Detail {
                layer,
                step: trainer.step,
                tile,
                rows,
                columns,
                block,
            },
            Bulk {
                weights: Some(weights),
                masks: Some(kept),
                ranks: Some(ranks),
                ..Default::default()
            },
        );
        Ok(())
    }
}
