/**
 * Where a branch that grows has got to. Chooses a step only; whether anybody follows is the page's business.
 * @module
 */

import { branchOf, childrenOf, leafThrough } from "./tree.js";

/** @typedef {import("./tree.js").Tree} Tree */

/**
 * The step to which somebody who follows a branch goes on: the end of what grew out of its last step; where that was given
 * up, of the nearest step above from which something still grows; once an answer is chosen, that one.
 * @param {Tree} tree
 * @param {number} leaf the last step of the branch so far, 0 for the question
 * @returns {number} the leaf itself where nothing grows any more; 0 where the tree has no step
 */
export function tipOf(tree, leaf) {
  if (tree.header.chosen) return leafThrough(tree, 0);
  const living = livingOf(tree);
  const from = [0, ...branchOf(tree, leaf)].reverse().find((step) => living[step]);
  if (from === undefined) return leaf;
  let at = from;
  while (tree.firstChild[at]) {
    const best = childrenOf(tree, at).filter((child) => living[child]);
    at = best.reduce((one, other) => (worth(tree, other) >= worth(tree, one) ? other : one));
  }
  return at;
}

/**
 * Which steps may still grow: those not given up that end in a leaf not given up either. Children are born after their
 * parents, so one pass from the youngest tells.
 * @param {Tree} tree
 * @returns {Uint8Array}
 */
function livingOf({ count, parent, firstChild, pruned }) {
  const living = new Uint8Array(count + 1);
  for (let step = count; step > 0; step--) {
    if (pruned[step]) living[step] = 0;
    else if (!firstChild[step]) living[step] = 1;
    if (living[step]) living[parent[step]] = 1;
  }
  return living;
}

/**
 * @param {Tree} tree
 * @param {number} step
 */
function worth({ score }, step) {
  return Number.isNaN(score[step]) ? -Infinity : score[step];
}
