/**
 * The time cursor over the decisions of a search: played, stepped, dragged, or taken from the address, also while the search
 * still grows. The tree as it stood is painted elsewhere; here is only said at which event one is.
 * @module
 */

import { watchTheme } from "../../canvas/theme.js";
import { count } from "../../lib/format.js";
import { costWords, whatWords, whereWords } from "../../lib/replay_words.js";
import { ApiError } from "../../net/api.js";
import { ReplayBar } from "../../panels/replay.js";
import { keep } from "./address.js";
import { place, root } from "./places.js";
import { ReplayList } from "./replay_list.js";
import { ReplayLog } from "./replay_log.js";
import { Player } from "./replay_player.js";

/** @typedef {import("./reader.js").RunPage} RunPage */
/** @typedef {import("./replay_log.js").Decided} Decided */

/** The events of a larger tree are fetched when somebody comes near the bar. */
const EAGER_STEPS = 20_000;
/** Browsers let a page write its address only so often. */
const ADDRESS_MS = 500;
const FOLLOW_KEY = "replay-follows";
/** @type {readonly number[]} */
const NO_STEPS = [];

/** @param {RunPage} page @returns {import("./features.js").Keys} */
export function attach(page) {
  const replay = new Replay(page);
  replay.start();
  return { " ": () => void replay.toggle(), ",": () => void replay.back(), ".": () => void replay.on(), b: () => replay.toBirth() };
}

