/**
 * What the tree itself says of a step: how deep it stands, how long it is, how its answer was checked, where it came from.
 * @module
 */

import { extentOf, magnitudeDomain, once } from "../lib/domains.js";
import { count } from "../lib/format.js";
import { CORRECTNESS, ORIGINS } from "../lib/kinds.js";
import { RIGHT, TERMINAL, WRONG } from "../lib/tree.js";
import { ofKinds } from "./of_kinds.js";

/** @typedef {import("./index.js").Overlay} Overlay */
/** @typedef {import("../lib/tree.js").Tree} Tree */

const [RIGHT_KIND, WRONG_KIND, UNKNOWN_KIND] = CORRECTNESS.keys();
const ORIGIN_BIT = 4;

/**
 * @param {(tree: Tree, step: number) => number} valueOf
 * @returns {(tree: Tree) => Float32Array} by step, kept for as long as the tree is there
 */
function eachStep(valueOf) {
  return once((/** @type {Tree} */ tree) => {
    const values = new Float32Array(tree.count + 1).fill(NaN);
    for (let step = 1; step <= tree.count; step++) values[step] = valueOf(tree, step);
    return values;
  });
}

const depths = eachStep(({ depth }, step) => depth[step]);
const lengths = eachStep(({ tokens }, step) => tokens[step] || NaN);

/** @type {Overlay} */
export const depth = {
  key: "depth",
  name: "Depth",
  group: "Tree",
  scale: () => "entropy",
  showsScores: false,
  values: depths,
  domain: once((tree) => {
    const [, deepest] = extentOf(depths(tree));
    return { low: 0, middle: deepest / 2, high: deepest };
  }),
  legend: () => "depth, steps from the first",
  format: count,
};

/** @type {Overlay} */
export const tokens = {
  key: "tokens",
  name: "Tokens",
  group: "Tree",
  scale: () => "entropy",
  showsScores: false,
  values: lengths,
  domain: once((tree) => magnitudeDomain(lengths(tree))),
  legend: () => "tokens of the step",
  format: count,
};

export const correctness = ofKinds({
  key: "correctness",
  name: "Correctness",
  group: "Outcome",
  kinds: CORRECTNESS,
  legend: "answers as they were checked",
  without: "no answer here",
  values: eachStep(({ flags }, step) => {
    if (flags[step] & RIGHT) return RIGHT_KIND;
    if (flags[step] & WRONG) return WRONG_KIND;
    return flags[step] & TERMINAL ? UNKNOWN_KIND : NaN;
  }),
});

export const origin = ofKinds({
  key: "origin",
  name: "Origin",
  group: "Tree",
  kinds: ORIGINS,
  legend: "where the text of the step came from",
  values: eachStep(({ flags }, step) => flags[step] >> ORIGIN_BIT),
});
