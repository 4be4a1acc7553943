/**
 * The rows of a labelling page as plain facts: what a mode makes of a turn, and where the focus goes. It shows nothing.
 * @module
 */

import { VERDICTS } from "./format.js";

/** @typedef {import("./format.js").Verdict} Verdict */
/** @typedef {import("./judging.js").Turn} Turn */
/** @typedef {import("./judging.js").Step} Step */
/** @typedef {import("./judging.js").Said} Said */
/** @typedef {import("./judging.js").Change} Change */

/**
 * @typedef {object} Row
 * @property {string} key stays with the row as long as the page shows it
 * @property {number} number of its step; 0 where it is none
 * @property {string} name as it is called aloud: "Step 3"
 * @property {string} place as it is written before it: "3"
 * @property {string} text
 * @property {Verdict[]} choices what may be said of it; none where it is there to be read only
 * @property {Verdict | ""} verdict what stands
 * @property {Verdict | null} implied what follows from what was said of other rows
 * @property {Verdict | null} proposed what was proposed and neither confirmed nor changed yet
 * @property {boolean} flagged
 * @property {string} critique
 * @property {boolean} wanted whether the turn is not done before something is said of it
 * @property {string} [kind] a word of the mode's own, for its looks: "context", "end", "alternative"
 * @property {number} [below] how deep it stands below another row
 * @property {boolean} [chosen]
 * @property {Partial<Record<Verdict, {glyph: string, name: string}>>} [names] of its choices, where not the verdicts' own
 */

/** @typedef {"solution" | "found_error" | "give_up" | "bad_problem"} Finish */
/** @typedef {{finish: Finish | "", reason: string, progress: number | null}} Ending what is sent with the turn */

/**
 * How a queue's mode asks. All of it is plain: what a mode adds to the page besides is a feature (label_parts/features.js).
 * @typedef {object} Mode
 * @property {string} key as the queue says it
 * @property {string} asks the one sentence above the rows
 * @property {(turn: Turn, said: Said, ending: Ending) => Row[]} rowsOf in the order shown
 * @property {Verdict[]} [passes] verdicts that, on a row which does not take them, lead on to the next row
 * @property {(row: Row, verdict: Verdict, rows: Row[]) => {changes: Change[], ending?: Partial<Ending>}} judge what a
 *   verdict on a row means
 * @property {(rows: Row[]) => string | undefined} [startOf] key of the row the focus is on when one comes, where it is not the first of which
 *   something is wanted
 * @property {(rows: Row[], row: Row, verdict: Verdict) => string | null} [nextOf] key of the row the focus goes to after a verdict, where it is
 *   not the next of which something is wanted
 * @property {(turn: Turn, said: Said, ending: Ending) => string[]} missing keys of the rows without which it cannot be submitted
 * @property {(turn: Turn, said: Said, ending: Ending) => Ending} endingOf what is sent when it is submitted
 */

const ALL = /** @type {Verdict[]} */ (Object.keys(VERDICTS));

/** @type {Ending} */
export const NO_ENDING = { finish: "", reason: "", progress: null };

/**
 * The row of a step, as every mode begins with it.
 * @param {Step} step
 * @param {Said} said
 * @param {number} place from 1
 * @returns {Row}
 */
export function rowOfStep(step, said, place) {
  const saying = said.get(step.number);
  const verdict = saying?.verdict ?? "";
  return {
    key: `step-${step.number}`,
    number: step.number,
    name: `Step ${place}`,
    place: String(place),
    text: step.text,
    choices: step.judge ? ALL : [],
    verdict,
    implied: null,
    proposed: step.judge && !verdict ? step.prelabel : null,
    flagged: saying?.flagged ?? false,
    critique: saying?.critique ?? "",
    wanted: step.judge,
    ...(step.judge ? {} : { kind: "context" }),
  };
}

/**
 * Where the focus goes from a row: the next one after it of which something is wanted, else the first such before it. Among
 * what stands below a step it goes from one to the next, wanted or not.
 * @param {Row[]} rows
 * @param {string} from key
 * @returns {string | null} null where nothing is wanted any more
 */
export function nextWanted(rows, from) {
  const at = rows.findIndex((row) => row.key === from);
  const beside = rows[at + 1];
  if (rows[at]?.below && beside?.below && beside.choices.length && !beside.verdict) return beside.key;
  const isOpen = (/** @type {Row} */ row) => row.wanted && !row.verdict && !row.implied;
  return (rows.slice(at + 1).find(isOpen) ?? rows.slice(0, Math.max(at, 0)).find(isOpen))?.key ?? null;
}

/** As every mode has it that says nothing else. @param {Row[]} rows @param {Row} row that was judged */
export function nextAfter(rows, { key }) {
  return nextWanted(rows, key);
}

/**
 * @param {Row[]} rows
 * @param {string} from key
 * @param {1 | -1} by
 * @returns {string} the neighbour's key, its own at either end
 */
export function besideRow(rows, from, by) {
  const at = rows.findIndex((row) => row.key === from);
  return rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.key ?? from;
}

/**
 * What a listener hears after a verdict.
 * @param {Row} row as it was judged
 * @param {Row[]} rows as they stand now
 * @returns {string}
 */
export function spoken(row, rows) {
  const wanted = rows.filter((one) => one.wanted);
  const done = wanted.filter((one) => one.verdict || one.implied);
  const now = rows.find((one) => one.key === row.key) ?? row;
  const what = now.verdict ? VERDICTS[now.verdict].name.toLowerCase() : "no verdict";
  const rest = done.length === wanted.length ? "All judged; Enter submits." : `${done.length} of ${wanted.length} judged.`;
  return `${row.name}: ${what}. ${rest}`;
}
