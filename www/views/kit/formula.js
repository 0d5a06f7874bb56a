// The formulas of the criteria and of distillation, in MathML.

/** @import {Criterion} from '../../generated/protocol.d.ts' */

/**
 * @param {string} tag
 * @param {...(Node | string)} children
 */
function m(tag, ...children) {
  const element = document.createElementNS('http://www.w3.org/1998/Math/MathML', tag);
  element.append(...children);
  return element;
}

const i = (/** @type {string} */ name) => m('mi', name);
const o = (/** @type {string} */ sign) => m('mo', sign);
const bracketed = (/** @type {Node[]} */ ...parts) => {
  const [open, close] = [o('('), o(')')];
  for (const bracket of [open, close]) bracket.setAttribute('stretchy', 'false');
  return row(open, ...parts, close);
};
const n = (/** @type {number} */ number) => m('mn', String(number));
const row = (/** @type {Node[]} */ ...parts) => m('mrow', ...parts);
const size = (/** @type {Node[]} */ ...parts) => row(o('|'), ...parts, o('|'));
const slope = (/** @type {string} */ of) => m('mfrac', row(o('∂'), i(of)), row(o('∂'), i('w')));
const sumOver = (/** @type {Node[]} */ ...of) => m('munder', o('∑'), row(...of));
const perWeight = () => m('mfrac', n(1), i('n'));
const inFilter = () => sumOver(i('w'), o('∈'), i('F'));
const lossSlope = (/** @type {string} */ sign) => row(o('∇'), i('L'), bracketed(i('w'), o(sign), i('ε'), i('g')));

/** The lines of each formula. @type {Record<Criterion, () => Element[][]>} */
const LINES = {
  random: () => [[i('s'), o('∼'), i('U'), bracketed(n(0), o(','), n(1))]],
  magnitude: () => [[i('s'), o('='), size(i('w'))]],
  gradient: () => [[i('s'), o('='), size(slope('L'))]],
  taylor: () => [[i('s'), o('='), size(i('w'), o('·'), slope('L'))]],
  synflow: () => [
    [i('R'), o('='), sumOver(i('c')), m('msub', i('f'), i('c')), bracketed(n(1), o(';'), size(i('w')))],
    [size(i('w'), o('·'), slope('R'))],
  ],
  grasp: () => [
    [i('s'), o('='), i('w'), o('·'), bracketed(i('H'), i('g'))],
    [i('H'), i('g'), o('≈'), m('mfrac', row(lossSlope('+'), o('−'), lossSlope('−')), row(n(2), i('ε')))],
  ],
  'filter-l1': () => [[i('s'), o('='), perWeight(), inFilter(), size(i('w'))]],
  'filter-l2': () => [[i('s'), o('='), perWeight(), m('msqrt', inFilter(), m('msup', i('w'), n(2)))]],
  fpgm: () => [[
    i('s'), o('='), perWeight(), sumOver(i('j')),
    m('msub', row(o('‖'), i('F'), o('−'), m('msub', i('F'), i('j')), o('‖')), n(2)),
  ]],
  activation: () => [[i('s'), o('='), m('mfrac', n(1), i('N')), o('∑'), o('['), i('a'), o('>'), n(0), o(']')]],
};

/**
 * @param {Criterion} criterion
 * @returns {Element[]} One formula a line.
 */
export function formula(criterion) {
  return LINES[criterion]().map(block);
}

/**
 * The loss of distillation.
 * @returns {Element[]} One formula a line.
 */
export function distilFormula() {
  const soft = (/** @type {string} */ name) => m('msub', i(name), i('T'));
  const lines = [
    [i('L'), o('='), i('α'), o('·'), i('CE'), o('+'), o('('), n(1), o('−'), i('α'), o(')'), m('msup', i('T'), n(2)), i('KL'), o('('), soft('p'), o('∥'), soft('q'), o(')')],
    [soft('p'), o('='), i('softmax'), o('('), i('z'), o('/'), i('T'), o(')')],
  ];
  return lines.map(block);
}

/** @param {Node[]} line */
function block(line) {
  const math = m('math', ...line);
  math.setAttribute('display', 'block');
  return math;
}
