/**
 * Phase two: a whole solution is judged up to its first bad step; then how far it got, what others said against that step, and
 * what might have stood in its place.
 * @module
 */

import { PROGRESS, alternativeRows, firstBad, ownInstead, ownRow, readRow } from "../../../lib/judging_phases.js";
import { rowOfStep } from "../../../lib/rows_to_judge.js";

/** @typedef {import("../../../lib/rows_to_judge.js").Mode} Mode */
/** @typedef {import("../../../lib/rows_to_judge.js").Row} Row */
/** @typedef {import("../../../lib/rows_to_judge.js").Ending} Ending */
/** @typedef {import("../../../lib/judging.js").Said} Said */
/** @typedef {import("../../../lib/judging.js").Step} Step */
/** @typedef {import("../../../lib/judging.js").Turn} Turn */

const PROGRESS_ROW = "progress";
const CRITIQUE = "critique-";
const PROGRESS_NAMES = { bad: { glyph: "none", name: "None" }, neutral: { glyph: "some", name: "Some" }, good: { glyph: "much", name: "Much" } };

/** @type {Mode} */
export const phaseTwo = {
  key: "phase-two",
  asks: "Judge each step up to the first bad one; then say how far the solution got.",
  rowsOf(turn, said, ending) {
    const at = firstBad(turn.steps, said);
    return turn.steps.flatMap((step, place) => {
      const row = rowOfStep(step, said, place + 1);
      if (at >= 0 && place > at) return [beyond(row)];
      return place === at ? [row, ...afterBad(turn, step, said, ending, row.place)] : [row, ...unfolded(turn, step, said, row.place)];
    });
  },
  judge(row, verdict) {
    if (row.key === PROGRESS_ROW) return { changes: [], ending: { progress: PROGRESS.indexOf(verdict) } };
    if (row.key.startsWith(CRITIQUE)) return { changes: [{ number: -Number(row.key.slice(CRITIQUE.length)), verdict }] };
    return { changes: [{ number: row.number, verdict }] };
  },
  missing(turn, said, ending) {
    const at = firstBad(turn.steps, said);
    const wanted = at < 0 ? turn.steps : turn.steps.slice(0, at);
    const missing = wanted.filter(({ number, judge }) => judge && !said.get(number)?.verdict).map(({ number }) => `step-${number}`);
    return at >= 0 && ending.progress === null ? [...missing, PROGRESS_ROW] : missing;
  },
  endingOf(turn, said, ending) {
    const isWrong = firstBad(turn.steps, said) >= 0;
    return { ...ending, finish: isWrong ? "found_error" : "solution", progress: isWrong ? ending.progress : null };
  },
};

/** What follows the first bad step is not judged. @param {Row} row @returns {Row} */
function beyond(row) {
  return { ...row, choices: [], proposed: null, wanted: false, kind: "beyond" };
}

/** @param {Turn} turn @param {Step} step @param {Said} said @param {Ending} ending @param {string} place @returns {Row[]} */
function afterBad(turn, step, said, ending, place) {
  return [
    progressRow(ending),
    ...(turn.critiques ?? []).filter(({ number }) => number === step.number).map((critique) => critiqueRow(critique, said)),
    ...alternativeRows(step.alternatives ?? [], said, place, { below: 1, wanted: false }),
    ...written(turn, step, place),
  ];
}

/** @param {Turn} turn @param {Step} step @param {Said} said @param {string} place @returns {Row[]} */
function unfolded(turn, step, said, place) {
  const others = step.unfolded ? alternativeRows(step.alternatives ?? [], said, place, { below: 1, wanted: false }) : [];
  return [...others, ...written(turn, step, place)];
}

/** @param {Turn} turn @param {Step} step @param {string} place @returns {Row[]} */
function written(turn, step, place) {
  const own = ownInstead(turn, step.number);
  return own ? [ownRow(own, place)] : [];
}

/** @param {Ending} ending @returns {Row} */
function progressRow({ progress }) {
  return {
    ...readRow(PROGRESS_ROW, "How far had the solution got before this step?", "progress"),
    name: "Progress", choices: PROGRESS, names: PROGRESS_NAMES, verdict: progress === null ? "" : PROGRESS[progress], wanted: true, below: 1,
  };
}

/** @param {import("../../../lib/judging.js").Critique} critique @param {Said} said @returns {Row} */
function critiqueRow({ label, text }, said) {
  return {
    ...readRow(`${CRITIQUE}${label}`, text, "critique"),
    name: "A critique", place: "why", choices: ["bad", "neutral", "good"], verdict: said.get(-label)?.verdict ?? "", below: 1,
  };
}
