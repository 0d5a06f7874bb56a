// The same network and the same work in jax-js. Its arrays are owned: `.ref` keeps one for another use.

import { init, jit, lax, nn, numpy as np, valueAndGrad, defaultDevice } from '@jax-js/jax';
import { adamScale, measure, initial, normal } from './common.js';

/**
 * @param {np.Array} x [n, c, h, w]
 * @returns {np.Array} [n, c, h / 2, w / 2]
 */
function pool(x) {
  const [n, c, h, w] = x.shape;
  return np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
}

const block = (x, weight, bias) => pool(nn.relu(lax.conv(x, weight, [1, 1], 'SAME').add(bias.reshape([1, -1, 1, 1]))));

function forward([w1, b1, w2, b2, w3, b3], x) {
  const features = block(block(x, w1, b1), w2, b2);
  return np.matmul(features.reshape([features.shape[0], -1]), np.transpose(w3)).add(b3);
}

function loss(parameters, x, oneHot) {
  const logits = forward(parameters, x);
  const n = logits.shape[0];
  return nn.logSoftmax(logits, -1).mul(oneHot).sum().mul(-1 / n);
}

const step = jit((parameters, first, second, scale, x, oneHot) => {
  const [value, gradients] = valueAndGrad(loss)(parameters.map((p) => p.ref), x, oneHot);
  const m = first.map((old, i) => old.mul(0.9).add(gradients[i].ref.mul(0.1)));
  const v = second.map((old, i) => old.mul(0.999).add(np.square(gradients[i]).mul(0.001)));
  const next = parameters.map((p, i) => p.sub(scale.ref.mul(m[i].ref).div(np.sqrt(v[i].ref).add(1e-8))));
  scale.dispose();
  return [value, next, m, v];
});

const infer = jit(forward);

/** `backend`: webgpu or wasm. */
export async function bench({ backend, w1, w2, batch, steps }) {
  const available = await init(backend);
  if (!available.includes(backend)) throw new Error(`jax-js has no ${backend} here`);
  defaultDevice(backend);
  const array = (shape, values) => np.array(values).reshape(shape);
  let parameters = initial(w1, w2).map(({ shape, values }) => array(shape, values));
  const zeros = () => initial(w1, w2).map(({ shape }) => np.zeros(shape));
  let [m, v] = [zeros(), zeros()];
  const x = array([batch, 3, 32, 32], normal(batch * 3072));
  const oneHot = array([batch, 10], Float32Array.from({ length: batch * 10 }, (_, i) => Number(i % 10 === Math.floor(i / 10) % 10)));
  const images = array([256, 3, 32, 32], normal(256 * 3072));
  let time = 0;
  return measure({
    steps,
    async train(count) {
      let value;
      for (let i = 0; i < count; i += 1) {
        time += 1;
        value?.dispose();
        [value, parameters, m, v] = step(parameters, m, v, np.array(adamScale(time)), x.ref, oneHot.ref);
      }
      return (await value.data())[0];
    },
    async forward() {
      return infer(parameters.map((p) => p.ref), images.ref).data();
    },
  });
}
