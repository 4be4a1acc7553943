/**
 * What else could stand in the place of a step: said below its row, unfolded by key, fetched then, and judged like any other.
 * @module
 */

import { plural } from "../../lib/format.js";
import { ApiError, getJson } from "../../net/api.js";
import { button, element } from "../../panels/element.js";
import { given, say } from "./places.js";

/** @typedef {import("./page.js").LabelPage} LabelPage */
/** @typedef {import("./page.js").Piece} Piece */
/** @typedef {import("../../lib/judging.js").Step} Step */
/** @typedef {import("../../lib/rows_to_judge.js").Row} Row */

/**
 * @param {LabelPage} page
 * @returns {Record<string, () => void>}
 */
export function attach(page) {
  page.piece.watch((piece) => {
    if (!piece || watched.has(piece)) return;
    watched.add(piece);
    const { rows, turn } = piece.inHand;
    // Most tasks offer none, and a task may have a thousand steps.
    const steps = new Map(turn.steps.filter((step) => step.judge && step.alternative_numbers?.length).map((step) => [step.number, step]));
    const show = () => {
      for (const row of rows.get()) {
        const step = row.below ? undefined : steps.get(row.number);
        if (step) showFold(page, piece, row, step);
      }
    };
    rows.watch(show);
    show();
  });
  return { a: () => void flipFocused(page) };
}

/** @type {WeakSet<Piece>} */
const watched = new WeakSet();

/** @param {LabelPage} page @param {Piece} piece @param {Row} row @param {Step} step of the row */
function showFold(page, piece, row, step) {
  const view = piece.sheet.views.get(row.key);
  if (!view) return;
  const slot = view.slot("alternatives");
  const words = `${step.unfolded ? "▾" : "▸"} ${plural(step.alternative_numbers?.length ?? 0, "alternative")} `;
  const existing = slot.querySelector("button");
  if (existing) existing.replaceChildren(words, element("kbd", "", "a"));
  const fold = existing ?? button("button button-quiet label-fold", () => void flip(page, piece, row), words, element("kbd", "", "a"));
  fold.tabIndex = -1;
  fold.setAttribute("aria-expanded", String(step.unfolded ?? false));
  if (!existing) slot.append(fold);
  // After the first bad step of phase two they stand there without being asked for.
  slot.hidden = row.kind === "beyond" || (piece.inHand.mode.key === "phase-two" && row.verdict === "bad");
}

/** Of an alternative, the row it stands below. @param {LabelPage} page */
async function flipFocused(page) {
  const piece = page.piece.get();
  const rows = piece?.inHand.rows.get() ?? [];
  const at = rows.findIndex((row) => row.key === piece?.inHand.at.get());
  const row = rows.slice(0, at + 1).filter((one) => !one.below).at(-1);
  if (!piece || !row || !stepOf(piece, row)?.alternative_numbers?.length) return say("This step has no alternatives.");
  await flip(page, piece, row);
}

/** @param {LabelPage} page @param {Piece} piece @param {Row} row */
async function flip(page, piece, row) {
  const step = /** @type {Step} */ (stepOf(piece, row));
  if (!step.alternatives?.length && !(await fetched(piece, step))) return;
  step.unfolded = !step.unfolded;
  piece.inHand.draw();
  page.moveTo(row.key);
  say(step.unfolded ? `${plural(step.alternatives?.length ?? 0, "alternative")} of ${row.name.toLowerCase()}, below it.` : `Alternatives of ${row.name.toLowerCase()} folded.`);
}

/** @param {Piece} piece @param {Step} step @returns {Promise<boolean>} whether they are there now */
async function fetched({ inHand }, step) {
  try {
    const { alternatives } = await getJson(`${given.turns}${inHand.turn.id}/alternatives?number=${step.number}`);
    step.alternatives = alternatives;
    inHand.learn({ steps: alternatives });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(`The alternatives could not be fetched: ${error.message}`);
    return false;
  }
}

/** @param {Piece} piece @param {Row} row */
function stepOf({ inHand }, row) {
  return row.below ? undefined : inHand.turn.steps.find((step) => step.number === row.number && step.judge);
}
