// The page of the widget alone. It tells the page around an iframe how high the widget is; embed-height.js is the other end.

import { followTitle } from './article/title.js';
import { HEIGHT, MEASURE } from './element/embed-messages.js';

followTitle('embed-title');
const widget = document.querySelector('pruning-playground');
let told = 0;

/** Wide, the widget fills the frame: what it needs is then its least height. */
function height() {
  const least = widget ? Number.parseFloat(getComputedStyle(widget).minHeight) : 0;
  return Math.ceil(least > 0 ? least : widget?.getBoundingClientRect().height ?? 0);
}

function tell() {
  told = height();
  // A height is no secret, and the page around is not known.
  window.parent.postMessage({ type: HEIGHT, height: told }, '*');
}

if (widget && window.parent !== window) {
  new ResizeObserver(() => { if (height() !== told) tell(); }).observe(widget);
  window.addEventListener('message', ({ source, data }) => {
    if (source === window.parent && data?.type === MEASURE) tell();
  });
}
