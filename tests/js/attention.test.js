import assert from "node:assert/strict";
import { test } from "node:test";

import { Attention } from "../../static/js/lib/attention.js";
import { duration, medianOf, paceWords } from "../../static/js/lib/pace.js";

test("time runs while somebody is at it", () => {
  const clock = new Attention(0);
  clock.act(20_000);
  assert.equal(clock.lap(42_300), 42.3);
  assert.equal(clock.lap(43_300), 1);
});

test("a minute after the last press the clock stands, until the next one", () => {
  const clock = new Attention(0);
  clock.act(10_000);
  assert.equal(clock.isActive(80_000), false);
  clock.act(500_000);
  assert.equal(clock.isActive(500_001), true);
  assert.equal(clock.lap(505_000), 75);
});

test("while the page is hidden the clock stands", () => {
  const clock = new Attention(0);
  clock.leave(true, 5_000);
  assert.equal(clock.isActive(6_000), false);
  clock.leave(false, 900_000);
  assert.equal(clock.lap(902_000), 7);
});

test("laps taken while nobody is there add nothing, however many they are", () => {
  const clock = new Attention(0);
  const laps = [70_000, 80_000, 90_000].map((now) => clock.lap(now));
  assert.deepEqual(laps, [60, 0, 0]);
});

test("the pace is the median, and what is left is said in the unit that is read best", () => {
  assert.equal(medianOf([]), null);
  assert.equal(medianOf([100, 1, 3]), 3);
  assert.equal(medianOf([1, 2, 3, 10]), 2.5);
  assert.deepEqual([2.25, 42, 3000, 9000].map(duration), ["2.3 s", "42 s", "50 min", "2.5 h"]);
  assert.deepEqual(paceWords(17, 120, [40, 42, 44], [29]), ["17 of 120 done", "42 s a step", "about 50 min left"]);
  assert.deepEqual(paceWords(3, null, [], []), ["3 done"]);
});
