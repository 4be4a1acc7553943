/**
 * Numbers to colours: a value to a bucket, a bucket to a colour between five stops. Names no colour itself.
 * @module
 */

/** Buckets a scale is painted in: few enough for one fill each, enough that neighbours can be told apart. */
export const BUCKETS = 13;

/** @typedef {{low: number, middle: number, high: number}} Domain what stands at the ends and in the middle of a scale */

/**
 * Where a value lies on a scale, 0 to 1; below and above the domain it is held at the ends. The middle is 0.5.
 * @param {number} value
 * @param {Domain} domain
 * @returns {number}
 */
export function placeOnScale(value, { low, middle, high }) {
  const place = value < middle ? (0.5 * (value - low)) / (middle - low || 1) : 0.5 + (0.5 * (value - middle)) / (high - middle || 1);
  return Math.min(Math.max(place, 0), 1);
}

/**
 * @param {number} value
 * @param {Domain} domain
 * @returns {number} bucket from 0, −1 where there is no value
 */
export function bucketOf(value, domain) {
  if (Number.isNaN(value)) return -1;
  return Math.min(Math.floor(placeOnScale(value, domain) * BUCKETS), BUCKETS - 1);
}

/**
 * The bucket of what an overlay gives a step: on a scale as above, of a kind the kind itself.
 * @param {{kinds?: readonly object[]}} overlay
 * @param {number} value
 * @param {Domain} domain
 * @returns {number}
 */
export function bucketIn({ kinds }, value, domain) {
  if (!kinds) return bucketOf(value, domain);
  return Number.isNaN(value) ? -1 : value;
}

/**
 * The colour at a place of a scale, mixed in sRGB between the two stops around it.
 * @param {[number, number, number][]} stops at least two, each 0 to 255
 * @param {number} place 0 to 1
 * @returns {[number, number, number]}
 */
export function mix(stops, place) {
  const at = Math.min(Math.max(place, 0), 1) * (stops.length - 1);
  const below = Math.min(Math.floor(at), stops.length - 2);
  const share = at - below;
  const [from, to] = [stops[below], stops[below + 1]];
  /** @param {number} part */
  const between = (part) => Math.round(from[part] + (to[part] - from[part]) * share);
  return [between(0), between(1), between(2)];
}

/**
 * @param {[number, number, number][]} stops
 * @returns {string[]} one CSS colour a bucket
 */
export function bucketColours(stops) {
  return Array.from({ length: BUCKETS }, (_, bucket) => cssColour(mix(stops, bucket / (BUCKETS - 1))));
}

/**
 * @param {[number, number, number]} colour
 * @returns {string}
 */
export function cssColour([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

/**
 * @param {string} text as a browser computes a colour: rgb(1, 2, 3), rgb(1 2 3), with or without alpha
 * @returns {[number, number, number]}
 */
export function parseColour(text) {
  const parts = text.match(/\d+(\.\d+)?/g);
  if (!text.startsWith("rgb") || !parts || parts.length < 3) throw new Error(`Expected a colour such as rgb(1, 2, 3), found ${text}.`);
  return [Number(parts[0]), Number(parts[1]), Number(parts[2])];
}
