//! The data sets that the playground knows, by their names.

use crate::error::{Error, ErrorCode, Result};
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_set_names_round_trip() {
        for id in DatasetId::ALL {
            assert_eq!(id.name().parse(), Ok(id));
            assert_eq!(serde_json::to_value(id).ok(), Some(id.name().into()));
        }
        assert!("cifar".parse::<DatasetId>().is_err());
    }
}
