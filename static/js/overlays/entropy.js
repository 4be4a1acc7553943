/**
 * Mean entropy of a step's tokens: sequential, from nothing to what nearly all steps stay below.
 * @module
 */

import { decimal } from "../lib/format.js";

const NEARLY_ALL = 0.98;

/** @type {import("./index.js").Overlay} */
export const entropy = {
  key: "entropy",
  name: "Entropy",
  scale: () => "entropy",
  showsScores: false,
  values: (tree) => tree.entropy,
  domain(tree) {
    const known = domains.get(tree) ?? domainOf(tree.entropy);
    domains.set(tree, known);
    return known;
  },
  legend: () => "entropy, nats a token",
  format: (value) => decimal(value),
};

/** Sorting is too slow for every frame; a tree that grows is another tree. @type {WeakMap<import("./index.js").Tree, import("../lib/colour.js").Domain>} */
const domains = new WeakMap();

/** @param {Float32Array} entropy @returns {import("../lib/colour.js").Domain} */
function domainOf(entropy) {
  const known = entropy.filter((value) => !Number.isNaN(value)).sort();
  const high = known.length ? known[Math.floor((known.length - 1) * NEARLY_ALL)] : 1;
  return { low: 0, middle: (high || 1) / 2, high: high || 1 };
}
