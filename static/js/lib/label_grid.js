/**
 * Which texts to draw: at most one a cell of a grid that is fixed to the tree, so that panning never makes them flicker.
 * @module
 */

/**
 * @param {Iterable<number>} steps candidates, in any order
 * @param {(step: number) => [number, number]} placeOf in tree space
 * @param {import("./camera.js").Camera} camera
 * @param {{width: number, height: number}} cell in pixels: the room one text needs
 * @param {(step: number) => number} rank of two in a cell, the lower one is drawn; then the lower number
 * @returns {number[]} the steps whose text is drawn, by number
 */
export function stepsToLabel(steps, placeOf, camera, cell, rank) {
  const columnsWide = cell.width / camera.column;
  const rowsHigh = powerOfTwoAbove(cell.height / camera.row);
  /** @type {Map<string, number>} */
  const taken = new Map();
  for (const step of steps) {
    const [x, y] = placeOf(step);
    const key = `${Math.floor(x / Math.max(1, Math.ceil(columnsWide)))}:${Math.floor(y / rowsHigh)}`;
    const rival = taken.get(key);
    if (rival === undefined || rank(step) < rank(rival) || (rank(step) === rank(rival) && step < rival)) taken.set(key, step);
  }
  return [...taken.values()].sort((a, b) => a - b);
}

/**
 * Cells grow in powers of two, so that zooming in only ever adds texts.
 * @param {number} rows
 * @returns {number}
 */
function powerOfTwoAbove(rows) {
  return rows <= 1 ? 1 : 2 ** Math.ceil(Math.log2(rows));
}
