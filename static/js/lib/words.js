/**
 * Two texts word by word: which words only one of them has. Beyond its limit it calls all between equal ends different,
 * so that no text can keep a page from answering.
 * @module
 */

import { segmentsOf } from "./mathematics.js";

/** @typedef {{text: string, isFormula: boolean, differs: boolean}} Piece */

/** So many comparisons of words, a million of which take some ten milliseconds. */
const CELLS = 1_000_000;

/**
 * Two texts in pieces, joined they are the texts; a formula is one piece, since half of one cannot be set.
 * @param {string} left
 * @param {string} right
 * @returns {[Piece[], Piece[]]}
 */
export function wordsApart(left, right) {
  const sides = [piecesOf(left), piecesOf(right)];
  const [here, there] = sides;
  const most = Math.min(here.length, there.length);
  let start = 0;
  while (start < most && here[start].text === there[start].text) start++;
  let end = 0;
  while (end < most - start && here[here.length - 1 - end].text === there[there.length - 1 - end].text) end++;
  const middle = sides.map((pieces) => pieces.slice(start, pieces.length - end));
  const common = commonOf(middle[0], middle[1]);
  middle.forEach((pieces, side) => pieces.forEach((piece, at) => (piece.differs = !common[side].has(at) && piece.text.trim() !== "")));
  return [here, there];
}

/** @param {string} text @returns {Piece[]} */
function piecesOf(text) {
  return segmentsOf(text).flatMap(({ kind, written }) => {
    const isFormula = kind !== "text";
    const pieces = isFormula ? [written] : (written.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? []);
    return pieces.map((piece) => ({ text: piece, isFormula, differs: false }));
  });
}

/**
 * @param {Piece[]} left
 * @param {Piece[]} right
 * @returns {[Set<number>, Set<number>]} the places of the longest row of pieces that both have; none where it would take too long
 */
function commonOf(left, right) {
  /** @type {[Set<number>, Set<number>]} */
  const common = [new Set(), new Set()];
  if (left.length * right.length > CELLS) return common;
  const width = right.length + 1;
  const best = new Uint32Array((left.length + 1) * width);
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      const at = row * width + column;
      best[at] = left[row].text === right[column].text ? best[at + width + 1] + 1 : Math.max(best[at + width], best[at + 1]);
    }
  }
  for (let [row, column] = [0, 0]; row < left.length && column < right.length; ) {
    const at = row * width + column;
    if (left[row].text === right[column].text) {
      common[0].add(row++);
      common[1].add(column++);
    } else if (best[at + width] >= best[at + 1]) row++;
    else column++;
  }
  return common;
}
