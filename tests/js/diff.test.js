/** Branches beside each other: every step once and in order, equal ones together, and never for long. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { align } from "../../static/js/lib/diff.js";

/** @param {string[]} left @param {string[]} right */
const laid = (left, right) => align(left, right).map(({ kind, left: l, right: r }) => `${l < 0 ? "–" : left[l]} ${kind} ${r < 0 ? "–" : right[r]}`);

test("equal branches are the same throughout, white space aside", () => {
  const rows = align(["one", "two  words"], ["one\n", "two words"]);
  assert.deepEqual(rows.map(({ kind }) => kind), ["same", "same"]);
});

test("after a common start the rest stands side by side by place", () => {
  assert.deepEqual(laid(["start", "aaa", "bbb"], ["start", "ccc", "ddd", "eee"]), ["start same start", "aaa other ccc", "bbb other ddd", "– right eee"]);
});

test("an inserted step shifts the equal ones behind it, and does not pair them with others", () => {
  assert.deepEqual(laid(["one", "two", "three"], ["one", "extra", "two", "three"]), ["one same one", "– right extra", "two same two", "three same three"]);
});

test("steps with most words in common are one pair wherever they stand in their gap", () => {
  const [long, edited] = ["we add 3 and 4 and get 7", "we add 3 and 5 and get 8"];
  assert.deepEqual(laid(["start", long], ["start", "something else", edited]), ["start same start", "– right something else", `${long} alike ${edited}`]);
});

test("the same step twice is not taken for an anchor", () => {
  assert.deepEqual(laid(["x", "wait", "y", "wait"], ["x", "wait", "wait"]), ["x same x", "wait same wait", "y left –", "wait same wait"]);
});

test("an empty branch leaves the other side alone", () => {
  assert.deepEqual(laid([], ["one", "two"]), ["– right one", "– right two"]);
  assert.deepEqual(align([], []), []);
});

test("every step stands in one row and each side in its order, whatever the branches", () => {
  let seed = 7;
  const next = (/** @type {number} */ below) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 300; round++) {
    const [left, right] = [0, 1].map(() => Array.from({ length: next(14) }, () => `${"abcd"[next(4)]} ${"pq"[next(2)]} same words`));
    const rows = align(left, right);
    assert.deepEqual(rows.map((row) => row.left).filter((at) => at >= 0), left.map((_, at) => at));
    assert.deepEqual(rows.map((row) => row.right).filter((at) => at >= 0), right.map((_, at) => at));
    for (const row of rows) if (row.kind === "same") assert.equal(left[row.left], right[row.right]);
  }
});

test("of two thousand steps a side, all alike, only so many pairs are compared", () => {
  let compared = 0;
  const counted = (/** @type {number} */ at) => {
    const text = new String(`step ${at} of many words that are all the same but for the number`);
    text.slice = (...bounds) => {
      compared++;
      return String.prototype.slice.apply(text, bounds);
    };
    return /** @type {string} */ (/** @type {unknown} */ (text));
  };
  const rows = align(Array.from({ length: 2000 }, (_, at) => counted(at)), Array.from({ length: 2000 }, (_, at) => counted(at + 5000)));
  assert.equal(rows.length, 2000);
  assert.equal(compared, 0, "a gap of four million pairs is laid by place, without a look at any word");
});
