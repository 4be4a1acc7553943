/** Two texts word by word: pieces join to the texts, formulas stay whole, and too long texts are not compared at all. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { wordsApart } from "../../static/js/lib/words.js";

/** @param {string} left @param {string} right what differs stands in brackets */
const marked = (left, right) => wordsApart(left, right).map((pieces) => pieces.map(({ text, differs }) => (differs ? `[${text}]` : text)).join(""));

test("only the words that differ are marked", () => {
  assert.deepEqual(marked("we add 3 and 4", "we add 3 and 5"), ["we add 3 and [4]", "we add 3 and [5]"]);
  assert.deepEqual(marked("so it is", "so it surely is"), ["so it is", "so it [surely] is"]);
});

test("a formula is one piece", () => {
  assert.deepEqual(marked("thus $x + 1$.", "thus $x + 2$."), ["thus [$x + 1$].", "thus [$x + 2$]."]);
  assert.equal(wordsApart("$a$", "$b$")[0][0].isFormula, true);
});

test("white space alone is never marked, and joined the pieces are the texts", () => {
  const [left, right] = ["a\n\nb  c", "a b\tc שלום"];
  const sides = wordsApart(left, right);
  assert.deepEqual(sides.map((pieces) => pieces.map(({ text }) => text).join("")), [left, right]);
  assert.deepEqual(sides.map((pieces) => pieces.filter(({ differs }) => differs).map(({ text }) => text)), [[], ["שלום"]]);
});

test("of very long texts all between the equal ends differs", () => {
  const long = (/** @type {string} */ word) => `start ${`${word} `.repeat(5000)}end`;
  const [left] = wordsApart(long("a"), long("b"));
  assert.equal(left.filter(({ differs }) => differs).length, 5000);
  assert.deepEqual([left[0].differs, left[left.length - 1].differs], [false, false]);
});

test("nothing beside something marks all of it", () => {
  assert.deepEqual(marked("", "two words"), ["", "[two] [words]"]);
});
