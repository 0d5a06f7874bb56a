// Tables as comma-separated values (RFC 4180).

/**
 * Cells are numbers and words of the page's own, so that no spreadsheet takes one for a formula; null is left empty.
 * @param {(string | number | null)[][]} lines
 */
export function csv(lines) {
  return lines.map((fields) => `${fields.map(quoted).join(',')}\r\n`).join('');
}

/** @param {string | number | null} field */
function quoted(field) {
  const text = String(field ?? '');
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
