import assert from "node:assert/strict";
import { test } from "node:test";

import { costWords, reasonWords, secondsWords, whatWords, whereWords } from "../../static/js/lib/replay_words.js";

test("a moment says whether the cursor stands at a decision, behind one, before all or nowhere", () => {
  const where = (cursor, place, isAt) => whereWords({ cursor, place, total: 1640, isAt });
  assert.equal(where(9, 212, true), "Decision 212 of 1,640");
  assert.equal(where(1009, 212, false), "Event 1,009, after decision 212 of 1,640");
  assert.equal(where(3, 0, false), "Event 3, before the first decision");
  assert.equal(where(0, 0, false), "The beginning");
  assert.equal(where(null, 0, false), "Now: 1,640 decisions made");
  assert.equal(whereWords({ cursor: null, place: 0, total: 0, isAt: false }), "Now: no step was given up or chosen");
});

test("a decision says how many of how many, or which", () => {
  const words = (what, named, candidates, step = 0) => whatWords({ what, first: 1, last: 1, move: 1 }, named, candidates, step);
  assert.equal(words("prune", 12, 16), "prune 12 of 16");
  assert.equal(words("prune", 12, 12), "prune all 12");
  assert.equal(words("choose", 1, 8, 37), "choose step 37 among 8");
  assert.equal(words("choose", 1, 1, 37), "choose step 37");
  assert.equal(words("visit", 1, 4, 11), "simulation through 4 steps to step 11");
  assert.equal(words("repeat", 1, 1, 5), "drop what repeats 1 step");
  assert.equal(words("budget", 0, 0), "the budget is spent");
});

test("one reason is told whole, several by what they begin with up to their numbers", () => {
  const because = (...whys) => reasonWords(whys.map((why, at) => ({ seq: at + 1, kind: "step-pruned", why })));
  assert.equal(because("below the top 4", "below the top 4"), "below the top 4");
  assert.equal(because("Not among the 5 kept of 12: value 3.", "Not among the 5 kept of 12: value 1."), "Not among the 5 kept of 12");
  assert.equal(because("too low", "repeats step 3"), "");
  assert.equal(because(), "");
});

test("a budget, copies and a simulation give their numbers as the reason", () => {
  assert.equal(reasonWords([{ seq: 1, kind: "budget-spent", resource: "tokens", limit: 500, spent: 512 }]), "tokens: 512 of 500 spent");
  assert.equal(reasonWords([2, 1].map((times) => ({ seq: 1, kind: "step-repeated", times }))), "drawn 3 times more");
  assert.equal(reasonWords([{ seq: 1, kind: "step-revisited", value: 0.5, returns: [] }]), "it brought 0.500");
  assert.equal(reasonWords([{ seq: 1, kind: "step-revisited", value: 0.5, returns: [-0.25, 0.5] }]), "it brought −0.250");
});

test("the cost names tokens and seconds only where any are known", () => {
  assert.equal(costWords({ tokens: 1204, seconds: 75.4 }, 84), "1,204 tokens · 84 steps · 1 min 15 s");
  assert.equal(costWords({ tokens: 0, seconds: 0 }, 1), "1 step");
  assert.deepEqual([0.04, 59.94, 3725].map(secondsWords), ["0.0 s", "59.9 s", "1 h 2 min"]);
});
