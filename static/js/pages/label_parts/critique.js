/**
 * What is wrong with a step, in the reader's words: written below its row, sent when the field is left. It shows nobody else's.
 * @module
 */

import { element } from "../../panels/element.js";
import { say } from "./places.js";
import { openField } from "./writing.js";

/** @typedef {import("./page.js").LabelPage} LabelPage */
/** @typedef {import("./page.js").Piece} Piece */
/** @typedef {import("../../lib/rows_to_judge.js").Row} Row */

const LONGEST = 4000;

/**
 * @param {LabelPage} page
 * @returns {Record<string, () => void>}
 */
export function attach(page) {
  page.piece.watch((piece) => piece && showAll(piece));
  return { c: () => write(page) };
}

/** @param {Piece} piece */
function showAll(piece) {
  const show = () => {
    for (const row of piece.inHand.rows.get()) if (row.number) showOne(piece, row);
  };
  show();
  if (piece.isWatched) return;
  piece.isWatched = true;
  piece.inHand.rows.watch(show);
}

/** @param {Piece} piece @param {Row} row */
function showOne(piece, row) {
  const view = piece.sheet.views.get(row.key);
  if (!view || (!row.critique && !view.slots.has("critique"))) return;
  const slot = view.slot("critique");
  if (slot.querySelector("textarea")) return;
  const words = element("q", "", row.critique);
  words.dir = "auto";
  slot.replaceChildren(...(row.critique ? [element("p", "label-critique small", element("span", "quiet", "why: "), words)] : []));
}

/** @param {LabelPage} page */
function write(page) {
  const piece = page.piece.get();
  const row = piece?.inHand.row;
  if (!piece || !row?.number || !row.choices.length || !piece.inHand.isOpen) return say("There is nothing to criticise here.");
  const slot = piece.sheet.views.get(row.key)?.slot("critique");
  const field = slot?.querySelector("textarea") ?? (slot && opened(page, piece, row, slot));
  field?.focus();
}

/** @param {LabelPage} page @param {Piece} piece @param {Row} row @param {HTMLElement} slot */
function opened(page, piece, row, slot) {
  return openField({
    slot,
    key: `critique:${piece.inHand.turn.id}:${row.number}`,
    text: row.critique,
    label: `What is wrong with ${row.name.toLowerCase()}`,
    help: "",
    longest: LONGEST,
    leave: () => piece.sheet.focus(),
    written(critique) {
      page.change(piece, [{ number: row.number, critique }]);
      const now = piece.inHand.rows.get().find((one) => one.key === row.key);
      if (now) showOne(piece, now);
    },
  });
}
