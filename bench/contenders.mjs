// Who is measured, on which page, with how many steps a round: few where one takes seconds. PyTorch runs beside the browser, on one
// thread, where the system's Python has it.

const ownPage = { page: 'bench.html', measure: ({ backend, w1, w2, batch, steps }) => window.bench({ backend, w1, w2, batch, steps }) };

const peer = (module) => ({
  page: 'peer',
  module: `/${module}.js`,
  measure: async ({ module: path, ...work }) => (await import(path)).bench(work),
});

const few = (w1) => (w1 > 16 ? 1 : 5);
const many = (w1) => (w1 > 16 ? 10 : 50);

export const CONTENDERS = [
  { name: 'cpu', backend: 'cpu', ...ownPage, steps: many },
  { name: 'webgpu', backend: 'webgpu', ...ownPage, steps: few },
  { name: 'tf-wasm', backend: 'wasm', ...peer('tf'), steps: many },
  { name: 'tf-cpu', backend: 'cpu', ...peer('tf'), steps: few },
  { name: 'tf-webgl', backend: 'webgl', ...peer('tf'), steps: few },
  { name: 'tf-webgpu', backend: 'webgpu', ...peer('tf'), steps: few },
  { name: 'jax-wasm', backend: 'wasm', ...peer('jax'), steps: few },
  { name: 'torch-native', native: true, steps: many },
  { name: 'jax-webgpu', backend: 'webgpu', ...peer('jax'), steps: few },
];
