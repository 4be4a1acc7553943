import assert from "node:assert/strict";
import { test } from "node:test";

import { BUCKETS, bucketColours, bucketOf, mix, parseColour, placeOnScale } from "../../static/js/lib/colour.js";

const SCALE = { low: 0, middle: 0.5, high: 1 };
const STOPS = [[202, 0, 32], [244, 165, 130], [213, 215, 218], [146, 197, 222], [5, 113, 176]];

test("the threshold lies in the middle of the scale wherever it is", () => {
  assert.equal(placeOnScale(0.8, { low: 0, middle: 0.8, high: 1 }), 0.5);
  assert.equal(placeOnScale(0.4, { low: 0, middle: 0.8, high: 1 }), 0.25);
  assert.equal(placeOnScale(0.9, { low: 0, middle: 0.8, high: 1 }), 0.75);
});

test("what lies beyond the ends is held at them", () => {
  assert.equal(bucketOf(-3, SCALE), 0);
  assert.equal(bucketOf(40, SCALE), BUCKETS - 1);
});

test("a higher value never falls into a lower bucket", () => {
  let before = -1;
  for (let value = -0.1; value < 1.1; value += 0.003) {
    const bucket = bucketOf(value, SCALE);
    assert.ok(bucket >= before);
    before = bucket;
  }
});

test("no value has a bucket of its own", () => {
  assert.equal(bucketOf(NaN, SCALE), -1);
});

test("a scale without width still has a place for its only value", () => {
  assert.ok(Number.isFinite(placeOnScale(3, { low: 3, middle: 3, high: 3 })));
});

test("the stops themselves are hit", () => {
  assert.deepEqual(mix(STOPS, 0), STOPS[0]);
  assert.deepEqual(mix(STOPS, 0.5), STOPS[2]);
  assert.deepEqual(mix(STOPS, 1), STOPS[4]);
  assert.equal(bucketColours(STOPS).length, BUCKETS);
});

test("it reads what a browser computes and refuses what is no colour", () => {
  assert.deepEqual(parseColour("rgb(1, 2, 3)"), [1, 2, 3]);
  assert.deepEqual(parseColour("rgba(1 2 3 / 0.5)"), [1, 2, 3]);
  assert.throws(() => parseColour("light-dark(#fff, #000)"), /Expected a colour/);
});
