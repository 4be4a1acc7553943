/**
 * How fast somebody goes and how long what is left may take, in words. It measures nothing.
 * @module
 */

import { count } from "./format.js";

/** @param {number[]} values @returns {number | null} */
export function medianOf(values) {
  if (!values.length) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number} seconds @returns {string} in the unit that is read best: "42 s", "50 min", "3.5 h" */
export function duration(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/**
 * @param {number} done
 * @param {number | null} total null where nobody counted that far
 * @param {number[]} steps seconds of steps judged lately
 * @param {number[]} turns seconds of turns submitted lately
 * @returns {string[]} the facts of the strip, those that are known
 */
export function paceWords(done, total, steps, turns) {
  const left = total === null ? null : Math.max(0, total - done);
  const facts = [total === null ? `${count(done)} done` : `${count(done)} of ${count(total)} done`];
  const [aStep, aTurn] = [medianOf(steps), medianOf(turns)];
  if (aStep !== null) facts.push(`${duration(aStep)} a step`);
  if (aTurn !== null && left) facts.push(`about ${duration(aTurn * left)} left`);
  return facts;
}
