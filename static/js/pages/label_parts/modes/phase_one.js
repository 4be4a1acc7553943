/**
 * Phase one: all alternatives for the next step are judged, one is chosen, and what follows it comes next. What follows is
 * fetched elsewhere (label_parts/choosing.js).
 * @module
 */

import {
  alternativeRows, awaitsChoice, finishOfLevels, levelsOf, ownRow, readRow, unjudged, wordsOfEnd,
} from "../../../lib/judging_phases.js";
import { rowOfStep } from "../../../lib/rows_to_judge.js";

/** @typedef {import("../../../lib/rows_to_judge.js").Mode} Mode */
/** @typedef {import("../../../lib/rows_to_judge.js").Row} Row */
/** @typedef {import("../../../lib/judging.js").Said} Said */
/** @typedef {import("../../../lib/judging.js").Turn} Turn */

const END = "end";

/** @type {Mode} */
export const phaseOne = {
  key: "phase-one",
  asks: "Judge every alternative for the next step, then choose the one to go on from.",
  rowsOf(turn, said) {
    const { levels, unknown } = levelsOf(turn, said);
    const branch = turn.steps.map((step, at) => rowOfStep(step, said, at + 1));
    const rows = levels.flatMap((level, at) => {
      const place = String(branch.length + at + 1);
      const offered = alternativeRows(level.steps, said, place, { below: 0, wanted: true });
      return level.own ? [...offered, ownRow(level.own, place)] : offered;
    });
    return [...branch, ...rows, endRow(levels, unknown, said)];
  },
  judge: (row, verdict) => ({ changes: [{ number: row.number, verdict, ...(verdict === "bad" && row.chosen ? { chosen: false } : {}) }] }),
  missing(turn, said) {
    const { levels, unknown } = levelsOf(turn, said);
    const missing = levels.flatMap((level) => unjudged(level, said).map(({ number }) => `step-${number}`));
    return missing.length ? missing : unknown !== null || awaitsChoice(levels[levels.length - 1], said) ? [END] : [];
  },
  endingOf(turn, said, ending) {
    const { levels } = levelsOf(turn, said);
    return { ...ending, finish: finishOfLevels(levels[levels.length - 1]), progress: null };
  },
};

/** @param {import("../../../lib/judging_phases.js").Level[]} levels @param {number | null} unknown @param {Said} said @returns {Row} */
function endRow(levels, unknown, said) {
  return readRow(END, wordsOfEnd(levels[levels.length - 1], unknown, said, levels.length === 1), "end");
}
