/**
 * The labelling page: the outbox, the turn that is asked for, and everything put together. What each part does stands in its own
 * module, in label_parts and elsewhere.
 * @module
 */

import { ApiError, getJson, postJson } from "../net/api.js";
import { openOutbox } from "../net/outbox.js";
import { attachSaved } from "../panels/saved.js";
import { comingKatex } from "../panels/typeset.js";
import { attachActions } from "./label_parts/acting.js";
import { Ends } from "./label_parts/ends.js";
import { attachFeatures } from "./label_parts/features.js";
import { firstTurn } from "./label_parts/first_turn.js";
import { Following } from "./label_parts/following.js";
import { LabelPage } from "./label_parts/page.js";
import { given, place, say } from "./label_parts/places.js";
import * as states from "./label_parts/states.js";

/** @typedef {import("./label_parts/in_hand.js").TurnInHand} TurnInHand */
/** @typedef {import("./label_parts/in_hand.js").Send} Send */

// Hardly a task is without a formula: its renderer comes while the task is asked for.
void comingKatex();
const outbox = await openOutbox({ person: given.person });
const ends = new Ends(outbox, given.turns);
// What still waits to be sent is stored meanwhile: an answer from before would know less than a later one.
const first = outbox.pending(given.turns).length ? null : firstTurn;
const page = new LabelPage({ send, replay: (inHand) => following.replay(inHand), ends, first: given.turn ? null : first });
const following = new Following(outbox, given.turns, { inHandOf, shared: page.shared, changed: (inHand) => page.isInState(inHand), say });
attachSaved(place("saved-place"), outbox);
attachActions(page, attachFeatures(page));
outbox.onStored((entry) => page.stored.set(entry));
outbox.onDropped(() => {
  const piece = page.piece.get();
  if (piece) page.shared.catchUp(piece.inHand);
});
keepLease();
await open(first);

/** @param {typeof first} asked what was asked for before, null where it is asked for anew */
async function open(asked) {
  states.showLoading();
  if (!given.turn) return page.goOn();
  try {
    const came = await asked;
    if (came?.error) throw came.error;
    page.show(page.layOut(came ? came.answer : await getJson(`${given.turns}${given.turn}`)), "open");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    states.showFailure(error, () => void open(null));
  }
}

/** @type {Send} */
function send(turn, kind, body) {
  if (kind === "state") ends.begin(turn, body.state !== "open");
  const inHand = inHandOf(turn);
  if (kind === "labels" && inHand) page.shared.tell(inHand, Number(body.number), body);
  const path = `${given.turns}${turn}/${kind}`;
  // How a task ends is said anew in place of an ending that was refused.
  if (kind === "state") for (const { id, refused, path: older } of outbox.pending(path)) if (refused && older === path) void outbox.resolve(id, null);
  void outbox.add({ path, body, key: keyOf(turn, kind, body), words: wordsOf(turn, kind, body) });
}

/** What an entry is about: the end of a turn waits for all that was said in it. @param {number} turn @param {string} kind @param {Record<string, unknown>} body */
function keyOf(turn, kind, body) {
  if (kind === "state") return `turn/${turn}`;
  if (kind === "labels") return `turn/${turn}/step/${body.number}`;
  return `turn/${turn}/${kind}${kind === "own-steps" ? `/${body.parent}/${body.instead_of ?? ""}` : ""}`;
}

/** @param {number} turn @param {string} kind @param {Record<string, unknown>} body @returns {string} what a list of what waits calls it */
function wordsOf(turn, kind, body) {
  if (kind === "labels") return `Step ${body.number}: ${body.verdict || "no verdict"}`;
  if (kind.startsWith("critiques/")) return `A critique: ${body.verdict || "no verdict"}`;
  return kind === "state" ? `Task ${turn}: ${body.state}` : "A step of your own";
}

/** @param {number} turn @returns {TurnInHand | undefined} */
function inHandOf(turn) {
  return [page.piece.get(), ...page.before.pieces].find((piece) => piece?.inHand.turn.id === turn)?.inHand;
}

/** The task stays with who is at it; that it could not be kept does no harm, since labels are taken all the same. */
function keepLease() {
  page.piece.watch((piece) => {
    if (!piece) return;
    const { id, lease_until } = piece.inHand.turn;
    const every = Math.max(30_000, (Date.parse(lease_until) - Date.now()) / 3);
    const renew = async () => {
      if (page.piece.get() !== piece || !piece.inHand.isOpen) return;
      if (page.attention.isActive(performance.now())) {
        await postJson(`${given.turns}${id}/lease`, {}).catch((error) => {
          if (!(error instanceof ApiError)) throw error;
        });
      }
      setTimeout(renew, every);
    };
    setTimeout(renew, every);
  });
}
