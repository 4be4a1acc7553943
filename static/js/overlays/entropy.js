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
    const known = tree.entropy.filter((value) => !Number.isNaN(value)).sort();
    const high = known.length ? known[Math.floor((known.length - 1) * NEARLY_ALL)] : 1;
    return { low: 0, middle: (high || 1) / 2, high: high || 1 };
  },
  legend: () => "entropy, nats a token",
  format: (value) => decimal(value),
};
