/**
 * A search inside one tree: what is looked for, as the address says it; which steps have it, of all that the page knows
 * itself; and the walk from match to match. Text and answers are the server's to look for.
 * @module
 */

import { CHOSEN, RIGHT, WRONG } from "./tree.js";

/** @typedef {import("./tree.js").Tree} Tree */
/** @typedef {import("./format.js").Verdict} Verdict */

/**
 * @typedef {object} Search
 * @property {string} words text to look for, empty for none
 * @property {"text" | "answer"} within where words are looked for
 * @property {number | null} low the least value of the overlay shown
 * @property {number | null} high the greatest
 * @property {Verdict | "none" | "any" | ""} verdict none: no label at all; any: some label
 * @property {"" | "mine" | "standing"} whose whose verdict it is, empty for either
 * @property {string} kind what happened to a step, empty for nothing
 */

/** @type {Search} */
export const NOTHING = { words: "", within: "text", low: null, high: null, verdict: "", whose: "", kind: "" };

const VERDICTS = ["bad", "neutral", "good", "unsure", "none", "any"];
const WHOSE = ["", "mine", "standing"];
const RANGE = /^(-?\d+(?:\.\d+)?(?:e-?\d+)?)?\.\.(-?\d+(?:\.\d+)?(?:e-?\d+)?)?$/;
/** Scores come in half precision: what is shown as 0.05 may be a little less, and is meant by 0.05. */
const SLACK = 2 ** -11;
const ORIGIN_SHIFT = 4;
/** As apps/trees/selectors.py numbers them. */
const [FORCED, EDITED, INHERITED] = [1, 3, 4];

/** What the page knows by itself to have happened to a step. @type {Record<string, (tree: Tree, step: number) => boolean>} */
const HAPPENED = {
  pruned: (tree, step) => tree.pruned[step] > 0,
  chosen: (tree, step) => (tree.flags[step] & CHOSEN) > 0,
  right: (tree, step) => (tree.flags[step] & RIGHT) > 0,
  wrong: (tree, step) => (tree.flags[step] & WRONG) > 0,
  forced: (tree, step) => tree.flags[step] >> ORIGIN_SHIFT === FORCED,
  edited: (tree, step) => tree.flags[step] >> ORIGIN_SHIFT === EDITED,
  inherited: (tree, step) => tree.flags[step] >> ORIGIN_SHIFT === INHERITED,
};
/** What only the server knows. */
const ASKED = ["unknown", "repeated", "revisited"];
export const KINDS = [...Object.keys(HAPPENED), ...ASKED];

/**
 * @param {(name: string) => string | null} parameter of the address
 * @returns {Search} what it asks for; what it cannot mean counts as not said
 */
export function readSearch(parameter) {
  const [, low, high] = RANGE.exec(parameter("score") ?? "") ?? [];
  const [verdict, whose = ""] = (parameter("verdict") ?? "").split(".");
  const isVerdict = VERDICTS.includes(verdict) && WHOSE.includes(whose);
  const kind = parameter("kind") ?? "";
  return {
    words: parameter("find") ?? "",
    within: parameter("in") === "answer" ? "answer" : "text",
    low: low === undefined ? null : Number(low),
    high: high === undefined ? null : Number(high),
    verdict: isVerdict ? /** @type {Search["verdict"]} */ (verdict) : "",
    whose: isVerdict ? /** @type {Search["whose"]} */ (whose) : "",
    kind: KINDS.includes(kind) ? kind : "",
  };
}

/**
 * @param {Search} search
 * @returns {Record<string, string>} the address's parameters, empty where they say nothing
 */
export function writtenSearch({ words, within, low, high, verdict, whose, kind }) {
  return {
    find: words,
    in: words && within === "answer" ? within : "",
    score: low === null && high === null ? "" : `${low ?? ""}..${high ?? ""}`,
    verdict: verdict && whose ? `${verdict}.${whose}` : verdict,
    kind,
  };
}

/** @param {Search} search */
export function isEmpty(search) {
  return Object.values(writtenSearch(search)).every((value) => value === "");
}

/**
 * @param {Search} search
 * @returns {Record<string, string> | null} what the server is asked, null where the page knows it all
 */
