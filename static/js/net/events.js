/**
 * The events of a run: as columns once somebody needs them, later ones behind them, and one by one with their words.
 * It draws no conclusion from them.
 * @module
 */

import { atom } from "../lib/atom.js";
import { readColumns } from "../lib/columns.js";
import { extended, noEvents } from "../lib/event_columns.js";
import { getColumns, getJson } from "./api.js";

/** @typedef {import("../lib/event_columns.js").Events} Events */
/** @typedef {{seq: number, kind: string, number?: number, why?: string, times?: number, resource?: string, limit?: number, spent?: number,
 *   value?: number, returns?: number[], parameters?: Record<string, unknown>}} FullEvent as apps/trees gives it; which fields it has depends on its kind */

/** More are not given in one answer. */
const MOST = 2000;

export class RunEvents {
  /** @param {string} path of the API's events */
  constructor(path) {
    this.path = path;
    /** What is known; count 0 until it was asked for. */
    this.now = atom("events", noEvents());
    /** @type {Promise<void> | null} */
    this.underway = null;
    /** @type {Map<string, Promise<FullEvent[]>>} */
    this.asked = new Map();
  }

  get isLoaded() {
    return this.now.get().count > 0;
  }

  /**
   * Asks for what is stored beyond what is known; who asks while an answer is under way shares it.
   * @returns {Promise<void>}
   */
  load() {
    this.underway ??= this.fetch().finally(() => {
      this.underway = null;
    });
    return this.underway;
  }

  async fetch() {
    const known = this.now.get();
    const after = known.count;
    const { header, columns } = readColumns(await getColumns(after ? `${this.path}?after=${after}` : this.path));
    this.now.set(extended(known, after, /** @type {any} */ (header), columns));
  }

  /**
   * Some events in full, at most as many as one answer holds; what was asked once is known.
   * @param {number} from seq of the first
   * @param {number} to seq of the last
   * @returns {Promise<FullEvent[]>}
   */
  range(from, to) {
    const path = `${this.path}?from=${from}&to=${Math.min(to, from + MOST - 1)}`;
    const known = this.asked.get(path);
    if (known) return known;
    const asked = getJson(path).then(({ events }) => events);
    this.asked.set(path, asked);
    // What failed is asked for again the next time.
    asked.catch(() => this.asked.delete(path));
    return asked;
  }
}
