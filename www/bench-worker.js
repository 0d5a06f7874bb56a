// A worker that loads one bundle and measures it: some work, or, without any, the most that SIMD can do.

import { compileBundle, loadPlayground } from './bundle.js';

/** @import {BackendName, BenchWork} from './types.d.ts' */

/** @type {{backend: BackendName, bundle: ReturnType<typeof loadPlayground>} | null} */
let loaded = null;

/** @param {MessageEvent<{backend: BackendName, work: BenchWork | null}>} event */
self.onmessage = async ({ data: { backend, work } }) => {
  try {
    if (loaded?.backend !== backend) loaded = { backend, bundle: loadPlayground(backend, compileBundle(backend, () => {})) };
    const { playground } = await loaded.bundle;
    self.postMessage({ answer: work ? await playground.bench(work) : playground.peakGigaflops() });
  } catch (error) {
    loaded = null;
    self.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
};
