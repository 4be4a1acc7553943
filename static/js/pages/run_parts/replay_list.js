/**
 * What a decision was made among, with the numbers as they stood and the reasons: what is known at once, what has to be fetched
 * when it has come. It moves no cursor.
 * @module
 */

import { reasonWords } from "../../lib/replay_words.js";
import { ApiError } from "../../net/api.js";
import { CandidateTable } from "../../panels/candidates.js";
import { place } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */
/** @typedef {import("./replay_log.js").Decided} Decided */
/** @typedef {import("../../lib/replay.js").Decision} Decision */
/** @typedef {import("../../panels/candidates.js").Candidate} Candidate */
/** @typedef {import("../../net/events.js").FullEvent} FullEvent */

const MOST = 60;
/** While it plays nobody reads more than what is in view, or faster than this. */
const MOST_PLAYING = 12;
const REST_MS = 400;
const NARROW = "(max-width: 899px)";
const OPEN_KEY = "replay-candidates";

export class ReplayList {
  /**
   * @param {RunPage} page
   * @param {import("./replay_log.js").ReplayLog} log
   * @param {(why: string) => void} reasoned the reason of the decision shown has come
   */
  constructor(page, log, reasoned) {
    this.page = page;
    this.log = log;
    this.reasoned = reasoned;
    this.host = place("replay-candidates");
    this.opener = place("replay-list");
    this.table = new CandidateTable(this.host, page.choose);
    /** @type {Decided | null} */
    this.shown = null;
    this.title = "";
    /** In full, by the first event of a decision. @type {Map<number, FullEvent[]>} */
    this.told = new Map();
    this.isFilling = false;
    /** How many answers are under way that say more of what is shown. */
    this.awaited = 0;
    /** Whether decisions pass by. */
    this.isPlaying = false;
    this.resting = 0;
    /** Whether the reader wants to see candidates wherever there are any. */
    this.isOpen = (localStorage.getItem(OPEN_KEY) ?? (matchMedia(NARROW).matches ? "0" : "1")) === "1";
    page.selected.watch((step) => this.table.mark(step));
    page.scoresHidden.watch(() => this.render());
  }

  /** @param {Decided | null} shown @param {string} title */
  show(shown, title) {
    this.shown = shown;
    this.title = title;
    if (this.isPlaying) this.resting ||= setTimeout(() => this.draw(), REST_MS);
    else this.draw();
  }

  draw() {
    clearTimeout(this.resting);
    this.resting = 0;
    this.render();
    void this.fill();
  }

  /** @param {boolean} isPlaying */
  play(isPlaying) {
    const hasStopped = this.isPlaying && !isPlaying;
    this.isPlaying = isPlaying;
    if (hasStopped) this.draw();
  }

  /** @param {boolean} isOpen */
  open(isOpen) {
    localStorage.setItem(OPEN_KEY, isOpen ? "1" : "0");
    this.isOpen = isOpen;
    this.standAt(true);
    this.show(this.shown, this.title);
  }

  get most() {
    return this.isPlaying ? MOST_PLAYING : MOST;
  }

  /** @param {boolean} isPast whether the reader looks back: now has no candidates */
  standAt(isPast) {
    this.host.hidden = !(isPast && this.isOpen);
    this.opener.hidden = !isPast;
    this.opener.setAttribute("aria-expanded", String(this.isOpen));
  }

  /** Fetches what is missing of the decision shown last; those passed over meanwhile are not asked for. */
  async fill() {
    if (this.isFilling) return;
    this.isFilling = true;
    for (let filled = null; this.shown && filled !== this.shown && !this.resting; ) {
      filled = this.shown;
      await this.awaiting(this.fetch(filled));
      if (filled === this.shown) this.render();
    }
    this.isFilling = false;
  }

  /**
   * While something is still to come that changes the list, it says so: what stands there is not all, and may be put in another order.
   * @param {Promise<void>} coming
   */
  async awaiting(coming) {
    this.awaited++;
    this.host.setAttribute("aria-busy", "true");
    try {
      await coming;
    } finally {
      this.awaited--;
      if (!this.awaited) this.host.removeAttribute("aria-busy");
    }
  }

