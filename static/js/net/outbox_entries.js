/**
 * The entries of one person's outbox as all tabs of this browser have them, and as its database keeps them. It sends none.
 * @module
 */

import { chainOf, goingOf } from "../lib/outbox.js";
import { PageStore } from "./outbox_store.js";

/** @typedef {import("../lib/outbox.js").Entry} Entry */
/** @typedef {import("./outbox_store.js").NewEntry} NewEntry */
/** @typedef {import("./outbox_store.js").BrowserStore | PageStore} Store */
/**
 * @typedef {{kind: "added" | "changed", entry: Entry} | {kind: "stored", entry: Entry, answer: any} | {kind: "dropped", entries: Entry[], theirs: any}} News
 */

export class Entries {
  /**
   * @param {string} person
   * @param {Store} store
   * @param {(news: News) => void} heard called for what another tab did
   */
  constructor(person, store, heard) {
    this.store = store;
    /** Takes what the browser refuses. */
    this.page = store instanceof PageStore ? store : new PageStore();
    this.isKept = store !== this.page;
    /** In their order. @type {Entry[]} */
    this.all = [];
    /** Which of them this page added. @type {Set<number>} */
    this.own = new Set();
    this.channel = new BroadcastChannel(`outbox-${person}`);
    this.channel.onmessage = ({ data }) => {
      this.apply(data);
      heard(data);
    };
  }

  /** Those that are on their way. */
  get going() {
    return goingOf(this.all);
  }

  /** Takes them as the database has them: another tab may have ended before it told. */
  async read() {
    try {
      const kept = await this.store.all();
      this.all = [...kept, ...this.all.filter(PageStore.has)];
    } catch (error) {
      // What is known of it goes on, also what the database has and does not give.
      this.giveUp(error);
    }
  }

  /** @param {NewEntry} fresh @returns {Promise<Entry>} once it is kept */
  async add(fresh) {
    const entry = await this.keep(fresh);
    this.own.add(entry.id);
    this.tell({ kind: "added", entry });
    return entry;
  }

  /** @param {Entry} entry */
  async change(entry) {
    await this.inStore(entry, (store) => store.put(entry));
    this.tell({ kind: "changed", entry });
  }

  /** @param {Entry} entry that the server has @param {any} answer @returns {Promise<boolean>} whether this page added it */
  async stored(entry, answer) {
    await this.inStore(entry, (store) => store.remove(entry.id));
    this.tell({ kind: "stored", entry, answer });
    return this.own.delete(entry.id);
  }

  /** @param {Entry} first @param {any} theirs @returns {Promise<Entry[]>} what was given up: it and what followed from it */
  async drop(first, theirs) {
    const entries = chainOf(this.all, first);
    for (const entry of entries) await this.inStore(entry, (store) => store.remove(entry.id));
    this.tell({ kind: "dropped", entries, theirs });
    return entries;
  }

  /** Once one went into the page, all later ones do: they stand behind it in the order. @param {NewEntry} fresh @returns {Promise<Entry>} */
  async keep(fresh) {
    if (!this.isKept) return this.page.add(fresh);
    try {
      return await this.store.add(fresh);
    } catch (error) {
      this.giveUp(error);
      return this.page.add(fresh);
    }
  }

  /** Where its change does not reach the database, the entry comes back at the next opening, and is known by its client_uuid. @param {Entry} entry
   * @param {(store: Store) => Promise<unknown>} work */
  async inStore(entry, work) {
    if (PageStore.has(entry)) return;
    try {
      await work(this.store);
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** The browser refuses (no room, switched off, cleared): what comes goes on in the page alone, and `isKept` says so. @param {unknown} error */
  giveUp(error) {
    if (!(error instanceof DOMException)) throw error;
    this.isKept = false;
  }

  /** @param {News} news */
  tell(news) {
    this.apply(news);
    // Another tab cannot read what stands in this page alone, and must not take it for its own.
    const entry = news.kind === "dropped" ? news.entries[0] : news.entry;
    if (!PageStore.has(entry)) this.channel.postMessage(news);
  }

  /** @param {News} news */
  apply(news) {
    const gone = news.kind === "dropped" ? news.entries : [news.entry];
    const rest = this.all.filter((entry) => !gone.some(({ id }) => id === entry.id));
    const came = news.kind === "added" || news.kind === "changed" ? [news.entry] : [];
    this.all = [...rest, ...came].sort((one, other) => one.id - other.id);
  }
}
