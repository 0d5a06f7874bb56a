//! Every setting of a run: its default, its range, its validation.

use crate::error::{Error, ErrorCode, Result};
use crate::prune::method::Method;
use serde::{Deserialize, Serialize};

/// The data sets that the playground knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum DatasetId {
    /// 1,797 handwritten digits of 8x8 grey pixels, embedded.
    #[default]
    Digits,
    /// Procedural 32x32 colour images in ten classes.
    Shapes,
    /// CIFAR-10 in its binary form, from files.
    #[serde(rename = "cifar-10")]
    Cifar10,
    /// MNIST as IDX, from files.
    Mnist,
    /// Fashion-MNIST as IDX, from files.
    FashionMnist,
    /// A person's own 32x32 colour images in two to ten classes, from a file that the page packs.
    Own,
}

impl DatasetId {
    pub const ALL: [Self; 6] = [
        Self::Digits,
        Self::Shapes,
        Self::Cifar10,
        Self::Mnist,
        Self::FashionMnist,
        Self::Own,
    ];

    /// The name in URLs, folders and commands.
    pub fn name(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Shapes => "shapes",
            Self::Cifar10 => "cifar-10",
            Self::Mnist => "mnist",
            Self::FashionMnist => "fashion-mnist",
            Self::Own => "own",
        }
    }

    /// Whether the images have to come from files.
    pub fn needs_files(self) -> bool {
        !matches!(self, Self::Digits | Self::Shapes)
    }
}

impl std::str::FromStr for DatasetId {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|id| id.name() == name)
            .ok_or_else(|| {
                let known = Self::ALL.map(Self::name).join(", ");
                Error::new(
                    ErrorCode::BadConfig,
                    format!("there is no data set \"{name}\"; there are {known}"),
                )
            })
    }
}

/// Every setting that decides what a run computes. The same settings give the same weights,
/// bit for bit, on the CPU backend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RunConfig {
    pub dataset: DatasetId,
    /// Noise of the `shapes` images, 0 to 1.
    pub noise: f32,
    /// Train on the first so many images only; 0 takes all.
    pub train_limit: u32,
    /// Filters of the first and the second convolution, 1 to 256 each.
    pub widths: [u32; 2],
    /// Images in a training step, 1 to 512.
    pub batch: u32,
    /// Adam's learning rate, above 0 and at most 1.
    pub learning_rate: f64,
    /// Seed of the initial weights and of the order of the images.
    pub seed: u32,
    /// How weights are ranked; can be changed during a run.
    pub method: Method,
}

impl Default for RunConfig {
    fn default() -> Self {
        Self {
            dataset: DatasetId::Digits,
            noise: 0.3,
            train_limit: 0,
            widths: [8, 16],
            batch: 32,
            learning_rate: 1e-3,
            seed: 1,
            method: Method::default(),
        }
    }
}

impl RunConfig {
    /// Checks every range; the error names the setting and its range.
    pub fn validate(&self) -> Result<()> {
        self.method.validate()?;
        let check = |ok: bool, sentence: &str| {
            if ok {
                Ok(())
            } else {
                Err(Error::new(ErrorCode::BadConfig, sentence))
            }
        };
        check(
            (0.0..=1.0).contains(&self.noise),
            "noise must be between 0 and 1",
        )?;
        check(
            self.widths.iter().all(|w| (1..=256).contains(w)),
            "widths must be between 1 and 256 filters",
        )?;
        check(
            (1..=512).contains(&self.batch),
            "batch must be between 1 and 512 images",
        )?;
        check(
            self.learning_rate > 0.0 && self.learning_rate <= 1.0,
            "learningRate must be above 0 and at most 1",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_valid_and_out_of_range_values_are_named() {
        assert_eq!(RunConfig::default().validate(), Ok(()));
        let cases = [
            (
                RunConfig {
                    noise: f32::NAN,
                    ..Default::default()
                },
                "noise",
            ),
            (
                RunConfig {
                    widths: [0, 16],
                    ..Default::default()
                },
                "widths",
            ),
            (
                RunConfig {
                    widths: [8, 257],
                    ..Default::default()
                },
                "widths",
            ),
            (
                RunConfig {
                    batch: 0,
                    ..Default::default()
                },
                "batch",
            ),
            (
                RunConfig {
                    learning_rate: 0.0,
                    ..Default::default()
                },
                "learningRate",
            ),
            (
                RunConfig {
                    learning_rate: f64::NAN,
                    ..Default::default()
                },
                "learningRate",
            ),
        ];
        for (config, name) in cases {
            let message = config.validate().err().map(|e| e.message);
            assert!(
                message.as_deref().is_some_and(|m| m.starts_with(name)),
                "{message:?}"
            );
        }
    }

    #[test]
    fn data_set_names_round_trip() {
        for id in DatasetId::ALL {
            assert_eq!(id.name().parse(), Ok(id));
            assert_eq!(serde_json::to_value(id).ok(), Some(id.name().into()));
        }
        assert!("cifar".parse::<DatasetId>().is_err());
    }
}
