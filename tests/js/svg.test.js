import assert from "node:assert/strict";
import { test } from "node:test";

import { SvgPath, SvgWriter } from "../../static/js/lib/svg.js";

test("paths are written as they are drawn, to a hundredth of a pixel", () => {
  const path = new SvgPath();
  path.moveTo(1.23456, 2);
  path.lineTo(-3, 4);
  path.bezierCurveTo(1, 2, 3, 4, 5, 6);
  path.closePath();
  path.rect(0, 0, 10, 2.5);
  path.arc(5, 5, 2);
  assert.equal(path.parts.join(""), "M1.23 2L-3 4C1 2 3 4 5 6zM0 0h10v2.5h-10zM7 5a2 2 0 1 1 -4 0a2 2 0 1 1 4 0z");
});

test("colour, width, dash and opacity are those of the moment of the call", () => {
  const writer = new SvgWriter({ width: 100, height: 50 });
  const path = new SvgPath();
  path.moveTo(0, 0);
  path.lineTo(1, 1);
  writer.strokeStyle = "rgb(1 2 3)";
  writer.lineWidth = 2;
  writer.globalAlpha = 0.5;
  writer.setLineDash([4, 2]);
  writer.stroke(path);
  writer.globalAlpha = 1;
  writer.fillStyle = "#abc";
  writer.fill(path);
  assert.deepEqual(writer.elements, [
    '<path d="M0 0L1 1" fill="none" stroke="rgb(1 2 3)" stroke-width="2" stroke-linejoin="miter" stroke-dasharray="4 2" opacity="0.5"/>',
    '<path d="M0 0L1 1" fill="#abc"/>',
  ]);
});

test("nothing is written for a path without a place", () => {
  const writer = new SvgWriter({ width: 1, height: 1 });
  writer.fill(new SvgPath());
  writer.stroke(new SvgPath());
  assert.deepEqual(writer.elements, []);
});

test("hostile text stays text, and what XML cannot hold is left out", () => {
  const writer = new SvgWriter({ width: 10, height: 10 });
  writer.font = '11px "DejaVu Sans Mono"';
  writer.fillText('</text><script>alert("1")</script>\u0000\ud800&\u{1f600}', 0, 0);
  const written = writer.document("<title> & more");
  assert.ok(!written.includes("<script"));
  assert.ok(written.includes("&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;\u{1f600}</text>"));
  assert.ok(written.includes("<title>&lt;title&gt; &amp; more</title>"));
  assert.ok(written.includes("font:11px &quot;DejaVu Sans Mono&quot;"));
});
