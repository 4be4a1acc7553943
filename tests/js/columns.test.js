import assert from "node:assert/strict";
import { test } from "node:test";

import { NotColumns, halfToNumber, readColumns } from "../../static/js/lib/columns.js";

function documentOf(header, data) {
  let text = JSON.stringify(header);
  text += " ".repeat((8 - ((8 + text.length) % 8)) % 8);
  const bytes = new Uint8Array(8 + text.length + data.length);
  bytes.set(new TextEncoder().encode("BWC1"));
  new DataView(bytes.buffer).setUint32(4, text.length, true);
  bytes.set(new TextEncoder().encode(text), 8);
  bytes.set(data, 8 + text.length);
  return bytes.buffer;
}

const COLUMNS = [
  { name: "parent", dtype: "u32", offset: 0, count: 2 },
  { name: "score", dtype: "f16", offset: 8, count: 2 },
  { name: "flags", dtype: "u8", offset: 16, count: 2 },
];
const DATA = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0x00, 0x38, 0x00, 0x7e, 0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 0, 0);

test("columns are read as they were written", () => {
  const { header, columns } = readColumns(documentOf({ count: 2, columns: COLUMNS }, DATA));
  assert.equal(header.count, 2);
  assert.deepEqual([...columns.get("parent")], [0, 1]);
  assert.deepEqual([...columns.get("score")], [0.5, NaN]);
  assert.deepEqual([...columns.get("flags")], [1, 7]);
});

test("it refuses what is no document, what was cut off and what it cannot read, by name", () => {
  assert.throws(() => readColumns(new TextEncoder().encode("<!doctype html>").buffer), NotColumns);
  assert.throws(() => readColumns(new ArrayBuffer(3)), NotColumns);
  assert.throws(() => readColumns(documentOf({ count: 2, columns: COLUMNS }, DATA).slice(0, -8)), /Column flags ends behind/);
  assert.throws(() => readColumns(documentOf({ count: 2, columns: [{ ...COLUMNS[0], dtype: "f8" }] }, DATA)), /unknown type f8/);
});

test("numbers of four and of eight bytes are read as they are, without a copy", () => {
  const data = new Uint8Array(24);
  new Float32Array(data.buffer, 0, 2).set([0.25, NaN]);
  new Float64Array(data.buffer, 8, 2).set([0.1, -1e300]);
  const entries = [
    { name: "value", dtype: "f32", offset: 0, count: 2 },
    { name: "at", dtype: "f64", offset: 8, count: 2 },
  ];
  const buffer = documentOf({ count: 2, columns: entries }, data);
  const { columns } = readColumns(buffer);
  assert.deepEqual([...columns.get("value")], [0.25, NaN]);
  assert.deepEqual([...columns.get("at")], [0.1, -1e300]);
  assert.equal(columns.get("value").buffer, buffer);
  assert.throws(() => readColumns(buffer.slice(0, -8)), /Column at ends behind/);
});

test("halves are the numbers they stand for", () => {
  const known = [[0x0000, 0], [0x3c00, 1], [0xc000, -2], [0x3555, 0.333251953125], [0x0001, 2 ** -24], [0x7bff, 65504], [0x7c00, Infinity], [0xfc00, -Infinity]];
  for (const [half, value] of known) assert.equal(halfToNumber(half), value);
  assert.ok(Number.isNaN(halfToNumber(0x7e00)));
});
