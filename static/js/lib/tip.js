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
 * @returns {number} 0 where the tree has no step
 */
export function tipOf(tree, leaf) {
  if (tree.header.chosen) return leafThrough(tree, 0);
  for (const from of [leaf, ...branchOf(tree, tree.parent[leaf] ?? 0).reverse(), 0]) {
    const tip = grownFrom(tree, from);
    if (!tree.pruned[tip] && (tip !== from || from === leaf)) return tip;
  }
  return leaf;
}

/**
 * Down the children that were not given up: the best of them, among equals the youngest.
 * @param {Tree} tree
 * @param {number} step
 * @returns {number}
 */
function grownFrom(tree, step) {
  let at = step;
  for (;;) {
    const living = childrenOf(tree, at).filter((child) => !tree.pruned[child]);
    const [next] = living.sort((a, b) => worth(tree, b) - worth(tree, a) || b - a);
    if (!next) return at;
    at = next;
  }
}

/**
 * @param {Tree} tree
 * @param {number} step
 */
function worth({ score }, step) {
  return Number.isNaN(score[step]) ? -1e9 : score[step];
}
