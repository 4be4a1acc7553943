/**
 * One step in a row of two: where it stands, its text, what it scored, how its branch ended. Text goes in as text; formulas
 * by the renderer.
 * @module
 */

import { count, decimal, makerName, plural } from "../lib/format.js";
import { scorersOfBoth } from "../lib/pairs.js";
import { glyph } from "./branch.js";
import { element } from "./element.js";
import { typeset } from "./typeset.js";

/** Of a longer text the beginning is compared and set: all of it would keep the page from answering. */
const LONGEST = 20_000;

/** @typedef {import("../net/steps.js").FullStep} FullStep */
/** @typedef {import("../lib/words.js").Piece} Piece */

/**
 * @param {"left" | "right"} side
 * @param {import("../lib/pairs.js").Cell} cell
 * @param {import("../lib/pairs.js").Pair} pair
 * @param {import("../overlays/labels.js").Labels} labels
 */
export function pairCell(side, { step, soFar }, pair, labels) {
  const made = element("div", `pair-cell pair-${side}`, head(side, step, soFar, labels));
  const text = element("div", "pair-text", textOf(step));
  text.dir = "auto";
  made.append(text);
  const { length } = step.text;
  if (length > LONGEST) made.append(element("p", "small quiet", `The first ${count(LONGEST)} of ${plural(length, "character")}; the tree of the run has all.`));
  const facts = scores(step, scorersOfBoth(pair));
  if (facts) made.append(facts);
  if (step.pruned !== null) made.append(why("Pruned", step.pruned, step.pruned_why));
  if (step.chosen !== null) made.append(why("Chosen", step.chosen, step.chosen_why));
  if (step.answer) made.append(answer(step.answer));
  return made;
}

/** What of a step's text stands here. @param {FullStep} step */
export function textOf({ text }) {
  return text.slice(0, LONGEST);
}

/**
 * @param {string} side
 * @param {FullStep} step
 * @param {number} soFar
 * @param {import("../overlays/labels.js").Labels} labels
 */
function head(side, step, soFar, labels) {
  const parts = [` · depth ${count(step.depth)}`];
  if (soFar) parts.push(`${plural(soFar, "token")} so far`);
  if (step.entropy !== null) parts.push(`entropy ${decimal(step.entropy)}`);
  const spoken = element("span", "pair-side", `${side}: `);
  const made = element("p", "pair-head", spoken, element("strong", "", `Step ${count(step.number)}`), element("span", "quiet", parts.join(" · ")));
  const verdict = labels.shown(step.number);
  if (verdict) made.append(glyph(verdict, labels.mine.get(step.number) ? "Your verdict" : "Standing verdict"));
  return made;
}

/**
 * Every scorer's number; what only this side has is quiet, since there is nothing to compare it with.
 * @param {FullStep} step
 * @param {Set<string>} ofBoth
 */
function scores(step, ofBoth) {
  if (!step.scores.length) return null;
  const list = element("dl", "pair-scores score-bearing");
  for (const { maker, value } of step.scores) {
    const row = element("div", ofBoth.has(maker.key) ? "" : "quiet", element("dt", "", makerName(maker)), element("dd", "mono", decimal(value, 3)));
    if (maker.revision) row.title = `revision ${maker.revision}`;
    list.append(row);
  }
  return list;
}

/** @param {string} what @param {number} seq @param {string} reason */
function why(what, seq, reason) {
  const words = element("bdi", "score-bearing", reason ? `: ${reason}` : "");
  return element("p", "step-why", element("strong", "", what), ` at event ${count(seq)}`, words);
}

/** @param {import("../net/steps.js").Answer} given */
function answer({ text, correct }) {
  const [kind, words] = correct === null ? ["unknown", "– unknown"] : correct ? ["right", "✓ right"] : ["wrong", "✕ wrong"];
  const shown = element("span", "pair-answer-text");
  shown.dir = "auto";
  typeset(shown, text.slice(0, LONGEST) || "none could be read");
  return element("p", "pair-answer", element("span", "quiet", "answer "), shown, " ", element("span", `outcome outcome-${kind}`, words));
}

/**
 * A text whose differing words are marked; a formula is set whole, and marked whole where it differs.
 * @param {HTMLElement} host
 * @param {readonly Piece[]} pieces
 */
export function wordsInto(host, pieces) {
  /** @type {(Node | string)[]} */
  const made = [];
  for (let at = 0; at < pieces.length; ) {
    const { differs, isFormula } = pieces[at];
    let end = at + 1;
    while (!isFormula && end < pieces.length && !pieces[end].isFormula && pieces[end].differs === differs) end++;
    const text = pieces.slice(at, end).map((piece) => piece.text).join("");
    at = end;
    if (!differs && !isFormula) {
      made.push(text);
      continue;
    }
    const place = element(differs ? "mark" : "span", differs ? "pair-differs" : "", text);
    if (isFormula) typeset(place, text);
    made.push(place);
  }
  host.replaceChildren(...made);
}
