import assert from "node:assert/strict";
import { test } from "node:test";

import { tipOf } from "../../static/js/lib/tip.js";
import { treeFrom } from "./trees.js";

test("a branch goes on at what grew out of its last step, the best of it first", () => {
  assert.equal(tipOf(treeFrom([0, 1, 1, 3], { score: [0.1, 0.2, 0.9, 0.1] }), 1), 4);
  assert.equal(tipOf(treeFrom([0, 1, 1]), 1), 3, "without scores the youngest");
});

test("a branch that did not grow stays where it is", () => {
  assert.equal(tipOf(treeFrom([0, 0, 1], { score: [0.1, 0.9, 0.1] }), 3), 3);
});

test("where a branch was given up, it goes on at the nearest step above from which something grows", () => {
  assert.equal(tipOf(treeFrom([0, 1, 1, 0], { pruned: [0, 9, 0, 0] }), 2), 3);
  assert.equal(tipOf(treeFrom([0, 1, 0], { pruned: [8, 9, 0] }), 2), 3);
});

test("a step whose continuations were all given up is no place to wait at", () => {
  assert.equal(tipOf(treeFrom([0, 0, 1, 2], { score: [0.9, 0.1, 0.9, 0.1], pruned: [0, 0, 7, 0] }), 0), 4);
});

test("where all is given up, it stays", () => {
  assert.equal(tipOf(treeFrom([0, 1], { pruned: [8, 9] }), 2), 2);
});

test("once an answer is chosen, that is where it ends", () => {
  assert.equal(tipOf(treeFrom([0, 0, 1], { chosen: 2 }), 3), 2);
});

test("an empty tree has no tip, and the first step is one", () => {
  assert.equal(tipOf(treeFrom([]), 0), 0);
  assert.equal(tipOf(treeFrom([0]), 0), 1);
});
