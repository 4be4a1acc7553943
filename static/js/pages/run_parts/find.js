/**
 * Search inside the tree: what is looked for goes to the server where only that can know, and into the address; what was
 * found goes into the page's matches, again when the tree has grown. It marks nothing itself.
 * @module
 */

import { askedOf, inBoth, isEmpty, NOTHING, readSearch, stepsWith, Walk, writtenSearch } from "../../lib/search.js";
import { ApiError, getJson } from "../../net/api.js";
import { FindPanel } from "../../panels/find.js";
import { keep, openedWith } from "./address.js";
import { focusTree } from "./focus.js";
import { given, place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */
/** @typedef {import("../../lib/search.js").Search} Search */
/** @typedef {{numbers: Uint32Array, searched: number}} Answer searched: up to which step, 0 for all */

/** How long the next key is waited for before the server is asked. */
const TYPING_MS = 60;
/** A tree that grows is searched again, but not with every step. */
const AGAIN_MS = 1000;

/** @param {RunPage} page @returns {import("./features.js").Keys} */
export function attach(page) {
  const find = new Find(page);
  find.start();
  return { n: () => find.walk(1), N: () => find.walk(-1) };
}

class Find {
  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    /** @type {Search} */
    this.search = readSearch(openedWith);
    /** The server's answer to the question beside it. @type {Answer | null} */
    this.answer = null;
    this.question = "";
    this.asking = new AbortController();
    this.typingTimer = 0;
    this.againTimer = 0;
    /** Made when somebody walks. @type {Walk | null} */
    this.walked = null;
    this.panel = new FindPanel(place, {
      changed: (search) => this.look(search),
      walk: (by) => this.walk(by),
      clear: () => this.clear(),
      again: () => void (this.question ? this.ask() : this.finish()),
    });
  }

  start() {
    const { page, panel } = this;
    // The fields are there before this module: who was quicker has filled some of them.
    const filled = Object.entries(panel.read()).filter(([name, value]) => value !== NOTHING[/** @type {keyof Search} */ (name)]);
    this.search = { ...this.search, ...Object.fromEntries(filled) };
    panel.write(this.search);
    this.nameRange();
    page.treeNow.watch(() => this.grown());
    page.selected.watch(() => this.selectionMoved());
    for (const fact of [page.overlay, page.scoresHidden]) fact.watch(() => this.nameRange());
    for (const fact of [page.overlay, page.scoresHidden, page.cursor]) fact.watch(() => this.hasRange && void this.finish());
    place("canvas").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && page.matches.get()) this.clear();
    });
    if (!isEmpty(this.search)) this.look(this.search);
  }

  get hasRange() {
    return this.search.low !== null || this.search.high !== null;
  }

  /** @param {Search} search */
  look(search) {
    this.search = search;
    for (const [name, value] of Object.entries(writtenSearch(search))) keep(name, value || null);
    this.panel.mark(search);
    clearTimeout(this.typingTimer);
    const asked = askedOf(search);
    const question = asked ? String(new URLSearchParams(asked)) : "";
    if (question === this.question && (this.answer || !asked)) {
      void this.finish();
      return;
    }
    this.asking.abort();
    this.question = question;
    this.answer = null;
    if (asked) this.typingTimer = setTimeout(() => void this.ask(), TYPING_MS);
    else void this.finish();
  }

  async ask() {
    const { question, panel } = this;
    if (!question) return;
    this.asking.abort();
    this.asking = new AbortController();
    panel.showBusy();
    try {
      const { numbers, searched, partial } = await getJson(`${given.find}?${question}`, this.asking.signal);
      this.answer = { numbers: Uint32Array.from(numbers), searched: partial ? searched : 0 };
      await this.finish();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "left") return;
      this.answer = null;
      this.fail(error);
    }
  }

  /** @param {ApiError} error */
  fail(error) {
    this.setMatches(null);
    this.panel.showFailure(error.message);
  }

  /** What the server found and what the page finds, together. */
  async finish() {
    const { page, search } = this;
    if (isEmpty(search)) {
      this.setMatches(null);
      this.panel.show(null);
      return;
    }
    if (this.question && !this.answer) return;
    const overlay = this.hasRange ? page.colours.shown() : null;
    try {
      await overlay?.load?.();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.fail(error);
      return;
    }
    if (search !== this.search) return;
    const { tree, labels } = page;
    const here = stepsWith(tree, search, {
      values: overlay ? overlay.values(tree, page.cursor.get()) : null,
      mine: (step) => labels.mine.get(step) ?? null,
      standing: (step) => labels.standing.get(step) ?? null,
    });
    this.setMatches(this.answer ? inBoth(here, this.answer.numbers) : here);
    this.say();
  }

  /** @param {Uint32Array | null} matches */
  setMatches(matches) {
    this.walked = null;
    this.page.matches.set(matches);
  }

  get matchesInOrder() {
    const matches = this.page.matches.get();
    if (matches) this.walked ??= new Walk(this.page.tree, matches);
    return this.walked;
  }

  say() {
    const matches = this.page.matches.get();
    if (!matches) return;
    const walk = matches.length ? this.matchesInOrder : null;
    const where = walk ? walk.placeOf(this.page.selected.get()) : 0;
    this.panel.show({ total: matches.length, place: where, searched: this.answer?.searched ?? 0 });
  }

  /** @param {number} by */
  walk(by) {
    const step = this.matchesInOrder?.from(this.page.selected.get(), by) ?? 0;
    if (step) this.page.choose(step);
  }

  /** Labels are given while one walks on, and nothing tells of them. */
  selectionMoved() {
    if (this.search.verdict) void this.finish();
    else this.say();
  }

  grown() {
    this.walked = null;
    if (isEmpty(this.search) || this.againTimer) return;
    this.againTimer = setTimeout(() => {
      this.againTimer = 0;
      void (this.question ? this.ask() : this.finish());
    }, AGAIN_MS);
  }

  clear() {
    const wasInside = this.panel.form.contains(document.activeElement);
    this.panel.write(NOTHING);
    this.look(NOTHING);
    if (wasInside) focusTree();
  }

  /** The range is of what the steps are coloured by. */
  nameRange() {
    const overlay = this.page.colours.shown();
    const isHidden = overlay !== this.page.overlay.get();
    const isNumber = overlay !== null && !overlay.kinds;
    const why = isHidden ? "Scores are hidden." : "The steps are not coloured by a number: choose one under colour.";
    this.panel.nameRange(isNumber ? overlay.name : "Value", isNumber ? "" : why);
  }
}
