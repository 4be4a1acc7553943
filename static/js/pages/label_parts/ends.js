/**
 * Which turns are over for this page while the server does not know it yet, so that it does not give them out again. It sends
 * nothing.
 * @module
 */

import { heldOf } from "../../lib/outbox.js";

/** @typedef {import("../../net/outbox.js").Outbox} Outbox */
/** @typedef {import("../../lib/outbox.js").Entry} Entry */

export class Ends {
  /** @param {Outbox} outbox @param {string} turns where turns stand in the API */
  constructor(outbox, turns) {
    this.outbox = outbox;
    this.turns = turns;
    const waiting = outbox.pending(turns).filter((entry) => isState(entry) && !entry.refused);
    this.ids = new Set(waiting.filter(({ body }) => body.state !== "open").map(({ path }) => turnOf(turns, path)));
    /** @type {(() => void)[]} */
    this.waiters = [];
    outbox.onStored((entry) => this.over(entry));
    outbox.onRefused((entry) => this.over(entry));
  }

  /** @param {number} turn @param {boolean} isEnd false where it is opened again */
  begin(turn, isEnd) {
    if (isEnd) this.ids.add(turn);
    else this.ids.delete(turn);
  }

  /** @returns {Promise<void>} when the server has heard of all of them, has refused them, or they wait for the person */
  known() {
    return this.isWaiting ? new Promise((resolve) => this.waiters.push(resolve)) : Promise.resolve();
  }

  /** Whether one is still on its way; behind a verdict that was refused none is. */
  get isWaiting() {
    const held = new Set(heldOf(this.outbox.pending(this.turns)).filter(isState).map(({ path }) => turnOf(this.turns, path)));
    return [...this.ids].some((id) => !held.has(id));
  }

  /** @param {Entry} entry */
  over(entry) {
    const waits = this.outbox.pending(entry.path).some((other) => other.id !== entry.id && !other.refused);
    if (isState(entry) && entry.path.startsWith(this.turns) && !waits) this.ids.delete(turnOf(this.turns, entry.path));
    if (!this.isWaiting) for (const go of this.waiters.splice(0)) go();
  }
}

/** @param {Entry} entry */
function isState({ path }) {
  return path.endsWith("/state");
}

/** @param {string} turns @param {string} path of something about a turn */
export function turnOf(turns, path) {
  return Number(path.slice(turns.length).split("/")[0]);
}
