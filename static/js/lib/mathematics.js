/**
 * Cuts text into prose and formulas by their delimiters, and says which formulas are too big to render. Renders nothing.
 * @module
 */

/** @typedef {{kind: "text" | "inline" | "display", source: string, written: string}} Segment written: delimiters included */

const LONGEST = 4000;
const DEEPEST = 200;

const PATTERNS = [
  { open: "$$", close: "$$", kind: "display" },
  { open: "\\[", close: "\\]", kind: "display" },
  { open: "\\(", close: "\\)", kind: "inline" },
  { open: "$", close: "$", kind: "inline" },
];

/**
 * @param {string} text
 * @returns {Segment[]} whose `written` parts, joined, are the text
 */
export function segmentsOf(text) {
  /** @type {Segment[]} */
  const segments = [];
  let plainFrom = 0;
  let at = 0;
  while (at < text.length) {
    const found = text[at] === "$" || text[at] === "\\" ? formulaAt(text, at) : null;
    if (!found) {
      at += text[at] === "\\" ? 2 : 1;
      continue;
    }
    if (plainFrom < at) segments.push(plain(text.slice(plainFrom, at)));
    segments.push(found);
    at += found.written.length;
    plainFrom = at;
  }
  if (plainFrom < text.length) segments.push(plain(text.slice(plainFrom)));
  return segments;
}

/**
 * @param {string} written
 * @returns {Segment}
 */
function plain(written) {
  return { kind: "text", source: written, written };
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {Segment | null}
 */
function formulaAt(text, at) {
  const pattern = PATTERNS.find(({ open }) => text.startsWith(open, at));
  if (!pattern) return null;
  const from = at + pattern.open.length;
  const end = closingPlace(text, from, pattern);
  if (end < 0) return null;
  const source = text.slice(from, end);
  if (!source.trim()) return null;
  const kind = pattern.kind === "display" ? "display" : "inline";
  return { kind, source, written: text.slice(at, end + pattern.close.length) };
}

/**
 * A single dollar is a price as often as a delimiter: it opens only before ink, closes only behind ink, never before a
 * digit, and never across an empty line.
 * @param {string} text
 * @param {number} from
 * @param {{open: string, close: string}} pattern
 * @returns {number} −1 where it does not close
 */
function closingPlace(text, from, { open, close }) {
  const single = open === "$";
  if (single && /\s/.test(text[from] ?? " ")) return -1;
  const limit = Math.min(text.length, from + 2 * LONGEST);
  for (let at = from; at < limit; at++) {
    if (single && text.startsWith("\n\n", at)) return -1;
    if (text.startsWith(close, at)) {
      if (!single || (!/\s/.test(text[at - 1]) && !/\d/.test(text[at + 1] ?? ""))) return at;
    } else if (text[at] === "\\") {
      at++;
    }
  }
  return -1;
}

/**
 * Whether a formula may go to the renderer, whose recursion overflows on deep nesting (measured: 3,000 levels).
 * @param {string} source
 * @returns {boolean}
 */
export function isRenderable(source) {
  if (source.length > LONGEST) return false;
  let depth = 0;
  for (const letter of source) {
    if (letter === "{" && ++depth > DEEPEST) return false;
    if (letter === "}") depth--;
  }
  return true;
}
