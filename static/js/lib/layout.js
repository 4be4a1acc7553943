/**
 * A tree to places in tree space: x is the depth, y the row; leaves stand in rows, parents in the middle of their children.
 * Steps are numbered after their parents, so all of it is a handful of passes over the numbers, and no walk from step to step.
 * @module
 */

import { EVERYTHING, shownOf } from "./shown.js";

/** @typedef {import("./tree.js").Tree} Tree */

/**
 * @typedef {object} Layout
 * @property {Uint16Array} x column of each step, by number; 0 is the question's
 * @property {Float32Array} y row of each step, by number; NaN where it is not in the picture
 * @property {number} columns how many there are
 * @property {number} rows how many there are
 * @property {Uint32Array} order the steps in the picture by column, within a column by row
 * @property {Float32Array} rowsInOrder the row of each entry of order, side by side in memory as painting reads them
 * @property {Uint32Array} columnStart where a column begins in order; one entry more than columns
 */

/**
 * @param {Tree} tree
 * @param {import("./shown.js").Shown} [shown] every step where left out
 * @returns {Layout}
 */
export function layOut(tree, shown = shownOf(tree, EVERYTHING)) {
  const { count, depth, parent } = tree;
  const steps = shown.steps;
  const leaves = new Uint32Array(count + 1);
  const sizes = new Uint32Array(count + 1);
  for (let step = count; step >= 0; step--) {
    if (!steps[step]) continue;
    if (!sizes[step]++) leaves[step] = 1;
    if (!step) break;
    leaves[parent[step]] += leaves[step];
    sizes[parent[step]] += sizes[step];
  }
  const [rows, shownCount] = [leaves[0], sizes[0]];
  const preorder = startsToPreorder(tree, steps, leaves, sizes, shownCount);
  const y = centred(tree, steps, leaves);
  let columns = 1;
  for (let step = 1; step <= count; step++) if (steps[step] && depth[step] >= columns) columns = depth[step] + 1;
  return { x: depth, y, columns, rows, ...byColumn(preorder, depth, y, columns) };
}

/**
 * Turns the leaves below each step into the row where its first one stands, since siblings are numbered from top to bottom,
 * and in the same pass the sizes into places in preorder.
 * @param {Tree} tree
 * @param {Uint8Array} steps
 * @param {Uint32Array} leaves becomes the first row of a leaf; of other steps it is not used any more
 * @param {Uint32Array} sizes is used up
 * @param {number} shownCount the question counted
 * @returns {Uint32Array} the steps in the picture in preorder
 */
function startsToPreorder({ count, parent }, steps, leaves, sizes, shownCount) {
  const preorder = new Uint32Array(shownCount);
  leaves[0] = 0;
  sizes[0] = 1;
  for (let step = 1; step <= count; step++) {
    if (!steps[step]) continue;
    const above = parent[step];
    const [row, place] = [leaves[above], sizes[above]];
    leaves[above] += leaves[step];
    sizes[above] += sizes[step];
    leaves[step] = row;
    sizes[step] = place + 1;
    preorder[place] = step;
  }
  return preorder;
}

/**
 * @param {Tree} tree
 * @param {Uint8Array} steps
 * @param {Uint32Array} firstRow of each leaf
 * @returns {Float32Array}
 */
function centred({ count, parent }, steps, firstRow) {
  const y = new Float32Array(count + 1).fill(NaN);
  const lowest = new Float32Array(count + 1).fill(NaN);
  for (let step = count; step >= 0; step--) {
    if (!steps[step]) continue;
    // Its children came by before it: y holds the first one's row by now, lowest the last one's.
    y[step] = Number.isNaN(lowest[step]) ? firstRow[step] : (y[step] + lowest[step]) / 2;
    if (!step) break;
    const above = parent[step];
    if (Number.isNaN(lowest[above])) lowest[above] = y[step];
    y[above] = y[step];
  }
  return y;
}

/**
 * Preorder meets the steps of one depth from top to bottom, so a counting sort by depth leaves them sorted by row.
 * @param {Uint32Array} preorder
 * @param {Uint16Array} depth
 * @param {Float32Array} y
 * @param {number} columns
 */
function byColumn(preorder, depth, y, columns) {
  const columnStart = new Uint32Array(columns + 1);
  for (let at = 0; at < preorder.length; at++) columnStart[depth[preorder[at]] + 1]++;
  for (let column = 0; column < columns; column++) columnStart[column + 1] += columnStart[column];
  const next = columnStart.slice();
  const order = new Uint32Array(preorder.length);
  const rowsInOrder = new Float32Array(preorder.length);
  for (let at = 0; at < preorder.length; at++) {
    const step = preorder[at];
    const place = next[depth[step]]++;
    order[place] = step;
    rowsInOrder[place] = y[step];
  }
  return { order, rowsInOrder, columnStart };
}
