// A recipe in a file, loaded and started as a person would, and what came of it.

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { columns } from './columns.mjs';

const DAY = 86_400_000;

/**
 * Follows a recipe to its end.
 * @param {import('./browser.mjs').Widget} widget
 * @param {string} file Path of the recipe.
 * @param {(line: string) => void} say Hears how far it has come.
 * @returns {Promise<{recipe: object, seconds: number, points: object[]}>} The states that it made, first to last.
 */
export async function followRecipe(widget, file, say) {
  const before = new Set((await pointsOf(widget)).map(({ id }) => id));
  await widget.part('recipe').click();
  await widget.part('recipe-file').setInputFiles(file);
  await widget.until((root) => root.querySelector('[data-testid="recipe"]')?.getAttribute('data-value') === 'file'
    || root.querySelector('[data-testid="notices"] [data-key^="recipe-"]') !== null);
  if (await widget.part('recipe').getAttribute('data-value') !== 'file') throw new Error(await widget.part('notices').textContent());
  say(`recipe: ${basename(file)}, ${await widget.part('recipe-sum').textContent()}`);
  const from = performance.now();
  await widget.part('recipe-start').click();
  const progress = setInterval(async () => {
    say(await widget.part('recipe-progress').textContent().catch(() => '') ?? '');
  }, 2000);
  try {
    await widget.until((root) => root.querySelector('[data-testid="notices"] .notice.warning, [data-key^="recipe-"]') !== null, undefined, DAY);
  } finally {
    clearInterval(progress);
  }
  const seconds = (performance.now() - from) / 1000;
  const said = await widget.part('notices').textContent();
  if (await widget.part('notices').locator('[data-key="recipe-done"]').count() === 0) throw new Error(said ?? 'the recipe did not end');
  await wholeTestSet(widget);
  const points = (await pointsOf(widget)).filter(({ id }) => !before.has(id)).map(({ id: _, ...point }) => point);
  return { recipe: JSON.parse(await readFile(file, 'utf8')), seconds, points };
}

/** Waits until the state that the recipe ended with has been measured on all test images. */
function wholeTestSet(widget) {
  return widget.until((root) => {
    const current = root.querySelector('[data-testid="states"] [aria-current="true"]');
    return current !== null && current.getAttribute('data-samples') === root.querySelector('[data-testid="preview-samples"]')?.getAttribute('data-of');
  }, undefined, 600_000);
}

async function pointsOf(widget) {
  const total = Number(await widget.part('kept').getAttribute('data-total'));
  const found = await widget.part('states').locator('button').evaluateAll((buttons) => buttons.map(({ dataset }) => ({
    id: Number(dataset.id), kind: dataset.kind, step: Number(dataset.step), sparsity: Number(dataset.sparsity),
    accuracy: Number(dataset.accuracy), samples: Number(dataset.samples),
  })));
  return found.map((point) => ({ ...point, kept: total - Math.round(point.sparsity * total) })).sort((a, b) => a.id - b.id);
}

/** The states as lines of text. */
export function pointLines(points) {
  const percent = (share) => `${(100 * share).toFixed(1)}%`;
  return columns([
    ['state', 'step', 'sparsity', 'kept weights', 'accuracy', 'test images'],
    ...points.map(({ kind, step, sparsity, kept, accuracy, samples }) => [
      kind, step.toLocaleString('en'), percent(sparsity), kept.toLocaleString('en'), percent(accuracy), samples.toLocaleString('en'),
    ]),
  ]);
}
