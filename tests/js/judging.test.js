import assert from "node:assert/strict";
import { test } from "node:test";

import { Judging } from "../../static/js/lib/judging.js";
import { besideRow, nextWanted, NO_ENDING, spoken } from "../../static/js/lib/rows_to_judge.js";
import { everyStep } from "../../static/js/pages/label_parts/modes/every_step.js";
import { firstError } from "../../static/js/pages/label_parts/modes/first_error.js";

const step = (number, more = {}) => ({ number, parent: number - 1, depth: number, text: `step ${number}`, judge: true, prelabel: null, mine: null, chain: [], ...more });
const turnOf = (...steps) => ({ id: 7, state: "open", steps, own_steps: [], queue: { mode: "every-step", unit: "solution" } });
const row = (client_uuid, verdict, at) => ({ client_uuid, verdict, flagged: false, critique: "", chosen: null, at });
const verdicts = (judging) => Object.fromEntries([...judging.said].map(([number, { verdict }]) => [number, verdict]));

test("each row follows the one before it, and the first follows none", () => {
  const judging = new Judging(turnOf(step(1)));
  const [first] = judging.say([{ number: 1, verdict: "bad" }]);
  const [second] = judging.say([{ number: 1, verdict: "good" }]);
  assert.equal(first.replaces, null);
  assert.equal(second.replaces, first.client_uuid);
});

test("what changes nothing is neither sent nor to be undone", () => {
  const judging = new Judging(turnOf(step(1)));
  judging.say([{ number: 1, verdict: "bad" }]);
  assert.deepEqual(judging.say([{ number: 1, verdict: "bad" }]), []);
  assert.equal(judging.past.length, 1);
});

test("undo restores verdict, flag and critique, one change at a time, to the very beginning", () => {
  const judging = new Judging(turnOf(step(1), step(2)));
  judging.say([{ number: 1, verdict: "bad" }]);
  judging.say([{ number: 1, flagged: true, critique: "why" }]);
  judging.say([{ number: 2, verdict: "good" }]);
  judging.undo();
  assert.deepEqual(verdicts(judging), { 1: "bad", 2: "" });
  const [back] = judging.undo();
  assert.deepEqual([back.verdict, back.flagged, back.critique], ["bad", false, ""]);
  judging.undo();
  assert.deepEqual(verdicts(judging), { 1: "", 2: "" });
  assert.equal(judging.undo(), null);
});

test("several steps that change at once are undone at once", () => {
  const judging = new Judging(turnOf(step(1), step(2)));
  judging.say([{ number: 1, verdict: "bad" }]);
  judging.say([{ number: 1, verdict: "" }, { number: 2, verdict: "bad" }]);
  assert.equal(judging.undo().length, 2);
  assert.deepEqual(verdicts(judging), { 1: "bad", 2: "" });
});

test("after a reload undo goes on in the order in which things were said", () => {
  const judging = new Judging(
    turnOf(
      step(1, { mine: row("c", "good"), chain: [row("a", "bad", "2026-11-22T10:00:00Z"), row("c", "good", "2026-11-22T10:00:02Z")] }),
      step(2, { mine: row("b", "unsure"), chain: [row("b", "unsure", "2026-11-22T10:00:01Z")] }),
    ),
  );
  const [first] = judging.undo();
  assert.deepEqual([first.number, first.verdict, first.replaces], [1, "bad", "c"]);
  judging.undo();
  assert.deepEqual(verdicts(judging), { 1: "bad", 2: "" });
  judging.undo();
  assert.deepEqual(verdicts(judging), { 1: "", 2: "" });
});

test("what was undone before a reload is not undone again", () => {
  const chain = [row("a", "bad", "2026-11-22T10:00:00Z"), row("b", "good", "2026-11-22T10:00:01Z"), row("c", "bad", "2026-11-22T10:00:02Z")];
  const judging = new Judging(turnOf(step(1, { mine: row("c", "bad"), chain })));
  judging.undo();
  assert.deepEqual(verdicts(judging), { 1: "" });
});

test("a verdict that was taken back is nothing, but the next one follows it", () => {
  const judging = new Judging(turnOf(step(1, { mine: null, chain: [row("a", "bad", "2026-11-22T10:00:00Z"), row("b", "", "2026-11-22T10:00:01Z")] })));
  const [next] = judging.say([{ number: 1, verdict: "good" }]);
  assert.equal(next.replaces, "b");
});

test("what is sent has its own fields alone, whatever else a stored row tells", () => {
  const fields = ["chosen", "client_uuid", "critique", "flagged", "number", "prelabel", "reason", "replaces", "seconds", "verdict"];
  const sent = (body) => assert.deepEqual(Object.keys(body).sort(), fields);
  const judging = new Judging(turnOf(step(1, { mine: null, chain: [row("a", "good", "2026-11-22T10:00:00Z"), row("b", "", "2026-11-22T10:00:01Z")] })));
  judging.say([{ number: 1, verdict: "bad" }]).forEach(sent);
  judging.undo().forEach(sent);
  judging.undo()?.forEach(sent);
  judging.take(1, { ...row("c", "neutral", "2026-11-22T10:00:02Z"), id: 5, labeller: "me", assignment: 7 });
  judging.say([{ number: 1, flagged: true }]).forEach(sent);
});

