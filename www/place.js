// Where things lie: the only module that asks for its own address. All modules come to lie in one folder when they are
// bundled, so that this one must lie right in www/, where its address is of the same folder before and after.

/**
 * The address of a file of this version.
 * @param {string} path From www/.
 */
export function place(path) {
  return new URL(path, import.meta.url);
}

/**
 * The site's address from that of one of its scripts: these lie in a folder of their version, the pages of the site and the entry that
 * others load do not.
 * @param {string} script
 */
export function siteOf(script) {
  return script.replace(/(\/v\/[0-9a-f]{16})?\/www\/[^/]*$/u, '/');
}

const SITE = siteOf(import.meta.url);

/** The page, whose widget reads its settings from the hash. */
export const OWN_PAGE = SITE;
/** The entry that stays the same in all versions. */
export const OWN_SCRIPT = `${SITE}www/pruning-playground.js`;
