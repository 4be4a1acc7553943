import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { readColumns } from "../../static/js/lib/columns.js";
import { applied } from "../../static/js/lib/growth.js";
import { childrenOf, treeOf } from "../../static/js/lib/tree.js";

// Written by the server's own code: tests/trees/test_delta_cases.py says how.
const { wholes, changes } = JSON.parse(readFileSync(new URL("./delta_cases.json", import.meta.url), "utf8"));

function read(text) {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return readColumns(bytes.buffer);
}

function whole(text) {
  const { header, columns } = read(text);
  return treeOf(header, columns);
}

function grown(tree, text) {
  const { header, columns } = read(text);
  return applied(tree, header, columns);
}

function facts(tree) {
  const named = ["parent", "depth", "pruned", "tokens", "entropy", "score", "flags"];
  return { count: tree.count, seq: tree.header.seq, chosen: tree.header.chosen, children: Array.from({ length: tree.count + 1 }, (_, at) => childrenOf(tree, at)), ...Object.fromEntries(named.map((name) => [name, [...tree[name]]])) };
}

test("at every cut of a log, what was known and what the server says has changed is the tree at its end", () => {
  const end = facts(whole(wholes.at(-1)));
  assert.equal(wholes.length, 14);
  wholes.forEach((text, cut) => {
    const once = grown(whole(text), changes[cut]);
    assert.deepEqual(facts(once), end);
    assert.deepEqual(facts(grown(once, changes[cut])), end);
    for (const late of changes.slice(0, cut)) assert.deepEqual(facts(grown(once, late)), end);
  });
});
