/**
 * The steps next to the selected one: its parent, what it was continued by, and what else its parent was continued by.
 * @module
 */

import { count, decimal, plural } from "../lib/format.js";
import { glyph } from "./branch.js";
import { button, element } from "./element.js";
import { typeset } from "./typeset.js";

/** @typedef {import("../net/steps.js").FullStep} FullStep */
/** @typedef {import("../overlays/labels.js").Labels} Labels */
/** @typedef {import("./step.js").View} View */
/** @typedef {(number: number) => void} Select */

const BEGINNING = 600;

/**
 * @param {View} view
 * @param {Select} select
 */
export function parentSection({ step }, select) {
  if (!step.parent) return [element("p", "small quiet", "Its parent is the question.")];
  const up = button("button button-quiet", () => select(step.parent), `Parent: step ${count(step.parent)} `, element("kbd", "", "h"));
  up.dataset.number = String(step.parent);
  return [up];
}

/**
 * @param {View} view
 * @param {Select} select
 */
export function childrenSection({ step, children, childCount, labels, scoresHidden }, select) {
  if (!childCount) return [];
  const title = `${plural(childCount, "child", "children")}${isRanked(children, scoresHidden) ? ", best first" : ""}`;
  return [element("h3", "", title), listOf(children, step, labels, select, scoresHidden), ...more(childCount - children.length)];
}

/**
 * @param {View} view
 * @param {Select} select
 */
export function siblingsSection({ step, siblings, siblingCount, rank, labels, scoresHidden }, select) {
  if (siblingCount < 2) return [];
  const ranked = isRanked(siblings, scoresHidden);
  const title = `${plural(siblingCount, "continuation")} of the same step${ranked ? ", best first" : ""}`;
  const place = ranked && rank ? [element("span", "quiet score-bearing", `; this one is number ${count(rank)}`)] : [];
  return [element("h3", "", title, ...place), listOf(siblings, step, labels, select, scoresHidden), ...more(siblingCount - siblings.length)];
}

/** @param {number} hidden */
function more(hidden) {
  return hidden > 0 ? [element("p", "small quiet", `${count(hidden)} more in the tree.`)] : [];
}

/**
 * @param {FullStep[]} steps
 * @param {boolean} scoresHidden
 */
function isRanked(steps, scoresHidden) {
  return !scoresHidden && steps.length > 1 && steps.some((step) => step.scores.length > 0);
}

/**
 * @param {FullStep[]} steps
 * @param {FullStep} selected
 * @param {Labels | null} labels
 * @param {Select} select
 * @param {boolean} scoresHidden
 */
function listOf(steps, selected, labels, select, scoresHidden) {
  const ranked = [...steps].sort((a, b) => (scoresHidden ? 0 : scoreOf(b) - scoreOf(a)) || a.number - b.number);
  const list = element("ol", "siblings");
  for (const step of ranked) list.append(element("li", "", line(step, selected, labels, select)));
  return list;
}

/**
 * @param {FullStep} step
 * @param {FullStep} selected
 * @param {Labels | null} labels
 * @param {Select} select
 */
function line(step, selected, labels, select) {
  const verdict = labels?.shown(step.number);
  const text = element("span", "sibling-text");
  text.dir = "auto";
  typeset(text, step.text.slice(0, BEGINNING));
  const marks = element("span", "sibling-verdict", ...(verdict ? [glyph(verdict, "Verdict")] : []));
  const score = element("span", "number score-bearing", hasScore(step) ? decimal(scoreOf(step)) : "");
  const made = button("sibling", () => select(step.number), marks, text, score);
  made.dataset.number = String(step.number);
  if (step.number === selected.number) made.setAttribute("aria-current", "true");
  if (step.pruned !== null) made.classList.add("sibling-pruned");
  return made;
}

/** Infinite minus infinite is no number to sort by, so a step without a score stands very low. @param {FullStep} step */
function scoreOf(step) {
  return step.scores[0]?.value ?? -Number.MAX_VALUE;
}

/** @param {FullStep} step */
function hasScore(step) {
  return typeof step.scores[0]?.value === "number";
}
