import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, changedBy } from "../../static/js/lib/growth.js";
import { layOut } from "../../static/js/lib/layout.js";
import { NotATree, childrenOf, treeOf } from "../../static/js/lib/tree.js";
import { columnsOf, headerOf, randomFrom, treeFrom } from "./trees.js";

const PARTS = ["parent", "firstChild", "lastChild", "nextSibling", "depth", "pruned", "tokens", "entropy", "score", "flags"];

/** What is known of a run at every seq: seq n is step n's birth, and may prune, score or answer an earlier one. */
function history(seed, count) {
  const random = randomFrom(seed);
  const states = [{ parents: [], pruned: [], score: [], flags: [], changed: [] }];
  for (let seq = 1; seq <= count; seq++) {
    const { parents, pruned, score, flags, changed } = structuredClone(states.at(-1));
    parents.push(Math.floor(random() * seq));
    const touched = Math.floor(random() * seq);
    if (random() < 0.3) pruned[touched] ??= seq;
    if (random() < 0.6) score[touched] = Math.round(random() * 8) / 8;
    if (random() < 0.2) flags[touched] = 5;
    changed[seq - 1] = changed[touched] = seq;
    states.push({ parents, pruned, score, flags, changed });
  }
  return states;
}

function treeAt(states, seq) {
  const { parents, ...rest } = states[seq];
  return treeOf({ ...headerOf(parents.length), seq }, columnsOf(parents, rest));
}

/** The delta a server gives: rows that were added or changed after one seq, as they are at another. */
function delta(states, after, seq) {
  const is = states[seq];
  const whole = columnsOf(is.parents, is);
  const rows = is.parents.map((_, at) => at).filter((at) => is.changed[at] > after);
  const columns = new Map([["number", Uint32Array.from(rows, (at) => at + 1)]]);
  for (const [name, values] of whole) columns.set(name, values.constructor.from(rows, (at) => values[at]));
  return { header: { ...headerOf(rows.length), after, seq }, columns };
}

function assertSame(found, wanted) {
  assert.equal(found.count, wanted.count);
  assert.equal(found.header.seq, wanted.header.seq);
  for (const part of PARTS) assert.deepEqual([...found[part]], [...wanted[part]], part);
}

test("a tree and all that came after a cut are the whole tree, whatever the cuts", () => {
  for (let seed = 0; seed < 40; seed++) {
    const states = history(seed, 60);
    const random = randomFrom(seed + 1000);
    let at = Math.floor(random() * 60);
    let tree = treeAt(states, at);
    while (at < 60) {
      const next = Math.min(60, at + Math.floor(random() * 12));
      const { header, columns } = delta(states, at, next);
      tree = applied(tree, header, columns);
      assertSame(tree, treeAt(states, next));
      at = next;
    }
  }
});

test("a delta that comes twice, late, or with more than is missing changes nothing that it should not", () => {
  const states = history(3, 40);
  const [early, late] = [delta(states, 5, 20), delta(states, 10, 40)];
  let tree = applied(treeAt(states, 10), early.header, early.columns);
  assertSame(tree, treeAt(states, 20));
  tree = applied(tree, late.header, late.columns);
  tree = applied(tree, late.header, late.columns);
  assert.equal(applied(tree, early.header, early.columns), tree);
  assertSame(tree, treeAt(states, 40));
});

test("an empty tree grows its first step", () => {
  const states = history(1, 3);
  const { header, columns } = delta(states, 0, 3);
  assertSame(applied(treeAt(states, 0), header, columns), treeAt(states, 3));
});

test("a delta behind a gap is refused and leaves the tree as it was", () => {
  const states = history(5, 30);
  const tree = treeAt(states, 10);
  const gap = delta(states, 20, 30);
  assert.throws(() => applied(tree, gap.header, gap.columns), /follows event 20, the tree is known up to event 10/);
  assert.throws(() => applied(tree, { ...gap.header, after: 10 }, gap.columns), (error) => error instanceof NotATree);
  assertSame(tree, treeAt(states, 10));
});

test("a delta that contradicts the tree is refused, by the step", () => {
  const tree = treeFrom([0, 1]);
  const change = (number, parent, depth) => {
    const columns = columnsOf([parent]).set("number", Uint32Array.of(number));
    return [{ ...headerOf(1), seq: 9 }, columns.set("depth", Uint16Array.of(depth))];
  };
  assert.throws(() => applied(tree, ...change(2, 0, 1)), /moves step 2 from step 1 to step 0/);
  assert.throws(() => applied(tree, ...change(3, 3, 1)), /Step 3 names step 3 as its parent/);
  assert.throws(() => applied(tree, ...change(3, 2, 9)), /Step 3 stands at depth 9, its parent 2 at 2/);
  assert.throws(() => applied(tree, ...change(5, 2, 3)), /names step 5, but step 3 is not known yet/);
  const short = change(3, 2, 3);
  short[1].delete("flags");
  assert.throws(() => applied(tree, ...short), /Column flags of a change: expected 1 rows, found none/);
});

test("a tree that grew is walked and laid out like one that came whole", () => {
  const states = history(8, 80);
  let tree = treeAt(states, 0);
  for (let seq = 1; seq <= 80; seq++) {
    const { header, columns } = delta(states, seq - 1, seq);
    tree = applied(tree, header, columns);
  }
  const whole = treeAt(states, 80);
  for (let step = 0; step <= 80; step++) assert.deepEqual(childrenOf(tree, step), childrenOf(whole, step));
  assert.deepEqual(layOut(tree), layOut(whole));
});

test("what changed is told by number", () => {
  const states = history(2, 10);
  assert.ok(changedBy(delta(states, 7, 10).columns).includes(10));
});
