/**
 * Keeps what a person says in this browser until the server has it, and sends it in the order it was said; drops nothing.
 *
 * Shared by all tabs of the person: one sends at a time, the others are told. What the server refuses for good is set aside and
 * holds back only what came later about the same thing. What was stored is known by its client_uuid, so sending twice does no harm.
 * @module
 */

import { atom } from "../lib/atom.js";
import { isSame, meaningOf, pauseAfter } from "../lib/outbox.js";
import { ApiError, postJson } from "./api.js";
import { Entries } from "./outbox_entries.js";
import { attachPage } from "./outbox_page.js";
import { openStore } from "./outbox_store.js";
import { whoIsHere } from "./session.js";

/** @typedef {import("../lib/outbox.js").Entry} Entry */
/** @typedef {import("../lib/outbox.js").Refusal} Refusal */
/**
 * @typedef {{line: import("../lib/outbox.js").Line, waiting: number, refused: number, isKept: boolean, message: string}} OutboxState
 *   waiting: on their way; refused: set aside, for the person to decide; isKept: false where this browser keeps nothing and the page
 *   must stay open; message: why nothing goes on, empty while it does
 * @typedef {{path: string, body: any, key: string, words?: string}} Given path: of the API; body: with a client_uuid; key: what it is about, in
 *   parts: "turn/12" waits for all that is said of "turn/12/step/5", which waits for neither "turn/12" nor "turn/12/step/6"; words: what a list calls it
 */

const ANSWER_MS = 20_000;
/** @type {Promise<Outbox> | null} */
let opened = null;

/**
 * The outbox of this page's reader, with what an earlier page left in it; the same one however often it is opened.
 * @param {{person: string}} reader
 * @returns {Promise<Outbox>}
 */
export function openOutbox({ person }) {
  opened ??= openStore(person).then(async (store) => {
    const outbox = new Outbox({ person, store });
    await outbox.start();
    return outbox;
  });
  return opened;
}

export class Outbox {
  /** @param {{person: string, store: import("./outbox_entries.js").Store, send?: typeof postJson, who?: () => Promise<string>}} parts */
  constructor({ person, store, send = postJson, who = whoIsHere }) {
    this.person = person;
    this.send = send;
    this.who = who;
    this.entries = new Entries(person, store, (news) => this.hear(news));
    /** What is wrong, until something is stored again. @type {"" | "again" | "offline" | "signed-out" | "somebody-else"} */
    this.trouble = "";
    this.message = "";
    this.failures = 0;
    this.timer = 0;
    /** What is being written. @type {Set<import("./outbox_store.js").NewEntry>} */
    this.adding = new Set();
    this.isPaused = false;
    this.isWorking = false;
    this.state = atom("outbox", this.asState());
    /** @type {((entry: Entry, answer: any, isOwn: boolean) => void)[]} */
    this.whenStored = [];
    /** @type {((entry: Entry, refusal: Refusal) => void)[]} */
    this.whenRefused = [];
    /** @type {((entry: Entry) => void)[]} */
    this.whenElsewhere = [];
    /** @type {((entries: Entry[], theirs: any) => void)[]} */
    this.whenDropped = [];
  }

  async start() {
    await this.entries.read();
    attachPage(this);
    this.tell();
    void this.work();
  }

  get isSignedOut() {
    return this.trouble === "signed-out" || this.trouble === "somebody-else";
  }

  /**
   * @param {Given} given
   * @returns {Promise<Entry>} once it is kept; it is sent after that, in its turn
   */
  async add({ path, body, key, words = "" }) {
    const fresh = { path, body, key, words, at: Date.now(), tries: 0, refused: null };
    this.adding.add(fresh);
    this.tell();
    try {
      return await this.entries.add(fresh);
    } finally {
      this.adding.delete(fresh);
      void this.work();
    }
  }

  /** @param {string} prefix of a path @returns {Entry[]} what the server does not have yet, in its order, what was set aside included */
  pending(prefix) {
    return this.entries.all.filter((entry) => entry.path.startsWith(prefix));
  }

  /** @param {string} key @returns {Given | undefined} the latest about the very same thing that the server does not have yet */
  latest(key) {
    return [...this.entries.all, ...this.adding].filter((entry) => entry.key === key).at(-1);
  }

  /** @param {Entry} entry @returns {boolean} whether this page added it, and not another tab or an earlier page */
  isOwn(entry) {
    return this.entries.own.has(entry.id);
  }

  /** @param {(entry: Entry, answer: any, isOwn: boolean) => void} act isOwn: whether this page added it, and not another tab or page */
  onStored(act) {
    this.whenStored.push(act);
  }

  /** @param {(entry: Entry, refusal: Refusal) => void} act called where the server refused for good; it is kept and set aside */
  onRefused(act) {
    this.whenRefused.push(act);
  }

  /** @param {(entry: Entry) => void} act called for what another tab of the same person has just added */
  onElsewhere(act) {
    this.whenElsewhere.push(act);
  }

  /** @param {(entries: Entry[], theirs: any) => void} act called where the person gave up what was set aside, for `theirs` if there is one */
  onDropped(act) {
    this.whenDropped.push(act);
  }

  /**
   * What the person decides about one set aside.
   * @param {number} id
   * @param {any} body to be sent instead, in the same place of the order; null gives it up, with all later about the very same thing
   */
  async resolve(id, body) {
    const entry = this.entries.all.find((one) => one.id === id);
    if (!entry?.refused) return;
    const theirs = entry.refused.theirs ?? null;
    if (body) await this.entries.change({ ...entry, body, refused: null, tries: 0 });
    else {
      const dropped = await this.entries.drop(entry, theirs);
      for (const act of this.whenDropped) act(dropped, theirs);
    }
    this.goOn();
  }

