/**
 * What others wrote against the first bad step of phase two: fetched once the reader's own verdict is stored, since nobody is told
 * before, and judged as rows of their own.
 * @module
 */

import { firstBad } from "../../lib/judging_phases.js";
import { ApiError, getJson } from "../../net/api.js";
import { given, say } from "./places.js";

/** @typedef {import("./page.js").LabelPage} LabelPage */
/** @typedef {import("./page.js").Piece} Piece */

/** @type {WeakMap<Piece, Set<number>>} */
const asked = new WeakMap();

/**
 * @param {LabelPage} page
 * @returns {Record<string, () => void>}
 */
export function attach(page) {
  page.piece.watch((piece) => {
    const bad = piece && badIn(piece);
    if (piece && bad?.mine?.verdict === "bad") void show(piece, bad.number);
  });
  page.stored.watch((entry) => {
    const piece = page.piece.get();
    const bad = piece && badIn(piece);
    if (!piece || !bad || !entry || entry.path !== `${given.turns}${piece.inHand.turn.id}/labels`) return;
    if (entry.body.number === bad.number && entry.body.verdict === "bad") void show(piece, bad.number);
  });
  return {};
}

/** @param {Piece} piece */
function badIn({ inHand: { mode, turn, judging } }) {
  return mode.key === "phase-two" ? turn.steps[firstBad(turn.steps, judging.said)] : undefined;
}

/** @param {Piece} piece @param {number} number */
async function show(piece, number) {
  const { turn, judging } = piece.inHand;
  const known = asked.get(piece) ?? new Set();
  asked.set(piece, known);
  if (known.has(number)) return;
  known.add(number);
  try {
    const { critiques } = await getJson(`${given.turns}${turn.id}/critiques?number=${number}`);
    turn.critiques = [...(turn.critiques ?? []), ...critiques.map((/** @type {{label: number, text: string}} */ { label, text }) => ({ number, label, text }))];
    judging.learnRatings(critiques, turn.id);
    piece.inHand.draw();
  } catch (error) {
    known.delete(number);
    if (!(error instanceof ApiError)) throw error;
    // Who corrected the verdict meanwhile is not told them, and has no use for them.
    if (badIn(piece)?.number === number) say(`What others wrote could not be fetched: ${error.message}`);
  }
}
