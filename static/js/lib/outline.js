/**
 * A tree as rows to be read one below the other, and which of them lie in view. It decides nothing of what is shown.
 * @module
 */

import { subtreeOf } from "./tree.js";

/** @typedef {import("./tree.js").Tree} Tree */

/**
 * @typedef {object} Outline
 * @property {Uint32Array} steps the step of each row, from the top
 * @property {Uint32Array} rowOf the row of each step, counted from 1; 0 where it has none
 * @property {Uint32Array} place a step's place among its siblings that are shown, from 1; 0 where it has none
 * @property {Uint32Array} children how many children of a step are shown or folded away; of the question at 0
 */

/**
 * @param {Tree} tree
 * @param {{has: Uint8Array | null, collapsed: ReadonlySet<number>}} shown has: 1 for steps that are to be seen, null for all
 * @returns {Outline} in one pass over the tree, whatever its shape
 */
export function outlineOf(tree, { has, collapsed }) {
  const size = tree.count + 1;
  const [steps, rowOf, place, children] = [new Uint32Array(tree.count), new Uint32Array(size), new Uint32Array(size), new Uint32Array(size)];
  // Parents have lower numbers than their children, so one pass downwards tells what a fold hides.
  const hidden = new Uint8Array(size);
  for (let step = 1; step < size; step++) {
    const above = tree.parent[step];
    const isOut = has !== null && !has[step];
    hidden[step] = Number(isOut || hidden[above] || collapsed.has(above));
    if (!isOut && !hidden[above]) place[step] = ++children[above];
  }
  let rows = 0;
  for (const step of subtreeOf(tree, 0)) {
    if (!step || hidden[step]) continue;
    steps[rows++] = step;
    rowOf[step] = rows;
  }
  return { steps: steps.subarray(0, rows), rowOf, place, children };
}

/** No browser lays out more than some 16 million pixels in one element; beyond this the scroll bar stands for shares of rows. */
const HIGHEST = 8_000_000;
/** Rows drawn beyond either edge, so that a short scroll shows no gap. */
const BEYOND = 8;

/**
 * @typedef {object} Window
 * @property {number} first the first row to be drawn, from 0
 * @property {number} end the row behind the last one
 * @property {number} top where the first one stands, in pixels from the top of all
 * @property {number} height of all, in pixels
 */

/**
 * @param {number} rows
 * @param {number} rowHeight pixels
 * @param {number} scrolled pixels
 * @param {number} view pixels
 * @returns {Window}
 */
export function windowOf(rows, rowHeight, scrolled, view) {
  const height = Math.min(rows * rowHeight, HIGHEST);
  const at = topRow(rows, rowHeight, scrolled, view);
  const first = Math.max(0, Math.floor(at) - BEYOND);
  const end = Math.min(rows, Math.ceil(at + view / rowHeight) + BEYOND);
  return { first, end, top: scrolled - (at - first) * rowHeight, height };
}

/**
 * @param {number} rows
 * @param {number} rowHeight
 * @param {number} scrolled
 * @param {number} view
 * @returns {number} the row at the upper edge, with its fraction
 */
function topRow(rows, rowHeight, scrolled, view) {
  if (rows * rowHeight <= HIGHEST) return scrolled / rowHeight;
  const share = Math.min(scrolled / Math.max(HIGHEST - view, 1), 1);
  return share * Math.max(rows - view / rowHeight, 0);
}

/**
 * @param {number} row from 0
 * @param {number} rows
 * @param {number} rowHeight
 * @param {number} scrolled
 * @param {number} view
 * @returns {number} how far to scroll so that a row is wholly in view, moving as little as that takes
 */
export function scrolledTo(row, rows, rowHeight, scrolled, view) {
  const at = topRow(rows, rowHeight, scrolled, view);
  const fits = view / rowHeight;
  const wanted = row < at ? row : row + 1 > at + fits ? row + 1 - fits : at;
  if (wanted === at) return scrolled;
  if (rows * rowHeight <= HIGHEST) return wanted * rowHeight;
  return (wanted / Math.max(rows - fits, 1)) * (HIGHEST - view);
}
