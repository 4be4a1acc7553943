/**
 * Tells what a model thought from what it answered: by the marks that models set (<think>, "# Answer", \boxed, "The answer
 * is") and by the answer that was checked. It judges no content: what no mark tells apart is reasoning, but for the text of
 * an ending step, which stays whole where no answer is found in it.
 * @module
 */

import { segmentsOf } from "./mathematics.js";

/**
 * @typedef {{kind: "reasoning" | "answer", text: string}} Part
 * @typedef {{parent: number, text: string, terminal: boolean, answer: {text: string} | null}} Step
 * @typedef {{thinks: boolean, marked: boolean}} State whether a thought is open, and whether thoughts were marked so far
 */

const TAG = /<(\/?)think(?:ing)?>/gi;
/** The last of these in a text begins its answer; a heading's goes on to the end, the others' to the end of the line. */
const HEADING = /^[ \t]*#{1,6}[ \t]*(?:final[ \t]+)?answer\b/gim;
const WORDS = /\\boxed(?=[ \t]*\{)|\bthe[ \t]+(?:final[ \t]+|correct[ \t]+)?answer[ \t]+is\b|^[ \t*]*(?:final[ \t]+)?answer[ \t*]*:/gim;
/** Longer texts are cut by lines alone: finding their formulas would take too long for what it is worth. */
const FORMULAS_SOUGHT = 20_000;

/** @type {State} */
const BEFORE = { thinks: false, marked: false };

/** The steps of a tree told apart, each once: a thought may be opened in one step and closed in another. */
export class Reasoning {
  /** @param {(number: number) => Step | undefined} stepOf undefined where it is not known yet */
  constructor(stepOf) {
    this.stepOf = stepOf;
    /** @type {Map<number, {parts: Part[], after: State, of: Step}>} */
    this.told = new Map();
  }

  /**
   * @param {number} number
   * @returns {Part[]} whose texts, joined, are the step's; none where it is not known
   */
  partsOf(number) {
    return this.tell(number)?.parts ?? [];
  }

  /** @param {number} number */
  tell(number) {
    const missing = [];
    for (let at = number; at > 0 && !this.isTold(at); at = this.stepOf(at)?.parent ?? 0) missing.push(at);
    for (const at of missing.reverse()) {
      const of = this.stepOf(at);
      if (!of) continue;
      const { parts, after } = toldApart(of, this.told.get(of.parent)?.after ?? BEFORE);
      this.told.set(at, { parts, after, of });
    }
    return this.told.get(number);
  }

  /** A step that has ended since, or whose answer was checked anew, is told apart anew. @param {number} number */
  isTold(number) {
    const known = this.told.get(number);
    return known !== undefined && known.of === this.stepOf(number);
  }
}

/**
 * @param {Step} step
 * @param {State} before
 * @returns {{parts: Part[], after: State}}
 */
export function toldApart({ text, terminal, answer }, before) {
  const { thoughts, after } = thoughtsOf(text, before);
  if (after.marked) return { parts: joined(thoughts), after };
  const range = answerIn(text) ?? (terminal ? checkedIn(text, answer?.text ?? "") : null);
  if (!range) return { parts: joined([{ kind: terminal ? "answer" : "reasoning", text }]), after };
  const [from, end] = range;
  const parts = /** @type {Part[]} */ ([
    { kind: "reasoning", text: text.slice(0, from) },
    { kind: "answer", text: text.slice(from, end) },
    { kind: "reasoning", text: text.slice(end) },
  ]);
  return { parts: joined(parts), after };
}

/**
 * @param {string} text
 * @param {State} before
 * @returns {{thoughts: Part[], after: State}}
 */
function thoughtsOf(text, { thinks, marked }) {
  /** @type {Part[]} */
  const thoughts = [];
  let from = 0;
  for (const { index, 0: tag, 1: closing } of text.matchAll(TAG)) {
    // A thought that is closed but was never opened began with the text: prompts often open it.
    const isThought = thinks || closing !== "";
    const end = closing ? index + tag.length : index;
    thoughts.push({ kind: isThought ? "reasoning" : "answer", text: text.slice(from, end) });
    from = end;
    thinks = closing === "";
    marked = true;
  }
  thoughts.push({ kind: thinks ? "reasoning" : "answer", text: text.slice(from) });
  return { thoughts, after: { thinks, marked } };
}

/**
 * Where a text marks its answer.
 * @param {string} text
 * @returns {[number, number] | null}
 */
function answerIn(text) {
  const heading = lastOf(text, HEADING);
  if (heading >= 0) return [heading, text.length];
  const at = lastOf(text, WORDS);
  return at < 0 ? null : wholeLines(text, at, at);
}

/**
 * Where the answer that was checked is last said.
 * @param {string} text
 * @param {string} answer
 * @returns {[number, number] | null}
 */
function checkedIn(text, answer) {
  const at = answer ? text.lastIndexOf(answer) : -1;
  return at < 0 ? null : wholeLines(text, at, at + answer.length);
}

/** @param {string} text @param {RegExp} pattern with the flag g */
function lastOf(text, pattern) {
  let at = -1;
  for (const { index } of text.matchAll(pattern)) at = index;
  return at;
}

/**
 * The lines around a place, widened to the formulas that they would cut.
 * @param {string} text
 * @param {number} from
 * @param {number} end
 * @returns {[number, number]}
 */
function wholeLines(text, from, end) {
  const formulas = text.length > FORMULAS_SOUGHT ? [] : formulasOf(text);
  /** @param {number} at */
  const lineStart = (at) => text.lastIndexOf("\n", at - 1) + 1;
  /** @param {number} at */
  const lineEnd = (at) => (text.indexOf("\n", at) + 1 || text.length + 1) - 1;
  let [first, last] = [lineStart(from), lineEnd(end)];
  for (const [start, stop] of formulas) {
    if (start < first && stop > first) first = lineStart(start);
    if (start < last && stop > last) last = lineEnd(stop);
  }
  return [first, last];
}

/** @param {string} text @returns {[number, number][]} where formulas stand */
function formulasOf(text) {
  /** @type {[number, number][]} */
  const found = [];
  let at = 0;
  for (const { kind, written } of segmentsOf(text)) {
    if (kind !== "text") found.push([at, at + written.length]);
    at += written.length;
  }
  return found;
}

/** Without what is empty, and neighbours of one kind as one; white space alone goes with what stands before it. @param {Part[]} parts */
function joined(parts) {
  /** @type {Part[]} */
  const made = [];
  for (const { kind, text } of parts) {
    if (!text) continue;
    const last = made.at(-1);
    if (last && (last.kind === kind || !text.trim())) last.text += text;
    else made.push({ kind, text });
  }
  return made;
}
