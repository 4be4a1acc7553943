/**
 * What a scorer gave each step: a probability diverges about its threshold, red bad and blue good; a magnitude is sequential.
 * It knows no scorer by name.
 * @module
 */

import { once, scoreDomain } from "../lib/domains.js";
import { makerName, ofHalf } from "../lib/format.js";

/** @typedef {import("./index.js").Overlay} Overlay */
/** @typedef {import("../lib/tree.js").Tree} Tree */
/** @typedef {import("../lib/columns.js").MakerName} Maker */
/** @typedef {import("./index.js").StepValues} StepValues */

/** @param {Maker} maker as menus sort them: one group a scorer, its versions in it */
const groupOf = (maker) => `Scores of ${maker.key}`;

/**
 * The scorer that the run was played with, whose scores come with the tree.
 * @param {Maker | null} maker
 * @param {((cursor: number) => Float32Array | null)} [asOf] its scores as they stood, where they are known
 * @returns {Overlay}
 */
export function playedScore(maker, asOf) {
  const scale = once((/** @type {Tree} */ tree) => scoreDomain(tree.score));
  return {
    key: "score",
    name: maker ? `${makerName(maker)}, played with` : "Score",
    group: maker ? groupOf(maker) : "Scores",
    scale: (tree) => (scale(tree).isProbability ? "score" : "entropy"),
    showsScores: true,
    values: (tree, cursor = null) => (cursor === null ? tree.score : (asOf?.(cursor) ?? tree.score)),
    domain: (tree) => scale(tree).domain,
    legend: ({ header: { scorer } }) => (scorer ? saidBy(scorer) : "no scorer"),
    format: ofHalf,
  };
}

/**
 * Any other scorer of the run, whose scores are fetched when they are to be seen.
 * @param {string} key
 * @param {Maker} maker
 * @param {StepValues} given
 * @param {((cursor: number) => Float32Array | null)} [asOf]
 * @returns {Overlay}
 */
export function otherScore(key, maker, given, asOf) {
  const scale = once(scoreDomain);
  /** @param {Tree} tree */
  const now = (tree) => given.upTo(tree.count);
  return {
    key,
    name: makerName(maker),
    group: groupOf(maker),
    scale: (tree) => (scale(now(tree)).isProbability ? "score" : "entropy"),
    showsScores: true,
    values: (tree, cursor = null) => (cursor === null ? now(tree) : (asOf?.(cursor) ?? now(tree))),
    domain: (tree) => scale(now(tree)).domain,
    legend: () => saidBy(maker),
    format: ofHalf,
    load: () => given.load(),
  };
}

/** @param {Maker} maker */
function saidBy(maker) {
  const revision = maker.revision ? ` (${maker.revision.slice(0, 8)})` : "";
  return `score by ${makerName(maker)}${revision}`;
}
