/**
 * What a tree search counts: how often it came through a step, and what that brought on average, at the end or as it stood.
 * Scores nothing itself.
 * @module
 */

import { countDomain, once, scoreDomain } from "../lib/domains.js";
import { count, decimal } from "../lib/format.js";

/** @typedef {import("./index.js").Overlay} Overlay */
/** @typedef {import("../lib/visits.js").Figures} Figures */
/** @typedef {import("../lib/tree.js").Tree} Tree */
/**
 * The simulations of a run, once they are fetched.
 * @typedef {{at: (tree: Tree, cursor: number | null) => Figures, load: () => Promise<void>}} Simulations
 */

/**
 * @param {Simulations} simulations
 * @returns {Overlay}
 */
export function visits(simulations) {
  // The scale is that of the end: with one that moved with the cursor no two moments could be compared.
  const domain = once(countDomain);
  return {
    key: "visits",
    name: "Visits",
    group: "Search",
    scale: () => "entropy",
    showsScores: true,
    values: (tree, cursor = null) => simulations.at(tree, cursor).visits,
    domain: (tree) => domain(simulations.at(tree, null).visits),
    legend: () => "visits, simulations through the step",
    format: (value) => count(value),
    load: () => simulations.load(),
  };
}

/**
 * @param {Simulations} simulations
 * @returns {Overlay}
 */
export function value(simulations) {
  const scale = once(scoreDomain);
  /** @param {Tree} tree */
  const atTheEnd = (tree) => scale(simulations.at(tree, null).values);
  return {
    key: "value",
    name: "Value",
    group: "Search",
    scale: (tree) => (atTheEnd(tree).isProbability ? "score" : "entropy"),
    showsScores: true,
    values: (tree, cursor = null) => simulations.at(tree, cursor).values,
    domain: (tree) => atTheEnd(tree).domain,
    legend: () => "value, mean of what its simulations brought",
    format: (mean) => decimal(mean),
    load: () => simulations.load(),
  };
}
