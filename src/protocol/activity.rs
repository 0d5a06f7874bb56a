//! What a session and the recipe in it are at.

use serde::Serialize;

/// What the session is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    #[default]
    Idle,
    Training,
    FineTuning,
}

/// Where a recipe stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum RecipeState {
    Running,
    Paused,
    Done,
    Stopped,
}
