// Starting a worker's script, also on a page of another origin.

/**
 * A worker must be of its page's origin, and a script of that origin may import one of another. Not with an import
 * statement: such a script would have to be allowed as a worker too by the policy of the page. Messages that come before
 * the script are handed on to it, and an error of the import is one of the worker.
 */
/** @param {URL} script */
const relay = (script) => `
const early = [];
const keep = ({ data }) => early.push(data);
addEventListener('message', keep);
import(${JSON.stringify(script.href)}).then(() => {
  removeEventListener('message', keep);
  for (const data of early) dispatchEvent(new MessageEvent('message', { data }));
}).catch((error) => setTimeout(() => { throw error; }));
`;

/** @type {Map<string, string>} */
const relays = new Map();

/**
 * @param {URL} script A module of this site.
 * @returns {Worker}
 */
export function startWorker(script) {
  if (script.origin === globalThis.location.origin) return new Worker(script, { type: 'module' });
  const url = relays.get(script.href) ?? URL.createObjectURL(new Blob([relay(script)], { type: 'text/javascript' }));
  relays.set(script.href, url);
  return new Worker(url, { type: 'module' });
}
