/**
 * The branches of a tree that have come to an end, the best first. It knows no texts.
 * @module
 */

import { TERMINAL } from "./tree.js";

/** @typedef {import("./tree.js").Tree} Tree */

/**
 * @param {Tree} tree
 * @param {boolean} byScore else by number, where nobody is to see which scored higher
 * @returns {number[]} terminal steps: highest score first, unscored ones last, equal ones by number
 */
export function endsOf({ count, flags, score }, byScore = true) {
  const ends = [];
  for (let step = 1; step <= count; step++) if (flags[step] & TERMINAL) ends.push(step);
  if (!byScore) return ends;
  const worth = (/** @type {number} */ step) => (Number.isNaN(score[step]) ? -Infinity : score[step]);
  return ends.sort((a, b) => (worth(a) === worth(b) ? a - b : worth(b) - worth(a)));
}
