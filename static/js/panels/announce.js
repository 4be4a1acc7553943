/**
 * The selected step as one sentence for the live region.
 * @module
 */

import { ofHalf } from "../lib/format.js";
import { RIGHT, WRONG, childrenOf } from "../lib/tree.js";

/**
 * @param {import("../lib/tree.js").Tree} tree
 * @param {number} step
 * @param {string} words what is read of it
 * @param {boolean} scoresHidden
 * @returns {string}
 */
export function sayStep(tree, step, words, scoresHidden) {
  const siblings = childrenOf(tree, tree.parent[step]);
  const parts = [`Step ${step}, depth ${tree.depth[step]}, ${siblings.indexOf(step) + 1} of ${siblings.length}`];
  if (!scoresHidden && !Number.isNaN(tree.score[step])) parts.push(`score ${ofHalf(tree.score[step])}`);
  if (tree.pruned[step]) parts.push("pruned");
  if (tree.flags[step] & RIGHT) parts.push("right answer");
  if (tree.flags[step] & WRONG) parts.push("wrong answer");
  return `${parts.join(", ")}. ${words.slice(0, 300)}`;
}
