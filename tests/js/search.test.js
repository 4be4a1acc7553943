import assert from "node:assert/strict";
import { test } from "node:test";

import { askedOf, inBoth, isEmpty, KINDS, NOTHING, placesOf, readSearch, stepsWith, Walk, writtenSearch } from "../../static/js/lib/search.js";
import { CHOSEN, RIGHT, subtreeOf, WRONG } from "../../static/js/lib/tree.js";
import { randomFrom, randomTree, treeFrom } from "./trees.js";

const NOBODY = { values: null, mine: () => null, standing: () => null };
const reading = (query) => readSearch((name) => new URLSearchParams(query).get(name));

test("a search stands in the address and comes back out of it", () => {
  const searches = [
    NOTHING,
    { ...NOTHING, words: '\\frac{1}{2} & "two words"', within: "answer" },
    { ...NOTHING, low: -0.5, high: null, verdict: "bad", whose: "mine" },
    { ...NOTHING, low: null, high: 1e-7, verdict: "none", kind: "repeated" },
    { ...NOTHING, low: 0, high: 0.25 },
  ];
  for (const search of searches) assert.deepEqual(readSearch((name) => writtenSearch(search)[name] || null), search);
});

test("what an address cannot mean counts as not said", () => {
  assert.deepEqual(reading("score=high..low&verdict=best&kind=born&in=nowhere"), NOTHING);
  assert.deepEqual(reading("score=1&verdict=bad.yours"), NOTHING);
});

test("a search is empty until something is looked for", () => {
  assert.ok(isEmpty(NOTHING));
  assert.ok(isEmpty({ ...NOTHING, within: "answer", whose: "mine" }));
  for (const one of [{ words: "a" }, { low: 0 }, { high: 0 }, { verdict: "none" }, { kind: "right" }]) assert.ok(!isEmpty({ ...NOTHING, ...one }));
});

test("the server is asked only for what the page cannot know", () => {
  assert.equal(askedOf({ ...NOTHING, kind: "pruned", verdict: "bad", low: 0 }), null);
  assert.equal(askedOf({ ...NOTHING, words: "  " }), null);
  assert.deepEqual(askedOf({ ...NOTHING, words: "x" }), { text: "x" });
  assert.deepEqual(askedOf({ ...NOTHING, words: "x", within: "answer", kind: "revisited" }), { answer: "x", kind: "revisited" });
});

test("steps are found by what happened to them", () => {
  const origin = (/** @type {number} */ at) => at << 4;
  const tree = treeFrom([0, 0, 0, 0, 0, 0, 0], {
    flags: [CHOSEN, RIGHT, WRONG, origin(1), origin(3), origin(4), 0],
    pruned: [0, 0, 0, 0, 0, 0, 9],
  });
  const found = KINDS.slice(0, 7).map((kind) => [kind, [...stepsWith(tree, { ...NOTHING, kind }, NOBODY)]]);
  assert.deepEqual(Object.fromEntries(found), { chosen: [1], right: [2], wrong: [3], forced: [4], edited: [5], inherited: [6], pruned: [7] });
});

test("a range leaves out what is below, above and unknown, and finds nothing where there are no values", () => {
  const tree = treeFrom([0, 1, 2, 3]);
  const known = { ...NOBODY, values: Float32Array.of(NaN, 0.25, 0.5, 0.75, NaN) };
  assert.deepEqual([...stepsWith(tree, { ...NOTHING, low: 0.5 }, known)], [2, 3]);
  assert.deepEqual([...stepsWith(tree, { ...NOTHING, high: 0.5 }, known)], [1, 2]);
  assert.deepEqual([...stepsWith(tree, { ...NOTHING, low: 0.3, high: 0.6 }, known)], [2]);
  assert.deepEqual([...stepsWith(tree, { ...NOTHING, low: 0 }, NOBODY)], []);
});

test("what is shown as a limit is within it, although scores come in half precision", () => {
  const known = { ...NOBODY, values: Float32Array.of(NaN, 0.04998779296875, -0.04998779296875, 0.0498) };
  const tree = treeFrom([0, 1, 2]);
  assert.deepEqual([...stepsWith(tree, { ...NOTHING, low: 0.05 }, known)], [1]);
  assert.deepEqual([...stepsWith(tree, { ...NOTHING, high: -0.05 }, known)], [2]);
});

test("a label is looked for among one's own, among those that stand, or both", () => {
  const tree = treeFrom([0, 1, 2, 3]);
  const [mine, standing] = [new Map([[1, "bad"], [2, "good"]]), new Map([[2, "bad"], [3, "bad"]])];
  const known = { values: null, mine: (step) => mine.get(step) ?? null, standing: (step) => standing.get(step) ?? null };
  const found = (verdict, whose) => [...stepsWith(tree, { ...NOTHING, verdict, whose }, known)];
  assert.deepEqual(found("bad", ""), [1, 2, 3]);
  assert.deepEqual(found("bad", "mine"), [1]);
  assert.deepEqual(found("bad", "standing"), [2, 3]);
  assert.deepEqual(found("any", "mine"), [1, 2]);
  assert.deepEqual(found("none", ""), [4]);
  assert.deepEqual(found("none", "standing"), [1, 4]);
});

test("what two searches have both found is found by both together", () => {
  const random = randomFrom(7);
  for (let round = 0; round < 50; round++) {
    const [a, b] = [0, 1].map(() => Uint32Array.from({ length: 40 }, (_, at) => at + 1).filter(() => random() < 0.5));
    assert.deepEqual([...inBoth(a, b)], [...a].filter((step) => b.includes(step)));
  }
});

test("places are those of a walk from parent to child", () => {
  for (let seed = 1; seed < 30; seed++) {
    const tree = randomTree(seed, 60);
    const places = placesOf(tree);
    assert.deepEqual([...subtreeOf(tree, 0)].map((step) => places[step]), Array.from({ length: 61 }, (_, at) => at));
  }
});

test("matches are walked from top to bottom and around the ends, from wherever one stands", () => {
  //     1 ─ 2 ─ 4     in the picture: 1 2 4 5 3
  //     │   └ 5
  //     3
  const tree = treeFrom([0, 1, 0, 2, 2]);
  const walk = new Walk(tree, Uint32Array.of(2, 3, 4));
  assert.deepEqual([...walk.steps], [2, 4, 3]);
  assert.deepEqual([1, 2, 4, 3, 5].map((step) => walk.placeOf(step)), [0, 1, 2, 3, 0]);
  assert.deepEqual([1, 2, 4, 3, 5].map((step) => walk.from(step, 1)), [2, 4, 3, 2, 3]);
  assert.deepEqual([1, 2, 4, 3, 5].map((step) => walk.from(step, -1)), [3, 3, 2, 4, 4]);
  assert.equal(new Walk(tree, new Uint32Array()).from(1, 1), 0);
});
