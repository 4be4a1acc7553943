/**
 * Columns to a tree, and walks on it. Refuses what is not a tree, by the step that breaks it.
 * @module
 */

/** @typedef {import("./columns.js").Header} Header */
/** @typedef {import("./columns.js").Column} Column */

/**
 * Index 0 of every array is the question, index n is step n. firstChild, lastChild and nextSibling hold 0 where there is none.
 * @typedef {object} Tree
 * @property {Header} header
 * @property {number} count steps, the question not counted
 * @property {Uint32Array} parent
 * @property {Uint32Array} firstChild
 * @property {Uint32Array} lastChild
 * @property {Uint32Array} nextSibling
 * @property {Uint16Array} depth
 * @property {Uint32Array} born the seq at which it was
 * @property {Uint32Array} pruned the seq at which it was, 0 where it was not
 * @property {Uint16Array} tokens
 * @property {Float32Array} entropy nats a token, NaN where unknown
 * @property {Float32Array} score NaN where there is none
 * @property {Uint8Array} flags
 */

export const TERMINAL = 1;
export const CHOSEN = 2;
export const RIGHT = 4;
export const WRONG = 8;

/** The columns are no tree; the message names the step. */
export class NotATree extends Error {}

/** The columns without which there is no tree. */
export const CHECKED = ["parent", "born", "pruned", "depth", "tokens", "entropy", "score", "flags"];

/**
 * @param {Header} header
 * @param {Map<string, Column>} columns
 * @returns {Tree}
 */
export function treeOf(header, columns) {
  const { count } = header;
  for (const name of CHECKED) {
    const length = columns.get(name)?.length;
    if (length !== count) throw new NotATree(`Column ${name}: expected ${count} rows, found ${length ?? "none"}.`);
  }
  /** @param {string} name */
  const column = (name) => /** @type {Column} */ (columns.get(name));
  const tree = {
    header,
    count,
    parent: shifted(new Uint32Array(count + 1), column("parent")),
    firstChild: new Uint32Array(count + 1),
    lastChild: new Uint32Array(count + 1),
    nextSibling: new Uint32Array(count + 1),
    depth: shifted(new Uint16Array(count + 1), column("depth")),
    born: shifted(new Uint32Array(count + 1), column("born")),
    pruned: shifted(new Uint32Array(count + 1), column("pruned")),
    tokens: shifted(new Uint16Array(count + 1), column("tokens")),
    entropy: shifted(new Float32Array(count + 1).fill(NaN), column("entropy")),
    score: shifted(new Float32Array(count + 1).fill(NaN), column("score")),
    flags: shifted(new Uint8Array(count + 1), column("flags")),
  };
  linkChildren(tree);
  return tree;
}

/**
 * @template {Column} T
 * @param {T} target
 * @param {Column} source
 * @returns {T}
 */
function shifted(target, source) {
  target.set(source, 1);
  return target;
}

/** @param {Tree} tree */
function linkChildren({ count, parent, depth, firstChild, lastChild, nextSibling }) {
  for (let step = count; step > 0; step--) {
    const above = parent[step];
    if (above >= step) throw new NotATree(`Step ${step} names step ${above} as its parent, which is not born before it.`);
    if (depth[step] !== depth[above] + 1) {
      throw new NotATree(`Step ${step} stands at depth ${depth[step]}, its parent ${above} at ${depth[above]}.`);
    }
    nextSibling[step] = firstChild[above];
    if (!lastChild[above]) lastChild[above] = step;
    firstChild[above] = step;
  }
}

/**
 * @param {Tree} tree
 * @param {number} step
 * @returns {number[]} the children in order of birth
 */
export function childrenOf(tree, step) {
  const children = [];
  for (let child = tree.firstChild[step]; child; child = tree.nextSibling[child]) children.push(child);
  return children;
}

/**
 * @param {Tree} tree
 * @param {number} step
 * @returns {number[]} the steps from the root to this one, it included, the question not
 */
export function branchOf(tree, step) {
  const branch = [];
  for (let at = step; at > 0; at = tree.parent[at]) branch.push(at);
  return branch.reverse();
}

/**
 * The leaf to which a reader most likely wants to follow a step: the chosen one where it lies below, else the terminal
 * step with the highest score, else down the first children.
 * @param {Tree} tree
 * @param {number} step
 * @returns {number}
 */
export function leafThrough(tree, step) {
  const chosen = tree.header.chosen ?? 0;
  if (chosen && (step === 0 || branchOf(tree, chosen).includes(step))) return chosen;
  let best = 0;
  for (const below of subtreeOf(tree, step)) {
    if (!(tree.flags[below] & TERMINAL)) continue;
    if (!best || tree.score[below] > tree.score[best]) best = below;
  }
  if (best) return best;
  let leaf = step;
  while (tree.firstChild[leaf]) leaf = tree.firstChild[leaf];
  return leaf;
}

/**
 * @param {Tree} tree
 * @param {number} root
 * @returns {Generator<number>} the steps of a subtree in preorder, its root first
 */
export function* subtreeOf(tree, root) {
  let at = root;
  for (;;) {
    yield at;
    if (tree.firstChild[at]) {
      at = tree.firstChild[at];
      continue;
    }
    while (at !== root && !tree.nextSibling[at]) at = tree.parent[at];
    if (at === root) return;
    at = tree.nextSibling[at];
  }
}

/**
 * @param {Tree} tree
 * @param {number} step
 * @param {number} by −1 or 1
 * @returns {number} the sibling before or after, the step itself at either end
 */
export function siblingOf(tree, step, by) {
  const siblings = childrenOf(tree, tree.parent[step]);
  return siblings[siblings.indexOf(step) + by] ?? step;
}
