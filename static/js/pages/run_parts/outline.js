/**
 * The outline in the place of the picture: the same steps, filtered, folded and as of the same event. What a step says comes
 * from what the page knows of it.
 * @module
 */

import { chosenAt } from "../../lib/as_it_stood.js";
import { outlineOf } from "../../lib/outline.js";
import { shownOf } from "../../lib/shown.js";
import { branchOf } from "../../lib/tree.js";
import { OutlinePanel } from "../../panels/outline.js";
import { keep, openedWith } from "./address.js";
import { place, root, showFailure } from "./places.js";

/** @typedef {import("./reader.js").RunPage} RunPage */

const VIEW = "outline";
/** Who scrolls fast passes many rows; texts are asked for where they rest. */
const REST_MS = 120;

/**
 * @param {RunPage} page
 * @returns {import("./features.js").Keys}
 */
export function attach(page) {
  const host = place("outline");
  const button = place("outline-toggle");
  const panel = new OutlinePanel(host, {
    choose: page.choose,
    toggle: (step) => toggle(page, step),
    say: (step) => say(page, step),
    miss: askFor(page, () => panel.draw()),
  });

  const show = () => {
    if (!host.hidden) panel.show(shownBy(page));
  };
  for (const fact of [page.treeNow, page.filter, page.collapsed, page.cursor, page.matches]) fact.watch(show);
  for (const fact of [page.overlay, page.scoresHidden]) fact.watch(() => panel.askForFrame());
  page.selected.watch((step) => {
    if (!host.hidden) panel.select(step);
  });

  /** @param {boolean} isOutlined */
  function turn(isOutlined) {
    host.hidden = !isOutlined;
    root.classList.toggle("run-outlined", isOutlined);
    button.setAttribute("aria-pressed", String(isOutlined));
    keep("view", isOutlined ? VIEW : null);
    if (!isOutlined) return;
    show();
    panel.select(page.selected.get());
  }
  const switchOver = () => {
    turn(Boolean(host.hidden));
    (host.hidden ? place("canvas") : host).focus();
  };
  button.addEventListener("click", switchOver);
  if (openedWith("view") === VIEW) turn(true);
  return { o: switchOver };
}

/** @param {RunPage} page */
function shownBy(page) {
  const { tree } = page;
  const [cursor, collapsed] = [page.cursor.get(), page.collapsed.get()];
  const { steps } = shownOf(tree, { filter: page.filter.get(), collapsed, besides: page.selected.get(), seq: cursor ?? Infinity });
  if (cursor !== null) for (let step = 1; step <= tree.count; step++) if (tree.born[step] > cursor) steps[step] = 0;
  return {
    tree,
    outline: outlineOf(tree, { has: steps, collapsed }),
    collapsed,
    chosen: new Set(branchOf(tree, chosenAt(tree, cursor))),
    matches: new Set(page.matches.get()),
    isPruned: (/** @type {number} */ step) => tree.pruned[step] > 0 && (cursor === null || tree.pruned[step] <= cursor),
  };
}

/** @param {RunPage} page @param {number} step */
function toggle(page, step) {
  const folded = new Set(page.collapsed.get());
  if (!folded.delete(step)) folded.add(step);
  page.collapsed.set(folded);
}

/**
 * @param {RunPage} page
 * @param {number} step
 * @returns {import("../../panels/outline.js").Said}
 */
function say(page, step) {
  const { value, isScore } = page.colours.valueOf(step);
  return { text: page.details.steps.known.get(step)?.text ?? null, value, isScore, verdict: page.labels.shown(step) };
}

/**
 * @param {RunPage} page
 * @param {() => void} come
 * @returns {(steps: number[]) => void} asks for texts once the rows have rested
 */
function askFor(page, come) {
  let waiting = 0;
  return (steps) => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      try {
        if (await page.details.steps.loadSome(steps)) come();
      } catch (error) {
        showFailure(error, come);
      }
    }, REST_MS);
  };
}
