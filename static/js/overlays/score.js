/**
 * The playing scorer's score: diverging, red bad, blue good, the threshold in the middle.
 * @module
 */

import { decimal, makerName } from "../lib/format.js";

/** @type {import("./index.js").Overlay} */
export const score = {
  key: "score",
  name: "Score",
  scale: "score",
  showsScores: true,
  values: (tree) => tree.score,
  /**
   * Scores of a classifier are probabilities, decided at 0.5. Of another scale nothing is known but the scores themselves:
   * their median is the middle, so that one far value does not paint all others alike.
   */
  domain(tree) {
    const known = tree.score.filter((value) => !Number.isNaN(value)).sort();
    const [low, middle, high] = [0, 0.5, 1].map((share) => known[Math.floor((known.length - 1) * share)]);
    return known.length && (low < 0 || high > 1) ? { low, middle, high } : { low: 0, middle: 0.5, high: 1 };
  },
  legend: (tree) => (tree.header.scorer ? `${makerName(tree.header.scorer)}, score` : "no scorer"),
  format: (value) => decimal(value),
};
