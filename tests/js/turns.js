/** Turns for tests, and what is said in them. @module */

/** @typedef {import("../../static/js/lib/judging.js").Turn} Turn */
/** @typedef {import("../../static/js/lib/judging.js").Judging} Judging */
/** @typedef {import("../../static/js/lib/judging.js").Step} Step */
/** @typedef {import("../../static/js/lib/format.js").Verdict} Verdict */

/** @param {number} number @param {number} parent @param {Partial<Step>} [more] @returns {Step} */
export function step(number, parent, more) {
  return { number, parent, depth: 1, text: `Step ${number}`, judge: true, prelabel: null, mine: null, ...more };
}

/** @param {Partial<Turn>} given @returns {Turn} */
export function turnOf(given) {
  return {
    id: 1, state: "open", finish: "", reason: "", progress: null, seconds: 0, lease_until: "", run: 1, from: 0, steps: [], own_steps: [],
    queue: { id: 1, name: "", mode: "", unit: "solution", state: "active" }, guideline: null, problem: { statement: "", answer: "" }, done: 0, open: 1, left: 0, ...given,
  };
}

/** @param {Judging} judging @param {Record<number, Verdict>} verdicts */
export function sayAll(judging, verdicts) {
  for (const [number, verdict] of Object.entries(verdicts)) judging.say([{ number: Number(number), verdict }]);
}
