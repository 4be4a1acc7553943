/**
 * The selected step in branch and panel: what is known is shown at once, what is missing is fetched and then shown. It
 * selects nothing, and shows nothing of a step that is not selected any more.
 * @module
 */

import { branchOf, childrenOf } from "../../lib/tree.js";
import { ApiError } from "../../net/api.js";
import { Steps } from "../../net/steps.js";
import { sayStep } from "../../panels/announce.js";
import { given, place, showFailure } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */

const SIBLINGS_SHOWN = 40;
const CHILDREN_SHOWN = 12;

export class Details {
  /** @param {RunPage} page */
  constructor(page) {
    this.page = page;
    this.steps = new Steps(given.steps);
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
      showFailure(error, () => void this.show(step, isSpoken));
      return;
    }
    page.branch.show(branch, steps.known);
    page.branch.mark(step);
    page.branch.recolour();
    page.showLabels();
    if (isSpoken) place("announce").textContent = sayStep(page.tree, step, page.reading.wordsOf(step), page.scoresHidden.get());
    await this.showMore(step);
  }

  /** First what is known already, then what has to come: siblings, children and tokens. @param {number} step */
  async showMore(step) {
    const { page, steps } = this;
    const family = this.familyOf(step);
    this.render(step, family);
    try {
      if (await steps.loadSome([step, ...family.siblings, ...family.children])) this.render(step, family);
      const tokens = await steps.tokens(step);
      if (page.selected.get() === step) page.step.showTokens(tokens);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (page.selected.get() === step) page.step.showFailure(error.message, () => void this.showMore(step));
    }
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
    const [siblings, children] = [childrenOf(tree, tree.parent[step]), childrenOf(tree, step)];
    const ranked = this.best(siblings);
    return {
      siblings: ranked.slice(0, SIBLINGS_SHOWN),
      siblingCount: siblings.length,
      rank: Number.isNaN(tree.score[step]) ? 0 : ranked.indexOf(step) + 1,
      children: this.best(children).slice(0, CHILDREN_SHOWN),
      childCount: children.length,
    };
  }

  /** @param {number[]} steps */
  best(steps) {
    const { tree, scoresHidden } = this.page;
    const { score } = tree;
    const hidden = scoresHidden.get();
    const worth = (/** @type {number} */ step) => (Number.isNaN(score[step]) || hidden ? -Infinity : score[step]);
    const better = (/** @type {number} */ a, /** @type {number} */ b) => (worth(a) === worth(b) ? a - b : worth(b) - worth(a));
    return [...steps].sort(better);
  }

  /**
   * @param {number} step
   * @param {ReturnType<Details["familyOf"]>} family
   */
  render(step, family) {
    const { page, steps } = this;
    const full = steps.known.get(step);
    if (!full || page.selected.get() !== step) return;
    const known = (/** @type {number[]} */ numbers) => numbers.flatMap((number) => steps.known.get(number) ?? []);
    page.step.show({
      ...family,
      step: full,
      siblings: known(family.siblings),
      children: known(family.children),
      labels: page.labels,
      scoresHidden: page.scoresHidden.get(),
    });
  }

  /** Scores are shown or hidden, or colours are others now. */
  redraw() {
    const step = this.page.selected.get();
    if (step && this.steps.known.has(step)) void this.showMore(step);
  }
}
