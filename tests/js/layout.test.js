import assert from "node:assert/strict";
import { test } from "node:test";

import { layOut } from "../../static/js/lib/layout.js";
import { finestOf } from "../../static/js/lib/levels.js";
import { childrenOf } from "../../static/js/lib/tree.js";
import { eachColumnInView, nearestStep } from "../../static/js/lib/visible.js";
import { randomTree, treeFrom } from "./trees.js";

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

test("children stand one column right of their parent", () => {
  for (const seed of SEEDS) {
    const tree = randomTree(seed, 150);
    const { x } = layOut(tree);
    for (let step = 1; step <= tree.count; step++) assert.equal(x[step], x[tree.parent[step]] + 1);
  }
});

test("no two steps of a column stand closer than a row", () => {
  for (const seed of SEEDS) {
    const { order, columnStart, columns, y } = layOut(randomTree(seed, 150));
    for (let column = 0; column < columns; column++) {
      for (let at = columnStart[column] + 1; at < columnStart[column + 1]; at++) {
        assert.ok(y[order[at]] - y[order[at - 1]] >= 1, `column ${column}, seed ${seed}`);
      }
    }
  }
});

test("parents stand in the middle of their first and last child", () => {
  const tree = randomTree(7, 150);
  const { y } = layOut(tree);
  for (let step = 0; step <= tree.count; step++) {
    const children = childrenOf(tree, step);
    if (children.length) assert.equal(y[step], (y[children[0]] + y[children.at(-1)]) / 2);
  }
});

test("leaves fill the rows without a gap", () => {
  const tree = randomTree(11, 150);
  const { y, rows } = layOut(tree);
  const leaves = [];
  for (let step = 0; step <= tree.count; step++) if (!tree.firstChild[step]) leaves.push(y[step]);
  assert.deepEqual(leaves.sort((a, b) => a - b), Array.from({ length: rows }, (_, row) => row));
});

test("a question without steps is laid out", () => {
  const { columns, rows } = layOut(treeFrom([]));
  assert.deepEqual([columns, rows], [1, 1]);
});

test("every edge that touches the area in view is visited, and each step once", () => {
  for (const seed of SEEDS) {
    const tree = randomTree(seed, 150);
    const layout = layOut(tree);
    const area = { left: 1.5, right: 4.5, top: layout.rows * 0.3, bottom: layout.rows * 0.5 };
    const seen = [];
    eachColumnInView(finestOf(layout), layout.y, tree.parent, area, (_, first, end) => seen.push(...layout.order.slice(first, end)));
    assert.equal(new Set(seen).size, seen.length);
    for (let step = 1; step <= tree.count; step++) {
      const rows = [layout.y[step], layout.y[tree.parent[step]]];
      const touches = layout.x[step] >= 2 && layout.x[step] <= 5 && Math.max(...rows) >= area.top && Math.min(...rows) <= area.bottom;
      if (touches) assert.ok(seen.includes(step), `step ${step}, seed ${seed}`);
    }
  }
});

test("the nearest step of a column is found as by looking at all", () => {
  const tree = randomTree(5, 150);
  const layout = layOut(tree);
  for (let row = -1; row < layout.rows + 1; row += 0.37) {
    const found = nearestStep(finestOf(layout), 3.2, row);
    const column = layout.order.slice(layout.columnStart[3], layout.columnStart[4]);
    const best = Math.min(...[...column].map((step) => Math.abs(layout.y[step] - row)));
    assert.equal(Math.abs(layout.y[found] - row), best);
  }
  assert.equal(nearestStep(finestOf(layout), 1e6, 0), null);
});
