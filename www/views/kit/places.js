// The focus and the open panels of an app, found again in another that is built from the same state: in another language.

import { isOpen, openPanel } from './popover.js';

/** @typedef {{testid: string | null, path: number[], tag: string}} Place */

/**
 * @param {HTMLElement} app
 * @returns {(other: HTMLElement) => void} Puts the focus and the panels of another app where they are now in this one.
 */
export function rememberPlaces(app) {
  const root = /** @type {ShadowRoot | Document | HTMLElement} */ (app.getRootNode());
  const active = 'activeElement' in root ? root.activeElement : null;
  const focus = active && active !== app && app.contains(active) ? placeOf(active, app) : null;
  const panels = panelsOf(app).filter(isShown).map((panel) => placeOf(panel, app));
  const own = active === app;
  return (other) => {
    for (const place of panels) {
      const panel = elementAt(place, other);
      if (panel instanceof HTMLDetailsElement) panel.open = true;
      else if (panel) openPanel(panel);
    }
    const element = own ? other : focus && elementAt(focus, other);
    element?.focus({ preventScroll: true });
  };
}

/**
 * @param {HTMLElement} app
 * @returns {HTMLElement[]}
 */
function panelsOf(app) {
  return [...app.querySelectorAll('.popover, details')].filter((panel) => panel instanceof HTMLElement);
}

/** @param {HTMLElement} panel */
function isShown(panel) {
  return panel instanceof HTMLDetailsElement ? panel.open : isOpen(panel);
}

/**
 * @param {Element} element
 * @param {Element} app
 * @returns {Place}
 */
export function placeOf(element, app) {
  /** @type {number[]} */
  const path = [];
  for (let each = element; each !== app && each.parentElement; each = each.parentElement) path.unshift([...each.parentElement.children].indexOf(each));
  return { testid: element.getAttribute('data-testid'), path, tag: element.localName };
}

/**
 * The element of that name, where there is just one, else the one in the same place of the tree.
 * @param {Place} place
 * @param {Element} app
 * @returns {HTMLElement | null}
 */
function elementAt({ testid, path, tag }, app) {
  const named = testid === null ? [] : [...app.querySelectorAll(`[data-testid="${testid}"]`)];
  /** @type {Element | undefined} */
  let found = app;
  for (const index of path) found = found?.children[index];
  const element = named.length === 1 ? named[0] : found;
  return element?.localName === tag ? /** @type {HTMLElement} */ (element) : null;
}
