import assert from "node:assert/strict";
import { test } from "node:test";

import { freshness } from "../../static/js/lib/freshness.js";

const calm = { line: "live", isOnline: true, age: 0, isFailing: false, isGone: false };

test("a page with a live line is live, whatever its age", () => {
  assert.deepEqual(freshness({ ...calm, age: 500 }), { kind: "live", glyph: "●", words: "live" });
});

test("without a line the page says that it asks, and then how old it is", () => {
  assert.match(freshness({ ...calm, line: "polling", age: 5 }).words, /^looks every 5 s/);
  assert.match(freshness({ ...calm, line: "polling", age: 12.7 }).words, /^reconnecting · last seen 12 s ago$/);
  assert.match(freshness({ ...calm, line: "polling", age: 185 }).words, /last seen 3 min ago$/);
  assert.match(freshness({ ...calm, line: "polling", age: 7300 }).words, /last seen 2 h ago$/);
});

test("being offline is said before what the line last was", () => {
  assert.deepEqual(freshness({ ...calm, isOnline: false, age: 12 }), { kind: "late", glyph: "◌", words: "offline · last seen 12 s ago" });
});

test("an answer that was no page is not passed off as live", () => {
  assert.equal(freshness({ ...calm, isFailing: true, age: 3 }).kind, "late");
});

test("a reader who may not see it any more is told to reload, online or not", () => {
  for (const facts of [{ ...calm, isGone: true }, { ...calm, line: "refused", isOnline: false }]) {
    assert.equal(freshness(facts).kind, "gone");
  }
});

test("before the first connection nothing is claimed but that it is tried", () => {
  assert.deepEqual(freshness({ ...calm, line: "connecting" }), { kind: "", glyph: "◌", words: "connecting" });
});
