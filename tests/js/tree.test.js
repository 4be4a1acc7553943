import assert from "node:assert/strict";
import { test } from "node:test";

import { TERMINAL, NotATree, branchOf, childrenOf, leafThrough, siblingOf, subtreeOf, treeOf } from "../../static/js/lib/tree.js";
import { columnsOf, headerOf, randomTree, treeFrom } from "./trees.js";

test("it refuses a step whose parent is born later, by name", () => {
  assert.throws(() => treeFrom([0, 3, 1]), (error) => error instanceof NotATree && /Step 2 names step 3/.test(error.message));
});

test("it refuses a depth that does not follow from the parent, by name", () => {
  const columns = columnsOf([0, 1]);
  columns.get("depth")[1] = 5;
  assert.throws(() => treeOf(headerOf(2), columns), /Step 2 stands at depth 5, its parent 1 at 1/);
});

test("it refuses a column that is missing or short, by name", () => {
  const columns = columnsOf([0, 1]);
  columns.delete("score");
  assert.throws(() => treeOf(headerOf(2), columns), /Column score: expected 2 rows, found none/);
  assert.throws(() => treeOf(headerOf(3), columnsOf([0, 1])), /expected 3 rows, found 2/);
});

test("children come in order of birth and a branch from the root", () => {
  const tree = treeFrom([0, 0, 1, 1, 3]);
  assert.deepEqual(childrenOf(tree, 0), [1, 2]);
  assert.deepEqual(childrenOf(tree, 1), [3, 4]);
  assert.deepEqual(branchOf(tree, 5), [1, 3, 5]);
});

test("the ends of a row of siblings hold", () => {
  const tree = treeFrom([0, 0, 0]);
  assert.equal(siblingOf(tree, 2, -1), 1);
  assert.equal(siblingOf(tree, 1, -1), 1);
  assert.equal(siblingOf(tree, 3, 1), 3);
});

test("a step is followed to the chosen leaf, else to the terminal step with the highest score", () => {
  const shape = { score: [0.1, 0.2, 0.9, 0.4], flags: [0, 0, TERMINAL, TERMINAL] };
  assert.equal(leafThrough(treeFrom([0, 1, 2, 2], shape), 1), 3);
  assert.equal(leafThrough(treeFrom([0, 1, 2, 2], { ...shape, chosen: 4 }), 1), 4);
  assert.equal(leafThrough(treeFrom([0, 1, 2, 2], { ...shape, chosen: 4 }), 0), 4);
  assert.equal(leafThrough(treeFrom([0, 1, 2]), 0), 3);
});

test("preorder meets every step of a subtree once, parents first", () => {
  for (let seed = 0; seed < 30; seed++) {
    const tree = randomTree(seed, 200);
    const order = [...subtreeOf(tree, 0)];
    assert.equal(new Set(order).size, 201);
    const place = new Map(order.map((step, at) => [step, at]));
    for (let step = 1; step <= 200; step++) assert.ok(place.get(tree.parent[step]) < place.get(step));
  }
});

test("a chain of fifty thousand steps does not overflow", () => {
  const chain = treeFrom(Array.from({ length: 50_000 }, (_, at) => at));
  assert.equal(branchOf(chain, 50_000).length, 50_000);
  assert.equal([...subtreeOf(chain, 0)].length, 50_001);
});
