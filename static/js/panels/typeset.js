/**
 * Text with mathematics into the DOM: prose as text nodes, formulas by KaTeX; what cannot be rendered shows its source, as does
 * what waits for a renderer that the page loads only for its first formula.
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
  host.className = classOf(kind);
  host.dir = "ltr";
  if (!isRenderable(source)) return showSource(host, kind, written, "Too long or too deep to be rendered");
  const { katex } = /** @type {{katex?: Katex}} */ (globalThis);
  if (katex) return rendered(katex, host, { kind, source, written });
  void comingKatex().then((come) => come && rendered(come, host, { kind, source, written }));
  return showSource(host, kind, written, "Formulas are not there yet");
}

/**
 * @param {Katex} katex
 * @param {HTMLElement} host
 * @param {import("../lib/mathematics.js").Segment} segment
 * @returns {HTMLElement}
 */
function rendered(katex, host, { kind, source, written }) {
  try {
    katex.render(source, host, { ...OPTIONS, displayMode: kind === "display" });
    host.className = classOf(kind);
    host.removeAttribute("title");
  } catch (error) {
    // The renderer throws on what it cannot parse and on too deep a nesting: both are the text's doing.
    return showSource(host, kind, written, error instanceof Error ? error.message : "Not a formula");
  }
  return host;
}

/** @param {string} kind */
function classOf(kind) {
  return kind === "display" ? "formula formula-display" : "formula";
}

/** @type {Promise<Katex | null> | null} */
let coming = null;

/**
 * Puts what the page keeps in template[data-katex], a style sheet and a script, into its head.
 * @returns {Promise<Katex | null>} null where the page has none, or it does not come; then the next formula asks again
 */
export function comingKatex() {
  coming ??= new Promise((resolve) => {
    const kept = document.querySelector("template[data-katex]");
    const parts = kept instanceof HTMLTemplateElement ? document.importNode(kept.content, true) : null;
    const script = parts?.querySelector("script");
    if (!parts || !script) return resolve(null);
    script.onload = () => resolve(/** @type {{katex?: Katex}} */ (globalThis).katex ?? null);
    script.onerror = () => {
      coming = null;
      resolve(null);
    };
    document.head.append(parts);
  });
  return coming;
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
