/**
 * What was known of a step at an event of its run, out of what is known of it today. A cursor of null is today.
 * @module
 */

/** @typedef {{value: number | null, seq: number}} Given */
/** @typedef {Given & {earlier: readonly Given[]}} Newest with those before, oldest first */

/**
 * @param {number | null} seq of what happened, null where it did not
 * @param {number | null} cursor
 */
export function hasHappened(seq, cursor) {
  return seq !== null && (cursor === null || seq <= cursor);
}

/**
 * The step that had been chosen.
 * @param {import("./tree.js").Tree} tree
 * @param {number | null} cursor
 * @returns {number} 0 where none was
 */
export function chosenAt({ header }, cursor) {
  return cursor === null || hasHappened(header.chosen_seq ?? null, cursor) ? (header.chosen ?? 0) : 0;
}

/**
 * The newest number that a maker had given, and how many it had given before.
 * @param {Newest} score
 * @param {number | null} cursor
 * @returns {{given: Given, earlier: readonly Given[]} | null} null where it had given none yet
 */
export function scoreAt(score, cursor) {
  const all = [...score.earlier, score].filter(({ seq }) => hasHappened(seq, cursor));
  const given = all.pop();
  return given ? { given, earlier: all } : null;
}

/**
 * The number a step is ranked by: that of the maker who scored it first.
 * @param {{scores: readonly Newest[]}} step
 * @param {number | null} cursor
 * @returns {number} NaN where there was none
 */
export function rankedBy({ scores }, cursor) {
  const [first] = scores;
  return (first && scoreAt(first, cursor)?.given.value) ?? NaN;
}

/**
 * What a run had spent by the birth of a step, out of its log.
 * @param {import("./event_columns.js").Events} events
 * @param {number} number
 * @param {number} born
 * @returns {{tokens: number, steps: number, seconds: number} | null} null where the log is not known that far
 */
export function spentBy(events, number, born) {
  if (!born || events.count < born) return null;
  return { tokens: events.tokens[born - 1], steps: number, seconds: events.at[born - 1] };
}