  /** Tries all again, what was set aside too, but for what the person has to choose in. */
  async retry() {
    for (const entry of this.entries.all) if (entry.refused && entry.refused.status !== 412) await this.entries.change({ ...entry, refused: null, tries: 0 });
    this.goOn();
  }

  /** Goes on at once, without waiting its time. */
  goOn() {
    clearTimeout(this.timer);
    this.failures = 0;
    this.isPaused = this.isSignedOut;
    void (this.isSignedOut ? this.ask() : this.work());
  }

  /** Asks who is signed in in this browser, and goes on where it is the person whose outbox this is. */
  async ask() {
    try {
      const person = await this.who();
      this.trouble = person === this.person ? "" : person ? "somebody-else" : "signed-out";
      this.isPaused = this.isSignedOut;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.pause(error);
    }
    this.tell();
    void this.work();
  }

  async work() {
    this.tell();
    if (this.isWorking || this.isPaused || !this.entries.going.length) return;
    this.isWorking = true;
    try {
      await this.alone(async () => {
        await this.entries.read();
        for (let next = this.entries.going[0]; next && !this.isPaused; next = this.entries.going[0]) await this.sendOne(next);
      });
    } finally {
      this.isWorking = false;
    }
    void this.work();
  }

  /** @param {() => Promise<void>} run while no other tab of the person sends; in a browser without locks uuids keep it from harm */
  async alone(run) {
    await (globalThis.navigator?.locks ? navigator.locks.request(`outbox-${this.person}`, run) : run());
  }

  /** @param {Entry} entry */
  async sendOne(entry) {
    try {
      const answer = await this.send(entry.path, entry.body, { signal: AbortSignal.timeout(ANSWER_MS) });
      this.failures = 0;
      this.trouble = "";
      this.message = "";
      const isOwn = await this.entries.stored(entry, answer);
      for (const act of this.whenStored) act(entry, answer, isOwn);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await this.failed(entry, error);
    }
    this.tell();
  }

  /** @param {Entry} entry @param {ApiError} error */
  async failed(entry, error) {
    const tries = entry.tries + 1;
    const meaning = meaningOf(error, tries);
    const { status, code, message, answer } = error;
    if (status === 412 && answer?.theirs && isSame(entry.body, answer.theirs)) {
      await this.entries.change({ ...entry, tries, body: { ...entry.body, replaces: answer.theirs.client_uuid } });
      return;
    }
    const refused = meaning === "set-aside" ? { status, code, message, theirs: answer?.theirs } : null;
    await this.entries.change({ ...entry, tries, refused });
    if (refused) for (const act of this.whenRefused) act(entry, refused);
    if (meaning === "ask-who") await this.ask();
    if (meaning === "again") this.pause(error);
    if (meaning === "signed-out") this.stop(meaning, message);
  }

  /** @param {ApiError} error that may pass */
  pause(error) {
    this.stop(error.status ? "again" : "offline", error.message);
    clearTimeout(this.timer);
    this.timer = Number(setTimeout(() => this.afterPause(), pauseAfter(error, this.failures++, Math.random())));
  }

  afterPause() {
    this.isPaused = false;
    void this.work();
  }

  /** @param {"again" | "offline" | "signed-out"} trouble @param {string} message */
  stop(trouble, message) {
    this.trouble = trouble;
    this.message = message;
    this.isPaused = true;
  }

  /**
   * The page closes. Behind it goes what is next, also where it is still being written, as all at once would arrive in any order; the
   * rest is kept for the next page. Where nothing is kept, all goes.
   */
  leave() {
    if (this.isSignedOut) return;
    const never = new AbortController().signal;
    const { going, isKept } = this.entries;
    for (const { path, body } of [...going, ...this.adding].slice(0, isKept ? 1 : undefined)) {
      this.send(path, body, { keepalive: true, signal: never }).catch((error) => {
        if (!(error instanceof ApiError)) throw error;
      });
    }
  }

  /** @param {import("./outbox_entries.js").News} news of another tab */
  hear(news) {
    if (news.kind === "added") {
      for (const act of this.whenElsewhere) act(news.entry);
      // The tab that added it may close before it sends: this one waits behind it, and sends what is still there.
      void this.work();
    }
    if (news.kind === "changed" && news.entry.refused) for (const act of this.whenRefused) act(news.entry, news.entry.refused);
    if (news.kind === "stored") {
      const isOwn = this.entries.own.delete(news.entry.id);
      for (const act of this.whenStored) act(news.entry, news.answer, isOwn);
      this.trouble = "";
      this.message = "";
      this.afterPause();
    }
    if (news.kind === "dropped") for (const act of this.whenDropped) act(news.entries, news.theirs);
    this.tell();
  }

  tell() {
    this.state.set(this.asState());
  }

  /** @returns {OutboxState} */
  asState() {
    const { all, going, isKept } = this.entries;
    const waiting = going.length + this.adding.size;
    const line = this.trouble && (waiting || this.isSignedOut) ? this.trouble : waiting ? "saving" : "saved";
    return { line, waiting, refused: all.filter((entry) => entry.refused).length, isKept, message: line === this.trouble ? this.message : "" };
  }
}
