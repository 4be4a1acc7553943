import assert from "node:assert/strict";
import { test } from "node:test";

import { waitBefore } from "../../static/js/lib/backoff.js";

test("each failure doubles the wait, up to half a minute, however many there were", () => {
  assert.deepEqual([0, 1, 2, 3].map((failures) => waitBefore(failures, 1)), [500, 1000, 2000, 4000]);
  assert.equal(waitBefore(6, 1), 30_000);
  assert.equal(waitBefore(5_000, 1), 30_000);
});

test("readers that lost the same server come back spread over half of the wait", () => {
  assert.equal(waitBefore(3, 0), 2000);
  assert.equal(waitBefore(3, 0.5), 3000);
});
