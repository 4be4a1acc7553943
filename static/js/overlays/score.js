/**
 * The playing scorer's score: diverging, red bad, blue good, the threshold in the middle.
 * @module
 */

import { decimal, makerName } from "../lib/format.js";

/** @type {import("./index.js").Overlay} */
export const score = {
  key: "score",
  name: "PRM score",
  scale: "score",
  showsScores: true,
  values: (tree) => tree.score,
  /** Scores of a classifier are probabilities about 0.5; those of another scale are spread over what there is. */
  domain(tree) {
    const { least, most } = range(tree.score);
    if (least >= 0 && most <= 1) return { low: 0, middle: 0.5, high: 1 };
    return { low: least, middle: (least + most) / 2, high: most };
  },
  legend: (tree) => (tree.header.scorer ? `${makerName(tree.header.scorer)}, score` : "no scorer"),
  format: (value) => decimal(value),
};

/**
 * @param {Float32Array} values
 * @returns {{least: number, most: number}} 0 and 1 where there is no value at all
 */
function range(values) {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least > most ? { least: 0, most: 1 } : { least, most };
}
