/**
 * The playing scorer's score. A probability is diverging: red bad, blue good, the threshold in the middle. A magnitude is
 * sequential, since nobody said where its bad ends.
 * @module
 */

import { decimal, makerName } from "../lib/format.js";

/** @type {import("./index.js").Overlay} */
export const score = {
  key: "score",
  name: "Score",
  scale: (tree) => (isProbability(tree) ? "score" : "entropy"),
  showsScores: true,
  values: (tree) => tree.score,
  /** Probabilities are decided at 0.5; magnitudes run from the least to the greatest of the tree. */
  domain(tree) {
    if (isProbability(tree)) return { low: 0, middle: 0.5, high: 1 };
    const [low, high] = extent(tree);
    return { low, middle: (low + high) / 2, high };
  },
  legend: (tree) => (tree.header.scorer ? `${makerName(tree.header.scorer)}, score` : "no scorer"),
  format: (value) => decimal(value),
};

/** A tree that grows is another tree, so what was found in one stays true. @type {WeakMap<import("../lib/tree.js").Tree, [number, number]>} */
const extents = new WeakMap();

/** @param {import("../lib/tree.js").Tree} tree @returns {[number, number]} least and greatest score; 0 and 1 where there is none */
function extent(tree) {
  const known = extents.get(tree);
  if (known) return known;
  const found = measured(tree.score);
  extents.set(tree, found);
  return found;
}

/** @param {Float32Array} values @returns {[number, number]} */
function measured(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/** @param {import("../lib/tree.js").Tree} tree whether every score of it could be a classifier's */
function isProbability(tree) {
  const [low, high] = extent(tree);
  return low >= 0 && high <= 1;
}
