import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFormat } from '../../model/format.js';
import { translator } from '../../words/strings.js';
import { layerName, networkName } from './layer-name.js';

const [en, zh] = await Promise.all([translator('en'), translator('zh-CN')]);

test('layers are called as a learner reads them, and those of files as the files call them', () => {
  const names = ['conv1', 'conv19', 'fc', 'fc2', 'bn3', 'add1', 'features.0', 'conv', 'conv1.weight'];
  assert.deepEqual(names.map((name) => layerName(name, en)), ['Conv 1', 'Conv 19', 'Linear', 'Linear 2', 'Norm 3', 'Sum 1', 'features.0', 'Conv', 'conv1.weight']);
  assert.deepEqual(['conv1', 'fc'].map((name) => layerName(name, zh)), ['卷积 1', '线性层']);
});

test('a network is called by its preset and width, the article’s by its filters, one’s own as such', () => {
  const words = { t: en, format: createFormat('en') };
  const called = (network) => networkName({ network, widths: [8, 16] }, words);
  assert.deepEqual(['two-conv', 'conv-4', 'resnet-20/8', 'c3-8 r p2 f'].map(called), ['8 + 16 filters', 'Conv-4', 'ResNet-20 (A) ÷8', 'Own network']);
});
