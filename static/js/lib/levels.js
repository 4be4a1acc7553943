/**
 * Fewer steps for fewer pixels: of a layout, or of some of its steps, one step a cell of rows, in levels whose cells double.
 *
 * Cells are fixed to the tree and not to the page, so what stands for a cell stays the same while the picture is moved. It
 * knows no camera; a level is made when it is first asked for.
 * @module
 */

/** @typedef {import("./layout.js").Layout} Layout */
/**
 * @typedef {object} Level steps by column, within a column by row
 * @property {Uint32Array} steps
 * @property {Float32Array} rows of each of them
 * @property {Uint32Array} columnStart where a column begins; one entry more than there are columns
 */
/** @typedef {(step: number, other: number) => boolean} IsBefore which of two steps stands for a cell that holds both */

export class Levels {
  /**
   * @param {Level} finest
   * @param {IsBefore} isBefore a total order, so that a level is the same whichever finer one it is made of
   */
  constructor(finest, isBefore) {
    /** By the logarithm of their cell's rows; those that nobody asked for are missing. @type {(Level | undefined)[]} */
    this.levels = [finest];
    this.isBefore = isBefore;
  }

  /**
   * @param {number} least how many rows a cell should hold at least: the steps may stand as close as that
   * @returns {Level}
   */
  at(least) {
    const wanted = Math.max(0, Math.ceil(Math.log2(least)));
    const known = this.levels[wanted];
    if (known) return known;
    let finer = wanted - 1;
    while (!this.levels[finer]) finer--;
    return (this.levels[wanted] = coarser(/** @type {Level} */ (this.levels[finer]), 2 ** wanted, this.isBefore));
  }
}

/**
 * All steps of a layout.
 * @param {Layout} layout
 * @returns {Level}
 */
export function finestOf({ order, rowsInOrder, columnStart }) {
  return { steps: order, rows: rowsInOrder, columnStart };
}

/**
 * Some steps of a layout.
 * @param {Layout} layout
 * @param {(step: number) => boolean} isMeant
 * @returns {Level}
 */
export function finestOfSome({ order, rowsInOrder, columnStart, columns }, isMeant) {
  const starts = new Uint32Array(columns + 1);
  const [steps, rows] = [new Uint32Array(order.length), new Float32Array(order.length)];
  let end = 0;
  for (let column = 0; column < columns; column++) {
    for (let at = columnStart[column]; at < columnStart[column + 1]; at++) {
      if (!isMeant(order[at])) continue;
      steps[end] = order[at];
      rows[end++] = rowsInOrder[at];
    }
    starts[column + 1] = end;
  }
  return { steps: steps.slice(0, end), rows: rows.slice(0, end), columnStart: starts };
}

/**
 * @param {Level} level
 * @param {number} cell rows of a cell
 * @param {IsBefore} isBefore
 * @returns {Level}
 */
function coarser({ steps, rows, columnStart }, cell, isBefore) {
  const columns = columnStart.length - 1;
  const starts = new Uint32Array(columns + 1);
  const most = Math.min(steps.length, cellsOf(rows, columnStart, cell));
  const [fewer, theirRows] = [new Uint32Array(most), new Float32Array(most)];
  let end = 0;
  for (let column = 0; column < columns; column++) {
    let last = -1;
    for (let at = columnStart[column]; at < columnStart[column + 1]; at++) {
      const now = Math.floor(rows[at] / cell);
      if (now === last) {
        if (!isBefore(steps[at], fewer[end - 1])) continue;
        end--;
      }
      last = now;
      fewer[end] = steps[at];
      theirRows[end++] = rows[at];
    }
    starts[column + 1] = end;
  }
  return { steps: fewer.slice(0, end), rows: theirRows.slice(0, end), columnStart: starts };
}

/**
 * @param {Float32Array} rows
 * @param {Uint32Array} columnStart
 * @param {number} cell
 * @returns {number} how many cells lie between the first and the last step of each column
 */
function cellsOf(rows, columnStart, cell) {
  let cells = 0;
  for (let column = 0; column < columnStart.length - 1; column++) {
    const [first, end] = [columnStart[column], columnStart[column + 1]];
    if (first < end) cells += Math.floor(rows[end - 1] / cell) - Math.floor(rows[first] / cell) + 1;
  }
  return cells;
}
