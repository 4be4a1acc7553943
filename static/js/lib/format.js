/**
 * Numbers and verdicts as people read them.
 * @module
 */

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** @param {number} value */
export function count(value) {
  return grouped.format(value);
}

/**
 * @param {number | null} value
 * @param {number} [digits]
 */
export function decimal(value, digits = 2) {
  if (value === null || Number.isNaN(value)) return "–";
  return value.toFixed(digits).replace("-", "−");
}

/**
 * A number that came in half precision, which has eleven bits: with no digit that it does not carry.
 * @param {number} value
 */
export function ofHalf(value) {
  const apart = 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 10);
  return decimal(value, Math.max(0, Math.min(2, Math.floor(-Math.log10(apart)))));
}

/**
 * @param {number} value
 * @param {string} one
 * @param {string} [many]
 */
export function plural(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/**
 * A maker in a few words: key and version.
 * @param {{key: string, version: string}} maker
 */
export function makerName({ key, version }) {
  return version ? `${key} ${version}` : key;
}

/**
 * White space that a reader would not see, made visible; the text itself stays beside it where it breaks the line.
 * @param {string} text
 */
export function visibleSpace(text) {
  return text.replaceAll(" ", "·").replaceAll("\t", "⇥").replaceAll("\r", "␍").replaceAll("\n", "↵") || "∅";
}

/** @typedef {"bad" | "neutral" | "good" | "unsure"} Verdict */

/** @type {Record<Verdict, {glyph: string, name: string, key: string}>} */
export const VERDICTS = {
  bad: { glyph: "✕", name: "Bad", key: "1" },
  neutral: { glyph: "○", name: "Neutral", key: "2" },
  good: { glyph: "✓", name: "Good", key: "3" },
  unsure: { glyph: "?", name: "Unsure", key: "4" },
};
