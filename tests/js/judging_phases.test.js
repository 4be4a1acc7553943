import assert from "node:assert/strict";
import { test } from "node:test";

import { Judging } from "../../static/js/lib/judging.js";
import { awaitsChoice, choiceOf, finishOfLevels, levelsOf, notToChoose } from "../../static/js/lib/judging_phases.js";
import { NO_ENDING, nextWanted } from "../../static/js/lib/rows_to_judge.js";
import { phaseOne } from "../../static/js/pages/label_parts/modes/phase_one.js";
import { phaseTwo } from "../../static/js/pages/label_parts/modes/phase_two.js";
import { sayAll, step, turnOf } from "./turns.js";

/** @typedef {import("../../static/js/lib/judging.js").Turn} Turn */

/** Two levels: 1, 2, 3 below the question, 4 below 2. */
function tree() {
  return turnOf({ levels: [{ parent: 0, steps: [step(1, 0), step(2, 0), step(3, 0)] }, { parent: 2, steps: [step(4, 2)] }, { parent: 4, steps: [] }] });
}

/** @param {Turn} turn @param {Judging} judging @param {number} number */
function choose(turn, judging, number) {
  const level = levelsOf(turn, judging.said).levels.find(({ steps }) => steps.some((one) => one.number === number));
  assert.ok(level);
  return judging.say(choiceOf(level, number, judging.said));
}

test("a level is shown once its parent is chosen, and its choice taken back folds it again", () => {
  const turn = tree();
  const judging = new Judging(turn);
  const parents = () => levelsOf(turn, judging.said).levels.map(({ parent }) => parent);
  assert.deepEqual(parents(), [0]);
  sayAll(judging, { 1: "bad", 2: "good", 3: "neutral" });
  choose(turn, judging, 2);
  assert.deepEqual(parents(), [0, 2]);
  judging.undo();
  assert.deepEqual(parents(), [0]);
});

test("a choice tells every judged alternative whether it was taken, and is one thing to undo", () => {
  const turn = tree();
  const judging = new Judging(turn);
  sayAll(judging, { 1: "bad", 2: "good" });
  const rows = choose(turn, judging, 2);
  assert.deepEqual(rows.map(({ number, chosen, verdict }) => [number, chosen, verdict]), [[1, false, "bad"], [2, true, "good"]]);
  assert.deepEqual(judging.undo()?.map(({ number, chosen }) => [number, chosen]), [[1, null], [2, null]]);
});

test("nothing that was not judged, or is called bad, can be chosen", () => {
  const judging = new Judging(tree());
  sayAll(judging, { 1: "bad", 2: "neutral" });
  assert.match(notToChoose(step(1, 0), judging.said), /bad/);
  assert.equal(notToChoose(step(2, 0), judging.said), "");
  assert.match(notToChoose(step(3, 0), judging.said), /Judge it first/);
});

test("a chosen step that is called bad after all is chosen no longer", () => {
  const turn = tree();
  const judging = new Judging(turn);
  sayAll(judging, { 1: "bad", 2: "good", 3: "bad" });
  choose(turn, judging, 2);
  const rows = phaseOne.rowsOf(turn, judging.said, NO_ENDING);
  const row = rows.find(({ number }) => number === 2);
  assert.ok(row?.chosen);
  judging.say(phaseOne.judge(row, "bad", rows).changes);
  assert.equal(levelsOf(turn, judging.said).levels.length, 1);
});

test("phase one wants every alternative, then a choice where one is good, then what follows it", () => {
  const turn = tree();
  turn.levels = turn.levels?.slice(0, 1);
  const judging = new Judging(turn);
  const missing = () => phaseOne.missing(turn, judging.said, NO_ENDING);
  assert.deepEqual(missing(), ["step-1", "step-2", "step-3"]);
  sayAll(judging, { 1: "bad", 2: "good", 3: "bad" });
  assert.deepEqual(missing(), ["end"]);
  choose(turn, judging, 2);
  assert.equal(levelsOf(turn, judging.said).unknown, 2);
  assert.deepEqual(missing(), ["end"]);
  turn.levels?.push({ parent: 2, steps: [] });
  assert.deepEqual(missing(), []);
  assert.equal(phaseOne.endingOf(turn, judging.said, NO_ENDING).finish, "solution");
});

