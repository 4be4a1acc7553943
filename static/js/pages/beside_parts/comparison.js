/**
 * Puts two sides beside each other: loads what both branches say, aligns it, shows it, and again whenever a side has changed.
 * It keeps no tree.
 * @module
 */

import { pairsOf, scorerOf } from "../../lib/pairs.js";
import { plural } from "../../lib/format.js";
import { withParameter } from "../../lib/url_state.js";
import { PairRows } from "../../panels/pair_rows.js";
import { ScoreChart } from "../../panels/score_chart.js";
import { place } from "./places.js";
import { Side } from "./side.js";

/** @typedef {import("../../lib/pairs.js").Pair} Pair */
/** @typedef {import("../../net/steps.js").FullStep} FullStep */

export class Comparison {
  /** @param {(error: unknown) => void} failed called with what the server or the network said */
  constructor(failed) {
    this.failed = failed;
    this.left = new Side(place("left"), () => this.chosen());
    this.right = new Side(place("right"), () => this.chosen());
    this.rows = new PairRows(place("rows"));
    this.chart = new ScoreChart(place("plot"), (row) => this.rows.mark(row));
    this.isBusy = false;
    this.isDue = false;
  }

  async open() {
    await Promise.all([this.left.open(), this.right.open()]);
    const { left, right } = this;
    // Of one run, two different branches are worth a look.
    if (left.run === right.run && !right.wanted && right.leaf === left.leaf) right.chooseBeside(left.leaf);
    place("loading").hidden = true;
    this.refresh();
  }

  /** A side shows another branch, or more of it. */
  chosen() {
    this.keep();
    this.refresh();
  }

  /** One round at a time; what changes meanwhile is shown by one more behind it. */
  refresh() {
    this.isDue = true;
    if (!this.isBusy) void this.work();
  }

  async work() {
    this.isBusy = true;
    try {
      while (this.isDue) {
        this.isDue = false;
        await Promise.all([this.left.load(), this.right.load()]);
        this.show();
      }
      place("failure").hidden = true;
    } catch (error) {
      this.failed(error);
    } finally {
      this.isBusy = false;
    }
  }

  show() {
    const { left, right } = this;
    const pairs = pairsOf(stepsOf(left), stepsOf(right));
    const scorer = scorerOf(pairs);
    this.rows.show(pairs, { left: left.labels, right: right.labels, scorer });
    this.chart.show(pairs, scorer);
    place("summary").textContent = summary(pairs);
    /** @type {HTMLButtonElement} */ (place("first")).disabled = !pairs.some(({ isFirst }) => isFirst);
  }

  /** @param {boolean} hidden */
  hideScores(hidden) {
    this.left.hideScores(hidden);
    this.right.hideScores(hidden);
  }

  /** What is shown stands in the address, and goes along to another run. */
  keep() {
    let address = location.href;
    for (const [name, side] of /** @type {const} */ ([["left", this.left], ["right", this.right]])) {
      address = new URL(withParameter(address, name, side.named ? String(side.named) : null), address).href;
    }
    history.replaceState(null, "", address);
    for (const link of document.querySelectorAll("a[data-other]")) {
      if (link instanceof HTMLAnchorElement) link.href = withParameter(link.href, "left", this.left.named ? String(this.left.named) : null);
    }
  }

  /** @returns {string} the address of the same with the sides swapped */
  swapped() {
    const { left, right } = this;
    let address = new URL(`${right.host.dataset.runPage}beside/${left.run}/`, location.href).href;
    if (right.named || right.leaf) address = new URL(withParameter(address, "left", String(right.named || right.leaf)), address).href;
    return left.named || left.leaf ? withParameter(address, "right", String(left.named || left.leaf)) : address;
  }
}

/** @param {Side} side @returns {FullStep[]} as far as they are known */
function stepsOf({ branch, steps }) {
  return branch.flatMap((number) => steps.known.get(number) ?? []);
}

/** @param {readonly Pair[]} pairs */
function summary(pairs) {
  if (!pairs.length) return "Neither side has a step yet.";
  const first = pairs.findIndex(({ isFirst }) => isFirst);
  if (first < 0) return `Both branches are the same: ${plural(pairs.length, "step")}.`;
  const same = pairs.filter(({ kind }) => kind === "same").length;
  const start = first ? `The first ${first === 1 ? "row is" : `${first} rows are`} the same` : "They differ from the first step on";
  return `${start}; ${same} of ${plural(pairs.length, "row")} the same.`;
}
