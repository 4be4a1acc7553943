import assert from "node:assert/strict";
import { test } from "node:test";

import { bandOf, endsOf, lineOf, placeAt, plotWords, siblingsBand, xOf, yOf } from "../../static/js/lib/plot.js";
import { treeFrom } from "./trees.js";

const BOX = { left: 10, right: 110, top: 5, bottom: 55 };
const NOTHING = { low: Float32Array.of(NaN, NaN, NaN), high: Float32Array.of(NaN, NaN, NaN) };
const UNIT = { low: 0, high: 1 };

test("the axis is that of the scale, wider where a number or one beside it lies outside", () => {
  assert.deepEqual(endsOf([0.2, NaN, 0.4], NOTHING, UNIT), UNIT);
  assert.deepEqual(endsOf([-1, 3, NaN], NOTHING, UNIT), { low: -1, high: 3 });
  assert.deepEqual(endsOf([0.5], { low: Float32Array.of(-2), high: Float32Array.of(4) }, UNIT), { low: -2, high: 4 });
  assert.deepEqual(endsOf([-4], NOTHING, { low: 0, high: -4 }), { low: -4, high: 0 });
});

test("numbers that are all alike stand in the middle of an axis that has two ends", () => {
  const ends = endsOf([3, 3], NOTHING, { low: 3, high: 3 });
  assert.equal(yOf(3, ends, BOX), 30);
});

test("the first step stands at the left end, the last at the right, a single one in the middle", () => {
  assert.deepEqual([xOf(0, 5, BOX), xOf(4, 5, BOX), xOf(0, 1, BOX)], [10, 110, 60]);
});

test("the nearest step is found from where somebody points, also beyond the ends", () => {
  for (let at = 0; at < 7; at++) assert.equal(placeAt(xOf(at, 7, BOX) + 3, 7, BOX), at);
  assert.deepEqual([placeAt(-50, 7, BOX), placeAt(900, 7, BOX), placeAt(60, 1, BOX)], [0, 6, 0]);
});

test("the line breaks where a number is not known", () => {
  assert.equal(lineOf([0, 1, NaN, 0.5, 0.5], UNIT, BOX), "M10.0 55.0L35.0 5.0M85.0 30.0L110.0 30.0");
  assert.equal(lineOf([NaN], UNIT, BOX), "");
});

test("the band is closed around what is known", () => {
  const band = { low: Float32Array.of(0, 0.5, NaN), high: Float32Array.of(1, 0.5, NaN) };
  assert.equal(bandOf(band, UNIT, BOX), "M10.0 5.0L60.0 30.0L60.0 30.0L10.0 55.0Z");
});

test("the band of a step spans all that continue the same step, itself included", () => {
  const tree = treeFrom([0, 0, 0, 2, 2], { score: [0.25, 0.5, 0.875, NaN, 0.5] });
  const band = siblingsBand(tree, [2, 4], tree.score, null);
  assert.deepEqual([...band.low], [0.25, 0.5]);
  assert.deepEqual([...band.high], [0.875, 0.5]);
  assert.deepEqual([...siblingsBand(treeFrom([0]), [1], Float32Array.of(NaN, NaN), null).low], [NaN]);
  assert.deepEqual([...siblingsBand(tree, [2, 4], tree.score, 2).high], [0.5, NaN]);
});

test("in words it says where the line starts, ends and is lowest", () => {
  assert.equal(plotWords("Score", [0.5, NaN, 0.1, 0.9]), "Score along the branch: from 0.50 to 0.90, lowest 0.10 at place 3.");
  assert.equal(plotWords("Score", [NaN]), "Score: no number along this branch.");
});
