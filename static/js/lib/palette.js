/**
 * Which of a palette's entries somebody means by what they typed, the likeliest first. It knows no entry.
 * @module
 */

/** @typedef {{name: string, group: string, hint?: string}} Entry name: what is looked in; hint: shown beside it, a key for example */

const MOST = 50;

/**
 * @template {Entry} T
 * @param {readonly T[]} entries in the order in which they are shown where nothing is typed
 * @param {string} typed words, each of which must be found: at the start of the name, of one of its words, or anywhere in it
 * @returns {T[]}
 */
export function entriesFor(entries, typed) {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const ranked = entries.map((entry, at) => ({ entry, at, rank: rankOf(folded(entry.name), words) })).filter(({ rank }) => rank < Infinity);
  ranked.sort((a, b) => a.rank - b.rank || a.at - b.at);
  return ranked.slice(0, MOST).map(({ entry }) => entry);
}

/**
 * @param {string} name
 * @param {string[]} words
 * @returns {number} less is better; Infinity where a word is not found
 */
function rankOf(name, words) {
  let rank = 0;
  for (const word of words) {
    const at = name.indexOf(word);
    if (at < 0) return Infinity;
    if (at === 0) continue;
    rank += new RegExp(`[^\\p{L}\\p{N}]${escaped(word)}`, "u").test(name) ? 1 : 2;
  }
  return rank;
}

/** @param {string} text */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
