// Building elements without markup in strings: everything a person reads goes in as text.

/**
 * Attributes; `on*` are listeners, `text` is the text, false and null are left out.
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Properties
 */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Properties} [properties]
 * @param {...(Node | null)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (name === 'text') element.textContent = String(value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * An element for a number that changes: `data-testid` names it, `data-value` holds it unrounded. By itself an output
 * speaks each change, and there are many a second: one read-out speaks for them all.
 * @param {string} name
 * @param {Properties} [properties]
 */
export function output(name, properties = {}) {
  return h('output', { 'data-testid': name, 'aria-live': 'off', ...properties });
}

/**
 * Writes only what changed, so that an unchanged figure costs no layout.
 * @param {HTMLElement} element
 * @param {string} text
 * @param {number | string | null} [value]
 */
export function show(element, text, value = null) {
  if (element.textContent !== text) element.textContent = text;
  attribute(element, 'data-value', value === null ? null : String(value));
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value null removes it.
 */
export function attribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/**
 * An icon of one path in a 16x16 box.
 * @param {string} path
 */
export function icon(path) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const shape = document.createElementNS(space, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}
