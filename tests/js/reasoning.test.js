import assert from "node:assert/strict";
import { test } from "node:test";

import { Reasoning, toldApart } from "../../static/js/lib/reasoning.js";

const BEFORE = { thinks: false, marked: false };

function parts(text, { terminal = false, answer = null, before = BEFORE } = {}) {
  return toldApart({ parent: 0, text, terminal, answer: answer === null ? null : { text: answer } }, before).parts;
}

/** A branch whose steps follow one another. */
function branch(...texts) {
  const steps = new Map(texts.map((text, at) => [at + 1, { parent: at, text, terminal: at === texts.length - 1, answer: null }]));
  return new Reasoning((number) => steps.get(number));
}

test("a thought is reasoning, and what stands outside it is the answer", () => {
  assert.deepEqual(parts("<think>2 and 2\n</think>\nIt is 4."), [
    { kind: "reasoning", text: "<think>2 and 2\n</think>" },
    { kind: "answer", text: "\nIt is 4." },
  ]);
});

test("a thought that is not closed yet is reasoning to its end", () => {
  assert.deepEqual(parts("<think>Let me see"), [{ kind: "reasoning", text: "<think>Let me see" }]);
});

test("a thought that was opened in the prompt is reasoning from the beginning", () => {
  assert.deepEqual(parts("Let me see.</think>4").map(({ kind }) => kind), ["reasoning", "answer"]);
});

test("a thought goes on through the steps of a branch until it is closed", () => {
  const told = branch("<think>First.", "Second.", "Third.</think>So 4.", "Surely 4.");
  assert.deepEqual([1, 2, 3, 4].map((number) => told.partsOf(number).map(({ kind }) => kind)), [
    ["reasoning"], ["reasoning"], ["reasoning", "answer"], ["answer"],
  ]);
});

test("siblings go on from their parent and not from one another", () => {
  const steps = new Map([
    [1, { parent: 0, text: "<think>a", terminal: false, answer: null }],
    [2, { parent: 1, text: "b</think>", terminal: false, answer: null }],
    [3, { parent: 1, text: "c", terminal: false, answer: null }],
  ]);
  const told = new Reasoning((number) => steps.get(number));
  assert.deepEqual(told.partsOf(2).map(({ kind }) => kind), ["reasoning"]);
  assert.deepEqual(told.partsOf(3).map(({ kind }) => kind), ["reasoning"]);
});

test("an answer begins at its heading and goes on to the end", () => {
  assert.deepEqual(parts("We add.\n# Answer\n4\nindeed"), [
    { kind: "reasoning", text: "We add.\n" },
    { kind: "answer", text: "# Answer\n4\nindeed" },
  ]);
});

test("the line of the last boxed formula is the answer, and a formula of several lines is not cut", () => {
  assert.deepEqual(parts("We try $\\boxed{3}$.\nNo.\n\\[\n\\boxed{4}\n\\]\nDone."), [
    { kind: "reasoning", text: "We try $\\boxed{3}$.\nNo.\n" },
    { kind: "answer", text: "\\[\n\\boxed{4}\n\\]" },
    { kind: "reasoning", text: "\nDone." },
  ]);
});

test("the line that says what the answer is, is the answer", () => {
  for (const said of ["The answer is 4.", "So the final answer is $4$.", "Answer: 4", "**Final answer**: 4"]) {
    assert.deepEqual(parts(`We add.\n${said}`).at(-1), { kind: "answer", text: said });
  }
});

test("an ending step without marks is told apart by the answer that was checked, or stays whole", () => {
  assert.deepEqual(parts("left: 24\n4 * 6 = 24\nwell", { terminal: true, answer: "4 * 6 = 24" })[1], { kind: "answer", text: "4 * 6 = 24" });
  assert.deepEqual(parts("nothing of it", { terminal: true, answer: "7" }), [{ kind: "answer", text: "nothing of it" }]);
});

test("what no mark tells apart is reasoning", () => {
  assert.deepEqual(parts("13 - 9 = 4"), [{ kind: "reasoning", text: "13 - 9 = 4" }]);
});

test("a step that has ended since is told apart anew", () => {
  const open = { parent: 0, text: "We add: 4", terminal: false, answer: null };
  const steps = new Map([[1, open]]);
  const told = new Reasoning((number) => steps.get(number));
  assert.equal(told.partsOf(1)[0].kind, "reasoning");
  steps.set(1, { ...open, terminal: true });
  assert.equal(told.partsOf(1)[0].kind, "answer");
});

test("nothing of a text is lost or doubled, whatever stands in it", () => {
  const pieces = ["<think>", "</think>", "$x", "\\boxed{2}", "\n", "# Answer", " the answer is ", "\\[", "\\]", "ab", "\u05d0"];
  let state = 7;
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: 12 }, () => pieces[(state = (state * 48271) % 2147483647) % pieces.length]).join("");
    assert.equal(parts(text, { terminal: round % 2 === 0 }).map((part) => part.text).join(""), text);
  }
});

test("a line of a million letters is told apart in linear time", () => {
  const text = `${"the answer ".repeat(45_000)}${"<think".repeat(80_000)}`;
  assert.deepEqual(parts(text), [{ kind: "reasoning", text }]);
});
