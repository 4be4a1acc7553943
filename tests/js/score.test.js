import assert from "node:assert/strict";
import { test } from "node:test";

import { bucketOf } from "../../static/js/lib/colour.js";
import { score } from "../../static/js/overlays/score.js";
import { treeFrom } from "./trees.js";

test("a probability diverges from its threshold, however narrow the scores of a tree are", () => {
  const tree = treeFrom([0, 1, 2], { score: [0.6, 0.7, NaN] });
  assert.equal(score.scale(tree), "score");
  assert.deepEqual(score.domain(tree), { low: 0, middle: 0.5, high: 1 });
});

test("a magnitude is sequential from the least to the greatest score", () => {
  const tree = treeFrom([0, 1, 1, 1], { score: [0, 0, 3, 60] });
  assert.equal(score.scale(tree), "entropy");
  assert.deepEqual(score.domain(tree), { low: 0, middle: 30, high: 60 });
  assert.equal(score.scale(treeFrom([0, 1], { score: [-2, 0.5] })), "entropy");
});

test("a tree without a score, or with one magnitude only, still has a scale", () => {
  assert.deepEqual(score.domain(treeFrom([0])), { low: 0, middle: 0.5, high: 1 });
  const one = treeFrom([0, 1], { score: [20, 20] });
  assert.ok(bucketOf(20, score.domain(one)) >= 0);
});