  /** What does not come leaves its place empty, and is asked for when the decision is shown again. @param {Decided} shown */
  async fetch({ decision, candidates }) {
    const { events, details, colours } = this.page;
    try {
      const asked = events.range(decision.first, decision.last);
      const wanted = this.isOpen ? this.sorted(candidates, decision).slice(0, this.most) : [];
      const visits = decision.what === "visit" ? colours.data.simulations.load() : null;
      const [told] = await Promise.all([asked, details.steps.loadSome(wanted), visits]);
      this.told.set(decision.first, told);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  render() {
    const { shown, page } = this;
    if (!shown) {
      this.table.clear("Before the first decision there is nothing to choose between.");
      return;
    }
    const { decision, candidates } = shown;
    const told = this.told.get(decision.first) ?? [];
    this.reasoned(reasonWords(told));
    if (!this.isOpen) return;
    const sorted = this.sorted(candidates, decision);
    const kept = new Set(sorted.slice(0, this.most));
    // What was chosen is listed however low its number is.
    if (decision.what === "choose") for (const step of shown.named) kept.add(step);
    const named = new Set(shown.named);
    const listed = sorted.flatMap((step, at) => (kept.has(step) ? { step, rank: at + 1, isNamed: named.has(step) } : []));
    const rows = listed.map((each) => this.candidate(each, decision, told));
    const isRanked = decision.what === "prune" && !page.scoresHidden.get() && rows.every(({ score }) => !Number.isNaN(score));
    this.table.show({
      title: this.title,
      candidates: rows,
      total: candidates.length,
      ranked: isRanked ? candidates.length : 0,
      branchWords: `${this.log.aggregation} of branch`,
      selected: page.selected.get(),
    });
  }

  /**
   * @param {{step: number, rank: number, isNamed: boolean}} listed
   * @param {Decision} decision
   * @param {FullEvent[]} told
   * @returns {Candidate}
   */
  candidate({ step, rank, isNamed }, decision, told) {
    const { page, log } = this;
    const full = page.details.steps.known.get(step);
    const figures = decision.what === "visit" ? page.colours.data.simulations.at(page.tree, decision.last) : null;
    const said = told.find((event) => event.number === step && event.why)?.why;
    const stored = decision.what === "prune" ? full?.pruned_why : full?.chosen_why;
    return {
      step,
      text: full?.text ?? null,
      answer: full?.answer?.text ?? "",
      score: log.scores.of(step, decision.last),
      branch: log.aggregation === "last" ? NaN : log.worth(step, decision.last),
      visits: figures ? figures.visits[step] : NaN,
      value: figures ? figures.values[step] : NaN,
      fate: fateOf(decision, isNamed),
      rank,
      why: isNamed && decision.what !== "visit" ? (said ?? stored ?? "") : "",
    };
  }

  /**
   * By number, the highest first; where numbers are hidden or there are none by birth, and a branch from its root.
   * @param {number[]} candidates
   * @param {Decision} decision
   */
  sorted(candidates, { what, last }) {
    if (what === "visit" || this.page.scoresHidden.get()) return candidates;
    const worth = new Map(candidates.map((step) => [step, orLowest(this.log.worth(step, last))]));
    const gone = (/** @type {number} */ step) => Number(what === "prune" && this.page.tree.pruned[step] > 0 && this.page.tree.pruned[step] <= last);
    // Among equals those that were kept come first, as they did for the strategy.
    return [...candidates].sort((a, b) => /** @type {number} */ (worth.get(b)) - /** @type {number} */ (worth.get(a)) || gone(a) - gone(b) || a - b);
  }
}

/** Infinite minus infinite is no number to sort by. @param {number} worth */
function orLowest(worth) {
  return Number.isNaN(worth) ? -Number.MAX_VALUE : worth;
}

/** @param {Decision} decision @param {boolean} isNamed @returns {Candidate["fate"]} */
function fateOf({ what }, isNamed) {
  if (what === "prune") return isNamed ? "pruned" : "kept";
  if (what === "choose") return isNamed ? "chosen" : "passed";
  return what === "visit" ? "visited" : "repeated";
}
