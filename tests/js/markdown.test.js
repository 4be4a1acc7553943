import assert from "node:assert/strict";
import { test } from "node:test";

import { branchAsMarkdown, stepAsMarkdown } from "../../static/js/lib/markdown.js";

const maker = { kind: "scorer", key: "tiny-prm", version: "1.2", revision: "" };

function step(number, text, rest = {}) {
  return { number, text, scores: [{ maker, value: 0.931, seq: 4, tokens: 0, earlier: [] }], pruned: null, pruned_why: "", chosen: null, chosen_why: "", answer: null, ...rest };
}

const about = { run: "Run 41", problem: "What is\n2 + 3?", link: (number) => `https://host/runs/41/steps/${number}/`, hidesScores: false };

test("a step is a link, what is known of it, and its text as a quotation", () => {
  const pruned = step(37, "# No heading\n\n$2+3=6$", { pruned: 9, pruned_why: "below top 4:\n0.93" });
  assert.equal(
    stepAsMarkdown(pruned, about),
    "[Run 41, step 37](https://host/runs/41/steps/37/) · tiny-prm 1.2 0.93 · pruned: below top 4: 0.93\n\n> # No heading\n>\n> $2+3=6$\n",
  );
});

test("what the reader has hidden is left out, with the reasons that quote it", () => {
  const chosen = step(2, "Five.", { chosen: 9, chosen_why: "highest score 0.93" });
  assert.equal(stepAsMarkdown(chosen, { ...about, hidesScores: true }), "[Run 41, step 2](https://host/runs/41/steps/2/) · chosen\n\n> Five.\n");
});

test("a branch holds the problem, every step in order and the answer with who judged it", () => {
  const answer = { text: "5", class_key: "5", correct: true, checker: "math", version: 1 };
  const written = branchAsMarkdown([step(1, "I add."), step(7, "\\boxed{5}\r\nDone", { answer })], about);
  assert.equal(
    written,
    "[Run 41, branch to step 7](https://host/runs/41/steps/7/)\n\n**Problem**\n\n> What is\n> 2 + 3?\n\n**1** · step 1 · tiny-prm 1.2 0.93\n\n> I add.\n\n" +
      "**2** · step 7 · tiny-prm 1.2 0.93\n\n> \\boxed{5}\n> Done\n\n**Answer** (right, by math)\n\n> 5\n",
  );
});
