// Which backend to run, from what is known of the GPU. Pure: the worker gathers the facts.

/** @import {BackendChoice, BackendRequest, GpuFacts} from './types.d.ts' */

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
 * The backend and the reason for it; the page has a sentence for each reason.
 * @param {BackendRequest} requested
 * @param {GpuFacts} facts
 * @returns {BackendChoice}
 */
export function chooseBackend(requested, facts) {
  if (requested === 'cpu') return { backend: 'cpu', reason: 'asked' };
  if (!facts.api) return { backend: 'cpu', reason: 'no-webgpu' };
  if (!facts.adapter) return { backend: 'cpu', reason: 'no-adapter' };
  // Without timestamp queries, creating a stream panics in the GPU runtime (cubecl, stream.rs).
  if (!facts.timestampQuery) return { backend: 'cpu', reason: 'no-timestamps' };
  if (requested === 'webgpu') return { backend: 'webgpu', reason: facts.software ? 'asked-software' : 'asked' };
  if (facts.software) return { backend: 'cpu', reason: 'software' };
  return { backend: 'webgpu', reason: 'hardware' };
}
