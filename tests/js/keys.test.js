import assert from "node:assert/strict";
import { test } from "node:test";

import { isSingle, Keys } from "../../static/js/lib/keys.js";

const SHIPPED = { j: "j", k: "k", 1: "1", "-": "1" };
const CHANGED = { j: "", k: "k", 1: "", "-": "", n: "j", q: "1" };
const SWAPPED = { j: "k", k: "j" };

const keys = (/** @type {Record<string, string>} */ map, off = false) => new Keys(JSON.stringify({ off, keys: map }));
const pressed = (/** @type {object} */ held) => ({ ctrlKey: false, altKey: false, metaKey: false, getModifierState: () => false, ...held });

test("as shipped, a key means itself and one beside it means the same", () => {
  assert.deepEqual(["j", "1", "-", "z"].map((key) => keys(SHIPPED).meant(key)), ["j", "1", "1", "z"]);
});

test("a chosen key means the shipped one, which itself means nothing any more, nor do those beside it", () => {
  assert.deepEqual(["n", "j", "q", "1", "-", "k"].map((key) => keys(CHANGED).meant(key)), ["j", null, "1", null, null, "k"]);
});

test("two keys can change places", () => {
  assert.deepEqual(["j", "k"].map((key) => keys(SWAPPED).meant(key)), ["k", "j"]);
  assert.deepEqual(["j", "k"].map((key) => keys(SWAPPED).shown(key)), ["k", "j"]);
});

test("switched off, no key means anything and none is shown", () => {
  assert.deepEqual(["j", "z"].map((key) => keys(SHIPPED, true).meant(key)), [null, null]);
  assert.deepEqual(["j", "Esc"].map((key) => keys(SHIPPED, true).shown(key)), ["", "Esc"]);
});

test("what is shown beside a button is what is pressed for it", () => {
  assert.deepEqual(["j", "1", "k", "Enter"].map((key) => keys(CHANGED).shown(key)), ["n", "q", "k", "Enter"]);
  const settings = [keys(SHIPPED), keys(CHANGED), keys(SWAPPED), keys(SHIPPED, true)];
  assert.deepEqual(settings.map(({ isChanged }) => isChanged), [false, true, true, true]);
});

test("a page without a setting takes every key as it is", () => {
  assert.equal(new Keys(undefined).meant("j"), "j");
});

test("a key that the list lacks is found, and one that somebody changed is not taken for such", () => {
  assert.deepEqual(keys(CHANGED).unlisted(["j", "-", "x"]), ["x"]);
});

test("a key with Ctrl, Alt or Meta is the browser's, but AltGr only reaches a character", () => {
  assert.deepEqual(
    [{}, { ctrlKey: true }, { altKey: true }, { metaKey: true }].map((held) => isSingle(pressed(held))),
    [true, false, false, false],
  );
  assert.equal(isSingle(pressed({ ctrlKey: true, altKey: true, getModifierState: () => true })), true);
});
