// Rankings as the core tells them, for tests of what the page makes of them.

import { layerGroups, nextUp } from '../../www/model/ranking.js';

export const METHOD = { criterion: 'magnitude', scope: 'global', granularity: 'weight', scoreBatch: 256, spareClassifier: false, neverEmpty: false };

/** A small deterministic generator, so that a failure can be repeated. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Scores with ties and a few zeros. */
function scoresOf(seed, n) {
  const next = random(seed);
  return Float32Array.from({ length: n }, () => Math.floor(next() * 50) / 64);
}

/** The places of units in an order. */
function places(order) {
  const ranks = new Uint32Array(order.length);
  order.forEach((index, rank) => { ranks[index] = rank; });
  return ranks;
}

/** Single weights in one ranking by score, then by position, of which the first `held` are cut for good. */
export function byWeights(seed, n, held = 0) {
  const scores = scoresOf(seed, n);
  const order = [...scores.keys()].sort((a, b) => scores[a] - scores[b] || a - b);
  const ranks = places(order);
  const ranking = {
    ranks,
    sorted: Float32Array.from(order, (index, rank) => (rank < held ? 0 : scores[index])),
    masks: Uint8Array.from(ranks, (rank) => (rank < held ? 0 : 1)),
    method: METHOD,
    groups: [{ units: n, held }],
  };
  return { ranking, scores };
}

/** Single weights ranked layer by layer, merged such that every fraction is a prefix. */
export function byLayer(seed, layers) {
  let offset = 0;
  const entries = layers.flatMap(({ weights: n }, layer) => {
    const scores = scoresOf(seed + layer, n);
    const start = offset;
    offset += n;
    return [...scores.keys()].sort((a, b) => scores[a] - scores[b] || a - b)
      .map((index, r) => ({ index: start + index, score: scores[index], goesAt: (r + 0.5) / n, evenLast: r % 2 === 0 }));
  });
  entries.sort((a, b) => a.goesAt - b.goesAt || Number(a.evenLast) - Number(b.evenLast));
  return {
    ranks: places(entries.map(({ index }) => index)),
    sorted: Float32Array.from(entries, ({ score }) => score),
    masks: new Uint8Array(offset).fill(1),
    method: { ...METHOD, scope: 'layer' },
    groups: layers.map(({ weights }) => ({ units: weights, held: 0 })),
  };
}

/** Whole filters of two convolutions before a linear layer, in one ranking. */
export function byFilters(seed, [first, second]) {
  const positions = 4;
  const layers = chained([
    { shape: [first, 1, 3, 3], weights: first * 9 },
    { shape: [second, first, 3, 3], weights: second * first * 9 },
    { shape: [10, second * positions], weights: 10 * second * positions },
  ]);
  const scores = scoresOf(seed, first + second);
  const order = [...scores.keys()].sort((a, b) => scores[a] - scores[b] || a - b);
  const rankOf = [...places(order)];
  const ownersOf = [
    ...Array.from({ length: first * 9 }, (_, i) => [Math.floor(i / 9)]),
    ...Array.from({ length: second * first * 9 }, (_, i) => [first + Math.floor(i / (first * 9)), Math.floor(i / 9) % first]),
    ...Array.from({ length: 10 * second * positions }, (_, i) => [first + Math.floor((i % (second * positions)) / positions)]),
  ];
  const ranking = {
    ranks: Uint32Array.from(ownersOf, (owners) => Math.min(...owners.map((filter) => rankOf[filter]))),
    sorted: Float32Array.from(order, (index) => scores[index]),
    masks: new Uint8Array(ownersOf.length).fill(1),
    method: { ...METHOD, granularity: 'filter' },
    groups: [{ units: first + second, held: 0 }],
  };
  return { ranking, layers, rankOf, ownersOf };
}

/** Fours of two layers behind one that four does not divide, in one ranking; `taken` is each weight's four, where it goes with it. */
export function byFours(seed, [first, second]) {
  const layers = [{ shape: [1, 9], weights: 9 }, { shape: [1, 4 * first], weights: 4 * first }, { shape: [1, 4 * second], weights: 4 * second }];
  const scores = scoresOf(seed, first + second);
  const order = [...scores.keys()].sort((a, b) => scores[a] - scores[b] || a - b);
  const rankOf = [...places(order)];
  const taken = [...Array.from({ length: 9 }, () => null), ...Array.from({ length: 4 * (first + second) }, (_, i) => ((i + Math.floor(i / 4)) % 4 < 2 ? Math.floor(i / 4) : null))];
  const ranking = {
    ranks: Uint32Array.from(taken, (four) => (four === null ? 0xFFFFFFFF : rankOf[four])),
    sorted: Float32Array.from(order, (index) => scores[index]),
    masks: new Uint8Array(taken.length).fill(1),
    method: { ...METHOD, granularity: '2:4' },
    groups: [{ units: first + second, held: 0 }],
  };
  return { ranking, layers, rankOf, taken };
}

/**
 * Layers one after the other, with the channel groups that the core would tell: the last one's outputs are classes.
 * @param {{shape: number[], weights?: number, name?: string}[]} layers
 */
export function chained(layers) {
  const NONE = 0xFFFFFFFF;
  let groups = 0;
  let reads = [NONE];
  return layers.map((layer, i) => {
    const last = i === layers.length - 1;
    const own = Array.from({ length: layer.shape[0] }, (_, filter) => (last ? NONE : groups + filter));
    const known = { weights: layer.shape.reduce((product, side) => product * side, 1), ...layer, own, reads };
    groups += last ? 0 : layer.shape[0];
    reads = own;
    return known;
  });
}

/** The same ranking as it is told of a large network: figures at so many places of the order, in place of arrays of all weights. */
export function tabled(ranking, layers, spaces) {
  const held = ranking.groups.reduce((sum, group) => sum + group.held, 0);
  const units = ranking.sorted.length;
  const count = Math.min(spaces, units - held);
  const knots = Uint32Array.from({ length: count + 1 }, (_, i) => held + Math.floor(((units - held) * i) / Math.max(1, count)));
  const at = [...knots].map((knot) => layers.map(({ weights }, layer) => {
    const first = layers.slice(0, layer).reduce((sum, one) => sum + one.weights, 0);
    return Array.from({ length: weights }, (_, i) => first + i).filter((i) => ranking.masks[i] === 1 && ranking.ranks[i] >= knot).length;
  }));
  const empty = { ranks: new Uint32Array(0), masks: new Uint8Array(0) };
  return {
    ...ranking, ...empty,
    sorted: Float32Array.from(knots, (knot) => ranking.sorted[knot] ?? nextUp(ranking.sorted[units - 1])),
    tables: { knots, kept: Uint32Array.from(layers.flatMap((_, layer) => at.map((kept) => kept[layer]))), layers: layerGroups(ranking, layers), removed: 0, cutSteps: [] },
  };
}
