import assert from "node:assert/strict";
import { test } from "node:test";

import { atom } from "../../static/js/lib/atom.js";
import { readAddress, writeAddress } from "../../static/js/lib/url_state.js";

const PAGE = "/t/demo/runs/41/";

test("an address leads back to what it was written from", () => {
  for (const state of [{ step: 37, colour: "entropy" }, { step: 0, colour: null }, { step: 1, colour: "none" }]) {
    const href = `http://localhost${writeAddress("http://localhost/t/demo/runs/41/?other=1", PAGE, state)}`;
    assert.deepEqual(readAddress(href), state);
    assert.ok(href.includes("other=1"));
  }
});

test("an atom tells its watchers of changes only, until they leave", () => {
  const fact = atom("fact", 1);
  const told = [];
  const leave = fact.watch((value) => told.push(value));
  fact.set(1);
  fact.set(2);
  leave();
  fact.set(3);
  assert.deepEqual(told, [2]);
  assert.equal(fact.get(), 3);
});
