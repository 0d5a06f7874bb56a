//! What the kernels for WebGPU (natively: wgpu) share.
//!
//! All of them are direct: a unit owns a tile of the output, keeps its sums in registers and reads the operands from
//! global memory, each once for many products. There is no shared memory and no barrier: on a software adapter a
//! barrier costs more than it saves, and on a GPU the reads of neighbours are served by the cache. Every sum has one
//! owner and one order, so the figures of a run are the same each time.

use burn::tensor::{DType, Shape};
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;
use cubecl::client::Client;
use cubecl::{CubeCount, CubeDim};

/// Units of a cube. Enough for a GPU's wave; small, so that few units idle in the last cube and small networks still
/// come to many cubes.
const UNITS: u32 = 32;

/// Cubes and their size for so many `units`; there may be more than that, and those have to end at once.
pub fn cubes(client: &Client, units: usize) -> (CubeCount, CubeDim) {
    let dim = CubeDim::new_1d(UNITS);
    let count = cubecl::calculate_cube_count_elemwise(client, units, dim);
    (count, dim)
}

/// The first dimensions of a tensor; a missing one counts as 1.
pub fn dims<const D: usize>(tensor: &CubeTensor) -> [usize; D] {
    let mut dims = [1; D];
    for (dim, &size) in dims.iter_mut().zip(tensor.meta.shape().iter()) {
        *dim = size;
    }
    dims
}

/// Memory for `shape` on the device of `like`, not yet written to.
pub fn empty<const D: usize>(like: &CubeTensor, shape: [usize; D], dtype: DType) -> CubeTensor {
    let (client, device) = (like.client.clone(), like.device.clone());
    empty_device_contiguous_dtype(client, device, Shape::from(shape), dtype)
}
