// Figures as a table to read: medians with their spread, ratios to this project's CPU bundle, shares of the limit.

import { quantile } from '../www/model/quantile.js';

/** Multiply-accumulates of one image, 3x32x32 and ten classes. */
function macs(w1, w2) {
  return w1 * 27 * 1024 + w2 * w1 * 9 * 256 + w2 * 64 * 10;
}

const number = (ms) => (ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3));

function spread(values) {
  if (values.length === 0) return '-';
  return `${number(quantile(values, 0.5))} [${number(quantile(values, 0.05))}-${number(quantile(values, 0.95))}]`;
}

/** Share of the SIMD peak that a step (forward, and twice that backward) reaches. */
function share(row, peak) {
  const [w1, w2] = row.size.split('/').map(Number);
  const gigaflops = (3 * 2 * macs(w1, w2) * row.batch) / 1e9;
  return `${Math.round((100 * gigaflops) / (quantile(row.step, 0.5) / 1e3) / peak)}%`;
}

export function table({ browser, peakGigaflops, results, startUp }) {
  const lines = [
    `Chromium ${browser}; SIMD multiply and add, one thread: ${peakGigaflops.toFixed(1)} GFLOP/s`,
    'Milliseconds, median [5th-95th percentile]; times: as many times the time of cpu; peak: share of the limit of one thread',
    '',
    ['filters', 'batch', 'contender', 'training step', 'times', 'peak', 'forward of 256', 'times'].join(' | '),
    ['---', '---:', '---', '---:', '---:', '---:', '---:', '---:'].join(' | '),
  ];
  for (const row of results) {
    const base = results.find((one) => one.name === 'cpu' && one.size === row.size && one.batch === row.batch);
    const times = (what) => (base?.[what].length && row[what].length ? (quantile(row[what], 0.5) / quantile(base[what], 0.5)).toFixed(2) : '-');
    const cells = row.failed
      ? [row.failed, '-', '-', '-', '-']
      : [spread(row.step), times('step'), row.step.length ? share(row, peakGigaflops) : '-', spread(row.forward), times('forward')];
    lines.push([row.size, row.batch, row.name, ...cells].join(' | '));
  }
  lines.push('', 'From navigation to the first training step, ms: '
    + `cold ${spread(startUp.cold)}, warm ${spread(startUp.warm)} (CPU bundle, localhost)`);
  return lines.join('\n');
}
