// The same network and the same work in TensorFlow.js. NHWC, its own layout; the wasm backend has no gradient of a convolution.

import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { initial, measure, normal } from './common.js';

const block = (x, weight, bias) => tf.maxPool(tf.relu(tf.add(tf.conv2d(x, weight, 1, 'same'), bias)), 2, 2, 'valid');

function forward([w1, b1, w2, b2, w3, b3], x) {
  const features = block(block(x, w1, b1), w2, b2);
  return tf.add(tf.matMul(tf.reshape(features, [features.shape[0], -1]), w3), b3);
}

/** `backend`: webgpu, webgl, cpu or wasm. */
export async function bench({ backend, w1, w2, batch, steps }) {
  setWasmPaths('/wasm/');
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no ${backend} here`);
  await tf.ready();
  const variables = initial(w1, w2).map(({ shape, values }) => {
    const tensor = tf.tensor(values, shape);
    if (shape.length === 4) return tf.variable(tf.transpose(tensor, [2, 3, 1, 0]));
    return tf.variable(shape.length === 2 ? tf.transpose(tensor) : tensor);
  });
  const x = tf.tensor(normal(batch * 3072), [batch, 32, 32, 3]);
  const oneHot = tf.cast(tf.oneHot(tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 10), 'int32'), 10), 'float32');
  const images = tf.tensor(normal(256 * 3072), [256, 32, 32, 3]);
  const adam = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
  const loss = () => tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(forward(variables, x)), oneHot), 1)));
  return measure({
    steps,
    ...(backend !== 'wasm' && {
      async train(count) {
        let value;
        for (let i = 0; i < count; i += 1) {
          value?.dispose();
          value = adam.minimize(loss, true, variables);
        }
        const [number] = await value.data();
        value.dispose();
        return number;
      },
    }),
    async forward() {
      const logits = tf.tidy(() => forward(variables, images));
      await logits.data();
      logits.dispose();
    },
  });
}
