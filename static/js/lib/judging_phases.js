/**
 * PRM800K's two phases as plain rules: which alternatives stand at which level, what is still wanted, and how a turn ends. The
 * server has the last word on all of it (apps/labels/judged.py); this says the same beforehand. It shows and sends nothing.
 * @module
 */

import { rowOfStep } from "./rows_to_judge.js";

/** @typedef {import("./format.js").Verdict} Verdict */
/** @typedef {import("./judging.js").Change} Change */
/** @typedef {import("./judging.js").OwnStep} OwnStep */
/** @typedef {import("./judging.js").Said} Said */
/** @typedef {import("./judging.js").Step} Step */
/** @typedef {import("./judging.js").Turn} Turn */
/** @typedef {import("./rows_to_judge.js").Row} Row */
/**
 * @typedef {object} Level
 * @property {number} parent the step that all of it follows; 0 is the question
 * @property {Step[]} steps
 * @property {number | null} chosen number of the step to go on from
 * @property {OwnStep | null} own
 */

/** By what phase two calls it, how far a solution got before its first error. @type {Verdict[]} */
export const PROGRESS = ["bad", "neutral", "good"];

/** @param {Step[]} steps @param {Said} said @returns {number} place of the first that is called bad, −1 where none is */
export function firstBad(steps, said) {
  return steps.findIndex(({ number, judge }) => judge && said.get(number)?.verdict === "bad");
}

/**
 * The levels as far as somebody has come: at each, one is chosen to go on from, but at the last.
 * @param {Turn} turn
 * @param {Said} said
 * @returns {{levels: Level[], unknown: number | null}} unknown: the chosen step of which is not known yet what follows
 */
export function levelsOf(turn, said) {
  const known = new Map((turn.levels ?? []).map(({ parent, steps }) => [parent, steps]));
  /** @type {Level[]} */
  const levels = [];
  /** @type {number | null} */
  let parent = turn.from;
  for (let steps = known.get(parent); steps; steps = parent === null ? undefined : known.get(parent)) {
    /** @type {number | null} */
    const chosen = steps.find(({ number }) => said.get(number)?.chosen)?.number ?? null;
    levels.push({ parent: /** @type {number} */ (parent), steps, chosen, own: ownBeside(turn, /** @type {number} */ (parent)) });
    parent = chosen;
  }
  return { levels, unknown: parent };
}

/**
 * A choice is made among those that were judged: each is told whether it was taken.
 * @param {Level} level
 * @param {number} number
 * @param {Said} said
 * @returns {Change[]}
 */
export function choiceOf(level, number, said) {
  const judged = level.steps.filter((step) => step.number === number || said.get(step.number)?.verdict);
  return judged.map((step) => ({ number: step.number, chosen: step.number === number }));
}

/**
 * Why a step cannot be chosen to go on from.
 * @param {Step} step
 * @param {Said} said
 * @returns {string} empty where it can
 */
export function notToChoose(step, said) {
  const verdict = said.get(step.number)?.verdict;
  if (!verdict) return "Judge it first, then choose it.";
  return verdict === "bad" ? "It is called bad: choose another, or write a step of your own." : "";
}

/** @param {Level} level @param {Said} said @returns {Step[]} those of which nothing was said yet */
export function unjudged(level, said) {
  return level.steps.filter(({ number }) => !said.get(number)?.verdict);
}

/**
 * @param {Level} level the last one
 * @param {Said} said
 * @returns {boolean} whether one of them is good and none was taken, nor anything written instead
 */
export function awaitsChoice(level, said) {
  return level.chosen === null && !level.own && level.steps.some(({ number }) => said.get(number)?.verdict === "good");
}

/**
 * How phase one ends: where the branch goes on no further, or a step was written, it was followed to its end.
 * @param {Level} last
 * @returns {"solution" | "found_error"}
 */
export function finishOfLevels(last) {
  return last.steps.length === 0 || last.own ? "solution" : "found_error";
}

/**
 * What the end of the last level says: what is to be done there.
 * @param {Level} last
 * @param {number | null} unknown as of levelsOf
 * @param {Said} said
 * @param {boolean} isFirst whether nothing was chosen yet
 */
export function wordsOfEnd(last, unknown, said, isFirst) {
  if (unknown !== null) return "What follows the step you chose is on its way.";
  if (last.own) return "You wrote the step to go on from, which nothing follows here. Enter submits.";
  if (last.steps.length === 0 && isFirst) return "Nothing follows here: write a step of one idea (i), or give up (G).";
  if (last.steps.length === 0) return "Nothing follows the step you chose: the branch ends here. Enter submits.";
  if (unjudged(last, said).length) return "Judge every alternative, then choose the one to go on from (t).";
  if (awaitsChoice(last, said)) return "Choose the one to go on from (t), or write a better one (i).";
  return "None is good: write a step of one idea (i), or submit: it ends with an error here.";
}

/**
 * The rows of alternatives, below the step they stand beside or at a level of their own.
 * @param {Step[]} steps
 * @param {Said} said
 * @param {string} place of the step they might take
 * @param {{below: number, wanted: boolean}} how
 * @returns {Row[]}
 */
export function alternativeRows(steps, said, place, { below, wanted }) {
  return steps.map((step, at) => ({
    ...rowOfStep(step, said, at + 1),
    place: `${place}.${at + 1}`,
    name: `Step ${place}, alternative ${at + 1}`,
    kind: at === 0 && !below ? "first" : "alternative",
    chosen: said.get(step.number)?.chosen ?? false,
    below,
    wanted,
  }));
}

/**
 * The row of a step that the person wrote; a changed one is another row.
 * @param {OwnStep} own
 * @param {string} place
 * @returns {Row}
 */
export function ownRow(own, place) {
  return { ...readRow(`own-${own.client_uuid}`, own.text, "own"), place: `${place}.✎`, name: `Step ${place}, your own`, below: 1 };
}

/** A row that is there to be read. @param {string} key @param {string} text @param {string} kind @returns {Row} */
export function readRow(key, text, kind) {
  return {
    key, number: 0, name: text, place: "", text, choices: [], verdict: "", implied: null, proposed: null, flagged: false, critique: "",
    wanted: false, kind,
  };
}

/** What was written beside all alternatives below a step. @param {Turn} turn @param {number} parent */
export function ownBeside(turn, parent) {
  return turn.own_steps.find((own) => own.parent === parent && own.instead_of === null && own.text) ?? null;
}

/** What was written to take the place of a step. @param {Turn} turn @param {number} number */
export function ownInstead(turn, number) {
  return turn.own_steps.find((own) => own.instead_of === number && own.text) ?? null;
}
