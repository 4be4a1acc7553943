/**
 * The steps next to the selected one: its parent, what it was continued by, and what else its parent was continued by.
 * @module
 */

import { hasHappened, rankedBy } from "../lib/as_it_stood.js";
import { count, ofHalf, plural } from "../lib/format.js";
import { glyph } from "./branch.js";
import { button, element } from "./element.js";

/** @typedef {import("../net/steps.js").FullStep} FullStep */
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
export function childrenSection(view, select) {
  const { children, childCount } = view;
  if (!childCount) return [];
  const title = `${plural(childCount, "child", "children")}${isRanked(children, view) ? ", best first" : ""}`;
  return [element("h3", "", title), listOf(children, view, select), ...more(childCount - children.length)];
}

/**
 * @param {View} view
 * @param {Select} select
 */
export function siblingsSection(view, select) {
  const { siblings, siblingCount, rank } = view;
  if (siblingCount < 2) return [];
  const ranked = isRanked(siblings, view);
  const title = `${plural(siblingCount, "continuation")} of the same step${ranked ? ", best first" : ""}`;
  const place = ranked && rank ? [element("span", "quiet score-bearing", `; this one is number ${count(rank)}`)] : [];
  return [element("h3", "", title, ...place), listOf(siblings, view, select), ...more(siblingCount - siblings.length)];
}

/** @param {number} hidden */
function more(hidden) {
  return hidden > 0 ? [element("p", "small quiet", `${count(hidden)} more in the tree.`)] : [];
}

/**
 * @param {FullStep[]} steps
 * @param {View} view
 */
function isRanked(steps, { scoresHidden, cursor }) {
  return !scoresHidden && steps.length > 1 && steps.some((step) => !Number.isNaN(rankedBy(step, cursor)));
}

/**
 * @param {FullStep[]} steps
 * @param {View} view
 * @param {Select} select
 */
function listOf(steps, view, select) {
  const { scoresHidden, cursor } = view;
  /** Infinite minus infinite is no number to sort by, so a step without a score stands very low. @param {FullStep} step */
  const worth = (step) => {
    const score = rankedBy(step, cursor);
    return scoresHidden || Number.isNaN(score) ? -Number.MAX_VALUE : score;
  };
  const ranked = [...steps].sort((a, b) => worth(b) - worth(a) || a.number - b.number);
  const list = element("ol", "siblings");
  for (const step of ranked) list.append(element("li", "", line(step, view, select)));
  return list;
}

/**
 * @param {FullStep} step
 * @param {View} view
 * @param {Select} select
 */
function line(step, { step: selected, labels, cursor, reading }, select) {
  const verdict = labels?.shown(step.number);
  const text = element("span", "sibling-text");
  text.dir = "auto";
  reading.show(text, step.number, { longest: BEGINNING });
  const marks = element("span", "sibling-verdict", ...(verdict ? [glyph(verdict, "Verdict")] : []));
  const score = rankedBy(step, cursor);
  const words = !hasHappened(step.born, cursor) ? "not yet" : Number.isNaN(score) ? "" : ofHalf(score);
  const made = button("sibling", () => select(step.number), marks, text, element("span", "number score-bearing", words));
  made.dataset.number = String(step.number);
  if (step.number === selected.number) made.setAttribute("aria-current", "true");
  if (hasHappened(step.pruned, cursor)) made.classList.add("sibling-pruned");
  return made;
}
