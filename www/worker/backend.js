// Which backend to run, from what is known of the GPU. Pure: the worker gathers the facts.

/** @import {BackendChoice, BackendReason, GpuFacts} from './types.d.ts' */

/** Names by which the well-known software rasterisers present themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|microsoft basic render/iu;

/**
 * Whether an adapter computes on the CPU, which is slower than the CPU bundle.
 * @param {{isFallbackAdapter?: boolean, vendor?: string, architecture?: string, device?: string, description?: string}} info
 */
export function isSoftware(info) {
  const names = [info.vendor, info.architecture, info.device, info.description].join(' ');
  return info.isFallbackAdapter === true || SOFTWARE.test(names);
}

/**
 * The backend for a person who asked for WebGPU, and the reason for it.
 * @param {GpuFacts} facts
 * @returns {BackendChoice}
 */
export function chooseBackend(facts) {
  const lack = lackOf(facts);
  if (lack) return { backend: 'cpu', reason: lack };
  return { backend: 'webgpu', reason: facts.software ? 'asked-software' : 'asked' };
}

/**
 * Why the CPU runs where the choice is left to the page; with `hardware` only until WebGPU is found faster.
 * @param {GpuFacts} facts
 * @returns {BackendReason}
 */
export function reasonForCpu(facts) {
  return lackOf(facts) ?? (facts.software ? 'software' : 'hardware');
}

/** @param {GpuFacts} facts */
function lackOf({ api, adapter, timestampQuery }) {
  if (!api) return 'no-webgpu';
  if (!adapter) return 'no-adapter';
  // Without timestamp queries, creating a stream panics in the GPU runtime (cubecl, stream.rs).
  return timestampQuery ? null : 'no-timestamps';
}
