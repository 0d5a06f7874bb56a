// Hatching, the one sign of what is removed.

/**
 * A pattern of diagonal lines.
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 */
export function hatchPattern(context, colour) {
  const tile = document.createElement('canvas');
  tile.width = 5;
  tile.height = 5;
  const drawing = tile.getContext('2d');
  if (!drawing) return null;
  drawing.strokeStyle = colour;
  drawing.lineWidth = 1;
  drawing.beginPath();
  for (const shift of [-5, 0, 5]) {
    drawing.moveTo(shift - 1, 6);
    drawing.lineTo(shift + 6, -1);
  }
  drawing.stroke();
  return context.createPattern(tile, 'repeat');
}
