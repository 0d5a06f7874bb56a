//! Train small networks on the embedded data sets, prune weights and then filters, and export each dense, masked and
//! compacted, with the test images and the logits that the core gives, for other programs to be checked against.
//!
//!     cargo run --release --example export -- --out target/interop/files

#[path = "common/driver.rs"]
mod driver;

use burn::tensor::Device;
use clap::Parser;
use driver::{Driver, Failure};
use pruning_playground::config::{Optimiser, RunConfig};
use pruning_playground::data::batch::Batcher;
use pruning_playground::data::{self, Dataset, DatasetId};
use pruning_playground::files::export::{self, ExportFormat};
use pruning_playground::learn::eval::logits;
use pruning_playground::learn::model::Model;
use pruning_playground::protocol::{Bulk, Command};
use pruning_playground::prune::method::{Granularity, Method};
use pruning_playground::prune::selection::Selection;
use safetensors::tensor::{Dtype, TensorView};
use std::path::{Path, PathBuf};

/// Export trained networks: dense, masked, compacted; as safetensors and ONNX.
#[derive(Parser)]
struct Arguments {
    /// Folder that the files are written into
    #[arg(long)]
    out: PathBuf,
    /// How long the dense network of the article is trained; the others are trained for some steps only
    #[arg(long, default_value_t = 6)]
    epochs: u32,
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

/// Every preset as narrow as is quick, and what no preset has: ReLU6, average pooling, windows that overlap, dropout, biases
/// before batch normalisation, and one that no convolution comes before.
const NETWORKS: [(&str, &str); 11] = [
    ("lenet-300-100", "lenet-300-100"),
    ("lenet-5", "lenet-5/4"),
    ("lenet-5-relu", "lenet-5-relu/4"),
    ("conv-2", "conv-2/8"),
    ("conv-4", "conv-4/8"),
    ("conv-6", "conv-6/8"),
    ("vgg-small", "vgg-small/4"),
    ("resnet-20", "resnet-20/4"),
    ("resnet-20-b", "resnet-20-b/4"),
    ("mobile", "mobile/2"),
    (
        "mixed",
        "c3-8 r6 b a2 [ c3-6s2 b r6 c5-12 b | z2-12 ] b r o20 p2s1 f-20 r f",
    ),
];

/// Too few to learn much, and enough that running statistics are those of images.
const STEPS: u32 = 24;

fn main() -> Result<(), Failure> {
    let Arguments { out, epochs, seed } = Arguments::parse();
    std::fs::create_dir_all(&out)?;
    let config = RunConfig {
        seed,
        ..Default::default()
    };
    for dataset in [DatasetId::Digits, DatasetId::Shapes] {
        let name = format!("test-images-{}.safetensors", dataset.name());
        let data = images(&RunConfig {
            dataset,
            ..config.clone()
        })?;
        std::fs::write(out.join(name), export::test_images(&data)?)?;
    }
    let mut names = Vec::new();
    let epoch = Driver::new().configure(config.clone(), None)?;
    let times = [epochs * epoch, epoch, 3 * epoch];
    names.extend(network(&out, "two-conv", &config, times)?);
    for (name, text) in NETWORKS {
        let config = RunConfig {
            network: text.to_owned(),
            // Five by five pixels are too many for pictures of eight.
            dataset: match name.starts_with("lenet-5") {
                true => DatasetId::Shapes,
                false => DatasetId::Digits,
            },
            optimiser: match name {
                "resnet-20-b" => Optimiser::Sgd,
                _ => Optimiser::Adam,
            },
            ..config.clone()
        };
        names.extend(network(&out, name, &config, [STEPS, 4, 4])?);
    }
    std::fs::write(out.join("networks"), names.join("\n"))?;
    Ok(())
}

/// Trains, prunes and writes a network; the names of the files.
fn network(
    out: &Path,
    name: &str,
    config: &RunConfig,
    [dense, weights, filters]: [u32; 3],
) -> Result<[String; 3], Failure> {
    let data = images(config)?;
    let mut driver = Driver::new();
    driver.configure(config.clone(), None)?;
    let names = ["dense", "masked", "compacted"].map(|kind| format!("{name}-{kind}"));
    train(&mut driver, dense)?;
    write(&mut driver, out, &names[0], false, &data)?;
    prune(&mut driver, Granularity::Weight, 0.5)?;
    train(&mut driver, weights)?;
    prune(&mut driver, Granularity::Filter, 0.25)?;
    train(&mut driver, filters)?;
    write(&mut driver, out, &names[1], false, &data)?;
    write(&mut driver, out, &names[2], true, &data)?;
    Ok(names)
}

fn images(config: &RunConfig) -> Result<Dataset, Failure> {
    Ok(match config.dataset {
        DatasetId::Shapes => data::shapes(config.noise, config.seed),
        _ => data::digits()?,
    })
}

/// What is measured besides the whole test set is left out: the next command ends it.
fn train(driver: &mut Driver, steps: u32) -> Result<(), Failure> {
    let distil = None;
    let command = Command::FineTune { steps, distil };
    driver.measured(command, |_, _| {}).map(drop)
}

fn prune(driver: &mut Driver, granularity: Granularity, fraction: f64) -> Result<(), Failure> {
    let method = Method {
        granularity,
        never_empty: true,
        ..Default::default()
    };
    driver.send(Command::SetMethod { method }, Bulk::default())?;
    let selection = Selection::Fraction(fraction);
    driver
        .measured(Command::Prune { selection }, |_, _| {})
        .map(drop)
}

/// Writes the network in hand in both formats, batch normalisation also folded, and its logits of the test images.
fn write(
    driver: &mut Driver,
    folder: &Path,
    name: &str,
    compacted: bool,
    data: &Dataset,
) -> Result<(), Failure> {
    let file = driver.export(ExportFormat::Safetensors, (compacted, false))?;
    let onnx = driver.export(ExportFormat::Onnx, (compacted, false))?;
    let folded = driver.export(ExportFormat::Onnx, (compacted, true))?;
    let logits = logits_of(&file, data)?;
    let write = |ending: &str, bytes: &[u8]| -> Result<(), Failure> {
        let path = folder.join(format!("{name}.{ending}"));
        std::fs::write(&path, bytes)?;
        Ok(())
    };
    write("safetensors", &file)?;
    write("onnx", &onnx)?;
    write("folded.onnx", &folded)?;
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
