// Pressing and dragging with the primary button, a pen or the first finger: the other buttons mean something else.

/** @param {Pick<PointerEvent, 'button' | 'isPrimary'>} event A `pointerdown`. */
export function isPress({ button, isPrimary }) {
  return button === 0 && isPrimary;
}

/**
 * @param {HTMLElement} element
 * @param {(offsetX: number) => void} to Told of each place from the press to the release.
 */
export function onDrag(element, to) {
  let dragging = false;
  element.addEventListener('pointerdown', (event) => {
    if (!isPress(event)) return;
    dragging = true;
    element.setPointerCapture(event.pointerId);
    to(event.offsetX);
  });
  element.addEventListener('pointermove', ({ isPrimary, offsetX }) => { if (dragging && isPrimary) to(offsetX); });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) element.addEventListener(end, () => { dragging = false; });
}
