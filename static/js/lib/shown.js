/**
 * Which steps of a tree are in the picture, from what is filtered and what is folded away. It lays nothing out.
 * @module
 */

import { branchOf, RIGHT } from "./tree.js";

/** @typedef {import("./tree.js").Tree} Tree */
/** @typedef {{hidesPruned: boolean, only: "all" | "chosen" | "right"}} Filter */
/**
 * @typedef {object} Wish
 * @property {Filter} filter
 * @property {ReadonlySet<number>} collapsed steps whose descendants are folded away
 * @property {number} besides a step that is shown with the way to it although the filter hides it, 0 for none
 * @property {number} [seq] the event as of which a step is pruned or not; the end unless said
 */
/**
 * @typedef {object} Shown
 * @property {Uint8Array} steps by number: 1 where it is in the picture; the question always is
 * @property {number} count how many are, the question not counted
 * @property {Map<number, number>} folded how many steps are folded away behind a step that is in the picture
 */

/** @type {Wish} */
export const EVERYTHING = { filter: { hidesPruned: false, only: "all" }, collapsed: new Set(), besides: 0 };

/**
 * Parents are born before their children, so each question about a whole subtree is one pass over the numbers.
 * @param {Tree} tree
 * @param {Wish} wish
 * @returns {Shown}
 */
export function shownOf(tree, { filter, collapsed, besides, seq }) {
  const steps = passing(tree, filter, besides, seq);
  const folded = collapsed.size ? fold(tree, steps, collapsed) : new Map();
  let count = 0;
  for (let step = 1; step <= tree.count; step++) count += steps[step];
  return { steps, count, folded };
}

/**
 * Whether the filter alone hides a step.
 * @param {Tree} tree
 * @param {Filter} filter
 * @param {number} step
 * @param {number} [seq]
 */
export function isFiltered(tree, filter, step, seq = Infinity) {
  if (filter.hidesPruned && branchOf(tree, step).some((at) => tree.pruned[at] && tree.pruned[at] <= seq)) return true;
  if (filter.only === "chosen") return tree.header.chosen !== null && !branchOf(tree, tree.header.chosen).includes(step);
  return filter.only === "right" && !passing(tree, filter, 0)[step];
}

/** @param {Tree} tree @param {number} seq @returns {number} how many steps were pruned by then */
export function prunedBy({ count, pruned }, seq) {
  let found = 0;
  for (let step = 1; step <= count; step++) if (pruned[step] && pruned[step] <= seq) found++;
  return found;
}

/**
 * The steps of one depth that have something to fold away.
 * @param {Tree} tree
 * @param {number} depth
 * @returns {Set<number>}
 */
export function parentsAt(tree, depth) {
  const found = new Set();
  for (let step = 1; step <= tree.count; step++) if (tree.depth[step] === depth && tree.firstChild[step]) found.add(step);
  return found;
}

/**
 * What stands below a pruned step goes with it. A tree of which nothing is chosen has no branch to keep, and is shown whole.
 * @param {Tree} tree
 * @param {Filter} filter
 * @param {number} besides
 * @param {number} [seq]
 * @returns {Uint8Array}
 */
function passing(tree, { hidesPruned, only }, besides, seq = Infinity) {
  const { count, parent, pruned, flags } = tree;
  const steps = new Uint8Array(count + 1).fill(only === "all" || (only === "chosen" && !tree.header.chosen) ? 1 : 0);
  if (only === "chosen" && tree.header.chosen) for (const step of branchOf(tree, tree.header.chosen)) steps[step] = 1;
  if (only === "right") {
    for (let step = count; step > 0; step--) {
      if (flags[step] & RIGHT) steps[step] = 1;
      if (steps[step]) steps[parent[step]] = 1;
    }
  }
  steps[0] = 1;
  if (hidesPruned) for (let step = 1; step <= count; step++) if ((pruned[step] && pruned[step] <= seq) || !steps[parent[step]]) steps[step] = 0;
  for (const step of branchOf(tree, besides)) steps[step] = 1;
  return steps;
}

/**
 * Takes what is folded away off `steps`.
 * @param {Tree} tree
 * @param {Uint8Array} steps
 * @param {ReadonlySet<number>} collapsed
 * @returns {Map<number, number>}
 */
function fold({ count, parent }, steps, collapsed) {
  const below = new Uint32Array(count + 1);
  for (let step = count; step > 0; step--) if (steps[step]) below[parent[step]] += below[step] + 1;
  const isFolded = new Uint8Array(count + 1);
  for (const step of collapsed) if (step <= count) isFolded[step] = 1;
  for (let step = 1; step <= count; step++) if (isFolded[parent[step]] || !steps[parent[step]]) steps[step] = 0;
  /** @type {Map<number, number>} */
  const folded = new Map();
  for (const step of collapsed) if (step <= count && steps[step] && below[step]) folded.set(step, below[step]);
  return folded;
}
