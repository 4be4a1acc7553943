/**
 * Text with mathematics into the DOM: prose as text nodes, formulas by KaTeX; what cannot be rendered shows its source.
 * @module
 */

import { isRenderable, segmentsOf } from "../lib/mathematics.js";

/** @typedef {{render: (source: string, host: HTMLElement, options: object) => void}} Katex */

const OPTIONS = { trust: false, strict: "ignore", maxExpand: 1000, maxSize: 20, throwOnError: true };

/**
 * @param {HTMLElement} host
 * @param {string} text
 */
export function typeset(host, text) {
  const segments = segmentsOf(text);
  host.replaceChildren(
    ...segments.map((segment, at) => {
      if (segment.kind !== "text") return formula(segment);
      return besideDisplay(segment.source, segments[at - 1]?.kind === "display", segments[at + 1]?.kind === "display");
    }),
  );
}

/**
 * A displayed formula breaks the line itself; white space kept beside it would break it twice.
 * @param {string} text
 * @param {boolean} isAfter
 * @param {boolean} isBefore
 */
function besideDisplay(text, isAfter, isBefore) {
  const start = isAfter ? text.trimStart() : text;
  return isBefore ? start.trimEnd() : start;
}

/**
 * @param {import("../lib/mathematics.js").Segment} segment
 * @returns {HTMLElement}
 */
function formula({ kind, source, written }) {
  const host = document.createElement("span");
  host.className = kind === "display" ? "formula formula-display" : "formula";
  host.dir = "ltr";
  const katex = /** @type {{katex?: Katex}} */ (globalThis).katex;
  if (!katex || !isRenderable(source)) return showSource(host, kind, written, "Too long or too deep to be rendered");
  try {
    katex.render(source, host, { ...OPTIONS, displayMode: kind === "display" });
  } catch (error) {
    // The renderer throws on what it cannot parse and on too deep a nesting: both are the text's doing.
    return showSource(host, kind, written, error instanceof Error ? error.message : "Not a formula");
  }
  return host;
}

/**
 * @param {HTMLElement} host
 * @param {string} kind
 * @param {string} written
 * @param {string} why
 */
function showSource(host, kind, written, why) {
  host.replaceChildren(written);
  host.className = kind === "display" ? "formula-source formula-source-display" : "formula-source";
  host.title = why;
  return host;
}
