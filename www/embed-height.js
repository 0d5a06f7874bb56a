// For the page around: gives each `iframe[data-pruning-playground]` the height of the widget in it.

import { MEASURE, heightIn } from './element/embed-messages.js';

const FRAMES = 'iframe[data-pruning-playground]';

/** @type {() => HTMLIFrameElement[]} */
const frames = () => [...document.querySelectorAll(FRAMES)].filter((each) => each instanceof HTMLIFrameElement);

window.addEventListener('message', (event) => {
  const frame = frames().find(({ contentWindow }) => contentWindow !== null && contentWindow === event.source);
  const height = frame ? heightIn(event, new URL(frame.src, document.baseURI).origin) : null;
  if (frame && height !== null) frame.style.height = `${height}px`;
});

// Those that were ready before this script was.
for (const frame of frames()) frame.contentWindow?.postMessage({ type: MEASURE }, '*');
