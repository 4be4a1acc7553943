/**
 * Where the numbers of a branch stand in a small plot: ends of its axis, path, band of what stood beside each step. Draws nothing.
 * @module
 */

import { hasHappened } from "./as_it_stood.js";
import { decimal } from "./format.js";

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box in pixels */
/** @typedef {{low: number, high: number}} Ends */
/** @typedef {{low: Float32Array, high: Float32Array}} Band by place in the branch, NaN where nothing is known */

/**
 * The ends of the axis: those of the scale where it holds all values, else those of the values.
 * @param {ArrayLike<number>} values
 * @param {Band} band
 * @param {Ends} scale
 * @returns {Ends}
 */
export function endsOf(values, band, { low, high }) {
  let [least, most] = [Math.min(low, high), Math.max(low, high)];
  for (const list of [values, band.low, band.high]) {
    for (let at = 0; at < list.length; at++) {
      if (list[at] < least) least = list[at];
      if (list[at] > most) most = list[at];
    }
  }
  return least < most ? { low: least, high: most } : { low: least - 0.5, high: most + 0.5 };
}

/**
 * @param {number} at place in the branch
 * @param {number} count of its steps
 * @param {Box} box
 */
export function xOf(at, count, { left, right }) {
  return count < 2 ? (left + right) / 2 : left + ((right - left) * at) / (count - 1);
}

/** @param {number} value @param {Ends} ends @param {Box} box */
export function yOf(value, { low, high }, { top, bottom }) {
  return bottom - ((bottom - top) * (value - low)) / (high - low);
}

/**
 * @param {number} x
 * @param {number} count
 * @param {Box} box
 * @returns {number} the place in the branch nearest to it
 */
export function placeAt(x, count, { left, right }) {
  const share = (x - left) / Math.max(right - left, 1);
  return Math.round(Math.min(Math.max(share, 0), 1) * (count - 1));
}

/**
 * @param {ArrayLike<number>} values
 * @param {Ends} ends
 * @param {Box} box
 * @returns {string} of an SVG path; it breaks where a value is not known
 */
export function lineOf(values, ends, box) {
  let path = "";
  let isOpen = false;
  for (let at = 0; at < values.length; at++) {
    if (Number.isNaN(values[at])) {
      isOpen = false;
      continue;
    }
    path += `${isOpen ? "L" : "M"}${point(at, values[at], values.length, ends, box)}`;
    isOpen = true;
  }
  return path;
}

/**
 * @param {Band} band
 * @param {Ends} ends
 * @param {Box} box
 * @returns {string} of an SVG path: one closed piece for each stretch that is known
 */
export function bandOf({ low, high }, ends, box) {
  let path = "";
  for (let from = 0; from < low.length; from++) {
    if (Number.isNaN(low[from])) continue;
    let end = from;
    while (end < low.length && !Number.isNaN(low[end])) end++;
    const there = Array.from({ length: end - from }, (_, at) => point(from + at, high[from + at], low.length, ends, box));
    const back = Array.from({ length: end - from }, (_, at) => point(end - 1 - at, low[end - 1 - at], low.length, ends, box));
    path += `M${[...there, ...back].join("L")}Z`;
    from = end;
  }
  return path;
}

/** @param {number} at @param {number} value @param {number} count @param {Ends} ends @param {Box} box */
function point(at, value, count, ends, box) {
  return `${xOf(at, count, box).toFixed(1)} ${yOf(value, ends, box).toFixed(1)}`;
}

/**
 * Of each step of a branch the least and the greatest number among those that continue the same step.
 * @param {import("./tree.js").Tree} tree
 * @param {readonly number[]} branch
 * @param {Float32Array} values by step
 * @param {number | null} cursor the event by which they were born, null for all
 * @returns {Band}
 */
export function siblingsBand({ parent, firstChild, nextSibling, born }, branch, values, cursor) {
  const [low, high] = [new Float32Array(branch.length).fill(NaN), new Float32Array(branch.length).fill(NaN)];
  branch.forEach((step, at) => {
    for (let child = firstChild[parent[step]]; child; child = nextSibling[child]) {
      if (Number.isNaN(values[child]) || !hasHappened(born[child], cursor)) continue;
      if (!(low[at] <= values[child])) low[at] = values[child];
      if (!(high[at] >= values[child])) high[at] = values[child];
    }
  });
  return { low, high };
}

/**
 * @param {string} name
 * @param {ArrayLike<number>} values
 * @returns {string} a line in a few words: where it starts, ends, and is lowest
 */
export function plotWords(name, values) {
  const known = Array.from(values).flatMap((value, at) => (Number.isNaN(value) ? [] : [{ value, at }]));
  if (!known.length) return `${name}: no number along this branch.`;
  const lowest = known.reduce((least, one) => (one.value < least.value ? one : least));
  const [first, last] = [known[0], known[known.length - 1]];
  return `${name} along the branch: from ${decimal(first.value)} to ${decimal(last.value)}, lowest ${decimal(lowest.value)} at place ${lowest.at + 1}.`;
}
