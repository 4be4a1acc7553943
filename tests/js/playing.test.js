import assert from "node:assert/strict";
import { test } from "node:test";

import { cursorOf, playedOn, playFrom } from "../../static/js/lib/playing.js";

const SEQS = [0, 10, 11, 50];
const seqOf = (place) => SEQS[place];

test("at speed 1 a decision takes a second, at speed 8 an eighth, and it ends at the last place", () => {
  const start = { place: 0, part: 0 };
  assert.deepEqual(playedOn(start, 250, 1, 3), { place: 0, part: 0.25 });
  assert.deepEqual(playedOn(start, 125, 8, 3), { place: 1, part: 0 });
  assert.deepEqual(playedOn({ place: 2, part: 0.9 }, 200, 1, 3), { place: 3, part: 0 });
});

test("a page that was out of sight for a minute goes on where it was", () => {
  assert.deepEqual(playedOn({ place: 0, part: 0 }, 60_000, 1, 3), { place: 0, part: 0.25 });
});

test("the cursor goes over what happened between two decisions, then rests at the second", () => {
  assert.deepEqual([0, 0.3, 0.6, 0.9].map((part) => cursorOf({ place: 0, part }, seqOf, true)), [0, 5, 10, 10]);
  assert.equal(cursorOf({ place: 3, part: 0 }, seqOf, true), 50);
});

test("without motion the cursor stands at decisions only", () => {
  assert.deepEqual([0, 0.3, 0.99].map((part) => cursorOf({ place: 1, part }, seqOf, false)), [10, 10, 10]);
});

test("playing goes on from where the cursor stands", () => {
  for (const [seq, place] of [[0, 0], [4, 0], [10, 1], [30, 2]]) {
    assert.equal(cursorOf(playFrom(seq, place, seqOf), seqOf, true), seq);
  }
});