test("phase one ends with an error where nothing is good and nothing was written, and with a solution where something was", () => {
  const turn = turnOf({ levels: [{ parent: 0, steps: [step(1, 0)] }] });
  const judging = new Judging(turn);
  sayAll(judging, { 1: "bad" });
  assert.deepEqual(phaseOne.missing(turn, judging.said, NO_ENDING), []);
  assert.equal(phaseOne.endingOf(turn, judging.said, NO_ENDING).finish, "found_error");
  turn.own_steps = [{ parent: 0, instead_of: null, text: "Better", client_uuid: "u" }];
  const [level] = levelsOf(turn, judging.said).levels;
  assert.equal(finishOfLevels(level), "solution");
  assert.equal(awaitsChoice(level, judging.said), false);
  assert.ok(phaseOne.rowsOf(turn, judging.said, NO_ENDING).some(({ kind, text }) => kind === "own" && text === "Better"));
});

/** Three steps; beside the second stand two others. */
function solution() {
  return turnOf({ steps: [step(1, 0), step(2, 1, { alternatives: [step(7, 1), step(8, 1)] }), step(3, 2)] });
}

test("phase two wants every step up to the first bad one, and then how far it got", () => {
  const turn = solution();
  const judging = new Judging(turn);
  assert.deepEqual(phaseTwo.missing(turn, judging.said, NO_ENDING), ["step-1", "step-2", "step-3"]);
  sayAll(judging, { 1: "good", 2: "bad" });
  assert.deepEqual(phaseTwo.missing(turn, judging.said, NO_ENDING), ["progress"]);
  assert.deepEqual(phaseTwo.missing(turn, judging.said, { ...NO_ENDING, progress: 0 }), []);
  assert.deepEqual(phaseTwo.endingOf(turn, judging.said, { ...NO_ENDING, progress: 1 }), { finish: "found_error", reason: "", progress: 1 });
});

test("a first error that is corrected asks for the steps after it, and sends no progress", () => {
  const turn = solution();
  const judging = new Judging(turn);
  sayAll(judging, { 1: "good", 2: "bad" });
  sayAll(judging, { 2: "neutral" });
  assert.deepEqual(phaseTwo.missing(turn, judging.said, { ...NO_ENDING, progress: 2 }), ["step-3"]);
  sayAll(judging, { 3: "good" });
  assert.deepEqual(phaseTwo.endingOf(turn, judging.said, { ...NO_ENDING, progress: 2 }), { finish: "solution", reason: "", progress: null });
});

test("after the first bad step come progress, critiques and alternatives, and what follows it cannot be judged", () => {
  const turn = solution();
  turn.critiques = [{ number: 2, label: 40, text: "No." }];
  const judging = new Judging(turn);
  sayAll(judging, { 1: "good", 2: "bad" });
  const rows = phaseTwo.rowsOf(turn, judging.said, NO_ENDING);
  assert.deepEqual(rows.map(({ key }) => key), ["step-1", "step-2", "progress", "critique-40", "step-7", "step-8", "step-3"]);
  assert.deepEqual(rows.at(-1)?.choices, []);
  assert.equal(nextWanted(rows, "step-2"), "progress");
  assert.equal(nextWanted(rows, "progress"), "critique-40");
  assert.equal(nextWanted(rows, "step-8"), "progress");
});

test("progress is told by the keys of verdicts, and of a critique stands at minus its label", () => {
  const turn = solution();
  turn.critiques = [{ number: 2, label: 40, text: "No." }];
  const judging = new Judging(turn);
  sayAll(judging, { 1: "good", 2: "bad" });
  const rows = phaseTwo.rowsOf(turn, judging.said, NO_ENDING);
  const of = (/** @type {string} */ key) => /** @type {import("../../static/js/lib/rows_to_judge.js").Row} */ (rows.find((row) => row.key === key));
  assert.deepEqual(phaseTwo.judge(of("progress"), "good", rows), { changes: [], ending: { progress: 2 } });
  const { changes } = phaseTwo.judge(of("critique-40"), "bad", rows);
  assert.deepEqual(changes, [{ number: -40, verdict: "bad" }]);
  judging.say(changes);
  assert.equal(phaseTwo.rowsOf(turn, judging.said, NO_ENDING)[3].verdict, "bad");
});
