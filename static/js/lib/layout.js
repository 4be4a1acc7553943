/**
 * A tree to places in tree space: x is the depth, y the row; leaves stand in rows, parents in the middle of their children.
 * One pass down and one up over typed arrays, since a recursive layout overflows on long chains.
 * @module
 */

import { subtreeOf } from "./tree.js";

/**
 * @typedef {object} Layout
 * @property {Uint16Array} x column of each step, by number; 0 is the question's
 * @property {Float32Array} y row of each step, by number
 * @property {number} columns how many there are
 * @property {number} rows how many there are
 * @property {Uint32Array} order steps by column, within a column by row
 * @property {Uint32Array} columnStart where a column begins in order; one entry more than columns
 */

/**
 * @param {import("./tree.js").Tree} tree
 * @returns {Layout}
 */
export function layOut(tree) {
  const { count, depth, firstChild, lastChild } = tree;
  const y = new Float32Array(count + 1);
  const preorder = new Uint32Array(count + 1);
  let rows = 0;
  let filled = 0;
  for (const step of subtreeOf(tree, 0)) {
    preorder[filled++] = step;
    if (!firstChild[step]) y[step] = rows++;
  }
  centreParents(count, firstChild, lastChild, y);
  let columns = 1;
  for (let step = 1; step <= count; step++) columns = Math.max(columns, depth[step] + 1);
  return { x: depth, y, columns, rows, ...byColumn(preorder, depth, columns) };
}

/**
 * @param {number} count
 * @param {Uint32Array} firstChild
 * @param {Uint32Array} lastChild
 * @param {Float32Array} y
 */
function centreParents(count, firstChild, lastChild, y) {
  for (let step = count; step >= 0; step--) {
    if (firstChild[step]) y[step] = (y[firstChild[step]] + y[lastChild[step]]) / 2;
  }
}

/**
 * Preorder meets the steps of one depth from top to bottom, so a counting sort by depth leaves them sorted by row.
 * @param {Uint32Array} preorder
 * @param {Uint16Array} depth
 * @param {number} columns
 */
function byColumn(preorder, depth, columns) {
  const columnStart = new Uint32Array(columns + 1);
  for (const step of preorder) columnStart[depth[step] + 1]++;
  for (let column = 0; column < columns; column++) columnStart[column + 1] += columnStart[column];
  const next = columnStart.slice();
  const order = new Uint32Array(preorder.length);
  for (const step of preorder) order[next[depth[step]]++] = step;
  return { order, columnStart };
}
