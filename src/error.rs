//! One error type: a stable code for programs, a sentence for people.

use serde::Serialize;

/// What went wrong, as a word that never changes between versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// A file or archive is not what its name or header says.
    BadData,
    /// The chosen data set is not built in and no files were given.
    DataNeeded,
    /// A setting is outside its range.
    BadConfig,
    /// A command came in a state in which it means nothing.
    BadCommand,
    /// A checkpoint is damaged or belongs to another network.
    BadCheckpoint,
    /// A file of a network that was to be opened is damaged, or is none of ours.
    BadNetwork,
    /// Loss, weights or scores are no longer finite.
    Diverged,
    /// The device refused, was lost, or computes wrongly.
    Device,
    /// Given up, since a person asked for that or for something else: nothing is wrong.
    Cancelled,
}

/// An error with a code and a sentence that a person can act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub code: ErrorCode,
    pub message: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
