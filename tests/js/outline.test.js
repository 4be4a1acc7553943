import assert from "node:assert/strict";
import { test } from "node:test";

import { outlineOf, scrolledTo, windowOf } from "../../static/js/lib/outline.js";
import { subtreeOf } from "../../static/js/lib/tree.js";
import { randomFrom, randomTree, treeFrom } from "./trees.js";

const ALL = { has: null, collapsed: new Set() };

test("rows are the steps in preorder, with their place among their siblings", () => {
  const { steps, rowOf, place, children } = outlineOf(treeFrom([0, 0, 1, 1, 2]), ALL);
  assert.deepEqual([...steps], [1, 3, 4, 2, 5]);
  assert.deepEqual([...rowOf], [0, 1, 4, 2, 3, 5]);
  assert.deepEqual([...place], [0, 1, 2, 1, 2, 1]);
  assert.deepEqual([...children], [2, 2, 1, 0, 0, 0]);
});

test("a collapsed step keeps its row and the number of its children, and hides all below it", () => {
  const { steps, place, children } = outlineOf(treeFrom([0, 1, 2, 0]), { has: null, collapsed: new Set([1]) });
  assert.deepEqual([...steps], [1, 4]);
  assert.equal(children[1], 1);
  assert.equal(children[2], 0);
  assert.equal(place[2], 1);
});

test("a step that is filtered out takes its descendants with it and counts in no set", () => {
  const { steps, place, children } = outlineOf(treeFrom([0, 0, 1, 2]), { has: Uint8Array.from([1, 0, 1, 1, 1]), collapsed: new Set() });
  assert.deepEqual([...steps], [2, 4]);
  assert.equal(children[0], 1);
  assert.equal(place[2], 1);
});

test("of random trees every row stands where preorder has it, whatever is folded", () => {
  for (let seed = 1; seed < 40; seed++) {
    const tree = randomTree(seed, 1 + seed * 7);
    const random = randomFrom(seed);
    const collapsed = new Set(Array.from({ length: seed % 9 }, () => 1 + Math.floor(random() * tree.count)));
    const { steps, rowOf } = outlineOf(tree, { has: null, collapsed });
    const below = new Set();
    for (const folded of collapsed) for (const step of subtreeOf(tree, folded)) if (step !== folded) below.add(step);
    assert.deepEqual([...steps], [...subtreeOf(tree, 0)].filter((step) => step && !below.has(step)));
    steps.forEach((step, row) => assert.equal(rowOf[step], row + 1));
  }
});

test("what is drawn covers the view at both ends, however many rows there are", () => {
  for (const rows of [0, 1, 30, 5_000, 1_000_000, 5_000_000]) {
    const [rowHeight, view] = [28, 700];
    const { height } = windowOf(rows, rowHeight, 0, view);
    for (const scrolled of [0, height / 3, Math.max(height - view, 0)]) {
      const { first, end, top } = windowOf(rows, rowHeight, scrolled, view);
      assert.ok(first >= 0 && end <= rows && first <= end);
      assert.ok(first === 0 || top <= scrolled);
      assert.ok(end === rows || top + (end - first) * rowHeight >= scrolled + view);
    }
    if (rows) assert.equal(windowOf(rows, rowHeight, Math.max(height - view, 0), view).end, rows);
  }
});

test("scrolling to a row brings it wholly into view and leaves one in view where it is", () => {
  for (const rows of [40, 2_000_000]) {
    const [rowHeight, view] = [28, 560];
    for (const row of [0, 1, 25, rows - 1]) {
      const scrolled = scrolledTo(row, rows, rowHeight, 0, view);
      const { first, top } = windowOf(rows, rowHeight, scrolled, view);
      const at = top + (row - first) * rowHeight;
      assert.ok(at >= scrolled - 0.5 && at + rowHeight <= scrolled + view + 0.5, `row ${row} of ${rows}`);
      assert.equal(scrolledTo(row, rows, rowHeight, scrolled, view), scrolled);
    }
  }
});
