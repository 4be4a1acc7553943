/**
 * A moment of a replay in words: where the cursor stands, what was decided there, what it had cost by then. It says nothing that
 * hides with scores; reasons quote scores and stand apart.
 * @module
 */

import { count, decimal, plural } from "./format.js";

/** @typedef {import("./replay.js").Decision} Decision */
/** @typedef {import("../net/events.js").FullEvent} FullEvent */

/**
 * Where the cursor stands.
 * @param {{cursor: number | null, place: number, total: number, isAt: boolean}} moment place: of the last decision made, counted
 *   from 1; isAt: whether the cursor stands at that decision's event
 */
export function whereWords({ cursor, place, total, isAt }) {
  if (cursor === null) return total ? `Now: ${plural(total, "decision")} made` : "Now: no step was given up or chosen";
  if (isAt) return `Decision ${count(place)} of ${count(total)}`;
  if (!place) return cursor ? `Event ${count(cursor)}, before the first decision` : "The beginning";
  return `Event ${count(cursor)}, after decision ${count(place)} of ${count(total)}`;
}

/**
 * What was decided.
 * @param {Decision} decision
 * @param {number} named how many steps its events name
 * @param {number} candidates
 * @param {number} step the first that its events name
 */
export function whatWords({ what }, named, candidates, step) {
  if (what === "prune") return named < candidates ? `prune ${count(named)} of ${count(candidates)}` : `prune all ${count(named)}`;
  if (what === "choose") return candidates > 1 ? `choose step ${count(step)} among ${count(candidates)}` : `choose step ${count(step)}`;
  if (what === "visit") return `simulation through ${plural(candidates, "step")} to step ${count(step)}`;
  if (what === "repeat") return `drop what repeats ${plural(named, "step")}`;
  return "the budget is spent";
}

/**
 * The reason that a decision's events give. Where it differs from step to step, what all begin with up to where their numbers
 * come; the rest is told at the steps.
 * @param {FullEvent[]} events
 * @returns {string} empty where none is given, or they have no words in common
 */
export function reasonWords(events) {
  const said = [...new Set(events.flatMap(({ why }) => why || []))];
  if (said.length) return said.length === 1 ? said[0] : commonBeginning(said);
  const spent = events.find(({ kind }) => kind === "budget-spent");
  if (spent) return `${spent.resource}: ${spent.spent} of ${spent.limit} spent`;
  const visit = events.find(({ kind }) => kind === "step-revisited");
  if (visit) return `it brought ${decimal(visit.returns?.[0] ?? visit.value ?? NaN, 3)}`;
  const times = events.reduce((sum, event) => sum + (event.times ?? 0), 0);
  return times ? `drawn ${plural(times, "time")} more` : "";
}

/** @param {string[]} texts */
function commonBeginning(texts) {
  let length = texts[0].length;
  for (const text of texts) while (!text.startsWith(texts[0].slice(0, length))) length--;
  const beginning = texts[0].slice(0, length);
  const end = Math.max(beginning.lastIndexOf(":"), beginning.lastIndexOf(";"), beginning.lastIndexOf(","));
  return end < 0 ? "" : beginning.slice(0, end);
}

/**
 * What a run had cost by then.
 * @param {{tokens: number, seconds: number}} cost
 * @param {number} steps
 */
export function costWords({ tokens, seconds }, steps) {
  const parts = [plural(steps, "step")];
  if (tokens) parts.unshift(plural(tokens, "token"));
  if (seconds > 0) parts.push(secondsWords(seconds));
  return parts.join(" · ");
}

/** @param {number} seconds */
export function secondsWords(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.floor(seconds % 60)];
  return hours ? `${count(hours)} h ${minutes} min` : `${minutes} min ${rest} s`;
}
