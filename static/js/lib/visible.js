/**
 * Which steps and edges lie in view: the steps of a column are sorted by row, so two binary searches a column tell.
 * @module
 */

/** @typedef {import("./levels.js").Level} Level */
/** @typedef {import("./camera.js").Area} Area */

/**
 * Calls `visit` with each column in view and the range of `level.steps` in it whose edge to the parent may be seen.
 *
 * Within a column both the rows of the steps and the rows of their parents rise, so the lower end of the edges rises, and
 * the upper end too: the edges that touch the area are one range.
 * @param {Level} level
 * @param {Float32Array} y row of each step, by number
 * @param {Uint32Array} parent
 * @param {Area} area
 * @param {(column: number, first: number, end: number) => void} visit
 */
export function eachColumnInView(level, y, parent, area, visit) {
  const { steps, rows, columnStart } = level;
  const firstColumn = Math.max(0, Math.floor(area.left));
  const lastColumn = Math.min(columnStart.length - 2, Math.ceil(area.right) + 1);
  for (let column = firstColumn; column <= lastColumn; column++) {
    const start = columnStart[column];
    const end = columnStart[column + 1];
    const first = search(start, end, (at) => Math.max(rows[at], y[parent[steps[at]]]) >= area.top - 1);
    const last = search(first, end, (at) => Math.min(rows[at], y[parent[steps[at]]]) > area.bottom + 1);
    if (first < last) visit(column, first, last);
  }
}

/**
 * The step nearest to a place, within one column.
 * @param {Level} level
 * @param {number} x
 * @param {number} y
 * @param {(step: number) => boolean} [isThere] of the steps a reach away at most; all where left out
 * @param {number} [reach] rows, for steps that are not there
 * @returns {number | null} null where the column does not exist or holds none
 */
export function nearestStep(level, x, y, isThere = () => true, reach = Infinity) {
  const column = Math.round(x);
  if (column < 0 || column >= level.columnStart.length - 1) return null;
  const { steps, rows } = level;
  const [start, end] = [level.columnStart[column], level.columnStart[column + 1]];
  const after = search(start, end, (at) => rows[at] >= y);
  let [above, below] = [after - 1, after];
  while (above >= start && y - rows[above] <= reach && !isThere(steps[above])) above--;
  while (below < end && rows[below] - y <= reach && !isThere(steps[below])) below++;
  const isAbove = above >= start && isThere(steps[above]);
  const isBelow = below < end && isThere(steps[below]);
  if (isAbove && isBelow) return y - rows[above] <= rows[below] - y ? steps[above] : steps[below];
  return isAbove ? steps[above] : isBelow ? steps[below] : null;
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
