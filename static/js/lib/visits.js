/**
 * Folds the simulations of a tree search up their branches: how often each step was come through and what that brought, at
 * any event of the run. It knows no strategy, and nothing of what a value means.
 * @module
 */

/** @typedef {import("./tree.js").Tree} Tree */
/**
 * One row a simulation, in the order of their events.
 * @typedef {object} Rows
 * @property {ArrayLike<number>} seq rising
 * @property {ArrayLike<number>} number the step at which it ended
 * @property {ArrayLike<number>} value what every step of the branch is credited with, unless `returns` says otherwise
 * @property {readonly (readonly number[] | null)[] | null} returns what the question and each step of the branch is credited
 *   with, root first; empty or null where that is `value` for all
 * @typedef {{visits: Float32Array, values: Float32Array}} Figures by step, the question at 0; NaN where it was not come through
 */

/** The rows do not go with the tree; the message names the row. */
export class NotVisits extends Error {}

export class VisitFold {
  /** @param {Rows} rows */
  constructor(rows) {
    for (let row = 1; row < rows.seq.length; row++) {
      if (rows.seq[row] <= rows.seq[row - 1]) {
        throw new NotVisits(`Row ${row} is of event ${rows.seq[row]}, the one before it of event ${rows.seq[row - 1]}; events rise.`);
      }
    }
    this.rows = rows;
    /** How many rows are folded in. */
    this.folded = 0;
    this.counts = new Uint32Array(1);
    this.sums = new Float64Array(1);
    /** @type {{count: number, folded: number, figures: Figures} | null} */
    this.made = null;
  }

  /**
   * How often and what for up to an event, that one included. Going on costs what lies between; going back begins anew.
   * @param {Tree} tree
   * @param {number | null} cursor null for all
   * @returns {Figures} the same object as long as nothing is another
   */
  at(tree, cursor) {
    const end = this.endOf(cursor);
    if (end < this.folded || this.counts.length <= tree.count) this.begin(tree.count);
    for (let row = this.folded; row < end; row++) this.add(tree, row);
    this.folded = end;
    if (this.made?.folded === end && this.made.count === tree.count) return this.made.figures;
    const figures = { visits: new Float32Array(tree.count + 1).fill(NaN), values: new Float32Array(tree.count + 1).fill(NaN) };
    for (let step = 0; step <= tree.count; step++) {
      if (!this.counts[step]) continue;
      figures.visits[step] = this.counts[step];
      figures.values[step] = this.sums[step] / this.counts[step];
    }
    this.made = { count: tree.count, folded: end, figures };
    return figures;
  }

  /**
   * The mean of a step in full precision, after `at`.
   * @param {number} step
   * @returns {number} NaN where it was not come through
   */
  meanOf(step) {
    return this.sums[step] / this.counts[step];
  }

  /** @param {number} count of steps */
  begin(count) {
    this.folded = 0;
    this.counts = new Uint32Array(count + 1);
    this.sums = new Float64Array(count + 1);
  }

  /** @param {number | null} cursor @returns {number} how many rows lie at or before it */
  endOf(cursor) {
    const { seq } = this.rows;
    if (cursor === null) return seq.length;
    let [low, high] = [0, seq.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (seq[middle] <= cursor) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {Tree} tree @param {number} row */
  add({ count, parent, depth }, row) {
    const { number, value, returns } = this.rows;
    const end = number[row];
    if (end > count) return;
    const credited = returns?.[row]?.length ? returns[row] : null;
    const places = depth[end];
    if (credited && credited.length !== places + 1) {
      throw new NotVisits(`Row ${row}: step ${end} has ${places} steps up to it and the question; found ${credited.length} returns.`);
    }
    for (let step = end, place = places; ; step = parent[step], place--) {
      this.counts[step]++;
      this.sums[step] += credited ? credited[place] : value[row];
      if (!step) return;
    }
  }
}
