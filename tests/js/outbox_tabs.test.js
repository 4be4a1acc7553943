import assert from "node:assert/strict";
import { test } from "node:test";

import { FullStore, given, outboxOf, refusal, settled } from "./outboxes.js";

test("verdicts given at once when the browser has no room left are all sent, those it had kept before them first", async () => {
  let here = "";
  const store = new FullStore(2);
  const { outbox, stored } = outboxOf([refusal(401)], async () => here, store);
  await Promise.all([1, 2, 3, 4, 5].map((number) => outbox.add(given(`v${number}`, number))));
  await settled();
  assert.deepEqual([outbox.pending("").length, outbox.state.get().isKept], [5, false]);
  here = "7";
  await outbox.ask();
  await settled();
  assert.deepEqual(stored, ["v1", "v2", "v3", "v4", "v5"]);
  assert.deepEqual(store.kept, [], "what is stored is kept no longer, so that it is not sent again");
});

test("what another tab added and did not send before it closed is sent by this one", async () => {
  const store = new FullStore(9);
  const { outbox, stored } = outboxOf([], undefined, store);
  const entry = await store.add({ ...given("beside"), words: "", at: 0, tries: 0, refused: null });
  outbox.entries.apply({ kind: "added", entry });
  outbox.hear({ kind: "added", entry });
  await settled();
  assert.deepEqual([stored, store.kept], [["beside"], []]);
});

test("the verdict that a refused submission lacks gets past it", async () => {
  const { outbox, stored } = outboxOf([refusal(409, "not-finished")]);
  const ofTurn = (client_uuid, kind, key) => ({ path: `/turns/1/${kind}`, key, body: { client_uuid } });
  await outbox.add(ofTurn("submission", "state", "turn/1"));
  await settled();
  await outbox.add(ofTurn("lacking", "labels", "turn/1/step/3"));
  await settled();
  assert.deepEqual(stored, ["lacking"]);
});

test("the latest about a thing is known before the browser has written it", async () => {
  const { outbox } = outboxOf([refusal(0)]);
  const writing = [outbox.add(given("a")), outbox.add(given("b")), outbox.add(given("c", 2))];
  assert.equal(outbox.latest("step/1")?.body.client_uuid, "b");
  await Promise.all(writing);
  assert.equal(outbox.latest("step/1")?.body.client_uuid, "b");
  assert.equal(outbox.latest("step/3"), undefined);
});
