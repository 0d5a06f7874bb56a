// Where this site is: its scripts lie in a folder of their version, its pages and the entry that others load do not.

/**
 * The site's address from that of one of its scripts.
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
