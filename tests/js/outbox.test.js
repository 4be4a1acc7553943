import assert from "node:assert/strict";
import { test } from "node:test";

import { chainOf, goingOf, isSame, meaningOf, pauseAfter, waitsFor } from "../../static/js/lib/outbox.js";

const aside = { status: 403, code: "forbidden", message: "no" };
const entry = (id, key, refused = null) => ({ id, key, path: `/${key}`, body: { client_uuid: `u${id}` }, words: "", at: 0, tries: 0, refused });
const ids = (entries) => entries.map(({ id }) => id);

test("what may pass is sent again, what needs the person is set aside", () => {
  for (const status of [0, 408, 429, 502, 503, 504]) assert.equal(meaningOf({ status, code: "" }, 50), "again", String(status));
  for (const status of [400, 403, 404, 409, 412, 413]) assert.equal(meaningOf({ status, code: "" }, 1), "set-aside", String(status));
  assert.equal(meaningOf({ status: 401, code: "not-authenticated" }, 1), "signed-out");
});

test("a token that does not fit asks who is signed in, but not for ever", () => {
  assert.equal(meaningOf({ status: 403, code: "csrf" }, 1), "ask-who");
  assert.equal(meaningOf({ status: 403, code: "csrf" }, 9), "set-aside");
});

test("what breaks the server again and again does not hold the others for ever", () => {
  assert.equal(meaningOf({ status: 500, code: "broken" }, 1), "again");
  assert.equal(meaningOf({ status: 500, code: "broken" }, 9), "set-aside");
});

test("a pause is never shorter than the server asked for, up to a minute", () => {
  assert.equal(pauseAfter({ status: 503, code: "", retryAfter: 20 }, 0, 0), 20_000);
  assert.equal(pauseAfter({ status: 503, code: "", retryAfter: 9_000 }, 0, 0), 60_000);
  assert.ok(pauseAfter({ status: 0, code: "" }, 3, 0.5) > pauseAfter({ status: 0, code: "" }, 0, 0.5));
});

test("a task waits for its steps, no step for its task, and numbers that begin alike are others", () => {
  assert.ok(waitsFor("turn/1", "turn/1/step/5"));
  assert.ok(!waitsFor("turn/1/step/5", "turn/1"), "the verdict a task lacks gets through to it");
  assert.ok(!waitsFor("turn/1/step/5", "turn/1/step/51"));
  assert.ok(!waitsFor("turn/1", "turn/12/step/5"));
});

test("what is set aside holds what came later about the same thing, and nothing else", () => {
  const entries = [entry(1, "turn/1/step/4"), entry(2, "turn/1/step/5", aside), entry(3, "turn/1/step/6"), entry(4, "turn/1/step/5"), entry(5, "turn/1"), entry(6, "turn/2")];
  assert.deepEqual(ids(goingOf(entries)), [1, 3, 6]);
});

test("giving up takes along what was said later of the very same thing", () => {
  const entries = [entry(1, "a"), entry(2, "b", aside), entry(3, "b"), entry(4, "b/c"), entry(5, "b")];
  assert.deepEqual(ids(chainOf(entries, entries[1])), [2, 3, 5]);
});

test("two rows that say the same leave nothing to choose", () => {
  const stored = { verdict: "bad", flagged: false, critique: "", reason: "", chosen: null, seconds: 3, at: "" };
  assert.ok(isSame({ verdict: "bad", client_uuid: "a" }, stored));
  assert.ok(!isSame({ verdict: "good", client_uuid: "a" }, stored));
  assert.ok(!isSame({ verdict: "bad", flagged: true, client_uuid: "a" }, stored));
});
