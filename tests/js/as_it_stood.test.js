import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenAt, hasHappened, rankedBy, scoreAt, spentBy } from "../../static/js/lib/as_it_stood.js";

const SCORE = { value: 0.75, seq: 13, earlier: [{ value: 0.25, seq: 4 }, { value: 0.5, seq: 9 }] };

test("a score is the newest that had been given, with those before it", () => {
  assert.deepEqual(scoreAt(SCORE, null), { given: SCORE, earlier: SCORE.earlier });
  assert.deepEqual(scoreAt(SCORE, 9), { given: { value: 0.5, seq: 9 }, earlier: [{ value: 0.25, seq: 4 }] });
  assert.deepEqual(scoreAt(SCORE, 12)?.given.value, 0.5);
  assert.equal(scoreAt(SCORE, 3), null);
});

test("a step is ranked by who scored it first, and by nothing before that", () => {
  const step = { scores: [SCORE, { value: 9, seq: 2, earlier: [] }] };
  assert.equal(rankedBy(step, null), 0.75);
  assert.equal(rankedBy(step, 4), 0.25);
  assert.ok(Number.isNaN(rankedBy(step, 3)));
  assert.ok(Number.isNaN(rankedBy({ scores: [] }, null)));
});

test("what comes after the cursor has not happened yet, and what never happened has not", () => {
  assert.deepEqual([hasHappened(5, null), hasHappened(5, 5), hasHappened(5, 4), hasHappened(null, 9)], [true, true, false, false]);
});

test("what was spent by a birth is read off the event of the birth, where that is known", () => {
  const events = { count: 3, tokens: Uint32Array.of(0, 5, 22), at: Float64Array.of(0, 1, 4.5) };
  assert.deepEqual(spentBy(events, 2, 3), { tokens: 22, steps: 2, seconds: 4.5 });
  assert.equal(spentBy(events, 3, 4), null);
});

test("a step is chosen from the event of its choice on, however much is scored after that", () => {
  const tree = /** @type {any} */ ({ header: { seq: 90, chosen: 7, chosen_seq: 40 } });
  assert.deepEqual([39, 40, 41, 88, 90, null].map((cursor) => chosenAt(tree, cursor)), [0, 7, 7, 7, 7, 7]);
  const open = /** @type {any} */ ({ header: { seq: 90, chosen: null, chosen_seq: null } });
  assert.deepEqual([89, 90, null].map((cursor) => chosenAt(open, cursor)), [0, 0, 0]);
});
