import assert from "node:assert/strict";
import { test } from "node:test";

import { entriesFor } from "../../static/js/lib/palette.js";

const ENTRIES = ["Experiments", "Problems", "Hide or show pruned steps", "Copy a link to what is shown", "Éprouvé (a+b)"].map((name) => ({ name, group: "" }));
const named = (typed) => entriesFor(ENTRIES, typed).map(({ name }) => name);

test("where nothing is typed all entries stand in their order", () => {
  assert.deepEqual(named("  "), ENTRIES.map(({ name }) => name));
});

test("the start of a name goes before the start of a word, and that before the middle of one", () => {
  assert.deepEqual(named("p"), ["Problems", "Hide or show pruned steps", "Experiments", "Copy a link to what is shown", "Éprouvé (a+b)"]);
});

test("every word must be found, in any order", () => {
  assert.deepEqual(named("link copy"), ["Copy a link to what is shown"]);
  assert.deepEqual(named("link nothing"), []);
});

test("case and accents make no difference, and signs are taken as they stand", () => {
  assert.deepEqual(named("EPROUVE"), ["Éprouvé (a+b)"]);
  assert.deepEqual(named("(a+b)"), ["Éprouvé (a+b)"]);
  assert.deepEqual(named(".*"), []);
});
