// What all peers share: initial weights, images, and how time is taken.

/** Steps before the loss is read back, as in this project's own measurement on a GPU. */
const STEPS_PER_READ = 5;

/** Adam's learning rate 1e-3 with both bias corrections, for step `time`. */
export function adamScale(time) {
  return (1e-3 * Math.sqrt(1 - 0.999 ** time)) / (1 - 0.9 ** time);
}

/** Normally distributed numbers; their values don't matter to the time, as long as they are ordinary. */
export function normal(count, deviation = 1) {
  return Float32Array.from({ length: count }, () => deviation * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));
}

/** Weights (He initialisation) and biases of the network on 3x32x32, in PyTorch's layouts. */
export function initial(w1, w2) {
  return [[w1, 3, 3, 3], [w1], [w2, w1, 3, 3], [w2], [10, w2 * 64], [10]].map((shape) => {
    const count = shape.reduce((a, b) => a * b);
    return { shape, values: shape.length === 1 ? new Float32Array(count) : normal(count, Math.sqrt((2 * shape[0]) / count)) };
  });
}

/**
 * @param {{steps: number, train?: (count: number) => Promise<number>, forward: () => Promise<unknown>}} work
 * @returns {Promise<{step: number[], forward: number[], learns: boolean}>} Milliseconds, one figure a sample.
 */
export async function measure({ steps, train, forward }) {
  const perRead = Math.min(STEPS_PER_READ, steps);
  const figures = { step: [], forward: [], learns: false };
  const before = await train?.(1);
  await train?.(1);
  await forward();
  let after;
  for (let done = 0; done < steps; done += perRead) {
    let start = performance.now();
    after = await train?.(perRead);
    if (train) figures.step.push((performance.now() - start) / perRead);
    start = performance.now();
    await forward();
    figures.forward.push(performance.now() - start);
  }
  // A peer that does not learn has not done the work.
  figures.learns = !train || after < before;
  return figures;
}
