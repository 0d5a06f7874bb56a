// A WebAssembly module as it is, but for the most memory that it may have.

const MEMORY_SECTION = 5;

/**
 * @param {Uint8Array} bytes Of a module with one memory of its own.
 * @param {number} spare Pages of 64 kB that it may grow by.
 */
export function withLittleMemory(bytes, spare) {
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at];
    const [size, body] = number(bytes, at + 1);
    if (id === MEMORY_SECTION) {
      const [least] = number(bytes, body + 2);
      const limits = [1, 1, ...written(least), ...written(least + spare)];
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([MEMORY_SECTION, ...written(limits.length), ...limits]), bytes.subarray(body + size)]);
    }
    at = body + size;
  }
  throw new Error('the module has no memory');
}

/**
 * An LEB128 number and where it ends.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value += (bytes[at] & 0x7f) * 2 ** shift;
    if (bytes[at] < 0x80) return [value, at + 1];
  }
}

/** @param {number} value */
function written(value) {
  const bytes = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return [...bytes, value];
}
