/**
 * Scores as they stood at an event of the run: of every step the newest that had been given by then. It ranks nothing.
 * @module
 */

import { branchOf } from "./tree.js";

/** @typedef {import("./event_columns.js").Events} Events */
/** @typedef {import("./columns.js").MakerName} MakerName */

/** How the scores of a branch's steps become one, as strategies do it. @type {Record<string, (scores: number[]) => number>} */
const AGGREGATIONS = {
  last: (scores) => scores[scores.length - 1],
  min: (scores) => Math.min(...scores),
  product: (scores) => scores.reduce((product, score) => product * score, 1),
  mean: (scores) => scores.reduce((sum, score) => sum + score, 0) / scores.length,
  sum: (scores) => scores.reduce((sum, score) => sum + score, 0),
};

export class ScoresThen {
  constructor() {
    /** Row of the newest score of each step, and of each row of a score the one before it, counted from 1; 0 for none. */
    /** @type {Uint32Array} */
    this.newest = new Uint32Array(0);
    /** @type {Uint32Array} */
    this.earlier = new Uint32Array(0);
    this.read = 0;
    /** @type {Events | null} */
    this.events = null;
    /** Whether a maker is the scorer asked for. @type {boolean[]} */
    this.counts = [];
  }

  /**
   * Takes in the events that came since.
   * @param {Events} events
   * @param {number} steps how many there are
   * @param {MakerName | null} scorer the one the run is played with, whatever its version; null for any
   */
  take(events, steps, scorer) {
    this.events = events;
    this.counts = events.makers.map(({ kind, key }) => !scorer || (kind === scorer.kind && key === scorer.key));
    this.newest = wide(this.newest, steps + 1);
    this.earlier = wide(this.earlier, events.count);
    const scored = events.kinds.indexOf("step-scored");
    for (; this.read < events.count; this.read++) {
      if (events.kind[this.read] !== scored || !this.counts[events.maker[this.read]]) continue;
      const step = events.number[this.read];
      this.earlier[this.read] = this.newest[step];
      this.newest[step] = this.read + 1;
    }
  }

  /**
   * @param {number} step
   * @param {number} seq
   * @returns {number} NaN where it had none
   */
  of(step, seq) {
    let row = this.newest[step] ?? 0;
    while (row > seq) row = this.earlier[row - 1];
    return row && this.events ? this.events.value[row - 1] : NaN;
  }

  /**
   * The score of the branch that ends in a step.
   * @param {import("./tree.js").Tree} tree
   * @param {number} step
   * @param {number} seq
   * @param {string} aggregation
   * @returns {number} NaN where a step of it had none, or the aggregation is not known
   */
  ofBranch(tree, step, seq, aggregation) {
    if (!Object.hasOwn(AGGREGATIONS, aggregation)) return NaN;
    return AGGREGATIONS[aggregation](branchOf(tree, step).map((above) => this.of(above, seq)));
  }
}

/** @param {Uint32Array} values @param {number} length @returns {Uint32Array} at least as long, with room for half as much again */
function wide(values, length) {
  if (length <= values.length) return values;
  const roomy = new Uint32Array(Math.ceil(length * 1.5));
  roomy.set(values);
  return roomy;
}
