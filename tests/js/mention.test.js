import assert from "node:assert/strict";
import { test } from "node:test";

import { mentionAt, withMention } from "../../static/js/lib/mention.js";

test("a name is written behind an @ at the beginning of a word", () => {
  assert.deepEqual(mentionAt("see @Ad", 7), { from: 4, typed: "Ad" });
  assert.deepEqual(mentionAt("@", 1), { from: 0, typed: "" });
  assert.deepEqual(mentionAt("(@Ada Lo", 8), { from: 1, typed: "Ada Lo" });
  assert.deepEqual(mentionAt("@Émilie d", 9), { from: 0, typed: "Émilie d" });
});

test("an address holds an @ of its own", () => {
  assert.equal(mentionAt("write to ada@ex", 15), null);
  assert.deepEqual(mentionAt("@ada@ex", 7), { from: 0, typed: "ada@ex" });
});

test("a sentence behind an @ is no name", () => {
  assert.equal(mentionAt("@Ada went to the", 16), null);
  assert.equal(mentionAt("@Ada\nand", 8), null);
  assert.equal(mentionAt("@ Ada", 5), null);
  assert.equal(mentionAt(`@${"a".repeat(41)}`, 42), null);
  assert.equal(mentionAt("nothing", 7), null);
});

test("a chosen name takes the place of what was typed, and what follows stays", () => {
  assert.deepEqual(withMention("see @Ad, please", 4, 7, "Ada Lovelace"), { text: "see @Ada Lovelace , please", caret: 18 });
  assert.deepEqual(withMention("@A b", 0, 2, "Ada"), { text: "@Ada b", caret: 5 });
});
