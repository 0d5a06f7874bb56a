// Loads modules that come later than the first screen.

let attempts = 0;

/**
 * Loads a module, also where it could not be loaded before: a browser may answer for the same address with the same failure for
 * as long as the page is open, and names the address in its error.
 * @template T
 * @param {() => Promise<T>} load
 * @param {(address: string) => Promise<T>} loadFrom
 * @returns {Promise<T>}
 */
export async function persistently(load, loadFrom = (address) => import(address)) {
  try {
    return await load();
  } catch (error) {
    const [address] = /https?:\S+\.js/u.exec(String(error)) ?? [];
    if (!address) throw error;
    attempts += 1;
    return loadFrom(`${address}?again=${attempts}`);
  }
}
