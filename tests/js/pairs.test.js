/** Rows of two branches: tokens add up along each, and scores are compared only where one scorer gave both. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { endsOf } from "../../static/js/lib/ends.js";
import { pairsOf, scoreOf, scorerOf, scorersOfBoth } from "../../static/js/lib/pairs.js";

/** @param {number} number @param {string} text @param {number} tokens @param {Record<string, number>} scores @returns {any} */
const step = (number, text, tokens, scores = {}) => ({
  number,
  text,
  tokens,
  scores: Object.entries(scores).map(([key, value]) => ({ maker: { key }, value })),
});

test("tokens so far add up along each branch, and the first difference is marked once", () => {
  const pairs = pairsOf([step(1, "a", 3), step(2, "b", 4)], [step(1, "a", 3), step(5, "quite else", 10)]);
  assert.deepEqual(pairs.map(({ kind, left, right, isFirst }) => [kind, left?.soFar, right?.soFar, isFirst]), [
    ["same", 3, 3, false],
    ["other", 7, 13, true],
  ]);
});

test("the scorer of most pairs compares them, though another scored more steps of one side", () => {
  const pairs = pairsOf([step(1, "a", 0, { other: 1, prm: 0.5 }), step(2, "b", 0, { other: 1 })], [step(1, "c", 0, { prm: 0.75 })]);
  assert.equal(scorerOf(pairs), "prm");
  assert.deepEqual([...scorersOfBoth(pairs[0])], ["prm"]);
  assert.equal(scoreOf(pairs[0].right, "prm"), 0.75);
  assert.ok(Number.isNaN(scoreOf(pairs[0].right, "other")));
  assert.equal(scorerOf(pairsOf([step(1, "a", 0)], [])), "");
});

test("ends come with the highest score first, unscored ones last, or by number where scores are hidden", () => {
  const tree = /** @type {any} */ ({ count: 5, flags: Uint8Array.of(0, 0, 1, 1, 1, 1), score: Float32Array.of(NaN, 1, NaN, 0.5, 0.75, 0.5) });
  assert.deepEqual(endsOf(tree), [4, 3, 5, 2]);
  assert.deepEqual(endsOf(tree, false), [2, 3, 4, 5]);
});
