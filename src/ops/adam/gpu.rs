//! A step of Adam on WebGPU: a unit for each parameter.

use super::ops::{AdamKernels, BETA_1, BETA_2};
use crate::ops::gpu::cubes;
use burn::backend::tensor::FloatTensor;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use cubecl::prelude::*;

impl AdamKernels for CubeBackend {
    fn adam_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        factor: f32,
        epsilon: f32,
        learning_rate: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [parameter, gradient, first, second] =
            [parameter, gradient, first, second].map(into_contiguous);
        let client = parameter.client.clone();
        let shape = parameter.meta.shape().clone();
        let after = || {
            let device = parameter.device.clone();
            empty_device_contiguous_dtype(client.clone(), device, shape.clone(), parameter.dtype)
        };
        let outputs = [after(), after(), after()];
        let [new_parameter, new_first, new_second] = outputs.clone();
        let count = shape.num_elements();
        let (cube_count, dim) = cubes(&client, count);
        // SAFETY: units past the last parameter end at once.
        unsafe {
            adam::launch_unchecked(
                &client,
                cube_count,
                dim,
                parameter.into_buffer_arg(),
                gradient.into_buffer_arg(),
                first.into_buffer_arg(),
                second.into_buffer_arg(),
                new_parameter.into_buffer_arg(),
                new_first.into_buffer_arg(),
                new_second.into_buffer_arg(),
                count as u32,
                factor,
                epsilon,
                learning_rate,
            );
        }
        let [parameter, first, second] = outputs;
        (parameter, first, second)
    }
}

#[cube(launch_unchecked)]
fn adam(
    parameter: &[f32],
    gradient: &[f32],
    first: &[f32],
    second: &[f32],
    new_parameter: &mut [f32],
    new_first: &mut [f32],
    new_second: &mut [f32],
    count: u32,
    factor: f32,
    epsilon: f32,
    learning_rate: f32,
) {
    let at = ABSOLUTE_POS;
    if at as u32 >= count {
        terminate!();
    }
    let g = gradient[at];
    let m = first[at] * BETA_1 + g * comptime!(1.0 - BETA_1);
    let v = second[at] * BETA_2 + g * g * comptime!(1.0 - BETA_2);
    new_first[at] = m;
    new_second[at] = v;
    new_parameter[at] = parameter[at] - m * factor / (v.sqrt() + epsilon) * learning_rate;
}
