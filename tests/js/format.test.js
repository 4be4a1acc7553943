import assert from "node:assert/strict";
import { test } from "node:test";

import { decimal, ofHalf } from "../../static/js/lib/format.js";

test("a number in half precision is shown with the digits that it carries, and no others", () => {
  // 49.7 and 130.3 come as the nearest halves, 49.6875 and 130.25.
  assert.deepEqual([49.6875, 130.25, 12.703125, 0.87548828125, 0, -3.5].map(ofHalf), ["49.7", "130", "12.70", "0.88", "0.00", "−3.50"]);
  assert.equal(decimal(49.6875), "49.69", "which the number that was meant does not round to");
  assert.equal(ofHalf(NaN), "–");
});
