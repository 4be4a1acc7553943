import assert from "node:assert/strict";
import { test } from "node:test";

import { layOut } from "../../static/js/lib/layout.js";
import { finestOf, finestOfSome, Levels } from "../../static/js/lib/levels.js";
import { nearestStep } from "../../static/js/lib/visible.js";
import { randomTree } from "./trees.js";

const isOlder = (step, other) => step < other;
const cellsOf = ({ steps, rows, columnStart }, cell) =>
  [...steps].map((_, at) => `${columnStart.findLastIndex((start) => start <= at)}:${Math.floor(rows[at] / cell)}`);

test("a level holds one step for every cell that holds any, the one that comes before the others", () => {
  for (let seed = 0; seed < 20; seed++) {
    const layout = layOut(randomTree(seed, 400));
    const finest = finestOf(layout);
    const levels = new Levels(finest, isOlder);
    for (const cell of [2, 4, 16]) {
      const level = levels.at(cell);
      const found = cellsOf(level, cell);
      assert.equal(new Set(found).size, found.length);
      const first = new Map();
      cellsOf(finest, cell).forEach((name, at) => first.set(name, Math.min(first.get(name) ?? Infinity, finest.steps[at])));
      assert.deepEqual(Object.fromEntries(found.map((name, at) => [name, level.steps[at]])), Object.fromEntries(first));
    }
  }
});

test("within a column of a level rows rise, and are those of the layout", () => {
  const layout = layOut(randomTree(3, 500));
  const { steps, rows, columnStart } = new Levels(finestOf(layout), isOlder).at(4);
  for (let column = 0; column < layout.columns; column++) {
    for (let at = columnStart[column]; at < columnStart[column + 1]; at++) {
      assert.equal(rows[at], layout.y[steps[at]]);
      assert.equal(layout.x[steps[at]], column);
      if (at > columnStart[column]) assert.ok(rows[at] > rows[at - 1]);
    }
  }
});

test("where rows are further apart than asked for, every step is there", () => {
  const layout = layOut(randomTree(3, 500));
  assert.equal(new Levels(finestOf(layout), isOlder).at(0.2).steps, layout.order);
});

test("some steps of a layout have levels of their own, so that none is lost behind others", () => {
  const layout = layOut(randomTree(6, 500));
  const some = new Levels(finestOfSome(layout, (step) => step > 0 && step % 7 === 0), isOlder);
  assert.deepEqual([...some.at(1).steps].sort((a, b) => a - b), Array.from({ length: 71 }, (_, at) => 7 * (at + 1)));
  assert.ok(some.at(64).steps.every((step) => step % 7 === 0));
});

test("the nearest step that is there is found past those that are not", () => {
  const tree = randomTree(5, 300);
  const layout = layOut(tree);
  const isThere = (step) => step % 5 === 0;
  const column = [...layout.order.slice(layout.columnStart[4], layout.columnStart[5])].filter(isThere);
  for (let row = -1; row < layout.rows + 1; row += 0.41) {
    const found = nearestStep(finestOf(layout), 4, row, isThere);
    assert.equal(Math.abs(layout.y[found] - row), Math.min(...column.map((step) => Math.abs(layout.y[step] - row))));
  }
  assert.equal(nearestStep(finestOf(layout), 4, 10, () => false), null);
});
