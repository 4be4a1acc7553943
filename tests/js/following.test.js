import assert from "node:assert/strict";
import { test } from "node:test";

import { given as aVerdict, other, outboxOf, refusal, settled } from "./outboxes.js";

globalThis.localStorage ??= { getItem: () => null, setItem() {}, removeItem() {} };
const { Ends } = await import("../../static/js/pages/label_parts/ends.js");
const { Following } = await import("../../static/js/pages/label_parts/following.js");
const { Shared } = await import("../../static/js/pages/label_parts/shared.js");
const { TurnInHand } = await import("../../static/js/pages/label_parts/in_hand.js");

const TURNS = "/turns/";
const step = (number, more = {}) => ({ number, parent: number - 1, depth: number, text: `step ${number}`, judge: true, prelabel: null, mine: null, chain: [], ...more });
const turnOf = (...steps) => ({ id: 7, state: "open", finish: "", reason: "", progress: null, seconds: 0, steps, own_steps: [], queue: { mode: "every-step", unit: "solution" } });
const labels = (client_uuid, more = {}) => ({ ...aVerdict(client_uuid), path: "/turns/7/labels", key: "turn/7/step/1", body: { number: 1, client_uuid, verdict: "good", ...more } });
const ends = (client_uuid, state) => ({ path: "/turns/7/state", key: "turn/7", words: `Task 7: ${state}`, body: { client_uuid, state } });

/** A page whose turn is laid out from an answer of the server's once it is told to. */
function pageOf(answers, turn = turnOf(step(1), step(2))) {
  const { outbox, stored } = outboxOf(answers);
  const page = { inHand: /** @type {any} */ (undefined), said: [] };
  const following = new Following(outbox, TURNS, { inHandOf: () => page.inHand, shared: new Shared(), changed() {}, say: (words) => page.said.push(words) });
  const entryOf = (kind, body) => {
    if (kind === "labels") return { ...labels(body.client_uuid, body), key: `turn/7/step/${body.number}` };
    return kind === "state" ? ends(body.client_uuid, body.state) : { path: `/turns/7/${kind}`, key: `turn/7/${kind}`, body };
  };
  const send = (_turn, kind, body) => void outbox.add(entryOf(kind, body));
  const layOut = () => {
    const inHand = new TurnInHand(turn, send);
    following.replay(inHand);
    page.inHand = inHand;
  };
  return { outbox, stored, page, layOut };
}

const shown = ({ inHand }) => inHand.judging.of(1).verdict;

test("a verdict that is stored while its turn is on its way stands, though the answer does not know it", async () => {
  const { outbox, stored, page, layOut } = pageOf([]);
  await outbox.add(labels("a"));
  await settled();
  assert.deepEqual(stored, ["a"]);
  layOut();
  assert.equal(shown(page), "good");
  assert.equal(page.inHand.judging.past.length, 1);
});

test("what the answer knows already is not said twice", async () => {
  const row = { ...other, verdict: "good", client_uuid: "a" };
  const { outbox, page, layOut } = pageOf([], turnOf(step(1, { mine: { ...row, client_uuid: "b", verdict: "bad" }, chain: [row, { ...row, client_uuid: "b", verdict: "bad" }] })));
  await outbox.add(labels("a"));
  await settled();
  layOut();
  assert.equal(shown(page), "bad");
});

test("of two tabs the later word stays shown when the earlier one is stored", async () => {
  const { outbox, page, layOut } = pageOf([refusal(0)]);
  layOut();
  const entry = { ...labels("theirs", { verdict: "bad" }), id: 2 ** 40, words: "", at: 0, tries: 0, refused: null };
  outbox.entries.apply({ kind: "added", entry });
  outbox.hear({ kind: "added", entry });
  assert.equal(shown(page), "bad");
  page.inHand.judge(page.inHand.row, "neutral");
  outbox.entries.apply({ kind: "stored", entry, answer: null });
  outbox.hear({ kind: "stored", entry, answer: null });
  await settled();
  assert.equal(shown(page), "neutral");
});

test("a task that was not taken is open again, and says why", async () => {
  const { page, layOut } = pageOf([refusal(409, "not-finished")]);
  layOut();
  page.inHand.submit();
  assert.equal(page.inHand.isOpen, false);
  await settled();
  assert.equal(page.inHand.isOpen, true);
  assert.deepEqual(page.said, ["Task 7: submitted: no"]);
  layOut();
  assert.equal(page.inHand.isOpen, true, "also when it is laid out anew");
});

test("a verdict that was refused and given up leaves what stood before it", async () => {
  const row = { ...other, verdict: "unsure", client_uuid: "before" };
  const { outbox, page, layOut } = pageOf([refusal(400)], turnOf(step(1, { mine: row, chain: [row] })));
  layOut();
  page.inHand.judge(page.inHand.rows.get()[0], "good");
  page.inHand.judge(page.inHand.rows.get()[0], "bad");
  await settled();
  await outbox.resolve(outbox.pending("")[0].id, null);
  assert.deepEqual([shown(page), page.inHand.judging.of(1).client_uuid], ["unsure", "before"]);
  assert.deepEqual(outbox.pending(""), []);
});

test("a step of one's own that was refused and given up leaves the text that stood before it", async () => {
  const before = { parent: 0, instead_of: 1, text: "Before.", client_uuid: "before", at: "2026-11-22T12:00:00Z" };
  const { outbox, page, layOut } = pageOf([refusal(400)], { ...turnOf(step(1)), own_steps: [before], own_chain: [before] });
  layOut();
  for (const text of ["Refused.", "Behind it."]) page.inHand.writeOwnStep({ parent: 0, instead_of: 1, text, client_uuid: text });
  await settled();
  const texts = () => page.inHand.rows.get().filter(({ kind }) => kind === "own").map(({ text }) => text);
  assert.deepEqual(texts(), ["Behind it."]);
  await outbox.resolve(outbox.pending("")[0].id, null);
  assert.deepEqual(texts(), ["Before."]);
  layOut();
  assert.deepEqual(texts(), ["Before."], "also when it is laid out anew");
  assert.equal(page.inHand.judging.undoOwn().text, "", "and what came to nothing is not there to be undone");
});

test("a critique, and what was said of another's, that were refused and given up are shown no more", async () => {
  const { outbox, page, layOut } = pageOf([refusal(400), refusal(400)], turnOf(step(1)));
  layOut();
  page.inHand.say([{ number: 1, critique: "Why." }]);
  page.inHand.say([{ number: -5, verdict: "good" }]);
  await settled();
  for (const { id } of outbox.pending("")) await outbox.resolve(id, null);
  assert.deepEqual([page.inHand.rows.get()[0].critique, page.inHand.judging.of(-5).verdict], ["", ""]);
  assert.equal(page.inHand.undo(), null);
});

test("nobody waits for the end of a task that waits for the person", async () => {
  const { outbox } = outboxOf([refusal(412, "other-tab", { answer: { theirs: other } })]);
  const over = new Ends(outbox, TURNS);
  over.begin(7, true);
  await outbox.add(labels("a", { verdict: "good" }));
  await outbox.add(ends("end", "submitted"));
  let isKnown = false;
  void over.known().then(() => (isKnown = true));
  await settled();
  assert.equal(isKnown, true);
  assert.deepEqual([...over.ids], [7], "it is not given out again either");
});
