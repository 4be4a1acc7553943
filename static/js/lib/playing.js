/**
 * Where the time cursor stands while a search is played: so long a decision, of which the first part goes over what happened
 * before it and the rest stays at it. It holds no clock.
 * @module
 */

/** One decision at the speed 1, in ms. */
const DECISION_MS = 1000;
/** The part of it in which the tree grows. */
const GROWING = 0.6;
/** A page that was out of sight goes on where it was. */
const LONGEST_MS = 250;

/** @typedef {{place: number, part: number}} Play place: of the decision behind, 0 before the first; part: of the way to the next, below 1 */

/**
 * @param {Play} play
 * @param {number} ms since it was asked last
 * @param {number} speed
 * @param {number} last place, beyond which nothing comes
 * @returns {Play}
 */
export function playedOn({ place, part }, ms, speed, last) {
  const total = place + part + (Math.min(ms, LONGEST_MS) * speed) / DECISION_MS;
  if (total >= last) return { place: last, part: 0 };
  return { place: Math.floor(total), part: total - Math.floor(total) };
}

/**
 * The event at which the cursor stands.
 * @param {Play} play
 * @param {(place: number) => number} seqOf the event at which a place stands
 * @param {boolean} isSmooth whether it moves between decisions
 */
export function cursorOf({ place, part }, seqOf, isSmooth) {
  const from = seqOf(place);
  if (!part || !isSmooth) return from;
  return from + Math.floor((seqOf(place + 1) - from) * Math.min(1, part / GROWING));
}

/**
 * From where playing goes on when the cursor stands anywhere.
 * @param {number} seq
 * @param {number} place of the last decision made by then
 * @param {(place: number) => number} seqOf
 * @returns {Play}
 */
export function playFrom(seq, place, seqOf) {
  const [from, to] = [seqOf(place), seqOf(place + 1)];
  return { place, part: to > from ? Math.min(1 - Number.EPSILON, (GROWING * (seq - from)) / (to - from)) : 0 };
}