test("a row from another tab stands, and is followed", () => {
  const judging = new Judging(turnOf(step(1)));
  judging.say([{ number: 1, verdict: "bad" }]);
  judging.take(1, row("theirs", "good"));
  assert.deepEqual(verdicts(judging), { 1: "good" });
  assert.equal(judging.say([{ number: 1, verdict: "unsure" }])[0].replaces, "theirs");
});

test("a proposal is sent with the verdict, and counts as none before", () => {
  const turn = turnOf(step(1, { prelabel: "good" }));
  const judging = new Judging(turn);
  assert.deepEqual(everyStep.missing(turn, judging.said, NO_ENDING), ["step-1"]);
  const [before] = everyStep.rowsOf(turn, judging.said, NO_ENDING);
  assert.deepEqual([before.verdict, before.proposed], ["", "good"]);
  const [body] = judging.say([{ number: 1, verdict: "bad" }]);
  assert.equal(body.prelabel, "good");
  assert.equal(everyStep.rowsOf(turn, judging.said, NO_ENDING)[0].proposed, null);
});

test("every step is wanted but those that only lead there, and one bad step is an error found", () => {
  const turn = turnOf(step(1, { judge: false }), step(2), step(3));
  const judging = new Judging(turn);
  judging.say([{ number: 2, verdict: "good" }]);
  assert.deepEqual(everyStep.missing(turn, judging.said, NO_ENDING), ["step-3"]);
  judging.say([{ number: 3, verdict: "bad" }]);
  assert.equal(everyStep.endingOf(turn, judging.said, NO_ENDING).finish, "found_error");
});

test("of first errors there is one: a mark elsewhere takes the earlier back", () => {
  const turn = turnOf(step(1), step(2), step(3));
  const judging = new Judging(turn);
  const rows = () => firstError.rowsOf(turn, judging.said, NO_ENDING);
  judging.say(firstError.judge(rows()[2], "bad", rows()).changes);
  judging.say(firstError.judge(rows()[1], "bad", rows()).changes);
  assert.deepEqual(verdicts(judging), { 2: "bad", 3: "" });
  assert.deepEqual(rows().map(({ implied }) => implied), ["good", null, null, null]);
  assert.deepEqual(firstError.missing(turn, judging.said, NO_ENDING), []);
});

test("that no step is wrong is said on the row below the last", () => {
  const turn = turnOf(step(1), step(2));
  const judging = new Judging(turn);
  const rows = firstError.rowsOf(turn, judging.said, NO_ENDING);
  assert.deepEqual(firstError.missing(turn, judging.said, NO_ENDING), ["no-error"]);
  const { changes, ending } = firstError.judge(rows[2], "good", rows);
  assert.deepEqual(changes, []);
  const ended = { ...NO_ENDING, ...ending };
  assert.deepEqual(firstError.missing(turn, judging.said, ended), []);
  assert.deepEqual(firstError.rowsOf(turn, judging.said, ended).map((one) => one.implied ?? one.verdict), ["good", "good", "good"]);
});

test("who looks for the first error begins at the first step, and at the marked one where there is one", () => {
  const turn = turnOf(step(1, { judge: false }), step(2), step(3));
  const judging = new Judging(turn);
  const rows = () => firstError.rowsOf(turn, judging.said, NO_ENDING);
  assert.equal(firstError.startOf(rows()), "step-2");
  judging.say(firstError.judge(rows()[2], "bad", rows()).changes);
  assert.equal(firstError.startOf(rows()), "step-3");
});

test("the focus goes to the next row that is wanted, then to those before, then nowhere", () => {
  const turn = turnOf(step(1), step(2), step(3));
  const judging = new Judging(turn);
  const rows = () => everyStep.rowsOf(turn, judging.said, NO_ENDING);
  judging.say([{ number: 3, verdict: "good" }]);
  assert.equal(nextWanted(rows(), "step-3"), "step-1");
  assert.equal(nextWanted(rows(), "step-1"), "step-2");
  judging.say([{ number: 1, verdict: "good" }, { number: 2, verdict: "bad" }]);
  assert.equal(nextWanted(rows(), "step-2"), null);
  assert.equal(besideRow(rows(), "step-3", 1), "step-3");
  assert.equal(spoken(rows()[1], rows()), "Step 2: bad. All judged; Enter submits.");
});

test("who is not sure of a step before the first error says so, goes on to the next, and marks nothing", () => {
  const turn = turnOf(step(1), step(2), step(3));
  const judging = new Judging(turn);
  const rows = () => firstError.rowsOf(turn, judging.said, NO_ENDING);
  const { changes, ending } = firstError.judge(rows()[0], "unsure", rows());
  judging.say(changes);
  assert.equal(ending, undefined);
  assert.equal(firstError.nextOf(rows(), rows()[0], "unsure"), "step-2");
  assert.deepEqual(firstError.missing(turn, judging.said, NO_ENDING), ["no-error"]);
  judging.say(firstError.judge(rows()[2], "bad", rows()).changes);
  assert.deepEqual(rows().map(({ verdict, implied }) => [verdict, implied]), [["unsure", null], ["", "good"], ["bad", null], ["", null]]);
  assert.deepEqual(firstError.judge(rows()[2], "unsure", rows()).ending, { finish: "" });
});
