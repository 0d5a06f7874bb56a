// The keyboard stays in the widget when the control that has it goes away.

/**
 * Makes changes; where they disable, hide or remove the element that has the focus, what was around it takes the focus:
 * the keys would else be lost to the page around the widget, and Tab would begin anew.
 * @param {HTMLElement} app
 * @param {() => void} change
 */
export function keepFocus(app, change) {
  const root = app.getRootNode();
  const before = root instanceof ShadowRoot ? root.activeElement : null;
  const around = before ? ancestors(before) : [];
  change();
  if (!before || !around.includes(app)) return;
  const lost = !app.contains(before) || before.matches(':disabled') || before.closest('[hidden]') !== null;
  const heir = lost ? around.find((element) => app.contains(element) && element.closest('[hidden]') === null) : null;
  if (!heir) return;
  if (heir.tabIndex < 0) heir.setAttribute('tabindex', '-1');
  heir.focus({ preventScroll: true });
}

/** @param {Element} element */
function ancestors({ parentElement }) {
  /** @type {HTMLElement[]} */
  const found = [];
  for (let each = parentElement; each; each = each.parentElement) found.push(each);
  return found;
}
