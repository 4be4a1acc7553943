/**
 * Phase one goes on: a step is chosen, and what follows it is fetched. Where that fails nothing is lost: the choice stands, and it
 * is asked for again when the line is back or the key is pressed once more.
 * @module
 */

import { awaitsChoice, choiceOf, levelsOf, notToChoose, unjudged } from "../../lib/judging_phases.js";
import { ApiError, getJson } from "../../net/api.js";
import { given, place, say } from "./places.js";

/** @typedef {import("./page.js").LabelPage} LabelPage */
/** @typedef {import("./page.js").Piece} Piece */

const asked = new Set();
/** @type {WeakSet<Piece>} */
const watched = new WeakSet();

/**
 * @param {LabelPage} page
 * @returns {Record<string, () => void>}
 */
export function attach(page) {
  place("choose").addEventListener("click", () => choose(page));
  page.piece.watch((piece) => {
    place("choose").hidden = piece?.inHand.mode.key !== "phase-one" || !piece.inHand.isOpen;
    if (!piece || piece.inHand.mode.key !== "phase-one" || watched.has(piece)) return;
    watched.add(piece);
    piece.inHand.rows.watch(() => void follow(page, piece));
    void follow(page, piece);
  });
  addEventListener("online", () => {
    const piece = page.piece.get();
    if (piece?.inHand.mode.key === "phase-one") void follow(page, piece);
  });
  return { t: () => choose(page) };
}

/** @param {LabelPage} page */
function choose(page) {
  const piece = page.piece.get();
  if (piece?.inHand.mode.key !== "phase-one") return say("There is no step to choose here.");
  const { turn, judging, row } = piece.inHand;
  const { levels, unknown } = levelsOf(turn, judging.said);
  if (unknown !== null) void follow(page, piece);
  const level = levels.find(({ steps }) => steps.some(({ number }) => number === row?.number));
  const step = level?.steps.find(({ number }) => number === row?.number);
  if (!level || !step || !row) return say("Go to the alternative to choose first.");
  const why = notToChoose(step, judging.said);
  if (why) return tell(why);
  page.change(piece, choiceOf(level, step.number, judging.said));
  say(`${row.name}: chosen to go on from.`);
}

/** Fetches what follows the chosen step where that is not known, and leads to where something is to be done. @param {LabelPage} page @param {Piece} piece */
async function follow(page, piece) {
  const { turn, judging } = piece.inHand;
  const { levels, unknown } = levelsOf(turn, judging.said);
  if (unknown === null) return queueMicrotask(() => lead(page, piece, levels[levels.length - 1]));
  const what = `${turn.id}/${unknown}`;
  if (asked.has(what)) return;
  asked.add(what);
  try {
    const { alternatives } = await getJson(`${given.turns}${turn.id}/alternatives?parent=${unknown}`);
    turn.levels = [...(turn.levels ?? []), { parent: unknown, steps: alternatives }];
    piece.inHand.learn({ levels: [{ parent: unknown, steps: alternatives }] });
    if (page.piece.get() === piece) page.moveTo(alternatives.length ? `step-${alternatives[0].number}` : "end");
    page.drawFoot();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(`What follows could not be fetched: ${error.message} Press t to try again.`);
  } finally {
    asked.delete(what);
  }
}

/** Once all of a level are judged, the focus is on the first good one. @param {LabelPage} page @param {Piece} piece @param {import("../../lib/judging_phases.js").Level} last */
function lead(page, piece, last) {
  const { judging, row } = piece.inHand;
  if (page.piece.get() !== piece || !last.steps.length || unjudged(last, judging.said).length || !awaitsChoice(last, judging.said)) return;
  const good = last.steps.filter(({ number }) => judging.of(number).verdict === "good");
  if (good.some(({ number }) => number === row?.number)) return;
  if (last.steps.at(-1)?.number === row?.number) page.moveTo(`step-${good[0].number}`);
}

/** @param {string} words said and shown */
function tell(words) {
  place("foot-said").textContent = words;
  say(words);
}
