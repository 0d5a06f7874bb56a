//! The two bundles that are built from one source.

use clap::ValueEnum;

/// The Cargo feature, the folder in `dist/pkg` and the `backend` setting all have this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    Cpu,
    #[value(name = "webgpu")]
    WebGpu,
}

impl Backend {
    pub const ALL: [Self; 2] = [Self::Cpu, Self::WebGpu];

    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }
}
