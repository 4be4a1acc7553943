import assert from "node:assert/strict";
import { test } from "node:test";

import { panned } from "../../static/js/lib/camera.js";
import { layOut } from "../../static/js/lib/layout.js";
import { stepsToLabel } from "../../static/js/lib/label_grid.js";
import { randomTree } from "./trees.js";

const tree = randomTree(4, 300);
const layout = layOut(tree);
const steps = Array.from({ length: 300 }, (_, at) => at + 1);
const placeOf = (step) => [layout.x[step], layout.y[step]];
const cell = { width: 40, height: 16 };
const labelled = (camera, from = steps) => stepsToLabel(from, placeOf, camera, cell, (step) => tree.pruned[step]);

test("the same view has the same labels, in whatever order the steps come", () => {
  const camera = { column: 60, row: 5, x: 0, y: 0 };
  assert.deepEqual(labelled(camera), labelled(camera, [...steps].reverse()));
});

test("panning changes no label", () => {
  const camera = { column: 60, row: 5, x: 0, y: 0 };
  assert.deepEqual(labelled(camera), labelled(panned(camera, 13.7, -41.2)));
});

test("zooming in only adds labels", () => {
  const far = new Set(labelled({ column: 60, row: 3, x: 0, y: 0 }));
  const near = new Set(labelled({ column: 60, row: 13, x: 0, y: 0 }));
  for (const step of far) assert.ok(near.has(step), `step ${step} vanished`);
  assert.ok(near.size > far.size);
});

test("where every text fits, every step has one", () => {
  assert.equal(labelled({ column: 60, row: 20, x: 0, y: 0 }).length, steps.length);
});
