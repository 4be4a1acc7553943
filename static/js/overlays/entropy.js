/**
 * Mean entropy of a step's tokens: sequential, from nothing to what nearly all steps stay below.
 * @module
 */

import { magnitudeDomain, once } from "../lib/domains.js";
import { decimal } from "../lib/format.js";

// Sorting is too slow for every frame; a tree that grows is another tree.
const domain = once((/** @type {import("./index.js").Tree} */ tree) => magnitudeDomain(tree.entropy));

/** @type {import("./index.js").Overlay} */
export const entropy = {
  key: "entropy",
  name: "Entropy",
  group: "Model",
  scale: () => "entropy",
  showsScores: false,
  values: (tree) => tree.entropy,
  domain,
  legend: () => "entropy, nats a token",
  format: (value) => decimal(value),
};
