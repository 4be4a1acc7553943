import assert from "node:assert/strict";
import { test } from "node:test";

import { bornBy, candidatesOf, Decisions } from "../../static/js/lib/replay.js";
import { answered, born, chosen, eventsOf, imported, noted, played, pruned, repeated, scored, spent, treeAfter, visited } from "./events.js";

/** Decisions as [what, event it stands at, candidates]. */
function decided(list) {
  const [tree, events, decisions] = [treeAfter(list), eventsOf(list), new Decisions()];
  decisions.take(events);
  return decisions.list.map(({ what, last }, at) => [what, last, candidatesOf(tree, events, decisions, at + 1)]);
}

const BEAM = played(
  [born(1, 0), born(2, 0), born(3, 0), repeated(1)],
  [scored(1, 0.1), scored(2, 0.8), scored(3, 0.7)],
  [pruned(1)],
  [born(4, 2), born(5, 2, { ends: true }), born(6, 3), born(7, 3), answered(5)],
  [scored(4, 0.4), scored(5, 0.9), scored(6, 0.3), scored(7, 0.2)],
  [pruned(6), pruned(7)],
  [born(8, 4, { ends: true }), answered(8)],
  [scored(8, 0.5)],
  [chosen(5)],
);

test("in a beam each level is decided among the steps born for it, and finished branches compete only at the end", () => {
  assert.deepEqual(decided(BEAM), [
    ["repeat", 5, [1]],
    ["prune", 9, [1, 2, 3]],
    ["prune", 20, [4, 6, 7]],
    ["choose", 24, [5, 8]],
  ]);
});

test("best of n is one choice among the steps that ended their text", () => {
  const list = played(
    [born(1, 0), born(2, 1, { ends: true }), born(3, 0), born(4, 3, { ends: true }), born(5, 0), answered(2)],
    [scored(2, 0.2), scored(4, 0.4)],
    [chosen(4)],
  );
  assert.deepEqual(decided(list), [["choose", 10, [2, 4]]]);
});

test("a vote that was over early gives up what was under way, and then chooses among what had ended", () => {
  const list = played([born(1, 0, { ends: true }), born(2, 0, { ends: true }), answered(1), answered(2), born(3, 0), pruned(3)], [chosen(1)]);
  assert.deepEqual(decided(list), [
    ["prune", 7, [3]],
    ["choose", 8, [1, 2]],
  ]);
});

test("where no moves are known neighbouring prunes are one decision, among the steps of their level", () => {
  const list = imported(
    ...[born(1, 0), scored(1, 3), born(2, 0), scored(2, 1), born(3, 0), pruned(2), pruned(3)],
    ...[born(4, 1, { ends: true }), born(5, 1, { ends: true }), pruned(5), noted(), chosen(4)],
  );
  assert.deepEqual(decided(list), [
    ["prune", 8, [1, 2, 3]],
    ["prune", 11, [4, 5]],
    ["choose", 13, [4]],
  ]);
});

test("each simulation is a decision about the branch down to where it ended, neighbours too", () => {
  const list = imported(born(1, 0), visited(1), born(2, 1), born(3, 1, { ends: true }), visited(3), visited(3), chosen(3));
  assert.deepEqual(decided(list), [
    ["visit", 3, [1]],
    ["visit", 6, [1, 3]],
    ["visit", 7, [1, 3]],
    ["choose", 8, [3]],
  ]);
});

test("a budget that ran out is a decision without candidates, and part of one where its move dropped repeats", () => {
  const list = played([spent()], [born(1, 0, { ends: true }), repeated(1), spent()], [chosen(1)]);
  assert.deepEqual(decided(list), [
    ["budget", 2, []],
    ["repeat", 5, [1]],
    ["choose", 6, [1]],
  ]);
});

test("where nothing was born since the last prune the rivals are the open siblings", () => {
  const list = imported(born(1, 0), born(2, 0), born(3, 0), pruned(1), scored(2, 0.1), pruned(2));
  assert.deepEqual(decided(list)[1], ["prune", 7, [2, 3]]);
});

test("the cursor is at a decision only at the last of its events, and behind it until the next", () => {
  const decisions = new Decisions();
  decisions.take(eventsOf(BEAM));
  assert.deepEqual([0, 4, 5, 8, 9, 19, 20, 24, null].map((seq) => decisions.madeBy(seq)), [0, 0, 1, 1, 2, 2, 3, 4, 4]);
  assert.equal(decisions.at(20)?.what, "prune");
  assert.equal(decisions.at(19), null);
  assert.equal(decisions.at(0), null);
});

test("events that come one by one give the decisions that all of them give at once", () => {
  for (const list of [BEAM, imported(born(1, 0), born(2, 0), pruned(1), pruned(2), noted(), chosen(2))]) {
    const [grown, whole] = [new Decisions(), new Decisions()];
    for (let count = 1; count <= list.length; count++) grown.take(eventsOf(list.slice(0, count)));
    whole.take(eventsOf(list));
    assert.deepEqual(grown.list, whole.list);
  }
});

test("the steps born by an event are counted by their births", () => {
  const tree = treeAfter(BEAM);
  assert.deepEqual([0, 1, 2, 4, 9, 10, 100, null].map((seq) => bornBy(tree, seq)), [0, 0, 1, 3, 3, 4, 8, 8]);
});
