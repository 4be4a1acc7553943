/**
 * The events of the page's run as far as a replay has read them: its decisions, its scores as they stood, and where each
 * decision stands in time. It says nothing and moves no cursor.
 * @module
 */

import { costAt } from "../../lib/event_columns.js";
import { bornBy, candidatesOf, Decisions, namedBy } from "../../lib/replay.js";
import { ScoresThen } from "../../lib/scores_then.js";
import { ApiError } from "../../net/api.js";

/** @typedef {import("./reader.js").RunPage} RunPage */
/** @typedef {import("../../lib/replay.js").Decision} Decision */
/** @typedef {{decision: Decision, candidates: number[], named: number[]}} Decided named: steps that its events name, in their order */

const NAMED_BY = { prune: "step-pruned", choose: "answer-chosen", visit: "step-revisited", repeat: "step-repeated", budget: "budget-spent" };

export class ReplayLog {
  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    this.decisions = new Decisions();
    this.scores = new ScoresThen();
    /** How the strategy makes one score of a branch. */
    this.aggregation = "last";
  }

  get events() {
    return this.page.events.now.get();
  }

  get isCurrent() {
    return this.events.count >= this.page.tree.header.seq;
  }

  /** The place behind the last decision: now. */
  get last() {
    return this.decisions.count + 1;
  }

  /** @param {number} at @returns {number} the event at which a place stands: 0 the beginning, then the decisions, then now */
  seqOf(at) {
    return at <= 0 ? 0 : (this.decisions.list[at - 1]?.last ?? this.page.tree.header.seq);
  }

  /** Fetches the events that are missing. Raises ApiError. */
  async load() {
    // While a run is played the tree may be known further than an answer that was under way.
    for (let before = -1; !this.isCurrent && before !== this.events.count; ) {
      before = this.events.count;
      await this.page.events.load();
    }
  }

  /** Reads what has come. */
  take() {
    const { tree } = this.page;
    this.decisions.take(this.events);
    this.scores.take(this.events, tree.count, tree.header.scorer);
  }

  /** Asks the event that began the run how its strategy makes one score of a branch's; without an answer it stays the last. */
  async learnAggregation() {
    const { kind, kinds, count } = this.events;
    const row = kind.subarray(0, count).indexOf(kinds.indexOf("run-started"));
    if (row < 0) return;
    try {
      const [started] = await this.page.events.range(row + 1, row + 1);
      const given = started?.parameters?.aggregation;
      this.aggregation = typeof given === "string" ? given : "last";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** @param {number} at place of a decision @returns {Decided} */
  decided(at) {
    const decision = this.decisions.list[at - 1];
    const named = decision.what === "budget" ? [] : namedBy(this.events, decision, NAMED_BY[decision.what]);
    return { decision, named, candidates: candidatesOf(this.page.tree, this.events, this.decisions, at) };
  }

  /** What had been spent at an event. @param {number | null} seq */
  costAt(seq) {
    return { ...costAt(this.events, seq), steps: bornBy(this.page.tree, seq) };
  }

  /**
   * The number by which a step was compared at an event: its own score, or its branch's.
   * @param {number} step
   * @param {number} seq
   * @returns {number} NaN where it had none
   */
  worth(step, seq) {
    if (this.aggregation === "last") return this.scores.of(step, seq);
    return this.scores.ofBranch(this.page.tree, step, seq, this.aggregation);
  }
}
