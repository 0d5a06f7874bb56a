// Trains a little, then prunes and fine-tunes step by step. Properties, methods and events: docs/embedding.md.

const playground = document.querySelector('pruning-playground');
const button = document.querySelector('button');
const now = document.querySelector('#now');
const results = document.querySelector('#results');

const percent = (share) => `${(100 * share).toFixed(1)}%`;

function say(text) {
  results.append(Object.assign(document.createElement('li'), { textContent: text }));
}

playground.addEventListener('metrics', ({ detail: { epoch, loss, accuracy } }) => {
  now.textContent = `epoch ${epoch.toFixed(1)}, loss ${loss?.toFixed(3) ?? '–'}, accuracy ${percent(accuracy ?? 0)}`;
});
playground.addEventListener('pruned', ({ detail: { sparsity, kept } }) => say(`${percent(sparsity)} pruned, ${kept} weights kept`));
playground.addEventListener('error', ({ detail: { code, message } }) => say(`${code}: ${message}`));

/** Resolves at the first `metrics` event of which something holds. */
function when(holds) {
  return new Promise((resolve) => {
    playground.addEventListener('metrics', function listen({ detail }) {
      if (!holds(detail)) return;
      playground.removeEventListener('metrics', listen);
      resolve();
    });
  });
}

button.addEventListener('click', async () => {
  button.disabled = true;
  results.replaceChildren();
  await playground.configure({ seed: 7, 'fine-tune-steps': 45 });
  playground.run();
  await when(({ epoch }) => epoch >= 3);
  const dense = await playground.pause();
  say(`dense: accuracy ${percent(dense.accuracy.value)}`);
  for (const sparsity of [0.5, 0.75, 0.9]) {
    await playground.setSparsity(sparsity);
    await playground.prune();
    const { accuracy } = await playground.fineTune();
    say(`fine-tuned: accuracy ${percent(accuracy.value)}`);
  }
  button.disabled = false;
});

await playground.ready;
button.disabled = false;
