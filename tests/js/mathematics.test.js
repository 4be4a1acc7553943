import assert from "node:assert/strict";
import { test } from "node:test";

import { isRenderable, segmentsOf } from "../../static/js/lib/mathematics.js";

const kinds = (text) => segmentsOf(text).map(({ kind, source }) => [kind, source]);

test("the four pairs of delimiters are known", () => {
  assert.deepEqual(kinds("a $x$ b $$y$$ c \\(z\\) d \\[w\\]"), [
    ["text", "a "], ["inline", "x"], ["text", " b "], ["display", "y"],
    ["text", " c "], ["inline", "z"], ["text", " d "], ["display", "w"],
  ]);
});

test("prices are no mathematics", () => {
  for (const text of ["It costs $5 and $10.", "$5", "5$ or 6$ each", "from $5 to $7, then $x"]) {
    assert.deepEqual(kinds(text), [["text", text]]);
  }
});

test("what never closes stays text", () => {
  for (const text of ["\\[ open", "$x and\n\nnew paragraph$", "$$", "$ $", "\\( "]) assert.equal(kinds(text)[0][0], "text");
});

test("an escaped dollar opens and closes nothing", () => {
  assert.deepEqual(kinds("\\$5 and $a\\$b$"), [["text", "\\$5 and "], ["inline", "a\\$b"]]);
});

test("nothing of the text is lost", () => {
  const parts = ["$", "$$", "\\(", "\\)", "\\[", "\\]", "\\", "x", " ", "\n\n", "5", "{", "}"];
  let state = 1;
  for (let turn = 0; turn < 2000; turn++) {
    const text = Array.from({ length: 12 }, () => parts[(state = (state * 48271) % 2147483647) % parts.length]).join("");
    assert.equal(segmentsOf(text).map(({ written }) => written).join(""), text);
  }
});

test("formulas too long or too deep are not rendered", () => {
  assert.ok(isRenderable("\\frac{1}{2}"));
  assert.ok(!isRenderable("x".repeat(4001)));
  assert.ok(!isRenderable("x^{".repeat(300)));
});

test("formulas that define macros are not rendered", () => {
  for (const definer of ["def", "gdef", "edef", "xdef", "let", "global\\let", "futurelet", "newcommand", "renewcommand", "providecommand"]) {
    assert.ok(!isRenderable(`\\${definer}\\a{aaaa}\\a`), definer);
  }
  for (const source of ["\\left(x\\right)", "\\leq", "a \\text{ let } b", "\\text{def}"]) assert.ok(isRenderable(source), source);
});

test("a text that opens formulas without end is read in bounded time and kept", () => {
  for (const part of ["$x ", "$$x \\[", "\\( ", "$x$ ", "$$ ", "$x\\"]) {
    const text = part.repeat(1_000_000 / part.length);
    const segments = segmentsOf(text);
    assert.ok(segments.length <= 1001, part);
    assert.equal(segments.map(({ written }) => written).join(""), text);
  }
});
