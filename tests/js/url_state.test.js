import assert from "node:assert/strict";
import { test } from "node:test";

import { atom } from "../../static/js/lib/atom.js";
import { parameterOf, stepOf, withParameter, withStep } from "../../static/js/lib/url_state.js";

const PAGE = "/t/demo/runs/41/";

test("an address leads back to what it was written from, and keeps what others wrote", () => {
  for (const step of [37, 1, 0]) {
    for (const value of ["entropy", "a b&c=d", "ä", null]) {
      const stepped = `http://localhost${withStep("http://localhost/t/demo/runs/41/?other=1#part", PAGE, step)}`;
      const href = `http://localhost${withParameter(stepped, "colour", value)}`;
      assert.equal(stepOf(href), step);
      assert.equal(parameterOf(href, "colour"), value);
      assert.equal(parameterOf(href, "other"), "1");
      assert.ok(href.endsWith("#part"));
    }
  }
});

test("a parameter without a value leaves the address", () => {
  assert.equal(withParameter("http://localhost/t/demo/runs/41/?at=8", "at", ""), "/t/demo/runs/41/");
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
