import assert from "node:assert/strict";
import { test } from "node:test";

import { CLOSER, COLUMN_MOST, fit, pageToTree, panned, ROW_MOST, showing, treeToPage, zoomed } from "../../static/js/lib/camera.js";
import { layOut } from "../../static/js/lib/layout.js";
import { randomFrom, randomTree } from "./trees.js";

const SIZE = { width: 900, height: 600 };

test("tree to page and page to tree undo one another, whatever was zoomed and panned", () => {
  const random = randomFrom(1);
  const whole = fit(layOut(randomTree(1, 100)), SIZE);
  let camera = whole;
  for (let turn = 0; turn < 200; turn++) {
    camera = zoomed(camera, 0.5 + random() * 1.5, [random() * 900, random() * 600], whole);
    camera = panned(camera, random() * 100 - 50, random() * 100 - 50);
    const [x, y] = [random() * 30, random() * 300];
    const [backX, backY] = pageToTree(camera, ...treeToPage(camera, x, y));
    assert.ok(Math.abs(backX - x) < 1e-6 && Math.abs(backY - y) < 1e-6);
  }
});

test("the whole tree lies in view when fitted", () => {
  for (let seed = 0; seed < 20; seed++) {
    const layout = layOut(randomTree(seed, 300));
    const camera = fit(layout, SIZE);
    for (const step of layout.order) {
      const [x, y] = treeToPage(camera, layout.x[step], layout.y[step]);
      assert.ok(x >= 0 && x <= SIZE.width && y >= 0 && y <= SIZE.height, `step ${step} at ${x}, ${y}`);
    }
  }
});

test("what is under the pointer stays under it when zoomed", () => {
  const camera = fit(layOut(randomTree(2, 100)), SIZE);
  const before = pageToTree(camera, 300, 200);
  const after = pageToTree(zoomed(camera, 1.7, [300, 200], camera), 300, 200);
  assert.ok(Math.abs(before[0] - after[0]) < 1e-9 && Math.abs(before[1] - after[1]) < 1e-9);
});

test("a step in view moves nothing, a step out of view comes in", () => {
  const camera = { column: 100, row: 20, x: 50, y: 50 };
  assert.equal(showing(camera, SIZE, 3, 5), camera);
  const [x, y] = treeToPage(showing(camera, SIZE, 30, 500), 30, 500);
  assert.ok(x > 0 && x < SIZE.width && y > 0 && y < SIZE.height);
});

test("out of the whole tree one zooms no further than to half its height, whatever its size", () => {
  for (const count of [3, 300, 30_000]) {
    const whole = fit(layOut(randomTree(3, count)), SIZE);
    let camera = whole;
    for (let turn = 0; turn < 60; turn++) camera = zoomed(camera, 0.8, [400, 300], whole);
    assert.equal(camera.row, whole.row / 2);
    for (let turn = 0; turn < 60; turn++) camera = zoomed(camera, 2, [400, 300], whole);
    assert.deepEqual([camera.row, camera.column], [CLOSER * ROW_MOST, CLOSER * COLUMN_MOST]);
  }
});
