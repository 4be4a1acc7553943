import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.localStorage ??= { getItem: () => null, setItem() {}, removeItem() {} };
const { TurnInHand } = await import("../../static/js/pages/label_parts/in_hand.js");
const { Shared } = await import("../../static/js/pages/label_parts/shared.js");

const step = (number, more = {}) => ({ number, parent: number - 1, depth: number, text: `step ${number}`, judge: true, prelabel: null, mine: null, chain: [], ...more });
const turnOf = (id, steps, run = 1) => ({ id, run, state: "open", finish: "", reason: "", progress: null, seconds: 0, steps, own_steps: [], queue: { mode: "every-step", unit: "solution" } });

/** A page on which turns of these steps are laid out, all before anything is said. */
function pageOf(...turns) {
  const shared = new Shared();
  const sent = [];
  const laidOut = turns.map((turn) => new TurnInHand(turn, (id, kind, body) => {
    sent.push(body);
    shared.tell(laidOut.find((one) => one.turn.id === id), body.number, body);
  }));
  for (const one of laidOut) shared.catchUp(one);
  return { shared, sent, laidOut };
}
const judge = (inHand, number, verdict) => inHand.judge(inHand.rows.get().find((row) => row.number === number), verdict);

test("a turn laid out ahead follows what was said meanwhile of the steps it shares", () => {
  const { shared, sent, laidOut: [first, ahead] } = pageOf(turnOf(7, [step(1), step(2)]), turnOf(8, [step(1), step(3)]));
  judge(first, 1, "bad");
  judge(first, 1, "good");
  shared.catchUp(ahead);
  assert.equal(ahead.rows.get()[0].verdict, "good");
  judge(ahead, 1, "neutral");
  assert.equal(sent[2].replaces, sent[1].client_uuid);
});

test("and the other way round, when the turn before is opened again", () => {
  const { shared, sent, laidOut: [first, second] } = pageOf(turnOf(7, [step(1)]), turnOf(8, [step(1)]));
  judge(first, 1, "bad");
  shared.catchUp(second);
  judge(second, 1, "good");
  shared.catchUp(first);
  judge(first, 1, "unsure");
  assert.equal(sent[2].replaces, sent[1].client_uuid);
});

test("what was said in another turn is not undone in this one", () => {
  const { shared, laidOut: [first, ahead] } = pageOf(turnOf(7, [step(1)]), turnOf(8, [step(1)]));
  judge(first, 1, "bad");
  shared.catchUp(ahead);
  assert.equal(ahead.undo(), null);
});

test("a step of the same number in another run is another step", () => {
  const { shared, laidOut: [first, ahead] } = pageOf(turnOf(7, [step(1)]), turnOf(8, [step(1)], 2));
  judge(first, 1, "bad");
  shared.catchUp(ahead);
  assert.equal(ahead.judging.of(1).client_uuid, "");
});

test("what an answer of the server's knows is not older than what was said here", () => {
  const { shared, sent, laidOut: [first] } = pageOf(turnOf(7, [step(1)]));
  judge(first, 1, "bad");
  const said = { client_uuid: sent[0].client_uuid, verdict: "bad", flagged: false, critique: "", chosen: null, at: "2026-11-22T10:00:00Z" };
  const newer = { ...said, client_uuid: "newer", verdict: "good" };
  const later = new TurnInHand(turnOf(8, [step(1, { mine: newer, chain: [said, newer] })]), () => {});
  shared.catchUp(later);
  assert.equal(later.judging.of(1).client_uuid, "newer");
});

test("what was refused and given up is told no more", () => {
  const { shared, sent, laidOut: [first, ahead] } = pageOf(turnOf(7, [step(1)]), turnOf(8, [step(1)]));
  judge(first, 1, "bad");
  shared.catchUp(ahead);
  const uuids = [sent[0].client_uuid];
  first.giveUp(1, uuids);
  shared.giveUp(first, 1, uuids);
  shared.catchUp(ahead);
  judge(ahead, 1, "good");
  assert.equal(sent[1].replaces, null);
});
