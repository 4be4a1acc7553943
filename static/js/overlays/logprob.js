/**
 * How likely a step was to its model, a token: its summed log-probability by the number of its tokens, so that long steps and
 * short ones compare. Shown as surprise grows: the less likely, the stronger the colour.
 * @module
 */

import { quantileOf } from "../lib/domains.js";
import { decimal } from "../lib/format.js";

/** @typedef {import("./index.js").Tree} Tree */

const NEARLY_NONE = 0.02;

/**
 * @param {import("./index.js").StepValues} given summed log-probabilities, nats
 * @returns {import("./index.js").Overlay}
 */
export function logprob(given) {
  /** @type {{of: Float32Array | null, tree: Tree | null, values: Float32Array, domain: import("../lib/colour.js").Domain}} */
  let made = { of: null, tree: null, values: new Float32Array(1), domain: { low: 0, middle: 0, high: 0 } };
  /** @param {Tree} tree */
  const of = (tree) => {
    const sums = given.upTo(tree.count);
    if (made.of === sums && made.tree === tree) return made;
    const values = new Float32Array(tree.count + 1).fill(NaN);
    for (let step = 1; step <= tree.count; step++) if (tree.tokens[step]) values[step] = sums[step] / tree.tokens[step];
    const low = quantileOf(values, NEARLY_NONE) || -1;
    // Turned: what stands at the low end of the scale is the likeliest.
    made = { of: sums, tree, values, domain: { low: 0, middle: low / 2, high: low } };
    return made;
  };
  return {
    key: "logprob",
    name: "Log-probability",
    group: "Model",
    scale: () => "entropy",
    showsScores: false,
    values: (tree) => of(tree).values,
    domain: (tree) => of(tree).domain,
    legend: () => "log-probability, nats a token (sum by tokens)",
    format: (value) => decimal(value),
    load: () => given.load(),
  };
}
