//! `www/generated/protocol.d.ts` says exactly what `src/protocol.rs` says.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pruning_playground::{
    config::*, data::*, error::ErrorCode, files::export::*, learn::distillation::*, learn::eval::*,
    net::Initialisation, parallel, parallel::peers::Loss, parallel::workers::*, protocol::*,
    prune::method::*, prune::recipe::*, prune::selection::*, prune::thinning::Tile,
    shrink::meter::*,
};
use ts_rs::{Config, TS};

fn declarations() -> String {
    let config = Config::default();
    let mut text = String::from(
        "// Generated from src/protocol.rs by tests/protocol_types.rs; do not edit.\n",
    );
    macro_rules! export {
        ($($name:ty),*) => {$(
            text.push_str("\nexport ");
            text.push_str(&<$name>::decl(&config));
            text.push('\n');
        )*};
    }
    export!(
        DatasetId,
        Criterion,
        Scope,
        Granularity,
        Method,
        RunConfig,
        Optimiser,
        Initialisation,
        Recipe,
        Procedure,
        Control,
        Distillation,
        RecipeState,
        parallel::plan::Plan,
        Loss,
        Workers,
        Lane,
        Span,
        SpanKind,
        Command,
        ExportFormat,
        NetworkKind,
        Selection,
        Way,
        Timing,
        Encoding,
        Encoded,
        RankedGroup,
        ScoredTables,
        Tile,
        Event,
        Activity,
        PointKind,
        Point,
        Metrics,
        DatasetInfo,
        NetworkInfo,
        NodeInfo,
        LayerInfo,
        Bulk,
        Message,
        ErrorCode
    );
    text
}

#[test]
fn the_generated_declarations_are_those_of_the_protocol() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/generated/protocol.d.ts");
    let now = declarations();
    if std::env::var_os("UPDATE_PROTOCOL").is_some() {
        std::fs::write(path, &now).expect("the folder exists");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == now,
        "www/generated/protocol.d.ts is stale: run UPDATE_PROTOCOL=1 cargo test --test protocol_types"
    );
}
