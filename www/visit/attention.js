// Whether a person can see an element: work waits until they can, and rests while they can't.

/** @import {State} from '../state/types.d.ts' */

/** So near to the window an element is about to be seen. */
const NEAR = '64px';

/**
 * Whether the work in hand rests while nobody sees it: training without an end. What ends by itself goes on, be it
 * fine-tuning, a recipe, or the measuring that follows; races and scans have workers of their own.
 * @param {Pick<State, 'activity' | 'recipe'>} state
 */
export function restsUnseen({ activity, recipe }) {
  return activity === 'training' && recipe?.state !== 'running';
}

/**
 * Whether an element is in the window as it is now, asked before the browser has told. Within a frame nobody but the
 * browser knows what is seen.
 * @param {Element} element
 */
export function isPlainlySeen(element) {
  if (window.parent !== window || document.visibilityState !== 'visible' || element.getClientRects().length === 0) return false;
  const { top, bottom } = element.getBoundingClientRect();
  return bottom >= 0 && top < window.innerHeight;
}

/**
 * Tells, at first and whenever it changes, whether an element is in the window of a page that is shown.
 * @param {Element} element
 * @param {(seen: boolean) => void} onChange
 * @param {AbortSignal} signal Ends it.
 */
export function watchAttention(element, onChange, signal) {
  let near = false;
  let told = false;
  const tell = () => {
    const seen = near && document.visibilityState === 'visible';
    if (seen === told) return;
    told = seen;
    onChange(seen);
  };
  const observer = new IntersectionObserver((entries) => {
    near = entries.some(({ isIntersecting }) => isIntersecting);
    tell();
  }, { rootMargin: NEAR });
  observer.observe(element);
  document.addEventListener('visibilitychange', tell, { signal });
  signal.addEventListener('abort', () => observer.disconnect());
}
