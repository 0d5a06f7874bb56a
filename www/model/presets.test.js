import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DIVISORS, PRESETS, paperChanges, presetOf, writtenOf } from './presets.js';
import { defaults, format, parse, setting } from './settings.js';

const CORE = readFileSync(new URL('../../src/net/presets.rs', import.meta.url), 'utf8');

test('the presets are those of the core, with their weights', () => {
  const names = /PRESETS: \[&str; \d+\] = \[([^\]]+)\]/u.exec(CORE)[1].match(/[\w-]+/gu);
  assert.deepEqual(PRESETS.map(({ name }) => name), ['two-conv', ...names]);
  for (const [, name, data, weights] of CORE.matchAll(/\("([\w-]+)", (mnist|cifar), ([\d_]+)\)/gu)) {
    const preset = PRESETS.find((each) => each.name === name);
    assert.deepEqual([preset.on, preset.weights], [data === 'mnist' ? 'MNIST' : 'CIFAR-10', Number(weights.replaceAll('_', ''))], name);
  }
});

test('a preset is known by what is written of it', () => {
  for (const { name } of PRESETS) {
    for (const divisor of DIVISORS) {
      const known = presetOf(writtenOf(name, divisor));
      assert.deepEqual([known.preset.name, known.divisor], [name, name === 'two-conv' ? 1 : divisor]);
    }
  }
  for (const network of ['c3-8 r p2 f', 'conv-4/3', 'conv-4/2/2', 'two-conv/2', '', '{}']) assert.equal(presetOf(network), null);
});

test('the settings of every preset are possible ones, and the page begins with those of its own', () => {
  for (const { name, settings } of PRESETS) {
    for (const [key, value] of Object.entries(settings)) assert.deepEqual(parse(setting(key), format(value)), value, `${name}: ${key}`);
  }
  assert.deepEqual(paperChanges(defaults(), PRESETS[0]), {});
  const resnet = PRESETS.find(({ name }) => name === 'resnet-20');
  assert.deepEqual(paperChanges(defaults(), resnet), {
    optimiser: 'sgd', 'learning-rate': 0.1, batch: 128, 'weight-decay': 1e-4, schedule: 'steps', drops: [32_000, 48_000], augment: true,
  });
  assert.deepEqual(paperChanges({ ...defaults(), ...resnet.settings }, resnet), {});
  assert.deepEqual(paperChanges({ ...defaults(), ...resnet.settings }, PRESETS[0]), { optimiser: 'adam', 'learning-rate': 0.001, batch: 32, schedule: 'constant', augment: false });
  assert.deepEqual(paperChanges({ ...defaults(), momentum: 0.5 }, PRESETS[0]), {}, 'Adam has no momentum to set');
});
