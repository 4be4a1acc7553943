import assert from "node:assert/strict";
import { test } from "node:test";

import { FullStore, given, other, outboxOf, refusal, settled } from "./outboxes.js";

test("what is said is stored in the order it was said", async () => {
  const { outbox, stored } = outboxOf([]);
  for (const [at, uuid] of ["a", "b", "c"].entries()) void outbox.add(given(uuid, at + 1));
  assert.equal(outbox.state.get().line, "saving");
  await settled();
  assert.deepEqual(stored, ["a", "b", "c"]);
  assert.deepEqual(outbox.pending(""), []);
  assert.equal(outbox.state.get().line, "saved");
});

test("one that may pass holds those behind it, and is sent again with the same uuid", async () => {
  const { outbox, sent, stored } = outboxOf([refusal(0)]);
  await outbox.add(given("a"));
  await outbox.add(given("b", 2));
  await settled();
  assert.deepEqual([outbox.state.get().line, outbox.state.get().waiting], ["offline", 2]);
  outbox.goOn();
  await settled();
  assert.deepEqual(sent, ["a", "a", "b"]);
  assert.deepEqual(stored, ["a", "b"]);
});

test("what is refused is kept with its sentence, and holds only its own step", async () => {
  const { outbox, stored } = outboxOf([refusal(403)]);
  for (const one of [given("a"), given("b", 2), given("c")]) await outbox.add(one);
  await settled();
  assert.deepEqual(stored, ["b"]);
  assert.equal(outbox.state.get().refused, 1);
  assert.deepEqual(outbox.pending("/steps/1/").map(({ refused }) => refused?.message), ["no", undefined]);
  await outbox.retry();
  await settled();
  assert.deepEqual(stored, ["b", "a", "c"]);
});

test("of two tabs' verdicts the person's choice follows the stored one", async () => {
  const { outbox, stored } = outboxOf([refusal(412, "other-tab", { answer: { theirs: other } })]);
  await outbox.add(given("a", 1, { replaces: null }));
  await settled();
  const [waiting] = outbox.pending("");
  assert.deepEqual(waiting.refused.theirs, other);
  await outbox.retry();
  await settled();
  assert.deepEqual(stored, [], "trying again is no choice");
  await outbox.resolve(waiting.id, { ...waiting.body, replaces: "theirs" });
  await settled();
  assert.deepEqual(stored, ["a"]);
});

test("taking the other's verdict gives up one's own and what followed it", async () => {
  const { outbox, stored } = outboxOf([refusal(412, "other-tab", { answer: { theirs: other } })]);
  const dropped = [];
  outbox.onDropped((entries, theirs) => dropped.push(...entries.map(({ body }) => body.client_uuid), theirs.client_uuid));
  await outbox.add(given("a"));
  await outbox.add(given("b"));
  await settled();
  await outbox.resolve(outbox.pending("")[0].id, null);
  await settled();
  assert.deepEqual([dropped, stored, outbox.pending("")], [["a", "b", "theirs"], [], []]);
});

test("where both tabs said the same nobody is asked", async () => {
  const { outbox, sent, stored } = outboxOf([refusal(412, "other-tab", { answer: { theirs: { ...other, verdict: "good" } } })]);
  await outbox.add(given("a", 1, { replaces: null }));
  await settled();
  assert.deepEqual([sent, stored], [["a", "a"], ["a"]]);
});

test("nothing is sent while the session is over, and all of it once the person is back", async () => {
  let here = "";
  const { outbox, sent, stored } = outboxOf([refusal(401)], async () => here);
  await outbox.add(given("a"));
  await settled();
  await outbox.add(given("b", 2));
  await outbox.ask();
  await settled();
  assert.deepEqual([outbox.state.get().line, sent], ["signed-out", ["a"]]);
  here = "7";
  await outbox.ask();
  await settled();
  assert.deepEqual(stored, ["a", "b"]);
});

test("nothing is sent in the name of somebody else who has signed in", async () => {
  const { outbox, sent } = outboxOf([refusal(403, "csrf")], async () => "8");
  await outbox.add(given("a"));
  await settled();
  outbox.goOn();
  await settled();
  assert.deepEqual([outbox.state.get().line, sent, outbox.pending("").length], ["somebody-else", ["a"], 1]);
});

test("a page without a store of its own says that it must stay open", async () => {
  const { outbox } = outboxOf([refusal(503)]);
  await outbox.add(given("a"));
  await settled();
  assert.deepEqual([outbox.state.get().isKept, outbox.state.get().line], [false, "again"]);
});

test("behind a closing page goes the next one alone, so that the order is kept, and the rest is kept for the next page", async () => {
  const { outbox, sent } = outboxOf([refusal(503)], undefined, new FullStore());
  await outbox.add(given("a"));
  await outbox.add(given("b", 2));
  await settled();
  outbox.leave();
  assert.deepEqual(sent, ["a", "a"]);
});

test("behind a closing page goes also what is still being written, where nothing comes before it", async () => {
  const store = new FullStore();
  store.add = () => new Promise(() => {});
  const { outbox, sent } = outboxOf([], undefined, store);
  void outbox.add(given("a"));
  void outbox.add(given("b", 2));
  outbox.leave();
  assert.deepEqual(sent, ["a"]);
});

test("behind a closing page that keeps nothing goes all there is", async () => {
  const { outbox, sent } = outboxOf([refusal(503)]);
  await outbox.add(given("a"));
  await outbox.add(given("b", 2));
  await settled();
  outbox.leave();
  assert.deepEqual(sent, ["a", "a", "b"]);
});
