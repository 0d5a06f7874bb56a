// Code as somebody writes it who uses the package; what must be refused is marked so.

import 'pruning-playground';
import 'pruning-playground/embed-height';
import type { MetricsDetail, PlaygroundSettings, PruningPlayground, Snapshot } from 'pruning-playground';

const playground = document.createElement('pruning-playground');
playground.learningRate = 0.01;
playground.widths = [8, 16];
playground.dataset = 'shapes';
playground.dataset.note = 'every element has it';
playground.spareClassifier = true;
const batch: 32 | 60 | 64 | 100 | 128 = playground.batch;
playground.network = 'conv-4/2';
const settings: PlaygroundSettings = playground.settings;

// @ts-expect-error Not a number.
playground.seed = 'one';
// @ts-expect-error No such criterion.
playground.criterion = 'largest';
// @ts-expect-error No such setting.
playground.configure({ epochs: 3 });
// @ts-expect-error Figures are for reading.
playground.snapshot().step = 3;

playground.addEventListener('metrics', ({ detail }) => {
  const { step, accuracy }: MetricsDetail = detail;
  console.log(step, accuracy, batch);
});
playground.addEventListener('error', (event) => console.log(event.detail.code));
playground.addEventListener('click', (event) => console.log(event.type));

async function lesson(element: PruningPlayground): Promise<Snapshot> {
  await element.ready;
  await element.configure({ ...settings, 'fine-tune-steps': 100, noise: null });
  await element.setSparsity(0.9);
  await element.prune();
  await element.follow('lottery-ticket');
  // @ts-expect-error No such recipe.
  await element.follow('magic').catch(() => {});
  await element.follow({ name: 'mine', plan: { kind: 'one-shot', train: 10, sparsity: 0.5, fineTune: 5 } });
  return element.fineTune();
}

const found: PruningPlayground | null = document.querySelector('pruning-playground');
if (found) lesson(found).then(({ accuracy, layers }) => console.log(accuracy?.value, layers[0].macs.kept));
