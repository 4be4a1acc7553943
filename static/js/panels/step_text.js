/**
 * A step's text as it was written: to be copied, with white space that can be seen. It renders no mathematics.
 * @module
 */

import { count } from "../lib/format.js";
import { button, element } from "./element.js";

/** Longer texts are shown up to here; what is copied is always whole. */
const SHOWN = 20_000;
/** @type {Record<string, string>} */
const MARKS = { " ": "·", "\t": "⇥", "\r": "␍", "\n": "↵", "\u00a0": "⍽", "\u200b": "⌷", "\u200e": "⇢", "\u200f": "⇠" };
const SPACE = /[ \t\r\n\u00a0\u200b\u200e\u200f]/;

/**
 * @param {string} text
 * @returns {HTMLElement} folded; what is in it is made when it is unfolded
 */
export function plainText(text) {
  const made = element("details", "plain-text", element("summary", "", "Plain text"));
  made.addEventListener("toggle", () => {
    if (made.open && made.childElementCount === 1) made.append(...content(text));
  });
  return made;
}

/** @param {string} text */
function content(text) {
  const shown = element("pre", "plain-text-body", ...pieces(text.slice(0, SHOWN)));
  shown.dir = "auto";
  shown.tabIndex = 0;
  shown.setAttribute("aria-label", "Text as it was written");
  const said = element("span", "small quiet");
  said.setAttribute("role", "status");
  const copy = button("button", () => void copied(text, shown, said), "Copy");
  const marks = button("button", () => marks.setAttribute("aria-pressed", String(shown.classList.toggle("spaces-shown"))), "Show white space");
  marks.setAttribute("aria-pressed", "false");
  const rest = text.length > SHOWN ? [element("p", "small quiet", `The first ${count(SHOWN)} of ${count(text.length)} characters; all are copied.`)] : [];
  return [element("div", "plain-text-tools", copy, marks, said), shown, ...rest];
}

/**
 * White space in elements of its own, whose marks the style sheet draws: what is selected and copied stays the text.
 * @param {string} text
 */
function pieces(text) {
  return text.split(/([ \t\r\n\u00a0\u200b\u200e\u200f])/).filter(Boolean).map((piece) => {
    if (!SPACE.test(piece)) return piece;
    const space = element("span", piece === "\n" ? "space space-line" : "space", piece);
    space.dataset.mark = MARKS[piece];
    return space;
  });
}

/**
 * @param {string} text
 * @param {HTMLElement} shown
 * @param {HTMLElement} said
 */
async function copied(text, shown, said) {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "Copied";
  } catch {
    // Browsers lend the clipboard to secure pages only; elsewhere the reader copies what is selected.
    getSelection()?.selectAllChildren(shown);
    said.textContent = "Selected: press Ctrl-C";
  }
}
