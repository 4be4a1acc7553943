import assert from "node:assert/strict";
import { test } from "node:test";

import { layOut } from "../../static/js/lib/layout.js";
import { EVERYTHING, isFiltered, parentsAt, prunedBy, shownOf } from "../../static/js/lib/shown.js";
import { branchOf, RIGHT } from "../../static/js/lib/tree.js";
import { randomFrom, randomTree, treeFrom } from "./trees.js";

// 1 ─ 2 ─ 3      4 ─ 5 (right)
//       └ 6 (pruned) ─ 7
const TREE = treeFrom([0, 1, 2, 0, 4, 2, 6], { chosen: 3, pruned: [0, 0, 0, 0, 0, 9], flags: [0, 0, 0, 0, RIGHT] });
const shownIn = (tree, wish) => {
  const { steps, count } = shownOf(tree, { ...EVERYTHING, ...wish });
  const numbers = [...steps].flatMap((shown, step) => (shown && step ? [step] : []));
  assert.equal(count, numbers.length);
  assert.equal(steps[0], 1, "the question is always there");
  return numbers;
};
const filter = (rest) => ({ filter: { hidesPruned: false, only: "all", ...rest } });

test("every step is shown until something is filtered or folded", () => {
  assert.deepEqual(shownIn(TREE, {}), [1, 2, 3, 4, 5, 6, 7]);
});

test("what stands below a pruned step goes with it", () => {
  assert.deepEqual(shownIn(TREE, filter({ hidesPruned: true })), [1, 2, 3, 4, 5]);
});

test("the chosen branch alone is shown, and all where nothing is chosen", () => {
  assert.deepEqual(shownIn(TREE, filter({ only: "chosen" })), [1, 2, 3]);
  assert.deepEqual(shownIn(treeFrom([0, 1]), filter({ only: "chosen" })), [1, 2]);
});

test("branches with a right answer are shown up to it", () => {
  assert.deepEqual(shownIn(TREE, filter({ only: "right" })), [4, 5]);
});

test("a step the filter hides is shown with the way to it where it is asked for besides", () => {
  assert.deepEqual(shownIn(TREE, { ...filter({ hidesPruned: true, only: "right" }), besides: 7 }), [1, 2, 4, 5, 6, 7]);
});

test("descendants of a folded step are away, and counted with it", () => {
  const { steps, folded } = shownOf(TREE, { ...EVERYTHING, collapsed: new Set([2, 6, 5]) });
  assert.deepEqual([...steps], [1, 1, 1, 0, 1, 1, 0, 0]);
  assert.deepEqual([...folded], [[2, 3]], "6 is folded away itself, and 5 has nothing below it");
});

test("what the filter hides is not counted among what is folded away", () => {
  const { folded } = shownOf(TREE, { ...filter({ hidesPruned: true }), collapsed: new Set([2]), besides: 0 });
  assert.deepEqual([...folded], [[2, 1]]);
});

test("whether a step is filtered is told as by filtering", () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = randomFrom(seed);
    const parents = Array.from({ length: 80 }, (_, at) => Math.floor(random() * (at + 1)));
    const tree = treeFrom(parents, {
      chosen: 40,
      pruned: parents.map(() => (random() < 0.1 ? 5 : 0)),
      flags: parents.map(() => (random() < 0.1 ? RIGHT : 0)),
    });
    for (const hidesPruned of [false, true]) {
      for (const only of ["all", "chosen", "right"]) {
        const shown = new Set(shownIn(tree, filter({ hidesPruned, only })));
        for (let step = 1; step <= tree.count; step++) assert.equal(isFiltered(tree, { hidesPruned, only }, step), !shown.has(step), `step ${step}, ${only}`);
      }
    }
  }
});

test("steps that are not shown have no place, and the others are laid out as a tree of their own", () => {
  for (let seed = 0; seed < 20; seed++) {
    const tree = randomTree(seed, 200);
    const shown = shownOf(tree, { ...EVERYTHING, collapsed: parentsAt(tree, 3) });
    const { y, rows, order, columns } = layOut(tree, shown);
    assert.ok(columns <= 4);
    const leaves = [];
    for (let step = 0; step <= tree.count; step++) {
      assert.equal(Number.isNaN(y[step]), !shown.steps[step]);
      const children = [...order].filter((other) => other && tree.parent[other] === step);
      if (shown.steps[step] && !children.length) leaves.push(y[step]);
      if (children.length) assert.equal(y[step], (y[children.at(0)] + y[children.at(-1)]) / 2);
    }
    assert.deepEqual(leaves.sort((a, b) => a - b), Array.from({ length: rows }, (_, row) => row));
  }
});

test("steps of one depth that have children are what folds below it", () => {
  const tree = randomTree(8, 200);
  const collapsed = parentsAt(tree, 2);
  const { steps } = shownOf(tree, { ...EVERYTHING, collapsed });
  for (let step = 1; step <= tree.count; step++) assert.equal(steps[step] === 1, branchOf(tree, step).length <= 2);
});

test("as of an event, what was pruned later is not hidden yet", () => {
  const hiding = { filter: { hidesPruned: true, only: "all" } };
  assert.deepEqual(shownIn(TREE, { ...hiding, seq: 8 }), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(shownIn(TREE, { ...hiding, seq: 9 }), [1, 2, 3, 4, 5]);
  assert.deepEqual([8, 9].map((seq) => isFiltered(TREE, hiding.filter, 7, seq)), [false, true]);
  assert.deepEqual([8, 9].map((seq) => prunedBy(TREE, seq)), [0, 1]);
});
