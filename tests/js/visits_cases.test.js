import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { VisitFold } from "../../static/js/lib/visits.js";
import { treeFrom } from "./trees.js";

// Taken from the files of searches themselves, snapshot by snapshot: tests/imports/test_rap_tree.py says how.
const { cases } = JSON.parse(readFileSync(new URL("./visits_cases.json", import.meta.url), "utf8"));

function check(fold, tree, { cursor, visits, mean }) {
  const found = fold.at(tree, cursor);
  for (let step = 0; step <= tree.count; step++) {
    assert.equal(found.visits[step] || 0, visits[step] ?? 0);
    if (mean[step] == null) assert.ok(Number.isNaN(found.values[step]));
    else assert.ok(Math.abs(fold.meanOf(step) - mean[step]) <= 1e-9 * Math.max(1, Math.abs(mean[step])));
  }
}

for (const [name, { parents, born, visits, moments }] of Object.entries(cases)) {
  test(`${name}: visits and values are those of the search at each of its moments, forwards and backwards`, () => {
    const tree = treeFrom(parents, { born });
    const fold = new VisitFold(visits);
    for (const moment of [...moments, ...moments.toReversed()]) check(fold, tree, moment);
    check(fold, tree, { ...moments.at(-1), cursor: null });
  });
}