class Replay {
  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    this.log = new ReplayLog(page);
    this.why = "";
    /** The decision that was made last by the cursor. @type {Decided | null} */
    this.decided = null;
    this.decidedAt = -1;
    this.addressTimer = 0;
    this.bar = new ReplayBar(place, {
      back: () => void this.back(),
      play: () => void this.toggle(),
      on: () => void this.on(),
      now: () => this.go(null),
      again: () => void this.load(),
      go: (at) => this.toPlace(at),
      // What has failed is asked for again by its own button, not by a pointer on its way there.
      touched: () => void (this.bar.hasFailed || this.load()),
      speed: (speed) => (this.player.speed = speed),
      follow: (isFollowed) => this.follow(isFollowed),
      list: (isOpen) => this.list.open(isOpen),
    });
    this.player = new Player({
      seqOf: (at) => this.log.seqOf(at),
      last: () => this.log.last,
      moved: (seq) => page.cursor.set(seq),
      ended: () => this.go(null),
    });
    this.list = new ReplayList(page, this.log, (why) => {
      this.why = why;
      this.say();
    });
    this.bar.follow.checked = localStorage.getItem(FOLLOW_KEY) === "1";
  }

  start() {
    const { page } = this;
    const isAsked = page.cursor.get() !== null;
    page.cursor.watch(() => this.moved());
    page.treeNow.watch(() => this.grown());
    page.events.now.watch(() => this.taken());
    const mark = () => this.bar.mark(this.log.decisions.list);
    new ResizeObserver(mark).observe(this.bar.marks);
    watchTheme(mark);
    this.moved();
    const isSmall = page.tree.count <= EAGER_STEPS && !root.classList.contains("run-growing");
    if (isAsked || isSmall) setTimeout(() => void this.load());
  }

  /** Fetches what is missing of the events. @returns {Promise<boolean>} whether all are there; if not, the bar says why */
  async load() {
    if (this.log.isCurrent) return true;
    if (!this.page.events.isLoaded) this.bar.stand("loading");
    try {
      await this.log.load();
      this.bar.stand("ready");
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.stop();
      this.bar.fail(`The events of this search did not come. ${error.message}`);
      return false;
    }
  }

  /** Events have come, whoever asked for them. */
  taken() {
    this.bar.stand("ready");
    const isFirst = !this.log.decisions.read;
    this.log.take();
    if (isFirst) void this.list.awaiting(this.log.learnAggregation()).then(() => this.list.render());
    this.bar.mark(this.log.decisions.list);
    this.decidedAt = -1;
    this.moved();
    // Colours of that moment are made of the events.
    if (this.page.cursor.get() === null) return;
    this.page.canvas.redraw();
    this.page.branch.recolour();
  }

  /** The cursor stays where it is while the tree grows; only who looks back needs the events that came. */
  grown() {
    if (this.page.cursor.get() !== null) void this.load();
    this.say();
  }

  /** Plays on from the cursor, or from the beginning; or pauses. */
  async toggle() {
    if (this.player.isPlaying) {
      this.stop();
      this.writeAddress();
    } else if (await this.load()) {
      const seq = this.page.cursor.get() ?? 0;
      this.go(seq);
      this.player.start(seq, this.log.decisions.madeBy(seq));
      this.showPlaying();
    }
  }

  stop() {
    this.player.stop();
    this.showPlaying();
  }

  showPlaying() {
    this.bar.showPlaying(this.player.isPlaying);
    this.list.play(this.player.isPlaying);
  }

  async back() {
    if (!(await this.load())) return;
    const cursor = this.page.cursor.get();
    const made = this.log.decisions.madeBy(cursor);
    this.toPlace(cursor !== null && this.log.seqOf(made) === cursor ? made - 1 : made, true);
  }

  async on() {
    if (!(await this.load()) || this.page.cursor.get() === null) return;
    this.toPlace(this.log.decisions.madeBy(this.page.cursor.get()) + 1, true);
  }

  toBirth() {
    const { page } = this;
    const step = page.selected.get();
    if (!step) return;
    void this.load();
    this.go(page.tree.born[step], true);
  }

  /** @param {number} at @param {boolean} [isSpoken] whether the live region says it */
  toPlace(at, isSpoken = false) {
    this.go(at >= this.log.last ? null : this.log.seqOf(at), isSpoken);
  }

  /** By hand: what plays, pauses. @param {number | null} seq @param {boolean} [isSpoken] */
  go(seq, isSpoken = false) {
    this.stop();
    this.page.cursor.set(seq);
    if (isSpoken) place("announce").textContent = this.bar.slider.getAttribute("aria-valuetext");
    this.writeAddress();
  }

  /** The cursor has moved, whoever moved it. */
  moved() {
    const { page, log } = this;
    const cursor = page.cursor.get();
    // Who looks back is not taken on by what grows.
    if (cursor !== null) page.following.set(false);
    const made = cursor === null ? 0 : log.decisions.madeBy(cursor);
    if (made !== this.decidedAt) this.showDecision(made);
    page.candidates.set(this.decided?.decision.last === cursor && this.decided ? this.decided.candidates : NO_STEPS);
    this.list.standAt(cursor !== null);
    this.say();
    this.addressTimer ||= setTimeout(() => this.writeAddress(), ADDRESS_MS);
  }

  /** @param {number} at 0 for none */
  showDecision(at) {
    this.decidedAt = at;
    this.why = "";
    this.decided = at ? this.log.decided(at) : null;
    const title = `Decision ${count(at)} of ${count(this.log.decisions.count)}: ${wordsOf(this.decided)}`;
    this.list.show(this.decided, title);
    if (this.decided && this.bar.follow.checked) this.selectDecided(this.decided);
  }

  /** What was chosen, visited or kept best: in view, selected. @param {Decided} decided */
  selectDecided({ decision, candidates, named }) {
    const given = new Set(named);
    const kept = candidates.filter((step) => !given.has(step));
    const step = decision.what === "prune" ? this.list.sorted(kept.length ? kept : candidates, decision)[0] : named[0];
    if (step) this.page.choose(step);
  }

  say() {
    const { page, log, decided } = this;
    const cursor = page.cursor.get();
    const made = log.decisions.madeBy(cursor);
    const isAt = cursor !== null && decided?.decision.last === cursor;
    const where = { cursor, place: made, total: log.decisions.count, isAt };
    const { steps, ...cost } = log.costAt(cursor);
    this.bar.show({
      place: cursor === null ? log.last : made,
      last: log.last,
      isNow: cursor === null,
      where: page.events.isLoaded ? whereWords(where) : waitingWords(cursor),
      what: isAt ? wordsOf(decided) : "",
      why: isAt ? this.why : "",
      cost: page.events.isLoaded ? costWords(cost, steps) : "",
    });
  }

  /** @param {boolean} isFollowed */
  follow(isFollowed) {
    localStorage.setItem(FOLLOW_KEY, isFollowed ? "1" : "0");
    if (isFollowed && this.decided) this.selectDecided(this.decided);
  }

  writeAddress() {
    clearTimeout(this.addressTimer);
    this.addressTimer = 0;
    const cursor = this.page.cursor.get();
    keep("at", cursor === null ? null : String(cursor));
  }
}

/** @param {Decided | null} decided */
function wordsOf(decided) {
  return decided ? whatWords(decided.decision, decided.named.length, decided.candidates.length, decided.named[0] ?? 0) : "";
}

/** @param {number | null} cursor while the events are not there */
function waitingWords(cursor) {
  return cursor === null ? "Replay every decision of this search" : `Event ${count(cursor)}`;
}
