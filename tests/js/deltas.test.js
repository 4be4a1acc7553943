import assert from "node:assert/strict";
import { test } from "node:test";

import { Deltas } from "../../static/js/net/deltas.js";

/** A server that answers when told to, and a clock that goes on when told to. */
function desk({ busy = 0 } = {}) {
  const made = { asked: [], taken: [], failures: [], waits: [] };
  made.deltas = new Deltas({
    ask: () => new Promise((resolve, reject) => made.asked.push({ resolve, reject })),
    take: (answer) => (made.taken.push(answer), busy),
    failed: (error, isPassing) => made.failures.push([error.message, isPassing]),
    later: (act, ms) => made.waits.push({ act, ms }),
  });
  made.answer = async (value) => (made.asked.at(-1).resolve(value), await settled());
  made.refuse = async (isPassing) => (made.asked.at(-1).reject(Object.assign(new Error("no"), { isPassing })), await settled());
  made.rest = async () => (made.waits.shift().act(), await settled());
  return made;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("however much news comes, one request is under way, and one more behind it", async () => {
  const made = desk();
  for (let news = 0; news < 5; news++) made.deltas.told();
  assert.equal(made.asked.length, 1);
  await made.answer("first");
  await made.rest();
  assert.equal(made.asked.length, 2);
  await made.answer("second");
  await made.rest();
  assert.equal(made.asked.length, 2);
  assert.deepEqual(made.taken, ["first", "second"]);
});

test("what fails for now is asked again without new news, later and later", async () => {
  const made = desk();
  made.deltas.told();
  const waits = [];
  for (let attempt = 0; attempt < 6; attempt++) {
    await made.refuse(true);
    waits.push(made.waits[0].ms);
    await made.rest();
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 8000]);
  await made.answer("at last");
  assert.deepEqual(made.taken, ["at last"]);
  assert.deepEqual(made.failures[0], ["no", true]);
});

test("what is refused for good is asked again only when there is news", async () => {
  const made = desk();
  made.deltas.told();
  await made.refuse(false);
  await made.rest();
  assert.equal(made.asked.length, 1);
  made.deltas.told();
  assert.equal(made.asked.length, 2);
});

test("a page that is long busy with a delta rests in proportion before the next", async () => {
  const made = desk({ busy: 90 });
  made.deltas.told();
  await made.answer("great");
  assert.equal(made.waits[0].ms, 210);
  made.deltas.told();
  assert.equal(made.asked.length, 1);
  await made.rest();
  assert.equal(made.asked.length, 2);
});

test("after the end nothing is asked", async () => {
  const made = desk();
  made.deltas.told();
  made.deltas.told();
  made.deltas.end();
  await made.answer("last");
  await made.rest();
  made.deltas.told();
  assert.equal(made.asked.length, 1);
});
