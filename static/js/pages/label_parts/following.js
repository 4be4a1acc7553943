/**
 * What becomes of what was said (stored, refused, given up) or is said in another tab, and what follows from it for the turns on
 * this page. It sends nothing.
 * @module
 */

import { stepsOf } from "../../lib/judged_past.js";
import { turnOf } from "./ends.js";

/** @typedef {import("./in_hand.js").TurnInHand} TurnInHand */
/** @typedef {import("../../lib/outbox.js").Entry} Entry */
/** @typedef {import("../../net/outbox.js").Outbox} Outbox */

export class Following {
  /**
   * @param {Outbox} outbox
   * @param {string} turns where turns stand in the API
   * @param {object} page
   * @param {(turn: number) => TurnInHand | undefined} page.inHandOf
   * @param {(inHand: TurnInHand) => void} page.changed called when a turn is in another state
   * @param {import("./shared.js").Shared} page.shared
   * @param {(words: string) => void} page.say
   */
  constructor(outbox, turns, page) {
    this.outbox = outbox;
    this.turns = turns;
    this.page = page;
    /** What was stored of turns not laid out yet: the answer they are laid out from may be older than that. @type {Entry[]} */
    this.early = [];
    outbox.onStored((entry, _answer, isOwn) => this.stored(entry, isOwn));
    outbox.onElsewhere((entry) => this.heard(entry));
    outbox.onDropped((entries, theirs) => this.dropped(entries, theirs));
    outbox.onRefused((entry, { message }) => this.refused(entry, message));
  }

  /** Says again what the server's answer did not know. @param {TurnInHand} inHand */
  replay(inHand) {
    const { turn } = inHand;
    const rows = [...stepsOf(turn).flatMap(({ mine, chain }) => [mine, ...(chain ?? [])]), ...(turn.own_chain ?? [])];
    const known = new Set(rows.map((row) => row?.client_uuid));
    const path = `${this.turns}${turn.id}/`;
    for (const entry of [...this.early.filter((entry) => entry.path.startsWith(path)), ...this.outbox.pending(path)]) {
      if (known.has(entry.body.client_uuid)) continue;
      if (isLabel(entry)) inHand.judging.take(entry.body.number, entry.body);
      else take(inHand, entry);
    }
    // Once for all: a long time offline leaves as many verdicts as there are rows.
    inHand.draw();
  }

  /** @param {Entry} entry @param {boolean} isOwn */
  stored(entry, isOwn) {
    const inHand = this.inHandOf(entry);
    if (inHand) return this.stands(inHand, entry, isOwn);
    if (entry.path.startsWith(this.turns) && !isState(entry)) this.early.push(entry);
  }

  /** @param {Entry} entry of another tab */
  heard(entry) {
    const inHand = this.inHandOf(entry);
    if (!inHand) return;
    this.stands(inHand, entry, false);
    if (isLabel(entry)) this.page.shared.tell(inHand, entry.body.number, entry.body);
  }

  /** What stands is the latest that is on its way, and what was stored now only where nothing is. @param {TurnInHand} inHand @param {Entry} entry @param {boolean} isOwn */
  stands(inHand, entry, isOwn) {
    if (isLabel(entry) || isOwnStep(entry) || isRating(entry)) take(inHand, { ...entry, ...this.outbox.latest(entry.key) });
    else if (!isOwn) take(inHand, entry);
    if (!isOwn && isState(entry)) this.page.changed(inHand);
  }

  /** @param {Entry[]} entries that were given up @param {any} theirs what was stored instead; null where nothing was */
  dropped(entries, theirs) {
    const [entry] = entries;
    const inHand = this.inHandOf(entry);
    if (!inHand) return;
    const uuids = entries.map(({ body }) => body.client_uuid);
    if (isOwnStep(entry)) inHand.giveUpOwnStep(entry.body, uuids);
    if (isRating(entry)) inHand.giveUp(-labelOf(entry), uuids);
    if (!isLabel(entry)) return;
    const { number } = entry.body;
    if (theirs) inHand.take(number, theirs);
    else inHand.giveUp(number, uuids);
    this.page.shared.giveUp(inHand, number, uuids);
  }

  /** A task that was not taken is still to be done. @param {Entry} entry @param {string} message */
  refused(entry, message) {
    if (!isState(entry)) return;
    this.page.say(`${entry.words}: ${message}`);
    const inHand = this.inHandOf(entry);
    if (!inHand || entry.body.state === "open") return;
    inHand.state.set("open");
    this.page.changed(inHand);
  }

  /** @param {Entry} entry */
  inHandOf({ path }) {
    return path.startsWith(this.turns) ? this.page.inHandOf(turnOf(this.turns, path)) : undefined;
  }
}

/** @param {TurnInHand} inHand @param {Entry} entry */
function take(inHand, entry) {
  const { body } = entry;
  if (isLabel(entry)) inHand.take(body.number, body);
  if (isOwnStep(entry)) inHand.takeOwnStep(body);
  if (isRating(entry)) inHand.take(-labelOf(entry), body);
  if (isState(entry) && !entry.refused) inHand.state.set(body.state);
}

/** @param {Entry} entry */
function isLabel({ path }) {
  return path.endsWith("/labels");
}

/** @param {Entry} entry */
function isOwnStep({ path }) {
  return path.endsWith("/own-steps");
}

/** @param {Entry} entry */
function isRating({ path }) {
  return path.includes("/critiques/");
}

/** @param {Entry} entry a rating @returns {number} the label that carries the critique */
function labelOf({ path }) {
  return Number(path.split("/").at(-1));
}

/** @param {Entry} entry */
function isState({ path }) {
  return path.endsWith("/state");
}
