/**
 * A step in the reader's own words: written below a row, sent when the field is left. In phase one it stands beside all
 * alternatives, elsewhere in the place of the step it is written at. Emptied it is taken back.
 * @module
 */

import { levelsOf } from "../../lib/judging_phases.js";
import { newUuid } from "../../lib/uuid.js";
import { place, say } from "./places.js";
import { openField } from "./writing.js";

/** @typedef {import("./page.js").LabelPage} LabelPage */
/** @typedef {import("./page.js").Piece} Piece */
/** @typedef {{parent: number, instead_of: number | null}} Where */

const LONGEST = 10_000;

/**
 * @param {LabelPage} page
 * @returns {Record<string, () => void>}
 */
export function attach(page) {
  const act = () => write(page);
  place("own-step").addEventListener("click", act);
  return { i: act };
}

/** @param {LabelPage} page */
function write(page) {
  const piece = page.piece.get();
  const row = piece?.inHand.row;
  const where = piece && row ? whereOf(piece) : null;
  const view = row && piece?.sheet.views.get(row.key);
  if (!piece?.inHand.isOpen || !where || !view) return say("There is no step to write here.");
  const slot = view.slot("own-step");
  (slot.querySelector("textarea") ?? opened(page, piece, where, slot)).focus();
}

/** What the focused row's own step would follow, and whose place it takes. @param {Piece} piece @returns {Where | null} */
function whereOf({ inHand: { turn, judging, mode, row, rows } }) {
  if (mode.key !== "phase-one") {
    // Below a step stand what belongs to it: the alternatives, what was written.
    const all = rows.get();
    const above = all.slice(0, all.findIndex((one) => one.key === row?.key) + 1).filter((one) => !one.below && one.number).at(-1);
    const step = turn.steps.find(({ number, judge }) => judge && number === above?.number);
    return step ? { parent: step.parent, instead_of: step.number } : null;
  }
  const { levels, unknown } = levelsOf(turn, judging.said);
  const level = levels.find(({ steps, own }) => steps.some(({ number }) => number === row?.number) || (own && row?.key === `own-${own.client_uuid}`));
  if (level) return { parent: level.parent, instead_of: null };
  return row?.kind === "end" && unknown === null ? { parent: levels[levels.length - 1].parent, instead_of: null } : null;
}

/** @param {LabelPage} page @param {Piece} piece @param {Where} where @param {HTMLElement} slot */
function opened(page, piece, where, slot) {
  const stands = piece.inHand.judging.ownAt(where).text;
  return openField({
    slot,
    key: `own-step:${piece.inHand.turn.id}:${where.parent}:${where.instead_of ?? ""}`,
    text: stands,
    label: "A step of your own, with one idea",
    help: "One idea, as it would follow here.",
    longest: LONGEST,
    leave: () => piece.sheet.focus(),
    written(text) {
      if (text === stands) return;
      piece.inHand.writeOwnStep({ ...where, text, client_uuid: newUuid() });
      page.drawFoot();
      say(text ? "Your own step is kept." : "Your own step is taken back.");
    },
  });
}
