import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interval } from './interval.js';

/**
 * @param {{low: number, high: number}} now
 * @param {[number, number]} wanted
 */
function near({ low, high }, [from, to]) {
  assert.ok(Math.abs(low - from) < 5e-5 && Math.abs(high - to) < 5e-5, `${low} ${high}`);
}

test('of an infinite population it is Wilson’s interval', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  near(interval(81 / 263, 263, 1e12), [0.2553, 0.3662]);
  near(interval(15 / 148, 148, 1e12), [0.0624, 0.1605]);
  near(interval(0 / 20, 20, 1e12), [0, 0.1611]);
  near(interval(1 / 29, 29, 1e12), [0.0061, 0.1718]);
});

test('it holds the share, stays within 0 and 1, and closes in as the sample becomes everything', () => {
  for (const share of [0, 0.125, 0.5, 0.9375, 1]) {
    let last = 1;
    for (const samples of [16, 32, 64, 500, 999, 1000]) {
      const { low, high } = interval(share, samples, 1000);
      assert.ok(low >= 0 && low <= share && share <= high && high <= 1);
      assert.ok(high - low < last);
      last = high - low;
    }
    assert.equal(last, 0);
  }
});

test('19 of 20 intervals hold the accuracy over all images', () => {
  // Drawn without replacement by a small generator of its own, so that it comes out the same each time.
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  for (const [right, samples] of [[840, 16], [840, 200], [500, 64], [970, 128]]) {
    let held = 0;
    for (let trial = 0; trial < 2000; trial += 1) {
      let drawn = 0;
      for (let i = 0; i < samples; i += 1) drawn += random() * (1000 - i) < right - drawn ? 1 : 0;
      const { low, high } = interval(drawn / samples, samples, 1000);
      held += low <= right / 1000 && right / 1000 <= high ? 1 : 0;
    }
    assert.ok(held / 2000 > 0.92 && held / 2000 < 0.985, `${right} ${samples}: ${held / 2000}`);
  }
});

test('no image says nothing', () => {
  assert.deepEqual(interval(0, 0, 100), { low: 0, high: 1 });
});
