/**
 * Which steps and edges lie in view: the steps of a column are sorted by row, so two binary searches a column tell.
 * @module
 */

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./camera.js").Area} Area */

/**
 * Calls `visit` with each column in view and the range of `layout.order` in it whose edge to the parent may be seen.
 *
 * Within a column both the rows of the steps and the rows of their parents rise, so the lower end of the edges rises, and
 * the upper end too: the edges that touch the area are one range.
 * @param {Layout} layout
 * @param {Uint32Array} parent
 * @param {Area} area
 * @param {(column: number, first: number, end: number) => void} visit
 */
export function eachColumnInView(layout, parent, area, visit) {
  const { order, columnStart, y, columns } = layout;
  const firstColumn = Math.max(0, Math.floor(area.left));
  const lastColumn = Math.min(columns - 1, Math.ceil(area.right) + 1);
  for (let column = firstColumn; column <= lastColumn; column++) {
    const start = columnStart[column];
    const end = columnStart[column + 1];
    const first = search(start, end, (at) => Math.max(y[order[at]], y[parent[order[at]]]) >= area.top - 1);
    const last = search(first, end, (at) => Math.min(y[order[at]], y[parent[order[at]]]) > area.bottom + 1);
    if (first < last) visit(column, first, last);
  }
}

/**
 * The step nearest to a place, within one column.
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @returns {number | null} null where the column does not exist
 */
export function nearestStep(layout, x, y) {
  const column = Math.round(x);
  if (column < 0 || column >= layout.columns) return null;
  const start = layout.columnStart[column];
  const end = layout.columnStart[column + 1];
  if (start === end) return null;
  const after = search(start, end, (at) => layout.y[layout.order[at]] >= y);
  const candidates = [Math.max(after - 1, start), Math.min(after, end - 1)];
  const [above, below] = candidates.map((at) => layout.order[at]);
  return Math.abs(layout.y[above] - y) <= Math.abs(layout.y[below] - y) ? above : below;
}

/**
 * The first index in [start, end) for which a rising condition holds, end where it never does.
 * @param {number} start
 * @param {number} end
 * @param {(at: number) => boolean} holds
 * @returns {number}
 */
function search(start, end, holds) {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
