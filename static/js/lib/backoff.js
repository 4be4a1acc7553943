/**
 * How long to wait before trying again: longer each time, and not all readers at the same moment.
 * @module
 */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * @param {number} failures in a row so far
 * @param {number} chance from 0 to 1, drawn by the caller
 * @returns {number} milliseconds, from half of the doubled time to all of it
 */
export function waitBefore(failures, chance) {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  return whole / 2 + (whole / 2) * chance;
}
