import assert from "node:assert/strict";
import { test } from "node:test";

import { Judging } from "../../static/js/lib/judging.js";

const step = (number, more = {}) => ({ number, parent: number - 1, depth: number, text: `step ${number}`, judge: true, prelabel: null, mine: null, chain: [], ...more });
const turnOf = (own_chain = [], ...steps) => ({ id: 7, state: "open", steps, own_steps: own_chain.slice(-1), own_chain, queue: { mode: "every-step", unit: "solution" } });
const own = (text, client_uuid, at) => ({ parent: 0, instead_of: 1, text, client_uuid, at });
const texts = (judging) => [...judging.own.values()].map(({ text }) => text);

test("undo takes a step of one's own back by a row of its own, and restores the earlier text", () => {
  const judging = new Judging(turnOf([], step(1)));
  judging.write(own("First.", "a"));
  judging.write(own("Second.", "b"));
  const earlier = judging.undoOwn();
  assert.deepEqual([earlier.parent, earlier.instead_of, earlier.text], [0, 1, "First."]);
  assert.ok(!["a", "b"].includes(earlier.client_uuid), "rows are only ever added");
  assert.equal(judging.undoOwn().text, "");
  assert.deepEqual(texts(judging), [""]);
  assert.equal(judging.undo(), null);
});

test("what was written and what was judged are undone in the order in which they were said", () => {
  const judging = new Judging(turnOf([], step(1)));
  judging.say([{ number: 1, verdict: "bad" }]);
  judging.write(own("So.", "a"));
  judging.say([{ number: 1, flagged: true }]);
  assert.equal(judging.undoOwn(), null);
  assert.equal(judging.undo()[0].flagged, false);
  assert.equal(judging.undoOwn().text, "");
  assert.equal(judging.undo()[0].verdict, "");
});

test("after a reload a step of one's own is undone among the verdicts", () => {
  const said = { client_uuid: "v", verdict: "bad", flagged: false, critique: "", chosen: null, at: "2026-11-22T10:00:01Z" };
  const chain = [own("First.", "a", "2026-11-22T10:00:00Z"), own("Second.", "b", "2026-11-22T10:00:02Z")];
  const judging = new Judging(turnOf(chain, step(1, { mine: said, chain: [said] })));
  assert.equal(judging.undoOwn().text, "First.");
  assert.equal(judging.undo()[0].verdict, "");
  assert.equal(judging.undoOwn().text, "");
});

test("after a reload what was undone before it is not undone again", () => {
  const times = ["2026-11-22T10:00:00Z", "2026-11-22T10:00:01Z", "2026-11-22T10:00:02Z"];
  const judging = new Judging(turnOf([own("First.", "a", times[0]), own("Second.", "b", times[1]), own("First.", "c", times[2])], step(1)));
  assert.deepEqual(texts(judging), ["First."]);
  assert.equal(judging.undoOwn().text, "");
});

test("after a reload what was said in another turn stands, and is not undone in this one", () => {
  const [at, later] = ["2026-11-22T10:00:00Z", "2026-11-22T10:00:01Z"];
  const said = { client_uuid: "v", verdict: "bad", flagged: false, critique: "", chosen: null, at, turn: 6 };
  const here = { ...said, client_uuid: "w", verdict: "good", at: later, turn: 7 };
  const judging = new Judging(turnOf([{ ...own("Theirs.", "a", at), turn: 6 }], step(1, { mine: here, chain: [said, here] })));
  assert.deepEqual([texts(judging), judging.of(1).verdict], [["Theirs."], "good"]);
  assert.equal(judging.undoOwn(), null);
  assert.equal(judging.undo()[0].verdict, "bad");
  assert.equal(judging.undo(), null);
});

test("levels that come later bring no step of one's own a second time", () => {
  const judging = new Judging(turnOf([], step(1)));
  judging.write(own("So.", "a"));
  judging.learn({ ...turnOf([own("So.", "a", "2026-11-22T10:00:00Z")]), steps: [step(2)] });
  assert.equal(judging.past.length, 1);
});

test("a step that was written in another tab stands here, and is taken once", () => {
  const judging = new Judging(turnOf([], step(1)));
  judging.takeOwn(own("Theirs.", "a"));
  judging.takeOwn(own("Theirs.", "a"));
  assert.deepEqual([texts(judging), judging.past.length], [["Theirs."], 1]);
});
