import assert from "node:assert/strict";
import { test } from "node:test";

import { NotVisits, VisitFold } from "../../static/js/lib/visits.js";
import { randomFrom, randomTree, treeFrom } from "./trees.js";

const TREE = treeFrom([0, 1, 1, 2]);

function rowsOf(list) {
  return {
    seq: list.map(([seq]) => seq),
    number: list.map(([, number]) => number),
    value: list.map(([, , value]) => value),
    returns: list.map(([, , , returns]) => returns ?? null),
  };
}

/** Each simulation by itself, with nothing kept between them. */
function counted(tree, list, cursor) {
  const [counts, sums] = [new Map(), new Map()];
  for (const [seq, number, value, returns] of list) {
    if (cursor !== null && seq > cursor) continue;
    const branch = [];
    for (let step = number; ; step = tree.parent[step]) {
      branch.unshift(step);
      if (!step) break;
    }
    branch.forEach((step, place) => {
      counts.set(step, (counts.get(step) ?? 0) + 1);
      sums.set(step, (sums.get(step) ?? 0) + (returns ? returns[place] : value));
    });
  }
  return { counts, sums };
}

test("a simulation counts for every step of its branch and for the question", () => {
  const { visits, values } = new VisitFold(rowsOf([[3, 4, 0.5], [9, 3, 1]])).at(TREE, null);
  assert.deepEqual([...visits], [2, 2, 1, 1, 1]);
  assert.deepEqual([...values], [0.75, 0.75, 0.5, 1, 0.5]);
});

test("where each step is credited with its own, the question first, that is what it gets", () => {
  const { values } = new VisitFold(rowsOf([[3, 4, 0, [8, 4, 2, 1]]])).at(TREE, null);
  assert.deepEqual([...values], [8, 4, 2, NaN, 1]);
});

test("as of an event only what was simulated by then counts, whichever way the cursor moves", () => {
  const random = randomFrom(5);
  const tree = randomTree(11, 300);
  const list = Array.from({ length: 400 }, (_, row) => [3 * row + 2, 1 + Math.floor(random() * 300), random()]);
  const fold = new VisitFold(rowsOf(list));
  for (let check = 0; check < 60; check++) {
    const cursor = check % 7 ? Math.floor(random() * 1300) : null;
    const { visits, values } = fold.at(tree, cursor);
    const expected = counted(tree, list, cursor);
    for (let step = 0; step <= tree.count; step++) {
      const times = expected.counts.get(step);
      assert.equal(Number.isNaN(visits[step]) ? undefined : visits[step], times);
      if (times) assert.ok(Math.abs(fold.meanOf(step) - expected.sums.get(step) / times) < 1e-9);
      else assert.ok(Number.isNaN(values[step]));
    }
  }
});

test("nothing that is the same is made twice", () => {
  const fold = new VisitFold(rowsOf([[3, 4, 0.5], [9, 3, 1]]));
  assert.equal(fold.at(TREE, 4), fold.at(TREE, 8));
  assert.notEqual(fold.at(TREE, 8), fold.at(TREE, 9));
});

test("simulations of steps that the tree does not know yet count once it does", () => {
  const fold = new VisitFold(rowsOf([[3, 1, 1], [9, 4, 1]]));
  assert.deepEqual([...fold.at(treeFrom([0, 1]), null).visits], [1, 1, NaN]);
  assert.deepEqual([...fold.at(TREE, null).visits], [2, 2, 1, NaN, 1]);
});

test("returns that do not go with their branch, and events that do not rise, are refused by their row", () => {
  assert.throws(() => new VisitFold(rowsOf([[3, 4, 0, [1, 1]]])).at(TREE, null), (error) => error instanceof NotVisits && /Row 0/.test(error.message));
  assert.throws(() => new VisitFold(rowsOf([[3, 4, 0], [3, 1, 0]])), /Row 1 is of event 3/);
});
