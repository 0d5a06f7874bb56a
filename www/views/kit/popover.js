// A button with a panel that opens below it, or above where there is more room, closes on Escape or a press elsewhere, and stays in the tree for readers of its text.

import { h } from './dom.js';

let count = 0;

/**
 * @param {HTMLButtonElement} button
 * @param {string} label
 * @param {...Node} children
 */
export function createPopover(button, label, ...children) {
  count += 1;
  const panel = h('div', { id: `panel-${count}`, class: 'popover', popover: 'auto', role: 'group', 'aria-label': label }, ...children);
  button.setAttribute('popovertarget', panel.id);
  // All panels would else lie open, one over the other.
  panel.hidden = !opens(panel);
  panel.addEventListener('beforetoggle', ({ newState }) => {
    if (newState === 'closed') {
      // In a shadow tree browsers forget whose focus it was.
      if (holdsFocus(panel)) button.focus();
      return;
    }
    const { top, bottom, right } = button.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const above = bottom > clientHeight / 2;
    panel.style.top = above ? 'auto' : `${bottom + 8}px`;
    panel.style.maxHeight = `${(above ? top : clientHeight - bottom) - 16}px`;
    panel.style.bottom = above ? `${clientHeight - top + 8}px` : 'auto';
    panel.style.right = `${Math.max(8, clientWidth - Math.max(right, 328))}px`;
  });
  // What has the keyboard is not to lie under it.
  panel.addEventListener('focusout', ({ relatedTarget }) => {
    // A panel that is closed by hand alone stays, too: it is there to be looked at while other controls are used.
    if (panel.popover === 'manual') return;
    if (relatedTarget instanceof Node && relatedTarget !== button && !panel.contains(relatedTarget)) closePanel(panel);
  });
  return panel;
}

/**
 * Whether a panel is open; in a browser without popovers none is.
 * @param {HTMLElement} panel
 */
export function isOpen(panel) {
  return opens(panel) && panel.matches(':popover-open');
}

/** @param {HTMLElement} panel */
export function openPanel(panel) {
  if (opens(panel) && !isOpen(panel)) panel.showPopover();
}

/** @param {HTMLElement} panel */
export function closePanel(panel) {
  if (isOpen(panel)) panel.hidePopover();
}

/**
 * Browsers without popovers know no `:popover-open` either, and throw where they are asked for it.
 * @param {HTMLElement} panel
 */
function opens(panel) {
  return typeof panel.showPopover === 'function';
}

/** @param {Element} panel */
function holdsFocus(panel) {
  const root = panel.getRootNode();
  return root instanceof ShadowRoot && panel.contains(root.activeElement);
}