export function askedOf({ words, within, kind }) {
  const asked = { ...(words.trim() && { [within]: words }), ...(ASKED.includes(kind) && { kind }) };
  return Object.keys(asked).length ? asked : null;
}

/**
 * The steps that have all that the page can tell by itself.
 * @param {Tree} tree
 * @param {Search} search
 * @param {{values: Float32Array | null, mine: (step: number) => Verdict | null, standing: (step: number) => Verdict | null}} known
 *   values: of the overlay shown, null where none is
 * @returns {Uint32Array} rising
 */
export function stepsWith(tree, { low, high, verdict, whose, kind }, known) {
  const happened = HAPPENED[kind];
  const hasRange = low !== null || high !== null;
  const { values } = known;
  const [least, most] = [(low ?? -Infinity) - Math.abs(low ?? 0) * SLACK, (high ?? Infinity) + Math.abs(high ?? 0) * SLACK];
  const found = new Uint32Array(tree.count);
  let count = 0;
  for (let step = 1; step <= tree.count; step++) {
    if (happened && !happened(tree, step)) continue;
    // Not a number is within no range.
    if (hasRange && !(values && values[step] >= least && values[step] <= most)) continue;
    if (verdict && !isLabelled(step, verdict, whose, known)) continue;
    found[count++] = step;
  }
  return found.slice(0, count);
}

/**
 * @param {number} step
 * @param {Search["verdict"]} verdict
 * @param {Search["whose"]} whose
 * @param {{mine: (step: number) => Verdict | null, standing: (step: number) => Verdict | null}} known
 */
function isLabelled(step, verdict, whose, known) {
  const given = [whose === "standing" ? null : known.mine(step), whose === "mine" ? null : known.standing(step)];
  if (verdict === "none") return given.every((one) => one === null);
  return given.some((one) => one !== null && (verdict === "any" || one === verdict));
}

/**
 * @param {Uint32Array} a rising
 * @param {Uint32Array} b rising
 * @returns {Uint32Array} what is in both
 */
export function inBoth(a, b) {
  const both = new Uint32Array(Math.min(a.length, b.length));
  let count = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      both[count++] = a[i++];
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return both.slice(0, count);
}

/**
 * The walk from match to match in the order of the picture: from the top, a step before those below it.
 */
export class Walk {
  /**
   * @param {Tree} tree
   * @param {Uint32Array} matches
   */
  constructor(tree, matches) {
    this.places = placesOf(tree);
    const inOrder = new Uint32Array(tree.count + 1);
    for (const step of matches) inOrder[this.places[step]] = step;
    this.steps = inOrder.filter((step) => step > 0);
  }

  /**
   * @param {number} step
   * @returns {number} which match the step is, from 1; 0 where it is none
   */
  placeOf(step) {
    const at = this.firstFrom(step);
    return this.steps[at] === step ? at + 1 : 0;
  }

  /**
   * @param {number} step
   * @param {number} by 1 for the next one, −1 for the one before
   * @returns {number} the match there, around the ends; 0 where there is none
   */
  from(step, by) {
    const { length } = this.steps;
    if (!length) return 0;
    const at = this.firstFrom(step);
    const next = by > 0 && this.steps[at] !== step ? at : at + by;
    return this.steps[(next + length) % length];
  }

  /** The place of the first match that does not come before a step. @param {number} step */
  firstFrom(step) {
    let [low, high] = [0, this.steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.places[this.steps[middle]] < this.places[step]) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * @param {Tree} tree
 * @returns {Uint32Array} the place of each step in preorder, the question's is 0
 */
export function placesOf({ count, parent }) {
  const sizes = new Uint32Array(count + 1).fill(1);
  for (let step = count; step > 0; step--) sizes[parent[step]] += sizes[step];
  const places = new Uint32Array(count + 1);
  // Where the next child of a step begins; children come by in the order in which they stand.
  const next = new Uint32Array(count + 1).fill(1);
  for (let step = 1; step <= count; step++) {
    const above = parent[step];
    places[step] = next[above];
    next[above] += sizes[step];
    next[step] = places[step] + 1;
  }
  return places;
}
