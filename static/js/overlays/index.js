/**
 * The list of overlays that colour the steps of a tree.
 * @module
 */

import { entropy } from "./entropy.js";
import { score } from "./score.js";

/** @typedef {import("../lib/tree.js").Tree} Tree */

/**
 * @typedef {object} Overlay
 * @property {string} key as in the address
 * @property {string} name as in the menu
 * @property {(tree: Tree) => "score" | "entropy"} scale the tokens of its colours: diverging, or sequential as of entropy
 * @property {boolean} showsScores whether a labeller who sees it sees scores
 * @property {(tree: Tree) => Float32Array} values by step number, NaN where unknown
 * @property {(tree: Tree) => import("../lib/colour.js").Domain} domain
 * @property {(tree: Tree) => string} legend what the scale shows, with its maker
 * @property {(value: number) => string} format
 */

/** @type {Overlay[]} */
export const OVERLAYS = [score, entropy];

/** @param {string | null} key */
export function overlayOf(key) {
  return OVERLAYS.find((overlay) => overlay.key === key) ?? null;
}

/**
 * The overlays for which a tree has values.
 * @param {Tree} tree
 */
export function overlaysOf(tree) {
  return OVERLAYS.filter((overlay) => overlay.values(tree).some((value) => !Number.isNaN(value)));
}
