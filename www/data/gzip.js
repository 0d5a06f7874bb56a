// What bytes come to on the wire.

/**
 * Bytes after gzip, by the browser's own.
 * @param {Uint8Array} bytes
 */
export async function gzipped(bytes) {
  const packed = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]).stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(packed).arrayBuffer()).byteLength;
}
