//! Train a small network on the embedded digits, prune weights and then filters, and export it dense, masked and
//! compacted, with the test images and the logits that the core gives, for other programs to be checked against.
//!
//!     cargo run --release --example export -- --out target/interop/files

#[path = "common/driver.rs"]
mod driver;

use burn::tensor::Device;
use clap::Parser;
use driver::{Driver, Failure};
use pruning_playground::config::RunConfig;
use pruning_playground::data::batch::Batcher;
use pruning_playground::data::{self, Dataset};
use pruning_playground::files::export::{self, ExportFormat};
use pruning_playground::learn::eval::logits;
use pruning_playground::learn::model::Model;
use pruning_playground::protocol::Command;
use pruning_playground::prune::method::{Granularity, Method};
use pruning_playground::prune::selection::Selection;
use safetensors::tensor::{Dtype, TensorView};
use std::path::{Path, PathBuf};

/// Export a trained network: dense, masked, compacted; as safetensors and ONNX.
#[derive(Parser)]
struct Arguments {
    /// Folder that the files are written into
    #[arg(long)]
    out: PathBuf,
    /// How long the dense network is trained
    #[arg(long, default_value_t = 6)]
    epochs: u32,
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

fn main() -> Result<(), Failure> {
    let Arguments { out, epochs, seed } = Arguments::parse();
    std::fs::create_dir_all(&out)?;
    let data = data::digits()?;
    std::fs::write(
        out.join("test-images.safetensors"),
        export::test_images(&data)?,
    )?;
    let config = RunConfig {
        seed,
        ..Default::default()
    };
    let mut driver = Driver::new();
    let epoch = driver.configure(config, None)?;
    train(&mut driver, epochs * epoch)?;
    write(&mut driver, &out, "dense", false, &data)?;
    prune(&mut driver, Granularity::Weight, 0.5)?;
    train(&mut driver, epoch)?;
    prune(&mut driver, Granularity::Filter, 0.25)?;
    train(&mut driver, 3 * epoch)?;
    write(&mut driver, &out, "masked", false, &data)?;
    write(&mut driver, &out, "compacted", true, &data)
}

fn train(driver: &mut Driver, steps: u32) -> Result<(), Failure> {
    let distil = None;
    driver.settle(Command::FineTune { steps, distil }, drop)
}

fn prune(driver: &mut Driver, granularity: Granularity, fraction: f64) -> Result<(), Failure> {
    let method = Method {
        granularity,
        never_empty: true,
        ..Default::default()
    };
    driver.settle(Command::SetMethod { method }, drop)?;
    let selection = Selection::Fraction(fraction);
    driver.settle(Command::Prune { selection }, drop)
}

/// Writes the network in hand in both formats, and its logits of the test images.
fn write(
    driver: &mut Driver,
    folder: &Path,
    name: &str,
    compacted: bool,
    data: &Dataset,
) -> Result<(), Failure> {
    let file = driver.export(ExportFormat::Safetensors, compacted)?;
    let onnx = driver.export(ExportFormat::Onnx, compacted)?;
    let logits = logits_of(&file, data)?;
    let write = |ending: &str, bytes: &[u8]| -> Result<(), Failure> {
        let path = folder.join(format!("{name}.{ending}"));
        std::fs::write(&path, bytes)?;
        println!("{} ({} bytes)", path.display(), bytes.len());
        Ok(())
    };
    write("safetensors", &file)?;
    write("onnx", &onnx)?;
    write("logits.safetensors", &logits)
}

/// What the network in `file` says of all test images, as a safetensors file with one tensor, `logits`.
fn logits_of(file: &[u8], data: &Dataset) -> Result<Vec<u8>, Failure> {
    let stored = export::read(file)?;
    let graph = stored.config.graph(data)?;
    let state = stored.state(file, &graph)?;
    let device = Device::flex();
    let model = Model::new(&graph, &state.parameters, &device);
    let batch = Batcher::new(data).batch(&data.test, 0..data.test.len(), &device);
    let values = pollster::block_on(logits(&model, &[batch]))?;
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let dims = vec![data.test.len(), graph.classes()];
    let view = TensorView::new(Dtype::F32, dims, &bytes)?;
    Ok(safetensors::serialize([("logits", view)], None)?)
}
