import assert from "node:assert/strict";
import { test } from "node:test";

import { Judging } from "../../static/js/lib/judging.js";
import { NO_ENDING } from "../../static/js/lib/rows_to_judge.js";
import { sayAll, step, turnOf } from "./turns.js";

/** @typedef {import("../../static/js/lib/format.js").Verdict} Verdict */

/** @param {string} uuid @param {Verdict} verdict @param {number} second @param {number} [turn] */
function rating(uuid, verdict, second, turn = 1) {
  return { verdict, client_uuid: uuid, at: `2026-11-01T10:00:0${second}Z`, turn };
}

test("what was said of critiques in this turn is undone at its time, whenever this page learns of it", () => {
  const mine = (/** @type {string} */ uuid, /** @type {number} */ second) => ({ verdict: /** @type {const} */ ("bad"), client_uuid: uuid, flagged: false, critique: "", chosen: null, at: `2026-11-01T10:00:0${second}Z`, turn: 1 });
  const turn = turnOf({ steps: [step(1, 0, { chain: [mine("one", 1)] }), step(2, 1, { chain: [mine("two", 5)] })] });
  const judging = new Judging(turn);
  sayAll(judging, { 3: "good" });
  judging.learnRatings([{ label: 40, chain: [rating("else", "neutral", 0, 9), rating("a", "good", 2), rating("b", "bad", 6)] }, { label: 41, chain: [] }], 1);
  assert.equal(judging.of(-40).verdict, "bad");
  const undone = [];
  for (let bodies = judging.undo(); bodies; bodies = judging.undo()) undone.push(...bodies.map(({ number, verdict }) => [number, verdict]));
  assert.deepEqual(undone, [[3, ""], [-40, "good"], [2, ""], [-40, "neutral"], [1, ""]]);
});

test("what was said of a critique before it was known follows what was stored of it, each row once", () => {
  const fresh = () => new Judging(turnOf({ steps: [step(1, 0)] }));
  const undone = (/** @type {Judging} */ judging) => {
    const found = [];
    for (let bodies = judging.undo(); bodies; bodies = judging.undo()) found.push(...bodies.map(({ verdict }) => verdict));
    return found;
  };
  const waiting = fresh();
  waiting.take(-40, { verdict: "bad", client_uuid: "waiting" });
  waiting.learnRatings([{ label: 40, chain: [rating("a", "good", 2), rating("waiting", "bad", 3)] }], 1);
  assert.equal(waiting.of(-40).verdict, "bad");
  assert.deepEqual(undone(waiting), ["good", ""]);
  for (const stored of [[], ["w1"], ["w1", "w2"]]) {
    const takenBack = fresh();
    takenBack.take(-40, { verdict: "bad", client_uuid: "w1" });
    takenBack.take(-40, { verdict: "", client_uuid: "w2" });
    const chain = stored.map((uuid, at) => rating(uuid, uuid === "w1" ? "bad" : "", at));
    takenBack.learnRatings([{ label: 40, chain }], 1);
    assert.deepEqual([takenBack.of(-40).verdict, undone(takenBack)], ["", []], `stored: ${stored}`);
  }
  const twice = fresh();
  twice.take(-40, { verdict: "bad", client_uuid: "w1" });
  twice.take(-40, { verdict: "good", client_uuid: "w2" });
  twice.learnRatings([{ label: 40, chain: [rating("a", "good", 1), rating("w1", "bad", 2), rating("w2", "good", 3)] }], 1);
  assert.deepEqual([twice.of(-40).verdict, undone(twice)], ["good", [""]]);
});

test("an ending is undone in its order, with the change it came with, whatever is learned before or given up", () => {
  const judging = new Judging(turnOf({ steps: [step(1, 0), step(2, 1)] }));
  const ending = (/** @type {string} */ finish) => ({ ...NO_ENDING, finish: /** @type {any} */ (finish) });
  judging.end(ending("first"), true);
  judging.learnRatings([{ label: 40, chain: [rating("a", "good", 2)] }], 1);
  assert.deepEqual(judging.undoEnd(), { before: ending("first"), isAlone: true });
  assert.deepEqual([judging.undoEnd(), judging.undo()?.map(({ number }) => number)], [null, [-40]]);
  const [bad] = judging.say([{ number: 1, verdict: "bad" }]);
  judging.end(ending("second"), false);
  judging.say([{ number: 2, flagged: true }]);
  judging.giveUp(1, [bad.client_uuid]);
  assert.deepEqual([judging.undoEnd(), judging.undo()?.map(({ number }) => number)], [null, [2]]);
  assert.deepEqual([judging.undoEnd(), judging.undo()], [{ before: ending("second"), isAlone: true }, null]);
  judging.say([{ number: 1, verdict: "good" }]);
  judging.end(ending("third"), false);
  assert.deepEqual([judging.undoEnd(), judging.undo()?.map(({ number }) => number)], [{ before: ending("third"), isAlone: false }, [1]]);
});

test("what was said of alternatives stands at its time among the rest, also where they are learned late", () => {
  const said = (/** @type {string} */ uuid, /** @type {number} */ second) => ({ ...rating(uuid, "bad", second), flagged: false, critique: "", chosen: null });
  const judging = new Judging(turnOf({ steps: [step(1, 0, { chain: [said("one", 1)] }), step(2, 1, { chain: [said("two", 5)] })] }));
  judging.learn(turnOf({ steps: [step(11, 0, { chain: [said("other", 3)] })] }));
  judging.learnRatings([{ label: 40, chain: [rating("a", "good", 2)] }], 1);
  assert.deepEqual([1, 2, 3, 4].map(() => judging.undo()?.map(({ number }) => number)), [[2], [11], [-40], [1]]);
});

test("what was said of alternatives that come later is older than all that was said here", () => {
  const judging = new Judging(turnOf({ steps: [step(1, 0)] }));
  sayAll(judging, { 1: "good" });
  const mine = { verdict: /** @type {const} */ ("bad"), client_uuid: "old", reason: "", flagged: false, critique: "", chosen: null, seconds: null };
  judging.learn(turnOf({ steps: [step(9, 0, { mine, chain: [mine] })] }));
  assert.equal(judging.of(9).verdict, "bad");
  assert.deepEqual(judging.undo()?.map(({ number }) => number), [1]);
  assert.deepEqual(judging.undo()?.map(({ number, verdict, replaces }) => [number, verdict, replaces]), [[9, "", "old"]]);
});
