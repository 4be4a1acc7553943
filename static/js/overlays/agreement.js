/**
 * How far the people who judged a step agree, and how many they are; nothing where fewer than two did. Names nobody.
 * @module
 */

import { countDomain, once } from "../lib/domains.js";
import { count, decimal } from "../lib/format.js";

/** @typedef {import("./index.js").Overlay} Overlay */
/** @typedef {import("./index.js").StepValues} StepValues */

/**
 * The share of pairs of people that say the same. Red is dispute and blue agreement, whatever it is they agree on.
 * @param {StepValues} given
 * @returns {Overlay}
 */
export function agreement(given) {
  return {
    key: "agreement",
    name: "Agreement",
    group: "Outcome",
    scale: () => "score",
    showsScores: false,
    values: (tree) => given.upTo(tree.count),
    domain: () => ({ low: 0, middle: 0.5, high: 1 }),
    legend: () => "share of pairs of people that say the same",
    format: (value) => decimal(value),
    load: () => given.load(),
  };
}

/**
 * @param {StepValues} given
 * @returns {Overlay}
 */
export function labellers(given) {
  const domain = once(countDomain);
  return {
    key: "labellers",
    name: "Labellers",
    group: "Outcome",
    scale: () => "entropy",
    showsScores: false,
    values: (tree) => given.upTo(tree.count),
    domain: (tree) => domain(given.upTo(tree.count)),
    legend: () => "people who judged the step, two or more",
    format: (value) => count(value),
    load: () => given.load(),
  };
}
