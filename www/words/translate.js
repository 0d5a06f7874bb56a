// Sentences by their keys.

/**
 * Looks up sentences and fills in their `{names}`.
 * @param {Record<string, string>} strings Of one language.
 * @returns {(key: string, values?: Record<string, string>) => string} The key itself where there is no such sentence.
 */
export function translate(strings) {
  return (key, values = {}) => (strings[key] ?? key).replace(/\{(\w+)\}/gu, (slot, name) => values[name] ?? slot);
}
