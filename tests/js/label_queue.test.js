import assert from "node:assert/strict";
import { test } from "node:test";

import { LabelQueue } from "../../static/js/net/label_queue.js";

class Answered extends Error {
  constructor(message, isPassing) {
    super(message);
    this.isPassing = isPassing;
  }
}

/** A queue whose server answers as told, and whose waiting is done by hand. */
function queueOf(answers) {
  const sent = [];
  const stored = [];
  const waits = [];
  const states = [];
  const queue = new LabelQueue({
    send: async (given) => {
      sent.push(given.client_uuid);
      const answer = answers.shift() ?? "stored";
      if (answer instanceof Error) throw answer;
      return answer;
    },
    stored: (given) => stored.push(given.client_uuid),
    failed: () => {},
    changed: (state) => states.push(state),
    later: (run, ms) => waits.push({ run, ms }),
  });
  return { queue, sent, stored, waits, states };
}

const verdict = (client_uuid, number = 1) => ({ number, verdict: "good", client_uuid, scores_in_view: false, seconds: null, reason: "" });
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("verdicts are stored in the order given", async () => {
  const { queue, stored } = queueOf([]);
  for (const name of ["a", "b", "c"]) queue.add(verdict(name));
  await settled();
  assert.deepEqual(stored, ["a", "b", "c"]);
  assert.equal(queue.isUnsaved, false);
});

test("a passing failure is tried again with the same verdict, and holds those behind it", async () => {
  const { queue, sent, stored, waits } = queueOf([new Answered("gone", true)]);
  queue.add(verdict("a"));
  await settled();
  assert.deepEqual(stored, []);
  assert.equal(queue.isUnsaved, true);
  queue.waiting.push(verdict("b"));
  waits[0].run();
  await settled();
  assert.deepEqual(sent, ["a", "a", "b"]);
  assert.deepEqual(stored, ["a", "b"]);
});

test("waits grow while the server stays away", async () => {
  const { queue, waits } = queueOf([1, 2, 3].map(() => new Answered("gone", true)));
  queue.add(verdict("a"));
  await settled();
  waits[0].run();
  await settled();
  waits[1].run();
  await settled();
  assert.ok(waits[0].ms < waits[1].ms && waits[1].ms < waits[2].ms);
});

test("what the server refuses is kept with its sentence and holds nobody", async () => {
  const { queue, stored, states } = queueOf([new Answered("not allowed", false)]);
  queue.add(verdict("a", 1));
  queue.add(verdict("b", 2));
  await settled();
  assert.deepEqual(stored, ["b"]);
  assert.equal(queue.isUnsaved, true);
  assert.ok(states.some(({ refused, message }) => refused === 1 && message === "not allowed"));
  queue.retry();
  await settled();
  assert.deepEqual(stored, ["b", "a"]);
  assert.equal(queue.isUnsaved, false);
});

test("an older refused verdict is not put on top of a newer one on the same step", async () => {
  const { queue, stored } = queueOf([new Answered("not allowed", false)]);
  queue.add(verdict("older", 1));
  queue.add(verdict("newer", 1));
  await settled();
  queue.retry();
  await settled();
  assert.deepEqual(stored, ["newer"]);
});
