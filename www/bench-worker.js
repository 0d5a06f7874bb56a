// A worker that loads one bundle and measures it: training and inference, what a cut buys, or the most that SIMD can do.

import { compileBundle, loadPlayground } from './worker/bundle.js';

/** @import {BackendName} from './model/types.d.ts' */
/** @import {BenchQuestion, Playground} from './worker/types.d.ts' */

/** @type {{backend: BackendName, bundle: ReturnType<typeof loadPlayground>} | null} */
let loaded = null;

/** @param {MessageEvent<{backend: BackendName, question: BenchQuestion}>} event */
self.onmessage = async ({ data: { backend, question } }) => {
  try {
    if (loaded?.backend !== backend) loaded = { backend, bundle: loadPlayground(backend, compileBundle(backend, () => {})) };
    const { playground } = await loaded.bundle;
    self.postMessage({ answer: await answer(playground, question) });
  } catch (error) {
    loaded = null;
    self.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
};

/**
 * @param {Playground} playground
 * @param {BenchQuestion} question
 */
function answer(playground, question) {
  switch (question.what) {
    case 'work': return playground.bench(question.work);
    case 'cut': return playground.benchCut(question.cut);
    default: return playground.peakGigaflops();
  }
}
