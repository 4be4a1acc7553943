/**
 * Every step gets a verdict of its own. It looks at nothing but what was said.
 * @module
 */

import { alternativeRows, ownInstead, ownRow } from "../../../lib/judging_phases.js";
import { rowOfStep } from "../../../lib/rows_to_judge.js";

/** @typedef {import("../../../lib/rows_to_judge.js").Mode} Mode */

/** @type {Mode} */
export const everyStep = {
  key: "every-step",
  asks: "Judge every step.",
  rowsOf: (turn, said) => turn.steps.flatMap((step, at) => {
    const place = String(at + 1);
    const others = step.unfolded ? alternativeRows(step.alternatives ?? [], said, place, { below: 1, wanted: false }) : [];
    const own = ownInstead(turn, step.number);
    return [rowOfStep(step, said, at + 1), ...others, ...(own ? [ownRow(own, place)] : [])];
  }),
  judge: (row, verdict) => ({ changes: [{ number: row.number, verdict }] }),
  missing: (turn, said) => turn.steps.filter((step) => step.judge && !said.get(step.number)?.verdict).map(({ number }) => `step-${number}`),
  endingOf(turn, said, ending) {
    const isWrong = turn.steps.some(({ number, judge }) => judge && said.get(number)?.verdict === "bad");
    return { ...ending, finish: isWrong ? "found_error" : "solution" };
  },
};
