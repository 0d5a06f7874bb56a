//! What a training step takes on the WebGPU device of this machine, natively, without a browser:
//!
//!     cargo run --no-default-features --features webgpu --example webgpu_steps -- [W1/W2] [STEPS]
//!
//! On Chromium's software adapter: VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json.

#[cfg(feature = "webgpu")]
fn main() -> Result<(), String> {
    use burn::tensor::Device;
    use pollster::block_on;
    use pruning_playground::bench::{Bench, Work};

    let mut arguments = std::env::args().skip(1);
    let sizes = arguments.next().unwrap_or_else(|| "8/16".into());
    let steps = arguments.next().and_then(|s| s.parse().ok()).unwrap_or(20);
    let (w1, w2) = sizes
        .split_once('/')
        .and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)))
        .ok_or("the filters of the two convolutions, as 8/16")?;
    let (device, setup) = Device::wgpu_options()
        .init_with_setup()
        .map_err(|e| e.to_string())?;
    let work = Work {
        w1,
        w2,
        batch: 32,
        steps,
        steps_per_read: 5.min(steps),
    };
    let mut bench = Bench::new(work, &device).map_err(|e| e.message)?;
    let figures = block_on(bench.figures()).map_err(|e| e.message)?;
    let median = |samples: &[f64]| {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    };
    println!(
        "{}: {w1}/{w2}, batch 32: {:.1} ms a step, {:.1} ms a forward pass of 256",
        setup.adapter.get_info().name,
        median(&figures.step),
        median(&figures.forward)
    );
    Ok(())
}

#[cfg(not(feature = "webgpu"))]
fn main() {
    eprintln!("build it with --no-default-features --features webgpu");
}
