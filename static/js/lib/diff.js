/**
 * Two branches laid beside each other: what is the same, what is alike, what only one has. It knows texts alone, and never
 * works longer than its limits allow, whatever it is given.
 * @module
 */

/**
 * @typedef {"same" | "alike" | "other" | "left" | "right"} Kind same: equal but for white space; alike: words in common; other:
 *   beside each other by place alone; left, right: only there
 * @typedef {{kind: Kind, left: number, right: number}} Row indices of steps, −1 where that side has none
 */

/** A gap of more pairs than this is laid beside each other by place: likeness of each with each would take too long. */
const PAIRS = 40_000;
/** Of a text so many words tell what it is like. */
const WORDS_COMPARED = 300;
const ALIKE = 0.5;

/**
 * Lay two branches beside each other: equal steps from the start, then those that are found once on either side, then, in
 * the gaps between, whatever is most alike; the rest by place.
 * @param {readonly string[]} left texts of the steps, from the first below the question
 * @param {readonly string[]} right
 * @returns {Row[]} every step once, each side in its order
 */
export function align(left, right) {
  const keys = [left.map(normalised), right.map(normalised)];
  /** @type {Row[]} */
  const rows = [];
  let [l, r] = [0, 0];
  for (const [nextLeft, nextRight] of [...anchors(keys[0], keys[1]), /** @type {[number, number]} */ ([left.length, right.length])]) {
    rows.push(...gap(keys, { l, r, endLeft: nextLeft, endRight: nextRight }));
    if (nextLeft < left.length) rows.push({ kind: "same", left: nextLeft, right: nextRight });
    [l, r] = [nextLeft + 1, nextRight + 1];
  }
  return rows;
}

/** @param {string} text */
function normalised(text) {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}

/**
 * Equal steps that hold: the common start, the common end, and between them those found once on either side, as many as stand
 * in the same order.
 * @param {readonly string[]} left
 * @param {readonly string[]} right
 * @returns {[number, number][]} rising on both sides
 */
function anchors(left, right) {
  const most = Math.min(left.length, right.length);
  let start = 0;
  while (start < most && left[start] === right[start]) start++;
  let end = 0;
  while (end < most - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end++;
  const at = (/** @type {number} */ length) => Array.from({ length }, (_, place) => place);
  return [
    ...at(start).map((place) => /** @type {[number, number]} */ ([place, place])),
    ...rising(unique(left, right, start, end)),
    ...at(end).map((place) => /** @type {[number, number]} */ ([left.length - end + place, right.length - end + place])),
  ];
}

/**
 * @param {readonly string[]} left
 * @param {readonly string[]} right
 * @param {number} start
 * @param {number} end
 * @returns {[number, number][]} equal pairs that each side holds once, in the order of the left
 */
function unique(left, right, start, end) {
  const [here, there] = [placesOf(left, start, end), placesOf(right, start, end)];
  /** @type {[number, number][]} */
  const pairs = [];
  for (const [key, place] of here) {
    const other = there.get(key) ?? -1;
    if (place >= 0 && other >= 0 && key) pairs.push([place, other]);
  }
  return pairs.sort((a, b) => a[0] - b[0]);
}

/**
 * @param {readonly string[]} keys
 * @param {number} start
 * @param {number} end
 * @returns {Map<string, number>} −1 where it is there more than once
 */
function placesOf(keys, start, end) {
  /** @type {Map<string, number>} */
  const places = new Map();
  for (let place = start; place < keys.length - end; place++) places.set(keys[place], places.has(keys[place]) ? -1 : place);
  return places;
}

/**
 * The longest part of the pairs whose right sides rise.
 * @param {[number, number][]} pairs left sides rising
 */
function rising(pairs) {
  /** @type {number[]} the pair at which the best part of each length ends */
  const ends = [];
  const before = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(([, right], at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]][1] < right) low = middle + 1;
      else high = middle;
    }
    before[at] = low ? ends[low - 1] : -1;
    ends[low] = at;
  });
  const kept = [];
  for (let at = ends[ends.length - 1] ?? -1; at >= 0; at = before[at]) kept.push(pairs[at]);
  return kept.reverse();
}

/**
 * @param {readonly string[][]} keys
 * @param {{l: number, r: number, endLeft: number, endRight: number}} bounds
 * @returns {Row[]}
 */
function gap(keys, { l, r, endLeft, endRight }) {
  const [rows, columns] = [endLeft - l, endRight - r];
  /** @type {Row[]} */
  const found = [];
  const pairs = rows * columns && rows * columns <= PAIRS ? alikePairs(keys, l, r, rows, columns) : [];
  let [atLeft, atRight] = [l, r];
  for (const [pairLeft, pairRight] of [...pairs, [endLeft, endRight]]) {
    found.push(...byPlace(atLeft, pairLeft, atRight, pairRight));
    if (pairLeft < endLeft) found.push({ kind: keys[0][pairLeft] === keys[1][pairRight] ? "same" : "alike", left: pairLeft, right: pairRight });
    [atLeft, atRight] = [pairLeft + 1, pairRight + 1];
  }
  return found;
}

/**
 * @param {number} l
 * @param {number} endLeft
 * @param {number} r
 * @param {number} endRight
 * @returns {Row[]}
 */
function byPlace(l, endLeft, r, endRight) {
  const [rows, columns] = [endLeft - l, endRight - r];
  return Array.from({ length: Math.max(rows, columns, 0) }, (_, at) => {
    if (at >= columns) return { kind: "left", left: l + at, right: -1 };
    if (at >= rows) return { kind: "right", left: -1, right: r + at };
    return { kind: "other", left: l + at, right: r + at };
  });
}

/**
 * The pairs, each side in its order, that have most in common taken together; what is hardly alike is no pair.
 * @param {readonly string[][]} keys
 * @param {number} l
 * @param {number} r
 * @param {number} rows
 * @param {number} columns
 * @returns {[number, number][]}
 */
function alikePairs(keys, l, r, rows, columns) {
  const bags = keys.map((texts, side) => texts.slice(side ? r : l, side ? r + columns : l + rows).map(bagOf));
  const width = columns + 1;
  const best = new Float32Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      const alike = keys[0][l + row] === keys[1][r + column] ? 2 : likenessOf(bags[0][row], bags[1][column]);
      const [down, across] = [best[(row + 1) * width + column], best[row * width + column + 1]];
      const paired = alike >= ALIKE ? alike + best[(row + 1) * width + column + 1] : 0;
      best[row * width + column] = Math.max(down, across, paired);
    }
  }
  /** @type {[number, number][]} */
  const pairs = [];
  for (let [row, column] = [0, 0]; row < rows && column < columns; ) {
    const here = best[row * width + column];
    if (here === best[(row + 1) * width + column]) row++;
    else if (here === best[row * width + column + 1]) column++;
    else pairs.push([l + row++, r + column++]);
  }
  return pairs;
}

/** @typedef {{counts: Map<string, number>, size: number}} Bag */

/** @param {string} text @returns {Bag} */
function bagOf(text) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const words = text.slice(0, WORDS_COMPARED * 12).toLowerCase().match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
  const compared = words.slice(0, WORDS_COMPARED);
  for (const word of compared) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { counts, size: compared.length };
}

/** Words in common, as a share of all of both. @param {Bag} one @param {Bag} other */
function likenessOf(one, other) {
  const [small, large] = one.counts.size < other.counts.size ? [one, other] : [other, one];
  let common = 0;
  for (const [word, count] of small.counts) common += Math.min(count, large.counts.get(word) ?? 0);
  return (2 * common) / (one.size + other.size || 1);
}
