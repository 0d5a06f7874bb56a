// A hash that names a place of the page is no list of settings.

/** The part of the address that holds settings: empty where it is the name of a place. */
export function settingsHash() {
  return isPlace() ? '' : location.hash;
}

/** Whether the address leads to a place of the page. */
export function isPlace() {
  return document.getElementById(location.hash.slice(1)) !== null;
}
