/**
 * Cuts text into prose and formulas by their delimiters, and says which formulas are too big to render. Renders nothing.
 * @module
 */

/** @typedef {{kind: "text" | "inline" | "display", source: string, written: string}} Segment written: delimiters included */

const LONGEST = 4000;
const SEARCHED = 2 * LONGEST;
const DEEPEST = 200;
/**
 * What one text may ask for; beyond it the rest stays as written, so that no text can keep the page from answering.
 * tries: letters looked through for an end that does not come.
 */
const BUDGET = { formulas: 500, source: 20_000, tries: 200_000 };

// With macros of its own a formula of 4,000 letters grows to millions before the renderer's limit on expansions ends it.
const DEFINES = /\\(?:global)?(?:[egx]?def|let|futurelet|(?:re)?newcommand|providecommand)(?![a-zA-Z])/;

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
  const left = { ...BUDGET };
  let plainFrom = 0;
  let at = 0;
  while (at < text.length && left.formulas > 0 && left.source > 0 && left.tries > 0) {
    const found = text[at] === "$" || text[at] === "\\" ? formulaAt(text, at, left) : null;
    if (!found) {
      at += text[at] === "\\" ? 2 : 1;
      continue;
    }
    if (plainFrom < at) segments.push(plain(text.slice(plainFrom, at)));
    segments.push(found);
    left.formulas--;
    left.source -= found.source.length;
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
 * @param {{tries: number}} left
 * @returns {Segment | null}
 */
function formulaAt(text, at, left) {
  const pattern = PATTERNS.find(({ open }) => text.startsWith(open, at));
  if (!pattern) return null;
  const from = at + pattern.open.length;
  const end = closingPlace(text, from, pattern);
  if (end < 0) {
    left.tries -= Math.min(text.length - from, SEARCHED);
    return null;
  }
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
  const limit = Math.min(text.length, from + SEARCHED);
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
 * Whether a formula may go to the renderer, whose recursion overflows on deep nesting (measured: 3,000 levels) and which
 * expands macros without a limit on their size.
 * @param {string} source
 * @returns {boolean}
 */
export function isRenderable(source) {
  if (source.length > LONGEST || DEFINES.test(source)) return false;
  let depth = 0;
  for (const letter of source) {
    if (letter === "{" && ++depth > DEEPEST) return false;
    if (letter === "}") depth--;
  }
  return true;
}
