// Whether the site has been replaced since this page was loaded: the files of its version are then gone from the server.

import { OWN_SCRIPT, place } from '../place.js';

/**
 * @param {string} text An address, or a module that leads to one.
 * @returns {string | null}
 */
function versionIn(text) {
  return /\/v\/([0-9a-f]{16})\/www\//u.exec(text)?.[1] ?? null;
}

/**
 * @param {string} address Of this version's scripts.
 * @param {typeof fetch} ask
 * @returns {Promise<boolean>} False also where that can't be found out.
 */
export async function isReplaced(address = place('.').href, ask = (...request) => fetch(...request)) {
  const own = versionIn(address);
  if (!own) return false;
  try {
    const response = await ask(OWN_SCRIPT, { cache: 'no-store' });
    const now = response.ok ? versionIn(await response.text()) : null;
    return now !== null && now !== own;
  } catch {
    return false;
  }
}
