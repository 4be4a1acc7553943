/**
 * Two branches as rows to be read side by side: which steps stand beside each other, how many tokens each branch had taken by
 * then, and what a scorer of both gave them. It shows nothing.
 * @module
 */

import { align } from "./diff.js";

/** @typedef {import("../net/steps.js").FullStep} FullStep */
/** @typedef {import("./diff.js").Kind} Kind */
/**
 * @typedef {{step: FullStep, soFar: number}} Cell soFar: tokens of the branch up to here, this step among them
 * @typedef {{kind: Kind, left: Cell | null, right: Cell | null, isFirst: boolean}} Pair isFirst: the first that is not the same
 */

/**
 * @param {readonly FullStep[]} left the steps of a branch from the first below the question
 * @param {readonly FullStep[]} right
 * @returns {Pair[]}
 */
export function pairsOf(left, right) {
  const cells = [cellsOf(left), cellsOf(right)];
  const rows = align(left.map(({ text }) => text), right.map(({ text }) => text));
  const first = rows.findIndex(({ kind }) => kind !== "same");
  return rows.map((row, at) => ({
    kind: row.kind,
    left: cells[0][row.left] ?? null,
    right: cells[1][row.right] ?? null,
    isFirst: at === first,
  }));
}

/** @param {readonly FullStep[]} branch @returns {Cell[]} */
function cellsOf(branch) {
  let soFar = 0;
  return branch.map((step) => ({ step, soFar: (soFar += step.tokens) }));
}

/**
 * The scorer by which both branches can be compared: the one that scored most pairs on both sides, else most steps.
 * @param {readonly Pair[]} pairs
 * @returns {string} its key, empty where nothing is scored
 */
export function scorerOf(pairs) {
  /** @type {Map<string, number>} */
  const worth = new Map();
  // One pair scored on both sides says more than all steps of one side.
  const both = pairs.length + 1;
  for (const { left, right } of pairs) {
    const [here, there] = [left, right].map((cell) => new Set(cell?.step.scores.map(({ maker }) => maker.key)));
    for (const key of new Set([...here, ...there])) worth.set(key, (worth.get(key) ?? 0) + (here.has(key) && there.has(key) ? both : 1));
  }
  let best = "";
  for (const [key, much] of worth) if (!best || much > (worth.get(best) ?? 0)) best = key;
  return best;
}

/**
 * @param {Cell | null} cell
 * @param {string} scorer
 * @returns {number} NaN where it gave none
 */
export function scoreOf(cell, scorer) {
  return cell?.step.scores.find(({ maker }) => maker.key === scorer)?.value ?? NaN;
}

/**
 * Scorers of both sides of a pair: whose numbers may be compared.
 * @param {Pair} pair
 * @returns {Set<string>}
 */
export function scorersOfBoth({ left, right }) {
  const there = new Set(right?.step.scores.map(({ maker }) => maker.key));
  return new Set(left?.step.scores.map(({ maker }) => maker.key).filter((key) => there.has(key)));
}
