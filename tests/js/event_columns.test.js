import assert from "node:assert/strict";
import { test } from "node:test";

import { costAt, extended, noEvents } from "../../static/js/lib/event_columns.js";
import { ScoresThen } from "../../static/js/lib/scores_then.js";
import { born, documentOf, eventsOf, imported, OTHER, repeated, scored, SCORER, treeAfter } from "./events.js";

const LIST = imported(
  born(1, 0, { generated: 5 }),
  scored(1, 0.25),
  born(2, 1, { generated: 7 }),
  scored(2, 0.5),
  repeated(2, 4),
  scored(1, 0.75),
  scored(1, 0.125, OTHER),
);

const plain = (events) => ({ ...events, ...Object.fromEntries(["kind", "number", "tokens", "maker", "at"].map((name) => [name, [...events[name].subarray(0, events.count)]])) , value: null, move: null });

test("events that come in parts are the events that come at once", () => {
  let grown = noEvents();
  for (const after of [0, 3, 2, 7, 5]) {
    const { header, columns } = documentOf(LIST.slice(0, Math.min(LIST.length, after + 3)), after);
    if (after <= grown.count) grown = extended(grown, after, header, columns);
  }
  const { header, columns } = documentOf(LIST, grown.count);
  grown = extended(grown, grown.count, header, columns);
  assert.deepEqual(plain(grown), plain(eventsOf(LIST)));
});

test("events that do not follow those known are refused", () => {
  const { header, columns } = documentOf(LIST, 3);
  assert.throws(() => extended(noEvents(), 3, header, columns), /follow event 3, but only 0 are known/);
  columns.delete("tokens");
  assert.throws(() => extended(eventsOf(LIST.slice(0, 3)), 3, header, columns), /Column tokens of events: expected 5 rows, found none/);
});

test("kinds and makers of a later part that are numbered otherwise mean the same", () => {
  const known = eventsOf(LIST.slice(0, 3));
  const { header, columns } = documentOf(LIST, 3);
  const turned = { ...header, kinds: [...header.kinds].reverse(), makers: [...header.makers].reverse() };
  columns.set("kind", columns.get("kind").map((kind) => header.kinds.length - 1 - kind));
  columns.set("maker", columns.get("maker").map((maker) => (maker === 255 ? 255 : 1 - maker)));
  assert.deepEqual(plain(extended(known, 3, turned, columns)), plain(eventsOf(LIST)));
});

test("the cost so far counts what was drawn again, and is nothing before the first event", () => {
  const events = eventsOf(LIST);
  assert.deepEqual([0, 2, 5, 6, null].map((seq) => costAt(events, seq).tokens), [0, 5, 12, 16, 16]);
  assert.equal(costAt(events, 4).seconds, 3);
  assert.deepEqual(costAt(noEvents(), null), { tokens: 0, seconds: 0 });
});

test("a score is the newest that the asked scorer had given by then", () => {
  const then = new ScoresThen();
  then.take(eventsOf(LIST.slice(0, 4)), 2, SCORER);
  then.take(eventsOf(LIST), 2, SCORER);
  assert.deepEqual([1, 3, 6, 7, 8].map((seq) => then.of(1, seq)), [NaN, 0.25, 0.25, 0.75, 0.75]);
  const anybody = new ScoresThen();
  anybody.take(eventsOf(LIST), 2, null);
  assert.equal(anybody.of(1, 8), 0.125);
});

test("the score of a branch is made of its steps' scores as they stood, and is none where one is missing", () => {
  const then = new ScoresThen();
  then.take(eventsOf(LIST), 2, SCORER);
  const of = (seq, name) => then.ofBranch(treeAfter(LIST), 2, seq, name);
  assert.deepEqual([of(5, "last"), of(5, "min"), of(7, "min"), of(7, "product"), of(7, "mean"), of(7, "sum")], [0.5, 0.25, 0.5, 0.375, 0.625, 1.25]);
  assert.ok(Number.isNaN(of(4, "min")));
  assert.ok(Number.isNaN(of(7, "toString")));
});
