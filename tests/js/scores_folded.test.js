import assert from "node:assert/strict";
import { test } from "node:test";

import { ScoresFolded, isMaker, isScorer } from "../../static/js/lib/scores_folded.js";
import { randomFrom } from "./trees.js";

const PRM = { kind: "scorer", key: "prm", version: "1", revision: "" };
const ELSEWHERE = { ...PRM, revision: "another device" };
const JUDGE = { ...PRM, key: "judge" };
const MAKERS = [PRM, ELSEWHERE, JUDGE];

/** rows: [step, value, maker], or null for an event of another kind. */
function eventsOf(rows) {
  return {
    count: rows.length,
    kinds: ["step-added", "step-scored"],
    makers: MAKERS,
    kind: Uint8Array.from(rows, (row) => (row ? 1 : 0)),
    number: Uint32Array.from(rows, (row) => row?.[0] ?? 1),
    value: Float32Array.from(rows, (row) => row?.[1] ?? NaN),
    maker: Uint8Array.from(rows, (row) => row?.[2] ?? 255),
  };
}

test("of every step the newest score that had been given by then counts, whichever way the cursor moves", () => {
  const random = randomFrom(3);
  const rows = Array.from({ length: 300 }, () => (random() < 0.4 ? null : [1 + Math.floor(random() * 20), random(), Math.floor(random() * 3)]));
  const events = eventsOf(rows);
  const folded = new ScoresFolded(isScorer(PRM));
  for (let check = 0; check < 80; check++) {
    const cursor = Math.floor(random() * 320);
    const expected = new Float32Array(21).fill(NaN);
    rows.slice(0, cursor).forEach((row) => row && row[2] < 2 && (expected[row[0]] = row[1]));
    assert.deepEqual(folded.at(events, 20, cursor), expected);
  }
});

test("the playing scorer is known by its key, any other maker by all that it is", () => {
  assert.deepEqual(MAKERS.map(isScorer(PRM)), [true, true, false]);
  assert.deepEqual(MAKERS.map(isMaker(PRM)), [true, false, false]);
});

test("a tree that has grown is folded anew", () => {
  const folded = new ScoresFolded(isScorer(PRM));
  const events = eventsOf([[1, 0.5, 0], [3, 0.25, 0]]);
  assert.deepEqual([...folded.at(events, 1, 2)], [NaN, 0.5]);
  assert.deepEqual([...folded.at(events, 3, 2)], [NaN, 0.5, NaN, 0.25]);
});
