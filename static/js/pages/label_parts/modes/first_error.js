/**
 * The first wrong step is marked, or that there is none; what stands before it counts as good, and what comes after it is
 * not judged. It sends no verdict for those: the server writes them down when the turn is submitted. Who is not sure of a step says
 * so and goes on; that marks nothing.
 * @module
 */

import { besideRow, nextWanted, rowOfStep } from "../../../lib/rows_to_judge.js";

/** @typedef {import("../../../lib/rows_to_judge.js").Mode} Mode */
/** @typedef {import("../../../lib/rows_to_judge.js").Row} Row */
/** @typedef {import("../../../lib/judging.js").Said} Said */
/** @typedef {import("../../../lib/judging.js").Turn} Turn */

const NO_ERROR = "no-error";

/** @type {Mode} */
export const firstError = {
  key: "first-error",
  asks: "Mark the first step that is wrong, or say below the last that none is.",
  passes: ["good", "neutral"],
  rowsOf(turn, said, ending) {
    const at = errorIn(turn, said);
    const isClean = at < 0 && ending.finish === "solution";
    /** @type {Row[]} */
    const rows = turn.steps.map((step, place) => {
      const row = rowOfStep(step, said, place + 1);
      if (!step.judge) return row;
      return { ...row, choices: ["bad", "unsure"], wanted: false, implied: !row.verdict && (isClean || place < at) ? "good" : null };
    });
    return [...rows, endRow(at < 0, isClean)];
  },
  judge(row, verdict, rows) {
    if (row.key === NO_ERROR) return { changes: takenBack(rows, 0), ending: { finish: "solution" } };
    if (verdict === "unsure") return { changes: [{ number: row.number, verdict }], ...(row.verdict === "bad" ? { ending: { finish: "" } } : {}) };
    return { changes: [...takenBack(rows, row.number), { number: row.number, verdict }], ending: { finish: "found_error" } };
  },
  // Only the row below the last is wanted, and one reads from the first.
  startOf: (rows) => (rows.find(({ verdict }) => verdict === "bad") ?? rows.find(({ choices }) => choices.length))?.key,
  nextOf: (rows, { key }, verdict) => (verdict === "unsure" ? besideRow(rows, key, 1) : nextWanted(rows, key)),
  missing: (turn, said, ending) => (errorIn(turn, said) >= 0 || ending.finish === "solution" ? [] : [NO_ERROR]),
  endingOf: (turn, said, ending) => ({ ...ending, finish: errorIn(turn, said) < 0 ? "solution" : "found_error" }),
};

/** @param {Turn} turn @param {Said} said @returns {number} place of the marked step, −1 where none is */
function errorIn(turn, said) {
  return turn.steps.findIndex(({ number, judge }) => judge && said.get(number)?.verdict === "bad");
}

/** @param {boolean} isWanted @param {boolean} isClean @returns {Row} */
function endRow(isWanted, isClean) {
  return {
    key: NO_ERROR, number: 0, name: "No error", place: "", text: "No step is wrong", choices: ["good"], verdict: isClean ? "good" : "",
    implied: null, proposed: null, flagged: false, critique: "", wanted: isWanted, kind: "end",
  };
}

/** One step is the first wrong one: a mark elsewhere is taken back. @param {Row[]} rows @param {number} but */
function takenBack(rows, but) {
  return rows.filter((row) => row.number && row.number !== but && row.verdict === "bad").map(({ number }) => ({ number, verdict: /** @type {const} */ ("") }));
}
