/**
 * Where the ends and the middle of a scale lie for some values. It colours nothing, and takes NaN for a value that is not
 * known.
 * @module
 */

import { decimal } from "./format.js";

/** @typedef {import("./colour.js").Domain} Domain */

const NEARLY_ALL = 0.98;
/** What probabilities are decided at, where nobody has said otherwise. */
const THRESHOLD = 0.5;

/**
 * @param {Float32Array} values
 * @returns {[number, number]} least and greatest; 0 and 1 where there is none
 */
export function extentOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/**
 * Of scores: of probabilities the threshold stands in the middle, of anything else the median, since nobody said where its
 * bad ends, and the middle between the ends would let one far value paint all others alike.
 * @param {Float32Array} values
 * @returns {{domain: Domain, isProbability: boolean}}
 */
export function scoreDomain(values) {
  const [low, high] = extentOf(values);
  if (low >= 0 && high <= 1) return { domain: { low: 0, middle: THRESHOLD, high: 1 }, isProbability: true };
  return { domain: { low, middle: quantileOf(values, 0.5), high }, isProbability: false };
}

/**
 * Of magnitudes: from nothing to what nearly all stay below, so that one far value does not make all others alike.
 * @param {Float32Array} values
 * @returns {Domain}
 */
export function magnitudeDomain(values) {
  const high = quantileOf(values, NEARLY_ALL) || 1;
  return { low: 0, middle: high / 2, high };
}

/**
 * Of counts that grow many times over from the leaves to the root: the middle is the geometric one.
 * @param {Float32Array} values
 * @returns {Domain}
 */
export function countDomain(values) {
  const [, high] = extentOf(values);
  const most = Math.max(high, 1);
  return { low: 1, middle: most > 2 ? Math.sqrt(most) : (1 + most) / 2, high: most };
}

/**
 * @param {Float32Array} values
 * @param {number} share 0 to 1
 * @returns {number} the value that this share of those known do not exceed; 0 where none is known
 */
export function quantileOf(values, share) {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known.length ? known[Math.floor((known.length - 1) * share)] : 0;
}

/**
 * What is made of an object, made once for as long as that is there.
 * @template {object} K
 * @template V
 * @param {(of: K) => V} make
 * @returns {(of: K) => V}
 */
export function once(make) {
  /** @type {WeakMap<K, V>} */
  const made = new WeakMap();
  return (of) => {
    const known = made.get(of);
    if (known !== undefined) return known;
    const fresh = make(of);
    made.set(of, fresh);
    return fresh;
  };
}

/**
 * Ends and middle in words. Where different values would read the same, all three have as many digits as tell them apart.
 * @param {Domain} domain
 * @param {(value: number) => string} format
 * @returns {string[]} least, middle, greatest
 */
export function wordsOfScale({ low, middle, high }, format) {
  const values = [low, middle, high];
  const isToldApart = (/** @type {string[]} */ words) => new Set(words).size === new Set(values).size;
  const usual = values.map(format);
  if (isToldApart(usual)) return usual;
  const finer = [3, 4, 5, 6].map((digits) => values.map((value) => decimal(value, digits)));
  return finer.find(isToldApart) ?? usual;
}
