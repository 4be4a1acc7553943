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
  host.replaceChildren(
    ...segmentsOf(text).map((segment) => (segment.kind === "text" ? segment.source : formula(segment))),
  );
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
  if (!katex || !isRenderable(source)) return showSource(host, written, "Too long or too deep to be rendered");
  try {
    katex.render(source, host, { ...OPTIONS, displayMode: kind === "display" });
  } catch (error) {
    // The renderer throws on what it cannot parse and on too deep a nesting: both are the text's doing.
    return showSource(host, written, error instanceof Error ? error.message : "Not a formula");
  }
  return host;
}

/**
 * @param {HTMLElement} host
 * @param {string} written
 * @param {string} why
 */
function showSource(host, written, why) {
  host.replaceChildren(written);
  host.className = "formula-source";
  host.title = why;
  return host;
}
