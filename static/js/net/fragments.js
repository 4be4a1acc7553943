/**
 * Fragments of pages, fetched when they are looked at: one request at a time, the last one counts, and what was fetched is
 * shown again at once. It shows nothing itself.
 * @module
 */

import { getFragment } from "./api.js";

const KEPT = 50;

export class Fragments {
  /** @param {string} part whose [data-part] a fragment is */
  constructor(part) {
    this.part = part;
    /** By address, the newest last. @type {Map<string, HTMLElement>} */
    this.known = new Map();
    this.asking = new AbortController();
  }

  /** @param {string} address @returns {HTMLElement | null} a copy of it, as it was fetched last */
  of(address) {
    return /** @type {HTMLElement | null} */ (this.known.get(address)?.cloneNode(true) ?? null);
  }

  /** No more of the answer that is under way. */
  leave() {
    this.asking.abort();
  }

  /**
   * Asks anew; whoever asks meanwhile ends it.
   * @param {string} address
   * @returns {Promise<HTMLElement | null>} null where another was asked for meanwhile
   */
  async fetch(address) {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    try {
      const page = await getFragment(address, { signal });
      if (signal.aborted) return null;
      const found = page.querySelector(`[data-part="${this.part}"]`);
      if (!(found instanceof HTMLElement)) throw new Error(`${address} was answered without a part ${this.part}.`);
      this.keep(address, document.importNode(found, true));
      return this.of(address);
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  /** @param {string} address @param {HTMLElement} fragment */
  keep(address, fragment) {
    this.known.delete(address);
    this.known.set(address, fragment);
    if (this.known.size > KEPT) this.known.delete(/** @type {string} */ (this.known.keys().next().value));
  }

  /** Something has changed: nothing that was fetched may be shown unasked. */
  forget() {
    this.known.clear();
  }
}
