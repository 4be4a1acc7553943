/**
 * The selected step in branch and panel: what is known is shown at once, what is missing is fetched and then shown. It
 * selects nothing, and shows nothing of a step that is not selected any more.
 * @module
 */

import { spentBy } from "../../lib/as_it_stood.js";
import { branchOf, childrenOf } from "../../lib/tree.js";
import { ApiError } from "../../net/api.js";
import { Steps } from "../../net/steps.js";
import { sayStep } from "../../panels/announce.js";
import { given, place, showFailure } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */

const SIBLINGS_SHOWN = 40;
const CHILDREN_SHOWN = 12;
/** How long a step or a moment has to be looked at before what takes time is made. */
const REST_MS = 200;

export class Details {
  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    this.steps = new Steps(given.steps);
    this.resting = 0;
    this.frame = 0;
    // What did not come while there was no connection is asked for once there is one, whether or not somebody asks again.
    addEventListener("online", () => {
      if (!place("failure").hidden) place("failure-again").click();
    });
  }

  /** Follows the time cursor: at once with what is quickly said, with all of it once the cursor rests. */
  followCursor() {
    const { page } = this;
    page.cursor.watch(() => {
      this.frame ||= requestAnimationFrame(() => this.showMoment());
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.redraw(), REST_MS);
    });
  }

  showMoment() {
    this.frame = 0;
    const step = this.page.selected.get();
    const view = this.viewOf(step, this.familyOf(step));
    if (view) this.page.step.showMoment(view);
  }

  /**
   * @param {number} step
   * @param {boolean} isSpoken whether the live region says it
   */
  async show(step, isSpoken) {
    const { page, steps } = this;
    const branch = branchOf(page.tree, page.leaf);
    try {
      await steps.loadBranch(branch);
      if (page.selected.get() !== step) return;
      place("failure").hidden = true;
    } catch (error) {
      if (page.selected.get() !== step) return;
      const again = () => void this.show(step, isSpoken);
      showFailure(error, again);
      const missing = branch.findIndex((number) => !steps.known.has(number));
      this.showBranch(missing < 0 ? branch : branch.slice(0, missing), step);
      if (!steps.known.has(step)) page.step.showMissing(step, again);
      return;
    }
    this.showBranch(branch, step);
    if (isSpoken) place("announce").textContent = sayStep(page.tree, step, page.reading.wordsOf(step), page.scoresHidden.get());
    await this.showMore(step);
  }

  /** @param {number[]} branch as far as it is known @param {number} step */
  showBranch(branch, step) {
    const { page, steps } = this;
    page.branch.show(branch, steps.known);
    page.branch.mark(step);
    page.branch.recolour();
    page.showLabels();
  }

  /** First what is known already, then what has to come: siblings, children and tokens. @param {number} step */
  async showMore(step) {
    const { page, steps } = this;
    const family = this.familyOf(step);
    this.render(step, family);
    try {
      if (await steps.loadSome([step, ...family.siblings, ...family.children])) this.render(step, family);
      const tokens = await steps.tokens(step);
      if (page.selected.get() === step) page.step.showTokens(tokens, (letter) => page.reading.isHiddenAt(step, letter));
      await this.showSpent(step);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (page.selected.get() === step) page.step.showFailure(error.message, () => void this.showMore(step));
    }
  }

  /** What the run had spent, asked for where the log is not at hand and somebody stays at the step. @param {number} step */
  async showSpent(step) {
    const { page, steps } = this;
    if (this.spentBy(step)) return;
    await new Promise((rested) => setTimeout(rested, REST_MS));
    if (page.selected.get() !== step || this.spentBy(step)) return;
    await steps.spent(step);
    this.render(step, this.familyOf(step));
  }

  /** @param {number} step */
  spentBy(step) {
    return spentBy(this.page.events.now.get(), step, this.page.tree.born[step]) ?? this.steps.spentKnown.get(step) ?? null;
  }

  /** What a tree search counted, where it is known. @param {number} step @returns {import("../../panels/step.js").Counted | null} */
  countedOf(step) {
    const { colours, tree, cursor } = this.page;
    const { simulations } = colours.data;
    if (!simulations.isLoaded) return null;
    const { visits, values } = simulations.at(tree, cursor.get());
    return { visits: visits[step] || 0, ofParent: visits[tree.parent[step]] || 0, value: values[step] };
  }

  /**
   * The tree has grown: what is shown is asked for anew where it has changed, and only there.
   * @param {number[]} changed
   */
  grow(changed) {
    this.steps.outdate(changed);
    const { page } = this;
    const step = page.selected.get();
    const near = new Set([step, ...branchOf(page.tree, page.leaf), ...childrenOf(page.tree, step), ...childrenOf(page.tree, page.tree.parent[step])]);
    if (changed.some((number) => near.has(number))) void this.show(step, false);
  }

  /** As many as are shown of each: the best, or with scores hidden the first. @param {number} step */
  familyOf(step) {
    const { tree } = this.page;
    const score = this.scores();
    const [siblings, children] = [childrenOf(tree, tree.parent[step]), childrenOf(tree, step)];
    const ranked = this.best(siblings);
    return {
      siblings: ranked.slice(0, SIBLINGS_SHOWN),
      siblingCount: siblings.length,
      rank: Number.isNaN(score[step]) ? 0 : ranked.indexOf(step) + 1,
      children: this.best(children).slice(0, CHILDREN_SHOWN),
      childCount: children.length,
    };
  }

  /** The scores that steps are ranked by, as they stood. */
  scores() {
    const { tree, cursor, colours } = this.page;
    return colours.overlays.played(tree.header.scorer).values(tree, cursor.get());
  }

  /** @param {number[]} steps */
  best(steps) {
    const score = this.scores();
    const hidden = this.page.scoresHidden.get();
    const worth = (/** @type {number} */ step) => (Number.isNaN(score[step]) || hidden ? -Infinity : score[step]);
    const better = (/** @type {number} */ a, /** @type {number} */ b) => (worth(a) === worth(b) ? a - b : worth(b) - worth(a));
    return [...steps].sort(better);
  }

  /**
   * @param {number} step
   * @param {ReturnType<Details["familyOf"]>} family
   */
  render(step, family) {
    const view = this.viewOf(step, family);
    if (view && this.page.selected.get() === step) this.page.step.show(view);
  }

  /**
   * @param {number} step
   * @param {ReturnType<Details["familyOf"]>} family
   * @returns {import("../../panels/step.js").View | null} null where the step is not known yet
   */
  viewOf(step, family) {
    const { page, steps } = this;
    const full = steps.known.get(step);
    if (!full) return null;
    const known = (/** @type {number[]} */ numbers) => numbers.flatMap((number) => steps.known.get(number) ?? []);
    return {
      ...family,
      step: full,
      siblings: known(family.siblings),
      children: known(family.children),
      labels: page.labels,
      scoresHidden: page.scoresHidden.get(),
      cursor: page.cursor.get(),
      counted: this.countedOf(step),
      spent: this.spentBy(step),
      reading: page.reading,
    };
  }

  /** Scores are shown or hidden, or colours are others now. */
  redraw() {
    const step = this.page.selected.get();
    if (step && this.steps.known.has(step)) void this.showMore(step);
  }
}
