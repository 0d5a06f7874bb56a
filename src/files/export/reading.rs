//! A file of a network from outside: nothing in it is believed before it is checked.

use super::about::NetworkKind;
use super::about::VERSION;
use super::header;
use crate::config::RunConfig;
use crate::error::{Error, ErrorCode, Result};
use crate::files::checkpoint;
use crate::learn::eval::Metrics;
use crate::learn::state::TrainState;
use crate::net::{Graph, Net};
use crate::prune::recipe::Recipe;
use serde::Deserialize;
use std::collections::HashMap;

/// A checkpoint of the largest network that can be set up, of 5 million weights, holds about 85 MB.
const LARGEST: usize = 128 * 1024 * 1024;

/// What a file says of its network. Where it is a checkpoint and not an export, only the settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub config: RunConfig,
    pub recipe: Option<Recipe>,
    /// Of the images that it was trained and measured on.
    pub digest: Option<u32>,
    pub test: Option<Metrics>,
    kind: Option<NetworkKind>,
    /// Its nodes; older files don't say them.
    net: Option<Net>,
}

/// What the file says of its images that is not known from its settings.
#[derive(Deserialize)]
struct StoredImages {
    digest: u32,
}

/// Reads what the file says of itself; its tensors are left to [`Stored::state`], which has to know the images.
///
/// # Errors
/// [`ErrorCode::BadNetwork`] says what is wrong with the file.
pub fn read(bytes: &[u8]) -> Result<Stored> {
    if bytes.len() > LARGEST {
        return Err(bad(format!(
            "it has {} bytes, and a network at most {LARGEST}",
            bytes.len()
        )));
    }
    header::check(bytes).map_err(bad)?;
    let metadata = checkpoint::metadata(bytes).map_err(foreign)?;
    let config = checkpoint::config_of(bytes).map_err(foreign)?;
    match metadata.get("export").map(String::as_str) {
        None => Ok(Stored {
            config,
            recipe: None,
            digest: None,
            test: None,
            kind: None,
            net: None,
        }),
        Some(VERSION) => Ok(Stored {
            recipe: recipe(&metadata)?,
            digest: Some(json::<StoredImages>(&metadata, "dataset")?.digest),
            test: Some(metrics(&metadata)?),
            kind: Some(kind(&metadata)?),
            net: match metadata.contains_key("net") {
                true => Some(json(&metadata, "net")?),
                false => None,
            },
            config,
        }),
        Some(_) => Err(bad("it is from a newer version of the playground")),
    }
}

impl Stored {
    /// The training state in `bytes`, those that this was read from, of the network `graph`.
    ///
    /// # Errors
    /// [`ErrorCode::BadNetwork`] says what is wrong with the file, or where its network differs.
    pub fn state(&self, bytes: &[u8], graph: &Graph) -> Result<TrainState> {
        // Other programs go by the nodes, this one by the settings: a file that says two networks is none.
        if self.net.as_ref().is_some_and(|net| net != graph.net()) {
            return Err(bad("its nodes are not the network of its settings"));
        }
        checkpoint::from_bytes(bytes, graph).map_err(foreign)
    }

    /// What the file says; of a checkpoint that says nothing, what its masks do.
    pub fn kind(&self, mask: &[u8]) -> NetworkKind {
        self.kind.unwrap_or(match mask.contains(&0) {
            false => NetworkKind::Dense,
            true => NetworkKind::Masked,
        })
    }
}

fn bad(sentence: impl std::fmt::Display) -> Error {
    let sentence = format!("this file can't be opened: {sentence}");
    // Names and texts of the file may hold anything; the sentence stays one line of a readable length.
    const LONGEST: usize = 300;
    let line: String = sentence.chars().take(LONGEST).collect();
    Error::new(
        ErrorCode::BadNetwork,
        line.replace(char::is_control, "\u{fffd}"),
    )
}

fn foreign(error: Error) -> Error {
    let message = error.message;
    bad(message
        .strip_prefix(checkpoint::REFUSAL)
        .unwrap_or(&message))
}

fn text<'a>(metadata: &'a HashMap<String, String>, key: &str) -> Result<&'a str> {
    metadata
        .get(key)
        .map(String::as_str)
        .ok_or_else(|| bad(format!("it does not say {key}")))
}

fn json<'a, T: Deserialize<'a>>(metadata: &'a HashMap<String, String>, key: &str) -> Result<T> {
    serde_json::from_str(text(metadata, key)?)
        .map_err(|error| bad(format!("its {key} can't be read: {error}")))
}

fn number<T: std::str::FromStr>(metadata: &HashMap<String, String>, key: &str) -> Result<T> {
    text(metadata, key)?
        .parse()
        .map_err(|_| bad(format!("its {key} is not a number")))
}

fn metrics(metadata: &HashMap<String, String>) -> Result<Metrics> {
    let test = Metrics {
        loss: number(metadata, "loss")?,
        accuracy: number(metadata, "accuracy")?,
        samples: number(metadata, "samples")?,
    };
    match test.loss.is_finite() && (0.0..=1.0).contains(&test.accuracy) {
        true => Ok(test),
        false => Err(bad("its loss or accuracy is out of range")),
    }
}

fn kind(metadata: &HashMap<String, String>) -> Result<NetworkKind> {
    match text(metadata, "network")? {
        "dense" => Ok(NetworkKind::Dense),
        "masked" => Ok(NetworkKind::Masked),
        "compacted" => Ok(NetworkKind::Compacted),
        other => Err(bad(format!("there is no network of the kind {other:?}"))),
    }
}

fn recipe(metadata: &HashMap<String, String>) -> Result<Option<Recipe>> {
    if !metadata.contains_key("recipe") {
        return Ok(None);
    }
    let recipe: Recipe = json(metadata, "recipe")?;
    recipe.validate().map_err(|error| bad(error.message))?;
    Ok(Some(recipe))
}
